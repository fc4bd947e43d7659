// Runs the runs of a plan on as many runners as there are. What comes of it does not depend on how many these are, nor
// on which is the fastest: each run has its place.
//
// In: a plan, runners, and the page as the last of them. Out: `SweepState`s as they come. Errors: a run that fails is
// one of the `failures`, and has no row.

import { problemOf } from "../problem.js";
import { REFUSED } from "./sweep-row.js";
import { RunnerMissing } from "./worker-runner.js";

/** @typedef {import("./sweep-plan.js").SweepPlan} SweepPlan */
/** @typedef {import("./sweep-plan.js").PlannedRun} PlannedRun */
/** @typedef {import("./worker-runner.js").Runner} Runner */

/** Milliseconds between two reports of how far runs are. */
const PAUSE = 100;
/** Seconds after which that says how long they take: workers have begun by then. */
const SETTLED = 1;

/**
 * @typedef {object} SweepState
 * @property {SweepPlan} plan
 * @property {(string[] | null)[]} cells Of each run, by its number; null: it has not come to its end.
 * @property {{ number: number, message: string }[]} failures
 * @property {number} ended How many runs have ended, the failed ones among them.
 * @property {number} share Of all that is to be run, from 0 to 1.
 * @property {number | null} left About how many seconds it takes to the end; null: not known yet.
 * @property {boolean} isInPage Whether the page itself runs them.
 * @property {"running" | "done" | "cancelled"} phase
 */

/**
 * @param {SweepPlan} plan
 * @param {object} world
 * @param {() => Promise<Runner[]>} world.workers
 * @param {() => Runner} world.page
 * @param {() => number} world.now Milliseconds.
 * @param {(state: SweepState) => void} tell
 * @returns {{ cancel: () => void, over: Promise<void> }}
 */
export function runSweep(plan, { workers, page, now }, tell) {
  const waiting = plan.runs.filter(({ refused }) => !refused);
  const count = waiting.length;
  const all = sum(waiting.map(({ work }) => work));
  /** @type {(string[] | null)[]} */
  const cells = plan.runs.map(({ refused }) => (refused ? REFUSED : null));
  /** @type {SweepState["failures"]} */
  const failures = [];
  /** @type {Map<number, number>} */
  const shares = new Map();
  const began = now();
  let last = began;
  let isCancelled = false;
  let isInPage = false;
  /** @type {Runner[]} */
  let runners = [];

  /** @param {SweepState["phase"]} phase */
  function told(phase) {
    last = now();
    const ended = count - waiting.length - shares.size;
    const still = [...waiting.map(({ work }) => work), ...[...shares].map(([n, one]) => plan.runs[n].work * (1 - one))];
    const share = 1 - sum(still) / all;
    const spent = (last - began) / 1000;
    const left = share > 0 && spent > SETTLED ? (spent / share) * (1 - share) : null;
    tell({ plan, cells: [...cells], failures: [...failures], ended, share, left, isInPage, phase });
  }

  /** Gives a runner one run after the other. @param {Runner} runner */
  async function feed(runner) {
    for (let run = waiting.shift(); run && !isCancelled; run = waiting.shift()) {
      const { number } = run;
      shares.set(number, 0);
      try {
        cells[number] = await runner.run(run, (share) => {
          shares.set(number, share);
          if (!isCancelled && now() - last >= PAUSE) told("running");
        });
      } catch (error) {
        if (error instanceof RunnerMissing) {
          waiting.unshift(run);
          return;
        }
        const { message } = problemOf(error);
        failures.push({ number, message });
        failures.sort((a, b) => a.number - b.number);
      } finally {
        shares.delete(number);
        if (!isCancelled) told("running");
      }
    }
  }

  async function runAll() {
    told("running");
    const found = await workers();
    if (isCancelled) return;
    runners = found;
    await Promise.all(runners.map(feed));
    if (isCancelled) return;
    if (waiting.length > 0) {
      isInPage = true;
      runners = [...runners, page()];
      await feed(runners[runners.length - 1]);
    }
    if (isCancelled) return;
    runners.forEach((runner) => runner.end());
    told("done");
  }

  return {
    cancel() {
      if (isCancelled) return;
      isCancelled = true;
      runners.forEach((runner) => runner.end());
      told("cancelled");
    },
    over: runAll(),
  };
}

/** @param {number[]} numbers */
const sum = (numbers) => numbers.reduce((sum, one) => sum + one, 0);

import assert from "node:assert/strict";
import { test } from "node:test";

import { runSweep } from "./run-sweep.js";
import { sweepCsv } from "./sweep-row.js";
import { RunnerMissing, workerRunner } from "./worker-runner.js";

/** @typedef {import("./run-sweep.js").SweepState} SweepState */
/** @typedef {import("./sweep-plan.js").PlannedRun} PlannedRun */
/** @typedef {import("./worker-runner.js").Runner} Runner */

const RUNS = 7;
const REFUSED_RUN = 4;
const PLAN = {
  id: "p1",
  seed: "1",
  axes: ["num_levels"],
  runs: Array.from({ length: RUNS }, (_, number) => ({
    ...{ number, values: [String(number)], preset: "rocksdb" },
    spec: /** @type {[string, string][]} */ ([]),
    options: /** @type {[string, string][]} */ ([["num_levels", String(number)]]),
    work: 1,
    refused: number === REFUSED_RUN ? { field: "num_levels", expected: "another" } : null,
  })),
};

/** Later turns of the loop for some runs than for others. @param {number} turns */
const after = async (turns) => {
  for (let i = 0; i < turns; i += 1) await null;
};

/**
 * A runner that takes as long as `turns` says.
 * @param {(number: number) => number} turns
 * @returns {Runner & { ran: number[] }}
 */
function runner(turns) {
  /** @type {number[]} */
  const ran = [];
  return {
    ran,
    async run({ number }, tell) {
      ran.push(number);
      await after(turns(number));
      tell(0.5);
      await after(turns(number));
      return ["done", `${number}0`];
    },
    end() {},
  };
}

/**
 * @param {Runner[]} workers
 * @param {Runner} [page]
 */
async function whole(workers, page = runner(() => 1)) {
  /** @type {SweepState[]} */
  const states = [];
  let clock = 0;
  const world = { workers: async () => workers, page: () => page, now: () => (clock += 200) };
  await runSweep(PLAN, world, (state) => states.push(state)).over;
  return { states, last: /** @type {SweepState} */ (states.at(-1)) };
}

test("the same rows in the same order, whatever the number of workers, and whichever is fastest", async () => {
  const delays = [(/** @type {number} */ n) => 20 - 3 * n, () => 1, (/** @type {number} */ n) => (n * 5) % 7];
  const csvs = await Promise.all(
    [1, 2, 3, 0].map(async (count) => {
      const workers = delays.slice(0, count).map(runner);
      const { last } = await whole(workers);
      assert.deepEqual([last.phase, last.ended, last.share, last.isInPage], ["done", RUNS - 1, 1, count === 0]);
      return sweepCsv(last.plan, last.cells);
    }),
  );
  assert.equal(new Set(csvs).size, 1);
  const numbers = csvs[0]
    .split("\n")
    .slice(1, -1)
    .map((row) => row.split(",").slice(1, 5).join());
  assert.deepEqual(numbers.slice(0, 5), ["0,1,0,done", "1,1,1,done", "2,1,2,done", "3,1,3,done", "4,1,4,refused"]);
});

test("runs come as they end, with how far the others are, and the time left", async () => {
  const { states } = await whole([runner(() => 3)]);
  const shares = states.map(({ share }) => share);
  assert.deepEqual(
    shares,
    shares.toSorted((a, b) => a - b),
  );
  const halves = new Set(shares.map((share) => Math.round(share * 2 * (RUNS - 1))));
  assert.deepEqual([...halves].slice(0, 5), [0, 1, 2, 3, 4], String(shares));
  const third = states.find(({ ended }) => ended === 3);
  assert.equal(third?.cells.filter(Boolean).length, 4, "three and the refused one");
  assert.ok((third?.left ?? 0) > 0);
});

test("a run that fails is told, and has no row; the others go on", async () => {
  const broken = runner(() => 1);
  const good = broken.run;
  broken.run = (run, tell) => (run.number === 2 ? Promise.reject(new Error("it broke")) : good(run, tell));
  const { last } = await whole([broken]);
  assert.deepEqual(last.failures, [{ number: 2, message: "it broke" }]);
  assert.deepEqual([last.cells[2], last.cells[3], last.phase], [null, ["done", "30"], "done"]);
});

test("where no worker can begin, the page runs all, each once", async () => {
  const missing = { run: () => Promise.reject(new RunnerMissing("none")), end() {} };
  const page = runner(() => 1);
  const { last } = await whole([missing, missing], page);
  assert.deepEqual(page.ran.toSorted(), [0, 1, 2, 3, 5, 6]);
  assert.deepEqual([last.isInPage, last.phase, last.ended], [true, "done", RUNS - 1]);
});

test("cancelled, it keeps what has ended, ends its runners, and says no more", async () => {
  /** @type {SweepState[]} */
  const states = [];
  let ends = 0;
  const worker = runner(() => 2);
  worker.end = () => void (ends += 1);
  const world = { workers: async () => [worker], page: () => worker, now: () => 0 };
  const sweep = runSweep(PLAN, world, (state) => {
    states.push(state);
    if (state.ended === 2 && state.phase === "running") sweep.cancel();
  });
  await sweep.over;
  const last = states.at(-1);
  assert.deepEqual([last?.phase, last?.ended, ends], ["cancelled", 2, 1]);
  assert.deepEqual(last?.cells.slice(0, 3), [["done", "00"], ["done", "10"], null]);
  assert.ok(worker.ran.length < RUNS - 1);
});

/** A worker of the browser that answers as it is told. */
class FakeWorker {
  /** @type {unknown[]} */
  posted = [];
  isEnded = false;
  /** @type {((event: any) => void) | null} */
  onmessage = null;
  /** @type {((event: any) => void) | null} */
  onerror = null;
  /** @param {unknown} what */
  postMessage(what) {
    this.posted.push(what);
  }
  terminate() {
    this.isEnded = true;
  }
  /** @param {import("./sweep-worker.js").WorkerReport} data */
  says(data) {
    this.onmessage?.({ data });
  }
}

test("a worker that breaks fails its run, and the next run has a new one", async () => {
  /** @type {FakeWorker[]} */
  const made = [];
  const one = workerRunner(() => made[made.push(new FakeWorker()) - 1]);
  const [first, second] = PLAN.runs;
  const failing = one.run(first, () => {});
  made[0].says({ kind: "ready" });
  made[0].says({ kind: "failed", message: "a panic", isBroken: true });
  await assert.rejects(failing, { message: "a panic" });
  assert.ok(made[0].isEnded);
  /** @type {number[]} */
  const shares = [];
  const going = one.run(second, (share) => shares.push(share));
  made[1].says({ kind: "ready" });
  made[1].says({ kind: "share", share: 0.25 });
  made[1].says({ kind: "done", cells: ["done"] });
  assert.deepEqual([await going, shares, made.length], [["done"], [0.25], 2]);
  assert.deepEqual(made[1].posted, [{ preset: "rocksdb", spec: [], options: [["num_levels", "1"]] }]);
});

test("a worker that cannot be had, or never begins, leaves its run to others", async () => {
  const refused = workerRunner(() => {
    throw new Error("SecurityError");
  });
  await assert.rejects(
    refused.run(PLAN.runs[0], () => {}),
    RunnerMissing,
  );
  const worker = new FakeWorker();
  const silent = workerRunner(() => worker);
  const run = silent.run(PLAN.runs[0], () => {});
  worker.onerror?.({ message: "blocked" });
  await assert.rejects(run, RunnerMissing);
});

// What runs the simulations of a sweep: workers, each with a wasm of its own; or the page, in slices, where there are
// none: in a file, a frame without an origin, the single file.
//
// In: a `PlannedRun`. Out: the cells of its row. Errors: `RunnerMissing` if a worker could not begin; else what the
// engine says.

import { ENGINE } from "../assets.js";
import { inSlices } from "../slices.js";
import { engine, guarded } from "../wasm.js";
import { ofEngine } from "../words.js";
import { cellsOf } from "./sweep-row.js";
import { SWEEP_WORKER } from "./worker-address.js";
import { RunnerMissing, workerRunner } from "./worker-runner.js";

/** @typedef {import("./sweep-plan.js").PlannedRun} PlannedRun */
/** @typedef {import("./worker-runner.js").Runner} Runner */

/** There are no more workers. */
const MAX_WORKERS = 4;
/** Simulated events before the clock is asked again: of the page, and of a run that is measured. */
const BATCH = 64;
const MEASURED_BATCH = 512;
/** Milliseconds of a run that is measured, and those before: the browser still translates the engine then. */
const SAMPLE = 200;
const WARMUP = 100;

/** How many workers there are to be: one processor is left for the page. */
export const workerCount = () => Math.max(1, Math.min(MAX_WORKERS, (navigator.hardwareConcurrency || 1) - 1));

/**
 * As many workers as there are processors for; none where there can be none.
 * @param {number} runs No more than these are needed.
 * @returns {Promise<Runner[]>}
 */
export async function workers(runs) {
  const address = SWEEP_WORKER;
  if (!address || !(ENGINE instanceof URL) || typeof Worker === "undefined") return [];
  const module = await compiled(ENGINE).catch(() => null);
  if (!module) return [];
  const make = () => {
    const worker = new Worker(address, { type: "module" });
    worker.postMessage({ module, sentences: ofEngine() });
    return worker;
  };
  return Array.from({ length: Math.min(runs, workerCount()) }, () => workerRunner(make));
}

/** The engine, compiled once for all workers. @param {URL} url */
async function compiled(url) {
  const response = await fetch(url);
  if (!response.ok) throw new RunnerMissing(url.pathname);
  // Not compiled while it comes: hosts may serve it as another type.
  return WebAssembly.compile(await response.arrayBuffer());
}

/** @returns {Runner} */
export function pageRunner() {
  let wanted = 0;
  return {
    async run(run, tell) {
      const mine = (wanted += 1);
      const simulation = simulationOf(run);
      try {
        const isWhole = await inSlices(
          () => simulation.advance(BATCH),
          () => tell(simulation.share()),
          () => mine === wanted,
        );
        if (!isWhole) throw new RunnerMissing("ended");
        return simulation.cells();
      } finally {
        simulation.free();
      }
    },
    end: () => void (wanted += 1),
  };
}

/** @param {PlannedRun} run */
function simulationOf({ preset, spec, options }) {
  const simulation = guarded(() => new (engine().Simulation)(preset, spec, options));
  let share = 0;
  return {
    advance: (/** @type {number} */ events) =>
      guarded(() => {
        const { at, end, done } = simulation.run(events);
        share = done ? 1 : at / end;
        return done;
      }),
    share: () => share,
    cells: () => guarded(() => cellsOf(simulation)),
    free: () => guarded(() => simulation.free()),
  };
}

/**
 * About how many seconds a run takes: its beginning is run, and measured.
 * @param {PlannedRun} run
 * @param {() => boolean} isWanted
 * @returns {Promise<number | null>} null if that cannot be said
 */
export async function measured(run, isWanted) {
  const simulation = simulationOf(run);
  let [spent, share] = [0, 0];
  let before = { spent, share };
  try {
    const isWhole = await inSlices(
      () => {
        const began = performance.now();
        const isDone = simulation.advance(MEASURED_BATCH);
        spent += performance.now() - began;
        share = simulation.share();
        if (spent < WARMUP && !isDone) before = { spent, share };
        return isDone || spent > WARMUP + SAMPLE;
      },
      () => {},
      isWanted,
    );
    return isWhole && share > before.share ? (spent - before.spent) / (share - before.share) / 1000 : null;
  } finally {
    simulation.free();
  }
}

// A worker that runs simulations of a sweep, in a wasm of its own.
//
// In: `WorkerStart`, then a `SweepTask` at a time. Out: `WorkerReport`s: that it is ready, how far a run is, the cells
// of its row. Errors: `failed`, with a message; after a panic the wasm may be inconsistent, and the worker is to be
// ended.
//
// It imports nothing that a page needs: a worker has no import map.

import init, { Simulation, on_panic, speak } from "../../lsmscope.js";
import { cellsOf } from "./sweep-row.js";

/** @typedef {{ module: WebAssembly.Module, sentences: string[] }} WorkerStart The engine, and what it says. */
/** @typedef {Pick<import("./sweep-plan.js").PlannedRun, "preset" | "spec" | "options">} SweepTask */
/**
 * @typedef {{ kind: "ready" }
 *   | { kind: "share", share: number }
 *   | { kind: "done", cells: string[] }
 *   | { kind: "failed", message: string, isBroken: boolean }} WorkerReport
 */

/** Simulated events of a slice, and milliseconds between two reports of a run. */
const SLICE = 20_000;
const PAUSE = 100;

const report = (/** @type {WorkerReport} */ what) => postMessage(what);
let panic = "";
/** @type {Promise<void> | undefined} */
let started;

addEventListener("message", async ({ data }) => {
  try {
    if ("module" in data) {
      await (started = start(data));
    } else {
      await started;
      report({ kind: "done", cells: run(data) });
    }
  } catch (error) {
    const isBroken = panic !== "" || error instanceof WebAssembly.RuntimeError;
    const { message } = /** @type {{ message?: string }} */ (error);
    report({ kind: "failed", message: panic || (message ?? String(error)), isBroken });
  }
});

/** @param {WorkerStart} how */
async function start({ module, sentences }) {
  await init({ module_or_path: module });
  on_panic((/** @type {string} */ message) => (panic = message));
  if (sentences.length > 0) speak(sentences);
  report({ kind: "ready" });
}

/** @param {SweepTask} task */
function run({ preset, spec, options }) {
  const simulation = new Simulation(preset, spec, options);
  try {
    let told = performance.now();
    for (;;) {
      const { at, end, done } = simulation.run(SLICE);
      if (done) return cellsOf(simulation);
      if (performance.now() - told < PAUSE) continue;
      told = performance.now();
      report({ kind: "share", share: at / end });
    }
  } finally {
    simulation.free();
  }
}

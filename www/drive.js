// Watches a workload that runs in the sandbox: shows its progress and the time left, lets the browser draw between two
// slices, and cancels it on request.
//
// In: progress, from the engine. Out: `drive` and `status` of the state; whether the workload goes on.

import { say } from "./words.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./sandbox.js").Progress} Progress */

/** Milliseconds of a slice: the browser draws after it. */
const SLICE = 10;
/** The pace is an exponentially decaying mean over this share of the run. */
const SHARE = 1 / 2;
/** The mean is over at least this many milliseconds: the pace varies with compactions. */
const PACE = 2000;
/** Milliseconds between two refreshes of the stage. */
const LOOK = 250;

/**
 * @param {import("./store.js").Store<State>} store
 * @param {object} world
 * @param {() => void} world.look Shows the database as it is now.
 * @param {() => number} world.now Milliseconds.
 * @param {(go: () => void) => void} world.later Goes on when the browser has drawn.
 */
export function createDrive(store, { look, now, later }) {
  let cancelled = false;
  let began = 0;
  let looked = 0;
  /** When the run began and was last asked, its progress then, and the decayed sums of progress and time. */
  let pace = { start: 0, at: 0, from: 0, done: 0, millis: 0 };

  /**
   * The engine asks every few hundred operations.
   * @param {Progress} progress
   * @returns {boolean | Promise<boolean>} whether it goes on
   */
  function watch(progress) {
    if (cancelled) return false;
    if (store.get().drive === null) {
      looked = began = now();
      pace = { start: began, at: began, from: progress.done, done: 0, millis: 0 };
    } else if (now() - began < SLICE) return true;
    // In steps, since a status is read aloud.
    const tenths = Math.floor(progress.done * 10) * 10;
    const { done, millis, operations } = progress;
    const status = { text: say("Running: {percent} % of the workload.", { percent: tenths }), bad: false };
    store.set({ drive: { done, millis, operations, left: left(done) }, status });
    if (now() - looked >= LOOK) {
      look();
      looked = now();
    }
    return new Promise((resolve) => {
      later(() => {
        began = now();
        resolve(!cancelled);
      });
    });
  }

  /**
   * About how many seconds are left; null while the run is too short to estimate that.
   * @param {number} done
   */
  function left(done) {
    const at = now();
    const fades = Math.exp((pace.at - at) / Math.max(PACE, (at - pace.start) * SHARE));
    pace.done = pace.done * fades + (done - pace.from);
    pace.millis = pace.millis * fades + (at - pace.at);
    pace.at = at;
    pace.from = done;
    return at - pace.start < LOOK || pace.done <= 0 ? null : ((1 - done) / pace.done) * (pace.millis / 1000);
  }

  /** Before a command: clears a cancellation of the one before. */
  function ready() {
    cancelled = false;
  }

  /** After a command: it shows no progress any more. */
  function over() {
    if (store.get().drive !== null) store.set({ drive: null });
  }

  function cancel() {
    cancelled = true;
    store.setIn("stage", { cancelled: true });
  }

  return { watch, ready, over, cancel };
}

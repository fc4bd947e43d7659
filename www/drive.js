// A workload that runs in the sandbox: how far it is, on the page as it goes, and an end to it when one has seen enough.

/** @typedef {import("./state.js").State} State */
/** @typedef {{ done: number, millis: number, operations: number }} Progress */

/** Milliseconds that a run may take before the browser gets to draw. */
const SLICE = 10;
/** The pace is a mean in which what was counts the less the longer ago it was: over the last half of the run, */
const SHARE = 1 / 2;
/** and at least over so many milliseconds. A run becomes slower as its tree grows, and goes by fits and starts. */
const PACE = 2000;
/** Milliseconds between two looks at what has become of the database. */
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
  /** When the run began, how far it was at the last question, and what was done in which time, weighed. */
  let pace = { start: 0, at: 0, from: 0, done: 0, millis: 0 };

  /**
   * Asked by the run, some hundred operations apart.
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
    const status = { text: `Running: ${tenths} % of the workload.`, bad: false };
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
   * About how many seconds are left; null where it has not run long enough to tell.
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

  /** A command begins: nobody has cancelled it. */
  function ready() {
    cancelled = false;
  }

  /** A command is over. */
  function over() {
    if (store.get().drive !== null) store.set({ drive: null });
  }

  function cancel() {
    cancelled = true;
  }

  return { watch, ready, over, cancel };
}

// A workload that runs in the sandbox: how far it is, on the page as it goes, and an end to it when one has seen enough.

/** @typedef {import("./state.js").State} State */
/** @typedef {{ done: number, millis: number, operations: number }} Progress */

/** Milliseconds that a run may take before the browser gets to draw. */
const SLICE = 10;
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

  /**
   * Asked by the run, some hundred operations apart.
   * @param {Progress} progress
   * @returns {boolean | Promise<boolean>} whether it goes on
   */
  function watch(progress) {
    if (cancelled) return false;
    if (store.get().drive === null) looked = began = now();
    else if (now() - began < SLICE) return true;
    store.set({ drive: { done: progress.done, millis: progress.millis, operations: progress.operations } });
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

/** A slice belongs to a frame; where the page is hidden there are none, and it goes on all the same. */
export const later = (/** @type {() => void} */ go) => (document.hidden ? setTimeout(go, 0) : requestAnimationFrame(go));

/**
 * The line that runs a workload: the preset, and what differs from it.
 * @param {string} preset
 * @param {Record<string, string>} changes
 */
export function driveLine(preset, changes) {
  return ["drive", `preset=${preset}`, ...Object.entries(changes).map(([name, value]) => `${name}=${value.trim()}`)].join(" ");
}

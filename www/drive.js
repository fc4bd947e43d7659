// A workload that runs in the sandbox: how far it is, on the page as it goes, and an end to it when one has seen enough.

/** @typedef {import("./state.js").State} State */
/** @typedef {{ done: number, millis: number, operations: number }} Progress */

/** Milliseconds that a run may take before the browser gets to draw. */
const SLICE = 10;
/** Milliseconds over which the pace is taken: it changes as the tree grows. */
const PACE = 3000;
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
  /** How far it was, and when: the last few seconds. @type {{ at: number, done: number }[]} */
  let past = [];

  /**
   * Asked by the run, some hundred operations apart.
   * @param {Progress} progress
   * @returns {boolean | Promise<boolean>} whether it goes on
   */
  function watch(progress) {
    if (cancelled) return false;
    if (store.get().drive === null) {
      looked = began = now();
      past = [];
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
   * About how many seconds are left, at the pace of the last few; null where these are too few.
   * @param {number} done
   */
  function left(done) {
    const at = now();
    past.push({ at, done });
    while (past.length > 2 && at - past[1].at > PACE) past.shift();
    const [first] = past;
    return at - first.at < LOOK || done <= first.done
      ? null
      : ((1 - done) / (done - first.done)) * ((at - first.at) / 1000);
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
export const later = (/** @type {() => void} */ go) =>
  globalThis.document?.hidden === false ? requestAnimationFrame(go) : setTimeout(go, 0);

/**
 * The line that runs a workload: the preset, and what differs from it.
 * @param {string} preset
 * @param {Record<string, string>} changes
 */
export function driveLine(preset, changes) {
  return [
    "drive",
    `preset=${preset}`,
    ...Object.entries(changes).map(([name, value]) => `${name}=${value.trim()}`),
  ].join(" ");
}

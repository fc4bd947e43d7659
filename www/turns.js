// Turns of the page's one thread: long work lets input and drawing in between, and what moves by itself waits until
// the page has come to rest.

/** How long the page has to be at rest, in milliseconds: a reader has the first lines, and sees then what moves. */
const REST = 2500;
/** The longest that is waited for that, in milliseconds after the page has loaded. */
const PATIENCE = 5000;

/** Lets everything else in that waits for the thread. @returns {Promise<void>} */
export function nextTurn() {
  // A timer would wait longer each time, and a second in a hidden tab.
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/**
 * Resolves when the page has loaded, and has then had no long task for a while.
 * @param {object} world
 * @param {Promise<unknown>} world.loaded
 * @param {(long: () => void) => () => void} world.watch Calls `long` after each long task; what comes back ends that.
 * @param {() => number} world.now Milliseconds.
 * @param {(act: () => void, wait: number) => void} world.later
 * @returns {Promise<void>}
 */
export async function comesToRest({ loaded, watch, now, later }) {
  let busy = now();
  const stop = watch(() => (busy = now()));
  await loaded;
  const end = now() + PATIENCE;
  busy = now();
  await new Promise((/** @type {(value?: undefined) => void} */ resolve) => {
    const look = () => {
      const at = Math.min(busy + REST, end);
      if (now() >= at) resolve();
      else later(look, at - now());
    };
    look();
  });
  stop();
}

/** @type {Promise<void> | null} */
let rest = null;

/** Resolves when this page has come to rest for the first time. */
export const atRest = () =>
  (rest ??= comesToRest({
    loaded: new Promise((resolve) => {
      if (document.readyState === "complete") resolve(null);
      else addEventListener("load", resolve, { once: true });
    }),
    watch: (long) => {
      // Only some browsers tell of long tasks; in the others, the time alone counts.
      if (!globalThis.PerformanceObserver?.supportedEntryTypes.includes("longtask")) return () => {};
      const observer = new PerformanceObserver(long);
      observer.observe({ type: "longtask" });
      return () => observer.disconnect();
    },
    now: () => performance.now(),
    later: (act, wait) => setTimeout(act, wait),
  }));

// The first steps of a first visit: which there are, and which are done. After the last one the hint goes for good.

/** @typedef {"forward" | "back" | "command"} Step */

/** @type {Step[]} */
const STEPS = ["forward", "back", "command"];

/**
 * Ticks off a step.
 * @param {Pick<import("./controller.js").Controller, "store" | "prefer">} controller
 * @param {Step} step
 */
export function tick({ store, prefer }, step) {
  const { hint, hintsDone } = store.get();
  if (!hint || hintsDone.includes(step)) return;
  const done = [...hintsDone, step];
  if (done.length === STEPS.length) prefer({ hint: false, hinted: true, hintsDone: done });
  else store.set({ hintsDone: done });
}

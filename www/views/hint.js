// The three-step hint of a first visit: each step is ticked off when it is done, and then the card goes for good.

import { Icon, html } from "./ui.js";

/** @typedef {"forward" | "back" | "command"} Step */

/** @type {[Step, import("./ui.js").Children][]} */
const STEPS = [
  [
    "forward",
    html`Step with <kbd>→</kbd> or the buttons below: a <code>put</code> becomes bytes in the WAL, then an entry in the memtable.`,
  ],
  ["back", html`Step back with <kbd>←</kbd>: the past is exact. <kbd>Space</kbd> plays on.`],
  ["command", html`Type <code>put me hello</code> into the console. Click anything on the stage to see its bytes.`],
];

/** @param {{ controller: import("../controller.js").Controller, done: string[] }} props */
export function Hint({ controller, done }) {
  return html`<aside class="hint" aria-label="First steps">
    <button class="plain" aria-label="Close the hint" onClick=${() => controller.prefer({ hint: false, hinted: true })}><${Icon} name="cross" /></button>
    <h2>First steps</h2>
    <ol>
      ${STEPS.map(
        ([step, text], i) =>
          html`<li key=${step} class=${done.includes(step) ? "done" : ""}>
            <span class="tick" data-step=${i + 1}>${done.includes(step) ? html`<${Icon} name="check" /><span class="sr">done: </span>` : null}</span><span>${text}</span>
          </li>`,
      )}
    </ol>
  </aside>`;
}

/**
 * Ticks off a step; after the last one the hint goes.
 * @param {import("../controller.js").Controller} controller
 * @param {Step} step
 */
export function tick(controller, step) {
  const { hint, hintsDone } = controller.store.get();
  if (!hint || hintsDone.includes(step)) return;
  const done = [...hintsDone, step];
  if (done.length === STEPS.length) controller.prefer({ hint: false, hinted: true, hintsDone: done });
  else controller.store.set({ hintsDone: done });
}

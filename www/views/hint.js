// The three-step hint of a first visit: each step is ticked off when it is done, and then the card goes for good.

import { Icon, html } from "./ui.js";

/** @type {[import("../first-steps.js").Step, import("./ui.js").Children][]} */
const STEPS = [
  [
    "forward",
    html`Step with <kbd>→</kbd> or the buttons below: a <code>put</code> becomes bytes in the WAL, then an entry in
      the
      memtable.`,
  ],
  ["back", html`Step back with <kbd>←</kbd>: the past is exact. <kbd>Space</kbd> plays on.`],
  ["command", html`Type <code>put me hello</code> into the console. Click anything on the stage to see its bytes.`],
];

/** @param {{ controller: import("../controller.js").Controller, done: string[] }} props */
export function Hint({ controller, done }) {
  return html`<aside class="hint" aria-label="First steps">
    <button class="plain" aria-label="Close the hint" onClick=${() => controller.prefer({ hint: false, hinted: true })}>
      <${Icon} name="cross" />
    </button>
    <h2>First steps</h2>
    <ol>
      ${STEPS.map(
        ([step, text], i) => html`<li key=${step} class=${done.includes(step) ? "done" : ""}>
          <span class="tick" data-step=${i + 1}>
            ${done.includes(step) ? html`<${Icon} name="check" /><span class="sr">done: </span>` : null}
          </span>
          <span>${text}</span>
        </li>`,
      )}
    </ol>
  </aside>`;
}

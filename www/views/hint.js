// The three-step hint of a first visit: each step is ticked off when it is done, and then the card goes for good.

import { say, sayParts } from "../words.js";
import { Icon, html } from "./ui.js";

/** @type {[import("../first-steps.js").Step, import("./ui.js").Children][]} */
const STEPS = [
  [
    "forward",
    sayParts("Step with {key} or the buttons below: a {put} becomes bytes in the WAL, then an entry in the memtable.", {
      key: html`<kbd>→</kbd>`,
      put: html`<code>put</code>`,
    }),
  ],
  [
    "back",
    sayParts("Step back with {key}: the past is exact. {space} plays on.", {
      key: html`<kbd>←</kbd>`,
      space: html`<kbd>${say("Space")}</kbd>`,
    }),
  ],
  [
    "command",
    sayParts("Type {command} into the console. Click anything on the stage to see its bytes.", {
      command: html`<code>put me hello</code>`,
    }),
  ],
];

/** @param {{ controller: import("../controller.js").Controller, done: string[] }} props */
export function Hint({ controller, done }) {
  return html`<aside class="hint" aria-label=${say("First steps")}>
    <button
      class="plain"
      aria-label=${say("Close the hint")}
      onClick=${() => controller.prefer({ hint: false, hinted: true })}
    >
      <${Icon} name="cross" />
    </button>
    <h2>${say("First steps")}</h2>
    <ol>
      ${STEPS.map(
        ([step, text], i) => html`<li key=${step} class=${done.includes(step) ? "done" : ""}>
          <span class="tick" data-step=${i + 1}>
            ${done.includes(step) ? html`<${Icon} name="check" /><span class="sr">${say("done:")} </span>` : null}
          </span>
          <span>${text}</span>
        </li>`,
      )}
    </ol>
  </aside>`;
}

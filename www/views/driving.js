// How far a workload or a script is that runs by itself, and the button that ends it.

import { number, roughly } from "../format.js";
import { html } from "./ui.js";

/** @typedef {import("../controller.js").Controller} Controller */
/** @typedef {import("../state.js").State} State */

/**
 * How far a workload is, wherever it was begun, and the button that ends it.
 * @param {{ controller: Controller, drive: NonNullable<State["drive"]> }} props
 */
export function Driving({ controller, drive }) {
  const percent = Math.floor(drive.done * 100);
  return html`<div class="driving" role="group" aria-label="Running workload">
    <progress aria-label="Progress of the workload" max="1" value=${drive.done}></progress>
    <span>
      ${percent} % · ${number(drive.operations)} ops
      ${drive.millis > 0 ? ` · ${(drive.millis / 1000).toFixed(1)} s` : ""}
      ${drive.left === null ? "" : ` · ${roughly(drive.left)} left`}
    </span>
    <button title="What was done stays" onClick=${controller.drive.cancel}>Cancel</button>
  </div>`;
}

/**
 * How far a script is that runs by itself, and the button that ends it.
 * @param {{ controller: Controller, progress: NonNullable<State["scriptRun"]> }} props
 */
export function Running({ controller, progress }) {
  return html`<div class="driving" role="group" aria-label="Running script">
    <progress aria-label="Progress of the script" max=${progress.of} value=${progress.done}></progress>
    <span>line ${number(progress.done)} of ${number(progress.of)}</span>
    <button title="What was done stays, and the rest is queued" onClick=${controller.scriptRunner.cancel}>
      Cancel
    </button>
  </div>`;
}

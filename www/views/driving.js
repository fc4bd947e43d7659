// How far a workload or a script is that runs by itself, and the button that ends it.

import { number, roughly } from "../format.js";
import { decimal, say } from "../words.js";
import { html } from "./ui.js";

/** @typedef {import("../controller.js").Controller} Controller */
/** @typedef {import("../state.js").State} State */

/**
 * How far a workload is, wherever it was begun, and the button that ends it.
 * @param {{ controller: Controller, drive: NonNullable<State["drive"]> }} props
 */
export function Driving({ controller, drive }) {
  const { done, operations, millis, left } = drive;
  const told = [
    say("{percent} % · {n} ops", { percent: Math.floor(done * 100), n: number(operations) }),
    millis > 0 ? `${decimal((millis / 1000).toFixed(1))} s` : "",
    left === null ? "" : say("{time} left", { time: roughly(left) }),
  ];
  return html`<div class="driving" role="group" aria-label=${say("Running workload")}>
    <progress aria-label=${say("Progress of the workload")} max="1" value=${done}></progress>
    <span>${told.filter((part) => part !== "").join(" · ")}</span>
    <button title=${say("What was done stays")} onClick=${controller.drive.cancel}>${say("Cancel")}</button>
  </div>`;
}

/**
 * How far a script is that runs by itself, and the button that ends it.
 * @param {{ controller: Controller, progress: NonNullable<State["scriptRun"]> }} props
 */
export function Running({ controller, progress }) {
  return html`<div class="driving" role="group" aria-label=${say("Running script")}>
    <progress aria-label=${say("Progress of the script")} max=${progress.of} value=${progress.done}></progress>
    <span>${say("line {n} of {of}", { n: number(progress.done), of: number(progress.of) })}</span>
    <button title=${say("What was done stays, and the rest is queued")} onClick=${controller.scriptRunner.cancel}>
      ${say("Cancel")}
    </button>
  </div>`;
}

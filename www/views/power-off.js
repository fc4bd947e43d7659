// That the power is cut, on the stage.

import { say, sayCount } from "../words.js";
import { Icon, html } from "./ui.js";

/** @typedef {import("../timeline.js").View} View */
/** @typedef {import("../controller.js").Controller} Controller */

/**
 * What stands on the stage while there is no power.
 * @param {{ controller: Controller, view: View, busy: boolean, atEnd: boolean }} props
 */
export function PowerOff({ controller, view, busy, atEnd }) {
  // The cut and the end of its command are the last two events for as long as it is not reopened.
  if (view.power) return null;
  const lost = view.acked_seq - view.durable_seq;
  return html`<aside class="power-off" role="note" aria-label=${say("Power")}>
    <${Icon} name="plug" />
    <p>
      <b>${say("The power is cut.")}</b> ${
        lost > 0
          ? sayCount(
              lost,
              "{n} acknowledged write had not been synced.",
              "{n} acknowledged writes had not been synced.",
            )
          : say("Every acknowledged write had been synced.")
      }
      <span class="wide-only"> ${say("What is drawn here is what the disk has.")}</span>
    </p>
    ${
      atEnd
        ? html`<button class="primary" disabled=${busy} onClick=${() => controller.run("reopen", { into: true })}>
            ${say("Reopen and step")}
          </button>`
        : null
    }
  </aside>`;
}

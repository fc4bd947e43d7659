// The stage of the panels: the figure, and below it what it has no room to say: the running job, jobs over virtual
// time, the block cache, snapshots.

import { say } from "../words.js";
import { EngineStatus } from "./engine-status.js";
import { FigureStage } from "./figure.js";
import { heldUp } from "./held-up.js";
import { Hint } from "./hint.js";
import { Job } from "./job.js";
import { JobLanes } from "./lanes/job-lanes.js";
import { PowerOff } from "./power-off.js";
import { letters } from "./story.js";
import { Icon, html, memo, useCallback } from "./ui.js";

/** @typedef {import("../timeline.js").Options} Options */
/** @typedef {import("../timeline.js").View} View */

/**
 * @typedef {object} StageProps
 * @property {import("../controller.js").Controller} controller
 * @property {View | null} view
 * @property {import("../timeline.js").Lanes | null} lanes
 * @property {Options | null} options
 * @property {boolean} hint
 * @property {string[]} done
 * @property {boolean} busy
 * @property {boolean} atEnd
 * @property {number} speed
 * @property {import("../state.js").State["zoom"]} zoom
 */

/** @param {StageProps} props */
function StageView({ controller, view, lanes, options, hint, done, busy, atEnd, speed, zoom }) {
  const seconds = useCallback((/** @type {number} */ at) => controller.seconds(at, letters), [controller]);
  if (!view) return html`<section class="stage"><p class="empty">${say("Loading the engine…")}</p></section>`;
  const held = view.operation && view.operation.ok == null ? heldUp(view) : "";
  return html`<section class=${view.power ? "stage" : "stage off"} aria-label=${say("Stage")}>
    <${PowerOff} controller=${controller} view=${view} busy=${busy} atEnd=${atEnd} />
    <${FigureStage}
      paint=${controller.figure}
      position=${view.position}
      shown=${view}
      label=${say("The engine after event {position}", { position: view.position })}
      seconds=${seconds}
      speed=${speed}
      zoom=${zoom}
      setZoom=${controller.zoom}
      pick=${controller.select}
    />
    ${held ? html`<p class="held error" role="status"><${Icon} name="alert" /> ${held}</p>` : null}
    <${Job} view=${view} options=${options} />
    <${JobLanes} engineLanes=${lanes} now=${view.now_nanos} />
    <${EngineStatus} view=${view} select=${controller.select} />
    ${hint ? html`<${Hint} controller=${controller} done=${done} />` : null}
  </section>`;
}

export const Stage = memo(StageView);

// The stage: the engine's state at the position, from top to bottom in the order of the write path: operation, WAL,
// memtable, immutable memtables, job, levels.

import { EngineStatus } from "./engine-status.js";
import { file } from "../format.js";
import { Immutables } from "./immutables.js";
import { Hint } from "./hint.js";
import { Job } from "./job.js";
import { JobLanes } from "./lanes/job-lanes.js";
import { Levels } from "./levels/levels.js";
import { Memtable } from "./memtable.js";
import { useMotion } from "./motion.js";
import { Operation } from "./operation.js";
import { PowerOff } from "./plug.js";
import { treeOf } from "../tree.js";
import { Wal } from "./wal.js";
import { html, memo, useCallback, useRef } from "./ui.js";

/** @typedef {import("../timeline.js").Options} Options */
/** @typedef {import("../timeline.js").View} View */

/**
 * @param {{ controller: import("../controller.js").Controller, view: View | null, lanes: import("../timeline.js").Lanes | null, options: Options | null, hint: boolean, done: string[], busy: boolean, atEnd: boolean }} props
 */
function StageView({ controller, view, lanes, options, hint, done, busy, atEnd }) {
  const stage = useRef(/** @type {HTMLElement | null} */ (null));
  useMotion(stage, view);
  const pick = useCallback(
    (/** @type {{ id: number }} */ table) => controller.select({ file: `${file(table.id)}.sst` }),
    [controller],
  );
  if (!view) return html`<section class="stage"><p class="empty">Loading the engine…</p></section>`;
  return html`<section class=${view.power ? "stage" : "stage off"} ref=${stage} aria-label="Stage">
    <${Operation} view=${view} />
    <${PowerOff} controller=${controller} view=${view} busy=${busy} atEnd=${atEnd} />
    <${Wal} view=${view} select=${controller.select} />
    <${Memtable} view=${view} options=${options} select=${controller.select} />
    <${Immutables} view=${view} options=${options} select=${controller.select} />
    <${Job} view=${view} options=${options} />
    <${JobLanes} engineLanes=${lanes} now=${view.now_nanos} />
    <${Levels} tree=${treeOf(view, controller.tables)} pick=${pick} />
    <${EngineStatus} view=${view} select=${controller.select} />
    ${hint ? html`<${Hint} controller=${controller} done=${done} />` : null}
  </section>`;
}

export const Stage = memo(StageView);

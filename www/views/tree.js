// The sandbox's tree at one moment, as the levels view takes it.

import { ratio } from "./format.js";
import { columnsOf, inputs } from "./levels/columns.js";

/** @typedef {import("../timeline.js").View} View */
/** @typedef {import("../timeline.js").Level} Level */
/** @typedef {import("./levels/levels.js").Tree} Tree */

/**
 * @param {View} view
 * @param {(level: number, places: number[]) => View["levels"][number]["tables"]} tablesOf
 * @returns {Tree}
 */
export function treeOf(view, tablesOf) {
  const outputs = view.jobs.filter((job) => !job.installed).flatMap((job) => job.outputs);
  return {
    levels: view.levels.map((level) => levelOf(/** @type {Level} */ (level), outputs, view.score_is_due)),
    axis: view.axis,
    read: view.read?.x != null && view.read.key != null ? { x: view.read.x, key: view.read.key } : null,
    tablesOf,
  };
}

/**
 * @param {Level} level
 * @param {View["jobs"][number]["outputs"]} outputs
 * @param {boolean} scoreIsDue
 * @returns {Tree["levels"][number]}
 */
function levelOf(level, outputs, scoreIsDue) {
  const columns = level.crowd ?? columnsOf(level.tables);
  const due = scoreIsDue && level.score != null && level.score.score >= 1;
  // Tables that are being compacted do not count for the score any more.
  const compacting = level.count > 0 && inputs(columns) === level.count;
  const score = level.score ? `score ${ratio(level.score.score)}${due ? " · due" : ""}` : "";
  return {
    level: level.level,
    count: level.count,
    bytes: level.bytes,
    tables: level.crowd ? null : level.tables,
    columns,
    note: level.count === 0 || !level.score ? "" : compacting ? "being compacted" : score,
    noteTitle: level.score?.formula.text ?? "",
    due,
    outputs: outputs.filter((output) => output.level === level.level),
    empty: level.purpose,
  };
}

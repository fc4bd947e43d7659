// One level's tables: boxes with labels, narrow boxes, or bins, whichever can be read; and the tables being written for it.

import { memo, html, useMemo, useRef } from "../ui.js";
import { Binned } from "./bins.js";
import { sameColumns } from "../../tree.js";
import { TableCanvas } from "./table-canvas.js";
import { STACK, layout, place } from "./layout.js";
import { Output, Table } from "./table.js";

/** @typedef {import("../../tree.js").Tree} Tree */
/** @typedef {import("../../tree.js").LevelData} LevelData */
/** @typedef {import("../../tree.js").TableData} TableData */
/** @typedef {import("./layout.js").Window} Window */

/** Rows of level 0 that get room for a label each. */
const ROWS = 5;
/** How high such a row is. */
const LABELLED = 22;
/** How high a level of bins is: a sorted run, and level 0. */
const RUN = 40;
const DEEP = 64;
/** And one that has nothing to show or to say. */
const VACANT = 18;

/**
 * @typedef {{ level: LevelData, tree: Tree, window: Window, width: number, high?: number, go: import("./layout.js").Go, pick: (table: TableData) => void }} Props
 */

/** @param {Props} props */
function LevelTablesView({ level, tree, window, width, high, go, pick }) {
  const stacked = level.level === 0;
  const columns = useSame(level.columns);
  const shown = useMemo(() => layout(columns, window, width, stacked, high), [columns, window, width, stacked, high]);
  const rows = stacked && shown.kind !== "bins" ? Math.max(1, shown.which.length) : 1;
  const row = high ? (high - 4) / rows : stacked ? rowHeight(rows) : 36;
  const below = level.outputs.length > 0 ? 24 : 0;
  const least =
    shown.kind === "bins" && stacked ? DEEP : isVacant(level) ? VACANT : level.count === 0 || stacked ? 32 : RUN;
  const height = high ?? Math.max(least, shown.kind === "bins" || isVacant(level) ? 0 : rows * row + 4) + below;
  const at = { columns, window, height: height - below };
  const tables =
    shown.kind === "boxes"
      ? level.tables
        ? shown.which.map((i) => level.tables?.[i])
        : tree.tablesOf(level.level, shown.which)
      : [];
  return html`<div class=${shown.kind === "bins" ? "bed binned" : "bed"} style=${`height:${height}px`} data-flip-source=${`level:${level.level}`}>
    ${shown.kind === "bins" ? html`<${Binned} ...${at} shown=${shown} level=${level} tree=${tree} go=${go} />` : null}
    ${shown.kind === "narrow" ? html`<${TableCanvas} ...${at} which=${shown.which} level=${level} tree=${tree} row=${row} stacked=${stacked} pick=${pick} />` : null}
    ${tables.map((table, i) => table && html`<${Table} key=${table.id} table=${table} level=${level.level} window=${window} top=${2 + (stacked ? i * row : 0)} height=${Math.max(1, row - (row > 4 ? 2 : 1))} pick=${pick} />`)}
    ${level.outputs.map((output) => html`<${Output} key=${output.table} output=${output} window=${window} top=${height - below} alone=${level.outputs.length === 1} />`)}
    ${level.count === 0 && level.outputs.length === 0 ? html`<span class="empty bed-empty">${level.empty}</span>` : null}
    ${tree.read ? html`<i class="key-line" style=${`left:${place(window, tree.read.x) * 100}%`}></i>` : null}
  </div>`;
}

/**
 * The same columns as before, where they say the same, so that nothing is laid out or painted again.
 * @param {LevelData["columns"]} columns
 */
function useSame(columns) {
  const last = useRef(columns);
  if (!sameColumns(last.current, columns)) last.current = columns;
  return last.current;
}

export const LevelTables = memo(LevelTablesView);

/**
 * Whether a level has nothing in it, and nothing to say of that: it takes no more room than its name.
 * @param {LevelData} level
 */
export function isVacant(level) {
  return level.count === 0 && level.outputs.length === 0 && level.empty === "";
}

/**
 * How high a row of level 0 is: as a label, as long as there is room; then as thin as a line; then thinner.
 * @param {number} rows
 */
export function rowHeight(rows) {
  return Math.max(Math.min(LABELLED, (LABELLED * ROWS) / rows), Math.min(3, STACK / rows));
}

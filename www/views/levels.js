// The levels: every table on one key axis, so that overlap is what one sees. A table's left edge and width are its key
// range. Level 0's tables lie in rows, the newest on top; from level 1 on a level is one sorted run.

import { bytes, clip, count, file, ratio } from "./format.js";
import { Crowd } from "./crowd.js";
import { Output, Table } from "./table.js";
import { html } from "./ui.js";

/** @typedef {import("../sandbox.js").View} View */
/** @typedef {View["levels"][number]} Level */
/** @typedef {import("../controller.js").Controller["select"]} Select */

/** A level with more tables than this is painted, not laid out. */
const MANY = 90;
/** Rows of level 0 that get room for a label each. */
const ROWS = 5;
/** A label further to the right than this would be cut off. */
const EDGE = 0.93;
/** How high such a row is. */
const LABELLED = 22;

/** @param {{ view: View, select: Select }} props */
export function Levels({ view, select }) {
  return html`<div class="levels scroll">
    ${view.levels.map((level) => html`<${LevelRow} key=${level.level} level=${level} view=${view} select=${select} />`)}
    <${Axis} view=${view} />
  </div>`;
}

/** @param {{ level: Level, view: View, select: Select }} props */
function LevelRow({ level, view, select }) {
  const outputs = view.job && !view.job.installed ? view.job.outputs.filter((output) => output.level === level.level) : [];
  const due = level.score && level.score.score >= 1;
  // Tables that are being compacted do not count for the score any more.
  const compacting = level.tables.length > 0 && level.tables.every((table) => table.state === "input");
  return html`<section class=${`row level hue-${Math.min(level.level, 4)}`} role="region" aria-label=${`Level ${level.level}`}>
    <div class="label">
      <strong>L${level.level}</strong>
      <small>${level.tables.length === 0 ? "empty" : `${count(level.tables.length, "table")} · ${bytes(level.bytes)}`}</small>
      ${level.score && level.tables.length > 0 ? html`<small class=${due ? "score due" : "score"} title=${level.score.formula}>${compacting ? "being compacted" : `score ${ratio(level.score.score)}${due ? " · due" : ""}`}</small>` : null}
    </div>
    <${Bed} level=${level} outputs=${outputs} view=${view} select=${select} />
  </section>`;
}

/** @param {{ level: Level, outputs: any[], view: View, select: Select }} props */
function Bed({ level, outputs, view, select }) {
  const stacked = level.level === 0;
  const tables = level.tables;
  const rows = stacked ? Math.max(1, tables.length) : 1;
  const row = stacked ? rowHeight(rows) : 36;
  const below = outputs.length > 0 ? 24 : 0;
  const height = Math.max(stacked || tables.length === 0 ? 32 : 40, rows * row + 4) + below;
  return html`<div class="bed" style=${`height:${height}px`} data-flip-source=${`level:${level.level}`}>
    ${
      tables.length > MANY
        ? html`<${Crowd} tables=${tables} level=${level.level} row=${row} stacked=${stacked} select=${select} />`
        : tables.map(
            (table, i) => html`<${Table}
              key=${table.id}
              table=${table}
              level=${level.level}
              top=${2 + (stacked ? i * row : 0)}
              height=${row - 2}
              select=${select}
            />`,
          )
    }
    ${outputs.map((output) => html`<${Output} key=${output.table} output=${output} top=${height - below} />`)}
    ${tables.length === 0 && outputs.length === 0 ? html`<span class="empty bed-empty">${emptyText(level.level)}</span>` : null}
    ${view.read?.x != null ? html`<i class="key-line" style=${`left:${view.read.x * 100}%`}></i>` : null}
  </div>`;
}

/**
 * How high a row of level 0 is: as a label, as long as there is room; then as thin as a line; then thinner.
 * @param {number} rows
 */
export function rowHeight(rows) {
  return Math.max(Math.min(LABELLED, (LABELLED * ROWS) / rows), Math.min(3, (LABELLED * ROWS * 3) / rows));
}

/** @param {number} level */
function emptyText(level) {
  if (level === 0) return "A flushed memtable becomes a table here.";
  if (level === 1) return "Level 0 is merged into here: one sorted run, no overlap.";
  return "";
}

/**
 * The labels that have room. One at the right edge stands to the left of its tick, where the one before it would be.
 * @param {View} view
 */
function ticksOf(view) {
  const edge = view.axis.at(-1);
  const crowded = (/** @type {number} */ x) => edge !== undefined && edge.x > EDGE && x > EDGE - 0.13 && x < edge.x;
  return view.axis.filter((tick) => tick.key !== view.read?.key && !crowded(tick.x));
}

/** @param {{ view: View }} props */
function Axis({ view }) {
  return html`<div class="row axis" aria-hidden="true">
    <div class="label">${view.axis.length > 0 ? "key →" : ""}</div>
    <div class="ticks">
      ${ticksOf(view).map((tick) => html`<span key=${tick.key} class=${tick.x > EDGE ? "last" : ""} style=${`left:${tick.x * 100}%`}>${clip(tick.key, 12)}</span>`)}
      ${view.read?.x != null && view.read.key != null ? html`<b style=${`left:${view.read.x * 100}%;transform:translateX(-${view.read.x * 100}%)`}>${clip(view.read.key, 16)}</b>` : null}
    </div>
  </div>`;
}

/**
 * A table in words, for those who do not see it.
 * @param {Level["tables"][number]} table
 */
export function tableText(table) {
  return `${file(table.id)}, ${table.smallest} to ${table.largest}, ${count(table.entries, "entry", "entries")}, ${bytes(table.bytes)}`;
}

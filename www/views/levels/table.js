// One table on the key axis, and one that is still being written.

import { bytes, count, file } from "../../format.js";
import { Icon, html, memo } from "../ui.js";
import { place } from "./layout.js";

/** @typedef {import("../../tree.js").TableData} TableData */
/** @typedef {import("./layout.js").Window} Window */
/** @typedef {{ table: TableData, level: number, window: Window, top: number, height: number, pick: (table: TableData) => void }} Props */

/** What the current read has learned of a table: a sign and a word. */
export const PROBES = {
  outside: ["skip", "out of range"],
  inside: ["inside", "in range"],
  filter_no: ["cross", "filter: no"],
  filter_maybe: ["question", "filter: maybe"],
  false_positive: ["alert", "false positive"],
  missed: ["cross", "not in it"],
  found: ["check", "found"],
};

/** @param {Props} props */
function TableBox({ table, level, window, top, height, pick }) {
  const state = { idle: "", input: " input", installed: " installed" }[table.state];
  const style = `${spot(window, table, 0.003)};top:${top}px;height:${height}px`;
  const text = `Table ${file(table.id)}: ${table.smallest} to ${table.largest}${entries(table, ", ")}${table.tombstones > 0 ? ` (${count(table.tombstones, "tombstone")})` : ""}, ${bytes(table.bytes)}${table.smallest_seq === undefined ? "" : `, sequence numbers ${table.smallest_seq} to ${table.largest_seq}`}${table.state === "input" ? "; input of the job at hand" : ""}`;
  return html`<button
    class=${`table${state}${height < 13 ? " thin" : ""}${table.probe ? ` probed ${table.probe}` : ""}`}
    style=${style}
    title=${text}
    aria-label=${table.probe ? `${text}; ${PROBES[table.probe][1]}` : text}
    data-flip=${`table:${table.id}`}
    data-level=${level}
    onClick=${() => pick(table)}
  >
    <span class="table-id">${file(table.id)}</span>
    ${height > 30 ? html`<small>${entries(table, "", " · ")}${bytes(table.bytes)}</small>` : html`<small class="inline">${entries(table) || bytes(table.bytes)}</small>`}
    ${table.probe ? html`<span class="badge"><${Icon} name=${PROBES[table.probe][0]} /><em>${PROBES[table.probe][1]}</em></span>` : null}
  </button>`;
}

/**
 * How many entries it has; empty for the tables of a history, of which that is unknown.
 * @param {{ entries: number }} table
 * @param {string} [before]
 * @param {string} [after]
 */
function entries({ entries }, before = "", after = "") {
  return entries > 0 ? `${before}${count(entries, "entry", "entries")}${after}` : "";
}

/**
 * Where something lies in the window: what sticks out of it is cut off, so that its label stays in view.
 * @param {Window} window
 * @param {{ x0: number, x1: number }} range
 * @param {number} least
 */
function spot(window, { x0, x1 }, least) {
  const left = Math.max(-0.002, place(window, x0));
  const right = Math.min(1.002, place(window, x1));
  return `left:${left * 100}%;width:${Math.max(least, right - left) * 100}%`;
}

/**
 * A table never changes but for its place, its part in the job, and what a read has learned of it.
 * @param {Props} a
 * @param {Props} b
 */
function unchanged(a, b) {
  const [s, t] = [a.table, b.table];
  return (
    s.id === t.id &&
    s.x0 === t.x0 &&
    s.x1 === t.x1 &&
    s.state === t.state &&
    s.probe === t.probe &&
    a.window === b.window &&
    a.top === b.top &&
    a.height === b.height &&
    a.level === b.level
  );
}

export const Table = memo(TableBox, unchanged);

/** @param {{ output: import("../../tree.js").OutputData, window: Window, top: number, alone: boolean }} props `alone`: its words may reach over its edge. */
export function Output({ output, window, top, alone }) {
  const blocks = Array.from({ length: Math.min(output.blocks, 24) }, (_, i) => html`<i key=${i}></i>`);
  // A timeline that records jobs only has no blocks of it.
  const size = [output.blocks > 0 ? count(output.blocks, "block") : "", count(output.entries, "entry", "entries")]
    .filter(Boolean)
    .join(" · ");
  const state = output.finished ? "durable, not in the tree yet" : "being written";
  const right = place(window, output.x0) + place(window, output.x1) > 1;
  return html`<div class=${`writing${output.finished ? " finished" : ""}${!alone ? " narrow" : right ? " right" : ""}`} style=${`${spot(window, output, 0.01)};top:${top}px`} data-flip=${`table:${output.table}`} title=${`${file(output.table)} · ${size} · ${state}`}>
    <span class="blocks">${blocks}</span>
    <span class="writing-text">${file(output.table)} · <span class="roomy">${size} · </span>${state}</span>
  </div>`;
}

// A level whose tables are narrower than a few pixels: bins along the key axis. A bar's height says how many bytes fall
// into the bin (in level 0, how many tables overlap there), its hatched part how much of that is being compacted. Pointed
// at, or walked to with the arrow keys, a bin says its numbers; clicked, it is zoomed into until its tables can be told apart.

import { bytes, count } from "../../format.js";
import { cssColor, hatching, prepare, usePaint } from "../canvas.js";
import { html, useState } from "../ui.js";
import { inputs } from "../../tree.js";
import { around, binWindow, heightsOf, tablesIn } from "./layout.js";

/** @typedef {import("../../tree.js").Columns} Columns */
/** @typedef {import("./layout.js").Window} Window */
/** @typedef {import("./layout.js").Bins} Bins */
/** @typedef {import("../../tree.js").Tree} Tree */
/** @typedef {import("../../tree.js").LevelData} LevelData */

/** How many tables one sees after a click on a bin, about. */
const WANTED = 40;

/**
 * @param {{ columns: Columns, window: Window, height: number, shown: { shown: number, bins: Bins }, level: LevelData, tree: Tree, go: import("./layout.js").Go }} props
 */
export function Binned({ columns, window, height, shown, level, tree, go }) {
  const stacked = level.level === 0;
  const { bins } = shown;
  const [at, setAt] = useState(/** @type {number | null} */ (null));
  const canvas = usePaint((element) => paint(element, bins, stacked), [bins, stacked]);
  const { most } = heightsOf(bins, stacked);
  const busy = inputs(columns);
  const enter = (/** @type {number} */ i) => {
    const stretch = binWindow(window, i, bins.count);
    setAt(null);
    go((now) => around(columns, now, (stretch.from + stretch.to) / 2, WANTED));
  };
  const point = (/** @type {MouseEvent} */ e) => setAt(binAt(e, bins.count));
  const press = (/** @type {KeyboardEvent} */ event) => {
    const next = walk(event, at, bins.count);
    if (next === undefined && !(event.key === "Enter" && at !== null)) return;
    event.preventDefault();
    // The page's own arrow keys step through time.
    event.stopPropagation();
    if (next !== undefined) setAt(next);
    else if (at !== null) enter(at);
  };
  const scale = stacked ? `${count(most, "table")} deep` : `${bytes(most)} a bar`;
  const label = `${count(shown.shown, "table")} of level ${level.level} in ${count(bins.count, "bin")}, at most ${scale}${busy > 0 ? `; ${count(busy, "table")} being compacted` : ""}. Arrow keys walk, Enter zooms in.`;
  return html`<div class="bins" style=${`height:${height}px`} tabindex="0" role="group" aria-label=${label} onMouseMove=${point} onMouseLeave=${() => setAt(null)} onBlur=${() => setAt(null)} onKeyDown=${press} onClick=${(/** @type {MouseEvent} */ e) => enter(binAt(e, bins.count))}>
    <canvas class="table-canvas" ref=${canvas} aria-hidden="true"></canvas>
    <span class="bins-scale" aria-hidden="true">▮ ${scale}</span>
    ${at === null ? null : html`<${Bin} at=${at} bins=${bins} columns=${columns} window=${window} level=${level} tree=${tree} />`}
    <span class="sr" aria-live="polite">${at === null ? "" : words(at, bins, columns, window, level, tree)}</span>
  </div>`;
}

/** @param {{ at: number, bins: Bins, columns: Columns, window: Window, level: LevelData, tree: Tree }} props */
function Bin({ at, bins, columns, window, level, tree }) {
  const left = (at / bins.count) * 100;
  return html`<i class="bin-at" style=${`left:${left}%;width:${100 / bins.count}%`}></i>
    <span class=${left > 50 ? "bin-note right" : "bin-note"} style=${left > 50 ? `right:${100 - left}%` : `left:${left + 100 / bins.count}%`} aria-hidden="true">${words(at, bins, columns, window, level, tree)}</span>`;
}

/**
 * A bin in words: its keys and its numbers.
 * @param {number} at
 * @param {Bins} bins
 * @param {Columns} columns
 * @param {Window} window
 * @param {LevelData} level
 * @param {Tree} tree
 */
function words(at, bins, columns, window, level, tree) {
  const found = tablesIn(columns, binWindow(window, at, bins.count));
  if (!found || bins.tables[at] === 0) return "no table here";
  const [first, last] = tree.tablesOf(level.level, [found.first, found.last]);
  const keys = first && last && level.level > 0 ? `${first.smallest} – ${last.largest}: ` : "";
  const busy = bins.busy[at] > 0 ? `, ${bytes(Math.round(bins.busy[at]))} being compacted` : "";
  const asked = bins.asked[at] ? ", asked by the read" : "";
  return `${keys}${count(bins.tables[at], "table")}, ${bytes(Math.round(bins.bytes[at]))}${busy}${asked}`;
}

/**
 * @param {MouseEvent} event
 * @param {number} bins
 */
function binAt(event, bins) {
  const { left, width } = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
  return Math.max(0, Math.min(bins - 1, Math.floor(((event.clientX - left) / width) * bins)));
}

/**
 * The bin that a key leads to; undefined for other keys, and for arrow keys where one has only clicked here: they step
 * through time then, as everywhere.
 * @param {KeyboardEvent} event
 * @param {number | null} at
 * @param {number} bins
 */
function walk(event, at, bins) {
  if (
    event.altKey ||
    event.ctrlKey ||
    event.metaKey ||
    !(/** @type {HTMLElement} */ (event.currentTarget).matches(":focus-visible"))
  )
    return undefined;
  const by = event.shiftKey ? 10 : 1;
  if (event.key === "ArrowRight") return Math.min(bins - 1, (at ?? -1) + by);
  if (event.key === "ArrowLeft") return Math.max(0, (at ?? bins) - by);
  return undefined;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Bins} bins
 * @param {boolean} stacked
 */
function paint(canvas, bins, stacked) {
  const { context: c, width, height } = prepare(canvas);
  if (!c) return;
  const colours = { edge: cssColor(canvas, "--c"), fill: cssColor(canvas, "--b"), now: cssColor(canvas, "--now") };
  const hatch = hatching(c, colours.now, 4);
  const { heights } = heightsOf(bins, stacked);
  const step = width / bins.count;
  for (let i = 0; i < bins.count; i += 1) {
    if (bins.tables[i] === 0) continue;
    // Even the smallest part of something is to be seen.
    const h = Math.max(2, heights[i] * (height - 4));
    const w = Math.max(1, step - 1);
    c.fillStyle = colours.fill;
    c.fillRect(i * step, height - h, w, h);
    c.fillStyle = bins.asked[i] ? colours.now : colours.edge;
    c.fillRect(i * step, height - h, w, 2);
    const busy = bins.bytes[i] > 0 ? bins.busy[i] / bins.bytes[i] : 0;
    if (busy === 0) continue;
    c.fillStyle = hatch;
    c.fillRect(i * step, height - Math.max(2, busy * h), w, Math.max(2, busy * h));
  }
}

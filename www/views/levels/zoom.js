// The key axis below the levels, and, where tables are many or one has zoomed in, where one is on it: buttons, a small map
// to drag (a slider as wide as what is in view), and the keys in words.

import { clip, number } from "../format.js";
import { Icon, html } from "../ui.js";
import { ALL, place, tablesIn, zoomed } from "./layout.js";

/** @typedef {import("./levels.js").Tree} Tree */
/** @typedef {import("./layout.js").Window} Window */

/** A label further to the right than this would be cut off. */
const EDGE = 0.93;
const TICKS = 6;

/** @param {{ tree: Tree, window: Window }} props */
export function KeyAxis({ tree, window }) {
  const ticks = ticksOf(tree, window);
  const read = tree.read && { key: tree.read.key, x: place(window, tree.read.x) };
  return html`<div class="row axis" aria-hidden="true">
    <div class="label">${tree.axis.length > 0 ? "key →" : ""}</div>
    <div class="ticks">
      ${ticks.map((tick) => html`<span key=${tick.key} class=${tick.x > EDGE ? "last" : ""} style=${`left:${tick.x * 100}%`}>${clip(tick.key, 12)}</span>`)}
      ${read && read.x >= 0 && read.x <= 1 ? html`<b style=${`left:${read.x * 100}%;transform:translateX(-${read.x * 100}%)`}>${clip(read.key, 16)}</b>` : null}
    </div>
  </div>`;
}

/**
 * The labels that have room. One at the right edge stands to the left of its tick, where the one before it would be.
 * @param {Tree} tree
 * @param {Window} window
 */
export function ticksOf(tree, window) {
  const ticks = (window === ALL ? tree.axis : tableTicks(tree, window)).map(({ x, key }) => ({ x: place(window, x), key }));
  const edge = ticks.at(-1);
  const crowded = (/** @type {number} */ x) => edge !== undefined && edge.x > EDGE && x > EDGE - 0.13 && x < edge.x;
  return ticks.filter((tick) => tick.key !== tree.read?.key && !crowded(tick.x));
}

/**
 * Zoomed in, the axis is labelled with first keys of tables: of the sorted run with the most tables there.
 * @param {Tree} tree
 * @param {Window} window
 */
function tableTicks(tree, window) {
  const found = tree.levels.map((level) => ({ level, in: tablesIn(level.columns, window) })).filter((row) => row.in);
  const size = (/** @type {typeof found[number]} */ row) => (row.level.level === 0 ? 0 : (row.in?.last ?? 0) - (row.in?.first ?? 0));
  const best = found.sort((a, b) => size(b) - size(a))[0];
  if (!best?.in) return [];
  const { first, last } = best.in;
  const step = Math.max(1, Math.ceil((last - first) / TICKS));
  const places = [];
  for (let i = first; i <= last; i += step) places.push(i);
  const tables = tree.tablesOf(best.level.level, places);
  return tables.filter((t) => t.x0 >= window.from).map((t) => ({ x: t.x0, key: t.smallest })).sort((a, b) => a.x - b.x);
}

/** @param {{ tree: Tree, window: Window, go: import("./levels.js").Go }} props */
export function ZoomBar({ tree, window, go }) {
  const span = window.to - window.from;
  const whole = window === ALL;
  const slide = (/** @type {any} */ e) => {
    const from = (1 - span) * e.currentTarget.valueAsNumber;
    go(() => ({ from, to: from + span }));
  };
  return html`<div class="row zoom" role="group" aria-label="Zoom">
    <div class="zoom-buttons">
      <button class="plain" aria-label="Zoom out" title="Zoom out (-)" disabled=${whole} onClick=${() => go((now) => zoomed(now, 2))}><${Icon} name="minus" /></button>
      <button class="plain" aria-label="Zoom in" title="Zoom in (+, or Ctrl and the wheel)" onClick=${() => go((now) => zoomed(now, 0.5))}><${Icon} name="plus" /></button>
      <button class="plain" aria-label="Whole key axis" title="The whole key axis (0)" disabled=${whole} onClick=${() => go(() => ALL)}><${Icon} name="shrink" /></button>
    </div>
    <div class="zoom-map">
      <input type="range" aria-label="Part of the key axis" aria-valuetext=${partText(tree, window)} min="0" max="1" step="any" disabled=${whole} style=${`--share:${Math.max(0.01, span)}`} value=${whole ? 0 : window.from / (1 - span)} onInput=${slide} onKeyDown=${ownKeys} />
      <span>${partText(tree, window)}</span>
    </div>
  </div>`;
}

/**
 * Arrows, Home and End move this slider; elsewhere on the page they step through time.
 * @param {KeyboardEvent} event
 */
function ownKeys(event) {
  if (/^(Arrow|Home|End|Page)/.test(event.key)) event.stopPropagation();
}

/**
 * @param {Tree} tree
 * @param {Window} window
 */
function partText(tree, window) {
  if (window === ALL) return "all keys";
  const ticks = tableTicks(tree, window);
  const keys = ticks.length > 1 ? `${clip(ticks[0].key, 16)} … ${clip(ticks[ticks.length - 1].key, 16)} · ` : "";
  const span = window.to - window.from;
  return `${keys}1/${number(Math.round(1 / span))} of the axis`;
}

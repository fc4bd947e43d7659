// The key axis below the levels, with buttons to zoom where tables are many; and, where one has zoomed in, where one is on
// it: a small map to drag (a slider as wide as what is in view), and the keys in words.

import { clip, number } from "../../format.js";
import { Icon, html } from "../ui.js";
import { ALL, place, tablesIn, zoomed } from "./layout.js";

/** @typedef {import("../../tree.js").Tree} Tree */
/** @typedef {import("./layout.js").Window} Window */

const TICKS = 6;
/** Characters of a label, and how wide one is, in pixels. */
const LONGEST = 12;
const SHORTEST = 4;
const CHARACTER = 6.4;

/** @param {{ tree: Tree, window: Window, width: number, go: import("./layout.js").Go | null }} props `go`: where one can zoom. */
export function KeyAxis({ tree, window, width, go }) {
  const ticks = ticksOf(tree, window, width);
  const read = tree.read && { key: tree.read.key, x: place(window, tree.read.x) };
  return html`<div class="row axis">
    <div class="label">${go ? html`<${ZoomButtons} window=${window} go=${go} />` : null}<span aria-hidden="true">${tree.axis.length > 0 ? "key →" : ""}</span></div>
    <div class="ticks" aria-hidden="true">
      ${ticks.map((tick) => html`<span key=${tick.key} class=${tick.last ? "last" : ""} style=${`left:${tick.x * 100}%`} title=${tick.key}>${tick.label}</span>`)}
      ${read && read.x >= 0 && read.x <= 1 ? html`<b style=${`left:${read.x * 100}%;transform:translateX(-${read.x * 100}%)`}>${clip(read.key, 16)}</b>` : null}
    </div>
  </div>`;
}

/**
 * The labels that have room: none lies on another. One that would be cut off at the right edge stands to the left of its
 * tick, where the one before it would be.
 * @param {Tree} tree
 * @param {Window} window
 * @param {number} width In pixels.
 * @returns {{ x: number, key: string, label: string, last: boolean }[]}
 */
export function ticksOf(tree, window, width) {
  const all = (window === ALL ? tree.axis : tableTicks(tree, window))
    .map(({ x, key }) => ({ x: place(window, x), key }))
    .filter(({ key }) => key !== tree.read?.key);
  const labels = telling(all.map(({ key }) => key));
  /** @type {(ReturnType<typeof ticksOf>[number] & { left: number })[]} */
  const kept = [];
  all.forEach(({ x, key }, i) => {
    const wide = (labels[i].length + 1) * CHARACTER;
    const last = x * width + wide > width;
    const left = last ? x * width - wide : x * width;
    if (last) while (kept.length > 1 && ends(kept.at(-1)) > left) kept.pop();
    if (kept.length === 0 || ends(kept.at(-1)) <= left) kept.push({ x, key, label: labels[i], last, left });
  });
  return kept.map(({ x, key, label, last }) => ({ x, key, label, last }));
}

/** @param {{ left: number, label: string } | undefined} tick */
const ends = (tick) => (tick ? tick.left + (tick.label.length + 1) * CHARACTER : 0);

/**
 * Keys as labels that tell them apart. Where they are too long, what all of them begin with is left out, and so is what
 * comes after the place where they differ.
 * @param {string[]} keys
 */
export function telling(keys) {
  if (keys.every((key) => key.length <= LONGEST)) return keys;
  let same = keys.length > 1 ? keys[0].length : 0;
  for (const key of keys) while (!key.startsWith(keys[0].slice(0, same))) same -= 1;
  // A short beginning is no longer than the sign for it.
  const from = same < 3 ? 0 : same;
  let length = SHORTEST;
  while (length < LONGEST && new Set(keys.map((key) => key.slice(from, from + length))).size < new Set(keys).size)
    length += 1;
  return keys.map((key) => (from > 0 ? "…" : "") + clip(key.slice(Math.min(from, key.length - 1)), length + 1));
}

/**
 * Zoomed in, the axis is labelled with first keys of tables: of the sorted run with the most tables there.
 * @param {Tree} tree
 * @param {Window} window
 */
function tableTicks(tree, window) {
  const found = tree.levels.map((level) => ({ level, in: tablesIn(level.columns, window) })).filter((row) => row.in);
  const size = (/** @type {typeof found[number]} */ row) =>
    row.level.level === 0 ? 0 : (row.in?.last ?? 0) - (row.in?.first ?? 0);
  const best = found.sort((a, b) => size(b) - size(a))[0];
  if (!best?.in) return [];
  const { first, last } = best.in;
  const step = Math.max(1, Math.ceil((last - first) / TICKS));
  const places = [];
  for (let i = first; i <= last; i += step) places.push(i);
  const tables = tree.tablesOf(best.level.level, places);
  return tables
    .filter((t) => t.x0 >= window.from)
    .map((t) => ({ x: t.x0, key: t.smallest }))
    .sort((a, b) => a.x - b.x);
}

/** @param {{ window: Window, go: import("./layout.js").Go }} props */
function ZoomButtons({ window, go }) {
  const whole = window === ALL;
  return html`<span class="zoom-buttons" role="group" aria-label="Zoom">
    <button class="plain" aria-label="Zoom out" title="Zoom out (-)" disabled=${whole} onClick=${() => go((now) => zoomed(now, 2))}><${Icon} name="minus" /></button>
    <button class="plain" aria-label="Zoom in" title="Zoom in (+, or Ctrl and the wheel)" onClick=${() => go((now) => zoomed(now, 0.5))}><${Icon} name="plus" /></button>
    <button class="plain" aria-label="Whole key axis" title="The whole key axis (0)" disabled=${whole} onClick=${() => go(() => ALL)}><${Icon} name="shrink" /></button>
  </span>`;
}

/** @param {{ tree: Tree, window: Window, go: import("./layout.js").Go }} props `window`: a part of the axis. */
export function ZoomBar({ tree, window, go }) {
  const span = window.to - window.from;
  const slide = (/** @type {import("../ui.js").FieldEvent} */ e) => {
    const from = (1 - span) * e.currentTarget.valueAsNumber;
    go(() => ({ from, to: from + span }));
  };
  return html`<div class="row zoom">
    <div class="label">in view</div>
    <div class="zoom-map">
      <input type="range" aria-label="Part of the key axis" aria-valuetext=${partText(tree, window)} min="0" max="1" step="any" style=${`--share:${Math.max(0.01, span)}`} value=${window.from / (1 - span)} onInput=${slide} onKeyDown=${ownKeys} />
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
  const ticks = tableTicks(tree, window);
  const keys = ticks.length > 1 ? `${clip(ticks[0].key, 16)} … ${clip(ticks[ticks.length - 1].key, 16)} · ` : "";
  const span = window.to - window.from;
  return `${keys}1/${number(Math.round(1 / span))} of the axis`;
}

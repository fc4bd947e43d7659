// How a level is drawn: as boxes that one can read, as narrow boxes, or, where tables are narrower than a few pixels, as
// bins along the key axis. Pure functions over columns of numbers; x runs from 0 to 1 on the key axis.
//
// A *window* is the part of the axis in view. A *bin* is a stretch of it, BIN pixels wide. Of each it is counted how many
// tables overlap it, how many of their bytes fall into it (a table's bytes lie evenly in its range), and how many of
// these are being compacted. Sums over all bins are the sums over the tables in view, whatever the number of bins.

import { ASKED, INPUT } from "../../tree.js";

/** @typedef {import("../../tree.js").Columns} Columns */
/** @typedef {{ from: number, to: number }} Window */
/** @typedef {(window: (now: Window) => Window) => void} Go Moves the window. */

/** As many tables as this are boxes with labels, each of them an element of the page. */
export const BOXES = 90;
/** Tables narrower than this, in pixels, become bins; so do rows of level 0 that are lower than ROW. */
const NARROW = 4;
const ROW = 3;
/** Rows of level 0 are given no more pixels than this together. */
export const STACK = 330;
/** Boxes of rows lower than this run into each other. */
const THIN = 1.5;
/** How wide a bin is, in pixels. */
export const BIN = 6;

/** @type {Window} */
export const ALL = { from: 0, to: 1 };
/** The narrowest window: a millionth of the axis. */
const MIN_SPAN = 1e-6;

/**
 * @typedef {object} Bins
 * @property {number} count How many bins there are.
 * @property {Float64Array} tables How many tables overlap each.
 * @property {Float64Array} bytes How many of their bytes fall into each.
 * @property {Float64Array} busy Of these, bytes of tables that are being compacted.
 * @property {Uint8Array} asked Whether the current read has asked one of its tables.
 */

/**
 * @typedef {{ kind: "boxes" | "narrow", which: number[] } | { kind: "bins", shown: number, bins: Bins }} Layout `which`: the
 *   places of the tables in view, in the level's order; `shown`: how many are in view.
 */

/**
 * @param {Columns} columns
 * @param {Window} window
 * @param {number} width How many pixels the window has.
 * @param {boolean} stacked Whether tables overlap, so that each needs a row: level 0.
 * @param {number} [height] How many pixels its rows have together.
 * @returns {Layout}
 */
export function layout(columns, window, width, stacked, height = STACK) {
  const { which, pixels } = inView(columns, window, width);
  if (which.length <= BOXES && !(stacked && which.length * THIN > height)) return { kind: "boxes", which };
  const fits = stacked ? which.length * ROW <= height : pixels / which.length >= NARROW;
  if (fits) return { kind: "narrow", which };
  return {
    kind: "bins",
    shown: which.length,
    bins: binsOf(columns, which, window, Math.max(1, Math.round(width / BIN))),
  };
}

/**
 * The places of the tables that are in view at least in part, and how many pixels they cover.
 * @param {Columns} columns
 * @param {Window} window
 * @param {number} width
 */
function inView({ x0, x1 }, { from, to }, width) {
  const which = [];
  let span = 0;
  for (let i = 0; i < x0.length; i += 1) {
    if (x1[i] <= from || x0[i] >= to) continue;
    which.push(i);
    span += Math.min(x1[i], to) - Math.max(x0[i], from);
  }
  return { which, pixels: (span / (to - from)) * width };
}

/**
 * Each table costs the same however many bins it overlaps: what holds for whole bins is added where it begins and taken
 * away where it ends, and summed up at last.
 * @param {Columns} columns
 * @param {number[]} which
 * @param {Window} window
 * @param {number} count
 * @returns {Bins}
 */
export function binsOf({ x0, x1, bytes, marks }, which, { from, to }, count) {
  const tables = new Float64Array(count + 1);
  const whole = { bytes: new Float64Array(count + 1), busy: new Float64Array(count + 1) };
  const part = { bytes: new Float64Array(count), busy: new Float64Array(count) };
  const asked = new Uint8Array(count);
  const scale = count / (to - from);
  for (const i of which) {
    const a = Math.max(0, (x0[i] - from) * scale);
    const b = Math.min(count, (x1[i] - from) * scale);
    const first = Math.min(count - 1, Math.floor(a));
    const last = Math.max(first, Math.min(count - 1, Math.ceil(b) - 1));
    tables[first] += 1;
    tables[last + 1] -= 1;
    const busy = (marks[i] & 3) === INPUT;
    spread(whole.bytes, part.bytes, a, b, first, last, bytes[i] / Math.max(1e-12, (x1[i] - x0[i]) * scale));
    if (busy) spread(whole.busy, part.busy, a, b, first, last, bytes[i] / Math.max(1e-12, (x1[i] - x0[i]) * scale));
    if (marks[i] & ASKED) asked.fill(1, first, last + 1);
  }
  return {
    count,
    tables: summed(tables, count),
    bytes: summed(whole.bytes, count, part.bytes),
    busy: summed(whole.busy, count, part.busy),
    asked,
  };
}

/**
 * Spreads `density` bytes a bin over the bins from `a` to `b`.
 * @param {Float64Array} whole What holds from a bin on.
 * @param {Float64Array} part What falls into one bin alone.
 * @param {number} a
 * @param {number} b
 * @param {number} first
 * @param {number} last
 * @param {number} density
 */
function spread(whole, part, a, b, first, last, density) {
  if (first === last) {
    part[first] += density * (b - a);
    return;
  }
  part[first] += density * (first + 1 - a);
  part[last] += density * (b - last);
  whole[first + 1] += density;
  whole[last] -= density;
}

/**
 * @param {Float64Array} changes
 * @param {number} count
 * @param {Float64Array} [more]
 */
function summed(changes, count, more) {
  const sums = new Float64Array(count);
  let sum = 0;
  for (let i = 0; i < count; i += 1) {
    sum += changes[i];
    // What is left of sums and differences of the same numbers.
    sums[i] = Math.max(0, sum) + (more ? more[i] : 0);
  }
  return sums;
}

/**
 * How high each bin is, of 1: where tables overlap, by how many of them there are, which is what a read has to look into;
 * in a sorted run, by bytes.
 * @param {Bins} bins
 * @param {boolean} stacked
 * @returns {{ heights: Float64Array, most: number }} `most`: what 1 stands for
 */
export function heightsOf(bins, stacked) {
  const measure = stacked ? bins.tables : bins.bytes;
  const most = measure.reduce((a, b) => Math.max(a, b), 0);
  return { heights: measure.map((n) => (most === 0 ? 0 : n / most)), most };
}

/**
 * The places of the first and the last table, in the level's order, that overlap a bin; null where none does.
 * @param {Columns} columns
 * @param {Window} stretch
 */
export function tablesIn({ x0, x1 }, { from, to }) {
  let first = -1;
  let last = -1;
  for (let i = 0; i < x0.length; i += 1) {
    if (x1[i] <= from || x0[i] >= to) continue;
    if (first < 0) first = i;
    last = i;
  }
  return first < 0 ? null : { first, last };
}

/**
 * The window of the bin `i` of `count`.
 * @param {Window} window
 * @param {number} i
 * @param {number} count
 * @returns {Window}
 */
export function binWindow({ from, to }, i, count) {
  const step = (to - from) / count;
  return { from: from + i * step, to: from + (i + 1) * step };
}

/**
 * Where `x` is in the window, of 1.
 * @param {Window} window
 * @param {number} x
 */
export function place({ from, to }, x) {
  return (x - from) / (to - from);
}

/**
 * The window `factor` times as wide (half is twice as near), with what was at `at` (of 1, in the window) still there.
 * @param {Window} window
 * @param {number} factor
 * @param {number} [at]
 * @returns {Window}
 */
export function zoomed({ from, to }, factor, at = 0.5) {
  const span = Math.min(1, Math.max(MIN_SPAN, (to - from) * factor));
  const fixed = from + at * (to - from);
  return within(fixed - at * span, span);
}

/**
 * The window, moved by `by` of its own width.
 * @param {Window} window
 * @param {number} by
 */
export function panned({ from, to }, by) {
  return within(from + by * (to - from), to - from);
}

/**
 * @param {number} from
 * @param {number} span
 * @returns {Window}
 */
function within(from, span) {
  const start = Math.min(Math.max(0, from), 1 - span);
  return span >= 1 ? ALL : { from: start, to: start + span };
}

/**
 * The window around `x` in which about `wanted` of the tables are in view; never wider than `window`. Where tables overlap so
 * much that no window has so few, an eighth of `window`.
 * @param {Columns} columns
 * @param {Window} window
 * @param {number} x
 * @param {number} wanted
 * @returns {Window}
 */
export function around(columns, window, x, wanted) {
  const at = place(window, x);
  let best = window;
  for (let next = zoomed(best, 0.5, at); best.to - best.from > MIN_SPAN; next = zoomed(best, 0.5, place(best, x))) {
    if (inView(columns, best, 1).which.length <= wanted) return best;
    if (inView(columns, next, 1).which.length < Math.min(4, wanted)) break;
    best = next;
  }
  const eighth = zoomed(window, 1 / 8, at);
  return inView(columns, best, 1).which.length <= BOXES ? best : eighth;
}

// The marks on the scrubber: flushes, compactions, stalls, recoveries, power cuts and bad disks, where they begin.
//
// In: the track, the length of the timeline, the width in pixels. Out: marks that stand apart, each with the number of
// those that it stands for; where there are too many to stand apart, how many there are in each stretch of some pixels,
// as a bar: flushes up from the middle, compactions down.

import { cssColor, prepare, usePaint } from "./canvas.js";
import { count, list } from "../format.js";
import { say } from "../words.js";
import { html, memo } from "./ui.js";

/** @typedef {NonNullable<import("../state.js").State["shown"]["track"]>} Track */
/** @typedef {(typeof KINDS)[number]} Kind */
/** @typedef {{ kind: Kind, from: number, to: number, count: number }} Mark In pixels. */

/** What the numbers in a track mean. */
const KINDS = /** @type {const} */ (["flush", "compaction", "stall", "recovery", "crash", "fault"]);

/**
 * How many of each there are, in words.
 * @type {Record<Kind, (n: number) => string>}
 */
const COUNTED = {
  flush: (n) => count(n, "flush", "flushes"),
  compaction: (n) => count(n, "compaction"),
  stall: (n) => count(n, "stall"),
  recovery: (n) => count(n, "recovery", "recoveries"),
  crash: (n) => count(n, "power cut"),
  fault: (n) => count(n, "disk fault"),
};

/** The least distance between two marks of a kind, in pixels: about as wide as they are. */
const APART = { flush: 6, compaction: 6, stall: 14, recovery: 14, crash: 14, fault: 14 };
/** Flushes and compactions are drawn as bars where there are more of them than one in this many pixels. */
const CROWDED = 12;
/** How far beside a mark one may point at it. */
const NEAR = 6;

/**
 * One mark for all of a kind that begin within its width, in the order in which they begin.
 * @param {Track} track
 * @param {number} length
 * @param {number} width
 * @returns {Mark[]}
 */
export function thinned({ kinds, begins, ends }, length, width) {
  /** @type {Mark[]} */
  const marks = [];
  /** @type {Partial<Record<Kind, Mark>>} */
  const last = {};
  for (let i = 0; i < kinds.length; i += 1) {
    const kind = KINDS[kinds[i]];
    const from = (begins[i] / length) * width;
    const to = ((ends[i] + 1) / length) * width;
    const before = last[kind];
    if (before && from - before.from < APART[kind]) {
      before.count += 1;
      before.to = Math.max(before.to, to);
    } else {
      const mark = { kind, from, to, count: 1 };
      last[kind] = mark;
      marks.push(mark);
    }
  }
  return marks;
}

/**
 * Whether flushes and compactions are too many to be told apart.
 * @param {Mark[]} marks
 * @param {number} width
 */
export function isCrowded(marks, width) {
  return marks.filter(({ kind }) => kind === "flush" || kind === "compaction").length > width / CROWDED;
}

/**
 * What there is at a place, in words; empty where there is nothing.
 * @param {Track} track
 * @param {Mark[]} marks
 * @param {number} x
 */
export function marksAt(track, marks, x) {
  const near = marks.filter(({ from, to }) => from - NEAR <= x && x <= Math.max(from, to) + NEAR);
  // A mark of a long history stands for several already.
  const isThinned = track.count > track.kinds.length;
  return list(
    KINDS.flatMap((kind) => {
      const sum = near.filter((mark) => mark.kind === kind).reduce((n, mark) => n + mark.count, 0);
      if (sum === 0) return [];
      return [isThinned ? say("at least {count}", { count: COUNTED[kind](sum) }) : COUNTED[kind](sum)];
    }),
    KINDS.length,
  );
}

/** @param {{ track: Track | null, length: number }} props */
function TrackView({ track, length }) {
  const canvas = usePaint((element) => track && paintTrack(element, track, length), [track, length]);
  return html`<canvas class="track" ref=${canvas} aria-hidden="true"></canvas>`;
}

export const ScrubberTrack = memo(TrackView);

/**
 * Each kind of mark has a shape of its own: a flush is a tick, a compaction a bar, a stall a triangle, a recovery a
 * ring, a power cut a cross, a bad disk a diamond.
 * @param {HTMLCanvasElement} canvas
 * @param {Track} track
 * @param {number} length
 */
function paintTrack(canvas, track, length) {
  const { context: c, width, height } = prepare(canvas);
  if (!c || length === 0) return;
  const colour = {
    line: cssColor(canvas, "--edge"),
    flush: cssColor(canvas, "--mem"),
    compaction: cssColor(canvas, "--l1"),
    stall: cssColor(canvas, "--dead"),
    recovery: cssColor(canvas, "--op"),
    crash: cssColor(canvas, "--dead"),
    fault: cssColor(canvas, "--dead"),
  };
  const middle = height / 2;
  c.fillStyle = colour.line;
  c.fillRect(0, middle - 2, width, 4);
  const marks = thinned(track, length, width);
  const crowded = isCrowded(marks, width);
  const most = marks.reduce((n, mark) => Math.max(n, mark.count), 1);
  for (const { kind, from, to, count } of marks) {
    c.fillStyle = c.strokeStyle = colour[kind];
    const tall = 2 + 6 * (count / most);
    if (crowded && kind === "flush") c.fillRect(from, middle - 3 - tall, APART.flush, tall);
    else if (crowded && kind === "compaction") c.fillRect(from, middle + 3, APART.compaction, tall);
    else if (kind === "flush") c.fillRect(from - 1, middle - 9, 3, 18);
    else if (kind === "compaction") c.fillRect(from, middle - 5, Math.max(3, to - from), 10);
    else if (kind === "stall") triangle(c, from, middle);
    else if (kind === "crash") cross(c, from, middle);
    else if (kind === "fault") diamond(c, from, middle);
    else ring(c, from, middle);
  }
}

/**
 * @param {CanvasRenderingContext2D} c
 * @param {number} x
 * @param {number} y
 */
function triangle(c, x, y) {
  c.beginPath();
  c.moveTo(x, y - 9);
  c.lineTo(x + 6, y + 2);
  c.lineTo(x - 6, y + 2);
  c.fill();
}

/**
 * @param {CanvasRenderingContext2D} c
 * @param {number} x
 * @param {number} y
 */
function cross(c, x, y) {
  c.lineWidth = 2.5;
  c.beginPath();
  c.moveTo(x - 5, y - 7);
  c.lineTo(x + 5, y + 7);
  c.moveTo(x + 5, y - 7);
  c.lineTo(x - 5, y + 7);
  c.stroke();
}

/**
 * @param {CanvasRenderingContext2D} c
 * @param {number} x
 * @param {number} y
 */
function diamond(c, x, y) {
  c.beginPath();
  c.moveTo(x, y - 7);
  c.lineTo(x + 6, y);
  c.lineTo(x, y + 7);
  c.lineTo(x - 6, y);
  c.fill();
}

/**
 * @param {CanvasRenderingContext2D} c
 * @param {number} x
 * @param {number} y
 */
function ring(c, x, y) {
  c.lineWidth = 2;
  c.beginPath();
  c.arc(x + 5, y, 4.5, 0, 2 * Math.PI);
  c.stroke();
}

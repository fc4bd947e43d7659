// Jobs over virtual time, as rows: one a slot. Pure functions over plain data; times are seconds.
//
// A job takes the first row of its kind that is free when it begins, as a job takes the first free slot; flushes have
// rows of their own, above those of compactions. A job without an end is still running.

import { laneName } from "./labels.js";

/** @typedef {import("../../jobs.js").Span} Span */
/** @typedef {import("../../jobs.js").Stall} Stall */
/** @typedef {import("../../jobs.js").Range} Range */
/**
 * Spans of one slot, in order of time; none overlaps another. A lane of compactions has trivial moves, too.
 * @typedef {{ name: string, kind: "flush" | "compaction", spans: Span[] }} Lane
 */

/**
 * @param {Span[]} spans In order of their beginning.
 * @param {number} [most] No more rows of a kind: what runs beside as many others has none.
 * @returns {Lane[]}
 */
export function lanesOf(spans, most) {
  const flushes = fill(
    spans.filter((span) => span.kind === "flush"),
    most,
  );
  const others = fill(
    spans.filter((span) => span.kind !== "flush"),
    most,
  );
  const named = (/** @type {Span[][]} */ lanes, /** @type {Lane["kind"]} */ kind) =>
    lanes.map((lane, i) => ({ name: laneName(kind, i + 1, lanes.length), kind, spans: lane }));
  return [...named(flushes, "flush"), ...named(others, "compaction")];
}

/**
 * @param {Span[]} spans
 * @param {number} [most]
 * @returns {Span[][]} at least one row
 */
function fill(spans, most = Number.POSITIVE_INFINITY) {
  /** @type {Span[][]} */
  const rows = [[]];
  const freeAt = [Number.NEGATIVE_INFINITY];
  for (const span of spans) {
    let row = freeAt.findIndex((at) => at <= span.began);
    if (row < 0 && rows.length >= most) continue;
    if (row < 0) row = rows.push([]) - 1;
    rows[row].push(span);
    freeAt[row] = span.ended ?? Number.POSITIVE_INFINITY;
  }
  return rows;
}

/**
 * The first span of a lane that ends after `time`: the one that runs then, or the next.
 * @param {Span[]} spans
 * @param {number} time
 * @returns {number} its place; the number of spans, if there is none
 */
export function firstAfter(spans, time) {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle].ended ?? Number.POSITIVE_INFINITY) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The span nearest to `time`, if it is not further away than `reach`.
 * @param {Span[]} spans
 * @param {number} time
 * @param {number} reach
 * @returns {Span | null}
 */
export function spanAt(spans, time, reach) {
  const next = firstAfter(spans, time);
  const distance = (/** @type {Span | undefined} */ span) =>
    span ? Math.max(span.began - time, time - (span.ended ?? Number.POSITIVE_INFINITY), 0) : Number.POSITIVE_INFINITY;
  const [before, after] = [spans[next - 1], spans[next]];
  const best = distance(before) < distance(after) ? before : after;
  return distance(best) <= reach ? best : null;
}

/**
 * @typedef {object} Box A span that is wide enough to be seen.
 * @property {Span} span
 * @property {number} x Pixels from the left.
 * @property {number} width
 */
/**
 * A pixel of spans that are narrower: how much of it they cover, and the level that the last one writes.
 * @typedef {{ x: number, share: number, to: number }} Trace
 */

/**
 * What a lane shows of `range` on `width` pixels. Costs what is in view, and no more boxes and traces than there are
 * pixels.
 * @param {Span[]} spans
 * @param {Range} range
 * @param {number} width
 * @param {number} now Where a running span is drawn up to.
 * @returns {{ boxes: Box[], traces: Trace[] }}
 */
export function boxesOf(spans, { from, to }, width, now) {
  const scale = width / Math.max(1e-12, to - from);
  /** @type {Box[]} */
  const boxes = [];
  /** @type {Trace[]} */
  const traces = [];
  for (let i = firstAfter(spans, from); i < spans.length && spans[i].began < to; i += 1) {
    const span = spans[i];
    const a = Math.max(0, (span.began - from) * scale);
    const b = Math.min(width, ((span.ended ?? Math.max(now, span.began)) - from) * scale);
    if (b - a >= 1.5) boxes.push({ span, x: a, width: b - a });
    else trace(traces, Math.floor(a), Math.max(0.05, b - a), span.to ?? 0);
  }
  return { boxes, traces };
}

/**
 * @param {Trace[]} traces
 * @param {number} x
 * @param {number} share
 * @param {number} to
 */
function trace(traces, x, share, to) {
  const last = traces.at(-1);
  if (last && last.x === x) {
    last.share = Math.min(1, last.share + share);
    last.to = to;
  } else traces.push({ x, share: Math.min(1, share), to });
}

/** @typedef {{ x: number, width: number, kind: Stall["kind"] }} Band Pixels in which writes were held up. */

/**
 * Stalls as bands. Those that are nearer to each other than a pixel are one band; a stop is worse than a slowdown.
 * @param {Stall[]} stalls In order of time.
 * @param {Range} range
 * @param {number} width
 * @param {number} now Up to where a stall that still lasts is drawn.
 * @returns {Band[]}
 */
export function bandsOf(stalls, { from, to }, width, now) {
  const scale = width / Math.max(1e-12, to - from);
  /** @type {Band[]} */
  const bands = [];
  for (const stall of stalls) {
    const a = Math.max(0, (stall.began - from) * scale);
    const b = Math.min(width, ((stall.ended ?? now) - from) * scale);
    if (b < 0 || a > width) continue;
    const last = bands.at(-1);
    const small = b - a < 1;
    if (last && a - (last.x + last.width) < 1 && (small || last.kind === stall.kind)) {
      last.width = Math.max(last.width, b - last.x);
      if (last.width < 2 && stall.kind === "stopped") last.kind = "stopped";
    } else bands.push({ x: a, width: Math.max(1, b - a), kind: stall.kind });
  }
  return bands;
}

/**
 * Round times for an axis, about `wanted` of them.
 * @param {Range} range
 * @param {number} wanted
 */
export function timeTicks({ from, to }, wanted) {
  const least = (to - from) / Math.max(1, wanted);
  if (!(least > 0)) return [];
  const step = roundStep(least);
  const ticks = [];
  for (let n = Math.ceil(from / step - 1e-9) + 0; n * step <= to + 1e-9; n += 1) ticks.push(n * step);
  return ticks;
}

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400];

/** @param {number} least */
function roundStep(least) {
  const known = STEPS.find((step) => step >= least);
  if (least >= 1 && known) return known;
  const unit = least >= 1 ? 86400 : 1;
  const power = 10 ** Math.floor(Math.log10(least / unit));
  return unit * power * ([1, 2, 5, 10].find((n) => n * power * unit >= least - 1e-15) ?? 10);
}

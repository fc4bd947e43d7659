// What stands over the lines of a chart: limits as thin lines with their names, and the largest value in view where it
// covers no line. Pure functions over plain data, and the drawing of the limits.

/** @typedef {import("../../jobs.js").Range} Range */
/** @typedef {import("../../sim/limits.js").Limit} Limit */
/** @typedef {{ x: ArrayLike<number>, lines: { values: (number | null)[] }[] }} Drawn */

/** A limit is in view where it is at most this many times as large as the largest value. */
const IN_REACH = 2;
/** What is this many times as large as three quarters of all values is cut off. */
const CUT = 2;
/** Fewer values than this have no usual one. */
const FEW = 8;

/**
 * The steps of a limit in a stretch of time, from the first to the last moment of it.
 * @param {Limit} limit
 * @param {Range} range
 */
export function stepsIn({ steps }, { from, to }) {
  return steps
    .map((step, at) => ({
      value: step.value,
      from: Math.max(from, at === 0 ? from : step.from),
      to: Math.min(to, steps[at + 1]?.from ?? to),
    }))
    .filter((step) => step.value !== null && step.to > step.from)
    .map((step) => ({ ...step, value: Number(step.value) }));
}

/**
 * The largest value in view, with the one that still holds where it begins.
 * @param {Drawn} drawn
 * @param {Range} range
 */
export function mostIn({ x, lines }, { from, to }) {
  let most = 0;
  for (const { values } of lines)
    for (let at = 0; at < x.length && x[at] <= to; at += 1)
      if ((x[at + 1] ?? x[at]) >= from) most = Math.max(most, values[at] ?? 0);
  return most;
}

/**
 * Up to where the axis of values reaches: to the largest value, and to limits that are not far from it.
 * @param {number} most the largest value in view, or the least that the axis reaches
 * @param {Limit[]} limits
 * @param {Range} range
 */
export function reachOf(most, limits, range) {
  const values = limits.flatMap((limit) => stepsIn(limit, range).map(({ value }) => value));
  return Math.max(most, ...values.filter((value) => value <= IN_REACH * most));
}

/**
 * Where a chart is cut, so that a few large values do not press all others flat: at twice what three quarters of the
 * values in view have, if there are larger ones.
 * @param {Drawn} drawn
 * @param {Range} range
 * @param {number} most
 */
export function cutOf({ x, lines }, range, most) {
  const values = lines.flatMap(({ values }) =>
    values.filter((value, at) => value !== null && (x[at + 1] ?? x[at]) >= range.from && x[at] <= range.to),
  );
  if (values.length < FEW) return most;
  values.sort((a, b) => Number(a) - Number(b));
  const usual = Number(values[Math.floor(0.75 * (values.length - 1))] ?? most);
  return usual > 0 ? Math.min(most, CUT * usual) : most;
}

/**
 * @param {import("uplot")} plot
 * @param {Limit[]} limits
 * @param {Range} range
 * @param {(name: string) => string} colourOf
 */
export function drawLimits(plot, limits, range, colourOf) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
  for (const limit of limits) {
    ctx.strokeStyle = colourOf(limit.colour);
    for (const { value, from, to } of stepsIn(limit, range)) {
      if (value > Number(plot.scales.y.max)) continue;
      const y = Math.round(plot.valToPos(value, "y", true)) + 0.5;
      ctx.beginPath();
      ctx.moveTo(Math.max(bbox.left, plot.valToPos(from, "x", true)), y);
      ctx.lineTo(Math.min(bbox.left + bbox.width, plot.valToPos(to, "x", true)), y);
      ctx.stroke();
    }
  }
  ctx.restore();
}

/**
 * The names of the limits that are to be written, and at which values; of those that are out of view the nearest.
 * @param {Limit[]} limits
 * @param {Range} range
 * @param {number} reach
 * @returns {({ text: string, value: number } | null)[]} for each limit
 */
export function limitNames(limits, range, reach) {
  const last = limits.map((limit) => stepsIn(limit, range).at(-1)?.value ?? null);
  const above = last.filter((value) => value !== null && value > reach);
  const nearest = above.length > 0 ? Math.min(...above.map(Number)) : null;
  return limits.map((limit, at) => {
    const value = last[at];
    if (value === null || (value > reach && value !== nearest)) return null;
    const name = limit.short(value);
    return { value, text: value > reach ? `↑ ${name}` : name };
  });
}

/** Places along a chart that are tried for a text. */
const PLACES = 8;
/** How high a text is, in pixels. */
const TEXT = 14;

/**
 * Where a text covers no line: at the top, else at the bottom of what is filled, else where the lines are lowest.
 * @param {Drawn & { steps: boolean }} drawn
 * @param {Range} range
 * @param {number} reach what the axis reaches
 * @param {{ width: number, height: number }} size
 * @param {number} text how wide the text is, in pixels
 * @param {number} [taken] how much on the right has other texts
 * @returns {{ left: number, isBelow: boolean }}
 */
export function freePlace({ x, lines, steps }, range, reach, { width, height }, text, taken = 0) {
  const scale = width / Math.max(1e-12, range.to - range.from);
  const places = Array.from({ length: PLACES }, (_, at) => ({
    left: 4 + (at * Math.max(0, width - taken - text - 4)) / PLACES,
    high: 0,
    low: Number.POSITIVE_INFINITY,
  }));
  for (const { values } of lines) {
    for (let at = 0; at < x.length; at += 1) {
      const value = values[at];
      if (value === null) continue;
      const [from, to] = [(x[at] - range.from) * scale, ((x[at + 1] ?? range.to) - range.from) * scale];
      if (to < 0 || from > width) continue;
      const next = steps ? value : (values[at + 1] ?? value);
      for (const place of places) {
        if (to < place.left || from > place.left + text) continue;
        place.high = Math.max(place.high, (Math.max(value, next) / reach) * height);
        place.low = Math.min(place.low, (Math.min(value, next) / reach) * height);
      }
    }
  }
  const above = places.find(({ high }) => high < height - TEXT);
  if (above) return { left: above.left, isBelow: false };
  const below = places.find(({ low }) => low > TEXT + 2);
  if (below) return { left: below.left, isBelow: true };
  const lowest = places.reduce((a, b) => (b.high < a.high ? b : a));
  return { left: lowest.left, isBelow: false };
}

// One chart: a strip as high as two lines of text. Its x axis is that of all charts; what its y axis reaches stands at
// its left edge. A line of steps is drawn here: the library of the simulator's charts would hold the first steps of an
// embed up for longer than all of its drawing takes, as it asks for the time zone when it is loaded.

import { cssColor, prepare, usePaint } from "./canvas.js";
import { at, written } from "./series.js";
import { html, memo, useMemo } from "./ui.js";

/** @typedef {import("./series.js").Strip} Strip */
/** @typedef {import("./series.js").Samples} Samples */
/** @typedef {import("./chart-axis.js").ChartAxis} ChartAxis */
/** @typedef {[number[], ...(number | null)[][]]} Curves */

/** So that what is at a strip's edge touches no other: free pixels above the highest value and below zero. */
const [ABOVE, BELOW] = [3, 1];

/**
 * Curves as they are drawn: x first, then the lines, stacked, from the top of the stack to its bottom, so that each
 * covers what is above it. What was last sampled holds to the end. What is not defined is no point.
 * @param {Strip} strip
 * @param {Samples} samples
 * @param {ArrayLike<number>} places Where the samples lie on the axis.
 * @param {number} end Its last place.
 * @returns {Curves}
 */
export function curves(strip, samples, places, end) {
  const x = [...Array.from(places), end];
  const sum = new Array(x.length).fill(0);
  const stacked = strip.series(samples).map((line) => {
    for (let i = 0; i < x.length; i += 1) sum[i] += line[Math.min(i, x.length - 2)] ?? 0;
    return sum.map((n) => (Number.isNaN(n) ? null : n));
  });
  return [x, ...stacked.reverse()];
}

/**
 * What the y axis reaches: the highest of what is in view, the sample that holds where the view begins among it.
 * @param {Strip} strip
 * @param {Curves} curves
 * @param {{ from: number, to: number }} view The part of the axis in view.
 */
export function top(strip, [x, highest = []], view) {
  let most = strip.least;
  for (let i = at(x, view.from); i < x.length && x[i] <= view.to; i += 1) most = Math.max(most, highest[i] ?? 0);
  return most;
}

/**
 * The corners of a line of steps, in pixels: a value holds to the next sample, and what is not defined is a gap, so
 * that there is a list for each part.
 * @param {number[]} x
 * @param {(number | null)[]} line
 * @param {{ from: number, to: number }} view The part of the axis in view.
 * @param {{ width: number, height: number, most: number }} box `most`: what the y axis reaches.
 * @returns {[number, number][][]}
 */
export function steps(x, line, view, { width, height, most }) {
  const across = (/** @type {number} */ place) => ((place - view.from) / Math.max(1, view.to - view.from)) * width;
  const up = (/** @type {number} */ value) => height - BELOW - (value / most) * (height - ABOVE - BELOW);
  /** @type {[number, number][][]} */
  const parts = [];
  /** @type {[number, number][] | null} */
  let part = null;
  for (let i = at(x, view.from); i < x.length && x[i] <= view.to; i += 1) {
    const value = line[i];
    if (value === null) {
      part = null;
      continue;
    }
    if (!part) parts.push((part = []));
    const from = across(Math.max(x[i], view.from));
    const to = across(Math.min(x[i + 1] ?? x[i], view.to));
    part.push([from, up(value)], [to, up(value)]);
  }
  return parts;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Strip} strip
 * @param {Curves | null} data
 * @param {{ from: number, to: number }} view The part of the axis in view.
 */
function draw(canvas, strip, data, view) {
  const { context, width, height } = prepare(canvas);
  if (!context || !data) return;
  const [x, ...lines] = data;
  const most = top(strip, data, view);
  context.lineWidth = 1.2;
  lines.forEach((line, i) => {
    const [stroke, fill] = strip.colours(lines.length - 1 - i).map((name) => cssColor(canvas, name));
    for (const corners of steps(x, line, view, { width, height, most })) {
      const edge = new Path2D();
      for (const [right, down] of corners) edge.lineTo(right, down);
      const area = new Path2D(edge);
      area.lineTo(/** @type {[number, number]} */ (corners.at(-1))[0], height - BELOW);
      area.lineTo(corners[0][0], height - BELOW);
      context.fillStyle = fill;
      context.fill(area);
      context.strokeStyle = stroke;
      context.stroke(edge);
    }
  });
}

/**
 * `from` and `to`: the part of the axis in view.
 * @param {{ strip: Strip, samples: Samples | null, axis: ChartAxis, from: number, to: number }} props
 */
function View({ strip, samples, axis, from, to }) {
  const data = useMemo(
    () => (samples && samples.events.length > 0 ? curves(strip, samples, axis.places, axis.end) : null),
    [strip, samples, axis],
  );
  const canvas = usePaint((canvas) => draw(canvas, strip, data, { from, to }), [data, from, to]);
  return html`<div class="strip-chart" aria-hidden="true">
    <canvas class="strip-plot" ref=${canvas}></canvas>
    ${
      data
        ? html`<span class="scale-top">${written(strip.unit, top(strip, data, { from, to }))}</span>
            <span class="scale-zero">0</span>`
        : null
    }
  </div>`;
}

// The line for "now" is not part of it, so a step need not draw anything.
export const StripChart = memo(View);

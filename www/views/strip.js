// One chart: a strip as high as two lines of text. Its x axis is that of all charts; what its y axis reaches stands at
// its left edge. uPlot draws the lines.

import uPlot from "uplot";

import { cssColor, useDrawing } from "./canvas.js";
import { at, written } from "./series.js";
import { html, memo, useLayoutEffect, useMemo, useRef } from "./ui.js";

/** @typedef {import("./series.js").Strip} Strip */
/** @typedef {import("./series.js").Samples} Samples */
/** @typedef {import("./chart-axis.js").ChartAxis} ChartAxis */
/** @typedef {[number[], ...(number | null)[][]]} Curves */

/**
 * Curves as uPlot takes them: x first, then the lines, stacked, from the top of the stack to its bottom, so that each
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
 * @param {HTMLElement} element
 * @param {Strip} strip
 * @param {Curves} data
 * @param {{ from: number, to: number }} view The part of the axis in view.
 */
function draw(element, strip, data, view) {
  const lines = data.length - 1;
  const paths = uPlot.paths.stepped?.({ align: 1 });
  const series = Array.from({ length: lines }, (_, i) => {
    const [stroke, fill] = strip.colours(lines - 1 - i).map((name) => cssColor(element, name));
    return { stroke, fill, paths, width: 1.2, points: { show: false } };
  });
  const most = top(strip, data, view);
  /** @type {uPlot.Options} */
  const options = {
    width: element.clientWidth,
    height: element.clientHeight,
    padding: [3, 0, 1, 0],
    legend: { show: false },
    cursor: { show: false },
    axes: [{ show: false }, { show: false }],
    scales: {
      x: { time: false, range: () => [view.from, Math.max(view.from + 1, view.to)] },
      y: { range: () => [0, most] },
    },
    series: [{}, ...series],
  };
  return new uPlot(options, data, element);
}

/**
 * `from` and `to`: the part of the axis in view.
 * @param {{ strip: Strip, samples: Samples | null, axis: ChartAxis, from: number, to: number }} props
 */
function View({ strip, samples, axis, from, to }) {
  const chart = useRef(/** @type {uPlot | null} */ (null));
  const data = useMemo(
    () => (samples && samples.events.length > 0 ? curves(strip, samples, axis.places, axis.end) : null),
    [strip, samples, axis],
  );
  const box = useDrawing(
    (/** @type {HTMLElement} */ element) => {
      chart.current?.destroy();
      chart.current = null;
      if (data && data.length > 1 && element.clientWidth > 0) chart.current = draw(element, strip, data, { from, to });
    },
    [data, from, to],
  );
  useLayoutEffect(() => () => chart.current?.destroy(), []);
  return html`<div class="strip-chart" aria-hidden="true">
    <div class="strip-plot" ref=${box}></div>
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

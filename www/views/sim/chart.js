// One of the simulator's charts: lines over virtual time, of one run or of two laid over each other (the second
// dashed), and hatched bands where writes were stopped or slowed down. The largest value in view is written into the
// corner: it is what the axis reaches. uPlot draws it; the line for the moment is not part of it.

import uPlot from "uplot";

import { curves, written } from "../../sim/series.js";
import { bandsOf } from "../lanes/layout.js";
import { THEME_CHANGE, cssColor, hatching } from "../canvas.js";
import { html, memo, useLayoutEffect, useRef } from "../ui.js";

/** @typedef {import("../../sim/series.js").Chart} Chart */
/** @typedef {import("../../sim/series.js").Samples} Samples */
/** @typedef {import("../../jobs.js").Range} Range */
/** @typedef {import("../../jobs.js").Stall} Stall */

/**
 * `stalls`: to be hatched, none where this chart does not tell of writes.
 * @typedef {{ chart: Chart, samples: Samples[], stalls: Stall[], range: Range, now: number }} Props
 */

/**
 * All lines of a chart, of all runs, as uPlot takes them, and how each is drawn. Samples of two runs are of the same
 * moments unless one ended early: the longer one's moments hold for both.
 * @param {Chart} chart
 * @param {Samples[]} samples
 */
export function laidOver(chart, samples) {
  const runs = samples.map((run) => ({ data: curves(chart, run), lines: chart.lines(run) }));
  const longest = runs.reduce((a, b) => (b.data[0].length > a.data[0].length ? b : a), runs[0]);
  const x = longest?.data[0] ?? [];
  /** @type {{ colour: string, fill: boolean, dashed: boolean, values: (number | null)[] }[]} */
  const lines = [];
  runs.forEach(({ data, lines: named }, run) => {
    const order = chart.stacked ? [...named].reverse() : named;
    order.forEach(({ colour, fill }, i) => {
      // Of a stack that is compared with, its top alone can be told apart.
      if (run > 0 && chart.stacked && i > 0) return;
      const values = data[i + 1];
      lines.push({
        colour: run > 0 && chart.stacked ? "--ink" : colour,
        fill: fill && run === 0,
        dashed: run > 0,
        values: x.map((_, at) => values[at] ?? null),
      });
    });
  });
  return { x, lines };
}

/**
 * @param {HTMLElement} element
 * @param {ReturnType<typeof laidOver>} shown
 * @param {{ current: Props }} props
 * @param {{ width: number, height: number }} size
 * @param {(largest: string) => void} name Writes what the largest value in view is.
 */
function make(element, shown, props, size, name) {
  const series = shown.lines.map(({ colour, fill, dashed }) => ({
    stroke: cssColor(element, colour),
    fill: fill ? cssColor(element, `${colour}-bg`) : undefined,
    dash: dashed ? [5, 3] : undefined,
    width: 1.3,
    points: { show: false },
  }));
  const dead = cssColor(element, "--dead");
  /** @type {uPlot.Options} */
  const options = {
    ...size,
    padding: [3, 0, 1, 0],
    legend: { show: false },
    cursor: { show: false },
    axes: [{ show: false }, { show: false }],
    scales: {
      x: { time: false, range: () => [props.current.range.from, props.current.range.to] },
      // A line along the top would not be seen.
      y: { range: (_, __, most) => [0, 1.06 * Math.max(props.current.chart.least, most ?? 0)] },
    },
    hooks: {
      drawClear: [(plot) => bands(plot, props.current, dead)],
      draw: [(plot) => name(largest(plot, props.current.chart))],
    },
    series: [{}, ...series],
  };
  return new uPlot(
    options,
    /** @type {uPlot.AlignedData} */ ([shown.x, ...shown.lines.map((line) => line.values)]),
    element,
  );
}

/**
 * @param {uPlot} plot
 * @param {Props} props
 * @param {string} colour
 */
function bands(plot, { stalls, range, now }, colour) {
  if (stalls.length === 0) return;
  const { ctx, bbox } = plot;
  const hatched = { stopped: hatching(ctx, colour, 5), slowed: hatching(ctx, colour, 10) };
  for (const band of bandsOf(stalls, range, bbox.width, now)) {
    ctx.fillStyle = hatched[band.kind];
    ctx.fillRect(bbox.left + band.x, bbox.top, band.width, bbox.height);
  }
}

/**
 * What the largest value in view is, written.
 * @param {uPlot} plot
 * @param {Chart} chart
 */
function largest({ series }, chart) {
  return `max ${written(chart.unit, Math.max(0, ...series.slice(1).map((line) => line.max ?? 0)))}`;
}

/** @param {Props} props */
function View(props) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const latest = useRef(props);
  latest.current = props;
  const size = useRef({ width: 0, height: 0 });
  const corner = useRef(/** @type {HTMLElement | null} */ (null));
  // Not a part of the drawing: text on a canvas takes longer than all of the lines.
  const name = (/** @type {string} */ largest) => {
    if (corner.current && corner.current.textContent !== largest) corner.current.textContent = largest;
  };
  const plot = useRef(/** @type {{ chart: uPlot, looks: string } | null} */ (null));

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const again = () => {
      plot.current?.chart.destroy();
      plot.current = null;
      update(element);
    };
    // The size is taken from here: asking the element at each update would make the browser lay the page out each time.
    const watcher = new ResizeObserver(([{ contentRect }]) => {
      size.current = { width: contentRect.width, height: contentRect.height };
      again();
    });
    watcher.observe(element);
    addEventListener(THEME_CHANGE, again);
    return () => {
      watcher.disconnect();
      removeEventListener(THEME_CHANGE, again);
      plot.current?.chart.destroy();
      plot.current = null;
    };
  }, []);

  /** @param {HTMLElement} element */
  function update(element) {
    const { chart, samples } = latest.current;
    const data = laidOver(chart, samples);
    const looks = data.lines.map(({ colour, fill, dashed }) => `${colour}${fill}${dashed}`).join();
    if (size.current.width === 0 || data.x.length === 0) {
      name("");
      plot.current?.chart.destroy();
      plot.current = null;
      return;
    }
    if (plot.current?.looks === looks) {
      plot.current.chart.setData(/** @type {uPlot.AlignedData} */ ([data.x, ...data.lines.map((line) => line.values)]));
      return;
    }
    plot.current?.chart.destroy();
    plot.current = { chart: make(element, data, latest, size.current, name), looks };
  }

  useLayoutEffect(() => {
    if (box.current) update(box.current);
  }, [props.samples, props.range, props.stalls, props.now]);
  return html`<div class="strip-chart" ref=${box} aria-hidden="true">
    <span class="sim-most" ref=${corner}></span>
  </div>`;
}

export const SimChart = memo(
  View,
  (a, b) =>
    a.chart === b.chart && a.samples === b.samples && a.stalls === b.stalls && a.range === b.range && a.now === b.now,
);

// One of the simulator's charts: lines over virtual time, of one run or of two laid over each other, and hatched bands
// where writes were stopped or slowed down. Two runs differ by colour and by line (the second dashed), and each has its
// letter where its line ends. The largest value in view is written where it covers no line; limits are dashed lines
// with names. uPlot draws it; the line for the moment is not part of it.

import uPlot from "uplot";

import { curves, written } from "../../sim/series.js";
import { bandsOf } from "../lanes/layout.js";
import { THEME_CHANGE } from "../../theme.js";
import { say } from "../../words.js";
import { cssColor, hatching } from "../canvas.js";
import { html, memo, useLayoutEffect, useRef } from "../ui.js";
import { cutOf, drawLimits, freePlace, limitNames, mostIn, reachOf } from "./chart-marks.js";

/** @typedef {import("../../sim/series.js").Chart} Chart */
/** @typedef {import("../../sim/series.js").Samples} Samples */
/** @typedef {import("../../jobs.js").Range} Range */
/** @typedef {import("../../jobs.js").Stall} Stall */
/** @typedef {import("../../sim/limits.js").Limit} Limit */

/**
 * `stalls`: to be hatched, none where this chart does not tell of writes.
 * @typedef {object} Props
 * @property {Chart} chart
 * @property {Samples[]} samples
 * @property {Stall[]} stalls
 * @property {Range} range
 * @property {number} now
 * @property {Limit[]} [limits]
 */

/** @type {never[]} */
const NONE = [];

/** Two runs that are compared: their letters and colours, in every chart the same. */
export const RUNS = [
  { name: "A", colour: "--l0" },
  { name: "B", colour: "--wal" },
];

/**
 * `run`: the place of its run. `main`: whether it is the line that the legend gives the value of.
 * @typedef {{
 *   name: string,
 *   colour: string,
 *   background: string,
 *   fill: boolean,
 *   run: number,
 *   main: boolean,
 *   values: (number | null)[],
 * }} RunLine
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
  const compared = samples.length > 1;
  /** @type {RunLine[]} */
  const lines = [];
  runs.forEach(({ data, lines: named }, run) => {
    const order = chart.stacked ? [...named].reverse() : named;
    order.forEach(({ name, colour, fill }, i) => {
      // Of a stack that is compared with, its top alone can be told apart.
      if (run > 0 && chart.stacked && i > 0) return;
      const values = data[i + 1];
      const main = chart.stacked ? i === 0 : i === order.length - 1;
      lines.push({
        name,
        // Levels inside a stack keep their colours; what stands for a run has the run's.
        colour: compared && (main || !chart.stacked) ? RUNS[run].colour : colour,
        background: `${compared && !chart.stacked ? RUNS[run].colour : colour}-bg`,
        fill: fill && run === 0,
        run,
        main,
        values: x.map((_, at) => values[at] ?? null),
      });
    });
  });
  return { x, lines };
}

/**
 * Where the lines of the runs end in view: the place of the last sample, of those that have a value. None of one run.
 * @param {Pick<ReturnType<typeof laidOver>, "x" | "lines">} shown
 * @param {Range} range
 */
export function lineEnds({ x, lines }, range) {
  if (!lines.some(({ run }) => run > 0)) return [];
  return lines
    .filter(({ main }) => main)
    .map(({ run, values }) => {
      let at = x.length - 1;
      while (at >= 0 && (x[at] > range.to || values[at] === null)) at -= 1;
      return { run, second: x[at], value: values[at] };
    })
    .filter(({ second, value }) => value != null && second >= range.from);
}

/**
 * The largest value that the axis has room for.
 * @param {Props} props
 * @param {Laid} data
 */
function reachIn({ chart, range, limits = NONE }, data) {
  const most = mostIn(data, range);
  const shown = Math.max(chart.least, chart.isCut ? cutOf(data, range, most) : most);
  return reachOf(shown, limits, range);
}

/** @typedef {ReturnType<typeof laidOver>} Laid */

/**
 * @param {HTMLElement} element
 * @param {{ current: Laid }} data
 * @param {{ current: Props }} props
 * @param {{ width: number, height: number }} size
 * @param {(plot: uPlot) => void} drawn Writes what stands over the drawing.
 */
function make(element, data, props, size, drawn) {
  const shown = data.current;
  const compared = shown.lines.some(({ run }) => run > 0);
  const series = shown.lines.map(({ colour, background, fill, run, main }) => ({
    stroke: cssColor(element, colour),
    fill: fill ? cssColor(element, background) : undefined,
    dash: run > 0 ? [5, 3] : undefined,
    width: compared && main ? 2 : 1.3,
    points: { show: false },
    paths: props.current.chart.steps ? uPlot.paths.stepped?.({ align: 1 }) : undefined,
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
      y: { range: () => [0, 1.06 * reachIn(props.current, data.current)] },
    },
    hooks: {
      drawClear: [(plot) => bands(plot, props.current, dead)],
      draw: [
        (plot) => {
          const { limits = NONE, range } = props.current;
          if (limits.length > 0) drawLimits(plot, limits, range, (name) => cssColor(element, name));
        },
        drawn,
      ],
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
 * What the largest value in view is, written; and where the chart is cut, if it is.
 * @param {uPlot} plot
 * @param {number} most
 * @param {Chart} chart
 */
function largest({ scales }, most, chart) {
  const value = written(chart.unit, most);
  const top = scales.y.max ?? most;
  return top < most
    ? say("max {value}, cut at {top}", { value, top: written(chart.unit, top) })
    : say("max {value}", { value });
}

/** The height and width of a letter at the end of a line, in pixels. */
const LETTER = 13;
/** About how wide a text over the lines is, with what is around it. @param {string} text */
const widthOf = (text) => (text === "" ? 0 : 5.8 * text.length + 10);

/** @param {Props} props */
function View(props) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const latest = useRef(props);
  latest.current = props;
  const size = useRef({ width: 0, height: 0 });
  const corner = useRef(/** @type {HTMLElement | null} */ (null));
  const laid = useRef(/** @type {Laid} */ ({ x: [], lines: [] }));
  // Not a part of the drawing: text on a canvas takes longer than all of the lines.
  const name = (/** @type {string} */ largest, reach = 1) => {
    if (!corner.current) return;
    if (corner.current.textContent !== largest) corner.current.textContent = largest;
    const { chart, range, limits = NONE } = latest.current;
    const drawn = { ...laid.current, steps: chart.steps ?? false };
    const taken = limitNames(limits, range, reach).reduce((sum, limit) => sum + widthOf(limit?.text ?? ""), 0);
    const { left, isBelow } = freePlace(drawn, range, reach, size.current, widthOf(largest), taken);
    corner.current.style.transform = `translate(${left}px,${isBelow ? size.current.height - LETTER : 1}px)`;
  };
  const names = useRef(/** @type {(HTMLElement | null)[]} */ ([]));
  const limited = (/** @type {uPlot | null} */ plotted) => {
    const { limits = NONE, range } = latest.current;
    const found = plotted ? limitNames(limits, range, plotted.scales.y.max ?? 0) : [];
    limits.forEach((_, at) => {
      const [element, limit] = [names.current[at], found[at]];
      if (!element) return;
      element.hidden = !limit;
      if (!plotted || !limit) return;
      element.textContent = limit.text;
      const y = plotted.valToPos(limit.value, "y") - LETTER / 2;
      element.style.transform = `translateY(${Math.max(0, Math.min(size.current.height - LETTER, y))}px)`;
    });
  };
  const letters = useRef(/** @type {(HTMLElement | null)[]} */ ([]));
  const ends = (/** @type {uPlot | null} */ plotted) => {
    const found = plotted ? lineEnds(laid.current, latest.current.range) : [];
    letters.current.forEach((letter, run) => {
      if (!letter) return;
      const end = found.find((one) => one.run === run);
      letter.hidden = !end;
      if (!plotted || !end) return;
      const [x, y] = [plotted.valToPos(end.second, "x"), plotted.valToPos(end.value ?? 0, "y")];
      // Side by side, so that they are apart where the lines end at the same value.
      const left = Math.min(x, size.current.width) - (RUNS.length - run) * LETTER;
      const top = Math.max(0, Math.min(size.current.height - LETTER, y - LETTER / 2));
      letter.style.transform = `translate(${Math.max(0, left)}px,${top}px)`;
    });
  };
  const drawn = (/** @type {uPlot} */ plotted) => {
    name(largest(plotted, mostIn(laid.current, latest.current.range), latest.current.chart), plotted.scales.y.max ?? 1);
    ends(plotted);
    limited(plotted);
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
    laid.current = data;
    const looks = data.lines.map(({ colour, fill, run }) => `${colour}${fill}${run}`).join();
    if (size.current.width === 0 || data.x.length === 0) {
      name("");
      ends(null);
      limited(null);
      plot.current?.chart.destroy();
      plot.current = null;
      return;
    }
    if (plot.current?.looks === looks) {
      plot.current.chart.setData(/** @type {uPlot.AlignedData} */ ([data.x, ...data.lines.map((line) => line.values)]));
      return;
    }
    plot.current?.chart.destroy();
    plot.current = { chart: make(element, laid, latest, size.current, drawn), looks };
  }

  useLayoutEffect(() => {
    if (box.current) update(box.current);
  }, [props.samples, props.range, props.stalls, props.now, props.limits]);
  return html`<div class="strip-chart" ref=${box} aria-hidden="true">
    <span class="sim-most" ref=${corner}></span>
    ${
      props.limits && props.limits.length > 0
        ? html`<div class="sim-limits">
            ${props.limits.map(
              (limit, at) => html`<span
                key=${limit.option}
                hidden
                style=${`color:var(${limit.colour})`}
                ref=${(/** @type {HTMLElement | null} */ element) => {
                  names.current[at] = element;
                }}
              ></span>`,
            )}
          </div>`
        : null
    }
    ${
      props.samples.length > 1
        ? RUNS.map(
            (run, i) => html`<b
              key=${run.name}
              class="sim-end"
              hidden
              style=${`color:var(${run.colour})`}
              ref=${(/** @type {HTMLElement | null} */ element) => {
                letters.current[i] = element;
              }}
            >
              ${run.name}
            </b>`,
          )
        : null
    }
  </div>`;
}

export const SimChart = memo(
  View,
  (a, b) =>
    a.chart === b.chart &&
    a.samples === b.samples &&
    a.stalls === b.stalls &&
    a.range === b.range &&
    a.now === b.now &&
    a.limits === b.limits,
);

// The runs of a sweep as points: write amplification to the right, read amplification up, space amplification as the
// size. Those that no other beats are filled; the others are rings. Arrow keys go from run to run, a pointer to the
// nearest.

import { ratio } from "../../format.js";
import { say } from "../../words.js";
import { html, useRef } from "../ui.js";

/** @typedef {import("../../sweep/sweep-table.js").SweepTable} SweepTable */
/** @typedef {import("../../sweep/sweep-table.js").SweepRun} SweepRun */
/** @typedef {import("../../sweep/sweep-table.js").Amplification} Amplification */

const NAMES = { write_amp: say("write amp"), read_amp: say("read amp"), space_amp: say("space amp") };

/** @param {Amplification} amplification */
export const nameOf = (amplification) => NAMES[amplification];

/** The drawing, in its own units: it is as wide as there is room, on a phone with letters as large. */
const [HEIGHT, LEFT, BOTTOM, EDGE] = [300, 44, 34, 14];
const [WIDE, NARROW] = [720, 330];

/** The radius of the run with the least space amplification, and of that with the most. */
const RADII = [3.5, 11];

/**
 * Where each run stands in the drawing.
 * @param {SweepRun[]} runs
 * @param {number} width
 */
function placed(runs, width) {
  const span = (/** @type {Amplification} */ of) => {
    const values = runs.map((run) => run.of[of]);
    return { from: Math.min(...values), to: Math.max(...values) };
  };
  const [x, y, size] = [span("write_amp"), span("read_amp"), span("space_amp")];
  const share = (/** @type {number} */ value, /** @type {{ from: number, to: number }} */ { from, to }) =>
    to > from ? (value - from) / (to - from) : 0.5;
  const inner = { width: width - LEFT - 2 * EDGE, height: HEIGHT - BOTTOM - 2 * EDGE };
  return {
    x,
    y,
    size,
    points: runs.map(({ of }) => ({
      x: LEFT + EDGE + share(of.write_amp, x) * inner.width,
      y: EDGE + (1 - share(of.read_amp, y)) * inner.height,
      // By area, so that twice as large looks twice as large.
      r: Math.sqrt(RADII[0] ** 2 + share(of.space_amp, size) * (RADII[1] ** 2 - RADII[0] ** 2)),
    })),
  };
}

/**
 * The run that a key goes to; null for other keys.
 * @param {string} key
 * @param {number} at
 * @param {number} count
 */
function stepTo(key, at, count) {
  const to = { ArrowRight: at + 1, ArrowUp: at + 1, ArrowLeft: at - 1, ArrowDown: at - 1, Home: 0, End: count - 1 }[
    key
  ];
  return to === undefined ? null : Math.max(0, Math.min(count - 1, to));
}

/** @param {{ table: SweepTable, chosen: number, choose: (at: number) => void }} props */
export function SweepChart({ table, chosen, choose }) {
  const drawing = useRef(/** @type {SVGSVGElement | null} */ (null));
  const width = matchMedia("(width <= 640px)").matches ? NARROW : WIDE;
  const { x, y, size, points } = placed(table.runs, width);
  const press = (/** @type {KeyboardEvent} */ event) => {
    const to = stepTo(event.key, chosen, points.length);
    if (to === null) return;
    event.preventDefault();
    choose(to);
  };
  const point = (/** @type {PointerEvent} */ event) => {
    const box = drawing.current?.getBoundingClientRect();
    if (!box) return;
    const at = {
      x: ((event.clientX - box.left) / box.width) * width,
      y: ((event.clientY - box.top) / box.height) * HEIGHT,
    };
    const far = points.map((one) => Math.hypot(one.x - at.x, one.y - at.y));
    choose(far.indexOf(Math.min(...far)));
  };
  const run = table.runs[chosen];
  const order = [...points.keys()].sort((a, b) => Number(table.runs[a].best) - Number(table.runs[b].best));
  return html`<div
      class="sweep-chart"
      role="slider"
      tabindex="0"
      aria-label=${say("Runs by write amplification")}
      aria-valuemin="1"
      aria-valuemax=${points.length}
      aria-valuenow=${chosen + 1}
      aria-valuetext=${told(run, table.axes)}
      onKeyDown=${press}
      onPointerMove=${point}
      onPointerDown=${point}
    >
      <svg ref=${drawing} viewBox=${`0 0 ${width} ${HEIGHT}`} aria-hidden="true">
        <path class="axis" d=${`M${LEFT} ${EDGE / 2}V${HEIGHT - BOTTOM}H${width - EDGE / 2}`} />
        <text x=${LEFT + EDGE} y=${HEIGHT - BOTTOM + 14} text-anchor="middle">${ratio(x.from)}</text>
        <text x=${width - EDGE} y=${HEIGHT - BOTTOM + 14} text-anchor="end">${ratio(x.to)}</text>
        <text x=${width / 2} y=${HEIGHT - 6} text-anchor="middle">${say("write amp")} →</text>
        <text x=${LEFT - 4} y=${EDGE + 4} text-anchor="end">${ratio(y.to)}</text>
        <text x=${LEFT - 4} y=${HEIGHT - BOTTOM - EDGE} text-anchor="end">${ratio(y.from)}</text>
        <text x="12" y=${HEIGHT / 2} text-anchor="middle" transform=${`rotate(-90 12 ${HEIGHT / 2})`}>
          ${say("read amp")} →
        </text>
        ${order.map((at) => {
          const { x, y, r } = points[at];
          return html`<circle key=${at} class=${table.runs[at].best ? "best" : "beaten"} cx=${x} cy=${y} r=${r} />`;
        })}
        <circle class="chosen" cx=${points[chosen].x} cy=${points[chosen].y} r=${points[chosen].r + 4} />
      </svg>
    </div>
    <p class="quiet sweep-legend">
      <span class="best-mark"></span>${say("no other beats it")}
      <span class="beaten-mark"></span>${say("another is better")}
      <span>
        ${say("size: space amp, {from} to {to}", { from: ratio(size.from), to: ratio(size.to) })}
      </span>
      <span class="where-in">
        ${say("write {write}, read {read}, space {space}", {
          write: ratio(run.of.write_amp),
          read: ratio(run.of.read_amp),
          space: ratio(run.of.space_amp),
        })}
      </span>
    </p>`;
}

/**
 * A run, for those who hear the page.
 * @param {SweepRun} run
 * @param {string[]} axes
 */
function told(run, axes) {
  const values = {
    run: run.run,
    write: ratio(run.of.write_amp),
    read: ratio(run.of.read_amp),
    space: ratio(run.of.space_amp),
    options: axes.map((axis, at) => `${axis} ${run.values[at]}`).join(", "),
  };
  return run.best
    ? say("run {run}, no other beats it: write {write}, read {read}, space {space}; {options}", values)
    : say("run {run}: write {write}, read {read}, space {space}; {options}", values);
}

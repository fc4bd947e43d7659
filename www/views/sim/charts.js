// The simulator's charts, the lanes of its jobs, and the slider of its time: one axis, one line for the moment that is
// looked at. What is pointed at, or chosen by a click or the slider, is what the numbers on the left and the tree above
// say. Dragging over the charts zooms into a stretch of time.

import { CHARTS, valueAt } from "../../sim/series.js";
import { Lanes } from "../lanes/lanes.js";
import { time } from "../../format.js";
import { say } from "../../words.js";
import { lanesOf, timeTicks } from "../lanes/layout.js";
import { ALL } from "../axis-window.js";
import { ZoomButtons } from "../zoom-buttons.js";
import { html, memo, useMemo, useState } from "../ui.js";
import { RUNS, SimChart } from "./chart.js";

/** @typedef {import("../../sim/simulator.js").SimulatorState} SimulatorState */
/** @typedef {import("../../sim/simulator.js").Simulator} Simulator */
/** @typedef {import("../axis-window.js").AxisWindow} AxisWindow */
/** @typedef {import("../../jobs.js").Range} Range */
/** @typedef {import("../../sim/engine.js").Results} Results */
/** @typedef {import("../ui.js").FieldEvent} FieldEvent */

/** @type {import("../zoom-buttons.js").ZoomNames} */
const ZOOM = {
  group: say("Zoom in time"),
  earlier: [say("Earlier")],
  later: [say("Later")],
  out: [say("Zoom out in time")],
  in: [say("Zoom in in time"), say("or drag over the charts")],
  all: [say("Whole run")],
};
/** A drag shorter than this, in pixels, was a click. */
const CLICK = 5;

/** @param {{ simulator: Simulator, state: SimulatorState }} props */
export function SimCharts({ simulator, state }) {
  const { results, duration, at } = state;
  const end = Math.max(duration, 1e-9);
  const range = useMemo(() => state.range ?? { from: 0, to: end }, [state.range, end]);
  const moment = state.cursor ?? at;
  const samples = useMemo(() => results.map((one) => one.samples), [results]);
  const names = results.length > 1 ? RUNS.map((run) => run.name) : [""];
  const row = (
    /** @type {import("../../sim/series.js").Chart} */ chart,
  ) => html`<div key=${chart.name} class=${results.length > 1 ? "sim-row two" : "sim-row"} title=${chart.about}>
    <div class="sim-legend" style=${`color:var(${legendColour(chart.name)})`}>
      <span>${chart.title}</span>
      ${results.map(
        (one, i) => html`<b key=${i}>
          ${
            names[i]
              ? html`<i class=${i === 0 ? "line" : "line dashed"} style=${`color:var(${RUNS[i].colour})`}>
                  ${names[i]}
                </i> `
              : null
          }
          ${valueAt(chart, one.samples, moment)}
        </b>`,
      )}
      ${results.length === 0 ? html`<b>–</b>` : null}
    </div>
    <${SimChart}
      chart=${chart}
      samples=${samples}
      stalls=${chart.name === "throughput" ? (results[0]?.stalls ?? NONE) : NONE}
      range=${range}
      now=${at}
    />
  </div>`;
  return html`<section class="sim-charts" role="region" aria-label=${say("Charts")}>
    <${TimeBar} simulator=${simulator} state=${state} range=${range} />
    <div class="sim-plots scroll" tabindex="0" aria-label=${say("Charts and jobs")} role="group">
      <${Pointer} simulator=${simulator} range=${range} moment=${moment} ran=${at}>
        ${row(CHARTS[0])}
        ${results.map(
          (one, i) => html`<${Jobs} key=${`jobs ${i}`} results=${one} range=${range} now=${at} whose=${names[i]} />`,
        )}
        ${CHARTS.slice(1).map(row)}
      <//>
    </div>
  </section>`;
}

/** @type {never[]} */
const NONE = [];

/** @param {string} name */
function legendColour(name) {
  return (
    {
      throughput: "--wal",
      memtables: "--mem",
      tables: "--l1",
      bytes: "--l2",
      write: "--l4",
      space: "--imm",
      read: "--wal",
      pending: "--dead",
      latency: "--l3",
      device: "--l1",
    }[name] ?? "--ink"
  );
}

/**
 * `whose`: of which configuration, where there are two.
 * @param {{ results: Results, range: Range, now: number, whose: string }} props
 */
function JobsView({ results, range, now, whose }) {
  const lanes = useMemo(
    () => lanesOf(results.spans).map((lane) => (whose ? { ...lane, name: `${whose} ${lane.name}` } : lane)),
    [results, whose],
  );
  return html`<${Lanes}
    lanes=${lanes}
    stalls=${results.stalls}
    range=${range}
    now=${now}
    label=${whose ? say("Jobs {run}", { run: whose }) : say("Jobs")}
  />`;
}

const Jobs = memo(JobsView);

/**
 * The line for the moment over all charts, and what a mouse does on them.
 * @param {{
 *   simulator: Simulator,
 *   range: Range,
 *   moment: number,
 *   ran: number,
 *   children?: import("../ui.js").Children,
 * }} props
 */
function Pointer({ simulator, range, moment, ran, children }) {
  const [drag, setDrag] = useState(/** @type {{ from: number, to: number } | null} */ (null));
  const secondAt = (/** @type {MouseEvent} */ event) => {
    const box = /** @type {HTMLElement} */ (event.currentTarget).querySelector(".strip-chart")?.getBoundingClientRect();
    if (!box || event.clientX < box.left) return null;
    return range.from + ((event.clientX - box.left) / box.width) * (range.to - range.from);
  };
  const share = (/** @type {number} */ second) => (second - range.from) / (range.to - range.from);
  const move = (/** @type {MouseEvent} */ event) => {
    const second = secondAt(event);
    if (second === null) return;
    if (drag) setDrag({ ...drag, to: second });
    simulator.point(second);
  };
  const down = (/** @type {MouseEvent} */ event) => {
    const second = secondAt(event);
    if (second === null || event.button !== 0) return;
    setDrag({ from: second, to: second });
  };
  const up = (/** @type {MouseEvent} */ event) => {
    if (!drag) return;
    const width = /** @type {HTMLElement} */ (event.currentTarget).querySelector(".strip-chart")?.clientWidth ?? 1;
    const [from, to] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)];
    setDrag(null);
    if ((share(to) - share(from)) * width > CLICK) simulator.view({ from, to });
    else simulator.look(drag.to);
  };
  const inside = share(moment) >= 0 && share(moment) <= 1;
  const dragged = drag && {
    left: share(Math.min(drag.from, drag.to)) * 100,
    width: Math.abs(share(drag.to) - share(drag.from)) * 100,
  };
  return html`<div
    class="sim-stack"
    onMouseMove=${move}
    onMouseDown=${down}
    onMouseUp=${up}
    onMouseLeave=${() => (setDrag(null), simulator.point(null))}
    onDblClick=${() => simulator.view(null)}
  >
    ${children}
    <div class="sim-over" aria-hidden="true">
      ${dragged ? html`<i class="sim-drag" style=${`left:${dragged.left}%;width:${dragged.width}%`}></i>` : null}
      ${inside && ran > 0 ? html`<i class="sim-now" style=${`left:${share(moment) * 100}%`}></i>` : null}
    </div>
  </div>`;
}

/**
 * The time axis: its labels, a slider for the moment, and the stretch in view.
 * @param {{ simulator: Simulator, state: SimulatorState, range: Range }} props
 */
function TimeBar({ simulator, state, range }) {
  const { at, duration } = state;
  const moment = state.cursor ?? at;
  const zoom = (/** @type {(window: AxisWindow) => AxisWindow} */ next) => {
    const window = next({ from: range.from / duration, to: range.to / duration });
    simulator.view(window === ALL ? null : { from: window.from * duration, to: window.to * duration });
  };
  const off = duration === 0;
  const place = Math.max(0, Math.min(1, (moment - range.from) / (range.to - range.from)));
  return html`<div class="sim-time">
    <${ZoomButtons}
      class="sim-zoom"
      names=${ZOOM}
      whole=${!state.range}
      off=${off}
      place=${place}
      go=${zoom}
    />
    <div class="sim-slider">
      <input
        type="range"
        aria-label=${say("Moment")}
        aria-valuetext=${time(moment)}
        min=${range.from}
        max=${range.to}
        step=${(range.to - range.from) / 1000}
        value=${moment}
        disabled=${off}
        onInput=${(/** @type {FieldEvent} */ e) => simulator.look(e.currentTarget.valueAsNumber)}
      />
      <div class="sim-ticks" aria-hidden="true">
        ${
          off
            ? null
            : timeTicks(range, 6).map(
                (tick) => html`<${Tick}
                  key=${tick}
                  tick=${tick}
                  at=${(tick - range.from) / (range.to - range.from)}
                  place=${place}
                />`,
              )
        }
        ${
          off
            ? null
            : html`<b style=${`left:${place * 100}%;transform:translateX(-${place * 100}%)`}>${time(moment)}</b>`
        }
      </div>
    </div>
  </div>`;
}

/** The share of the axis that a label takes, about: more where the axis is short. */
const LABEL = 0.13;
const LABEL_NARROW = 0.26;

/**
 * A round time; its label makes way for that of the moment.
 * @param {{ tick: number, at: number, place: number }} props
 */
function Tick({ tick, at, place }) {
  const label = innerWidth > 640 ? LABEL : LABEL_NARROW;
  const moment = place * (1 - label);
  const hidden = at + label > moment && at < moment + label;
  return html`<span style=${`left:${at * 100}%`}>${hidden ? "" : time(tick)}</span>`;
}

// Charts, lanes and a slider over one axis of time, with one line for the moment that is looked at: the frame around
// them, for a simulated run and for the log of a real database. What is pointed at, or chosen by a click or the slider,
// is what the numbers on the left say. Dragging over the charts zooms into a stretch of time.

import { time } from "../format.js";
import { limitAt } from "../sim/limits.js";
import { valueAt } from "../sim/series.js";
import { say } from "../words.js";
import { types } from "../keys.js";
import { ALL, keyed } from "./axis-window.js";
import { timeTicks } from "./lanes/layout.js";
import { useDismissal } from "./popover.js";
import { RUNS, SimChart } from "./sim/chart.js";
import { html, useEffect, useLayoutEffect, useRef, useState } from "./ui.js";
import { ZoomButtons } from "./zoom-buttons.js";

/** @typedef {import("./axis-window.js").AxisWindow} AxisWindow */
/** @typedef {import("../jobs.js").Range} Range */
/** @typedef {import("../sim/series.js").Chart} Chart */
/** @typedef {import("../sim/limits.js").Limit} Limit */
/** @typedef {import("../sim/series.js").Samples} Samples */
/** @typedef {import("./ui.js").FieldEvent} FieldEvent */

/**
 * What can be done with the axis. Moments are seconds from its beginning.
 * @typedef {object} TimeControl
 * @property {(moment: number | null) => void} point Looks at a moment as long as it is pointed at.
 * @property {(moment: number) => void} look Chooses a moment.
 * @property {(range: Range | null) => void} view The stretch in view; null: all of it.
 */

/**
 * How moments are written.
 * @typedef {object} Clock
 * @property {number} offset Seconds from a round moment, such as a full hour, to the beginning of the axis.
 * @property {(moment: number, step: number) => string} tick A label of an axis whose labels are `step` seconds apart.
 * @property {(moment: number) => string} moment
 */

/** Virtual time: it begins with 0. @type {Clock} */
export const VIRTUAL = { offset: 0, tick: time, moment: time };

/** @type {Omit<import("./zoom-buttons.js").ZoomNames, "all">} */
const ZOOM = {
  group: say("Zoom in time"),
  earlier: [say("Earlier"), "<"],
  later: [say("Later"), ">"],
  out: [say("Zoom out in time"), "-"],
  in: [say("Zoom in in time"), say("+, or drag over the charts")],
};
/** A drag shorter than this, in pixels, was a click. */
const CLICK = 5;

/**
 * A chart with its legend: the values of one run, or of two that are compared.
 * @param {{
 *   chart: Chart,
 *   colour: string,
 *   samples: Samples[],
 *   names: string[],
 *   stalls: import("../jobs.js").Stall[],
 *   range: Range,
 *   now: number,
 *   moment: number,
 *   limits?: Limit[],
 * }} props `names`: of the runs; empty of a single one. `stalls`: to be hatched.
 */
export function ChartRow({ chart, colour, samples, names, stalls, range, now, moment, limits }) {
  const said = chart.said ?? ((/** @type {Samples} */ one) => valueAt(chart, one, moment));
  const about = aboutOf(chart, limits ?? [], moment);
  return html`<div class=${samples.length > 1 ? "sim-row two" : "sim-row"} title=${about}>
    <div class="sim-legend" style=${`color:var(${colour})`}>
      <span>${chart.title}</span>
      ${samples.map(
        (one, i) => html`<b key=${i}>
          ${
            names[i]
              ? html`<i class=${i === 0 ? "line" : "line dashed"} style=${`color:var(${RUNS[i].colour})`}>
                  ${names[i]}
                </i> `
              : null
          }
          ${said(one, moment)}
        </b>`,
      )}
      ${samples.length === 0 ? html`<b>–</b>` : null}
    </div>
    <${SimChart} ...${{ chart, samples, stalls, range, now, limits }} />
  </div>`;
}

/**
 * What a chart shows, and its limits, by the names of their options.
 * @param {Chart} chart
 * @param {Limit[]} limits
 * @param {number} moment
 */
function aboutOf({ about }, limits, moment) {
  const lines = limits.flatMap((limit) => {
    const value = limitAt(limit, moment);
    return value === null ? [] : [`${limit.short(value)}: ${limit.option}.`];
  });
  return [about, ...lines].join("\n");
}

/**
 * The line for the moment over all charts, and what a mouse does on them.
 * @param {{
 *   control: TimeControl,
 *   range: Range,
 *   moment: number,
 *   shown: boolean,
 *   children?: import("./ui.js").Children,
 * }} props `shown`: whether there is a moment to look at.
 */
export function Pointer({ control, range, moment, shown, children }) {
  const [drag, setDrag] = useState(/** @type {{ from: number, to: number } | null} */ (null));
  const secondAt = (/** @type {MouseEvent} */ event) => {
    const box = /** @type {HTMLElement} */ (event.currentTarget).querySelector(".strip-chart")?.getBoundingClientRect();
    if (!box || event.clientX < box.left) return null;
    return range.from + ((event.clientX - box.left) / box.width) * (range.to - range.from);
  };
  // The numbers and the tree are those of what is pointed at: Escape brings those of before back.
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const [isPointed, setPointed] = useState(false);
  const leave = () => {
    setPointed(false);
    control.point(null);
  };
  useDismissal(isPointed, leave, box);
  const share = (/** @type {number} */ second) => (second - range.from) / (range.to - range.from);
  const move = (/** @type {MouseEvent} */ event) => {
    const second = secondAt(event);
    if (second === null) return;
    if (drag) setDrag({ ...drag, to: second });
    setPointed(true);
    control.point(second);
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
    if ((share(to) - share(from)) * width > CLICK) control.view({ from, to });
    else control.look(drag.to);
    // It stays.
    setPointed(false);
  };
  const inside = share(moment) >= 0 && share(moment) <= 1;
  const dragged = drag && {
    left: share(Math.min(drag.from, drag.to)) * 100,
    width: Math.abs(share(drag.to) - share(drag.from)) * 100,
  };
  return html`<div
    class="sim-stack"
    ref=${box}
    onMouseMove=${move}
    onMouseDown=${down}
    onMouseUp=${up}
    onMouseLeave=${() => (setDrag(null), leave())}
    onDblClick=${() => control.view(null)}
  >
    ${children}
    <div class="sim-over" aria-hidden="true">
      ${dragged ? html`<i class="sim-drag" style=${`left:${dragged.left}%;width:${dragged.width}%`}></i>` : null}
      ${inside && shown ? html`<i class="sim-now" style=${`left:${share(moment) * 100}%`}></i>` : null}
    </div>
  </div>`;
}

/**
 * The time axis: its labels, a slider for the moment, and the stretch in view.
 * @param {{
 *   control: TimeControl,
 *   range: Range,
 *   whole: boolean,
 *   all: string,
 *   moment: number,
 *   duration: number,
 *   clock: Clock,
 *   note?: string,
 * }} props `whole`: whether all of it is in view; `all`: what that is called. `note`: what is to be known of this
 *   stretch.
 */
export function TimeBar({ control, range, whole, all, moment, duration, clock, note = "" }) {
  const slider = useRef(/** @type {HTMLElement | null} */ (null));
  const width = useWidth(slider);
  const zoom = (/** @type {(window: AxisWindow) => AxisWindow} */ next) => {
    const window = next({ from: range.from / duration, to: range.to / duration });
    control.view(window === ALL ? null : { from: window.from * duration, to: window.to * duration });
  };
  /** @type {import("./zoom-buttons.js").ZoomNames} */
  const names = { ...ZOOM, all: [all, "0"] };
  const off = duration === 0;
  useAxisKeys((key) => {
    const next = off ? undefined : keyed(key);
    if (next) zoom(next);
    return next !== undefined;
  });
  const place = Math.max(0, Math.min(1, (moment - range.from) / (range.to - range.from)));
  const { ticks, share } = off ? NO_TICKS : ticksIn(range, clock, width);
  return html`<div class="sim-time">
    <div class="sim-side">
      <${ZoomButtons} class="sim-zoom" names=${names} whole=${whole} off=${off} place=${place} go=${zoom} />
      ${note ? html`<span class="sim-note">${note}</span>` : null}
    </div>
    <div class="sim-slider" ref=${slider}>
      <input
        type="range"
        aria-label=${say("Moment")}
        aria-valuetext=${clock.moment(moment)}
        min=${range.from}
        max=${range.to}
        step=${(range.to - range.from) / 1000}
        value=${moment}
        disabled=${off}
        onInput=${(/** @type {FieldEvent} */ e) => control.look(e.currentTarget.valueAsNumber)}
      />
      <div class="sim-ticks" aria-hidden="true">
        ${ticks.map(({ at, text }) => html`<${Tick} key=${at} ...${{ text, at, place, share }} />`)}
        ${
          off
            ? null
            : html`<b style=${`left:${place * 100}%;transform:translateX(-${place * 100}%)`}>
                ${clock.moment(moment)}
              </b>`
        }
      </div>
    </div>
  </div>`;
}

/**
 * The keys of an axis, as in the sandbox's figure: + - 0 < >, wherever the focus is. What has the focus comes first: a
 * figure has an axis of its own.
 * @param {(key: string) => boolean} act Whether it is one of them.
 */
function useAxisKeys(act) {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    const press = (/** @type {KeyboardEvent} */ event) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (document.querySelector("dialog[open]") || types(/** @type {HTMLElement} */ (event.target))) return;
      if (latest.current(event.key)) event.preventDefault();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
}

/** @type {{ ticks: { at: number, text: string }[], share: number }} */
const NO_TICKS = { ticks: [], share: 0 };
/** The most labels of an axis. */
const MAX_TICKS = 6;
/** How wide a letter of a label is, about, and what is around it, in pixels. */
const LETTER = 6.4;
const AROUND = 14;

/**
 * Round times, as many as have room for their labels, and the share of the axis that a label takes.
 * @param {Range} range
 * @param {Clock} clock
 * @param {number} width of the axis, in pixels
 * @returns {typeof NO_TICKS}
 */
export function ticksIn({ from, to }, { offset, tick }, width) {
  if (width === 0) return NO_TICKS;
  for (let wanted = MAX_TICKS; wanted > 1; wanted -= 1) {
    const times = timeTicks({ from: from + offset, to: to + offset }, wanted);
    const step = times.length > 1 ? times[1] - times[0] : to - from;
    const ticks = times.map((time) => ({
      at: (time - offset - from) / (to - from),
      text: tick(time - offset, step),
    }));
    const share = Math.max(0, ...ticks.map(({ text }) => LETTER * text.length + AROUND)) / width;
    if (step / (to - from) >= share) return { ticks, share };
  }
  return NO_TICKS;
}

/**
 * The width of an element, in pixels; 0 until it is known.
 * @param {{ current: HTMLElement | null }} element
 */
function useWidth(element) {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const { current } = element;
    if (!current) return undefined;
    const watcher = new ResizeObserver(([{ contentRect }]) => setWidth(Math.round(contentRect.width)));
    watcher.observe(current);
    return () => watcher.disconnect();
  }, []);
  return width;
}

/**
 * A round time; its label makes way for that of the moment, and has to end where the axis does.
 * @param {{ text: string, at: number, place: number, share: number }} props
 */
function Tick({ text, at, place, share }) {
  const moment = place * (1 - share);
  const hidden = (at + share > moment && at < moment + share) || at + share > 1 + 0.2 * share;
  return html`<span style=${`left:${at * 100}%`}>${hidden ? "" : text}</span>`;
}

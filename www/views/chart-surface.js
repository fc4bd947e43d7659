// The surface of the charts: strips above each other, the line for now, and the line for the point that is read. What
// the pointer is at is read, and so is what the arrow keys move to while the surface has the focus; a click or Enter
// goes there. Dragging zooms into a part of the axis, and so do the keys and the wheel of an axis.

import { ALL, keyed, wheeled } from "./axis-window.js";
import { useDismissal } from "./popover.js";
import { openingTitle } from "../write-amplification.js";
import { say } from "../words.js";
import { nextReading, valueAt } from "./series.js";
import { StripChart } from "./strip.js";
import { html, useEffect, useRef, useState } from "./ui.js";

/** @typedef {import("./series.js").Strip} Strip */
/** @typedef {import("./series.js").Samples} Samples */
/** @typedef {import("./axis-window.js").AxisWindow} AxisWindow */
/** @typedef {import("./chart-axis.js").ChartAxis} ChartAxis */
/** @typedef {import("../write-amplification.js").Opening} Opening */

/** The most marks of openings: the last ones. */
const MARKS = 50;
/** A drag shorter than this, in pixels, was a click. */
const CLICK = 5;

/**
 * @param {{
 *   strips: Strip[],
 *   samples: Samples | null,
 *   axis: ChartAxis,
 *   length: number,
 *   position: number,
 *   openings: Opening[],
 *   reading: number | null,
 *   read: (event: number | null) => void,
 *   go: (event: number) => void,
 *   window: AxisWindow,
 *   zoom: (next: AxisWindow) => void,
 * }} props
 *   `reading`: the event that is read; null where that is the position.
 */
export function ChartSurface({ strips, samples, axis, length, position, openings, reading, read, go, window, zoom }) {
  const [from, to] = [Math.round(window.from * axis.end), Math.round(window.to * axis.end)];
  const [first, last] = [axis.eventAt(from), axis.eventAt(to)];
  const share = (/** @type {number} */ event) => (to === from ? 0 : (axis.placeOf(event) - from) / (to - from));
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const [drag, setDrag] = useState(/** @type {{ from: number, to: number } | null} */ (null));
  /** Where the pointer is, of 1. @param {MouseEvent} event */
  const place = (event) => {
    const { left, width } = /** @type {HTMLElement} */ (box.current).getBoundingClientRect();
    return Math.max(0, Math.min(1, (event.clientX - left) / width));
  };
  // What is read lies on the stage, and stands where the numbers of now were: Escape takes it away, whatever has the
  // focus.
  useDismissal(reading !== null, () => read(null), box);
  const eventAt = (/** @type {number} */ at) => axis.eventAt(from + at * (to - from));
  const wheel = useRef(/** @type {(event: WheelEvent) => void} */ (() => {}));
  wheel.current = (event) => {
    const next = wheeled(event, place(event), box.current?.clientWidth ?? 1);
    if (!next) return;
    event.preventDefault();
    zoom(next(window));
  };
  useEffect(() => {
    const { current } = box;
    const turn = (/** @type {WheelEvent} */ event) => wheel.current(event);
    current?.addEventListener("wheel", turn, { passive: false });
    return () => current?.removeEventListener("wheel", turn);
  }, []);
  const down = (/** @type {PointerEvent} */ event) => {
    if (event.button !== 0) return;
    box.current?.setPointerCapture(event.pointerId);
    setDrag({ from: place(event), to: place(event) });
  };
  const move = (/** @type {PointerEvent} */ event) => {
    const at = place(event);
    if (drag) setDrag({ ...drag, to: at });
    read(eventAt(at));
  };
  const up = (/** @type {PointerEvent} */ event) => {
    if (!drag) return;
    const [left, right] = [drag.from, place(event)].sort((a, b) => a - b);
    setDrag(null);
    const span = window.to - window.from;
    if ((right - left) * (box.current?.clientWidth ?? 1) <= CLICK) go(eventAt(right));
    else {
      read(null);
      zoom({ from: window.from + left * span, to: window.from + right * span });
    }
  };
  const press = (/** @type {KeyboardEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const change = keyed(event.key);
    const act = change ? () => zoom(change(window)) : keys()[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  /** @returns {Record<string, (() => void) | undefined>} */
  const keys = () => {
    const start = Math.max(first, Math.min(last, at));
    const step = (/** @type {1 | -1} */ by) => () => {
      const next = nextReading(samples?.events ?? [], start, by, length);
      read(Math.max(first, Math.min(last, next)));
    };
    return {
      ArrowRight: step(1),
      ArrowLeft: step(-1),
      Home: () => read(first),
      End: () => read(last),
      Enter: () => go(at),
    };
  };
  // Between two samples, what is read is the one before, which may lie before the view.
  const readingPoint = (/** @type {number} */ event) => ({
    share: Math.max(0, Math.min(1, share(event))),
    name: axis.by === "event" ? axis.label(event, 1) : named(event),
  });
  const at = reading ?? position;
  const said = samples ? strips.map((strip) => `${strip.title} ${valueAt(strip, samples, at)}`) : [];
  const inView = (/** @type {number} */ event) => axis.placeOf(event) >= from && axis.placeOf(event) <= to;
  const named = (/** @type {number} */ event) =>
    axis.by === "event"
      ? say("event {n}", { n: event })
      : say("{time}, event {n}", { time: axis.label(axis.placeOf(event), (to - from) / 1000), n: event });
  return html`<div
    ref=${box}
    class=${window === ALL && axis.by === "event" ? "strips" : "strips own-axis"}
    role="slider"
    tabindex="0"
    aria-label=${say("Reading point")}
    aria-valuemin="0"
    aria-valuemax=${length}
    aria-valuenow=${at}
    aria-valuetext=${[named(at), ...said].join(", ")}
    onPointerDown=${down}
    onPointerMove=${move}
    onPointerUp=${up}
    onPointerCancel=${() => setDrag(null)}
    onDblClick=${() => zoom(ALL)}
    onPointerLeave=${() => read(null)}
    onBlur=${() => read(null)}
    onKeyDown=${press}
  >
    ${strips.map((strip) => html`<${StripChart} key=${strip.name} ...${{ strip, samples, axis, from, to }} />`)}
    ${strips.length === 0 ? html`<p class="empty">${say("Choose a chart on the left.")}</p>` : null}
    ${openings
      .filter(({ kind, index }) => (kind === "options_changed" || kind === "reopened") && inView(index))
      .slice(-MARKS)
      .map(
        (opening) => html`<i
          key=${opening.index}
          class=${`opening-line ${opening.kind}`}
          style=${`left:${share(opening.index) * 100}%`}
          title=${openingTitle(opening)}
        ></i>`,
      )}
    ${
      inView(position)
        ? html`<i class="now-line" style=${`transform:translateX(${share(position) * 100}%)`}></i>`
        : null
    }
    ${
      drag
        ? html`<i
            class="drag-range"
            style=${`left:${Math.min(drag.from, drag.to) * 100}%;width:${Math.abs(drag.to - drag.from) * 100}%`}
          ></i>`
        : null
    }
    ${reading === null ? null : html`<${ReadingLine} ...${readingPoint(reading)} />`}
  </div>`;
}

/** @param {{ name: string, share: number }} props */
function ReadingLine({ name, share }) {
  return html`<i class="reading-line" style=${`left:${share * 100}%`}>
    <b style=${`transform:translateX(-${share * 100}%)`}>${name}</b>
  </i>`;
}

// The surface of the charts: strips above each other, the line for now, and the line for the point that is read. What
// the pointer is at is read, and so is what the arrow keys move to while the surface has the focus; a click or Enter
// goes there. Dragging zooms into a range of events, and so do the keys and the wheel of an axis.

import { number } from "../format.js";
import { ALL, keyed, wheeled } from "./axis-window.js";
import { openingTitle } from "../write-amplification.js";
import { nextReading, valueAt } from "./series.js";
import { StripChart } from "./strip.js";
import { html, useEffect, useRef, useState } from "./ui.js";

/** @typedef {import("./series.js").Strip} Strip */
/** @typedef {import("./series.js").Samples} Samples */
/** @typedef {import("./axis-window.js").AxisWindow} AxisWindow */
/** @typedef {import("../write-amplification.js").Opening} Opening */

/** The most marks of openings: the last ones. */
const MARKS = 50;
/** A drag shorter than this, in pixels, was a click. */
const CLICK = 5;

/**
 * @param {{
 *   strips: Strip[],
 *   samples: Samples | null,
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
export function ChartSurface({ strips, samples, length, position, openings, reading, read, go, window, zoom }) {
  const [from, to] = [Math.round(window.from * length), Math.round(window.to * length)];
  const share = (/** @type {number} */ event) => (to === from ? 0 : (event - from) / (to - from));
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const [drag, setDrag] = useState(/** @type {{ from: number, to: number } | null} */ (null));
  /** Where the pointer is, of 1. @param {MouseEvent} event */
  const place = (event) => {
    const { left, width } = /** @type {HTMLElement} */ (box.current).getBoundingClientRect();
    return Math.max(0, Math.min(1, (event.clientX - left) / width));
  };
  const eventAt = (/** @type {number} */ at) => Math.round(from + at * (to - from));
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
    const start = Math.max(from, Math.min(to, at));
    const step = (/** @type {1 | -1} */ by) => () => {
      const next = nextReading(samples?.events ?? [], start, by, length);
      read(Math.max(from, Math.min(to, next)));
    };
    return {
      ArrowRight: step(1),
      ArrowLeft: step(-1),
      Home: () => read(from),
      End: () => read(to),
      Enter: () => go(at),
      Escape: reading === null ? undefined : () => read(null),
    };
  };
  const at = reading ?? position;
  const said = samples ? strips.map((strip) => `${strip.title} ${valueAt(strip, samples, at)}`) : [];
  const inView = (/** @type {number} */ event) => event >= from && event <= to;
  return html`<div
    ref=${box}
    class=${window === ALL ? "strips" : "strips zoomed"}
    role="slider"
    tabindex="0"
    aria-label="Reading point"
    aria-valuemin="0"
    aria-valuemax=${length}
    aria-valuenow=${at}
    aria-valuetext=${[`event ${at}`, ...said].join(", ")}
    onPointerDown=${down}
    onPointerMove=${move}
    onPointerUp=${up}
    onPointerCancel=${() => setDrag(null)}
    onDblClick=${() => zoom(ALL)}
    onPointerLeave=${() => read(null)}
    onBlur=${() => read(null)}
    onKeyDown=${press}
  >
    ${strips.map((strip) => html`<${StripChart} key=${strip.name} ...${{ strip, samples, length, from, to }} />`)}
    ${strips.length === 0 ? html`<p class="empty">Choose a chart on the left.</p>` : null}
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
    ${reading === null || !inView(reading) ? null : html`<${ReadingLine} event=${reading} share=${share(reading)} />`}
  </div>`;
}

/** @param {{ event: number, share: number }} props */
function ReadingLine({ event, share }) {
  return html`<i class="reading-line" style=${`left:${share * 100}%`}>
    <b style=${`transform:translateX(-${share * 100}%)`}>event ${number(event)}</b>
  </i>`;
}

// The surface of the charts: strips above each other, the line for now, and the line for the point that is read. What
// the pointer is at is read, and so is what the arrow keys move to while the surface has the focus; a click or Enter
// goes there.

import { number } from "../format.js";
import { openingTitle } from "../write-amplification.js";
import { nextReading, valueAt } from "./series.js";
import { StripChart } from "./strip.js";
import { html } from "./ui.js";

/** @typedef {import("./series.js").Strip} Strip */
/** @typedef {import("./series.js").Samples} Samples */
/** @typedef {import("../write-amplification.js").Opening} Opening */

/** The most marks of openings: the last ones. */
const MARKS = 50;

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
 * }} props
 *   `reading`: the event that is read; null where that is the position.
 */
export function ChartSurface({ strips, samples, length, position, openings, reading, read, go }) {
  const share = (/** @type {number} */ event) => (length === 0 ? 0 : event / length);
  const eventAt = (/** @type {MouseEvent & { currentTarget: HTMLElement }} */ event) => {
    const box = event.currentTarget.getBoundingClientRect();
    return Math.max(0, Math.min(length, Math.round(((event.clientX - box.left) / box.width) * length)));
  };
  const press = (/** @type {KeyboardEvent} */ event) => {
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys()[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  /** @returns {Record<string, (() => void) | undefined>} */
  const keys = () => {
    const from = reading ?? position;
    const to = (/** @type {1 | -1} */ by) => () => read(nextReading(samples?.events ?? [], from, by, length));
    return {
      ArrowRight: to(1),
      ArrowLeft: to(-1),
      Home: () => read(0),
      End: () => read(length),
      Enter: () => go(from),
      Escape: reading === null ? undefined : () => read(null),
    };
  };
  const at = reading ?? position;
  const said = samples ? strips.map((strip) => `${strip.title} ${valueAt(strip, samples, at)}`) : [];
  return html`<div
    class="strips"
    role="slider"
    tabindex="0"
    aria-label="Reading point"
    aria-valuemin="0"
    aria-valuemax=${length}
    aria-valuenow=${at}
    aria-valuetext=${[`event ${at}`, ...said].join(", ")}
    onPointerMove=${(/** @type {any} */ event) => read(eventAt(event))}
    onPointerLeave=${() => read(null)}
    onBlur=${() => read(null)}
    onKeyDown=${press}
    onClick=${(/** @type {any} */ event) => go(eventAt(event))}
  >
    ${strips.map(
      (strip) => html`<${StripChart} key=${strip.name} strip=${strip} samples=${samples} length=${length} />`,
    )}
    ${strips.length === 0 ? html`<p class="empty">Choose a chart on the left.</p>` : null}
    ${openings
      .filter((opening) => opening.kind === "options_changed" || opening.kind === "reopened")
      .slice(-MARKS)
      .map(
        (opening) => html`<i
          key=${opening.index}
          class=${`opening-line ${opening.kind}`}
          style=${`left:${share(opening.index) * 100}%`}
          title=${openingTitle(opening)}
        ></i>`,
      )}
    <i class="now-line" style=${`transform:translateX(${share(position) * 100}%)`}></i>
    ${reading === null ? null : html`<${ReadingLine} event=${reading} share=${share(reading)} />`}
  </div>`;
}

/** @param {{ event: number, share: number }} props */
function ReadingLine({ event, share }) {
  return html`<i class="reading-line" style=${`left:${share * 100}%`}>
    <b style=${`transform:translateX(-${share * 100}%)`}>event ${number(event)}</b>
  </i>`;
}

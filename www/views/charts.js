// Charts above the scrubber, on its axis: event by event, what the memtable holds, how many tables and bytes each level
// has, and the amplifications. A step only moves the line for "now"; a click on a chart goes to where it was clicked.

import { bytes, number, ratio } from "../format.js";
import { STRIPS, at } from "./series.js";
import { StripChart } from "./strip.js";
import { Icon, html, useEffect, useRef, useState } from "./ui.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {NonNullable<State["shown"]["samples"]>} Samples */
/** @typedef {import("./series.js").Strip} Strip */

/** Charts that tables alone are enough for. */
const OF_TABLES = ["tables", "bytes", "read", "space"];

/**
 * @param {{
 *   samples: Samples | null,
 *   length: number,
 *   position: number,
 *   shown: string[],
 *   controller: import("../controller.js").Controller,
 *   history: boolean,
 * }} props
 *   `history`: of a real database, of which no more is known than its tables.
 */
export function Charts({ samples, length, position, shown: chosen, controller, history }) {
  const shown = history ? OF_TABLES : chosen;
  const strips = STRIPS.filter((strip) => shown.includes(strip.name));
  const go = (/** @type {MouseEvent & { currentTarget: HTMLElement }} */ event) => {
    const box = event.currentTarget.getBoundingClientRect();
    controller.seek(Math.round(((event.clientX - box.left) / box.width) * length));
  };
  return html`<section class="charts" role="region" aria-label="Charts">
    ${history ? null : html`<${Chooser} shown=${shown} controller=${controller} />`}
    <div class="strips" onClick=${go}>
      ${strips.map(
        (strip) => html`<${StripChart} key=${strip.name} strip=${strip} samples=${samples} length=${length} />`,
      )}
      ${strips.length === 0 ? html`<p class="empty">Choose a chart on the left.</p>` : null}
      <i class="now-line" style=${`transform:translateX(${length === 0 ? 0 : (position / length) * 100}%)`}></i>
    </div>
    <div class="legend">
      ${strips.map(
        (strip) => html`<span key=${strip.name} style=${`color:var(${strip.colour})`} title=${strip.about}>
          <b>${samples ? value(strip, samples, position) : "–"}</b> ${
            strip.short === strip.title
              ? strip.title
              : html`<span class="wide-only">${strip.title}</span><span class="narrow-only">${strip.short}</span>`
          }
        </span>`,
      )}
    </div>
  </section>`;
}

/**
 * @param {Strip} strip
 * @param {Samples} samples
 * @param {number} position
 */
function value(strip, samples, position) {
  const i = at(samples.events, position);
  const n = strip.series(samples).reduce((sum, line) => sum + (line[i] ?? 0), 0);
  return strip.unit === "bytes" ? bytes(n) : strip.unit === "ratio" ? ratio(n) : number(n);
}

/** @param {{ shown: string[], controller: import("../controller.js").Controller }} props */
function Chooser({ shown, controller }) {
  const [open, setOpen] = useState(false);
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const button = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    if (!open) return;
    const outside = (/** @type {Event} */ event) => {
      if (!box.current?.contains(/** @type {Node} */ (event.target))) setOpen(false);
    };
    const escape = (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      setOpen(false);
      button.current?.focus();
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("focusin", outside);
    document.addEventListener("keydown", escape, true);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("focusin", outside);
      document.removeEventListener("keydown", escape, true);
    };
  }, [open]);
  const toggle = (/** @type {string} */ name) =>
    controller.prefer({ charts: shown.includes(name) ? shown.filter((s) => s !== name) : [...shown, name] });
  return html`<div class="chooser" ref=${box}>
    <button
      ref=${button}
      class="plain"
      aria-label="Choose charts"
      title="Choose charts"
      aria-expanded=${open ? "true" : "false"}
      onClick=${() => setOpen(!open)}
    >
      <${Icon} name="chart" />
    </button>
    ${
      open
        ? html`<div class="choices">
            ${STRIPS.map(
              (strip) => html`<label key=${strip.name} title=${strip.about}>
                <input type="checkbox" checked=${shown.includes(strip.name)} onChange=${() => toggle(strip.name)} />
                ${strip.title}
              </label>`,
            )}
          </div>`
        : null
    }
  </div>`;
}

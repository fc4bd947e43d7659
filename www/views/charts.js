// Charts above the scrubber, on its axis: event by event, what the memtable holds, how many tables and bytes each level
// has, and the amplifications. A step only moves the line for "now"; a click on a chart goes to where it was clicked.

import { bytes, number, ratio } from "../format.js";
import { openingTitle } from "../write-amplification.js";
import { Popover } from "./popover.js";
import { STRIPS, at } from "./series.js";
import { StripChart } from "./strip.js";
import { Icon, html } from "./ui.js";
import { WriteAmplification } from "./write-amplification.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {NonNullable<State["shown"]["samples"]>} Samples */
/** @typedef {import("./series.js").Strip} Strip */

/** The most marks of openings: the last ones. */
const MARKS = 50;
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
 *   view: State["shown"]["view"],
 *   openings: State["shown"]["openings"],
 * }} props
 *   `history`: of a real database, of which no more is known than its tables.
 */
export function Charts({ samples, length, position, shown: chosen, controller, history, view, openings }) {
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
      ${openings
        .filter((opening) => opening.kind === "options_changed" || opening.kind === "reopened")
        .slice(-MARKS)
        .map(
          (opening) => html`<i
            key=${opening.index}
            class=${`opening-line ${opening.kind}`}
            style=${`left:${length === 0 ? 0 : (opening.index / length) * 100}%`}
            title=${openingTitle(opening)}
          ></i>`,
        )}
      <i class="now-line" style=${`transform:translateX(${length === 0 ? 0 : (position / length) * 100}%)`}></i>
    </div>
    <div class="legend">
      ${strips.map(
        (strip) => html`<span key=${strip.name} style=${`color:var(${strip.colour})`} title=${strip.about}>
          ${
            strip.name === "write" && view
              ? html`<${WriteAmplification} view=${view} openings=${openings} expected=${controller.expectedWrites} />`
              : html`<${Legend} strip=${strip} samples=${samples} position=${position} />`
          }
        </span>`,
      )}
    </div>
  </section>`;
}

/** @param {{ strip: Strip, samples: Samples | null, position: number }} props */
function Legend({ strip, samples, position }) {
  return html`<b>${samples ? value(strip, samples, position) : "–"}</b> ${
    strip.short === strip.title
      ? strip.title
      : html`<span class="wide-only">${strip.title}</span><span class="narrow-only">${strip.short}</span>`
  }`;
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
  const toggle = (/** @type {string} */ name) =>
    controller.prefer({ charts: shown.includes(name) ? shown.filter((s) => s !== name) : [...shown, name] });
  const choices = () =>
    html`<div class="choices">
      ${STRIPS.map(
        (strip) => html`<label key=${strip.name} title=${strip.about}>
          <input type="checkbox" checked=${shown.includes(strip.name)} onChange=${() => toggle(strip.name)} />
          ${strip.title}
        </label>`,
      )}
    </div>`;
  return html`<${Popover} class="chooser" button="plain" label="Choose charts" box=${choices}>
    <${Icon} name="chart" />
  <//>`;
}

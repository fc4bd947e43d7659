// Charts above the scrubber, on its axis: event by event, what the memtable holds, how many tables and bytes each level
// has, and the amplifications. A step only moves the line for "now"; the numbers on the left are those at the point
// that is read, else those of now.

import { ALL, windowOf } from "./axis-window.js";
import { ChartSurface } from "./chart-surface.js";
import { ChartTable, tableOf } from "./chart-table.js";
import { number } from "../format.js";
import { Popover } from "./popover.js";
import { STRIPS, valueAt } from "./series.js";
import { Icon, html, useEffect, useState } from "./ui.js";
import { WriteAmplification } from "./write-amplification.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {NonNullable<State["shown"]["samples"]>} Samples */
/** @typedef {import("./series.js").Strip} Strip */

/** No fewer events fill the axis. */
const MIN_EVENTS = 4;
/** Where there is room for one strip. */
const LOW = "(height <= 600px)";
/** The strip where there is room for one and none was chosen. */
const WRITE = /** @type {Strip} */ (STRIPS.find((strip) => strip.name === "write"));
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
  const low = useMedia(LOW);
  const [opened, open] = useState(false);
  const all = STRIPS.filter((strip) => shown.includes(strip.name));
  const folded = low && !opened;
  const strips = folded ? [all[0] ?? WRITE] : all;
  const [pointed, read] = useState(/** @type {number | null} */ (null));
  // In events, so that it stays where it is while the timeline grows.
  const [range, setRange] = useState(/** @type {{ from: number, to: number } | null} */ (null));
  const window = windowOf(range, length);
  const whole = window === ALL;
  const [first, last] = [Math.round(window.from * length), Math.round(window.to * length)];
  const zoom = (/** @type {import("./axis-window.js").AxisWindow} */ { from, to }) => {
    const start = Math.round(from * length);
    setRange(to - from >= 1 ? null : { from: start, to: Math.max(Math.round(to * length), start + MIN_EVENTS) });
  };
  const [asTable, setAsTable] = useState(false);
  // What is read is never ahead of what is shown.
  const reading = pointed === null ? null : Math.min(pointed, length);
  return html`<section
    class=${folded ? "charts folded" : "charts"}
    role="region"
    aria-label="Charts"
    style=${`--strips:${strips.length}`}
  >
    <div class="chart-tools">
      ${
        low
          ? html`<button
              class="plain"
              aria-label="All charts"
              title=${opened ? "One chart" : "All charts"}
              aria-expanded=${opened ? "true" : "false"}
              onClick=${() => open(!opened)}
            >
              <${Icon} name=${opened ? "shrink" : "enlarge"} />
            </button>`
          : null
      }
      ${history || folded ? null : html`<${Chooser} shown=${shown} controller=${controller} />`}
      ${
        folded
          ? null
          : html`<button
              class="plain"
              aria-label="Charts as a table"
              title="Charts as a table"
              disabled=${!samples || strips.length === 0}
              onClick=${() => setAsTable(true)}
            >
              <${Icon} name="table" />
            </button>`
      }
    </div>
    ${
      asTable && samples
        ? html`<${ChartTable} table=${tableOf(strips, samples, first, last)} close=${() => setAsTable(false)} />`
        : null
    }
    <${ChartSurface}
      strips=${strips}
      samples=${samples}
      length=${length}
      position=${position}
      openings=${openings}
      reading=${reading}
      read=${read}
      go=${controller.seek}
      window=${window}
      zoom=${zoom}
    />
    ${
      whole
        ? null
        : html`<div class="chart-range">
            <span>events ${number(first)} to ${number(last)}</span>
            <button aria-label="All events" title="All events (0, or a double click)" onClick=${() => setRange(null)}>
              All
            </button>
          </div>`
    }
    <div class="legend">
      ${strips.map(
        (strip) => html`<span key=${strip.name} style=${`color:var(${strip.colour})`} title=${strip.about}>
          ${
            strip.name === "write" && view
              ? html`<${WriteAmplification}
                  view=${view}
                  openings=${openings}
                  expected=${controller.expectedWrites}
                  reading=${reading === null || !samples ? null : valueAt(strip, samples, reading)}
                />`
              : html`<${Legend} strip=${strip} samples=${samples} position=${reading ?? position} />`
          }
        </span>`,
      )}
    </div>
  </section>`;
}

/**
 * Whether a media query holds.
 * @param {string} query
 */
function useMedia(query) {
  const [holds, set] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const change = () => set(list.matches);
    change();
    list.addEventListener("change", change);
    return () => list.removeEventListener("change", change);
  }, [query]);
  return holds;
}

/** @param {{ strip: Strip, samples: Samples | null, position: number }} props */
function Legend({ strip, samples, position }) {
  return html`<b>${samples ? valueAt(strip, samples, position) : "–"}</b> ${
    strip.short === strip.title
      ? strip.title
      : html`<span class="wide-only">${strip.title}</span><span class="narrow-only">${strip.short}</span>`
  }`;
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

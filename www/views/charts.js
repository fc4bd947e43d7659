// Charts above the scrubber: what the memtable holds, how many tables and bytes each level has, and the amplifications,
// event by event on the scrubber's axis, or over virtual time. A step only moves the line for "now"; the numbers on the
// left are those at the point that is read, else those of now.

import { ALL, windowOf } from "./axis-window.js";
import { chartAxis, hasTime, labels } from "./chart-axis.js";
import { ChartSurface } from "./chart-surface.js";
import { ChartTable, tableOf } from "./chart-table.js";
import { number } from "../format.js";
import { termOf } from "../glossary.js";
import { say } from "../words.js";
import { Popover } from "./popover.js";
import { STRIPS, valueAt } from "./series.js";
import { TermButton } from "./term.js";
import { Icon, html, useEffect, useMemo, useState } from "./ui.js";
import { WriteAmplification } from "./write-amplification.js";
import { ZoomButtons } from "./zoom-buttons.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {NonNullable<State["shown"]["samples"]>} Samples */
/** @typedef {import("./series.js").Strip} Strip */
/** @typedef {import("./chart-axis.js").ChartAxis} ChartAxis */
/** @typedef {{ by: ChartAxis["by"], from: number, to: number }} Range */

/** Where there is room for one strip. */
const LOW = "(height <= 600px)";
/** The strip where there is room for one and none was chosen. */
const WRITE = /** @type {Strip} */ (STRIPS.find((strip) => strip.name === "write"));
/** Charts that tables alone are enough for. */
const OF_TABLES = ["tables", "bytes", "read", "space"];
const AXES = /** @type {const} */ ([
  { by: "event", name: say("events"), about: say("Each event is as wide as the next, as on the scrubber.") },
  { by: "time", name: say("virtual time"), about: say("As wide as the engine's clock says that it took.") },
]);
const NO_TIME = say("This run has no virtual time: its jobs and writes take none. With job_mode=scheduled they do.");

/**
 * @param {{
 *   samples: Samples | null,
 *   length: number,
 *   position: number,
 *   shown: string[],
 *   by: import("./chart-axis.js").AxisKind,
 *   controller: import("../controller.js").Controller,
 *   history: boolean,
 *   view: State["shown"]["view"],
 *   openings: State["shown"]["openings"],
 *   line?: boolean,
 * }} props
 *   `history`: of a real database, of which no more is known than its tables. `line`: one strip at first, whatever the
 *   room; a click on it opens all.
 */
export function Charts(props) {
  const { samples, length, position, shown: chosen, by, controller, history, view, openings, line = false } = props;
  const shown = history ? OF_TABLES : chosen;
  const low = useMedia(LOW) || line;
  const [opened, open] = useState(false);
  const chosenStrips = STRIPS.filter((strip) => shown.includes(strip.name));
  const folded = low && !opened;
  const strips = folded ? [chosenStrips[0] ?? WRITE] : chosenStrips;
  const [pointed, read] = useState(/** @type {number | null} */ (null));
  const axis = useMemo(() => chartAxis(by, samples, length), [by, samples, length]);
  // Places on this kind of axis, so that it stays where it is while the timeline grows.
  const [range, setRange] = useState(/** @type {Range | null} */ (null));
  const window = windowOf(range?.by === axis.by ? range : null, axis.end);
  const whole = window === ALL;
  const [first, last] = [Math.round(window.from * axis.end), Math.round(window.to * axis.end)];
  const zoom = (/** @type {import("./axis-window.js").AxisWindow} */ { from, to }) => {
    const start = Math.round(from * axis.end);
    const end = Math.max(Math.round(to * axis.end), start + axis.least);
    setRange(to - from >= 1 ? null : { by: axis.by, from: start, to: end });
  };
  const [asTable, setAsTable] = useState(false);
  const all = axis.by === "event" ? say("All events") : say("All of the time");
  // What is read is never ahead of what is shown.
  const reading = pointed === null ? null : Math.min(pointed, length);
  return html`<section
    class=${folded ? "charts folded" : "charts"}
    role="region"
    aria-label=${say("Charts")}
    style=${`--strips:${strips.length}`}
  >
    <div class="chart-tools">
      ${
        low
          ? html`<button
              class="plain"
              aria-label=${say("All charts")}
              title=${opened ? say("One chart") : say("All charts")}
              aria-expanded=${opened ? "true" : "false"}
              onClick=${() => open(!opened)}
            >
              <${Icon} name=${opened ? "shrink" : "enlarge"} />
            </button>`
          : null
      }
      ${
        folded
          ? null
          : html`<${Chooser} ...${{ shown, axis, timed: hasTime(samples), controller, history }}>
              <${ZoomButtons}
                class="chart-zoom"
                names=${zoomNames(all)}
                whole=${whole}
                off=${axis.end === 0}
                go=${(/** @type {(now: typeof window) => typeof window} */ next) => zoom(next(window))}
              />
            <//>`
      }
      ${
        folded
          ? null
          : html`<button
              class="plain"
              title=${say("Charts as a table")}
              disabled=${!samples || strips.length === 0}
              onClick=${() => setAsTable(true)}
            >
              <${Icon} name="table" />
            </button>`
      }
    </div>
    ${
      asTable && samples
        ? html`<${ChartTable} table=${tableOf(strips, samples, axis, first, last)} close=${() => setAsTable(false)} />`
        : null
    }
    <${ChartSurface}
      strips=${strips}
      samples=${samples}
      axis=${axis}
      length=${length}
      position=${position}
      openings=${openings}
      reading=${reading}
      read=${read}
      go=${line && folded ? () => open(true) : controller.seek}
      window=${window}
      zoom=${zoom}
    />
    ${
      whole
        ? null
        : html`<div class="chart-range">
            <span>${rangeText(axis, first, last)}</span>
            <button
              aria-label=${all}
              title=${say("{action} (0, or a double click)", { action: all })}
              onClick=${() => setRange(null)}
            >
              ${say("All")}
            </button>
          </div>`
    }
    ${axis.by === "time" ? html`<${AxisLabels} ...${{ axis, from: first, to: last }} />` : null}
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

/** Characters of a title with which it takes two lines of the legend, beside a value. */
const MAX_TITLE = 24;

/** @param {{ strip: Strip, samples: Samples | null, position: number }} props */
function Legend({ strip, samples, position }) {
  const isLong = strip.title.length > MAX_TITLE;
  const name =
    isLong || strip.short === strip.title
      ? strip.short
      : html`<span class="wide-only">${strip.title}</span><span class="narrow-only">${strip.short}</span>`;
  const term = termOf(strip.title);
  return html`<b>${samples ? valueAt(strip, samples, position) : "–"}</b> ${
    term ? html`<${TermButton} term=${term} text=${name} />` : name
  }`;
}

/**
 * @param {ChartAxis} axis
 * @param {number} from
 * @param {number} to
 */
function rangeText(axis, from, to) {
  if (axis.by === "event") return say("events {from} to {to}", { from: number(from), to: number(to) });
  const label = (/** @type {number} */ place) => axis.label(place, (to - from) / 100);
  return say("{from} to {to}", { from: label(from), to: label(to) });
}

/** @param {{ axis: ChartAxis, from: number, to: number }} props */
function AxisLabels({ axis, from, to }) {
  return html`<span class="axis-name">${say("virtual time")}</span>
    <div class="axis-labels" aria-hidden="true">
      ${labels(axis, from, to).map(({ place, text }) => {
        const share = ((place - from) / (to - from)) * 100;
        // Those at the ends stay within.
        return html`<span key=${place} style=${`left:${share}%;transform:translateX(-${share}%)`}>${text}</span>`;
      })}
    </div>`;
}

/**
 * The buttons that do what dragging over the charts does, for those who cannot drag.
 * @param {string} all What all of the axis is called.
 * @returns {import("./zoom-buttons.js").ZoomNames}
 */
const zoomNames = (all) => ({
  group: say("Zoom"),
  earlier: [say("Earlier"), "<"],
  later: [say("Later"), ">"],
  out: [say("Zoom out"), "-"],
  in: [say("Zoom in"), say("+, or drag over the charts")],
  all: [all, "0"],
});

/**
 * `timed`: whether the run has virtual time; `history`: whether there is nothing to choose; `children`: the zoom.
 * @param {{
 *   shown: string[],
 *   axis: ChartAxis,
 *   timed: boolean,
 *   controller: import("../controller.js").Controller,
 *   history: boolean,
 *   children?: import("./ui.js").Children,
 * }} props
 */
function Chooser({ shown, axis, timed, controller, history, children }) {
  const toggle = (/** @type {string} */ name) =>
    controller.prefer({ charts: shown.includes(name) ? shown.filter((s) => s !== name) : [...shown, name] });
  if (history)
    return html`<${Popover}
      class="chooser"
      button="plain"
      label=${say("Zoom")}
      box=${() => html`<div class="choices">${children}</div>`}
    >
      <${Icon} name="plus" />
    <//>`;
  const choices = () =>
    html`<div class="choices">
      ${children}
      ${STRIPS.map(
        (strip) => html`<label key=${strip.name} title=${strip.about}>
          <input type="checkbox" checked=${shown.includes(strip.name)} onChange=${() => toggle(strip.name)} />
          ${strip.title}
        </label>`,
      )}
      <fieldset>
        <legend>${say("Over||an axis")}</legend>
        ${AXES.map(
          ({ by, name, about }) => html`<label
            key=${by}
            title=${by === "time" && !timed ? NO_TIME : about}
            class=${by === "time" && !timed ? "quiet" : null}
          >
            <input
              type="radio"
              name="chart-axis"
              checked=${axis.by === by}
              disabled=${by === "time" && !timed}
              onChange=${() => controller.prefer({ chartAxis: by })}
            />
            ${name}
          </label>`,
        )}
      </fieldset>
    </div>`;
  return html`<${Popover} class="chooser" button="plain" label=${say("Choose charts")} box=${choices}>
    <${Icon} name="chart" />
  <//>`;
}

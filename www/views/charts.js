// Charts above the scrubber, on its axis: event by event, what the memtable holds, how many tables and bytes each level
// has, and the amplifications. Each strip is one canvas, painted when the samples change; a step only moves the line.
//
// Plain canvas, not a chart library: the strips share the scrubber's axis to the pixel, and are all steps and stacks.

import { bytes, ratio } from "./format.js";
import { cssColor, prepare, usePaint } from "./paint.js";
import { STRIPS, at } from "./series.js";
import { Icon, html, memo, useState } from "./ui.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {NonNullable<State["samples"]>} Samples */
/** @typedef {import("./series.js").Strip} Strip */

/**
 * @param {{ samples: Samples | null, marks: State["marks"], length: number, position: number, shown: string[], controller: import("../controller.js").Controller }} props
 */
export function Charts({ samples, length, position, shown, controller }) {
  const strips = STRIPS.filter((strip) => shown.includes(strip.name));
  return html`<section class="charts" role="region" aria-label="Charts">
    <${Chooser} shown=${shown} controller=${controller} />
    <div class="strips">
      ${strips.map((strip) => html`<${StripView} key=${strip.name} strip=${strip} samples=${samples} length=${length} position=${position} />`)}
      ${strips.length === 0 ? html`<p class="empty">Choose a chart on the left.</p>` : null}
      <i class="now-line" style=${`left:${length === 0 ? 0 : (position / length) * 100}%`}></i>
    </div>
    <div class="legend">
      ${strips.map((strip) => html`<span key=${strip.name} style=${`color:var(${strip.colour})`} title=${strip.about}><b>${samples ? value(strip, samples, position) : "–"}</b> ${strip.title}</span>`)}
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
  const n = strip.series(samples).reduce((/** @type {number} */ sum, /** @type {ArrayLike<number>} */ line) => sum + (line[i] ?? 0), 0);
  return strip.unit === "bytes" ? bytes(n) : strip.unit === "ratio" ? ratio(n) : String(n);
}

/** @param {{ shown: string[], controller: import("../controller.js").Controller }} props */
function Chooser({ shown, controller }) {
  const [open, setOpen] = useState(false);
  const toggle = (/** @type {string} */ name) =>
    controller.prefer({ charts: shown.includes(name) ? shown.filter((s) => s !== name) : [...shown, name] });
  return html`<div class="chooser">
    <button class="plain" aria-label="Choose charts" title="Choose charts" aria-expanded=${open ? "true" : "false"} onClick=${() => setOpen(!open)}><${Icon} name="chart" /></button>
    ${
      open
        ? html`<div class="choices" onMouseLeave=${() => setOpen(false)}>
            ${STRIPS.map(
              (strip) => html`<label key=${strip.name} title=${strip.about}>
                <input type="checkbox" checked=${shown.includes(strip.name)} onChange=${() => toggle(strip.name)} />${strip.title}
              </label>`,
            )}
          </div>`
        : null
    }
  </div>`;
}

/** @param {{ strip: Strip, samples: Samples | null, length: number, position: number }} props */
function StripCanvas({ strip, samples, length }) {
  const canvas = usePaint((element) => samples && paint(element, strip, samples, length), [strip, samples, length]);
  return html`<canvas class="strip-canvas" ref=${canvas} aria-hidden="true"></canvas>`;
}

// The line for "now" is not painted here, so a step need not paint anything.
const StripView = memo(StripCanvas, (a, b) => a.samples === b.samples && a.length === b.length && a.strip === b.strip);

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Strip} strip
 * @param {Samples} samples
 * @param {number} length
 */
function paint(canvas, strip, samples, length) {
  const { context: c, width, height } = prepare(canvas);
  const n = samples.events.length;
  if (!c || n === 0 || length === 0) return;
  const lines = strip.series(samples);
  const base = new Array(n).fill(0);
  const tops = lines.map((line) => base.map((_, i) => (base[i] += line[i] ?? 0)).slice());
  const most = Math.max(...(tops.at(-1) ?? [0]), strip.least);
  const x = (/** @type {number} */ i) => (samples.events[i] / length) * width;
  const y = (/** @type {number} */ v) => height - 1.5 - (v / most) * (height - 4);
  // From the highest stack to the lowest, so that each covers what is below it.
  for (let l = tops.length - 1; l >= 0; l -= 1) {
    const [edge, fill] = strip.colours(l).map((name) => cssColor(canvas, name));
    c.beginPath();
    c.moveTo(x(0), y(0));
    for (let i = 0; i < n; i += 1) {
      c.lineTo(x(i), y(tops[l][i]));
      c.lineTo(i + 1 < n ? x(i + 1) : width, y(tops[l][i]));
    }
    c.lineTo(width, y(0));
    c.fillStyle = fill;
    c.fill();
    c.strokeStyle = edge;
    c.lineWidth = 1.2;
    c.stroke();
  }
}

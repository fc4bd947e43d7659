// Jobs as lanes over virtual time: one row a slot, flushes above compactions; while writes are stopped or slowed down,
// a hatched band over all of them. Pointed at, or walked to with the arrow keys, a job says what it does.
//
// It is fed with plain data, so that the real engine and the simulator are drawn alike. Colours are those of the level
// that is written; flushes are dotted and moves hollow, so that colour is never the only sign.

import { asMeasured } from "../../figure/canvas.js";
import { count } from "../../format.js";
import { say } from "../../words.js";
import { cssColor, hatching, prepare, usePaint } from "../canvas.js";
import { useDismissal } from "../popover.js";
import { html, memo, useLayoutEffect, useRef, useState } from "../ui.js";
import { bandsOf, boxesOf, firstAfter, spanAt } from "./layout.js";
import { route, spanText, stallText } from "./labels.js";

/** @typedef {import("./layout.js").Lane} Lane */
/** @typedef {import("../../jobs.js").Span} Span */
/** @typedef {import("../../jobs.js").Stall} Stall */
/** @typedef {import("../../jobs.js").Range} Range */
/**
 * A job that is pointed at. Numbers of jobs begin anew with each opening of a database.
 * @typedef {{ row: number, job: number, began: number }} At
 */

/** How high a row is, and the gap below it. */
const ROW = 16;
const GAP = 3;
/** A box as wide as this has a label. */
const LABELLED = 42;
/** How far beside a span one may point. */
const REACH = 4;

/** @param {number} row @param {Span} span @returns {At} */
const atOf = (row, { job, began }) => ({ row, job, began });
/** @param {Span} span @param {At} at */
const is = (span, at) => span.job === at.job && span.began === at.began;

/**
 * `now`: up to where running jobs are drawn. `tell` and `tellStall`: what is said of a job, and of a stall.
 * @param {{
 *   lanes: Lane[],
 *   stalls: Stall[],
 *   range: Range,
 *   now: number,
 *   label?: string,
 *   tell?: (span: Span) => string,
 *   tellStall?: (stall: Stall) => string,
 *   choose?: (span: Span) => void,
 * }} props `choose`: what Enter on a job does.
 */
function LanesView({ lanes, stalls, range, now, label = say("Jobs"), tell = spanText, tellStall = stallText, choose }) {
  const [at, setAt] = useState(/** @type {At | null} */ (null));
  const found = at && lanes[at.row]?.spans.find((span) => is(span, at));
  const said = found ? tell(found) : "";
  const canvas = usePaint(
    (element) => paint(element, { lanes, stalls, range, now }, found ? at : null),
    [lanes, stalls, range, now, at],
  );
  const height = lanes.length * (ROW + GAP);
  const note = useRef(/** @type {HTMLElement | null} */ (null));
  const [isBelow, setBelow] = useState(false);
  // What scrolls cuts what stands above it.
  useLayoutEffect(() => {
    const { current } = note;
    const edge = current?.closest(".scroll")?.getBoundingClientRect().top;
    const top = current?.parentElement?.getBoundingClientRect().top;
    if (!current || !found || edge === undefined || top === undefined) return setBelow(false);
    setBelow(top + at.row * (ROW + GAP) - current.offsetHeight < edge);
  }, [said, range]);
  const rows = useRef(/** @type {HTMLElement | null} */ (null));
  // The note lies on other jobs: Escape takes it away. The pointer may go onto it.
  useDismissal(Boolean(found), () => setAt(null), rows);
  const point = (/** @type {MouseEvent} */ event) => {
    if (event.target !== note.current) setAt(pointed(event, lanes, range));
  };
  const press = (/** @type {KeyboardEvent} */ event) => {
    const next = walk(event.key, lanes, at, range);
    const chosen = event.key === "Enter" && choose ? found : null;
    if ((!next && !chosen) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    // The page's own arrow keys step through time.
    event.stopPropagation();
    if (next) setAt(next);
    else if (chosen) choose?.(chosen);
  };
  const stopped = stalls.filter((stall) => stall.began < range.to && (stall.ended ?? now) > range.from);
  const jobs = lanes.reduce((n, lane) => n + lane.spans.length, 0);
  const about = say("{jobs} in {rows}, {stalls} in view. Arrow keys walk.", {
    jobs: count(jobs, "job"),
    rows: count(lanes.length, "row"),
    stalls: count(stopped.length, "stall"),
  });
  const goes = choose ? say("Enter goes to a job's moment.") : "";
  return html`<section class="lanes" role="region" aria-label=${label}>
    <div class="lane-names" aria-hidden="true">
      ${lanes.map((lane) => html`<span key=${lane.name} style=${`height:${ROW + GAP}px`}>${lane.name}</span>`)}
    </div>
    <div
      class="lane-rows"
      ref=${rows}
      style=${`height:${height}px`}
      tabindex="0"
      role="group"
      aria-label=${`${about} ${goes}`.trim()}
      onMouseMove=${point}
      onMouseLeave=${() => setAt(null)}
      onBlur=${() => setAt(null)}
      onKeyDown=${press}
    >
      <canvas ref=${canvas} aria-hidden="true"></canvas>
      ${
        found
          ? html`<span
              class="lane-note"
              ref=${note}
              style=${notePlace(found, range, at.row, isBelow)}
              aria-hidden="true"
            >
              ${said}
            </span>`
          : null
      }
      <span class="sr" aria-live="polite">${said}</span>
    </div>
    <ul class="sr" aria-label=${say("Stalls")}>
      ${stopped.slice(-20).map((stall) => html`<li key=${stall.began}>${tellStall(stall)}</li>`)}
    </ul>
  </section>`;
}

export const Lanes = memo(LanesView);

/**
 * The note stands at its job, as a whole within the rows; above it, or below where it would be cut.
 * @param {Span} span
 * @param {Range} range
 * @param {number} row
 * @param {boolean} isBelow
 */
function notePlace(span, range, row, isBelow) {
  const x = Math.max(0, Math.min(1, (span.began - range.from) / (range.to - range.from))) * 100;
  // It overlaps the row by a pixel: between them the pointer would be on neither.
  const edge = isBelow ? `top:${(row + 1) * (ROW + GAP) - 1}px` : `bottom:calc(100% - ${row * (ROW + GAP) + 1}px)`;
  return `left:${x}%;transform:translateX(-${x}%);${edge}`;
}

/**
 * @param {MouseEvent} event
 * @param {Lane[]} lanes
 * @param {Range} range
 */
function pointed(event, lanes, range) {
  const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
  const row = Math.floor((event.clientY - box.top) / (ROW + GAP));
  const second = (range.to - range.from) / box.width;
  const span = lanes[row] && spanAt(lanes[row].spans, range.from + (event.clientX - box.left) * second, REACH * second);
  return span ? atOf(row, span) : null;
}

/**
 * Where a key leads: arrows sideways to the row's next job in view, up and down to the job of another row nearest in
 * time; Home and End to the row's first and last job.
 * @param {string} key
 * @param {Lane[]} lanes
 * @param {At | null} at
 * @param {Range} range
 */
export function walk(key, lanes, at, range) {
  if (!/^(Arrow|Home$|End$)/.test(key)) return null;
  const row = Math.min(at?.row ?? 0, lanes.length - 1);
  const spans = lanes[row]?.spans ?? [];
  const here = at ? spans.findIndex((span) => is(span, at)) : -1;
  if (key === "Home" || key === "End") {
    const span = spans.at(key === "Home" ? 0 : -1);
    return span ? atOf(row, span) : at;
  }
  if (key === "ArrowLeft" || key === "ArrowRight") {
    const first = here < 0 ? firstAfter(spans, range.from) : here + (key === "ArrowRight" ? 1 : -1);
    const span = spans[Math.max(0, Math.min(spans.length - 1, first))];
    return span ? atOf(row, span) : null;
  }
  const down = key === "ArrowDown" ? 1 : -1;
  for (let other = row + down; lanes[other]; other += down) {
    const span = spanAt(lanes[other].spans, spans[here]?.began ?? range.from, Number.POSITIVE_INFINITY);
    if (span) return atOf(other, span);
  }
  return at;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{ lanes: Lane[], stalls: Stall[], range: Range, now: number }} shown
 * @param {At | null} at
 */
function paint(canvas, { lanes, stalls, range, now }, at) {
  const { context: c, width, height } = prepare(canvas);
  if (!c) return;
  const colours = {
    now: cssColor(canvas, "--now"),
    dead: cssColor(canvas, "--dead"),
    ink: cssColor(canvas, "--ink"),
    line: cssColor(canvas, "--line"),
    flush: cssColor(canvas, "--mem"),
    flushFill: cssColor(canvas, "--mem-bg"),
  };
  const levels = [0, 1, 2, 3, 4].map((l) => [cssColor(canvas, `--l${l}`), cssColor(canvas, `--l${l}-bg`)]);
  const colourOf = (/** @type {Span} */ span) =>
    span.kind === "flush" ? [colours.flush, colours.flushFill] : levels[Math.min(span.to ?? 0, 4)];
  const hatched = { stopped: hatching(c, colours.dead, 5), slowed: hatching(c, colours.dead, 10) };
  for (const band of bandsOf(stalls, range, width, now)) {
    c.fillStyle = hatched[band.kind];
    c.fillRect(band.x, 0, band.width, height);
  }
  asMeasured(c);
  c.font = `10.5px ${getComputedStyle(canvas).fontFamily}`;
  c.textBaseline = "middle";
  lanes.forEach((lane, row) => {
    const y = row * (ROW + GAP);
    c.fillStyle = colours.line;
    c.fillRect(0, y + ROW + 1, width, 1);
    const { boxes, traces } = boxesOf(lane.spans, range, width, now);
    for (const { x, share, to } of traces) {
      c.globalAlpha = Math.max(0.2, share);
      c.fillStyle = lane.kind === "flush" ? colours.flush : levels[Math.min(to, 4)][0];
      c.fillRect(x, y, 1, ROW);
    }
    c.globalAlpha = 1;
    for (const { span, x, width: w } of boxes) {
      const [edge, fill] = colourOf(span);
      const marked = at?.row === row && is(span, at);
      box(c, { x, y, w, edge: marked ? colours.now : edge, fill, span });
      if (w >= LABELLED) {
        c.fillStyle = colours.ink;
        c.fillText(route(span), x + 5, y + ROW / 2 + 0.5);
      }
    }
  });
}

/**
 * @param {CanvasRenderingContext2D} c
 * @param {{ x: number, y: number, w: number, edge: string, fill: string, span: Span }} what
 */
function box(c, { x, y, w, edge, fill, span }) {
  if (span.kind !== "move") {
    c.fillStyle = fill;
    c.fillRect(x, y, w, ROW);
  }
  if (span.kind === "flush" && w >= 4) {
    c.fillStyle = edge;
    for (let dot = x + 2; dot < x + w - 1; dot += 4) c.fillRect(dot, y + ROW - 4, 1.5, 1.5);
  }
  c.strokeStyle = edge;
  c.fillStyle = edge;
  c.setLineDash(span.ended === null ? [3, 2] : []);
  if (w >= 3) c.strokeRect(x + 0.5, y + 0.5, w - 1, ROW - 1);
  else c.fillRect(x, y, w, ROW);
  c.setLineDash([]);
}

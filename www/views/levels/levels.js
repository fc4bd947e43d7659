// The levels: every table on one key axis, so that overlap is what one sees. A table's left edge and width are its key
// range. Level 0's tables lie in rows, the newest on top; from level 1 on a level is one sorted run.
//
// It is fed with plain data, so that the sandbox, the simulator and a history of a real database are drawn alike
// ([`Tree`]). A level with very many tables is drawn as bins; one zooms in until tables can be told apart.

import { bytes, count, number } from "../../format.js";
import { amounts, html, useCallback, useLayoutEffect, useRef, useState } from "../ui.js";
import { LevelTables, isVacant } from "./level-tables.js";
import { ALL, panned, zoomed } from "./layout.js";
import { KeyAxis, ZoomBar } from "./zoom.js";

/** @typedef {import("../../tree.js").LevelData} LevelData */
/** @typedef {import("../../tree.js").TableData} TableData */
/** @typedef {import("../../tree.js").Tree} Tree */
/** @typedef {import("./layout.js").Window} Window */
/** @typedef {import("./layout.js").Go} Go */
/** The part of the axis that one key press moves by. */
const STEP = 0.25;

/**
 * @param {{ tree: Tree, pick: (table: TableData) => void, high?: number }} props `high`: how high every level is, in pixels, where they are to
 *   stand dense; else as high as what is in it.
 */
export function Levels({ tree, pick, high }) {
  const [window, setWindow] = useState(ALL);
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const width = useBedWidth(box);
  const go = useCallback((/** @type {(now: Window) => Window} */ next) => setWindow(next), []);
  const shown = { tree, window, width, high };
  // Dense, there is a time axis below with buttons that look the same: wheel and keys zoom here, and the bar comes when they have.
  const zoomable = !high && (window !== ALL || tree.levels.some((level) => !level.tables));
  return html`<div class="levels-box" ref=${box} onKeyDown=${(/** @type {KeyboardEvent} */ e) => zoomKey(e, go)} onWheel=${(/** @type {WheelEvent} */ e) => zoomWheel(e, go)}>
    <div class=${high ? "levels dense scroll" : "levels scroll"}>
      ${tree.levels.map((level) => html`<${LevelRow} key=${level.level} level=${level} shown=${shown} go=${go} pick=${pick} />`)}
      <${KeyAxis} tree=${tree} window=${window} width=${width} go=${zoomable ? go : null} />
    </div>
    ${window !== ALL ? html`<${ZoomBar} window=${window} tree=${tree} go=${go} />` : null}
  </div>`;
}

/** @param {{ level: LevelData, shown: { tree: Tree, window: Window, width: number, high?: number }, go: Go, pick: (table: TableData) => void }} props */
function LevelRow({ level, shown, go, pick }) {
  return html`<section class=${`row level hue-${Math.min(level.level, 4)}${isVacant(level) ? " vacant" : ""}`} role="region" aria-label=${`Level ${level.level}`}>
    ${shown.high ? html`<${DenseLabel} level=${level} />` : html`<${Label} level=${level} />`}
    <${LevelTables} level=${level} tree=${shown.tree} window=${shown.window} width=${shown.width} high=${shown.high} go=${go} pick=${pick} />
  </section>`;
}

/** @param {{ level: LevelData }} props */
function Label({ level }) {
  return html`<div class="label">
    <strong>L${level.level}</strong>
    <small title=${`${count(level.count, "table")}, ${bytes(level.bytes)}`}>${level.count === 0 ? "empty" : amounts(number(level.count), level.count === 1 ? "table" : "tables", bytes(level.bytes))}</small>
    ${level.note ? html`<small class=${level.due ? "score due" : "score"} title=${level.noteTitle}>${level.note}</small>` : null}
  </div>`;
}

/**
 * The same in two lines, or in one where a row is no higher than that.
 * @param {{ level: Pick<LevelData, "level" | "count" | "bytes" | "note" | "noteTitle" | "due"> }} props
 */
export function DenseLabel({ level }) {
  const size = level.count === 0 ? "empty" : bytes(level.bytes);
  return html`<div class="label" title=${[`Level ${level.level}: ${count(level.count, "table")}, ${bytes(level.bytes)}`, level.noteTitle].filter(Boolean).join("; ")}>
    <span><strong>L${level.level}</strong>${level.note ? html` <small class=${level.due ? "score due" : "score"}><span>${/^\d/.test(level.note) ? "score " : ""}${level.note}</span>${level.due ? html`<i> due</i>` : ""}</small>` : null}</span>
    <small><span>${size}</span>${level.count === 0 ? null : html`<span class="label-tables">${count(level.count, "table")}</span>`}</small>
  </div>`;
}

/**
 * How many pixels the axis has: beds are as wide as the box without the labels.
 * @param {{ current: HTMLElement | null }} box
 */
function useBedWidth(box) {
  const [width, setWidth] = useState(600);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => setWidth(element.querySelector(".bed")?.clientWidth || 600);
    const watcher = new ResizeObserver(measure);
    watcher.observe(element);
    return () => watcher.disconnect();
  }, []);
  return width;
}

/**
 * Keys on a focused level.
 * @param {KeyboardEvent} event
 * @param {Go} go
 */
function zoomKey(event, go) {
  if (event.ctrlKey || event.metaKey || event.altKey || /** @type {HTMLElement} */ (event.target).matches("input"))
    return;
  /** @type {Record<string, (now: Window) => Window>} */
  const keys = {
    "+": (now) => zoomed(now, 0.5),
    "=": (now) => zoomed(now, 0.5),
    "-": (now) => zoomed(now, 2),
    0: () => ALL,
    "<": (now) => panned(now, -STEP),
    ">": (now) => panned(now, STEP),
  };
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  go(act);
}

/**
 * The wheel zooms with Ctrl or Cmd, as in a map, or when a level has the focus; sideways it moves along the axis. Else it
 * scrolls, as everywhere.
 * @param {WheelEvent} event
 * @param {Go} go
 */
function zoomWheel(event, go) {
  const bed = /** @type {HTMLElement} */ (event.target).closest?.(".bed");
  if (!bed) return;
  const { left, width } = bed.getBoundingClientRect();
  const at = (event.clientX - left) / width;
  const sideways = event.shiftKey ? event.deltaY : event.deltaX;
  if (event.ctrlKey || event.metaKey || bed.contains(document.activeElement)) {
    event.preventDefault();
    go((now) => zoomed(now, 2 ** (Math.sign(event.deltaY) * 0.5), at));
  } else if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) {
    event.preventDefault();
    go((now) => panned(now, sideways / width));
  }
}

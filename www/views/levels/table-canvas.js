// Tables that are too many for an element each, and wide enough to be told apart: painted on one canvas, so that a step
// stays quick. A click is answered by the table under it; the words for it stand beside the canvas.

import { bytes, count, file } from "../../format.js";
import { cssColor, prepare, usePaint } from "../canvas.js";
import { html } from "../ui.js";
import { ASKED, INPUT, inputs } from "../../tree.js";
import { place } from "./layout.js";

/** @typedef {import("../../tree.js").Columns} Columns */

/**
 * @typedef {object} Props
 * @property {Columns} columns
 * @property {number[]} which The tables in view, by their places in the level's order.
 * @property {import("./layout.js").Window} window
 * @property {import("../../tree.js").LevelData} level
 * @property {import("../../tree.js").Tree} tree
 * @property {number} row
 * @property {boolean} stacked
 * @property {(table: import("../../tree.js").TableData) => void} pick
 */

/** @param {Props} props */
export function TableCanvas({ columns, which, window, level, tree, row, stacked, pick }) {
  const canvas = usePaint(
    (element) => paint(element, columns, which, window, row, stacked),
    [columns, which, window, row, stacked],
  );
  const busy = inputs(columns);
  const first = file(columns.ids[which[0]]);
  const last = file(columns.ids[which[which.length - 1]]);
  const words = `${count(which.length, "table")} of level ${level.level} in view, from ${first} to ${last}${busy > 0 ? `; ${count(busy, "table")} of the level are inputs of the job at hand` : ""}`;
  const click = (/** @type {MouseEvent} */ event) => {
    const i = hit(event, columns, which, window, row, stacked);
    const [table] = i === undefined ? [] : tree.tablesOf(level.level, [i]);
    if (table) pick(table);
  };
  return html`<canvas class="table-canvas" ref=${canvas} aria-hidden="true" onClick=${click} title=${`${count(level.count, "table")}, ${bytes(level.bytes)}: click one`}></canvas>
    <span class="sr">${words}</span>`;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Columns} columns
 * @param {number[]} which
 * @param {import("./layout.js").Window} window
 * @param {number} row
 * @param {boolean} stacked
 */
function paint(canvas, { x0, x1, marks }, which, window, row, stacked) {
  const { context: c, width } = prepare(canvas);
  if (!c) return;
  const colours = { edge: cssColor(canvas, "--c"), fill: cssColor(canvas, "--b"), now: cssColor(canvas, "--now") };
  which.forEach((table, i) => {
    const x = place(window, x0[table]) * width;
    const w = Math.max(1, place(window, x1[table]) * width - x);
    const y = 2 + (stacked ? i * row : 0);
    const h = Math.max(1, row - 2);
    const marked = (marks[table] & 3) === INPUT || marks[table] & ASKED;
    c.fillStyle = marked ? colours.now : colours.fill;
    c.fillRect(x, y, w, h);
    if (w >= 3 && h >= 4) {
      c.strokeStyle = marked ? colours.now : colours.edge;
      c.strokeRect(x + 0.5, y + 0.5, w - 1, h - 1);
    } else if (!marked) {
      // Too small for a frame: the left edge alone tells one table from the next.
      c.fillStyle = colours.edge;
      c.fillRect(x, y, Math.min(1, w / 2), h);
    }
  });
}

/**
 * @param {MouseEvent} event
 * @param {Columns} columns
 * @param {number[]} which
 * @param {import("./layout.js").Window} window
 * @param {number} row
 * @param {boolean} stacked
 */
function hit(event, { x0, x1 }, which, window, row, stacked) {
  const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
  const x = (event.clientX - box.left) / box.width;
  if (stacked) return which[Math.floor((event.clientY - box.top - 2) / row)];
  return which.find((i) => place(window, x0[i]) <= x && x < place(window, x1[i]));
}

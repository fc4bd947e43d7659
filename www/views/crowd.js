// A level with very many tables: painted on one canvas instead of laid out, so that a step stays quick with thousands.
// A click is answered by the table under it; the words for it stand beside the canvas.

import { bytes, count, file } from "./format.js";
import { cssColor, prepare } from "./paint.js";
import { html, useLayoutEffect, useRef } from "./ui.js";

/** @typedef {import("../sandbox.js").View["levels"][number]["tables"][number]} TableView */

/**
 * @param {{ tables: TableView[], level: number, row: number, stacked: boolean, select: import("../controller.js").Controller["select"] }} props
 */
export function Crowd({ tables, level, row, stacked, select }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  useLayoutEffect(() => {
    if (canvas.current) paint(canvas.current, tables, row, stacked);
  });
  const inputs = tables.filter((table) => table.state === "input").length;
  const probed = tables.filter((table) => table.probe && table.probe !== "outside");
  const words = [
    `${count(tables.length, "table")} on level ${level}, from ${file(tables[0].id)} to ${file(tables[tables.length - 1].id)}`,
    inputs > 0 ? `${inputs} of them inputs of the job at hand` : "",
    ...probed.map((table) => `${file(table.id)}: ${table.probe?.replaceAll("_", " ")}`),
  ];
  return html`<canvas class="crowd" ref=${canvas} aria-hidden="true" onClick=${(/** @type {MouseEvent} */ e) => hit(e, tables, row, stacked, select)} title=${`${count(tables.length, "table")}, ${bytes(tables.reduce((n, t) => n + t.bytes, 0))}: click one`}></canvas>
    <span class="sr">${words.filter(Boolean).join("; ")}</span>`;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {TableView[]} tables
 * @param {number} row
 * @param {boolean} stacked
 */
function paint(canvas, tables, row, stacked) {
  const { context: c, width } = prepare(canvas);
  if (!c) return;
  const colours = { edge: cssColor(canvas, "--c"), fill: cssColor(canvas, "--b"), now: cssColor(canvas, "--now") };
  tables.forEach((table, i) => {
    const x = table.x0 * width;
    const w = Math.max(1, (table.x1 - table.x0) * width);
    const y = 2 + (stacked ? i * row : 0);
    const h = Math.max(1, row - 2);
    const marked = table.state === "input" || (table.probe && table.probe !== "outside");
    c.fillStyle = marked ? colours.now : colours.fill;
    c.fillRect(x, y, w, h);
    if (w >= 3 && h >= 4) {
      c.strokeStyle = marked ? colours.now : colours.edge;
      c.strokeRect(x + 0.5, y + 0.5, w - 1, h - 1);
    } else if (!marked) {
      // Too narrow for a fill: the left edge alone tells one table from the next.
      c.fillStyle = colours.edge;
      c.fillRect(x, y, Math.min(1, w / 2), h);
    }
  });
}

/**
 * @param {MouseEvent} event
 * @param {TableView[]} tables
 * @param {number} row
 * @param {boolean} stacked
 * @param {import("../controller.js").Controller["select"]} select
 */
function hit(event, tables, row, stacked, select) {
  const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
  const x = (event.clientX - box.left) / box.width;
  const at = Math.floor((event.clientY - box.top - 2) / row);
  const table = stacked ? tables[at] : tables.find((t) => t.x0 <= x && x < t.x1);
  if (table) select({ file: table.file });
}

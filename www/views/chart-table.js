// The charts as a table: a row for each sample shown, a column for each line. Where there are more samples than rows,
// rows are spread evenly over them.

import { hasTime } from "./chart-axis.js";
import { Modal } from "./dialog.js";
import { number, ratio } from "../format.js";
import { decimal, say } from "../words.js";
import { html, useState } from "./ui.js";

/** @typedef {import("./series.js").Strip} Strip */
/** @typedef {import("./series.js").Samples} Samples */
/** @typedef {import("./chart-axis.js").ChartAxis} ChartAxis */
/**
 * @typedef {object} Column
 * @property {string} title
 * @property {string} unit
 * @property {string} name Its head in exported values: data, the same in every language.
 * @property {boolean} ratio
 * @property {number} [decimals]
 */
/** @typedef {{ columns: Column[], rows: number[][], count: number }} Table */

export const MAX_ROWS = 100;

const NANO = 1e-9;
const EVENT = { title: say("event"), unit: say("number"), name: "event (number)", ratio: false };
const TIME = { title: say("virtual time"), unit: "s", name: "virtual time (s)", ratio: false, decimals: 6 };
const UNITS = { bytes: say("bytes"), count: say("count"), ratio: say("ratio") };

/**
 * `count`: how many samples there are, of which the rows are some. Levels that never have anything are left out.
 * @param {Strip[]} strips
 * @param {Samples} samples
 * @param {ChartAxis} axis
 * @param {number} from The first place on it that is in view.
 * @param {number} to The last one.
 * @returns {Table}
 */
export function tableOf(strips, samples, { places }, from, to) {
  const inView = [...samples.events.keys()].filter((i) => places[i] >= from && places[i] <= to);
  const picked = spread(inView, MAX_ROWS);
  const lines = strips.flatMap((strip) => {
    const all = strip.series(samples);
    return all
      .map((values, level) => ({
        column: {
          title: strip.stacked ? `${strip.title}, L${level}` : strip.title,
          unit: UNITS[strip.unit],
          name: `${strip.stacked ? `${strip.column}, L${level}` : strip.column} (${strip.unit})`,
          ratio: strip.unit === "ratio",
        },
        values,
        used: level === 0 || Array.from(values).some((value) => value > 0),
      }))
      .filter(({ used }) => used);
  });
  const time = hasTime(samples) ? [{ column: TIME, values: samples.nanos.map((nanos) => nanos * NANO) }] : [];
  return {
    columns: [EVENT, ...time.map(({ column }) => column), ...lines.map(({ column }) => column)],
    rows: picked.map((i) => [samples.events[i], ...[...time, ...lines].map(({ values }) => values[i] ?? 0)]),
    count: inView.length,
  };
}

/**
 * At most `most` of the items, evenly, the first and the last among them.
 * @template T
 * @param {T[]} items
 * @param {number} most
 */
function spread(items, most) {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, i) => items[Math.round((i * (items.length - 1)) / (most - 1))]);
}

/**
 * Comma-separated values, with a head, both as programs read them in any language; what is not defined is empty.
 * @param {Table} table
 */
export function csvOf({ columns, rows }) {
  const quoted = (/** @type {string} */ text) => (text.includes(",") ? `"${text}"` : text);
  const head = columns.map(({ name }) => quoted(name));
  const cell = (/** @type {number} */ n, /** @type {number} */ i) =>
    Number.isNaN(n) ? "" : String(Number(n.toFixed(columns[i].decimals ?? 3)));
  return [head, ...rows.map((row) => row.map(cell))].map((line) => `${line.join(",")}\n`).join("");
}

/** @param {{ table: Table, close: () => void }} props */
export function ChartTable({ table, close }) {
  const { columns, rows, count } = table;
  const [copied, setCopied] = useState("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(csvOf(table));
      setCopied(say("Copied."));
    } catch {
      setCopied(say("The browser does not let the page copy: select the table and press Ctrl+C."));
    }
  };
  const cell = (/** @type {number} */ n, /** @type {number} */ i) => {
    const { ratio: isRatio, decimals } = columns[i];
    if (decimals !== undefined) return Number.isNaN(n) ? "–" : decimal(n.toFixed(decimals));
    return isRatio ? ratio(n) : number(n);
  };
  const some = { n: rows.length, count: number(count) };
  return html`<${Modal} title=${say("Charts as a table")} close=${close}>
    <p class="quiet">
      ${
        rows.length < count
          ? say("{n} of {count} samples, evenly. Each holds until the next.", some)
          : say("Every sample shown. Each holds until the next.")
      }
    </p>
    <div class="chart-table scroll" tabindex="0" role="group" aria-label=${say("Samples")}>
      <table aria-label=${say("Samples")}>
        <thead>
          <tr>
            ${columns.map(({ title, unit }) => html`<th key=${title} scope="col">${title} <small>${unit}</small></th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) => html`<tr key=${row[0]}>
              ${row.map((n, i) => html`<td key=${i}>${cell(n, i)}</td>`)}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <div class="actions">
      <span aria-live="polite">${copied}</span>
      <button class="primary" onClick=${copy}>${say("Copy as CSV")}</button>
    </div>
  <//>`;
}

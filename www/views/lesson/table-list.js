// The tables of the tree as a list: level, keys, entries, size. What a question masks shows `?`.

import { bytes, file, number } from "../../format.js";
import { NO_MASKS } from "../../lesson/masks.js";
import { WORDS } from "./words.js";
import { Hidden, MASK } from "../hidden.js";
import { html } from "../ui.js";

/** @typedef {import("../../../lsmscope.js").TableView} TableView */

/** Rows that are listed: a longer list is not read. */
export const MOST_ROWS = 60;

/**
 * `tables`: with their levels, from level 0 down; `count`: how many there are.
 * @param {{ tables: [number, TableView][], count: number, masks?: import("../../lesson/masks.js").Masks }} props
 */
export function TableList({ tables, count, masks = NO_MASKS }) {
  const { table: hides } = masks;
  if (hides.all) return html`<p class="table-list"><${Hidden} /></p>`;
  if (count === 0) return html`<p class="table-list quiet">${WORDS.noTables}</p>`;
  const more = count - tables.length;
  return html`<div class="table-list scroll" tabindex="0" role="group" aria-label=${WORDS.tables}>
    <table>
      <thead>
        <tr>
          ${WORDS.tableHeads.map((head) => html`<th key=${head} scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rowsOf(tables, hides).map(
          ({ key, cells: [level, table, ...others] }) => html`<tr key=${key}>
            <td>${level}</td>
            <th scope="row"><${Cell} text=${table} /></th>
            ${others.map((cell, at) => html`<td key=${at}><${Cell} text=${cell} /></td>`)}
          </tr>`,
        )}
      </tbody>
    </table>
    ${more > 0 ? html`<p class="quiet">${WORDS.moreTables(more)}</p>` : null}
  </div>`;
}

/** @param {{ text: string }} props */
const Cell = ({ text }) => (text === MASK ? html`<${Hidden} />` : text);

/**
 * A row a table; a masked level is one row, which does not tell how many it has.
 * @param {[number, TableView][]} tables
 * @param {import("../../lesson/masks.js").TableMasks} hides
 * @returns {{ key: string, cells: string[] }[]}
 */
export function rowsOf(tables, hides) {
  const levels = new Set();
  return tables.flatMap(([level, table]) => {
    const name = `L${level}`;
    if (hides.level(level)) {
      if (levels.has(level)) return [];
      levels.add(level);
      return [{ key: name, cells: [name, MASK, MASK, MASK, MASK] }];
    }
    const key = String(table.id);
    if (hides.one(table.id)) return [{ key, cells: [name, MASK, MASK, MASK, MASK] }];
    const { smallest, largest } = table;
    const keys = smallest === largest ? smallest : `${smallest} – ${largest}`;
    const entries = hides.entries ? MASK : number(table.entries);
    return [{ key, cells: [name, file(table.id), keys, entries, hides.bytes ? MASK : bytes(table.bytes)] }];
  });
}

// The tree of a policy card as a picture: a bar for each table, as long as it has bytes, level by level.
//
// In: the text of the card. Out: its levels with their tables (`levelsOf`), and the picture.

import { bytes } from "../../format.js";
import { WORDS } from "./words.js";
import { html } from "../ui.js";

/** @typedef {{ id: string, keys: string, bytes: number }} CardTable */
/** @typedef {{ level: number, tables: CardTable[] }} CardLevel */

/**
 * The levels of a card that have tables. What else stands in it, such as its options, is passed over.
 * @param {string} text
 * @returns {CardLevel[]}
 */
export function levelsOf(text) {
  /** @type {CardLevel[]} */
  const levels = [];
  for (const line of text.split("\n")) {
    const level = /^\s*level (\d+)\s*$/.exec(line);
    if (level) levels.push({ level: Number(level[1]), tables: [] });
    const table = /^\s*(\d+): (\S+).*\bbytes=(\d+)/.exec(line);
    if (table) levels.at(-1)?.tables.push({ id: table[1], keys: table[2], bytes: Number(table[3]) });
  }
  return levels.filter(({ tables }) => tables.length > 0);
}

/** @param {{ text: string }} props */
export function TreeCard({ text }) {
  const levels = levelsOf(text);
  const most = Math.max(...levels.flatMap(({ tables }) => tables.map((table) => table.bytes)));
  return html`<div class="tree-card scroll" role="group" tabindex="0" aria-label=${WORDS.tree}>
    ${levels.map(
      ({ level, tables }) => html`<section key=${level}>
        <h3>L${level}</h3>
        <ul>
          ${tables.map(
            (table) => html`<li key=${table.id}>
              <span>${WORDS.cardTable(table.id, table.keys)}</span>
              <i style=${{ width: `${(100 * table.bytes) / most}%` }} aria-hidden="true"></i>
              <b>${bytes(table.bytes)}</b>
            </li>`,
          )}
        </ul>
      </section>`,
    )}
  </div>`;
}

// A table of a history: a MANIFEST tells where it is, how large, and from which key to which; it does not have its
// bytes.

import { bytes } from "../format.js";
import { html } from "./ui.js";

/** @typedef {import("../timeline.js").View} View */
/** @typedef {View["levels"][number]["tables"][number]} Table */

/** @param {{ controller: import("../controller.js").Controller, view: View, file: string }} props */
export function TableFacts({ controller, view, file }) {
  const found = findTable(view, file, controller.tables);
  if (!found) return html`<p class="empty">${file} is not in the tree at this moment.</p>`;
  const { level, table } = found;
  /** @type {[string, string][]} */
  const facts = [
    ["level", `L${level}`],
    ["size", `${bytes(table.bytes)} (${table.bytes} bytes)`],
    ["first key", table.smallest],
    ["last key", table.largest],
    ["sequence numbers", `${table.smallest_seq} to ${table.largest_seq}`],
    [
      "at this moment",
      { idle: "at rest", input: "an input of the decision", installed: "an output of it" }[table.state],
    ],
  ];
  return html`<div class="inspected">
    <p class="inspected-name"><strong>${file}</strong> as the MANIFEST tells of it</p>
    <dl class="facts">
      ${facts.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}
    </dl>
    <p class="quiet">How many entries it has, and its bytes, are in the table's own file.</p>
  </div>`;
}

/**
 * @param {View} view
 * @param {string} name The file's.
 * @param {(level: number, places: number[]) => Table[]} tablesOf For levels that do not list their tables.
 * @returns {{ level: number, table: Table } | null}
 */
export function findTable(view, name, tablesOf) {
  const id = Number.parseInt(name, 10);
  for (const { level, tables, columns } of /** @type {import("../timeline.js").Level[]} */ (view.levels)) {
    const place = columns ? columns.ids.indexOf(id) : -1;
    const table = place >= 0 ? tablesOf(level, [place])[0] : tables.find((table) => table.id === id);
    if (table) return { level, table };
  }
  return null;
}

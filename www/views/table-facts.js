// A table of a history: a MANIFEST tells where it is, how large, and from which key to which; it does not have its
// bytes.

import { bytes } from "../format.js";
import { html } from "./ui.js";

/** @param {{ controller: import("../controller.js").Controller, file: string }} props */
export function TableFacts({ controller, file }) {
  const found = controller.findTable(Number.parseInt(file, 10));
  if (!found) return html`<p class="empty">${file} is not in the tree at this moment.</p>`;
  const [level, table] = found;
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

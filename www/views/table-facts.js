// A table of a history: a MANIFEST tells where it is, how large, and from which key to which; it does not have its
// bytes.

import { bytes } from "../format.js";
import { say } from "../words.js";
import { html } from "./ui.js";

/** @param {{ controller: import("../controller.js").Controller, file: string }} props */
export function TableFacts({ controller, file }) {
  const found = controller.findTable(Number.parseInt(file, 10));
  if (!found) return html`<p class="empty">${say("{file} is not in the tree at this moment.", { file })}</p>`;
  const [level, table] = found;
  /** @type {[string, string][]} */
  const facts = [
    [say("level"), `L${level}`],
    [say("size"), say("{size} ({n} bytes)", { size: bytes(table.bytes), n: table.bytes })],
    [say("first key"), table.smallest],
    [say("last key"), table.largest],
    [say("sequence numbers"), say("{from} to {to}", { from: table.smallest_seq, to: table.largest_seq })],
    [
      say("at this moment"),
      {
        idle: say("at rest"),
        input: say("an input of the decision"),
        installed: say("an output of it"),
      }[table.state],
    ],
  ];
  return html`<div class="inspected">
    <p class="inspected-name"><strong>${file}</strong> ${say("as the MANIFEST tells of it")}</p>
    <dl class="facts">
      ${facts.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}
    </dl>
    <p class="quiet">${say("How many entries it has, and its bytes, are in the table's own file.")}</p>
  </div>`;
}

// A lesson's text on the page: its closed set of nodes as elements. Nothing of a text becomes HTML.

import { number } from "../../format.js";
import { isPackage } from "../../site-address.js";
import { MARKS_BEFORE, MARKS_BEHIND, Prose } from "../prose.js";
import { html } from "../ui.js";

/** @typedef {import("../../../lsmscope_lesson.js").Node} Node */
/** @typedef {Set<import("../../glossary.js").Term>} Seen */

/**
 * @param {{ nodes: Node[], seen?: Seen, plain?: boolean }} props `seen`: terms that need no button any more; `plain`:
 *   no terms at all, as inside of a button
 */
export function Nodes({ nodes, seen = new Set(), plain = false }) {
  return nodes.map((node) => shown(node, { seen, plain }));
}

/** @typedef {{ seen: Seen, plain: boolean }} How */

/**
 * @param {Node} node
 * @param {How} how
 * @returns {unknown}
 */
function shown(node, how) {
  const inner = (/** @type {Node[]} */ children, within = how) =>
    withMarks(children).map(({ node, before, behind }) =>
      before || behind
        ? html`<span class="with-marks">${before}${shown(node, within)}${behind}</span>`
        : shown(node, within),
    );
  switch (node.type) {
    case "text":
      // A backtick in a text is a letter: code is a node of its own.
      return how.plain || node.text.includes("`") ? node.text : Prose({ text: node.text, seen: how.seen });
    case "value":
      // Of a fraction, the engine's text has as many digits as tell something.
      return Number.isInteger(node.value) ? number(/** @type {number} */ (node.value)) : node.text;
    case "paragraph":
      return html`<p>${inner(node.children)}</p>`;
    case "heading":
      return html`<h3>${inner(node.children)}</h3>`;
    case "emphasis":
      return html`<em>${inner(node.children)}</em>`;
    case "strong":
      return html`<strong>${inner(node.children)}</strong>`;
    case "code":
      return html`<code>${inner(node.children, { ...how, plain: true })}</code>`;
    case "code_block":
      return html`<pre class="code-block" tabindex="0"><code>${node.text}</code></pre>`;
    case "quote":
      return html`<blockquote>${inner(node.children)}</blockquote>`;
    case "line_break":
      return html`<br />`;
    case "link":
      return html`<${Link} to=${node.to}>${inner(node.children, { ...how, plain: true })}<//>`;
    case "list": {
      const items = node.items.map((item) => html`<li>${inner(item)}</li>`);
      return node.start === undefined || node.start === null
        ? html`<ul>${items}</ul>`
        : html`<ol start=${node.start}>${items}</ol>`;
    }
    case "table":
      return html`<div class="table-box" tabindex="0" role="group"><table>
        <thead><tr>${node.head.map((cell) => html`<th scope="col">${inner(cell)}</th>`)}</tr></thead>
        <tbody>${node.rows.map(
          ([name, ...cells]) => html`<tr>
            <th scope="row">${inner(name)}</th>
            ${cells.map((cell) => html`<td>${inner(cell)}</td>`)}
          </tr>`,
        )}</tbody>
      </table></div>`;
  }
}

/**
 * Words that are emphasised may end or begin with a term, which is a button: marks beside them stay in their line.
 * @param {Node[]} nodes
 */
function withMarks(nodes) {
  const all = nodes.map((node) => ({ node, before: "", behind: "" }));
  all.forEach((one, at) => {
    if (one.node.type !== "emphasis" && one.node.type !== "strong") return;
    const [previous, next] = [all[at - 1], all[at + 1]];
    if (previous?.node.type === "text") {
      const { text } = previous.node;
      one.before = MARKS_BEFORE.exec(text)?.[0] ?? "";
      previous.node = { ...previous.node, text: text.slice(0, text.length - one.before.length) };
    }
    if (next?.node.type === "text") {
      const { text } = next.node;
      one.behind = MARKS_BEHIND.exec(text)?.[0] ?? "";
      next.node = { ...next.node, text: text.slice(one.behind.length) };
    }
  });
  return all;
}

/**
 * A link: to another lesson (a package has no other), to a place on the page, or away in another tab.
 * @param {{ to: string, children?: unknown }} props
 */
function Link({ to, children }) {
  if (/^[a-z0-9-]+$/.test(to)) return isPackage() ? children : html`<a href=${`?lesson=${to}`}>${children}</a>`;
  if (to.startsWith("#")) return html`<a href=${to}>${children}</a>`;
  return html`<a href=${to} target="_blank" rel="noopener noreferrer">${children}</a>`;
}

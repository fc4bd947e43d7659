// Keys, and what each of them does.

import { html } from "./ui.js";

/** @param {{ of: [string, string][] }} props Keys with spaces between them, and in words what they do. */
export function KeyList({ of }) {
  return html`<dl class="keys">
    ${of.map(
      ([keys, what]) => html`<div key=${keys}>
        <dt>${keys.split(" ").map((key) => html`<kbd key=${key}>${key}</kbd> `)}</dt>
        <dd>${what}</dd>
      </div>`,
    )}
  </dl>`;
}

// The operation under way: the command as typed, and its answer once it is over.

import { clip } from "./format.js";
import { Icon, html } from "./ui.js";

/** @param {{ view: import("../sandbox.js").View }} props */
export function Operation({ view }) {
  const { operation } = view;
  return html`<section class="row operation" role="region" aria-label="Operation">
    <div class="label">
      <strong>Operation${operation ? html`<span class="wide-only"> ${operation.op}</span>` : null}</strong>
    </div>
    <div class="op-line">
      ${
        operation
          ? html`<span class="op-command" data-flip="operation">${clip(operation.command, 60)}</span><${Answer} operation=${operation} />`
          : html`<span class="empty">${view.open ? "none yet: put something" : "none: the database is being opened"}</span>`
      }
    </div>
  </section>`;
}

/** @param {{ operation: NonNullable<import("../sandbox.js").View["operation"]> }} props */
function Answer({ operation }) {
  if (operation.ok == null) return html`<span class="op-answer">under way…</span>`;
  const text = clip((operation.result ?? "").split("\n")[0], 90);
  return html`<span class=${operation.ok ? "op-answer good" : "op-answer error"}>
    <${Icon} name=${operation.ok ? "check" : "alert"} /><span>${text || "done"}</span>
  </span>`;
}

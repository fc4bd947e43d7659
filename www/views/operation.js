// The running operation: the command as typed, and its answer once it has ended.

import { bytes, clip } from "../format.js";
import { Icon, html } from "./ui.js";

/** @param {{ view: import("../timeline.js").View }} props */
export function Operation({ view }) {
  const { operation } = view;
  return html`<section class="row operation" role="region" aria-label="Operation">
    <div class="label">
      <strong>Operation${operation ? html`<span class="wide-only"> ${operation.op}</span>` : null}</strong>
    </div>
    <div class="op-line">
      ${
        operation
          ? html`<span class="op-command" data-flip="operation">${clip(operation.command, 60)}</span>
              <${Answer} operation=${operation} held=${heldUp(view)} />`
          : html`<span class="empty">
              ${view.open ? "none yet: put something" : "none: the database is being opened"}
            </span>`
      }
    </div>
  </section>`;
}

/** What there are too many of. */
const PILES = {
  memtables: "sealed memtables",
  memory: "bytes in memtables",
  level0: "tables on level 0",
  pending_bytes: "pending compaction bytes",
};

/**
 * Why writes do not go on at full speed, if they do not.
 * @param {Pick<import("../timeline.js").View, "stalled" | "condition">} view
 */
export function heldUp({ stalled, condition: c }) {
  if (stalled) return `a write waits: too many ${PILES[stalled.reason]}`;
  if (c.condition === "stopped") return `writes wait: too many ${PILES[c.why.cause]}`;
  return c.condition === "delayed" ? `writes slowed to ${bytes(c.rate)}/s: too many ${PILES[c.why.cause]}` : "";
}

/** @param {{ operation: NonNullable<import("../timeline.js").View["operation"]>, held: string }} props */
function Answer({ operation, held }) {
  if (operation.ok == null)
    return held
      ? html`<span class="op-answer error" title=${held}><${Icon} name="alert" /><span>${held}</span></span>`
      : html`<span class="op-answer">running…</span>`;
  const text = clip((operation.result ?? "").split("\n")[0], 90);
  return html`<span class=${operation.ok ? "op-answer good" : "op-answer error"}>
    <${Icon} name=${operation.ok ? "check" : "alert"} /><span>${text || "done"}</span>
  </span>`;
}

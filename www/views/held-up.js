// Why writes do not go on at full speed.

import { bytes } from "../format.js";

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

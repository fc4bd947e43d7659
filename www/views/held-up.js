// Why writes do not go on at full speed.

import { bytes } from "../format.js";
import { CAUSES } from "../jobs.js";
import { say } from "../words.js";

/**
 * Why writes do not go on at full speed, if they do not.
 * @param {Pick<import("../timeline.js").View, "stalled" | "condition">} view
 */
export function heldUp({ stalled, condition: c }) {
  if (stalled) return say("a write waits: {cause}", { cause: CAUSES[stalled.reason] });
  if (c.condition === "stopped") return say("writes wait: {cause}", { cause: CAUSES[c.why.cause] });
  if (c.condition !== "delayed") return "";
  return say("writes slowed to {rate}/s: {cause}", { rate: bytes(c.rate), cause: CAUSES[c.why.cause] });
}

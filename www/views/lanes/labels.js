// Jobs and stalls in words: what a label, a note, and a screen reader say.

import { bytes, time } from "../../format.js";

/** @typedef {import("../../jobs.js").Span} Span */
/** @typedef {import("../../jobs.js").Stall} Stall */

/**
 * `L0→L1`; a flush is `→L0`.
 * @param {Span} span
 */
export function route({ from, to }) {
  return from === null ? `→L${to}` : `L${from}→L${to}`;
}

const KINDS = { flush: "Flush", compaction: "Compaction", move: "Trivial move" };

/** @param {Span} span */
export function spanText(span) {
  const moved =
    span.kind === "move"
      ? "rewrites nothing"
      : [span.read > 0 ? `${bytes(span.read)} read` : "", `${bytes(span.written)} written`].filter(Boolean).join(", ");
  const length = span.ended === null ? "still running" : `took ${time(span.ended - span.began)}`;
  return `${KINDS[span.kind]} ${span.job}, ${route(span)}: began at ${time(span.began)}, ${length}, ${moved}`;
}

/** @param {Stall} stall */
export function stallText(stall) {
  const length = stall.ended === null ? "since then" : `for ${time(stall.ended - stall.began)}`;
  return `Writes ${stall.kind} at ${time(stall.began)}, ${length}: ${stall.reason}`;
}

// Jobs and stalls in words: what a label, a note, and a screen reader say.

import { bytes, time } from "../../format.js";
import { say } from "../../words.js";

/** @typedef {import("../../jobs.js").Span} Span */
/** @typedef {import("../../jobs.js").Stall} Stall */

/**
 * `L0→L1`; a flush is `→L0`.
 * @param {Span} span
 */
export function route({ from, to }) {
  return `${from === null ? "" : `L${from}`}→${to === null ? "?" : `L${to}`}`;
}

/**
 * `flush`, or `flush 2` where there are several rows of them.
 * @param {"flush" | "compaction"} kind
 * @param {number} n
 * @param {number} rows
 */
export function laneName(kind, n, rows) {
  if (rows > 1) return kind === "flush" ? say("flush {n}", { n }) : say("compaction {n}", { n });
  return kind === "flush" ? say("flush") : say("compaction");
}

/** @param {Span} span */
export function spanText(span) {
  return say("{job}: began at {time}, {length}, {bytes}", {
    job: jobText(span),
    time: time(span.began),
    length: span.ended === null ? say("still running") : say("took {time}", { time: time(span.ended - span.began) }),
    bytes: bytesText(span),
  });
}

/** @param {Span} span */
function jobText(span) {
  const named = { job: span.job, route: route(span) };
  if (span.kind === "flush") return say("Flush {job}, {route}", named);
  return span.kind === "move" ? say("Trivial move {job}, {route}", named) : say("Compaction {job}, {route}", named);
}

/** @param {Span} span */
function bytesText({ kind, read, written }) {
  if (kind === "move") return say("rewrites nothing");
  return read > 0
    ? say("{read} read, {written} written", { read: bytes(read), written: bytes(written) })
    : say("{bytes} written", { bytes: bytes(written) });
}

/** @param {Stall} stall */
export function stallText(stall) {
  const { began, ended, kind, reason } = stall;
  const length = ended === null ? say("since then") : say("for {time}", { time: time(ended - began) });
  const values = { time: time(began), length, reason };
  return kind === "stopped"
    ? say("Writes stopped at {time}, {length}: {reason}", values)
    : say("Writes slowed at {time}, {length}: {reason}", values);
}

// Write amplification as two fractions with today's bytes: as RocksDB counts it, and by the user's bytes; and since
// when it counts.

import { number, ratio } from "./format.js";

/** @typedef {import("./timeline.js").View["counters"]} Counters */
/** @typedef {import("../lsmscope.js").Opening} Opening */

/**
 * Each kind of byte that is written: how many, and its part in each fraction.
 * @param {Counters} c
 * @returns {{ name: string, bytes: number, rocksdb: string, user: string }[]}
 */
export function shares(c) {
  return [
    { name: "keys and values", bytes: c.user_bytes, rocksdb: "does not count", user: "divides" },
    { name: "WAL", bytes: c.wal_bytes, rocksdb: "does not count", user: "is added" },
    { name: "flushes", bytes: c.flush_bytes, rocksdb: "is added, and divides", user: "is added" },
    { name: "compactions", bytes: c.compaction_bytes_written, rocksdb: "is added", user: "is added" },
    { name: "manifest", bytes: c.manifest_bytes, rocksdb: "does not count", user: "does not count" },
  ];
}

/**
 * RocksDB's figure, all in numbers: `(4,277 + 5,594) / 4,277 = 2.31`.
 * @param {Counters} c
 */
export function fractionRocksdb(c) {
  const [flushed, written] = [c.flush_bytes, c.compaction_bytes_written];
  return `(${number(flushed)} + ${number(written)}) / ${number(flushed)} = ${quotient(flushed + written, flushed)}`;
}

/**
 * The literature's.
 * @param {Counters} c
 */
export function fractionUser(c) {
  const parts = [c.wal_bytes, c.flush_bytes, c.compaction_bytes_written];
  const sum = parts.reduce((a, b) => a + b, 0);
  return `(${parts.map(number).join(" + ")}) / ${number(c.user_bytes)} = ${quotient(sum, c.user_bytes)}`;
}

/**
 * @param {number} a
 * @param {number} b
 */
const quotient = (a, b) => ratio(b > 0 ? a / b : undefined);

/**
 * Since when the counters count, at a position: `since the beginning · options changed at event 312`.
 * @param {Opening[]} openings
 * @param {number} position
 */
export function since(openings, position) {
  const before = openings.filter((opening) => opening.index < position);
  const from = before[0]?.kind === "opened" ? "since the page opened it" : "since the beginning";
  const last = (/** @type {Opening["kind"]} */ kind) => before.filter((opening) => opening.kind === kind).at(-1);
  const changed = last("options_changed");
  const reopened = last("reopened");
  return [
    from,
    changed ? `options changed at event ${number(changed.index + 1)} (${changed.changes.join(", ")})` : "",
    reopened ? `reopened at event ${number(reopened.index + 1)}` : "",
  ]
    .filter((part) => part !== "")
    .join(" · ");
}

/**
 * What a mark in the charts says of an opening.
 * @param {Opening} opening
 */
export function openingTitle({ kind, index, changes }) {
  const what = kind === "options_changed" ? `options changed: ${changes.join(", ")}` : "reopened with the same options";
  return `Event ${number(index + 1)}: ${what}`;
}

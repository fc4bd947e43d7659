// Write amplification as two fractions with today's bytes: as RocksDB counts it, and by the user's bytes; and since
// when it counts.

import { number, ratio } from "./format.js";
import { say } from "./words.js";

/** @typedef {import("./timeline.js").View["counters"]} Counters */
/** @typedef {import("../lsmscope.js").Opening} Opening */

/**
 * Each kind of byte that is written: how many, and its part in each fraction.
 * @param {Counters} c
 * @returns {{ name: string, bytes: number, rocksdb: string, user: string }[]}
 */
export function shares(c) {
  const [not, added, divides] = [say("does not count"), say("is added"), say("divides")];
  return [
    { name: say("keys and values"), bytes: c.user_bytes, rocksdb: not, user: divides },
    { name: "WAL", bytes: c.wal_bytes, rocksdb: not, user: added },
    { name: say("flushes"), bytes: c.flush_bytes, rocksdb: say("is added, and divides"), user: added },
    { name: say("compactions"), bytes: c.compaction_bytes_written, rocksdb: added, user: added },
    { name: say("manifest"), bytes: c.manifest_bytes, rocksdb: not, user: not },
  ];
}

/**
 * RocksDB's figure, all in numbers: `(4,277 + 5,594) / 4,277 = 2.31`.
 * @param {Counters} c
 */
export function fractionRocksdb(c) {
  const [flushed, written] = [c.flush_bytes, c.compaction_bytes_written];
  return `${termsRocksdb(c)} = ${quotient(flushed + written, flushed)}`;
}

/**
 * The same without what comes out.
 * @param {Counters} c
 */
export function termsRocksdb({ flush_bytes: flushed, compaction_bytes_written: written }) {
  return `(${number(flushed)} + ${number(written)}) / ${number(flushed)}`;
}

/**
 * The literature's.
 * @param {Counters} c
 */
export function fractionUser(c) {
  const sum = c.wal_bytes + c.flush_bytes + c.compaction_bytes_written;
  return `${termsUser(c)} = ${quotient(sum, c.user_bytes)}`;
}

/**
 * The same without what comes out.
 * @param {Counters} c
 */
export function termsUser(c) {
  const parts = [c.wal_bytes, c.flush_bytes, c.compaction_bytes_written];
  return `(${parts.map(number).join(" + ")}) / ${number(c.user_bytes)}`;
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
  const from = before[0]?.kind === "opened" ? say("since the page opened it") : say("since the beginning");
  const last = (/** @type {Opening["kind"]} */ kind) => before.filter((opening) => opening.kind === kind).at(-1);
  const changed = last("options_changed");
  const reopened = last("reopened");
  return [
    from,
    changed
      ? say("options changed at event {event} ({changes})", {
          event: number(changed.index + 1),
          changes: changed.changes.join(", "),
        })
      : "",
    reopened ? say("reopened at event {event}", { event: number(reopened.index + 1) }) : "",
  ]
    .filter((part) => part !== "")
    .join(" · ");
}

/**
 * What a mark in the charts says of an opening.
 * @param {Opening} opening
 */
export function openingTitle({ kind, index, changes }) {
  const event = number(index + 1);
  return kind === "options_changed"
    ? say("Event {event}: options changed: {changes}", { event, changes: changes.join(", ") })
    : say("Event {event}: reopened with the same options", { event });
}

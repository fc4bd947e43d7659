// What the strips show, as data: which samples, in which colours, in what unit; and what is read off them.

import { bytes, number, ratio } from "../format.js";
import { say } from "../words.js";

/** @typedef {NonNullable<import("../state.js").Shown["samples"]>} Samples */

/**
 * @typedef {object} Strip
 * @property {string} name
 * @property {string} title
 * @property {string} column Its columns in exported tables: data, the same in every language.
 * @property {string} short The title where there is little room.
 * @property {string} about
 * @property {string} colour The title's colour.
 * @property {"bytes" | "count" | "ratio"} unit
 * @property {number} least The axis reaches at least this far.
 * @property {boolean} [stacked] Whether it has a line for each level.
 * @property {(samples: Samples) => ArrayLike<number>[]} series Lines that are stacked, from the bottom.
 * @property {(line: number) => [string, string]} colours Edge and fill of a line.
 */

const level = (/** @type {number} */ l) =>
  /** @type {[string, string]} */ ([`--l${Math.min(l, 4)}`, `--l${Math.min(l, 4)}-bg`]);
const one = (/** @type {string} */ name) => () => /** @type {[string, string]} */ ([`--${name}`, `--${name}-bg`]);

/** @type {Strip[]} */
export const STRIPS = [
  {
    name: "memtable",
    title: say("memtable"),
    column: "memtable",
    short: say("mem"),
    about: say("Bytes in the active memtable."),
    colour: "--mem",
    unit: "bytes",
    least: 1,
    series: (/** @type {Samples} */ s) => [s.memtable_bytes],
    colours: one("mem"),
  },
  {
    name: "tables",
    title: say("tables by level"),
    column: "tables by level",
    short: say("tables"),
    about: say("How many tables each level has, stacked from level 0 up."),
    colour: "--l1",
    unit: "count",
    least: 4,
    stacked: true,
    series: (/** @type {Samples} */ s) => s.level_tables,
    colours: level,
  },
  {
    name: "bytes",
    title: say("bytes by level"),
    column: "bytes by level",
    short: say("bytes"),
    about: say("How many bytes each level has, stacked from level 0 up."),
    colour: "--l2",
    unit: "bytes",
    least: 1,
    stacked: true,
    series: (/** @type {Samples} */ s) => s.level_bytes,
    colours: level,
  },
  {
    name: "write",
    title: say("write amp"),
    column: "write amp",
    short: say("write amp"),
    about: say("Bytes that flushes and compactions wrote, by bytes that flushes wrote, as RocksDB counts."),
    colour: "--l4",
    unit: "ratio",
    least: 2,
    series: (/** @type {Samples} */ s) => [s.write_rocksdb],
    colours: one("l4"),
  },
  {
    name: "write-user",
    title: say("write amp, with the log"),
    column: "write amp, with the log",
    short: say("with the log"),
    about: say("Bytes written (log, flushes, compactions) by bytes that the user wrote."),
    colour: "--l3",
    unit: "ratio",
    least: 2,
    series: (/** @type {Samples} */ s) => [s.write_user],
    colours: one("l3"),
  },
  {
    name: "at-risk",
    title: say("writes at risk"),
    column: "writes at risk",
    short: say("at risk"),
    about: say("Writes that were acknowledged and that a power cut may take: what the sync policy puts at risk."),
    colour: "--dead",
    unit: "count",
    least: 4,
    series: (/** @type {Samples} */ s) => [s.at_risk],
    colours: one("dead"),
  },
  {
    name: "read",
    title: say("read amp"),
    column: "read amp",
    short: say("read amp"),
    about: say("Sorted runs that a read of one key may have to look into."),
    colour: "--wal",
    unit: "count",
    least: 4,
    series: (/** @type {Samples} */ s) => [s.read_runs],
    colours: one("wal"),
  },
  {
    name: "space",
    title: say("space amp"),
    column: "space amp",
    short: say("space amp"),
    about: say("Bytes of all tables, by bytes of the last level that has data."),
    colour: "--imm",
    unit: "ratio",
    least: 2,
    series: (/** @type {Samples} */ s) => [s.space_rocksdb],
    colours: one("imm"),
  },
];

/**
 * The sample that holds at `position`: the last whose event has happened by then.
 * @param {ArrayLike<number>} events Ascending.
 * @param {number} position
 */
export function at(events, position) {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (events[middle] <= position) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

/**
 * A value as it is written.
 * @param {Strip["unit"]} unit
 * @param {number} n
 */
export function written(unit, n) {
  return unit === "bytes" ? bytes(n) : unit === "ratio" ? ratio(n) : number(n);
}

/**
 * What a strip says at `position`, its lines together.
 * @param {Strip} strip
 * @param {Samples} samples
 * @param {number} position
 */
export function valueAt(strip, samples, position) {
  const i = at(samples.events, position);
  return written(
    strip.unit,
    strip.series(samples).reduce((sum, line) => sum + (line[i] ?? 0), 0),
  );
}

/**
 * Where the reading point goes from `event`: to the next sample, or the previous one, and not beyond the axis.
 * @param {ArrayLike<number>} events Ascending.
 * @param {number} event
 * @param {1 | -1} by
 * @param {number} length
 */
export function nextReading(events, event, by, length) {
  const i = at(events, event);
  const before = events[i] < event ? events[i] : (events[i - 1] ?? 0);
  const after = events[i] > event ? events[i] : (events[i + 1] ?? length);
  return Math.max(0, Math.min(length, by > 0 ? after : before));
}

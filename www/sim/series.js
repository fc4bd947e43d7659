// What the simulator's charts show, as data: which samples, in which colours, in what unit. Also how a value is
// written, and which sample holds at a moment.

import { bytes, number, ratio, time } from "../format.js";
import { decimal, say } from "../words.js";

/**
 * Samples by column; in each, one number for each moment of `at` (seconds).
 * @typedef {Record<string, ArrayLike<number>> & { at: ArrayLike<number> }} Columns
 */
/**
 * `tables` and `bytes`: one column for each level.
 * @typedef {{ columns: Columns, tables: ArrayLike<number>[], bytes: ArrayLike<number>[] }} Samples
 */
/** @typedef {"mb" | "bytes" | "count" | "rate" | "ratio" | "micros" | "percent"} Unit `rate`: a count a second. */

/**
 * @typedef {object} Chart
 * @property {string} name
 * @property {string} title
 * @property {string} about
 * @property {Unit} unit
 * @property {number} least The axis reaches at least this far.
 * @property {boolean} stacked Whether its lines lie on top of each other; else each stands for itself.
 * @property {boolean} [steps] Whether a value holds until the next sample; else a line joins them.
 * @property {boolean} [isCut] Whether a few large values are cut off rather than all others pressed flat.
 * @property {(samples: Samples, seconds: number) => string} [said] What the legend says of a moment, if it is not
 *   `valueAt`.
 * @property {(samples: Samples) => Line[]} lines From the bottom.
 */
/**
 * `colour` is the name of a custom property; with `-bg`, that of its fill. `column` is the line's in exported tables:
 * data, the same in every language.
 * @typedef {{ name: string, column: string, colour: string, values: ArrayLike<number>, fill: boolean }} Line
 */

/**
 * @param {string} name
 * @param {string} column
 * @param {string} colour
 * @param {string} samplesOf Which samples.
 * @param {boolean} [fill]
 * @returns {(samples: Samples) => Line}
 */
export const line =
  (name, column, colour, samplesOf, fill = false) =>
  (samples) => ({ name, column, colour, fill, values: samples.columns[samplesOf] ?? [] });

/**
 * A line for each level that ever has anything.
 * @param {"tables" | "bytes"} what
 * @returns {(samples: Samples) => Line[]}
 */
export const levels = (what) => (samples) =>
  samples[what]
    .map((values, level) => {
      const name = `L${level}`;
      return { name, column: name, colour: `--l${Math.min(level, 4)}`, fill: true, values };
    })
    .filter(({ values }, level) => level === 0 || someIn(values));

/** @param {ArrayLike<number>} values */
function someIn(values) {
  for (let i = 0; i < values.length; i += 1) if (values[i] > 0) return true;
  return false;
}

/** @type {Chart[]} */
export const CHARTS = [
  chart(
    "throughput",
    say("throughput"),
    say("MB/s of keys and values, offered and written. Hatched: writes were stopped or slowed down."),
    "mb",
    1,
    [
      line(say("offered"), "offered", "--op", "offered_mb_per_s"),
      line(say("written"), "written", "--wal", "written_mb_per_s", true),
    ],
  ),
  chart("memtables", say("memtables"), say("Bytes in all memtables."), "bytes", 1, [
    line(say("memtables"), "memtables", "--mem", "memtable_bytes", true),
  ]),
  {
    name: "tables",
    title: say("tables by level"),
    about: say("How many tables each level has, stacked from level 0 up."),
    unit: "count",
    least: 4,
    stacked: true,
    lines: levels("tables"),
  },
  {
    name: "bytes",
    title: say("bytes by level"),
    about: say("How many bytes each level has, stacked from level 0 up."),
    unit: "bytes",
    least: 1,
    stacked: true,
    lines: levels("bytes"),
  },
  chart(
    "write",
    say("write amp"),
    say("Bytes that flushes and compactions wrote so far, by bytes that flushes wrote (RocksDB's)."),
    "ratio",
    2,
    [line(say("RocksDB's"), "RocksDB's", "--l4", "write_amplification", true)],
  ),
  chart("space", say("space amp"), say("Bytes of all tables by bytes of what a reader can see of them."), "ratio", 2, [
    line(say("live"), "live", "--imm", "space_amplification_live", true),
  ]),
  chart("read", say("read amp"), say("Sorted runs that a read may have to look into."), "count", 4, [
    line(say("runs"), "runs", "--wal", "runs", true),
  ]),
  chart(
    "pending",
    say("pending"),
    say("Bytes that compactions have to rewrite until every level is within its target."),
    "bytes",
    1,
    [line(say("pending"), "pending", "--dead", "pending_bytes", true)],
  ),
  chart(
    "latency",
    say("get latency"),
    say("Half of all gets take no longer than the lower line, one in a hundred longer than the upper one."),
    "micros",
    1,
    [line("p50", "p50", "--l0", "read_p50_us"), line("p99", "p99", "--l3", "read_p99_us", true)],
  ),
  chart("device", say("device"), say("The share of the time in which the device was in use."), "percent", 1, [
    line(say("in use"), "in use", "--l1", "device_use", true),
  ]),
];

/**
 * @param {string} name
 * @param {string} title
 * @param {string} about
 * @param {Unit} unit
 * @param {number} least
 * @param {((samples: Samples) => Line)[]} lines
 * @returns {Chart}
 */
export function chart(name, title, about, unit, least, lines) {
  return { name, title, about, unit, least, stacked: false, lines: (samples) => lines.map((make) => make(samples)) };
}

/**
 * @param {Unit} unit
 * @param {number} n
 */
export function written(unit, n) {
  if (!Number.isFinite(n)) return "–";
  if (unit === "bytes") return bytes(n);
  if (unit === "ratio") return ratio(n);
  if (unit === "mb") return `${n >= 100 ? Math.round(n) : decimal(n.toFixed(1))} MB/s`;
  if (unit === "rate") return `${number(Math.round(n))}/s`;
  if (unit === "percent") return `${Math.round(n * 100)} %`;
  if (unit === "micros") return time(n / 1e6);
  return number(Math.round(n));
}

/**
 * The place of the sample that holds at `seconds`: the last that was taken by then; the first, before it.
 * @param {ArrayLike<number>} at Ascending.
 * @param {number} seconds
 */
export function sampleAt(at, seconds) {
  let low = 0;
  let high = at.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at[middle] <= seconds) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

/**
 * What a chart's legend says of a moment: the sum, where lines are stacked, else the last line's value.
 * @param {Chart} chart
 * @param {Samples} samples
 * @param {number} seconds
 */
export function valueAt(chart, samples, seconds) {
  const i = sampleAt(samples.columns.at, seconds);
  const lines = chart.lines(samples);
  const values = lines.map(({ values }) => values[i] ?? Number.NaN);
  return written(chart.unit, chart.stacked ? values.reduce((a, b) => a + b, 0) : (values.at(-1) ?? Number.NaN));
}

/**
 * Curves as uPlot takes them: x first, then the lines; stacked ones summed up, the top of the stack first, so that each
 * covers what is above it. What is not defined is no point.
 * @param {Chart} chart
 * @param {Samples} samples
 * @returns {[number[], ...(number | null)[][]]}
 */
export function curves(chart, samples) {
  const at = Array.from(samples.columns.at);
  const lines = chart.lines(samples).map(({ values }) => Array.from(values));
  if (!chart.stacked) return [at, ...lines.map((values) => values.map((n) => (Number.isNaN(n) ? null : n)))];
  const sum = new Array(at.length).fill(0);
  const stacked = lines.map((values) => {
    for (let i = 0; i < sum.length; i += 1) sum[i] += values[i] ?? 0;
    return sum.slice();
  });
  return [at, ...stacked.reverse()];
}

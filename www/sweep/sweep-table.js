// A sweep's rows, as `lsmscope sweep --out-csv` writes them (docs/sweep.md), and the runs that no other beats.
//
// In: the text of a CSV. Out: a `SweepTable`. Errors: a `Problem`: it is none, or has no row.

import { say } from "../words.js";

/**
 * @typedef {object} SweepRun
 * @property {number} run Its number.
 * @property {string[]} values Of what varies, in the order of `axes`.
 * @property {Record<Amplification, number>} of
 * @property {number} stopped Seconds that writers waited while writes were stopped.
 * @property {number} peak Bytes.
 * @property {boolean} best Whether no other run beats it.
 */

/**
 * @typedef {object} SweepTable
 * @property {string} name Of the file.
 * @property {string[]} axes What varies.
 * @property {SweepRun[]} runs Those with all three amplifications, by write amplification.
 * @property {number} leftOut How many have not.
 */

/** @typedef {"write_amp" | "read_amp" | "space_amp"} Amplification */

/** @type {Amplification[]} */
export const AMPLIFICATIONS = ["write_amp", "read_amp", "space_amp"];

/** The largest file, in bytes, and the most rows: all are drawn. */
export const MAX_BYTES = 64 << 20;
const MAX_RUNS = 20_000;

/**
 * @param {string} text
 * @param {string} name
 * @returns {SweepTable}
 */
export function readSweep(text, name) {
  const lines = text.split(/\r?\n/);
  const columns = lines[0].split(",");
  const place = (/** @type {string} */ column) => columns.indexOf(column);
  const end = place("outcome");
  if (columns[0] !== "plan" || columns[1] !== "run" || end < 0 || AMPLIFICATIONS.some((one) => place(one) < end))
    throw refusal(say("{name} is not a sweep's CSV", { name }));
  const first = columns[2] === "seed" && end > 3 ? 3 : 2;
  // A last line that was cut has fewer cells.
  const rows = lines.slice(1).map((line) => line.split(","));
  const whole = rows.filter((cells) => cells.length === columns.length);
  if (whole.length > MAX_RUNS) throw refusal(say("{name} has more than {most} runs", { name, most: MAX_RUNS }));
  const runs = whole.filter((cells) => cells[end] === "done").map((cells) => runOf(cells, place, first, end));
  const defined = runs.filter(({ of }) => AMPLIFICATIONS.every((one) => Number.isFinite(of[one])));
  if (defined.length === 0) throw refusal(say("{name} has no run that came to its end", { name }));
  for (const at of paretoFront(defined.map(({ of }) => AMPLIFICATIONS.map((one) => of[one])))) defined[at].best = true;
  defined.sort((a, b) => a.of.write_amp - b.of.write_amp || a.run - b.run);
  return { name, axes: columns.slice(first, end), runs: defined, leftOut: whole.length - defined.length };
}

/**
 * @param {string[]} cells
 * @param {(column: string) => number} place
 * @param {number} first
 * @param {number} end
 * @returns {SweepRun}
 */
function runOf(cells, place, first, end) {
  const number = (/** @type {string} */ column) => {
    const cell = cells[place(column)];
    return cell ? Number(cell) : Number.NaN;
  };
  return {
    run: number("run"),
    values: cells.slice(first, end),
    of: { write_amp: number("write_amp"), read_amp: number("read_amp"), space_amp: number("space_amp") },
    stopped: number("stopped_seconds"),
    peak: number("peak_bytes"),
    best: false,
  };
}

/** @param {string} message */
function refusal(message) {
  return { kind: "refused", message, remedy: say("Choose a file that lsmscope sweep --out-csv has written.") };
}

/**
 * The points that no other dominates: none is at most as large in each number, and smaller in one (src/sweep/front.rs).
 * @param {number[][]} points
 * @returns {number[]} their places
 */
export function paretoFront(points) {
  const compare = (/** @type {number} */ a, /** @type {number} */ b) => {
    const at = points[a].findIndex((value, i) => value !== points[b][i]);
    return at < 0 ? a - b : points[a][at] - points[b][at];
  };
  /** @type {number[]} */
  const front = [];
  // What dominates a point stands before it.
  for (const at of [...points.keys()].sort(compare))
    if (!front.some((other) => dominates(points[other], points[at]))) front.push(at);
  return front;
}

/**
 * @param {number[]} a
 * @param {number[]} b
 */
const dominates = (a, b) => a.every((value, i) => value <= b[i]) && a.some((value, i) => value < b[i]);

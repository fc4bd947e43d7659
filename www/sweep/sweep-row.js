// What a run of a sweep comes to, as the cells of its row: those of `lsmscope sweep --out-csv` (src/sweep/outcome.rs,
// src/sweep/row.rs).
//
// In: a simulation that has ended. Out: its outcome and numbers, as text.

/** @typedef {import("../../lsmscope.js").Simulation} Simulation */
/** @typedef {import("./sweep-plan.js").SweepPlan} SweepPlan */

/** The numbers of a row, in its order. */
const NUMBERS = [
  ...["seconds", "write_amp", "write_amp_user", "read_amp", "space_amp", "space_amp_live"],
  ...["flushed_bytes", "compacted_bytes", "compaction_read_bytes", "peak_bytes", "end_bytes"],
  ...["flushes", "compactions", "moves", "stalls", "stopped_seconds", "delayed_seconds"],
  ...["peak_level0_tables", "peak_pending_bytes", "device_use", "sustainable_mb_per_s", "read_p50_us", "read_p99_us"],
];

/** How the row of a run begins whose options exclude each other: it has no numbers. */
export const REFUSED = ["refused", ...NUMBERS.map(() => "")];

/**
 * The cells behind those of what varies: how it ended, and its numbers.
 * @param {Pick<Simulation, "summary" | "samples">} simulation
 * @returns {string[]}
 */
export function cellsOf(simulation) {
  const { seconds, counters, amplification, levels, stalls, standstill, ...summary } = simulation.summary();
  const { columns, tables, bytes } = simulation.samples(0);
  const waited = (/** @type {boolean} */ isStop) =>
    stalls.filter((row) => row.is_stop === isStop).reduce((sum, row) => sum + row.sum.waited_seconds, 0);
  /** @type {Record<string, number | undefined>} */
  const numbers = {
    seconds,
    write_amp: amplification.write_rocksdb,
    write_amp_user: amplification.write_user,
    read_amp: mean(columns.runs),
    space_amp: mean(columns.space_amplification),
    space_amp_live: mean(columns.space_amplification_live),
    flushed_bytes: counters.flush_bytes,
    compacted_bytes: counters.compaction_bytes_written,
    compaction_read_bytes: counters.compaction_bytes_read,
    peak_bytes: most(columns.at.map((_, at) => bytes.reduce((sum, level) => sum + level[at], 0))),
    end_bytes: levels.reduce((sum, level) => sum + level.bytes, 0),
    flushes: counters.flushes,
    compactions: counters.compactions,
    moves: counters.moves,
    stalls: counters.stalls,
    stopped_seconds: waited(true),
    delayed_seconds: waited(false),
    peak_level0_tables: tables[0] && most(tables[0]),
    peak_pending_bytes: most(columns.pending_bytes),
    device_use: summary.device_use,
    sustainable_mb_per_s: summary.sustainable_mb_per_s,
    read_p50_us: mean(columns.read_p50_us),
    read_p99_us: mean(columns.read_p99_us),
  };
  return [standstill ? "standstill" : "done", ...NUMBERS.map((name) => numberText(numbers[name]))];
}

/** The mean of those that are defined. @param {Float64Array} numbers */
function mean(numbers) {
  const defined = numbers.filter((number) => !Number.isNaN(number));
  return defined.reduce((sum, number) => sum + number, 0) / defined.length;
}

/** @param {Float64Array} numbers */
const most = (numbers) =>
  numbers.reduce((most, number) => (number > most || Number.isNaN(most) ? number : most), Number.NaN);

/**
 * No finer than a millionth; empty where it is not defined (src/sim/csv.rs).
 * @param {number | undefined} number
 */
function numberText(number) {
  if (number === undefined || Number.isNaN(number)) return "";
  return String(Number.isInteger(number) ? number : Math.round(number * 1e6) / 1e6);
}

/**
 * The CSV of the runs that have come to something, in their order.
 * @param {SweepPlan} plan
 * @param {(string[] | null)[]} cells Of each run, by its number.
 */
export function sweepCsv({ id, seed, axes, runs }, cells) {
  const shared = seed === "" ? [] : [seed];
  const head = ["plan", "run", ...shared.map(() => "seed"), ...axes, "outcome", ...NUMBERS];
  const rows = runs.flatMap(({ number, values }) => {
    const mine = cells[number];
    return mine ? [[id, String(number), ...shared, ...values, ...mine]] : [];
  });
  return [head, ...rows].map((row) => `${row.join(",")}\n`).join("");
}

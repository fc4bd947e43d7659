// The limits at which a database compacts level 0, and limits or stops writes: lines in charts, and names in what is
// said of a stall. They are those in force: an option that was changed within the log has other values before.
//
// In: the report of a log. Out: `Limit`s; none where the log does not name the option, where it is switched off, or
// where several column families differ. LevelDB's are constants (`db/dbformat.h`).

import { bytes, number } from "../format.js";
import { limitAt } from "../sim/limits.js";
import { say } from "../words.js";
import { secondOf } from "./log-time.js";

/** @typedef {import("../../lsmscope.js").LogReport} LogReport */
/** @typedef {import("../../lsmscope.js").StallEpisode} StallEpisode */
/** @typedef {import("../sim/limits.js").Limit} Limit */
/** @typedef {import("../sim/limits.js").Step} Step */

/** @typedef {"level0" | "pending" | "memtables"} Limited */

/**
 * @param {string} option
 * @param {string} colour
 * @param {(value: number) => string} short
 * @param {number} [constant] LevelDB's.
 */
const limit = (option, colour, short, constant) => ({ option, colour, short, constant });

/** The lowest first. @type {Record<Limited, ReturnType<typeof limit>[]>} */
const LIMITS = {
  level0: [
    limit("level0_file_num_compaction_trigger", "--ink-2", (n) => say("trigger {n}", { n: number(n) }), 4),
    limit("level0_slowdown_writes_trigger", "--now", (n) => say("limited {n}||from a number on", { n: number(n) }), 8),
    limit("level0_stop_writes_trigger", "--dead", (n) => say("stop {n}||a limit", { n: number(n) }), 12),
  ],
  pending: [
    limit("soft_pending_compaction_bytes_limit", "--now", (n) => say("soft limit {size}", { size: bytes(n) })),
    limit("hard_pending_compaction_bytes_limit", "--dead", (n) => say("hard limit {size}", { size: bytes(n) })),
  ],
  memtables: [limit("max_write_buffer_number", "--dead", (n) => say("stop {n}||a limit", { n: number(n) }))],
};

/** What is larger is set to switch a limit off. @type {Record<Limited, number>} */
const MAX = { level0: 1e6, pending: 2 ** 60, memtables: 1e6 };

/**
 * The limits of what a chart shows.
 * @param {LogReport} report
 * @param {Limited} limited
 * @param {number | null} family null: all.
 * @returns {Limit[]}
 */
export function limitsOf(report, limited, family) {
  const { families } = report;
  const of = family === null ? families.map((_, at) => at) : [family];
  return LIMITS[limited].flatMap((limit) => {
    const found = of.map((at) => stepsOf(report, limited, limit, at)).filter((steps) => steps.length > 0);
    const isOne = found.every((steps) => JSON.stringify(steps) === JSON.stringify(found[0]));
    if (found.length === 0 || !isOne) return [];
    return [{ option: limit.option, colour: limit.colour, short: limit.short, steps: found[0] }];
  });
}

/**
 * @param {LogReport} report
 * @param {Limited} limited
 * @param {ReturnType<typeof limit>} limit
 * @param {number} family
 * @returns {Step[]} in order of time; none where there is no limit
 */
function stepsOf(report, limited, { option, constant }, family) {
  if (report.database === "LevelDB") return constant === undefined ? [] : [{ from: 0, value: constant }];
  const { name, options: map } = report.families[family] ?? { name: "", options: {} };
  const options = /** @type {Record<string, string>} */ (/** @type {unknown} */ (map));
  // Runs, not tables of level 0, trigger the other styles; and what does not compact does not wait for it.
  const style = options.compaction_style ?? "";
  if (option === "level0_file_num_compaction_trigger" && style !== "" && !style.endsWith("Level")) return [];
  if (limited !== "memtables" && ["1", "true"].includes(options.disable_auto_compactions)) return [];
  const value = (/** @type {string | undefined} */ text) => {
    const n = Number(text);
    return text !== undefined && n > 0 && n <= MAX[limited] ? n : null;
  };
  const changes = report.changes.filter(
    (change) => change.name === option && (change.family == null || change.family === name),
  );
  const steps = [{ from: 0, value: value(changes[0]?.old ?? options[option]) }];
  for (const change of changes) steps.push({ from: secondOf(report, change.at), value: value(change.new) });
  return steps.some((step) => step.value !== null) ? steps : [];
}

/**
 * What held writes up at the worst, and the limits that did.
 * @param {LogReport} report
 * @param {StallEpisode} episode
 */
export function causeSaid(report, { cause, peak, family, until }) {
  const values = (/** @type {Limited} */ limited) =>
    limitsOf(report, limited, family).map((limit) => [limit.option, limitAt(limit, secondOf(report, until))]);
  if (cause === "level0") {
    const { level0_slowdown_writes_trigger: slow, level0_stop_writes_trigger: stop } = Object.fromEntries(
      values("level0"),
    );
    const of = { peak: number(peak), slow, stop };
    if (slow && stop) return say("up to {peak} tables on level 0, limited from {slow}, stop at {stop}", of);
    return stop ? say("up to {peak} tables on level 0, stop at {stop}", of) : say("up to {peak} tables on level 0", of);
  }
  if (cause === "memtables") {
    const [[, stop] = []] = values("memtables");
    return stop
      ? say("up to {peak} memtables wait for their flush, stop at {stop}", { peak, stop })
      : say("up to {peak} memtables wait for their flush", { peak });
  }
  if (cause === "pending_bytes") {
    const [soft, hard] = values("pending").map(([, n]) => n);
    const of = { bytes: bytes(peak), soft: bytes(Number(soft)), hard: bytes(Number(hard)) };
    return soft && hard
      ? say("up to {bytes} are to be compacted, limited from {soft}, stop at {hard}", of)
      : say("up to {bytes} are to be compacted", of);
  }
  return say("the log gives no known reason");
}

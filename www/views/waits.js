// What the next compaction waits for, in the words of the compaction style: each has triggers of its own.

import { bytes, count, number } from "./format.js";

/** @typedef {import("../sandbox.js").View} View */
/** @typedef {import("../sandbox.js").Options} Options */

/**
 * In a sentence or two; "" where that is not known.
 * @param {Pick<View, "levels">} view
 * @param {Options} options
 */
export function waitsFor({ levels }, options) {
  if (options.disable_auto_compactions) return "Compactions run only when asked for.";
  const due = levels.find((level) => level.score && level.score.score >= 1);
  if (due?.score) return dueText(due.level, due.score.formula, options);
  const tables = levels[0]?.count ?? 0;
  // As the score counts them: `3 sorted runs / trigger 4`.
  const now = (levels[0]?.score?.formula ?? "").replace(/ \/.*/, "");
  const trigger = count(options.level0_file_num_compaction_trigger, "table");
  switch (options.compaction_style) {
    case "leveled":
      return `Level 0 is compacted when it has ${trigger}; now ${number(tables)}.`;
    case "full":
      return `All tables are merged into one when level 0 has ${trigger}; now ${number(tables)}.`;
    case "universal":
      return `Runs are weighed for a merge when there are ${number(options.level0_file_num_compaction_trigger)}; now ${now}.`;
    case "size_tiered":
      return `Tables of like size are merged when there are ${number(options.size_tiered_min_threshold)}; now ${now}.`;
    case "lazy_leveling":
      return `A tier is merged when it has ${count(options.max_bytes_for_level_multiplier, "run")}; now ${now}.`;
    case "fifo":
      return `The oldest tables are dropped when all are larger than ${bytes(options.fifo_max_table_files_size)}; now ${bytes(levels.reduce((sum, level) => sum + level.bytes, 0))}.`;
    default:
      return "";
  }
}

/**
 * @param {number} level
 * @param {string} formula
 * @param {Options} options
 */
function dueText(level, formula, options) {
  if (options.compaction_style === "universal")
    return `Runs are weighed: ${formula}. They are merged only where their sizes or their number ask for it.`;
  const waits = options.job_mode === "manual" ? " Jobs wait until asked for." : "";
  if (options.compaction_style === "fifo") return `The oldest tables are due: ${formula}.${waits}`;
  return `Level ${level} is due: ${formula}.${waits}`;
}

/**
 * Whether a score of 1 says that the level is compacted next. With universal compaction it only says that the runs are weighed.
 * @param {number} score
 * @param {Options["compaction_style"] | undefined} style
 */
export function isDue(score, style) {
  return score >= 1 && style !== "universal";
}

/**
 * What is said of a level that is empty.
 * @param {number} level
 * @param {Options["compaction_style"] | undefined} style
 */
export function emptyLevel(level, style) {
  if (level === 0) return "A flushed memtable becomes a table here.";
  if (level > 1) return "";
  switch (style) {
    case "leveled":
      return "Level 0 is merged into here: one sorted run, no overlap.";
    case "fifo":
      return "Nothing is merged down to here: tables stay on level 0 until they are dropped.";
    case "full":
      return "Everything is merged into one table, on the last level.";
    case "size_tiered":
      return "Merged tables stay on level 0.";
    case "universal":
      return "Runs that were merged lie on these levels, the oldest on the last.";
    case "lazy_leveling":
      return "Tiers lie on level 0, and below them one run on the last level.";
    default:
      return "";
  }
}

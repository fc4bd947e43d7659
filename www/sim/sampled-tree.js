// The tree as it was at a moment of a run, as far as samples tell: how many tables and bytes each level had, not which.

import { sampleAt } from "./series.js";

/** @typedef {import("./series.js").Samples} Samples */
/**
 * `share`: of the most bytes that the level had at any sample; null if it never had any.
 * @typedef {{ level: number, tables: number, bytes: number, share: number | null }} SampledLevel
 */

/**
 * The levels at the last sample that was taken by `seconds`, down to the deepest that ever had a table. A run begins
 * with an empty tree: so it is before the first one.
 * @param {Samples} samples
 * @param {number} seconds
 * @returns {{ at: number, levels: SampledLevel[] }} `at`: when it was taken.
 */
export function treeAt({ columns: { at }, tables, bytes }, seconds) {
  const i = seconds < at[0] ? -1 : sampleAt(at, seconds);
  const deepest = tables.findLastIndex((column) => most(column) > 0);
  const levels = tables.slice(0, Math.max(1, deepest + 1)).map((column, level) => {
    const full = most(bytes[level]);
    const now = bytes[level][i] ?? 0;
    return { level, tables: column[i] ?? 0, bytes: now, share: full > 0 ? now / full : null };
  });
  return { at: at[i] ?? 0, levels };
}

/**
 * Levels as the painter takes them: tables, bytes, and shares, less than 0 where a level never had any.
 * @param {SampledLevel[]} levels
 */
export function columnsOf(levels) {
  const column = (/** @type {(level: SampledLevel) => number} */ of) => Float64Array.from(levels, of);
  return /** @type {const} */ ([
    column((level) => level.tables),
    column((level) => level.bytes),
    column((level) => level.share ?? -1),
  ]);
}

/** @param {ArrayLike<number>} column */
function most(column) {
  let most = 0;
  for (let i = 0; i < column.length; i += 1) most = Math.max(most, column[i]);
  return most;
}

// The tree as it was at a moment of a run, as far as samples tell: how many tables and bytes each level had, not which.

import { sampleAt } from "./series.js";

/** @typedef {import("./series.js").Samples} Samples */
/**
 * `share`: of the most bytes that the level had at any sample; null if it never had any.
 * @typedef {{ level: number, tables: number, bytes: number, share: number | null }} SampledLevel
 */

/**
 * Levels that had a table at some sample, and level 0.
 * @param {Samples} samples
 * @returns {number[]}
 */
export function everUsed({ tables }) {
  return tables.flatMap((column, level) => (level === 0 || most(column) > 0 ? [level] : []));
}

/**
 * The levels at the last sample that was taken by `seconds`. Before the first sample the tree is empty.
 * @param {Samples} samples
 * @param {number} seconds
 * @returns {{ at: number, levels: SampledLevel[] }} `at`: when it was taken.
 */
export function treeAt(samples, seconds) {
  const { at } = samples.columns;
  const i = seconds < at[0] ? -1 : sampleAt(at, seconds);
  const levels = everUsed(samples).map((level) => {
    const column = samples.bytes[level];
    const full = most(column);
    return {
      level,
      tables: samples.tables[level][i] ?? 0,
      bytes: column[i] ?? 0,
      share: full > 0 ? (column[i] ?? 0) / full : null,
    };
  });
  return { at: at[i] ?? 0, levels };
}

/** @param {ArrayLike<number>} column */
function most(column) {
  let most = 0;
  for (let i = 0; i < column.length; i += 1) most = Math.max(most, column[i]);
  return most;
}

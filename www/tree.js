// An LSM tree at one position as plain data, from which its levels are drawn: the sandbox, the simulator and a history
// of a real database all give it. Tables of one level are columns of numbers as well: made here of tables that are
// listed, or made in the wasm for a level that has too many to be listed.

import { ratio } from "./format.js";

/** @typedef {import("./timeline.js").View} View */
/** @typedef {import("./timeline.js").Level} Level */
/** @typedef {View["levels"][number]["tables"][number]} TableView */

/**
 * Tables in the level's order; x from 0 to 1 on the key axis.
 * @typedef {object} Columns
 * @property {ArrayLike<number>} ids
 * @property {ArrayLike<number>} x0
 * @property {ArrayLike<number>} x1
 * @property {ArrayLike<number>} bytes
 * @property {ArrayLike<number>} marks 1: input of a job, 2: installed by it; plus 4: the current read has asked it.
 */

/**
 * A table as its box shows it; `smallest` and `largest` are keys as people read them.
 * @typedef {object} TableData
 * @property {number} id
 * @property {number} x0
 * @property {number} x1
 * @property {number} bytes
 * @property {number} entries
 * @property {number} tombstones
 * @property {string} smallest
 * @property {string} largest
 * @property {number} [smallest_seq]
 * @property {number} [largest_seq]
 * @property {TableView["state"]} state
 * @property {TableView["probe"]} [probe]
 */

/**
 * A table that is being written.
 * @typedef {object} OutputData
 * @property {number} table
 * @property {number} x0
 * @property {number} x1
 * @property {number} level
 * @property {number} blocks
 * @property {number} entries
 * @property {boolean} finished
 */

/**
 * @typedef {object} LevelData
 * @property {number} level
 * @property {number} count How many tables it has.
 * @property {number} bytes
 * @property {TableData[] | null} tables All of them, where they are listed.
 * @property {Columns} columns All of them, in any case.
 * @property {string} note A line below its name: its score, its target.
 * @property {string} noteTitle What the note is made of.
 * @property {boolean} due Whether it is to be compacted.
 * @property {OutputData[]} outputs Tables being written for it.
 * @property {string} empty What is said where it has no table.
 */

/**
 * @typedef {object} Tree
 * @property {LevelData[]} levels
 * @property {{ x: number, key: string }[]} axis Labels of the whole axis.
 * @property {{ x: number, key: string } | null} read The key that is being read.
 * @property {(level: number, places: number[]) => TableData[]} tablesOf Tables of a level in full, by their places in
 *   its order.
 */

const STATES = { idle: 0, input: 1, installed: 2 };
/** The current read has asked the table for more than its range. */
export const ASKED = 4;
/** The mark of an input of a job, without that. */
export const INPUT = 1;

/**
 * @param {Pick<TableData, "id" | "x0" | "x1" | "bytes" | "state" | "probe">[]} tables
 * @returns {Columns}
 */
export function columnsOf(tables) {
  return {
    ids: tables.map((t) => t.id),
    x0: tables.map((t) => t.x0),
    x1: tables.map((t) => t.x1),
    bytes: tables.map((t) => t.bytes),
    marks: tables.map((t) => STATES[t.state] + (t.probe && t.probe !== "outside" ? ASKED : 0)),
  };
}

/**
 * Each moment brings new arrays for the same tables: what they say is compared.
 * @param {Columns} a
 * @param {Columns} b
 */
export function sameColumns(a, b) {
  if (a === b) return true;
  if (a.ids.length !== b.ids.length) return false;
  for (let i = 0; i < a.ids.length; i += 1) {
    if (a.ids[i] !== b.ids[i] || a.x0[i] !== b.x0[i] || a.x1[i] !== b.x1[i] || a.marks[i] !== b.marks[i]) return false;
  }
  return true;
}

/**
 * How many are inputs of a job.
 * @param {Columns} columns
 */
export function inputs({ marks }) {
  let n = 0;
  for (let i = 0; i < marks.length; i += 1) if ((marks[i] & 3) === INPUT) n += 1;
  return n;
}

/**
 * The sandbox's tree.
 * @param {View} view
 * @param {(level: number, places: number[]) => View["levels"][number]["tables"]} tablesOf
 * @returns {Tree}
 */
export function treeOf(view, tablesOf) {
  const outputs = view.jobs.filter((job) => !job.installed).flatMap((job) => job.outputs);
  return {
    levels: view.levels.map((level) => levelOf(/** @type {Level} */ (level), outputs, view.score_is_due)),
    axis: view.axis,
    read: view.read?.x != null && view.read.key != null ? { x: view.read.x, key: view.read.key } : null,
    tablesOf,
  };
}

/**
 * @param {Level} level
 * @param {View["jobs"][number]["outputs"]} outputs
 * @param {boolean} scoreIsDue
 * @returns {Tree["levels"][number]}
 */
function levelOf(level, outputs, scoreIsDue) {
  const columns = level.columns ?? columnsOf(level.tables);
  const due = scoreIsDue && level.score != null && level.score.score >= 1;
  // Tables that are being compacted do not count for the score any more.
  const compacting = level.count > 0 && inputs(columns) === level.count;
  const score = level.score ? `score ${ratio(level.score.score)}${due ? " · due" : ""}` : "";
  return {
    level: level.level,
    count: level.count,
    bytes: level.bytes,
    tables: level.columns ? null : level.tables,
    columns,
    note: level.count === 0 || !level.score ? "" : compacting ? "being compacted" : score,
    noteTitle: level.score?.formula.text ?? "",
    due,
    outputs: outputs.filter((output) => output.level === level.level),
    empty: level.purpose,
  };
}

// The tables of one level as columns of numbers, whoever has them: a view that lists them, or the wasm for a level that is
// too full to be listed. Everything that places tables reads these.

/** @typedef {import("../../timeline.js").View["levels"][number]["tables"][number]} TableView */

/**
 * Tables in the level's order; x from 0 to 1 on the key axis.
 * @typedef {object} Columns
 * @property {ArrayLike<number>} ids
 * @property {ArrayLike<number>} x0
 * @property {ArrayLike<number>} x1
 * @property {ArrayLike<number>} bytes
 * @property {ArrayLike<number>} marks 1: input of a job, 2: installed by it; plus 4: the read at hand has asked it.
 */

const STATES = { idle: 0, input: 1, installed: 2 };
/** The read at hand has asked the table for more than its range. */
export const ASKED = 4;
/** What is left of a mark without that. */
export const INPUT = 1;

/**
 * @param {{ id: number, x0: number, x1: number, bytes: number, state: TableView["state"], probe?: TableView["probe"] }[]} tables
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

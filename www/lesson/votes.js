// The votes of an audience on one question: counts of hands, in two rounds. They are the presenter's alone: nothing of
// them is kept or reported.

import { optionsOf } from "./screens.js";

/**
 * @typedef {object} Row Hands for one answer.
 * @property {string} answer The value of an option; what the audience said, where there are none.
 * @property {string} first How many in the first vote, in digits; empty if they were not counted.
 * @property {string} second
 */

/** The most answers that an audience names. */
const MAX_ROWS = 6;
/** The most digits of a count. */
const DIGITS = 4;

/** @returns {Row} */
const emptyRow = (answer = "") => ({ answer, first: "", second: "" });

/**
 * @param {import("./steps.js").Prediction} question
 * @returns {Row[]} in which nothing is counted
 */
export function noVotes(question) {
  const options = optionsOf(question);
  return options ? options.map(({ value }) => emptyRow(value)) : [emptyRow()];
}

/**
 * Rows with a change of one of them. Where the audience names the answers, there is always one row left to fill.
 * @param {Row[]} rows
 * @param {number} at
 * @param {Partial<Row>} patch
 * @param {boolean} isOpen Whether the audience names the answers.
 * @returns {Row[]}
 */
export function counted(rows, at, patch, isOpen) {
  const clean = { ...patch };
  for (const round of /** @type {const} */ (["first", "second"])) {
    const count = clean[round];
    if (count !== undefined) clean[round] = count.replaceAll(/\D/g, "").slice(0, DIGITS);
  }
  const next = rows.map((row, index) => (index === at ? { ...row, ...clean } : row));
  const last = next.at(-1);
  return isOpen && last && last.answer !== "" && next.length < MAX_ROWS ? [...next, emptyRow()] : next;
}

/**
 * Whether any hands were counted, in this round or in any.
 * @param {Row[]} rows
 * @param {"first" | "second"} [round]
 */
export const hasVotes = (rows, round) =>
  rows.some(({ first, second }) => (round !== "second" && first !== "") || (round !== "first" && second !== ""));

/**
 * The most hands for one answer, by which bars are as long as they are.
 * @param {Row[]} rows
 */
export const mostHands = (rows) => Math.max(1, ...rows.flatMap(({ first, second }) => [Number(first), Number(second)]));

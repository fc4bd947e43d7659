// The wrong answer that most of an audience gave, and what the lesson says to it: the text that a learner gets who
// answers so.
//
// In: a question whose window may be told, its right answer, and the votes. Out: that answer and its text, with values
// of the run; null if there were no hands for a wrong answer, or the lesson says nothing to it.

import { isRight } from "./right-answer.js";
import { hasVotes } from "./votes.js";

/** @typedef {import("../../lsmscope_lesson.js").LessonAnswer} Answer */
/**
 * @typedef {object} Wrong
 * @property {string} answer As it was voted on.
 * @property {import("../../lsmscope_lesson.js").Node[]} text
 */

/**
 * @param {Pick<import("../../lsmscope_lesson.js").Lesson, "grade"> | null} file
 * @param {{ variant: number, beat: number, block: number }} place
 * @param {import("./right-answer.js").Right} right
 * @param {import("./votes.js").Row[]} rows Of both votes: the second one counts, if hands were counted in it.
 * @returns {Promise<Wrong | null>}
 */
export async function wrongAnswer(file, { variant, beat, block }, right, rows) {
  if (!file || !right.answer) return null;
  const round = hasVotes(rows, "second") ? "second" : "first";
  const wrongs = rows
    .filter((row) => Number(row[round]) > 0 && row.answer.trim() !== "" && !isRight(right, row.answer))
    .sort((a, b) => Number(b[round]) - Number(a[round]));
  for (const { answer } of wrongs) {
    // What an audience named may be no answer to the question: it is refused.
    const grade = await file.grade(variant, beat, block, answerWith(right.answer, answer)).catch(() => null);
    if (grade?.outcome === "wrong") return grade.text.length > 0 ? { answer, text: grade.text } : null;
  }
  return null;
}

/**
 * The right answer with what was voted on: in place of it, first in an order, or as one too many.
 * @param {Answer} right
 * @param {string} value
 * @returns {Answer}
 */
function answerWith(right, value) {
  if ("number" in right) return { ...right, number: value };
  if ("choice" in right) return { ...right, choice: value };
  if ("order" in right) return { ...right, order: [value, ...right.order.filter((card) => card !== value)] };
  if ("click" in right) return { ...right, click: [...right.click, value] };
  if ("scan" in right) return { ...right, scan: [...right.scan, value] };
  return { ...right, choices: [...right.choices, value] };
}

// A right answer and its grade, for those who are shown what happens: its text is the one for those who knew.
//
// In: a question whose window may be told, and the numbers that an audience named. Out: the answer, and the engine's
// grade of it; which of the numbers are right, by the same grader. Where no answer is found among those that are tried,
// the grade is that of any: it has what happened, too.

import { anyAnswer } from "./answers.js";

/** @typedef {import("../../lsmscope_lesson.js").LessonAnswer} Answer */
/** @typedef {import("./steps.js").Prediction} Prediction */
/**
 * @typedef {object} Right
 * @property {Answer | null} answer Null if none was found.
 * @property {string[]} named Of a number: which answers of the audience are right.
 * @property {import("../../lsmscope_lesson.js").Grade} grade
 */

/** The most choices of which all sets are tried. */
const MAX_SETS = 5;

/**
 * @param {import("../../lsmscope_lesson.js").Lesson | null} file
 * @param {{ variant: number, beat: number, block: number }} place
 * @param {Prediction} question
 * @param {string[]} [named] What the audience said, where it names the answers.
 * @returns {Promise<Right | null>}
 */
export async function rightAnswer(file, { variant, beat, block }, question, named = []) {
  if (!file) return null;
  const gradeOf = (/** @type {Answer} */ answer) => file.grade(variant, beat, block, answer);
  const any = await gradeOf(anyAnswer(question));
  for (const answer of answers(question, any.truth)) {
    const grade = await gradeOf(answer);
    if (grade.outcome !== "right") continue;
    /** @type {string[]} */
    const rights = [];
    for (const number of "number" in answer ? new Set(named) : []) {
      // What is no number is refused.
      const own = await gradeOf({ ...answer, number }).catch(() => null);
      if (own?.outcome === "right") rights.push(number);
    }
    return { answer, grade, named: rights };
  }
  return { answer: null, grade: any, named: [] };
}

/**
 * What happens, for a learner who asked to be shown: it counts as no right answer, and says what those are told who
 * knew, with its numbers and its reason.
 * @param {import("../../lsmscope_lesson.js").Lesson | null} file
 * @param {{ variant: number, beat: number, block: number }} place
 * @param {Prediction} question
 * @returns {Promise<import("../../lsmscope_lesson.js").Grade | null>}
 */
export async function shownGrade(file, place, question) {
  const right = await rightAnswer(file, place, question);
  return right && { ...right.grade, outcome: "wrong", text: right.answer ? right.grade.text : [] };
}

/**
 * Whether an option that is voted on is right: of an order, whether it comes first.
 * @param {Right} right
 * @param {string} value
 */
export function isRight({ answer, named }, value) {
  if (!answer) return false;
  if ("number" in answer) return named.includes(value);
  if ("order" in answer) return answer.order[0] === value;
  const [given] = /** @type {(string | string[])[]} */ (Object.values(answer));
  return Array.isArray(given) ? given.includes(value) : given === value;
}

/**
 * Answers of which one is right.
 * @param {Prediction} question
 * @param {import("../../lsmscope_lesson.js").LessonValue} truth What happened.
 * @returns {Answer[]}
 */
export function answers(question, truth) {
  const reasons = question.reasons.length > 0 ? question.reasons.map((_, why) => ({ why })) : [{}];
  const values = valuesOf(question, truth);
  return values.flatMap((value) => reasons.map((why) => ({ ...value, ...why })));
}

/**
 * @param {Prediction} question
 * @param {import("../../lsmscope_lesson.js").LessonValue} truth
 * @returns {Answer[]}
 */
function valuesOf({ kind, several, choices }, truth) {
  const list = Array.isArray(truth) ? truth.map(String) : [];
  if (kind === "number") return [{ number: String(truth) }];
  if (kind === "order") return [{ order: list }];
  if (kind === "click") return [{ click: list }];
  if (kind === "scan") return [{ scan: list }];
  const values = choices.map(({ value }) => value);
  if (!several) return values.map((choice) => ({ choice }));
  const sets = values
    .slice(0, MAX_SETS)
    .reduce((all, value) => [...all, ...all.map((one) => [...one, value])], /** @type {string[][]} */ ([[]]));
  return [list, ...sets].filter((one) => one.length > 0).map((set) => ({ choices: set }));
}

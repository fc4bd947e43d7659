// Answers to a lesson's questions: what is a whole answer, how it is said, and one that is as good as none.

import { say } from "../words.js";

/** @typedef {import("../../lsmscope_lesson.js").LessonAnswer} Answer */
/** @typedef {import("./steps.js").Prediction} Prediction */

/**
 * What a learner has put in so far. `value` is of the question's kind: a choice's value, choices, digits, cards in
 * order, places, rows.
 * @typedef {object} Draft
 * @property {string | string[]} value
 * @property {number | null} why
 * @property {boolean | null} sure
 */

/**
 * @param {Prediction} question
 * @returns {Draft} in which nothing is said yet; cards lie in the order in which they are shown
 */
export function emptyDraft(question) {
  const one = question.kind === "number" || (question.kind === "choice" && !question.several);
  const cards = question.kind === "order" ? question.cards.map(({ value }) => value) : [];
  return { value: one ? "" : cards, why: null, sure: null };
}

/**
 * The draft that an answer was made of.
 * @param {Prediction} question
 * @param {Answer | null} answer Null where it was shown.
 * @returns {Draft}
 */
export function draftOf(question, answer) {
  const empty = emptyDraft(question);
  if (!answer) return empty;
  const { why = null, ...given } = answer;
  const [value] = /** @type {(string | string[])[]} */ (Object.values(given));
  return { ...empty, value: value ?? empty.value, why };
}

/**
 * The answer, if it is whole.
 * @param {Prediction} question
 * @param {Draft} draft
 * @returns {Answer | null}
 */
export function answerOf(question, { value, why }) {
  if (question.reasons.length > 0 && why === null) return null;
  const reason = why === null ? {} : { why };
  if (typeof value === "string") {
    if (value.trim() === "") return null;
    return question.kind === "number" ? { number: value, ...reason } : { choice: value, ...reason };
  }
  switch (question.kind) {
    case "order":
      return { order: value, ...reason };
    case "click":
      return value.length > 0 ? { click: value, ...reason } : null;
    case "scan":
      return { scan: value, ...reason };
    default:
      return value.length > 0 ? { choices: value, ...reason } : null;
  }
}

/**
 * An answer of the question's kind which says nothing: to be shown what happens.
 * @param {Prediction} question
 * @returns {Answer}
 */
export function anyAnswer(question) {
  const why = question.reasons.length > 0 ? { why: 0 } : {};
  switch (question.kind) {
    case "number":
      return { number: "0", ...why };
    case "order":
      return { order: question.cards.map(({ value }) => value), ...why };
    case "click":
      return { click: [], ...why };
    case "scan":
      return { scan: [], ...why };
    default:
      return question.several ? { choices: [], ...why } : { choice: question.choices[0].value, ...why };
  }
}

/**
 * A draft in words, as it was put in.
 * @param {Prediction} question
 * @param {Draft} draft
 * @param {string} [none] What is said of an empty one.
 * @returns {string[]}
 */
export function said(question, { value }, none = say("none of them")) {
  if (question.kind === "number") return [`${String(value).trim()}${question.unit ? ` ${question.unit}` : ""}`];
  const options = question.kind === "order" ? question.cards : question.choices;
  const words = (/** @type {string} */ one) => {
    const found = options.find((option) => option.value === one);
    return found ? wordsOf(found.text) : one;
  };
  const all = typeof value === "string" ? [value] : value;
  return all.length > 0 ? all.map(words) : [none];
}

/**
 * Nodes as plain text.
 * @param {import("../../lsmscope_lesson.js").Node[]} nodes
 * @returns {string}
 */
export function wordsOf(nodes) {
  return nodes
    .map((node) => {
      if (node.type === "text" || node.type === "value" || node.type === "code_block") return node.text;
      if (node.type === "list") return node.items.map(wordsOf).join(" ");
      return "children" in node ? wordsOf(node.children) : " ";
    })
    .join("");
}

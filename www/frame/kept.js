// What the host keeps from one visit to the next: how questions were answered, and where the page stood.
//
// In: results of answers, the fragment of a link (of a lesson: its progress). Out: one line of text,
// `1;rw-c;v=2&script=…`: the version, a letter for each question, the fragment. A fragment that would make it too long
// is left out. Text of others is as if nothing were kept.

/** @typedef {"right" | "wrong"} Result */

/**
 * @typedef {object} Kept
 * @property {string} answers A letter for each question: `r` right at the first try, `w` wrong, `c` corrected, right
 *   after a wrong one, `-` not answered.
 * @property {string} link The fragment of a link to what was shown; empty if none is kept.
 */

/** @type {Kept} */
export const NOTHING = { answers: "", link: "" };

/** The most questions of a lesson: their letters must leave room for the link. */
const MAX_QUESTIONS = 200;
/** The most characters before the link. */
export const MAX_HEAD = MAX_QUESTIONS + 3;

/**
 * The letters when a question has been answered once more. The first try is what counts, so it is never overwritten.
 * @param {string} answers
 * @param {number} n The question's number, from 0.
 * @param {Result} result
 */
export function withAnswer(answers, n, result) {
  if (!Number.isInteger(n) || n < 0 || n >= MAX_QUESTIONS)
    throw new RangeError(`question ${n}: a lesson has questions 0 to ${MAX_QUESTIONS - 1}`);
  const letters = [...answers.padEnd(n + 1, "-")];
  if (letters[n] === "-") letters[n] = result === "right" ? "r" : "w";
  else if (letters[n] === "w" && result === "right") letters[n] = "c";
  return letters.join("");
}

/**
 * @param {Kept} kept
 * @param {number} longest In characters.
 */
export function write({ answers, link }, longest) {
  const head = `1;${answers};`;
  return head.length + link.length <= longest ? head + link : head;
}

/**
 * @param {string} text
 * @returns {Kept}
 */
export function read(text) {
  const [, answers, link] = /^1;([-rwc]{0,200});([!-~]*)$/.exec(text) ?? [];
  return answers === undefined ? NOTHING : { answers, link };
}

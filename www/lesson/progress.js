// How far a learner is in a lesson: answers, attempts, the score. It is this browser's, unless it is exported.
//
// In: what a learner did. Out: the next progress (nothing here changes what it is given), the score, and what was said
// beside what happened. First tries count for the score; later ones for having done it all.

/** @typedef {import("../../lsmscope_lesson.js").LessonAnswer} Answer */
/** @typedef {"right" | "partly" | "wrong" | "shown"} Outcome "shown": the learner asked to be shown. */

/**
 * One try at a question.
 * @typedef {object} Try
 * @property {number} variant
 * @property {Answer | null} answer Null where it was shown.
 * @property {Outcome} outcome
 * @property {string} ask The question in words.
 * @property {string} said The answer in words.
 * @property {string} happened What the engine did, in words.
 * @property {string} tag The misconception that it shows; empty if none.
 * @property {boolean | null} sure Null if it was not asked.
 */
/**
 * @typedef {object} Challenge
 * @property {boolean} passed
 * @property {number} attempts
 * @property {string[]} lines Those of the last attempt, or of the one that passed.
 * @property {number} variant Of these lines.
 */
/**
 * @typedef {object} Progress
 * @property {number} v
 * @property {string} lesson
 * @property {number} variant
 * @property {number} beat Where the learner is.
 * @property {Record<string, Try[]>} tries By the id of the question.
 * @property {Record<string, Challenge>} challenges
 * @property {number} seconds In which the lesson was open and in view.
 * @property {Record<string, string>} [sentences] What the learner wrote of challenges, for the report.
 */

export const VERSION = 1;

/**
 * @param {string} lesson
 * @param {number} variant
 * @returns {Progress}
 */
export function begun(lesson, variant) {
  return { v: VERSION, lesson, variant, beat: 0, tries: {}, challenges: {}, seconds: 0 };
}

/**
 * @param {Progress} progress
 * @param {string} id
 * @param {Try} next
 * @returns {Progress}
 */
export function tried(progress, id, next) {
  return { ...progress, tries: { ...progress.tries, [id]: [...(progress.tries[id] ?? []), next] } };
}

/**
 * @param {Progress} progress
 * @param {string} id
 * @param {{ passed: boolean, lines: string[], variant: number }} attempt
 * @returns {Progress}
 */
export function attempted(progress, id, { passed, lines, variant }) {
  const before = progress.challenges[id];
  const attempts = (before?.attempts ?? 0) + 1;
  // What has passed is not taken back by something worse.
  const challenge = before?.passed && !passed ? { ...before, attempts } : { passed, attempts, lines, variant };
  return { ...progress, challenges: { ...progress.challenges, [id]: challenge } };
}

/**
 * @param {Progress} progress
 * @param {string} id
 * @param {string} sentences
 * @returns {Progress}
 */
export function written(progress, id, sentences) {
  return { ...progress, sentences: { ...progress.sentences, [id]: sentences } };
}

/**
 * The first try that was an answer: to be shown is none.
 * @param {Progress} progress
 * @param {string} id
 */
export function firstTry(progress, id) {
  const [first] = progress.tries[id] ?? [];
  return first && first.outcome !== "shown" ? first : undefined;
}

/**
 * The last try at a question in a variant, also if it was shown.
 * @param {Progress} progress
 * @param {string} id
 * @param {number} variant
 */
export function lastTry(progress, id, variant) {
  return progress.tries[id]?.findLast((one) => one.variant === variant);
}

/**
 * The variant in which one of these questions was answered last; of others, the learner's.
 * @param {Progress} progress
 * @param {string[]} ids
 * @returns {number}
 */
export function variantOf(progress, ids) {
  const last = ids.map((id) => progress.tries[id]?.at(-1) ?? progress.challenges[id]).find((one) => one !== undefined);
  return last?.variant ?? progress.variant;
}

/**
 * Minutes in which the lesson was worked on, one at least.
 * @param {Progress} progress
 */
export const minutesOf = ({ seconds }) => Math.max(1, Math.round(seconds / 60));

/**
 * Whether a question was answered right at some time, or a challenge passed.
 * @param {Progress} progress
 * @param {string} id
 */
export function isDone(progress, id) {
  const tries = progress.tries[id] ?? [];
  return tries.some(({ outcome }) => outcome === "right") || (progress.challenges[id]?.passed ?? false);
}

/**
 * The score: right first tries, of all that is asked; a challenge counts double.
 * @param {{ questions: string[], challenges: string[] }} asked
 * @param {Progress} progress
 * @returns {{ points: number, of: number, done: number, asked: number }} `done`: right at some time, or passed
 */
export function score({ questions, challenges }, progress) {
  const right = questions.filter((id) => firstTry(progress, id)?.outcome === "right").length;
  const passed = challenges.filter((id) => progress.challenges[id]?.passed).length;
  const all = [...questions, ...challenges];
  return {
    points: right + 2 * passed,
    of: questions.length + 2 * challenges.length,
    done: all.filter((id) => isDone(progress, id)).length,
    asked: all.length,
  };
}

/**
 * The first answers that were not right, beside what happened: those that were sure come first.
 * @param {string[]} questions
 * @param {Progress} progress
 * @returns {{ id: string, first: Try }[]}
 */
export function surprises(questions, progress) {
  const first = questions.flatMap((id) => {
    const one = progress.tries[id]?.[0];
    return one && one.outcome !== "right" ? [{ id, first: one }] : [];
  });
  return [...first.filter((one) => one.first.sure), ...first.filter((one) => !one.first.sure)];
}

/**
 * Progress that was kept or exported, if it is one of `lesson`.
 * @param {unknown} value
 * @param {string} lesson
 * @returns {Progress | null}
 */
export function readProgress(value, lesson) {
  if (typeof value !== "object" || value === null) return null;
  const kept = /** @type {Record<string, unknown>} */ (value);
  const { v, lesson: of, variant, beat, tries, challenges, seconds, sentences = {} } = kept;
  const isWhole = (/** @type {unknown} */ n) => Number.isSafeInteger(n) && Number(n) >= 0;
  if (v !== VERSION || of !== lesson || !isWhole(variant) || !isWhole(beat) || typeof seconds !== "number") return null;
  if (!isRecord(tries) || !Object.values(tries).every((list) => Array.isArray(list) && list.every(isTry))) return null;
  if (!isRecord(challenges) || !Object.values(challenges).every(isChallenge)) return null;
  if (!isRecord(sentences) || !Object.values(sentences).every((text) => typeof text === "string")) return null;
  return /** @type {Progress} */ (value);
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** @param {unknown} value */
function isTry(value) {
  const isKnown = isRecord(value) && ["right", "partly", "wrong", "shown"].includes(String(value.outcome));
  return isKnown && [value.ask, value.said, value.happened].every((text) => typeof text === "string");
}

/** @param {unknown} value */
function isChallenge(value) {
  return isRecord(value) && typeof value.passed === "boolean" && Array.isArray(value.lines);
}

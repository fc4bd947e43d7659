// An article: all of its parts are there at once, and each of its questions is answered where it stands.
//
// In: what a reader does. Out: `state.lesson`, with the phase `reading`. A question has no stage beside it: its figures
// have databases of their own, so an answer is graded and told, without a run.

import { answerOf, draftOf, emptyDraft } from "./answers.js";
import { problemWords } from "./lesson-context.js";
import { noteAnswer } from "./noting.js";
import { lastTry, minutesOf, score } from "./progress.js";
import { shownGrade } from "./right-answer.js";
import { askedBy, stepsOf } from "./steps.js";

/** @typedef {import("./lesson-context.js").LessonContext} LessonContext */
/** @typedef {import("./steps.js").Question} Question */

/** @param {LessonContext} context */
export function createReading(context) {
  const { state, set } = context;

  /** Presents the parts of the article, one after the other: the first ones can be read meanwhile. */
  async function read() {
    const file = context.file();
    const isCurrent = context.enter();
    set({ phase: "reading" });
    for (const beat of state().outline.beats.keys()) {
      const { variant } = state();
      const presented = await file?.present(variant, beat);
      if (!isCurrent() || !presented) return;
      const steps = stepsOf(presented.items);
      const questions = steps.flatMap((step) => step.questions);
      const drafts = Object.fromEntries(questions.map(({ id, question }) => [id, emptyDraft(question)]));
      set({ parts: [...state().parts, { ...presented, steps }], drafts: { ...drafts, ...state().drafts } });
      for (const question of questions) await tellAgain(beat, question, isCurrent);
    }
    // What asks nothing is done when it is there to be read.
    if (isCurrent() && askedBy(state().outline).questions.length === 0) tellEnd();
  }

  /**
   * An answer of an earlier visit is told again.
   * @param {number} beat
   * @param {Question} asked
   * @param {() => boolean} isCurrent
   */
  async function tellAgain(beat, { block, id, question }, isCurrent) {
    const { progress, variant } = state();
    const last = lastTry(progress, id, variant);
    if (!last) return;
    const grade = await gradeOf(beat, { block, question }, last.answer);
    if (!isCurrent() || !grade) return;
    const { drafts, grades } = state();
    set({ drafts: { ...drafts, [id]: draftOf(question, last.answer) }, grades: { ...grades, [id]: grade } });
  }

  /**
   * @param {number} beat
   * @param {Pick<Question, "block" | "question">} asked
   * @param {import("./answers.js").Answer | null} answer Null: the reader is shown what happens.
   */
  async function gradeOf(beat, { block, question }, answer) {
    const { variant } = state();
    const file = context.file();
    return answer ? file?.grade(variant, beat, block, answer) : shownGrade(file, { variant, beat, block }, question);
  }

  /**
   * @param {string} id
   * @param {Partial<import("./answers.js").Draft>} patch
   */
  function draft(id, patch) {
    const { drafts } = state();
    set({ drafts: { ...drafts, [id]: { ...drafts[id], ...patch } }, wrong: "" });
  }

  /**
   * Grades the answer to a question.
   * @param {number} beat
   * @param {Question} asked
   * @param {{ shows?: boolean }} [how]
   */
  async function commit(beat, asked, { shows = false } = {}) {
    const { id, question } = asked;
    const { drafts } = state();
    const given = shows ? null : answerOf(question, drafts[id]);
    if (!shows && !given) return;
    const isCurrent = context.isCurrent();
    try {
      const grade = await gradeOf(beat, asked, given);
      if (!isCurrent() || !grade) return;
      noteAnswer(context, asked, grade, given);
      set({ grades: { ...state().grades, [id]: grade }, wrong: "" });
      tellEnd();
    } catch (error) {
      if (isCurrent()) set({ wrong: problemWords(error) });
    }
  }

  /** Tells a host that all is done, once every question has an answer. */
  function tellEnd() {
    const { outline, progress } = state();
    const asked = askedBy(outline);
    if (!asked.questions.every((id) => progress.tries[id])) return;
    const { points, of } = score(asked, progress);
    context.tell({ type: "complete", score: of === 0 ? 1 : points / of, minutes: minutesOf(progress) });
  }

  return { read, draft, commit };
}

// Questions: what is put in, the engine's grade, and the run up to what decides.
//
// In: what a learner puts in. Out: drafts, grades and the phase of the lesson; the run on the stage. Before an answer
// is given its window has not run: there is nothing on the page, or in the timeline, that could tell it.

import { answerOf, draftOf } from "./answers.js";
import { problemWords } from "./lesson-context.js";
import { noteAnswer } from "./noting.js";
import { lastTry } from "./progress.js";
import { shownGrade } from "./right-answer.js";

/** @typedef {import("./lesson-context.js").LessonContext} LessonContext */
/** @typedef {import("./lesson-state.js").Grade} Grade */
/** @typedef {import("./steps.js").Question} Question */

/**
 * @param {LessonContext} context
 * @param {ReturnType<typeof import("./playing.js").createPlaying>} playing
 */
export function createAnswering(context, playing) {
  const { controller, player, state, set } = context;

  /**
   * @param {string} id
   * @param {Partial<import("./answers.js").Draft>} patch
   */
  function draft(id, patch) {
    const { drafts, phase } = state();
    if (phase !== "asking") return;
    set({ drafts: { ...drafts, [id]: { ...drafts[id], ...patch } }, wrong: "" });
  }

  /** Whether every question of the step has a whole answer. */
  function isAnswered() {
    const { drafts, phase } = state();
    // Views may still show the beat before, while the next is being prepared.
    if (phase !== "asking") return false;
    return context.step().questions.every(({ id, question }) => drafts[id] && answerOf(question, drafts[id]));
  }

  /**
   * Grades the answers, and plays their window up to what decides them.
   * @param {{ shows?: boolean }} [how] `shows`: the learner wants to be shown, and answers nothing
   */
  async function commit({ shows = false } = {}) {
    if (state().phase !== "asking" || (!shows && !isAnswered())) return;
    const isCurrent = context.isCurrent();
    const { questions } = context.step();
    const { drafts } = state();
    const answers = questions.map(({ id, question }) => (shows ? null : answerOf(question, drafts[id])));
    // The window runs for all of them at once: none is graded alone.
    set({ phase: "running" });
    const grades = await gradesOf(questions, answers);
    if (!isCurrent() || !grades) return;
    set({ grades: { ...state().grades, ...grades } });
    for (const [at, asked] of questions.entries()) noteAnswer(context, asked, grades[asked.id], answers[at]);
    await show(questions, grades, isCurrent);
  }

  /**
   * @param {Question[]} questions
   * @param {(import("./answers.js").Answer | null)[]} answers Null: the learner is shown what happens.
   */
  async function gradesOf(questions, answers) {
    const { beat, variant } = state();
    /** @type {Record<string, Grade>} */
    const grades = {};
    const isCurrent = context.isCurrent();
    const file = context.file();
    for (const [at, { block, id, question }] of questions.entries()) {
      const answer = answers[at];
      try {
        const grade = await (answer
          ? file?.grade(variant, beat, block, answer)
          : shownGrade(file, { variant, beat, block }, question));
        if (grade) grades[id] = grade;
      } catch (error) {
        if (isCurrent()) set({ phase: "asking", wrong: problemWords(error) });
        return null;
      }
    }
    return grades;
  }

  /**
   * Runs the window, and plays it up to what decides.
   * @param {Question[]} questions
   * @param {Record<string, Grade>} grades
   * @param {() => boolean} isCurrent
   */
  async function show(questions, grades, isCurrent) {
    const [{ question }] = questions;
    await controller.runAll(question.lines);
    if (!isCurrent()) return;
    const stop = Math.max(...questions.map(({ id }) => grades[id].stop));
    if (stop <= question.from) return void set({ phase: "told" });
    playing.playTo(question.from, stop, () => isCurrent() && state().phase === "running" && set({ phase: "told" }));
  }

  /**
   * Answers that were given before, in this variant: told again, without playing.
   * @param {Question[]} questions
   * @returns {Promise<boolean>} whether all of them had been answered
   */
  async function tellAgain(questions) {
    const { progress, variant } = state();
    const tries = questions.map(({ id }) => lastTry(progress, id, variant));
    if (questions.length === 0 || tries.some((one) => !one)) return false;
    const isCurrent = context.isCurrent();
    const answers = tries.map((one) => one?.answer ?? null);
    const grades = await gradesOf(questions, answers);
    if (!isCurrent() || !grades) return false;
    await controller.runAll(questions[0].question.lines);
    if (!isCurrent()) return false;
    const drafts = Object.fromEntries(questions.map(({ id, question }, at) => [id, draftOf(question, answers[at])]));
    set({ drafts: { ...state().drafts, ...drafts }, grades: { ...state().grades, ...grades }, phase: "told" });
    controller.seek(Math.max(...questions.map(({ id }) => grades[id].stop)));
    return true;
  }

  /** Shows one hint more. @param {string} id */
  function hint(id) {
    set({ hints: { ...state().hints, [id]: (state().hints[id] ?? 0) + 1 } });
  }

  return { draft, isAnswered, commit, tellAgain, hint, skip: player.pause };
}

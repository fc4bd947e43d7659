// Lines of the learner's own: at a challenge, or a line to type. Before a line runs on the stage, the grader runs it:
// one that it refuses (a command that may not be used, a line too many, a line that fails) does not run there.

import { problemWords } from "./lesson-context.js";
import { attempted } from "./progress.js";

/** @typedef {import("./lesson-state.js").Attempt} Attempt */

/** @param {import("./lesson-context.js").LessonContext} context */
export function createTrying(context) {
  const { controller, player, store, state, set } = context;
  /** Lines of the beat's own, before the learner's. */
  let before = 0;
  let isGrading = false;

  /** From now on, lines are the learner's; what holds before the first of them is known. */
  async function begin() {
    before = store.get().stage.script.length;
    const { challenge } = context.step();
    if (!challenge) return;
    const isCurrent = context.isCurrent();
    const begun = await grade([]).catch(() => null);
    if (isCurrent() && begun) set({ begun, attempt: null });
  }

  /** What the lines so far have come to. @param {string[]} lines */
  async function grade(lines) {
    const { beat, variant } = state();
    const { challenge, typed } = context.step();
    const block = challenge?.block ?? typed?.block;
    const file = context.file();
    return file && block !== undefined ? await file.attempt(variant, beat, block, lines) : null;
  }

  /**
   * Runs a line at the end of what has happened, if the grader takes it.
   * @param {string} line
   */
  async function type(line) {
    if (isGrading) return false;
    isGrading = true;
    try {
      return await tryLine(line);
    } catch (error) {
      set({ wrong: problemWords(error) });
      return false;
    } finally {
      isGrading = false;
    }
  }

  /** @param {string} line */
  async function tryLine(line) {
    player.pause();
    const { length } = store.get().shown;
    controller.seek(length);
    const isCurrent = context.isCurrent();
    set({ wrong: "" });
    const had = store.get().stage.script.slice(before);
    const lines = [...had, line];
    const attempt = await grade(lines);
    if (!isCurrent() || !attempt) return false;
    const refused = attempt.errors.find((error) => error.line === had.length);
    const counts = attempt.lines > (state().attempt?.lines ?? 0);
    if (refused && counts) {
      set({ wrong: problemWords(refused) });
      note(false, had);
      return false;
    }
    // A line that is no command is refused by the console, which shows the wrong part of it.
    const ok = await player.show(line);
    if (!isCurrent()) return false;
    if (!refused) set({ attempt, ...(attempt.passed && !state().show ? { phase: "told" } : {}) });
    note(attempt.passed, refused ? had : lines);
    // A power cut that was asked for fails its command, and is what was wanted.
    return ok || store.get().shown.length > length;
  }

  /**
   * An attempt on record, and told to a host.
   * @param {boolean} passed
   * @param {string[]} lines
   */
  function note(passed, lines) {
    const { challenge } = context.step();
    // What is tried before an audience is not the learner's.
    if (!challenge || state().show) return;
    const { progress, variant } = state();
    context.advance(attempted(progress, challenge.id, { passed, lines, variant }));
    const { attempts } = state().progress.challenges[challenge.id];
    context.tell({ type: "answered", id: challenge.id, right: passed, attempt: attempts, chosen: lines });
  }

  return { begin, type };
}

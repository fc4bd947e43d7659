// Lines of the learner's own: at a challenge, or a line to type. After each of them the engine says what holds.

import { problemWords } from "./lesson-context.js";
import { attempted } from "./progress.js";

/** @param {import("./lesson-context.js").LessonContext} context */
export function createTrying(context) {
  const { controller, player, store, state, set } = context;
  /** Lines of the beat's own, before the learner's. */
  let before = 0;

  /** From now on, lines are the learner's. */
  const begin = () => {
    before = store.get().stage.script.length;
  };

  /**
   * Runs a line at the end of what has happened.
   * @param {string} line
   */
  async function type(line) {
    player.pause();
    const { length } = store.get().shown;
    controller.seek(length);
    const isCurrent = context.isCurrent();
    const ok = await player.show(line);
    if (isCurrent()) await look();
    // A power cut that was asked for fails its command, and is what was wanted.
    return ok || store.get().shown.length > length;
  }

  /** Asks whether the lines since the step began are what is wanted. */
  async function look() {
    const { beat, variant } = state();
    const { challenge, typed } = context.step();
    const block = challenge?.block ?? typed?.block;
    const file = context.file();
    if (!file || block === undefined) return;
    const isCurrent = context.isCurrent();
    const lines = store.get().stage.script.slice(before);
    try {
      const attempt = await file.attempt(variant, beat, block, lines);
      if (!isCurrent()) return;
      set({ attempt, wrong: "" });
      if (attempt.passed) set({ phase: "told" });
      if (!challenge) return;
      context.advance(attempted(state().progress, challenge.id, { passed: attempt.passed, lines, variant }));
      const { attempts } = state().progress.challenges[challenge.id];
      context.tell({ type: "answered", id: challenge.id, right: attempt.passed, attempt: attempts, chosen: lines });
    } catch (error) {
      if (isCurrent()) set({ wrong: problemWords(error) });
    }
  }

  return { begin, type };
}

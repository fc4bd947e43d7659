// What the parts of a lesson share: the file, the state, and whether what they wait for is still wanted.

/** @typedef {import("../../lsmscope_lesson.js").Lesson} LessonFile */
/** @typedef {import("./lesson-state.js").LessonState} LessonState */
/** @typedef {import("./progress.js").Progress} Progress */

/**
 * What a host is told.
 * @typedef {{ type: "beat", beat: number }
 *   | { type: "answered", id: string, right: boolean, attempt: number, chosen: unknown }
 *   | { type: "complete", score: number, minutes: number }} Told
 */

/** Seconds between two steps that count as work: who is away longer does something else. */
const LONGEST_PAUSE = 180;

/** @typedef {ReturnType<typeof createContext>} LessonContext */

/**
 * @param {import("../controller.js").Controller} controller
 * @param {import("../player.js").Player} player
 * @param {object} world
 * @param {(progress: Progress) => void} world.keep
 * @param {(message: Told) => void} world.tell
 * @param {() => number} world.now Milliseconds.
 */
export function createContext(controller, player, { keep, tell, now }) {
  const { store } = controller;
  /** @type {LessonFile | null} */
  let file = null;
  /** Which entry into a beat: one that was left must not go on. */
  let entries = 0;
  let last = now();
  const state = () => /** @type {LessonState} */ (store.get().lesson);
  /** @param {Partial<LessonState>} patch */
  const set = (patch) => store.set({ lesson: { ...state(), ...patch } });

  return {
    controller,
    player,
    store,
    tell,
    state,
    set,
    file: () => file,
    /** @param {LessonFile | null} next */
    take(next) {
      file?.free();
      file = next;
    },
    /** A new entry into a beat; the function that comes back says whether it is still the one. */
    enter() {
      entries += 1;
      return this.isCurrent();
    },
    isCurrent() {
      const entry = entries;
      return () => entry === entries;
    },
    step: () => state().steps[state().step],
    /** @param {Progress} progress */
    advance(progress) {
      const time = now();
      const seconds = progress.seconds + Math.min((time - last) / 1000, LONGEST_PAUSE);
      last = time;
      set({ progress: { ...progress, seconds } });
      keep(state().progress);
    },
  };
}

/**
 * An error in words.
 * @param {unknown} error
 * @returns {string}
 */
export function problemWords(error) {
  const { message, remedy } = /** @type {{ message?: string, remedy?: string }} */ (error);
  return [message ?? String(error), remedy].filter(Boolean).join(". ");
}

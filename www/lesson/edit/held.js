// A lesson of the engine that several use: the preview, the check, the list of moments. It is freed when all have left
// it and nothing of it runs any more, as the engine does not free what runs.

/** @typedef {import("../../../lsmscope_lesson.js").Lesson} LessonFile */

/** What runs. */
const CALLS = /** @type {const} */ (["present", "grade", "attempt", "check", "moments"]);

/**
 * @param {LessonFile} lesson
 * @returns {{ file: LessonFile, take: () => LessonFile }} `file` is for the first; `take` gives it to one more. Each
 *   leaves it by `free`.
 */
export function held(lesson) {
  let users = 1;
  let running = 0;
  const leave = () => {
    if (users === 0 && running === 0) lesson.free();
  };
  const calls = CALLS.map((name) => [
    name,
    async (/** @type {any[]} */ ...given) => {
      running += 1;
      try {
        return await /** @type {any} */ (lesson)[name](...given);
      } finally {
        running -= 1;
        leave();
      }
    },
  ]);
  const file = /** @type {LessonFile} */ (
    /** @type {unknown} */ ({
      ...Object.fromEntries(calls),
      outline: () => lesson.outline(),
      variant: (/** @type {number} */ number) => lesson.variant(number),
      find: (/** @type {string} */ id) => lesson.find(id),
      free() {
        users -= 1;
        leave();
      },
    })
  );
  return {
    file,
    take() {
      users += 1;
      return file;
    },
  };
}

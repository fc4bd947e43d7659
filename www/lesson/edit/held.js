// A lesson of the engine that several use: the preview, the check, the list of moments. It is freed when all have left
// it and nothing of it runs any more, as the engine does not free what runs.

/** @typedef {import("../../../lsmscope_lesson.js").Lesson} LessonFile */

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
  const free = () => {
    users -= 1;
    leave();
  };
  const ended = () => {
    running -= 1;
    leave();
  };
  const file = new Proxy(lesson, {
    get(_, name) {
      if (name === "free") return free;
      const method = Reflect.get(lesson, name);
      if (typeof method !== "function") return method;
      return (/** @type {unknown[]} */ ...given) => {
        const result = method.apply(lesson, given);
        if (!(result instanceof Promise)) return result;
        running += 1;
        return result.finally(ended);
      };
    },
  });
  return {
    file,
    take() {
      users += 1;
      return file;
    },
  };
}

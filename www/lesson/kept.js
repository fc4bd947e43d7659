// Where a learner's progress is kept: in this browser, or, where that keeps nothing, until the page is left.

const KEY = "lsmscope.lesson.";
/** @type {Map<string, unknown>} */
const memory = new Map();

/**
 * @param {string} key of a lesson: its id, or the address of another author's
 * @returns {unknown} what was kept of it, which may be anything
 */
export function keptLesson(key) {
  if (memory.has(key)) return memory.get(key);
  try {
    return JSON.parse(localStorage.getItem(KEY + key) ?? "null");
  } catch {
    return null;
  }
}

/**
 * @param {string} key
 * @param {import("./progress.js").Progress} progress
 */
export function keepLesson(key, progress) {
  memory.set(key, progress);
  try {
    localStorage.setItem(KEY + key, JSON.stringify(progress));
  } catch {
    // It is kept until the page is left.
  }
}

// What the page is called, in its tab, in bookmarks and in the browser's history: what is on it, then the program.

/** @typedef {import("./state.js").State} State */

const PROGRAM = "lsmscope";

/**
 * @param {State} state
 * @returns {string}
 */
export function titleOf(state) {
  return `${shown(state)} · ${PROGRAM}`;
}

/**
 * What is on the page: a lesson, or the list of them; the simulator; else, in this order, what went wrong, a history, a
 * script of which lines are left to run, a database that has a name, the sandbox.
 * @param {State} state
 */
function shown({ phase, room, stage, config, lesson }) {
  if (phase === "panicked") return "The engine stopped";
  if (room === "lesson") return lesson?.outline.title ?? "Course";
  if (room === "simulate") return "Simulator";
  if (phase === "refused") return "No database";
  if (stage.history) return `History of ${stage.history.name}`;
  if (stage.queueTitle && stage.queue.length > 0) return stage.queueTitle;
  // The name by which databases go that are given none says nothing.
  if (stage.backend?.kind === "indexeddb" && config.name && config.name !== PROGRAM) return `Database ${config.name}`;
  return "Sandbox";
}

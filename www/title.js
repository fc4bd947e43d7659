// What the page is called, in its tab, in bookmarks and in the browser's history: what is on it, then the program.

import { titleSaid } from "./kept-titles.js";
import { say } from "./words.js";

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
function shown({ phase, room, stage, config, lesson, editing, logName }) {
  if (phase === "panicked") return say("The engine stopped");
  if (editing) return say("Editor of lessons");
  if (room === "lesson") return lesson?.outline.title ?? say("Course");
  if (room === "simulate") return say("Simulator");
  if (room === "log") return logName ? say("What happened: {name}", { name: logName }) : say("What happened");
  if (phase === "refused") return say("No database");
  if (stage.history) return say("History of {name}", { name: stage.history.name });
  if (stage.queueTitle && stage.queue.length > 0) return titleSaid(stage.queueTitle);
  // The name by which databases go that are given none says nothing.
  if (stage.backend?.kind === "indexeddb" && config.name && config.name !== PROGRAM)
    return say("Database {name}", { name: config.name });
  return say("Sandbox");
}

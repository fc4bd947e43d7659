// The script and the trace of a timeline as text.

import { save } from "./save.js";

/** @typedef {import("../state.js").State} State */

/**
 * Everything that was run and is queued, as text.
 * @param {Pick<State["stage"], "script" | "queue">} stage
 */
export const saveableScript = ({ script, queue }) => `${[...script, ...queue].join("\n")}\n`;

/**
 * The same as a file.
 * @param {Pick<State["stage"], "script" | "queue">} stage
 */
export function saveScript(stage) {
  save("lsmscope-script.txt", "text/plain", saveableScript(stage));
}

/**
 * The events of the timeline, one JSON object a line.
 * @param {import("../controller.js").Controller} controller
 * @param {number} length
 */
export function traceParts(controller, length) {
  const parts = [];
  for (let from = 0; from < length; from += 4096) {
    parts.push(
      controller
        .events(from, Math.min(from + 4096, length))
        .map((row) => `${JSON.stringify(row)}\n`)
        .join(""),
    );
  }
  return parts;
}

// What went wrong, for a person: its kind, a message and a remedy.

import { say } from "./words.js";

/** @typedef {{ kind: string, message: string, remedy: string }} Problem */

/**
 * @param {unknown} error the engine's own, with `{ kind, message, remedy }`, or any other
 * @returns {Problem}
 */
export function problemOf(error) {
  const e = /** @type {Partial<import("../lsmscope.js").LsmError> | null | undefined} */ (error);
  return {
    kind: e?.kind ?? "failed",
    message: e?.message ?? String(error),
    remedy: e?.remedy ?? say("Reload the page: what was synced is kept."),
  };
}

/**
 * An error for what a person has given.
 * @param {string} message
 * @param {string} remedy
 */
export const problem = (message, remedy) => Object.assign(new Error(message), { kind: "invalid_input", remedy });

/**
 * Whether a line was refused for something that stands in it.
 * @param {{ outcome: { error?: { start: number, end: number } } | null } | undefined} exchange
 */
export function isWrongLine(exchange) {
  const error = exchange?.outcome?.error;
  return error != null && error.end > error.start;
}

// A session as a file, which opens again: the commands of each branch, what is queued, and where one stood. The engine
// is deterministic, so running them again gives the same timeline.
//
// In: a session, or the text of a file from anywhere. Out: the text, or a session that is bounded and of the right
// shape. Errors: { message, remedy }.

import { problem } from "../problem.js";
import { MAX_CHARS, MAX_COMMANDS } from "../saved-session.js";
import { say } from "../words.js";

/** @typedef {import("../saved-session.js").Session} Session */
/** @typedef {import("../saved-session.js").SavedBranch} SavedBranch */

const KIND = "lsmscope session";
const VERSION = 1;
/** The most branches. */
const MAX_BRANCHES = 64;

/** @param {Session} session */
export function written(session) {
  return `${JSON.stringify({ kind: KIND, ...session, v: VERSION }, null, 1)}\n`;
}

/**
 * The session of a file.
 * @param {string} text
 * @returns {Session}
 */
export function parsed(text) {
  const file = record(json(text));
  if (file.kind !== KIND)
    throw problem(say("this is not a session of lsmscope"), say("Choose a file that Export has saved as a session."));
  if (file.v !== VERSION)
    throw problem(
      say("the session has version {version}; this page reads version {known}", {
        version: String(file.v),
        known: VERSION,
      }),
      say("Reload the page."),
    );
  const config = record(file.config);
  const forms = record(file.forms);
  const branches = Array.isArray(file.branches) ? file.branches.map(branch) : [];
  if (branches.length === 0 || branches.length > MAX_BRANCHES)
    throw problem(
      say("it has {count} branches, not 1 to {most}", { count: branches.length, most: MAX_BRANCHES }),
      say("Save the session again."),
    );
  const commands = branches.reduce((sum, { script }) => sum + script.length, 0);
  if (commands > MAX_COMMANDS)
    throw problem(
      say("it has {count} commands, and no more than {most} are run", { count: commands, most: MAX_COMMANDS }),
      say("Run a script instead."),
    );
  const lines = branches.flatMap(({ script, queued }) => [...script, ...queued]);
  if (lines.reduce((sum, line) => sum + line.length, 0) > MAX_CHARS)
    throw problem(
      say("its commands are longer than {most} letters", { most: MAX_CHARS }),
      say("Run a script instead."),
    );
  return {
    v: VERSION,
    // Whatever the file says: nobody else's database is opened.
    config: { backend: "memory", preset: optional(config.preset), options: texts(config.options) },
    branches,
    shown: Math.min(whole(file.shown), branches.length - 1),
    forms: { command: optional(forms.command) ?? "", script: optional(forms.script) ?? "" },
    pastOnly: file.pastOnly === true,
  };
}

/**
 * @param {unknown} value
 * @returns {SavedBranch}
 */
function branch(value) {
  const found = record(value);
  return {
    title: optional(found.title) ?? "",
    script: lines(found.script),
    queue: lines(found.queue),
    queued: lines(found.queued),
    queueTitle: optional(found.queueTitle) ?? "",
    position: whole(found.position),
    following: found.following === true,
    length: found.length === null ? null : whole(found.length),
  };
}

/** @param {string} text */
function json(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw problem(say("this is not JSON"), say("Choose a file that Export has saved as a session."));
  }
}

/**
 * @param {unknown} value
 * @returns {Record<string, unknown>}
 */
function record(value) {
  return value !== null && typeof value === "object" ? /** @type {Record<string, unknown>} */ (value) : {};
}

/** @param {unknown} value */
const optional = (value) => (typeof value === "string" ? value : undefined);

/** @param {unknown} value */
function whole(value) {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}

/** @param {unknown} value */
function texts(value) {
  const entries = Object.entries(record(value)).filter(([, text]) => typeof text === "string");
  return /** @type {Record<string, string>} */ (Object.fromEntries(entries));
}

/**
 * @param {unknown} value
 * @returns {string[]}
 */
function lines(value) {
  const found = Array.isArray(value) ? value : [];
  if (found.some((line) => typeof line !== "string" || line.includes("\n")))
    throw problem(say("one of its commands is not a line"), say("Save the session again."));
  return found;
}

// What a link may ask for. A link can be made by anybody, so it is read in bounded memory, and what it runs is bounded:
// as many commands as a reload runs again, and altogether no longer than a person waits. Of a long workload the engine
// tells instead of running it, whatever its line says (`Sandbox.setWary`).
//
// In: a link's text, or what it asks for. Out: a sentence that names what is too much; empty if nothing is.

import { MAX_BRANCHES } from "../branches.js";
import { number } from "../format.js";
import { MAX_CHARS, MAX_COMMANDS } from "../saved-session.js";
import { say, sayCount } from "../words.js";

/** Addresses that are longer are cut by some programs. */
export const MAX_ADDRESS = 8000;
/** Characters of a fragment. */
export const MAX_FRAGMENT = 1 << 20;
/** Bytes of a link's fields when they are inflated. */
export const MAX_INFLATED = 1 << 20;
/** Characters of a name: of a preset, a branch, a moment, and of what stands there. */
const MAX_NAME = 200;
/** Characters of the options. */
const MAX_OPTIONS = 20_000;
/** Milliseconds that a link's scripts run; what is left then waits in the queue. */
export const MAX_RUN_MS = 30_000;

/** @param {string} text a fragment */
export function overLength(text) {
  if (text.length <= MAX_FRAGMENT) return "";
  const [length, most] = [number(text.length), number(MAX_FRAGMENT)];
  return say("The link has {length} characters; no more than {most} are read.", { length, most });
}

/** @param {import("./version2.js").Moment} moment */
export function refusalOf({ preset, options, branches, selection }) {
  if (branches.length > MAX_BRANCHES)
    return sayCount(
      branches.length,
      "The link has {n} branch; no more than {most} are opened.",
      "The link has {n} branches; no more than {most} are opened.",
      { most: MAX_BRANCHES },
    );
  const lines = branches.flatMap(({ script, next }) => [...script, ...next]);
  if (lines.length > MAX_COMMANDS)
    return sayCount(
      lines.length,
      "The link has {n} command; no more than {most} are run.",
      "The link has {n} commands; no more than {most} are run.",
      { most: number(MAX_COMMANDS) },
    );
  if (lines.reduce((sum, line) => sum + line.length, 0) > MAX_CHARS)
    return say("The link's commands are longer than {most} characters.", { most: number(MAX_CHARS) });
  const names = branches.flatMap(({ title, at, facts }) => [title, at ?? "", facts]);
  const long = [preset, ...names, selection?.key ?? ""].find((name) => name.length > MAX_NAME);
  if (long !== undefined)
    return say("The link has a name of {length} characters: {name}…", {
      length: number(long.length),
      name: long.slice(0, 40),
    });
  if (JSON.stringify(options).length > MAX_OPTIONS)
    return say("The link's options are longer than {most} characters.", { most: number(MAX_OPTIONS) });
  return "";
}

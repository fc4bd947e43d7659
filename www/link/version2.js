// The fields of a link of version 2.
//
// In: a moment, or fields. Out: the other of the two. Errors: a branch that begins nowhere, by its title; other fields
// that make no sense are as if they were not there.

import { lines } from "../command-lines.js";
import { say } from "../words.js";

/**
 * @typedef {object} LinkedBranch
 * @property {string} title
 * @property {string[]} script Lines that were run.
 * @property {string[]} next Lines that are queued.
 * @property {string | null} at The name of the position; null is the end.
 * @property {string} facts What stood there, to check the name by; empty where it is not checked.
 */
/**
 * @typedef {object} Moment
 * @property {string} preset
 * @property {Record<string, string>} options Options that differ from the preset's, when the database was opened.
 * @property {LinkedBranch[]} branches At least one. A later one often begins with lines of the first.
 * @property {number} shown Which of them is on the stage.
 * @property {boolean} pastOnly Whether what happens after the position is hidden.
 * @property {boolean | null} stepInto Whether a command stops at its first event; null: as it is.
 * @property {"figure" | "panels" | null} layout Null: as it is.
 * @property {{ from: number, to: number } | null} zoom The part of the key axis that is in view; null is all.
 * @property {import("../state.js").Selection | null} selection
 */

/** Digits of a share of the key axis. */
const DIGITS = 7;

/**
 * @param {Moment} moment
 * @returns {string} without the version
 */
export function write({ preset, options, branches, shown, ...view }) {
  const [main, ...others] = branches;
  const fields = new URLSearchParams({ preset });
  const changes = Object.entries(options).map(([name, value]) => `${name}=${value}`);
  if (changes.length > 0) fields.set("options", changes.join(" "));
  writeBranch(fields, main, 0);
  for (const branch of others) {
    const fork = common(main.script, branch.script);
    const inner = new URLSearchParams({ title: branch.title });
    if (fork > 0) inner.set("fork", String(fork));
    writeBranch(inner, branch, fork);
    fields.append("branch", String(inner));
  }
  if (shown > 0) fields.set("on", String(shown));
  if (view.pastOnly) fields.set("past", "only");
  if (view.stepInto !== null) fields.set("into", view.stepInto ? "1" : "0");
  if (view.layout) fields.set("layout", view.layout);
  if (view.zoom) fields.set("zoom", `${share(view.zoom.from)}..${share(view.zoom.to)}`);
  if (view.selection) fields.set("select", selectionText(view.selection));
  return String(fields);
}

/**
 * @param {URLSearchParams} fields
 * @param {LinkedBranch} branch
 * @param {number} fork How many of its lines are the first branch's.
 */
function writeBranch(fields, { script, next, at, facts }, fork) {
  if (script.length > fork) fields.set("script", script.slice(fork).join("\n"));
  if (next.length > 0) fields.set("next", next.join("\n"));
  if (at !== null) fields.set("at", at);
  if (at !== null && facts) fields.set("is", facts);
}

/**
 * How many lines two scripts have in common from the beginning.
 * @param {string[]} a
 * @param {string[]} b
 */
function common(a, b) {
  const differs = a.findIndex((line, i) => line !== b[i]);
  return differs === -1 ? a.length : differs;
}

/** @param {number} part */
function share(part) {
  return String(Number(part.toFixed(DIGITS)));
}

/** @param {import("../state.js").Selection} selection */
function selectionText({ file, offset, key }) {
  if (file === undefined) return `key:${key}`;
  return `file:${file}${offset === undefined ? "" : `:${offset}`}`;
}

/**
 * @param {URLSearchParams} fields
 * @returns {{ moment: Moment } | { reason: string }}
 */
export function read(fields) {
  if (fields.has("room"))
    return { reason: say("The link has version 2 and is of the simulator, whose links have version 1.") };
  const main = { ...readBranch(fields, []), title: "main" };
  const branches = [main];
  for (const text of fields.getAll("branch")) {
    const inner = new URLSearchParams(text);
    const title = inner.get("title") || `branch ${branches.length}`;
    const fork = whole(inner.get("fork") ?? "0");
    if (fork === null || fork > main.script.length)
      return {
        reason: say('The link\'s branch "{title}" begins at a line that its script does not have.', {
          title: title.slice(0, 40),
        }),
      };
    branches.push({ ...readBranch(inner, main.script.slice(0, fork)), title });
  }
  const into = fields.get("into");
  const layout = fields.get("layout");
  /** @type {Moment} */
  const moment = {
    preset: fields.get("preset") || "teaching",
    options: readOptions(fields.get("options") ?? ""),
    branches,
    shown: Math.min(whole(fields.get("on") ?? "") ?? 0, branches.length - 1),
    pastOnly: fields.get("past") === "only",
    stepInto: into === "1" ? true : into === "0" ? false : null,
    layout: layout === "figure" || layout === "panels" ? layout : null,
    zoom: readZoom(fields.get("zoom") ?? ""),
    selection: readSelection(fields.get("select") ?? ""),
  };
  return { moment };
}

/**
 * @param {URLSearchParams} fields
 * @param {string[]} before lines of the first branch that it begins with
 */
function readBranch(fields, before) {
  const at = fields.get("at") || null;
  return {
    script: [...before, ...lines(fields.get("script") ?? "")],
    next: lines(fields.get("next") ?? ""),
    at,
    facts: at === null ? "" : (fields.get("is") ?? ""),
  };
}

/** @param {string} text */
function readOptions(text) {
  const pairs = text.split(/\s+/).filter((pair) => /^[a-z0-9_]+=./.test(pair));
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]));
}

/** @param {string} text */
function readZoom(text) {
  const [, from, to] = /^([0-9.]{1,20})\.\.([0-9.]{1,20})$/.exec(text) ?? [];
  const zoom = { from: Number(from), to: Number(to) };
  return zoom.from >= 0 && zoom.to <= 1 && zoom.to - zoom.from >= 1e-6 ? zoom : null;
}

/**
 * @param {string} text
 * @returns {import("../state.js").Selection | null}
 */
function readSelection(text) {
  if (text.startsWith("key:")) return { key: text.slice(4) };
  const [, file, offset] = /^file:([^:/]{1,64})(?::([0-9]{1,15}))?$/.exec(text) ?? [];
  if (file === undefined) return null;
  return offset === undefined ? { file } : { file, offset: Number(offset) };
}

/** @param {string} text */
function whole(text) {
  return /^[0-9]{1,9}$/.test(text) ? Number(text) : null;
}

// The moment on the page as a value that fits into a link.
//
// In: the state and the branches. Out: a moment, or why no link leads to it. What a link replays is the script, from an
// empty database in memory.

import { optionTexts } from "../options.js";
import { notRestorable } from "../saved-session.js";
import { say } from "../words.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../saved-session.js").Branch} Branch */
/** @typedef {import("../timeline.js").Options} Options */
/** @typedef {import("./version2.js").Moment} Moment */

/**
 * Why no link leads to what is on the stage; empty if one does.
 * @param {State} state
 * @param {Branch[]} branches
 */
export function notLinkable(state, branches) {
  if (state.phase !== "open") return say("no database is open");
  if (state.stage.history) return say("a history of a real database is on the stage, which is a file");
  return notRestorable(state, branches);
}

/**
 * @param {State} state
 * @param {Branch[]} branches
 * @param {(preset: string) => Options | undefined} presetOptions
 * @param {boolean} [withRest] Whether the lines that are still queued come along; else where the person follows them.
 * @returns {Moment}
 */
export function momentOf(state, branches, presetOptions, withRest) {
  const { config, stage, pastOnly, stepInto, layout, zoom } = state;
  const preset = config.preset ?? "teaching";
  return {
    preset,
    options: changes(config.options ?? {}, optionTexts(presetOptions(preset) ?? null)),
    branches: branches.map((branch) => linked(branch, withRest)),
    shown: Math.max(
      0,
      branches.findIndex(({ isShown }) => isShown),
    ),
    pastOnly,
    stepInto,
    layout,
    zoom,
    selection: stage.selection,
  };
}

/**
 * A moment that is a script: run to its end, in memory.
 * @param {string} preset
 * @param {string[]} script
 * @param {string[]} next
 * @returns {Moment}
 */
export function scriptMoment(preset, script, next) {
  const view = { shown: 0, pastOnly: false, stepInto: null, layout: null, zoom: null, selection: null };
  return { preset, options: {}, branches: [{ title: "main", script, next, at: null, facts: "" }], ...view };
}

/**
 * The same with the branch on the stage alone.
 * @param {Moment} moment
 * @returns {Moment}
 */
export function alone({ branches, shown, ...moment }) {
  return { ...moment, branches: [{ ...branches[shown], title: "main" }], shown: 0 };
}

/**
 * @param {Branch} branch
 * @param {boolean} [withRest]
 */
function linked({ title, stage, length, name }, withRest = stage.following) {
  const atEnd = stage.position === length;
  const named = atEnd ? null : name();
  return {
    title,
    script: [...stage.script],
    next: withRest ? stage.queue : [],
    at: atEnd ? null : (named?.name ?? String(stage.position)),
    facts: named?.facts ?? "",
  };
}

/**
 * Options that differ from the preset's.
 * @param {Record<string, string>} options
 * @param {Record<string, string>} preset
 */
function changes(options, preset) {
  return Object.fromEntries(Object.entries(options).filter(([name, value]) => preset[name] !== value));
}

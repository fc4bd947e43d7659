// An experiment: one workload, and one or two configurations of the engine to run it on. It is a plain value that fits
// into a link:
//
//   #v=1&room=simulate&spec=preset%20overload%20write_mb_per_s%3D50&a=max_background_jobs%3D4&b=…
//
// `spec`, `a` and `b` are `name=value` pairs apart by spaces; `spec` begins with the preset that the workload and both
// configurations start from. Where there is no `b`, nothing is compared.

import { say } from "../words.js";

/** @typedef {import("../catalog.js").Knob} Knob */
/** @typedef {import("../catalog.js").WrongValue} WrongValue */
/** @typedef {Record<string, string>} Changes Values by name, as they are typed. */

/**
 * @typedef {object} Experiment
 * @property {string} preset A preset of the simulator: parameters of the workload, and options.
 * @property {Changes} spec Parameters that differ from the preset's.
 * @property {Changes} a Options that differ from the preset's.
 * @property {Changes | null} b The same for the second configuration; null: nothing is compared.
 */

/** @typedef {{ name: string, about: string, spec: [string, string][], options: [string, string][] }} Preset */

/**
 * @typedef {object} Catalog Presets, parameters and options, with their checks.
 * @property {Preset[]} presets
 * @property {Knob[]} spec
 * @property {Knob[]} options
 * @property {(changes: Changes) => WrongValue[]} checkSpec
 * @property {(changes: Changes) => WrongValue[]} checkOptions
 */

/**
 * Two configurations that are worth comparing, ready-made. They compare options on whatever workload is chosen; `about`
 * says which shows it best.
 * @type {{ name: string, title: string, about: string, a: Changes, b: Changes }[]}
 */
export const COMPARISONS = [
  {
    name: "leveled-universal",
    title: say("leveled / universal"),
    about: say(
      "Leveled against universal compaction with up to eight runs: less is rewritten, but reads check more runs. " +
        "With up to four runs, it would write as much as leveled.",
    ),
    a: {},
    b: { compaction_style: "universal", level0_file_num_compaction_trigger: "8" },
  },
  {
    name: "static-dynamic",
    title: say("static / dynamic"),
    about: say(
      "Static level targets against dynamic ones: dynamic ones need less space. To see it: the preset overwrite with " +
        "key_dist=uniform and duration_seconds=7200.",
    ),
    a: { level_compaction_dynamic_level_bytes: "false" },
    b: { level_compaction_dynamic_level_bytes: "true" },
  },
  {
    name: "multiplier",
    title: say("multiplier"),
    about: say(
      "Levels ten times as large as the one above against four times: more levels, each rewritten less often. " +
        "To see it: the preset ten-hours.",
    ),
    a: { max_bytes_for_level_multiplier: "10" },
    b: { max_bytes_for_level_multiplier: "4" },
  },
  {
    name: "jobs",
    title: say("jobs"),
    about: say(
      "Two background jobs against eight. The difference shows when two cannot keep up: the preset overload with " +
        "write_mb_per_s=80.",
    ),
    a: { max_background_jobs: "2" },
    b: { max_background_jobs: "8" },
  },
  {
    name: "sync-async",
    title: say("sync / async"),
    about: say("Jobs inside the writes against jobs in the background: the same bytes, other stalls."),
    a: { job_mode: "inline" },
    b: { job_mode: "scheduled" },
  },
];

/**
 * What changes of an experiment with a comparison: never its preset, its workload, or options that are not compared.
 * @param {string} name Of a ready-made one; "own" for two configurations that begin alike, "" for one.
 * @param {Experiment} experiment
 * @returns {Partial<Experiment>}
 */
export function compare(name, experiment) {
  if (name === "") return { b: null };
  if (name === "own") return { b: experiment.b ?? { ...experiment.a } };
  const found = COMPARISONS.find((comparison) => comparison.name === name);
  const before = comparisonOf(experiment);
  const compared = COMPARISONS.find((comparison) => comparison.name === before);
  // What the comparison before this one has set is not part of what stays.
  const stays = Object.fromEntries(
    Object.entries(experiment.a).filter(([option]) => !compared || !(option in compared.a || option in compared.b)),
  );
  return found ? { a: { ...stays, ...found.a }, b: { ...stays, ...found.b } } : {};
}

/**
 * The ready-made comparison that an experiment is, by name; "own", if it compares something else; "" if nothing.
 * @param {Experiment} experiment
 */
export function comparisonOf({ a, b }) {
  if (!b) return "";
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((name) => a[name] !== b[name]);
  const is = (/** @type {typeof COMPARISONS[number]} */ c) =>
    names.every((name) => a[name] === c.a[name] && b[name] === c.b[name]) &&
    [...Object.keys(c.a), ...Object.keys(c.b)].every((name) => names.includes(name));
  return COMPARISONS.find(is)?.name ?? "own";
}

/**
 * The values that a run takes: the preset's with the changes on top.
 * @param {Preset | undefined} preset
 * @param {"spec" | "options"} part
 * @param {Changes} changes
 * @returns {Changes}
 */
export function valuesOf(preset, part, changes) {
  return { ...Object.fromEntries(preset?.[part] ?? []), ...changes };
}

/**
 * @param {Experiment} experiment
 * @returns {string} a fragment with its `#`
 */
export function encode({ preset, spec, a, b }) {
  const fields = new URLSearchParams({
    v: "1",
    room: "simulate",
    spec: [`preset ${preset}`, pairs(spec)].filter(Boolean).join(" "),
  });
  if (Object.keys(a).length > 0) fields.set("a", pairs(a));
  if (b) fields.set("b", pairs(b));
  return `#${fields}`;
}

/**
 * @param {string} fragment
 * @returns {Experiment | null} null if the fragment is none
 */
export function decode(fragment) {
  const fields = new URLSearchParams(fragment.replace(/^#/, ""));
  if (fields.get("v") !== "1" || fields.get("room") !== "simulate") return null;
  const [, preset = "rocksdb", rest = ""] = /^preset (\S+)\s*(.*)$/.exec(fields.get("spec") ?? "") ?? [];
  const b = fields.get("b");
  return { preset, spec: changes(rest), a: changes(fields.get("a") ?? ""), b: b === null ? null : changes(b) };
}

/** @param {Changes} values */
function pairs(values) {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}

/**
 * @param {string} text
 * @returns {Changes}
 */
function changes(text) {
  const pairs = text.split(/\s+/).filter((pair) => /^[a-z0-9_]+=./.test(pair));
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]));
}

/**
 * The options in which two configurations differ, with the value of each side.
 * @param {Changes} a
 * @param {Changes} b
 * @param {Changes} defaults
 * @returns {{ name: string, a: string, b: string }[]}
 */
export function differences(a, b, defaults) {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  const value = (/** @type {Changes} */ side, /** @type {string} */ name) => side[name] ?? defaults[name] ?? "";
  return names.map((name) => ({ name, a: value(a, name), b: value(b, name) })).filter((row) => row.a !== row.b);
}

// An experiment: one workload, and one or two configurations of the engine to run it on. It is a plain value that fits
// into a link:
//
//   #v=1&room=simulate&spec=preset%20overload%20write_mb_per_s%3D50&a=max_background_jobs%3D4&b=…
//
// `spec`, `a` and `b` are `name=value` pairs apart by spaces; `spec` begins with the preset that the workload and both
// configurations start from. Where there is no `b`, nothing is compared.

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
 * Two configurations that are worth comparing, ready-made.
 * @type {{ name: string, about: string, experiment: Experiment }[]}
 */
export const COMPARISONS = [
  {
    name: "leveled-universal",
    about:
      "Leveled against universal compaction that lets eight runs come together: less is rewritten, more is looked into. With no more than four it would write as much.",
    experiment: {
      preset: "ten-hours",
      spec: {},
      a: {},
      b: { compaction_style: "universal", level0_file_num_compaction_trigger: "8" },
    },
  },
  {
    name: "static-dynamic",
    about: "Static level targets against dynamic ones, over keys that are overwritten: space.",
    experiment: {
      preset: "overwrite",
      spec: { key_dist: "uniform", key_space_size: "20000000", duration_seconds: "7200" },
      a: { level_compaction_dynamic_level_bytes: "false" },
      b: { level_compaction_dynamic_level_bytes: "true" },
    },
  },
  {
    name: "multiplier",
    about: "A level ten times the one above it against four times: more levels, each rewritten less.",
    experiment: {
      preset: "ten-hours",
      spec: {},
      a: { max_bytes_for_level_multiplier: "10" },
      b: { max_bytes_for_level_multiplier: "4" },
    },
  },
  {
    name: "jobs",
    about: "Two background jobs against eight, under more writes than two can take.",
    experiment: {
      preset: "overload",
      spec: { duration_seconds: "3600", write_mb_per_s: "80" },
      a: { max_background_jobs: "2" },
      b: { max_background_jobs: "8" },
    },
  },
  {
    name: "sync-async",
    about: "Jobs that every write waits for against jobs in the background: the same bytes, other stalls.",
    experiment: { preset: "rocksdb", spec: {}, a: { job_mode: "inline" }, b: { job_mode: "scheduled" } },
  },
];

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

// A sweep to be run on the page: the simulator's experiment, and one to three options that vary.
//
// In: the experiment, options with values as they are typed. Out: a `SweepPlan`, whose runs are all combinations, those
// of the last option first, as those of `lsmscope sweep` (src/sweep/plan.rs). Errors: `wrong`, what is wrong with the
// values of which option, in the engine's words.

import { valuesOf } from "../sim/experiment.js";
import { say } from "../words.js";
import { plainValue, suggestedValues, typedValues } from "./sweep-values.js";

/** @typedef {import("../sim/experiment.js").Catalog} Catalog */
/** @typedef {import("../sim/experiment.js").Experiment} Experiment */
/** @typedef {import("../sim/experiment.js").Changes} Changes */
/** @typedef {import("../catalog.js").Knob} Knob */
/** @typedef {import("../catalog.js").WrongValue} WrongValue */

/** @typedef {{ name: string, text: string }} TypedAxis An option that varies, and its values as they are typed. */

/**
 * @typedef {object} PlannedRun
 * @property {number} number From 0.
 * @property {string[]} values Of what varies, in its order.
 * @property {string} preset
 * @property {[string, string][]} spec Parameters that differ from the preset's.
 * @property {[string, string][]} options Options that do.
 * @property {number} work How long it takes, compared with the others: by its virtual time, where that varies.
 * @property {WrongValue | null} refused Why it cannot be run: its options exclude each other.
 */

/**
 * @typedef {object} SweepPlan
 * @property {string} id The same for the same rows.
 * @property {string} seed Of all runs; empty where it varies.
 * @property {string[]} axes What varies.
 * @property {PlannedRun[]} runs
 */

/**
 * @typedef {object} Planned
 * @property {SweepPlan | null} plan null: something is wrong.
 * @property {number} count How many combinations there are.
 * @property {string[]} wrong Of each option that varies, what is wrong; empty where all is well.
 */

/** No sweep on the page has more runs, and none varies more options. */
export const MAX_RUNS = 64;
export const MAX_AXES = 3;

/** What varies at first: two options that most trees go by. */
const FIRST = ["level0_file_num_compaction_trigger", "write_buffer_size"];

/**
 * @param {Experiment} experiment
 * @param {TypedAxis[]} typed
 * @param {Catalog} catalog
 * @param {string} version Of the engine: another may come to other numbers.
 * @returns {Planned}
 */
export function planSweep(experiment, typed, catalog, version) {
  const base = baseOf(experiment, catalog);
  const axes = typed.map((axis) => ({ ...axis, ...readAxis(axis, base) }));
  const count = axes.reduce((product, { values }) => product * values.length, 1);
  const none = { plan: null, count, wrong: axes.map(({ wrong }) => wrong) };
  if (axes.length === 0 || count === 0 || count > MAX_RUNS || none.wrong.some(Boolean)) return none;
  // A reader of rows takes a seed that stands before all others for that of all runs.
  const order = axes.toSorted((a, b) => Number(a.name === "seed") - Number(b.name === "seed"));
  const runs = combinations(order.map(({ values }) => values)).map((values, number) =>
    base.run(number, Object.fromEntries(order.map(({ name }, at) => [name, values[at]])), values),
  );
  const wrong = axes.map((axis) => alwaysWrong(axis, runs, order.indexOf(axis)));
  if (wrong.some(Boolean)) return { ...none, wrong };
  const names = order.map(({ name }) => name);
  const shared = base.knobs.filter(({ name }) => !names.includes(name)).map((knob) => [knob.name, base.plain(knob)]);
  return {
    plan: {
      id: idOf([version, experiment.preset, shared, order.map(({ name, values }) => [name, values])]),
      seed: names.includes("seed") ? "" : base.plain(base.knobOf("seed")),
      axes: names,
      runs,
    },
    count,
    wrong,
  };
}

/**
 * What varies when nothing has been chosen.
 * @param {Experiment} experiment
 * @param {Catalog} catalog
 * @returns {TypedAxis[]}
 */
export function firstAxes(experiment, catalog) {
  return FIRST.map((name) => suggestedAxis(name, experiment, catalog));
}

/**
 * An option with values around the one that it has in the experiment.
 * @param {string} name
 * @param {Experiment} experiment
 * @param {Catalog} catalog
 * @returns {TypedAxis}
 */
export function suggestedAxis(name, experiment, catalog) {
  const base = baseOf(experiment, catalog);
  const takes = (/** @type {string} */ value) => !base.problems({ [name]: value }).some(({ field }) => field === name);
  return { name, text: suggestedValues(base.knobOf(name), base.plain(base.knobOf(name)), takes) };
}

/**
 * The experiment, of which something is changed.
 * @param {Experiment} experiment
 * @param {Catalog} catalog
 */
function baseOf({ preset, spec, a }, catalog) {
  const found = catalog.presets.find(({ name }) => name === preset);
  const isSpec = (/** @type {string} */ name) => catalog.spec.some((knob) => knob.name === name);
  const split = (/** @type {Changes} */ changes) => ({
    spec: { ...spec, ...Object.fromEntries(Object.entries(changes).filter(([name]) => isSpec(name))) },
    options: { ...a, ...Object.fromEntries(Object.entries(changes).filter(([name]) => !isSpec(name))) },
  });
  const knobs = [...catalog.options, ...catalog.spec];
  const problems = (/** @type {Changes} */ changes) => {
    const { spec, options } = split(changes);
    return [
      ...catalog.checkSpec(valuesOf(found, "spec", spec)),
      ...catalog.checkOptions(valuesOf(found, "options", options)),
    ];
  };
  const now = { ...valuesOf(found, "spec", spec), ...valuesOf(found, "options", a) };
  return {
    knobs,
    /** What an option has in the experiment. */
    plain: (/** @type {Knob} */ knob) => plainValue(knob, now[knob.name] ?? knob.default),
    knobOf: (/** @type {string} */ name) => /** @type {Knob} */ (knobs.find((knob) => knob.name === name)),
    problems,
    /**
     * @param {number} number
     * @param {Changes} changes
     * @param {string[]} values
     * @returns {PlannedRun}
     */
    run(number, changes, values) {
      const { spec, options } = split(changes);
      const refused = problems(changes)[0] ?? null;
      const work = Number(changes.duration_seconds ?? 1);
      return { number, values, preset, spec: Object.entries(spec), options: Object.entries(options), work, refused };
    },
  };
}

/** @typedef {ReturnType<typeof baseOf>} Base */

/**
 * The values of an option, each once; and the first that is wrong wherever it stands: beside the other options of an
 * experiment, a value may be refused for what another option has, which may vary as well.
 * @param {TypedAxis} axis
 * @param {Base} base
 */
function readAxis({ name, text }, base) {
  const typed = typedValues(text);
  if (typed.length === 0) return { values: [], wrong: say("Type values, with commas between them.") };
  /** @type {Set<string>} */
  const values = new Set();
  for (const value of typed) {
    const [problem] = base.problems({ [name]: value }).filter(({ field }) => field === name);
    const plain = plainValue(base.knobOf(name), value);
    // The engine says what it is to be: to its own text for the value it would say the same.
    if (problem && (plain === "NaN" || !isNumberOf(plain, base.knobOf(name))))
      return { values: [], wrong: wrongValue(value, problem) };
    values.add(plain);
  }
  return { values: [...values], wrong: "" };
}

/**
 * Whether `text` is among what an option has, as far as the option alone says.
 * @param {string} text
 * @param {Knob} knob
 */
function isNumberOf(text, { unit, choices, min, max }) {
  if (unit === "switch") return false;
  if (choices.length > 0) return choices.includes(text);
  return Number(text) >= (min ?? -Infinity) && Number(text) <= (max ?? Infinity);
}

/**
 * What is wrong with a value that no run takes, whatever the other options are; empty if there is none.
 * @param {{ name: string, values: string[] }} axis
 * @param {PlannedRun[]} runs
 * @param {number} at
 */
function alwaysWrong({ name, values }, runs, at) {
  for (const value of values) {
    const mine = runs.filter((run) => run.values[at] === value);
    if (mine.every(({ refused }) => refused?.field === name) && mine[0].refused)
      return wrongValue(value, mine[0].refused);
  }
  return "";
}

/**
 * @param {string} value
 * @param {WrongValue} problem
 */
const wrongValue = (value, { expected }) => say("{value}: expected {expected}", { value, expected });

/**
 * All combinations, the last list first.
 * @param {string[][]} lists
 * @returns {string[][]}
 */
function combinations(lists) {
  return lists.reduce(
    (before, list) => before.flatMap((values) => list.map((value) => [...values, value])),
    /** @type {string[][]} */ ([[]]),
  );
}

/**
 * `p` and a hash (FNV-1a) of all that the rows follow from. It is another than that of `lsmscope sweep`, whose SPEC can
 * say more.
 * @param {unknown} what
 */
function idOf(what) {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(JSON.stringify(what)))
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return `p${hash.toString(16).padStart(16, "0")}`;
}

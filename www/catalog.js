// What the engine describes without an open database: options, presets, commands, workloads; and it checks choices of
// them. All of it needs the engine, which has arrived where a view asks (`views/lazy.js`).

import { engine, guarded } from "./wasm.js";

/** @typedef {import("../lsmscope.js").Description} Knob A parameter: its name, unit, range and meaning. */
/** @typedef {{ field: string, expected: string }} WrongValue */

export const catalog = {
  options: () => guarded(() => engine().Sandbox.describe_options()),
  presets: () => guarded(() => engine().Sandbox.presets()),
  /**
   * The options of a preset; undefined if there is none of this name.
   * @param {string} name
   */
  presetOptions: (name) => guarded(() => engine().Sandbox.preset_options(name)),
  commands: () => guarded(() => engine().Sandbox.commands()),
  /**
   * What is wrong with `preset` and `changes` together.
   * @param {string} preset
   * @param {Record<string, string>} changes
   */
  check: (preset, changes) => guarded(() => engine().Sandbox.check_options(preset, changes)),
  workload: () => guarded(() => engine().workload_catalog()),
  /**
   * What is wrong with changes to a workload's default parameters.
   * @param {Record<string, string>} changes
   */
  checkWorkload: (changes) => guarded(() => engine().check_workload(Object.entries(changes))),
};

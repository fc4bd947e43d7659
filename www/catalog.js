// What the engine describes without an open database: options, presets, commands, workloads; and it checks choices of
// them.

import { guarded, wasm } from "./wasm.js";

/** @typedef {import("../lsmscope.js").Description} Knob A parameter: its name, unit, range and meaning. */
/** @typedef {{ field: string, expected: string }} WrongValue */

export const catalog = {
  options: () => guarded(() => wasm.Sandbox.describe_options()),
  presets: () => guarded(() => wasm.Sandbox.presets()),
  commands: () => guarded(() => wasm.Sandbox.commands()),
  /**
   * What is wrong with `preset` and `changes` together.
   * @param {string} preset
   * @param {Record<string, string>} changes
   */
  check: (preset, changes) => guarded(() => wasm.Sandbox.check_options(preset, changes)),
  workload: () => guarded(() => wasm.workload_catalog()),
  /**
   * What is wrong with changes to a workload's default parameters.
   * @param {Record<string, string>} changes
   */
  checkWorkload: (changes) => guarded(() => wasm.check_workload(Object.entries(changes))),
};

// What is simulated: a preset, the workload, the engine's options, and, where two configurations are compared, those of
// the second. Every value is checked where it is typed; nothing runs before Run is pressed.

import { COMPARISONS, compare, comparisonOf, valuesOf } from "../../sim/experiment.js";
import { Knobs, defaultsOf } from "../knobs.js";
import { GROUPS } from "../options.js";
import { presetLabel } from "../../options.js";
import { say } from "../../words.js";
import { Tabs } from "../tabs.js";
import { html, useState } from "../ui.js";

/** @typedef {import("../../sim/simulator.js").Simulator} Simulator */
/** @typedef {import("../../sim/simulator.js").SimulatorState} SimulatorState */
/** @typedef {import("../../sim/experiment.js").Experiment} Experiment */
/** @typedef {import("../../sim/experiment.js").Changes} Changes */
/** @typedef {import("../../sim/experiment.js").Preset} Preset */
/** @typedef {import("../../sim/experiment.js").Catalog} Catalog */
/** @typedef {import("../../catalog.js").Knob} Knob */
/** @typedef {import("../../catalog.js").WrongValue} WrongValue */
/** @typedef {import("../ui.js").ChoiceEvent} ChoiceEvent */

const SPEC_GROUPS = {
  writes: say("Writes"),
  bursts: say("Bursts"),
  keys: say("Keys"),
  reads: say("Reads"),
  run: say("Run||of a workload"),
};
/** Groups of options that a simulation goes by most. */
const OPEN = ["compaction"];

/** @param {{ simulator: Simulator, state: SimulatorState, catalog: Catalog }} props */
export function Setup({ simulator, state, catalog }) {
  const { experiment } = state;
  const [tab, setTab] = useState("spec");
  const preset = catalog.presets.find((p) => p.name === experiment.preset);
  const shown = tab === "b" && !experiment.b ? "a" : tab;
  const parts = partsOf(experiment, preset, catalog);
  const part = parts[shown === "spec" ? "spec" : shown === "b" ? "b" : "a"];
  const wrong = wrongParts(parts, experiment);
  const set = (/** @type {string} */ name, /** @type {string} */ value) => {
    const changes = { ...part.changes, [name]: value };
    // A value that is the preset's again is no change.
    if (value === part.base[name]) delete changes[name];
    simulator.change({ [shown]: changes });
  };
  return html`<section class="sim-setup" role="region" aria-label=${say("Setup")}>
    <label class="stack">
      ${say("Preset")}
      <select
        value=${experiment.preset}
        onChange=${(/** @type {ChoiceEvent} */ e) =>
          simulator.change({ preset: e.currentTarget.value, spec: {}, a: {}, b: experiment.b && {} })}
      >
        ${catalog.presets.map((p) => html`<option key=${p.name} value=${p.name}>${presetLabel(p)}</option>`)}
      </select>
    </label>
    <p class="quiet">${preset?.about}</p>
    <label class="stack">
      ${say("Compare")}
      <select
        value=${comparisonOf(experiment)}
        onChange=${(/** @type {ChoiceEvent} */ e) => simulator.change(compare(e.currentTarget.value, experiment))}
      >
        <option value="">${say("one configuration")}</option>
        <option value="own">${say("two configurations")}</option>
        ${COMPARISONS.map((c) => html`<option key=${c.name} value=${c.name}>${c.title}</option>`)}
      </select>
    </label>
    ${
      experiment.b
        ? html`<p class="quiet">
            ${
              COMPARISONS.find((c) => c.name === comparisonOf(experiment))?.about ??
              say("The same workload runs on A and on B.")
            }
          </p>`
        : null
    }
    <${Tabs}
      label=${say("Parameters")}
      tabs=${[
        ["spec", say("Workload") + wrong.spec],
        ["a", (experiment.b ? say("Options A") : say("Options")) + wrong.a],
        ...(experiment.b ? [["b", say("Options B") + wrong.b]] : []),
      ]}
      on=${shown}
      pick=${setTab}
    />
    <${Knobs}
      key=${shown}
      id=${`sim-${shown}`}
      knobs=${part.knobs}
      groups=${shown === "spec" ? SPEC_GROUPS : GROUPS}
      values=${{ ...defaultsOf(part.knobs), ...part.base, ...part.changes }}
      changed=${part.changes}
      problems=${part.problems}
      open=${shown === "spec" ? ["writes", "run"] : OPEN}
      set=${set}
    />
  </section>`;
}

/**
 * The first value that is wrong of what would be run; null if all is well.
 * @param {Experiment} experiment
 * @param {Catalog} catalog
 * @returns {WrongValue | null}
 */
export function wrongValue(experiment, catalog) {
  const parts = partsOf(
    experiment,
    catalog.presets.find((p) => p.name === experiment.preset),
    catalog,
  );
  return [...parts.spec.problems, ...parts.a.problems, ...(experiment.b ? parts.b.problems : [])][0] ?? null;
}

/**
 * @param {Experiment} experiment
 * @param {Preset | undefined} preset
 * @param {Catalog} catalog
 */
function partsOf({ spec, a, b }, preset, catalog) {
  const options = (/** @type {Changes} */ changes) => ({
    knobs: catalog.options,
    changes,
    base: { ...defaultsOf(catalog.options), ...valuesOf(preset, "options", {}) },
    problems: catalog.checkOptions(valuesOf(preset, "options", changes)),
  });
  return {
    spec: {
      knobs: catalog.spec,
      changes: spec,
      base: { ...defaultsOf(catalog.spec), ...valuesOf(preset, "spec", {}) },
      problems: catalog.checkSpec(valuesOf(preset, "spec", spec)),
    },
    a: options(a),
    b: options(b ?? {}),
  };
}

/**
 * A sign on the tab behind which something is wrong.
 * @param {ReturnType<typeof partsOf>} parts
 * @param {Experiment} experiment
 */
function wrongParts(parts, experiment) {
  const sign = (/** @type {{ problems: WrongValue[] }} */ part) => (part.problems.length > 0 ? " ⚠" : "");
  return { spec: sign(parts.spec), a: sign(parts.a), b: experiment.b ? sign(parts.b) : "" };
}

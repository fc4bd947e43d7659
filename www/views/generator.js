// The workload generator: a form that writes a `drive` line and runs it, as one could type it. Every value is checked
// where it is typed; the line is shown, so that it can be learned.

import { driveLine } from "../command-lines.js";
import { catalog } from "../catalog.js";
import { bytes } from "../format.js";
import { presetLabel, readable } from "../options.js";
import { say, sayParts } from "../words.js";
import { Knobs, defaultsOf } from "./knobs.js";
import { saveSamples } from "./save.js";
import { Icon, html, memo, useMemo } from "./ui.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../controller.js").Controller} Controller */
/** @typedef {import("./ui.js").ChoiceEvent} ChoiceEvent */
/** @typedef {import("./ui.js").FieldEvent} FieldEvent */

const GROUPS = {
  rates: say("Rates"),
  bursts: say("Bursts"),
  keys: say("Keys"),
  sizes: say("Sizes"),
  run: say("Run||of a workload"),
};
/** The options that S0's recipe is made for; also for any workload that a memtable of four entries is too small for. */
const RECIPE = "demo-recipe";
/** Memtables smaller than this are for single steps: a workload would flush all the time. */
const SMALL = 64 << 10;

/**
 * @param {{
 *   controller: Controller,
 *   workload: State["forms"]["workload"],
 *   options: State["shown"]["options"],
 *   driven: boolean,
 *   busy: boolean,
 * }} props
 */
function GeneratorView({ controller, workload, options, driven, busy }) {
  const { knobs, presets } = useMemo(() => catalog.workload(), []);
  const { draft, recipe, background } = workload;
  const name = workload.preset || presets[0].name;
  const change = (/** @type {Partial<State["forms"]["workload"]>} */ patch) =>
    controller.store.setIn("forms", { workload: { ...workload, ...patch } });
  const small = options !== null && options.write_buffer_size < SMALL;
  const preset = presets.find((p) => p.name === name) ?? presets[0];
  const base = readable(knobs, { ...defaultsOf(knobs), ...Object.fromEntries(preset.values) });
  const changes = Object.fromEntries(Object.entries(draft).filter(([knob, value]) => value !== base[knob]));
  const problems = catalog.checkWorkload({ ...Object.fromEntries(preset.values), ...changes });
  const lines = [optionsLine(recipe ?? small, background, options), driveLine(name, changes)].filter(
    (line) => line !== "",
  );
  const run = async () => {
    for (const line of lines) if (!(await controller.run(line, { into: false }))) return;
    controller.store.setIn("forms", { workload: { ...controller.store.get().forms.workload, recipe: null } });
  };
  return html`<section class="generator" role="region" aria-label=${say("Workload")}>
    <label class="stack">
      ${say("Preset")}
      <select
        value=${name}
        onChange=${(/** @type {ChoiceEvent} */ e) => change({ preset: e.currentTarget.value, draft: {} })}
      >
        ${presets.map((p) => html`<option key=${p.name} value=${p.name}>${presetLabel(p)}</option>`)}
      </select>
    </label>
    <p class="quiet">${preset.about}</p>
    <label class="check-line">
      <input
        type="checkbox"
        checked=${recipe ?? small}
        onChange=${(/** @type {FieldEvent} */ e) => change({ recipe: e.currentTarget.checked })}
      />
      <span>
        ${sayParts("With the options {preset}", { preset: html`<code>${RECIPE}</code>` })}
        ${
          small
            ? html` <small>
                ${say("(memtables have {bytes} now)", { bytes: bytes(options?.write_buffer_size ?? 0) })}
              </small>`
            : null
        }
      </span>
    </label>
    <label class="check-line">
      <input
        type="checkbox"
        checked=${background}
        onChange=${(/** @type {FieldEvent} */ e) => change({ background: e.currentTarget.checked })}
      /> ${say("Jobs in the background")}
    </label>
    <${Knobs}
      key=${name}
      id="workload"
      knobs=${knobs}
      groups=${GROUPS}
      values=${{ ...base, ...draft }}
      changed=${changes}
      problems=${problems}
      set=${(/** @type {string} */ knob, /** @type {string} */ value) => change({ draft: { ...draft, [knob]: value } })}
      open=${["rates", "run"]}
    />
    <div class="generator-go">
      <div class="generator-lines" role="group" aria-label=${say("Lines to run")}>
        ${lines.map((line) => html`<code key=${line}>${line}</code>`)}
      </div>
      <div class="actions">
        ${
          driven
            ? html`<button
                disabled=${busy}
                onClick=${() => saveSamples(controller)}
                title=${say("The samples of the last workload, with the columns of lsmscope drive --out-csv")}
              >
                <${Icon} name="download" />CSV
              </button>`
            : null
        }
        <button
          class="primary"
          disabled=${busy || options === null || problems.length > 0}
          onClick=${run}
          title=${say("Runs these lines, as if they were typed into the console")}
        >
          ${say("Run||lines")}
        </button>
      </div>
    </div>
  </section>`;
}

export const Generator = memo(GeneratorView);

/**
 * The line that sets the options; "" where they are as they should be.
 * @param {boolean} recipe
 * @param {boolean} background
 * @param {State["shown"]["options"]} options
 */
export function optionsLine(recipe, background, options) {
  const mode = background ? "scheduled" : "inline";
  const parts = [
    recipe ? `preset=${RECIPE}` : "",
    recipe
      ? background
        ? "job_mode=scheduled"
        : ""
      : options?.job_mode === mode || (!background && options?.job_mode !== "scheduled")
        ? ""
        : `job_mode=${mode}`,
  ].filter((part) => part !== "");
  return parts.length > 0 ? `options ${parts.join(" ")}` : "";
}

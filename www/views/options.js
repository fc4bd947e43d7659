// Every knob of the engine: its value, range and meaning; checked as it is typed; applied by reopening the database.

import { describe } from "../backends.js";
import { catalog } from "../catalog.js";
import { assignment } from "../command-lines.js";
import { effects } from "../option-effects.js";
import { optionTexts, presetLabel, readable } from "../options.js";
import { say } from "../words.js";
import { Knobs, defaultsOf } from "./knobs.js";
import { Icon, html, memo, useMemo } from "./ui.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("./ui.js").ChoiceEvent} ChoiceEvent */

/** Titles of groups of options, in order. */
export const GROUPS = {
  memtable: say("Memtable"),
  wal: say("WAL"),
  table: say("Tables"),
  compaction: say("Compaction"),
  jobs: say("Jobs and stalls"),
  device: say("Device"),
  engine: say("Engine"),
};

/**
 * `typed`: what stands in the form; it stays when one looks at something else.
 * @param {{
 *   controller: import("../controller.js").Controller,
 *   options: State["shown"]["options"],
 *   typed: State["forms"]["options"],
 *   backend: State["stage"]["backend"],
 *   busy: boolean,
 * }} props
 */
function OptionsView({ controller, options, typed, backend, busy }) {
  const { preset, draft } = typed;
  const type = (/** @type {State["forms"]["options"]} */ form) => controller.store.setIn("forms", { options: form });
  const knobs = useMemo(() => catalog.options(), []);
  const presets = useMemo(() => catalog.presets(), []);
  const current = readable(knobs, optionTexts(options));
  const changes = Object.fromEntries(
    Object.entries(draft).filter(([name, value]) => preset !== "" || value !== current[name]),
  );
  const base = preset === "" ? current : {};
  const problems = options ? catalog.check(preset || "teaching", { ...base, ...changes }) : [];
  // A preset's own values are not known before it is applied: a field that was not changed says so.
  const values = preset === "" ? { ...readable(knobs, defaultsOf(knobs)), ...current, ...draft } : draft;
  const count = Object.keys(changes).length + (preset === "" ? 0 : 1);
  const reset = () => type({ preset: "", draft: {} });
  const apply = async () => {
    const parts = Object.entries(changes).map(([name, value]) => assignment(name, value));
    if (preset !== "") parts.unshift(`preset=${preset}`);
    if (await controller.run(`options ${parts.join(" ")}`)) reset();
  };
  return html`<section class="options" role="region" aria-label=${say("Options")}>
    <div class="options-top">
      <button class="pill wide-pill" onClick=${() => controller.store.set({ dialog: "backend" })}>
        <${Icon} name="database" />
        ${backend ? describe(backend) : say("no database")}
      </button>
      <label class="stack">
        ${say("Preset")}
        <select
          value=${preset}
          onChange=${(/** @type {ChoiceEvent} */ e) => type({ preset: e.currentTarget.value, draft: {} })}
        >
          <option value="">${say("as it is now")}</option>
          ${presets.map((p) => html`<option key=${p.name} value=${p.name}>${presetLabel(p)}</option>`)}
        </select>
      </label>
      ${preset !== "" ? html`<p class="quiet">${presets.find((p) => p.name === preset)?.about}</p>` : null}
    </div>
    <${Knobs}
      id="option"
      knobs=${knobs}
      groups=${GROUPS}
      values=${values}
      changed=${changes}
      problems=${problems}
      set=${(/** @type {string} */ name, /** @type {string} */ value) =>
        type({ preset, draft: { ...draft, [name]: value } })}
    />
    ${
      count > 0 && problems.length === 0
        ? html`<ul class="effects quiet" aria-label=${say("What applying does")}>
            ${effects(
              knobs.filter((knob) => knob.name in changes),
              preset,
            ).map((text) => html`<li key=${text}>${text}</li>`)}
          </ul>`
        : null
    }
    <div class="actions">
      <button disabled=${count === 0} onClick=${reset}>${say("Reset")}</button>
      <button
        class="primary"
        disabled=${busy || count === 0 || problems.length > 0}
        onClick=${apply}
        title=${say("Closes the database and opens it with these options")}
      >
        ${say("Apply")}${count > 0 ? ` (${count})` : ""}
      </button>
    </div>
  </section>`;
}

export const OptionsPanel = memo(OptionsView);

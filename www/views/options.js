// Every knob of the engine: its value, range and meaning; checked as it is typed; applied by reopening the database.

import { describe } from "../controller.js";
import { catalog } from "../sandbox.js";
import { Icon, html, memo, useMemo, useState } from "./ui.js";

/** @typedef {ReturnType<typeof catalog.options>[number]} Knob */
/** @typedef {import("../state.js").State} State */

const GROUPS = { memtable: "Memtable", wal: "WAL", table: "Tables", compaction: "Compaction", engine: "Engine" };

/** @param {{ controller: import("../controller.js").Controller, options: State["options"], backend: State["backend"], busy: boolean }} props */
function OptionsView({ controller, options, backend, busy }) {
  const [preset, setPreset] = useState("");
  const [draft, setDraft] = useState(/** @type {Record<string, string>} */ ({}));
  const knobs = useMemo(() => catalog.options(), []);
  const presets = useMemo(() => catalog.presets(), []);
  const current = valuesOf(options);
  const changes = Object.fromEntries(Object.entries(draft).filter(([name, value]) => preset !== "" || value !== current[name]));
  const base = preset === "" ? current : {};
  const problems = options ? catalog.check(preset || "teaching", { ...base, ...changes }) : [];
  const count = Object.keys(changes).length + (preset === "" ? 0 : 1);
  const reset = () => {
    setDraft({});
    setPreset("");
  };
  const apply = async () => {
    const parts = Object.entries(changes).map(([name, value]) => `${name}=${value}`);
    if (preset !== "") parts.unshift(`preset=${preset}`);
    if (await controller.run(`options ${parts.join(" ")}`)) reset();
  };
  return html`<section class="options" role="region" aria-label="Options">
    <div class="options-top">
      <button class="pill wide-pill" onClick=${() => controller.store.set({ dialog: "backend" })}><${Icon} name="database" />${backend ? describe(backend) : "no database"}</button>
      <label class="stack">
        Preset
        <select
          value=${preset}
          onChange=${(/** @type {any} */ e) => {
            setPreset(e.currentTarget.value);
            setDraft({});
          }}
        >
          <option value="">as it is now</option>
          ${presets.map((p) => html`<option key=${p.name} value=${p.name}>${p.name}</option>`)}
        </select>
      </label>
      ${preset !== "" ? html`<p class="quiet">${presets.find((p) => p.name === preset)?.about}</p>` : null}
    </div>
    <div class="knobs scroll">
      ${Object.entries(GROUPS).map(
        ([group, title]) => html`<details key=${group} open=${group === "memtable"}>
          <summary>${title}${knobs.some((k) => k.group === group && k.name in changes) ? html` <span class="changed">changed</span>` : null}</summary>
          ${knobs
            .filter((knob) => knob.group === group)
            .map(
              (knob) => html`<${KnobField}
                key=${knob.name}
                knob=${knob}
                value=${draft[knob.name] ?? (preset === "" ? (current[knob.name] ?? knob.default) : "")}
                changed=${knob.name in changes}
                problem=${problems.find((p) => p.field === knob.name)?.expected ?? ""}
                set=${(/** @type {string} */ value) => setDraft({ ...draft, [knob.name]: value })}
              />`,
            )}
        </details>`,
      )}
    </div>
    <div class="actions">
      <button disabled=${count === 0} onClick=${reset}>Reset</button>
      <button class="primary" disabled=${busy || count === 0 || problems.length > 0} onClick=${apply} title="Closes the database and opens it with these options">Apply${count > 0 ? ` (${count})` : ""}</button>
    </div>
  </section>`;
}

export const OptionsPanel = memo(OptionsView);

/**
 * The options as text, as one types them.
 * @param {State["options"]} options
 * @returns {Record<string, string>}
 */
function valuesOf(options) {
  return Object.fromEntries(Object.entries(options ?? {}).map(([name, value]) => [name, String(value)]));
}

/** @param {{ knob: Knob, value: string, changed: boolean, problem: string, set: (value: string) => void }} props */
function KnobField({ knob, value, changed, problem, set }) {
  const id = `option-${knob.name}`;
  return html`<div class=${changed ? "knob changed" : "knob"} title=${knob.about}>
    <label for=${id}>${knob.name}${changed ? html`<span class="changed"> changed</span>` : null}</label>
    <${Control} id=${id} knob=${knob} value=${value} problem=${problem} set=${set} />
    ${problem ? html`<p class="error" id=${`${id}-problem`}><${Icon} name="alert" /> expected ${problem}</p>` : null}
    <p class="about">${knob.about} <span>${rangeOf(knob)}</span></p>
  </div>`;
}

/** @param {{ id: string, knob: Knob, value: string, problem: string, set: (value: string) => void }} props */
function Control({ id, knob, value, problem, set }) {
  const choices = knob.unit === "switch" ? ["true", "false"] : knob.choices;
  if (choices.length > 0) {
    return html`<select id=${id} value=${value} onChange=${(/** @type {any} */ e) => set(e.currentTarget.value)}>
      ${value === "" ? html`<option value="">preset's</option>` : null}
      ${choices.map((choice) => html`<option key=${choice} value=${choice}>${choice}</option>`)}
    </select>`;
  }
  return html`<input
    id=${id}
    type="text"
    inputmode="decimal"
    placeholder="preset's"
    value=${value}
    aria-invalid=${problem ? "true" : "false"}
    aria-describedby=${problem ? `${id}-problem` : null}
    onInput=${(/** @type {any} */ e) => set(e.currentTarget.value)}
    spellcheck=${false}
  />`;
}

/** @param {Knob} knob */
function rangeOf(knob) {
  const unit = { bytes: " bytes (64KB, 1.5MB, 2GB)", percent: " %", seconds: " seconds", bits: " bits", count: "", ratio: "", switch: "", choice: "" }[knob.unit];
  return knob.min == null || knob.max == null ? "" : `${knob.min} to ${knob.max}${unit}.`;
}

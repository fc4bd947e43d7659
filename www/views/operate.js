// Buttons for the common operations. Each runs the same command line that one could type, and the console shows it.

import { scanLine, token } from "../command-lines.js";
import { Icon, html, memo, useState } from "./ui.js";
import { tick } from "../first-steps.js";

/** @typedef {import("./ui.js").ChoiceEvent} ChoiceEvent */
/** @typedef {import("./ui.js").FieldEvent} FieldEvent */

/** @param {{ controller: import("../controller.js").Controller, busy: boolean, levels: number }} props */
function OperateForm({ controller, busy, levels }) {
  const [key, setKey] = useState("user:1");
  const [value, setValue] = useState("Alice");
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [level, setLevel] = useState("");
  const run = (/** @type {string} */ line) => () => {
    tick(controller, "command");
    controller.run(line);
  };
  const k = token(key);
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    if (!busy) run(`put ${k} ${token(value)}`)();
  };
  return html`<form class="operate" onSubmit=${submit}>
    <label class="field">Key<${Text} value=${key} set=${setKey} /></label>
    <label class="field">Value<${Text} value=${value} set=${setValue} /></label>
    <div class="ops">
      <button class="primary" disabled=${busy}>Put</button>
      <button type="button" disabled=${busy} onClick=${run(`get ${k}`)}>Get</button>
      <button type="button" disabled=${busy} onClick=${run(`delete ${k}`)}>Delete</button>
    </div>
    <div class="ops scan-row">
      <${Text} label="Scan from" placeholder="from" value=${from} set=${setFrom} />
      <${Text} label="Scan to" placeholder="to" value=${to} set=${setTo} />
      <button type="button" disabled=${busy} onClick=${run(scanLine(from, to))}>Scan</button>
    </div>
    <div class="ops upkeep">
      <button type="button" disabled=${busy} title="Write the memtable out as a table" onClick=${run("flush")}>
        Flush
      </button>
      <span class="joined">
        <button
          type="button"
          disabled=${busy}
          title="Merge the chosen level into the next"
          onClick=${run(level === "" ? "compact" : `compact ${level}`)}
        >
          Compact
        </button>
        <select
          aria-label="Level to compact"
          value=${level}
          onChange=${(/** @type {ChoiceEvent} */ e) => setLevel(e.currentTarget.value)}
        >
          <option value="">all</option>
          ${Array.from({ length: levels }, (_, i) => html`<option key=${i} value=${i}>L${i}</option>`)}
        </select>
      </span>
      <button
        type="button"
        disabled=${busy}
        title="Close the database and open it again: recovery"
        onClick=${run("reopen")}
      >
        Reopen
      </button>
      <button
        type="button"
        class="plug"
        disabled=${busy}
        title="Cut the power at the moment on the stage"
        onClick=${() => controller.store.set({ dialog: "plug" })}
      >
        <${Icon} name="plug" />Pull the plug
      </button>
    </div>
  </form>`;
}

/** @param {{ value: string, set: (value: string) => void, label?: string, placeholder?: string }} props */
function Text({ value, set, label, placeholder }) {
  return html`<input
    type="text"
    aria-label=${label}
    placeholder=${placeholder}
    value=${value}
    onInput=${(/** @type {FieldEvent} */ e) => set(e.currentTarget.value)}
    autocomplete="off"
    autocapitalize="off"
    spellcheck=${false}
  />`;
}

export const Operate = memo(OperateForm);

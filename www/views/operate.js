// Buttons for the common operations. Each runs the same command line that one could type, and the console shows it.

import { scanLine, token } from "../command-lines.js";
import { Icon, html, memo, useState } from "./ui.js";
import { tick } from "../first-steps.js";
import { say } from "../words.js";

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
    <label class="field">${say("Key")}<${Text} value=${key} set=${setKey} /></label>
    <label class="field">${say("Value")}<${Text} value=${value} set=${setValue} /></label>
    <div class="ops">
      <button class="primary" disabled=${busy}>${say("Put")}</button>
      <button type="button" disabled=${busy} onClick=${run(`get ${k}`)}>${say("Get")}</button>
      <button type="button" disabled=${busy} onClick=${run(`delete ${k}`)}>${say("Delete")}</button>
    </div>
    <div class="ops scan-row">
      <${Text} label=${say("Scan from")} placeholder=${say("from||a key")} value=${from} set=${setFrom} />
      <${Text} label=${say("Scan to")} placeholder=${say("to||a key")} value=${to} set=${setTo} />
      <button type="button" disabled=${busy} onClick=${run(scanLine(from, to))}>${say("Scan")}</button>
    </div>
    <div class="ops upkeep">
      <button
        type="button"
        disabled=${busy}
        title=${say("Write the memtable out as a table")}
        onClick=${run("flush")}
      >
        ${say("Flush")}
      </button>
      <span class="joined">
        <button
          type="button"
          disabled=${busy}
          title=${say("Merge the chosen level into the next")}
          onClick=${run(level === "" ? "compact" : `compact ${level}`)}
        >
          ${say("Compact")}
        </button>
        <select
          aria-label=${say("Level to compact")}
          value=${level}
          onChange=${(/** @type {ChoiceEvent} */ e) => setLevel(e.currentTarget.value)}
        >
          <option value="">${say("all||levels")}</option>
          ${Array.from({ length: levels }, (_, i) => html`<option key=${i} value=${i}>L${i}</option>`)}
        </select>
      </span>
      <button
        type="button"
        disabled=${busy}
        title=${say("Close the database and open it again: recovery")}
        onClick=${run("reopen")}
      >
        ${say("Reopen")}
      </button>
      <button
        type="button"
        class="plug"
        disabled=${busy}
        title=${say("Cut the power at the moment on the stage")}
        onClick=${() => controller.store.set({ dialog: "plug" })}
      >
        <${Icon} name="plug" />${say("Pull the plug")}
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

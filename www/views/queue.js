// The queue: lines of a script that are still to run. Its next line is in view; stepping past the end runs it, until
// the person runs a command of their own: then only a press does.

import { clip } from "../format.js";
import { Modal } from "./dialog.js";
import { ByWord, Icon, html, memo, useState } from "./ui.js";

/** @typedef {import("./ui.js").AreaEvent} AreaEvent */

/** @param {{ controller: import("../controller.js").Controller, queue: string[], busy: boolean }} props */
function QueueLine({ controller, queue, busy }) {
  const edit = () => controller.store.set({ dialog: "script" });
  return html`<div class="next">
    <span class="next-label">Next</span>
    ${
      queue.length > 0
        ? html`<button
            class="next-line"
            disabled=${busy}
            title="Run this line to its end, and go on with the script from here"
            onClick=${() => controller.runNext(controller.store.get().stepInto)}
          >
            <code><${ByWord}>${clip(queue[0], 200)}<//></code>
          </button>`
        : html`<span class="empty">no script is queued</span>`
    }
    <button class="plain" aria-label="Edit the script" title="Edit the script" onClick=${edit}>
      <${Icon} name="edit" />
    </button>
  </div>`;
}

export const Queue = memo(QueueLine);

/** @param {{ controller: import("../controller.js").Controller, queue: string[], close: () => void }} props */
export function ScriptDialog({ controller, queue, close }) {
  const [text, setText] = useState(queue.join("\n"));
  return html`<${Modal} title="Script" close=${close}>
    <p class="quiet">
      One command a line. Lines that are queued run one by one as you step past the end of the timeline, or all in turn
      as you play. A command of your own comes between: then the script waits until you press its next line.
      Ready-made scripts are under Scripts.
    </p>
    <label class="stack">
      Lines to run
      <textarea
        rows="12"
        spellcheck=${false}
        value=${text}
        onInput=${(/** @type {AreaEvent} */ e) => setText(e.currentTarget.value)}
      ></textarea>
    </label>
    <div class="actions">
      <button onClick=${close}>Cancel</button>
      <button
        class="primary"
        onClick=${() => {
          controller.enqueue(text, "Your script");
          close();
        }}
      >
        Queue these lines
      </button>
    </div>
  <//>`;
}

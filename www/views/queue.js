// The queue: lines of a script that are still to run. Its next line is in view; stepping past the end runs it, until
// the person runs a command of their own: then only a press does.

import { clip } from "../format.js";
import { say } from "../words.js";
import { Modal } from "./dialog.js";
import { ByWord, Icon, html, memo, useState } from "./ui.js";

/** @typedef {import("./ui.js").AreaEvent} AreaEvent */

/** @param {{ controller: import("../controller.js").Controller, queue: string[], busy: boolean }} props */
function QueueLine({ controller, queue, busy }) {
  const edit = () => controller.store.set({ dialog: "script" });
  return html`<div class="next">
    <span class="next-label">${say("Next||line of a script")}</span>
    ${
      queue.length > 0
        ? html`<button
            class="next-line"
            disabled=${busy}
            title=${say("Run this line to its end, and go on with the script from here")}
            onClick=${() => controller.runNext(controller.store.get().stepInto)}
          >
            <code><${ByWord}>${clip(queue[0], 200)}<//></code>
          </button>`
        : html`<span class="empty">${say("no script is queued")}</span>`
    }
    <button
      class="plain"
      title=${say("Edit the script")}
      onClick=${edit}
    >
      <${Icon} name="edit" />
    </button>
  </div>`;
}

export const Queue = memo(QueueLine);

/** @param {{ controller: import("../controller.js").Controller, queue: string[], close: () => void }} props */
export function ScriptDialog({ controller, queue, close }) {
  const [text, setText] = useState(queue.join("\n"));
  return html`<${Modal} title=${say("Script")} close=${close}>
    <p class="quiet">
      ${say(
        "One command a line. Lines that are queued run one by one as you step past the end of the timeline, or all " +
          "in turn as you play. A command of your own comes between: then the script waits until you press its next " +
          "line. Ready-made scripts are under Scripts.",
      )}
    </p>
    <label class="stack">
      ${say("Lines to run")}
      <textarea
        rows="12"
        spellcheck=${false}
        value=${text}
        onInput=${(/** @type {AreaEvent} */ e) => setText(e.currentTarget.value)}
      ></textarea>
    </label>
    <div class="actions">
      <button onClick=${close}>${say("Cancel")}</button>
      <button
        class="primary"
        onClick=${() => {
          controller.enqueue(text, "Your script");
          close();
        }}
      >
        ${say("Queue these lines")}
      </button>
    </div>
  <//>`;
}

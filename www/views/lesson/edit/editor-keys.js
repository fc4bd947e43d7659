// The keys of the editor of lessons, for its help.

import { say } from "../../../words.js";
import { html } from "../../ui.js";

/** @returns {[string, string][]} */
const keys = () => [
  [say("Esc, then Tab"), say("leave the text by keyboard")],
  [say("Ctrl+Space"), say("what can stand here")],
  ["Tab", say("take the completion; else indent")],
  [say("Ctrl+Z, Ctrl+Y"), say("undo, redo")],
  ["F8", say("to the next problem")],
  [say("Ctrl+Shift+M"), say("list the problems in the text")],
  [say("Ctrl+M"), say("Tab leaves the text always, or indents again")],
];

export function EditorKeys() {
  return html`<dl class="keys edit-key-list">
    ${keys().map(([key, what]) => html`<div key=${key}><dt><kbd>${key}</kbd></dt><dd>${what}</dd></div>`)}
  </dl>`;
}

// A line that offers a newer version of the page. What is open stays until one takes it, and is restored then; where it
// cannot be, leaving the page asks (saved-session.js).

import { say } from "../words.js";
import { html } from "./ui.js";

/** @param {{ store: import("../store.js").Store<import("../state.js").State> }} props */
export function NewVersion({ store }) {
  return html`<p class="new-version" role="status">
    ${say("A new version is there.")}
    <button class="link" title=${say("What is open is restored")} onClick=${() => location.reload()}>
      ${say("Reload")}
    </button>
    <button class="plain" onClick=${() => store.set({ newVersion: false })}>${say("Later")}</button>
  </p>`;
}

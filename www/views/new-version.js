// A line that offers a newer version of the page. What is open stays until one takes it, and is restored then; where it
// cannot be, leaving the page asks (saved-session.js).

import { html } from "./ui.js";

/** @param {{ store: import("../store.js").Store<import("../state.js").State> }} props */
export function NewVersion({ store }) {
  return html`<p class="new-version" role="status">
    A new version is there.
    <button class="link" title="What is open is restored" onClick=${() => location.reload()}>Reload</button>
    <button class="plain" onClick=${() => store.set({ newVersion: false })}>Later</button>
  </p>`;
}

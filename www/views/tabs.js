// A row of tabs, of which one is on.

import { html } from "./ui.js";

/**
 * @param {{ label: string, tabs: [string, string][], on: string, pick: (name: string) => void }} props
 */
export function Tabs({ label, tabs, on, pick }) {
  return html`<div class="tabs" role="tablist" aria-label=${label}>
    ${tabs.map(
      ([name, title]) =>
        html`<button key=${name} role="tab" aria-selected=${on === name ? "true" : "false"} onClick=${() => pick(name)}>
          ${title}
        </button>`,
    )}
  </div>`;
}

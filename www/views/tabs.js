// A row of tabs, of which one is on; at its end, a way to fold it in.

import { Icon, html } from "./ui.js";

/**
 * @param {{
 *   label: string,
 *   tabs: [string, string][],
 *   on: string,
 *   pick: (name: string) => void,
 *   close?: (() => void) | null,
 * }} props
 */
export function Tabs({ label, tabs, on, pick, close }) {
  const row = html`<div class="tabs" role="tablist" aria-label=${label}>
    ${tabs.map(
      ([name, title]) =>
        html`<button key=${name} role="tab" aria-selected=${on === name ? "true" : "false"} onClick=${() => pick(name)}>
          ${title}
        </button>`,
    )}
  </div>`;
  if (!close) return row;
  return html`<div class="tabs-row">
    ${row}
    <button class="plain" aria-label=${`Fold in: ${label.toLowerCase()}`} title="Fold in" onClick=${close}>
      <${Icon} name="cross" />
    </button>
  </div>`;
}

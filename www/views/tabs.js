// A row of tabs, of which one is on; at its end, a way to fold it in.

import { say, spoken } from "../words.js";
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
  // English writes a noun small within a sentence.
  const tabbed = spoken() === "en" ? label.toLowerCase() : label;
  return html`<div class="tabs-row">
    ${row}
    <button
      class="plain"
      aria-label=${say("Fold in: {tabbed}", { tabbed })}
      title=${say("Fold in")}
      onClick=${close}
    >
      <${Icon} name="cross" />
    </button>
  </div>`;
}

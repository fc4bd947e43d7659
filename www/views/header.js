// The top bar: what runs, where it is stored, and what can be done with the whole.

import { describe, promise } from "../controller.js";
import { THEME_CHANGE } from "./paint.js";
import { Icon, html } from "./ui.js";

/** @typedef {import("../state.js").State} State */

/** @param {{ controller: import("../controller.js").Controller, state: State }} props */
export function Header({ controller, state }) {
  const open = (/** @type {State["dialog"]} */ dialog) => () => controller.store.set({ dialog });
  return html`<header class="head">
    <h1 class="mark">lsm<b>scope</b></h1>
    <${Crumb} state=${state} />
    <span class="space"></span>
    <button class="pill" onClick=${open("backend")} title=${`${state.backend ? `${promise(state.backend)} ` : ""}Click to change where the bytes are stored.`} aria-label=${`Backend: ${state.backend ? describe(state.backend) : "none"}`}>
      <${Icon} name="database" /><${Place} backend=${state.phase === "open" ? state.backend : null} />
    </button>
    <button class="history" onClick=${() => controller.store.set({ dialog: "history", history: null })} title="Replay the decisions of a real RocksDB database against our policy"><${Icon} name="database" />History</button>
    <button class="wide" disabled=${state.replay !== null} onClick=${open("share")}><${Icon} name="share" />Share</button>
    <button class="wide" onClick=${open("export")}><${Icon} name="download" />Export</button>
    <button class="square" aria-label="Theme" title="Light or dark" onClick=${() => switchTheme(controller)}><${Icon} name="theme" /></button>
    <button onClick=${open("help")}><${Icon} name="help" />Help</button>
  </header>`;
}

/**
 * Where the bytes are; where there is little room, what tells apart.
 * @param {{ backend: State["backend"] }} props
 */
function Place({ backend }) {
  if (!backend) return html`<span class="wide-only">no database</span><span class="narrow-only">none</span>`;
  if (backend.kind === "memory") return describe(backend);
  return html`<span class="wide-only">${describe(backend)}</span><span class="narrow-only">${backend.durability}</span>`;
}

/** @param {{ state: State }} props */
function Crumb({ state }) {
  if (state.queueTitle && state.queue.length > 0) {
    return html`<span class="crumb">Script · <strong>${state.queueTitle}</strong> · ${state.queue.length} to go</span>`;
  }
  return html`<span class="crumb">A storage engine that you can stop at any instant</span>`;
}

/** @param {import("../controller.js").Controller} controller */
function switchTheme(controller) {
  const now = controller.store.get().theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  const theme = now === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
  controller.prefer({ theme });
  dispatchEvent(new Event(THEME_CHANGE));
}

const PANES = /** @type {const} */ ([
  ["operate", "Operate"],
  ["stage", "Stage"],
  ["explain", "Explain"],
]);

/**
 * Where there is no room for three columns, these choose the one to see.
 * @param {{ pane: State["pane"], store: import("../controller.js").Controller["store"] }} props
 */
export function PaneBar({ pane, store }) {
  return html`<nav class="panes" aria-label="Panes">
    ${PANES.map(
      ([name, title]) =>
        html`<button key=${name} aria-pressed=${pane === name ? "true" : "false"} onClick=${() => store.set({ pane: name })}>${title}</button>`,
    )}
  </nav>`;
}

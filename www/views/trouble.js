// When there is no database to show: it was refused, or the engine has stopped. Each says what can be done.

import { encode } from "../link.js";
import { Icon, html } from "./ui.js";

/** @typedef {import("../state.js").State} State */

/** @param {{ controller: import("../controller.js").Controller, state: State }} props */
export function Refused({ controller, state }) {
  const { problem, config } = state;
  const busy = problem?.kind === "busy";
  return html`<section class="stage trouble" aria-label="Stage">
    <div class="trouble-card" role="alert">
      <h1><${Icon} name="alert" /> ${busy ? "Another tab has this database" : "The database could not be opened"}</h1>
      <p>${problem?.message}</p>
      <p class="quiet">${problem?.remedy}</p>
      <div class="actions">
        ${problem?.kind === "load" ? html`<button class="primary" onClick=${() => location.reload()}>Reload the page</button>` : null}
        ${problem?.kind === "load" ? null : busy ? html`<button class="primary" onClick=${() => controller.open({ ...config, take_over: true })}>Take over</button>` : html`<button onClick=${() => controller.open(config)}>Try again</button>`}
        <button disabled=${problem?.kind === "load"} onClick=${() => controller.open({ backend: "memory", preset: config.preset })}>Open in memory</button>
        <button disabled=${problem?.kind === "load"} onClick=${() => controller.store.set({ dialog: "backend" })}>Choose another database</button>
      </div>
    </div>
  </section>`;
}

/** @param {{ state: State }} props */
export function Panicked({ state }) {
  const afresh = () => {
    location.hash = "";
    location.reload();
  };
  // The same script up to before the command that failed, which then stands first in the queue.
  const replay = () => {
    const failed = state.log.filter((e) => e.outcome === null || !e.outcome.ok).at(-1)?.line;
    const next = failed === undefined ? state.queue : [failed, ...state.queue];
    location.hash = encode({ preset: state.config.preset ?? "teaching", script: state.script, next, at: null });
    location.reload();
  };
  return html`<div class="panic" role="alertdialog" aria-label="The engine has stopped">
    <div class="trouble-card">
      <h1><${Icon} name="alert" /> The engine has stopped</h1>
      <p>A fault in the engine stopped it: <code>${state.problem?.message ?? "unknown"}</code></p>
      <p class="quiet">The timeline up to here can not be shown any more, but the commands are kept. What was synced to IndexedDB is safe.</p>
      <label class="stack">Your script<textarea readonly rows="6" value=${[...state.script, ...state.queue].join("\n")}></textarea></label>
      <div class="actions">
        <button onClick=${afresh}>Start afresh</button>
        <button class="primary" onClick=${replay}>Run the script again</button>
      </div>
    </div>
  </div>`;
}

// When there is no database to work with: it does not answer, it was refused, it was lost or stopped under the page, or
// the engine itself has stopped. Each says what happened, what is kept, and what can be done, and does it.

import { encode } from "../link.js";
import { scriptMoment } from "../link/moment.js";
import { report, running } from "../report.js";
import { loadedVersion } from "../wasm.js";
import { say, sayParts } from "../words.js";
import { count } from "../format.js";
import { save } from "./save.js";
import { saveScript } from "./saved-text.js";
import { Icon, html, useEffect, useRef, useState } from "./ui.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../controller.js").Controller} Controller */

/** An opening that takes longer than this is said to, and can be given up. */
const PATIENCE_MS = 4000;

/** @param {{ controller: Controller, stored: boolean }} props */
export function Opening({ controller, stored }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!late || !stored)
    return html`<section class="stage" aria-label=${say("Stage")}>
      <p class="empty">${say("Opening the database…")}</p>
    </section>`;
  return html`<section class="stage trouble" aria-label=${say("Stage")}>
    <div class="trouble-card" role="alert">
      <h1><${Icon} name="alert" /> ${say("The browser's database does not answer")}</h1>
      <p>
        ${say(
          "Another tab, perhaps an old or a frozen one, may hold it without letting go. Close other tabs of this " +
            "site; the page opens it as soon as it can.",
        )}
      </p>
      <div class="actions">
        <button onClick=${() => controller.openInMemory()}>${say("Open in memory")}</button>
      </div>
    </div>
  </section>`;
}

const REFUSED = /** @type {Record<string, string>} */ ({
  busy: say("Another tab has this database"),
  unsupported: say("This version cannot read the database"),
  no_space: say("The browser's storage is full"),
  corruption: say("The database is damaged"),
  invalid_input: say("The database does not open with these options"),
  load: say("The engine did not load"),
});

/** @param {{ controller: Controller, state: State }} props */
export function Refused({ controller, state }) {
  const { problem } = state;
  const kind = problem?.kind ?? "";
  return html`<section class="stage trouble" aria-label=${say("Stage")}>
    <div class="trouble-card" role="alert">
      <h1><${Icon} name="alert" /> ${REFUSED[kind] ?? say("The database could not be opened")}</h1>
      <p>${sentence(problem?.message ?? "")}</p>
      <p class="quiet">${problem?.remedy}</p>
      <div class="actions">
        ${
          kind === "load"
            ? html`<button class="primary" onClick=${() => location.reload()}>${say("Reload the page")}</button>`
            : html`<${Ways} controller=${controller} kind=${kind} />`
        }
        <${SaveScript} stage=${state.stage} />
      </div>
    </div>
  </section>`;
}

/** @param {{ controller: Controller, kind: string }} props */
function Ways({ controller, kind }) {
  return html`
    ${
      kind === "busy"
        ? html`<button class="primary" onClick=${() => controller.openAgain(true)}>${say("Take over")}</button>`
        : html`<button onClick=${() => controller.openAgain()}>${say("Try again")}</button>`
    }
    <button onClick=${() => controller.openInMemory()}>${say("Open in memory")}</button>
    <button onClick=${() => controller.store.set({ dialog: "backend" })}>${say("Choose another database")}</button>
  `;
}

/** @param {{ stage: State["stage"] }} props */
function SaveScript({ stage }) {
  if (stage.script.length + stage.queue.length === 0) return null;
  return html`<button onClick=${() => saveScript(stage)}><${Icon} name="download" />${say("Save the script")}</button>`;
}

/**
 * The database is open, but takes no writes. The timeline is all there, so this stands above it, not in its place.
 * @param {{ controller: Controller, state: State }} props
 */
export function Troubled({ controller, state }) {
  const { trouble } = state.shown;
  if (!trouble || state.phase !== "open") return null;
  const stored = state.stage.backend?.kind === "indexeddb";
  if (state.room === "lesson" && !trouble.lost && !stored) return html`<${Intended} trouble=${trouble} />`;
  return html`<section class="troubled" role="alert" aria-label=${say("Trouble")}>
    <${Icon} name="alert" />
    <div>
      <p>
        ${
          trouble.lost
            ? html`<b>${sentence(trouble.message)}</b>`
            : html`<b>${headline(trouble.kind)}.</b> ${sentence(trouble.message)}`
        }
      </p>
      <p class="quiet">${consequence(trouble)}</p>
    </div>
    <div class="actions">
      <${Remedy} controller=${controller} trouble=${trouble} busy=${state.busy} />
      ${stored ? html`<button onClick=${() => controller.openInMemory()}>${say("Open in memory")}</button>` : null}
      <${SaveScript} stage=${state.stage} />
    </div>
  </section>`;
}

/**
 * In a lesson, what is wrong belongs to what is learned: its database is there for nothing else. So there is no alarm,
 * and no remedy, which could be what a question asks for.
 * @param {{ trouble: NonNullable<State["shown"]["trouble"]> }} props
 */
function Intended({ trouble }) {
  return html`<section class="troubled" data-intended role="status" aria-label=${say("Part of this lesson")}>
    <div>
      <p><b>${say("This is part of the lesson.")}</b> ${sentence(trouble.message)}</p>
      <p class="quiet">
        ${say("Only the lesson's own database is affected. Your own data and your progress are safe.")}
      </p>
    </div>
  </section>`;
}

/**
 * What of the visit a learning platform did not take.
 * @param {{ controller: Controller, text: string }} props
 */
export function Unreported({ controller, text }) {
  if (!text) return null;
  const hide = () => controller.store.set({ unreported: "" });
  return html`<section class="troubled" role="alert" aria-label=${say("Learning platform")}>
    <${Icon} name="alert" />
    <div><p>${text}</p></div>
    <div class="actions"><button onClick=${hide}>${say("Hide")}</button></div>
  </section>`;
}

/** @param {string} kind */
function headline(kind) {
  if (kind === "corruption") return say("The database is damaged and could not be opened");
  return kind === "no_space" ? say("The storage is full") : say("Writes are stopped");
}

/** @param {string} text */
function sentence(text) {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}

/** @param {NonNullable<State["shown"]["trouble"]>} trouble */
function consequence({ kind, lost, remedy }) {
  if (kind === "corruption") return `${remedy} ${say("What you typed and the timeline stay.")}`;
  if (!lost) return `${remedy} ${say("Reads and the timeline go on.")}`;
  if (kind === "busy")
    return say(
      "Everything that was synced here is there. What you typed, the timeline, " +
        "and reads of what is in memory stay.",
    );
  return say("What you typed, the timeline, and reads of what is in memory stay. Opened again, it may well be empty.");
}

/** @param {{ controller: Controller, trouble: NonNullable<State["shown"]["trouble"]>, busy: boolean }} props */
function Remedy({ controller, trouble, busy }) {
  if (trouble.kind === "corruption" && trouble.file?.endsWith(".log")) {
    const keep = () => controller.run("options wal_recovery_mode=point_in_time");
    return html`<button
        class="primary"
        disabled=${busy}
        title=${say("Reopen with {option}", { option: "wal_recovery_mode=point_in_time" })}
        onClick=${keep}
      >
        ${say("Keep what comes before")}
      </button>
      <button disabled=${busy} onClick=${() => controller.run("reopen")}>${say("Reopen")}</button>`;
  }
  if (!trouble.lost)
    return html`<button class="primary" disabled=${busy} onClick=${() => controller.run("reopen")}>
      ${say("Reopen")}
    </button>`;
  if (trouble.kind === "busy")
    return html`<button class="primary" onClick=${() => controller.openAgain(true)}>${say("Take it back")}</button>`;
  return html`<button class="primary" onClick=${() => controller.openAgain()}>${say("Open it again")}</button>`;
}

/** @param {{ controller: Controller, state: State }} props */
export function Panicked({ controller, state }) {
  const card = useRef(/** @type {HTMLElement | null} */ (null));
  const [saved, setSaved] = useState("");
  useEffect(() => card.current?.focus(), []);
  const download = () => {
    const where = { version: loadedVersion(), browser: navigator.userAgent, time: new Date().toISOString() };
    const { parts, events } = report(state, controller.timeline(), where);
    save("lsmscope-stopped.jsonl", "application/x-ndjson", ...parts);
    setSaved(
      events === null
        ? say("Saved without the events, which cannot be read any more: the script makes them again.")
        : say("Saved with {events}.", { events: count(events, "event") }),
    );
  };
  const typed = [...state.stage.script, ...state.stage.queue];
  return html`<div class="panic" role="alertdialog" aria-modal="true" aria-label=${say("The engine has stopped")}>
    <div class="trouble-card scroll" tabindex="-1" ref=${card}>
      <h1><${Icon} name="alert" /> ${say("The engine has stopped")}</h1>
      <p>
        ${sayParts("A fault in the engine stopped it: {fault}", {
          fault: html`<code>${state.problem?.message ?? say("unknown")}</code>`,
        })}
      </p>
      <p class="quiet">
        ${say("The timeline cannot be shown any more, but your commands are kept.")} ${
          state.stage.backend?.kind === "indexeddb"
            ? say(
                "What was synced to IndexedDB is safe: starting afresh recovers it, " +
                  "and running the script again does so in memory.",
              )
            : say("What was in memory only is gone; the script makes it again.")
        }
      </p>
      <label class="stack">
        ${say("Your script")}<textarea readonly rows="5" value=${typed.join("\n")}></textarea>
      </label>
      <div class="actions">
        <button onClick=${download}><${Icon} name="download" />${say("Download the trace")}</button>
        <button onClick=${afresh}>${say("Start afresh")}</button>
        <button class="primary" onClick=${() => runAgain(state)}>
          ${typed.length > 0 ? say("Run the script again") : say("Open in memory")}
        </button>
      </div>
      <p class="quiet" role="status">
        ${saved || say("The trace has the events, your script, the options and what went wrong: enough for a report.")}
      </p>
    </div>
  </div>`;
}

function afresh() {
  location.hash = "";
  location.reload();
}

/**
 * The same script, in memory, up to the command that was running, which is then the first in the queue.
 * @param {State} state
 */
async function runAgain({ config, stage }) {
  const failed = running(stage);
  const next = failed === null ? stage.queue : [failed, ...stage.queue];
  const options = config.options ?? {};
  location.hash = await encode({ ...scriptMoment(config.preset ?? "teaching", stage.script, next), options });
  location.reload();
}

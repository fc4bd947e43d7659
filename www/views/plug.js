// The plug dialog: a power cut, with a choice of which unsynced bytes the disk keeps; and other ways for a disk to
// fail. Each runs a command line; where the position is in the past, on a branch.

import { Modal } from "./dialog.js";
import { bytes, count } from "../format.js";
import { Icon, html, useState } from "./ui.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../timeline.js").View} View */
/** @typedef {import("../controller.js").Controller} Controller */

/** @param {{ controller: Controller, state: State, close: () => void }} props */
export function PlugDialog({ controller, state, close }) {
  const { position } = state.stage;
  const { view, length, ahead } = state.shown;
  const past = ahead || position < length;
  const refusal = whyNot(view) || (past ? controller.branches.refusal() : "");
  return html`<${Modal} title="Pull the plug" close=${close}>
    <p class="quiet">
      ${
        past
          ? html`At event ${position}${ahead ? "" : ` of ${length}`}. What came after stays on its own tab; from here
              another history begins, in memory.`
          : html`At event ${position}, the end of the timeline.`
      }
    </p>
    ${
      refusal
        ? html`<p class="error"><${Icon} name="alert" /> ${refusal}</p>`
        : html`<${Cut} controller=${controller} view=${/** @type {View} */ (view)} close=${close} />`
    }
    <${BadDisk} controller=${controller} disabled=${refusal !== ""} disk=${view?.disk} close=${close} />
  <//>`;
}

/**
 * Why the plug can not be pulled at this moment; empty if it can.
 * @param {View | null} view
 */
export function whyNot(view) {
  if (!view || view.position === 0) return "Nothing has happened yet.";
  if (!view.power) return "The power is cut already: reopen first.";
  if (!view.open && !view.operation)
    return (
      "The database is being opened here for the first time. Step on to where it is open; to cut off a recovery, " +
      "pull the plug in the middle of a reopen."
    );
  return "";
}

/** @param {{ controller: Controller, view: View, close: () => void }} props */
function Cut({ controller, view, close }) {
  const files = view.wals.filter((wal) => wal.synced < wal.bytes);
  const risk = files.reduce((sum, wal) => sum + wal.bytes - wal.synced, 0);
  const [keep, setKeep] = useState("nothing");
  const [kept, setKept] = useState(Math.ceil((risk * 2) / 3));
  const [seed, setSeed] = useState(1);
  const choice = (
    /** @type {string} */ name,
    /** @type {string} */ title,
    /** @type {string} */ about,
    /** @type {import("./ui.js").Children} */ more = null,
  ) => html`<label>
    <input type="radio" name="keep" checked=${keep === name} onChange=${() => setKeep(name)} />
    <b>${title}</b> <span>${about}</span> ${keep === name ? more : null}
  </label>`;
  const number = (/** @type {(n: number) => void} */ set) => (/** @type {import("./ui.js").FieldEvent} */ e) =>
    set(e.currentTarget.valueAsNumber || 0);
  const cut = () => {
    close();
    controller.branches.pullPlug(
      { nothing: "nothing", all: "all", bytes: String(kept), torn: `torn ${seed}` }[keep] ?? "nothing",
    );
  };
  return html`<${AtRisk} view=${view} files=${files} risk=${risk} />
    <fieldset class="choice">
      <legend>Which unsynced bytes the disk has</legend>
      ${choice("nothing", "Nothing", "the least that was promised")}
      ${choice("all", "All of them", "the disk happened to have written them")}
      ${
        risk > 0
          ? choice(
              "bytes",
              "The first bytes, up to",
              "torn in the middle of a frame",
              html`<span class="kept">
                <input
                  type="range"
                  aria-label="Bytes kept"
                  min="0"
                  max=${risk}
                  value=${kept}
                  onInput=${number(setKept)}
                />
                <output>${kept} of ${bytes(risk)}</output>
              </span>`,
            )
          : null
      }
      ${choice(
        "torn",
        "By chance",
        "each file its part, drawn from a seed",
        html`<input
          class="seed"
          type="number"
          aria-label="Seed"
          min="0"
          max="999999"
          value=${seed}
          onInput=${number(setSeed)}
        />`,
      )}
    </fieldset>
    <div class="actions">
      <button onClick=${close}>Cancel</button>
      <button class="primary danger" onClick=${cut}><${Icon} name="plug" />Cut the power</button>
    </div>`;
}

/** @param {{ view: View, files: View["wals"], risk: number }} props */
function AtRisk({ view, files, risk }) {
  const writes = view.acked_seq - view.durable_seq;
  if (risk === 0) return html`<p>Every byte is synced: no write can be lost, only work that is running.</p>`;
  return html`<p>
    ${files.map(
      (wal) => html`<span key=${wal.file}>
        <code>${wal.file}</code> has ${bytes(wal.bytes - wal.synced)} that are not synced.${" "}
      </span>`,
    )}
    ${
      writes > 0
        ? html`<b>${count(writes, "acknowledged write")}</b> ${writes === 1 ? "is" : "are"} at risk.`
        : "No acknowledged write is at risk yet."
    }
  </p>`;
}

/** @param {{ controller: Controller, disabled: boolean, disk: View["disk"] | undefined, close: () => void }} props */
function BadDisk({ controller, disabled, disk, close }) {
  const run = (/** @type {string} */ line, /** @type {string} */ title) => () => {
    close();
    controller.branches.runHere([line], title);
  };
  const bad = disk && (disk.lying || disk.room != null);
  return html`<details class="bad-disk">
    <summary>Or let the disk go bad</summary>
    <div class="exports">
      <button disabled=${disabled} onClick=${run("disk lying", "a disk that lies")}>Syncs that lie</button>
      <p class="quiet">A sync says that all is well and does nothing. Pull the plug some writes later.</p>
      <button disabled=${disabled} onClick=${run("disk full", "a full disk")}>Full disk</button>
      <p class="quiet">Nothing more fits: the next write is refused, and writes stop until a reopen.</p>
      <button disabled=${disabled || !bad} onClick=${run("disk ok", "a healed disk")}>Heal the disk</button>
      <p class="quiet">${bad ? (disk.lying ? "It lies now." : "It is full now.") : "It is healthy now."}</p>
    </div>
    <p class="quiet">A bad sector: choose a file's byte in the inspector, and flip a bit of it there.</p>
  </details>`;
}

/**
 * What stands on the stage while there is no power.
 * @param {{ controller: Controller, view: View, busy: boolean, atEnd: boolean }} props
 */
export function PowerOff({ controller, view, busy, atEnd }) {
  // The cut and the end of its command are the last two events for as long as it is not reopened.
  if (view.power) return null;
  const lost = view.acked_seq - view.durable_seq;
  return html`<aside class="power-off" role="note" aria-label="Power">
    <${Icon} name="plug" />
    <p>
      <b>The power is cut.</b> ${
        lost > 0
          ? `${count(lost, "acknowledged write")} had not been synced.`
          : "Every acknowledged write had been synced."
      }
      <span class="wide-only"> What is drawn here is what the disk has.</span>
    </p>
    ${
      atEnd
        ? html`<button class="primary" disabled=${busy} onClick=${() => controller.run("reopen", { into: true })}>
            Reopen and step
          </button>`
        : null
    }
  </aside>`;
}

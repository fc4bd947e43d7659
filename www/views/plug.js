// The plug dialog: a power cut, with a choice of which unsynced bytes the disk keeps; and other ways for a disk to
// fail. Each runs a command line; where the position is in the past, on a branch.

import { Modal } from "./dialog.js";
import { bytes, count } from "../format.js";
import { say, sayParts } from "../words.js";
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
  return html`<${Modal} title=${say("Pull the plug")} close=${close}>
    <p class="quiet">
      ${
        past
          ? html`${
              ahead
                ? say("At event {position}.", { position })
                : say("At event {position} of {length}.", { position, length })
            }${" "}
              ${say("What came after stays on its own tab; from here another history begins, in memory.")}`
          : say("At event {position}, the end of the timeline.", { position })
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
  if (!view || view.position === 0) return say("Nothing has happened yet.");
  if (!view.power) return say("The power is cut already: reopen first.");
  if (!view.open && !view.operation)
    return say(
      "The database is being opened here for the first time. Step on to where it is open; to cut off a recovery, " +
        "pull the plug in the middle of a reopen.",
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
      <legend>${say("Which unsynced bytes the disk has")}</legend>
      ${choice("nothing", say("Nothing"), say("the least that was promised"))}
      ${choice("all", say("All of them"), say("the disk happened to have written them"))}
      ${
        risk > 0
          ? choice(
              "bytes",
              say("The first bytes, up to"),
              say("torn in the middle of a frame"),
              html`<span class="kept">
                <input
                  type="range"
                  aria-label=${say("Bytes kept")}
                  min="0"
                  max=${risk}
                  value=${kept}
                  onInput=${number(setKept)}
                />
                <output>${say("{part} of {whole}", { part: kept, whole: bytes(risk) })}</output>
              </span>`,
            )
          : null
      }
      ${choice(
        "torn",
        say("By chance"),
        say("each file its part, drawn from a seed"),
        html`<input
          class="seed"
          type="number"
          aria-label=${say("Seed")}
          min="0"
          max="999999"
          value=${seed}
          onInput=${number(setSeed)}
        />`,
      )}
    </fieldset>
    <div class="actions">
      <button onClick=${close}>${say("Cancel")}</button>
      <button class="primary danger" onClick=${cut}><${Icon} name="plug" />${say("Cut the power")}</button>
    </div>`;
}

/** @param {{ view: View, files: View["wals"], risk: number }} props */
function AtRisk({ view, files, risk }) {
  const writes = view.acked_seq - view.durable_seq;
  if (risk === 0) return html`<p>${say("Every byte is synced: no write can be lost, only work that is running.")}</p>`;
  return html`<p>
    ${files.map(
      (wal) => html`<span key=${wal.file}>
        ${sayParts("{file} has {bytes} that are not synced.", {
          file: html`<code>${wal.file}</code>`,
          bytes: bytes(wal.bytes - wal.synced),
        })}${" "}
      </span>`,
    )}
    ${
      writes > 0
        ? sayParts(writes === 1 ? "{writes} is at risk." : "{writes} are at risk.", {
            writes: html`<b>${count(writes, "acknowledged write")}</b>`,
          })
        : say("No acknowledged write is at risk yet.")
    }
  </p>`;
}

/** @param {{ controller: Controller, disabled: boolean, disk: View["disk"] | undefined, close: () => void }} props */
function BadDisk({ controller, disabled, disk, close }) {
  // The line is the branch's title: `titleSaid` knows it.
  const run = (/** @type {string} */ line) => () => {
    close();
    controller.branches.runHere([line], line);
  };
  const bad = disk && (disk.lying || disk.room != null);
  return html`<details class="bad-disk">
    <summary>${say("Or let the disk go bad")}</summary>
    <div class="exports">
      <button disabled=${disabled} onClick=${run("disk lying")}>${say("Syncs that lie")}</button>
      <p class="quiet">${say("A sync says that all is well and does nothing. Pull the plug some writes later.")}</p>
      <button disabled=${disabled} onClick=${run("disk full")}>${say("Full disk")}</button>
      <p class="quiet">${say("Nothing more fits: the next write is refused, and writes stop until a reopen.")}</p>
      <button disabled=${disabled || !bad} onClick=${run("disk ok")}>${say("Heal the disk")}</button>
      <p class="quiet">
        ${bad ? (disk.lying ? say("It lies now.") : say("It is full now.")) : say("It is healthy now.")}
      </p>
    </div>
    <p class="quiet">
      ${say("A bad sector: choose a file's byte in the inspector, and flip a bit of it there.")}
    </p>
  </details>`;
}

// Where the bytes are stored: in memory, or in this browser's IndexedDB, durable or quick.

import { promise } from "../backends.js";
import { keptApart, notStored } from "../keeping.js";
import { forgetOptions, writePrefs } from "../prefs.js";
import { Modal } from "./dialog.js";
import { bytes } from "../format.js";
import { say } from "../words.js";
import { Icon, html, useEffect, useMemo, useState } from "./ui.js";

/** @typedef {import("../sandbox.js").OpenConfig} OpenConfig */
/** @typedef {import("../../lsmscope.js").DurabilityKind} Durability */
/** @typedef {import("./ui.js").ChoiceEvent} ChoiceEvent */
/** @typedef {import("./ui.js").FieldEvent} FieldEvent */

/**
 * @param {{
 *   controller: import("../controller.js").Controller,
 *   config: OpenConfig,
 *   backend: import("../state.js").Stage["backend"],
 *   close: () => void,
 * }} props
 */
export function BackendDialog({ controller, config, backend: given, close }) {
  const [backend, setBackend] = useState(config.backend);
  const [name, setName] = useState(config.name ?? "lsmscope");
  const [durability, setDurability] = useState(config.durability ?? "strict");
  const [note, setNote] = useState("");
  const [sure, setSure] = useState(false);
  const denied = useMemo(notStored, []);

  // Asked for the strict one, and got the other.
  const weaker = durability === "strict" && config.durability !== "relaxed" && given?.durability === "relaxed";

  const open = async () => {
    const wanted = /** @type {OpenConfig} */ ({ backend, preset: config.preset, options: config.options });
    if (backend === "indexeddb") Object.assign(wanted, { name, durability });
    writePrefs({ backend: wanted });
    controller.store.setIn("stage", { queue: [] });
    close();
    await controller.open(wanted);
  };
  const erase = async () => {
    if (!sure) return setSure(true);
    setSure(false);
    // An open database can not be deleted: it is closed first.
    await controller.open({ backend: "memory", preset: config.preset });
    setNote(await deleteDatabase(name));
    forgetOptions(name);
  };
  return html`<${Modal} title=${say("Where the bytes are stored")} close=${close}>
    <fieldset class="choice">
      <label>
        <input
          type="radio"
          name="backend"
          checked=${backend === "memory"}
          onChange=${() => setBackend("memory")}
        />${" "}
        <b>${say("Memory")}</b> <span>${say("Quick.")} ${promise({ kind: "memory" })}</span>
      </label>
      <label>
        <input
          type="radio"
          name="backend"
          checked=${backend === "indexeddb"}
          disabled=${denied !== ""}
          onChange=${() => setBackend("indexeddb")}
        />${" "}
        <b>IndexedDB</b>${" "}
        <span>
          ${
            denied
              ? `${say("Not here.")} ${denied}`
              : say("In this browser. Reload the page: the data is there, recovered from its log.")
          }
        </span>
      </label>
    </fieldset>
    ${
      backend === "indexeddb"
        ? html`<div class="choice-details">
            <label class="stack">
              ${say("Database name")}<input
                type="text"
                value=${name}
                onInput=${(/** @type {FieldEvent} */ e) => setName(e.currentTarget.value)}
              />
            </label>
            <label class="stack">
              ${say("Durability")}
              <select
                value=${durability}
                onChange=${(/** @type {ChoiceEvent} */ e) =>
                  setDurability(/** @type {Durability} */ (e.currentTarget.value))}
              >
                <option value="strict">${say("strict: the disk has it")}</option>
                <option value="relaxed">${say("relaxed: the system has it")}</option>
              </select>
            </label>
            <button onClick=${erase} disabled=${name === ""}>
              <${Icon} name="cross" />
              ${sure ? say('Really erase "{name}"', { name }) : say("Erase this database")}
            </button>
            <p class="quiet durability">
              ${promise({ kind: "indexeddb", durability })}
              ${weaker ? ` ${say("This browser gives the relaxed one only.")}` : ""} ${keptApart()}
            </p>
            <${Quota} />
          </div>`
        : null
    }
    <p class="quiet" role="status" aria-label=${say("Backend")}>${note}</p>
    <div class="actions">
      <button onClick=${close}>${say("Cancel")}</button>
      <button class="primary" disabled=${backend === "indexeddb" && name === ""} onClick=${open}>
        ${say("Open")}
      </button>
    </div>
  <//>`;
}

/** How many bytes the browser lets this site store, and whether it may take back what is stored there. */
function Quota() {
  const [allowance, setAllowance] = useState(
    /** @type {{ usage?: number, quota?: number, persisted: boolean } | null} */ (null),
  );
  const [refused, setRefused] = useState(false);
  useEffect(() => void askAllowance().then(setAllowance), []);
  if (!allowance) return null;
  const keep = async () => {
    setRefused(!(await navigator.storage.persist()));
    setAllowance(await askAllowance());
  };
  return html`<p class="quiet durability">
    ${
      allowance.usage === undefined || allowance.quota === undefined
        ? ""
        : `${say("This site uses {used} of the {quota} it may.", {
            used: bytes(allowance.usage),
            quota: bytes(allowance.quota),
          })} `
    }
    ${
      allowance.persisted
        ? say("The browser keeps it until you clear it.")
        : `${say("Clearing the site's data erases it, and the browser may when space runs short.")} `
    }
    ${
      allowance.persisted || refused
        ? null
        : html`<button type="button" class="link" onClick=${keep}>${say("Ask it not to")}</button>`
    }
    ${refused ? say("It does not promise to keep it.") : null}
  </p>`;
}

/** Null where the browser does not say (an insecure context). */
async function askAllowance() {
  try {
    const [{ usage, quota }, persisted] = await Promise.all([
      navigator.storage.estimate(),
      navigator.storage.persisted(),
    ]);
    return { usage, quota, persisted };
  } catch {
    return null;
  }
}

/**
 * @param {string} name
 * @returns {Promise<string>} what became of it
 */
function deleteDatabase(name) {
  return new Promise((done) => {
    try {
      const request = indexedDB.deleteDatabase(name);
      request.onsuccess = () => done(say("Erased."));
      request.onerror = () => done(notErased(request.error?.message ?? say("the browser refused")));
      request.onblocked = () => done(say("Another tab has the database open: close it there first."));
    } catch (error) {
      done(notErased(error instanceof Error ? error.message : String(error)));
    }
  });
}

/** @param {string} reason */
function notErased(reason) {
  return say("Not erased: {reason}.", { reason });
}

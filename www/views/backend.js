// Where the bytes are stored: in memory, or in this browser's IndexedDB, durable or quick.

import { forgetOptions } from "../prefs.js";
import { Modal } from "./dialog.js";
import { Icon, html, useState } from "./ui.js";

/** @typedef {import("../sandbox.js").OpenConfig} OpenConfig */

/** @param {{ controller: import("../controller.js").Controller, config: OpenConfig, close: () => void }} props */
export function BackendDialog({ controller, config, close }) {
  const [backend, setBackend] = useState(config.backend);
  const [name, setName] = useState(config.name ?? "lsmscope");
  const [durability, setDurability] = useState(config.durability ?? "strict");
  const [note, setNote] = useState("");
  const [sure, setSure] = useState(false);

  const open = async () => {
    const wanted = /** @type {OpenConfig} */ ({ backend, preset: config.preset, options: config.options });
    if (backend === "indexeddb") Object.assign(wanted, { name, durability });
    controller.prefer({ backend: /** @type {any} */ (wanted), queue: [] });
    close();
    await controller.open(wanted);
  };
  const erase = async () => {
    if (!sure) return setSure(true);
    setSure(false);
    // An open database can not be deleted: it is let go of first.
    await controller.open({ backend: "memory", preset: config.preset });
    setNote(await deleteDatabase(name));
    forgetOptions(name);
  };
  return html`<${Modal} title="Where the bytes are stored" close=${close}>
    <fieldset class="choice">
      <label><input type="radio" name="backend" checked=${backend === "memory"} onChange=${() => setBackend("memory")} /> <b>Memory</b> <span>Quick; gone with the page.</span></label>
      <label><input type="radio" name="backend" checked=${backend === "indexeddb"} onChange=${() => setBackend("indexeddb")} /> <b>IndexedDB</b> <span>In this browser. Reload the page: the data is there, recovered from its log.</span></label>
    </fieldset>
    ${
      backend === "indexeddb"
        ? html`<div class="choice-details">
            <label class="stack">Database name<input type="text" value=${name} onInput=${(/** @type {any} */ e) => setName(e.currentTarget.value)} /></label>
            <label class="stack">
              Durability
              <select value=${durability} onChange=${(/** @type {any} */ e) => setDurability(e.currentTarget.value)}>
                <option value="strict">strict: the disk has confirmed it</option>
                <option value="relaxed">relaxed: the operating system has it</option>
              </select>
            </label>
            <button onClick=${erase} disabled=${name === ""}><${Icon} name="cross" />${sure ? `Really erase "${name}"` : "Erase this database"}</button>
          </div>`
        : null
    }
    <p class="quiet" role="status" aria-label="Backend">${note}</p>
    <div class="actions">
      <button onClick=${close}>Cancel</button>
      <button class="primary" disabled=${backend === "indexeddb" && name === ""} onClick=${open}>Open</button>
    </div>
  <//>`;
}

/**
 * @param {string} name
 * @returns {Promise<string>} what became of it
 */
function deleteDatabase(name) {
  return new Promise((done) => {
    try {
      const request = indexedDB.deleteDatabase(name);
      request.onsuccess = () => done("Erased.");
      request.onerror = () => done(`Not erased: ${request.error?.message ?? "the browser refused"}.`);
      request.onblocked = () => done("Another tab has the database open: close it there first.");
    } catch (error) {
      done(`Not erased: ${error instanceof Error ? error.message : error}.`);
    }
  });
}

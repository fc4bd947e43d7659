// Opening a database in the place of the one on the stage: at the start, from a form, or again after trouble.
//
// In: what to open. Out: the phase, and an open database on the stage. Errors: an opening that is refused is the phase
// "refused", with the problem.

import { describe, promise } from "./backends.js";
import { optionTexts } from "./options.js";
import { readPrefs } from "./prefs.js";
import { problemOf } from "./problem.js";
import { EngineStopped } from "./engine-stopped.js";
import { say } from "./words.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./sandbox.js").Sandbox} Sandbox */
/** @typedef {import("./sandbox.js").OpenConfig} OpenConfig */

/**
 * @param {import("./store.js").Store<State>} store
 * @param {import("./viewer.js").Viewer} viewer
 * @param {object} page
 * @param {(config: OpenConfig) => Promise<Sandbox>} page.openSandbox
 * @param {(progress: import("./sandbox.js").Progress) => boolean | Promise<boolean>} page.watch Watches its workloads.
 * @param {() => Promise<void>} page.reset Closes everything that belongs to the database before.
 */
export function createOpening(store, viewer, { openSandbox, watch, reset }) {
  let openings = 0;

  /**
   * Opens a database instead of the one that is open. Where that is refused, the state says so and why.
   * @param {OpenConfig} config
   * @param {{ keep?: boolean }} [how] `keep`: after trouble, what was typed and run stays.
   * @returns {Promise<boolean>} whether it is open
   */
  async function open({ take_over, ...config }, { keep = false } = {}) {
    // Only another page has another engine.
    if (store.get().phase === "panicked") return false;
    const opening = (openings += 1);
    const typed = keep ? typedFor(config) : { log: [], script: [], cancelled: false };
    store.set({ phase: "opening", config, problem: null, playing: false });
    store.setIn("shown", { view: null, trouble: null });
    store.setIn("stage", { selection: null, following: true });
    await viewer.clear();
    await reset();
    /** @type {Sandbox} */
    let sandbox;
    try {
      sandbox = await openSandbox(withOptions({ ...config, take_over }));
    } catch (error) {
      if (opening !== openings || error instanceof EngineStopped) return false;
      store.set({ phase: "refused", problem: problemOf(error), status: { text: problemOf(error).message, bad: true } });
      return false;
    }
    // Another opening began meanwhile.
    if (opening !== openings) {
      sandbox.close().catch(() => {});
      return false;
    }
    listen(sandbox);
    const backend = sandbox.backend();
    viewer.show(
      sandbox,
      { ...store.get().stage, ...typed, backend },
      { phase: "open", status: { text: openSaid(backend), bad: false } },
    );
    viewer.remember();
    viewer.seek(store.get().shown.length);
    return true;
  }

  /**
   * What was typed, and what becomes of it in the database to come: in the same one, the script was run already; in
   * another one it stands in the queue, to be run again.
   * @param {OpenConfig} next
   * @returns {Partial<State["stage"]>}
   */
  function typedFor(next) {
    const { config, stage } = store.get();
    if (next.backend === config.backend && next.name === config.name) return {};
    if (stage.script.length === 0) return {};
    const queue = [...stage.script, ...stage.queue];
    return { script: [], queue, queued: queue, queueTitle: "Your script", cancelled: false };
  }

  /**
   * Watches its workloads; and a database can be lost while the page does nothing, which is reported at once.
   * @param {Sandbox} sandbox
   */
  function listen(sandbox) {
    sandbox.onDrive(watch);
    sandbox.onLost((trouble) => {
      if (sandbox !== viewer.sandbox()) return;
      store.set({ playing: false, status: { text: trouble.message, bad: true } });
      store.setIn("shown", { trouble });
    });
  }

  /** Opens the database that was lost, or refused, once more; `take_over` takes it from another tab. */
  function openAgain(take_over = false) {
    const { config, shown } = store.get();
    const options = shown.options && { options: optionTexts(shown.options) };
    return open({ ...config, ...options, take_over }, { keep: true });
  }

  /** Goes on in memory with the same options, if these are not what is wrong; what was run is queued. */
  function openInMemory() {
    const { config, shown, problem } = store.get();
    const same = shown.options ? optionTexts(shown.options) : withOptions(config).options;
    return open(
      { backend: "memory", preset: config.preset, options: problem?.kind === "invalid_input" ? undefined : same },
      { keep: true },
    );
  }

  return { open, openAgain, openInMemory };
}

/** @param {ReturnType<Sandbox["backend"]>} backend */
const openSaid = (backend) => say("Open: {where}. {promise}", { where: describe(backend), promise: promise(backend) });

/**
 * A stored database is opened with the options that it was last open with, unless others are asked for.
 * @param {OpenConfig} config
 * @returns {OpenConfig}
 */
function withOptions(config) {
  if (config.backend !== "indexeddb" || config.options || config.name === undefined) return config;
  return { ...config, options: readPrefs().databases[config.name] };
}

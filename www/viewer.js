// The viewer: the timeline on the stage, of an open database or of a history, and the queries to it.
//
// In: what to show, and at which position. Out: `stage` and `shown` of the state. Errors: once the engine has stopped,
// each query returns its default; nothing throws EngineStopped.

import { hidesAhead, shownUpTo } from "./ahead.js";
import { optionTexts } from "./options.js";
import { rememberOptions } from "./prefs.js";
import { EngineStopped } from "./engine-stopped.js";
import { JOBS_AROUND } from "./jobs.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./sandbox.js").Sandbox} Sandbox */
/** @typedef {import("./timeline.js").Timeline} Timeline */
/** @typedef {ReturnType<Timeline["events"]>} Rows */
/** @typedef {ReturnType<typeof createViewer>} Viewer */

/** Event rows are asked for in chunks of this many. */
const CHUNK = 256;
/** Chunks that are cached; the oldest are dropped first, and can be asked for again. */
const CHUNKS = 16;
/** As many columns of pixels as a wide scrubber has. */
const COLUMNS = 1500;

/** @param {import("./store.js").Store<State>} store */
export function createViewer(store) {
  /** @type {Timeline | null} */
  let timeline = null;
  /** @type {Sandbox | null} The same, if it is an open database: a history takes no commands. */
  let sandbox = null;
  /** @type {Map<number, Rows>} */
  let chunks = new Map();

  /**
   * Puts a database, or the timeline of a history, on the stage.
   * @param {Sandbox | Timeline} next
   * @param {import("./state.js").Stage} stage
   * @param {Partial<State>} [patch] what else changes with it
   */
  function show(next, stage, patch = {}) {
    [timeline, sandbox] = [next, "run" in next ? next : null];
    chunks = new Map();
    store.set({ ...patch, stage });
    refresh();
  }

  /** Empties the stage, and closes its database. */
  async function clear() {
    const closing = sandbox;
    [timeline, sandbox] = [null, null];
    // A database that fails to close has still let go of its lock; what it held in memory is in its log.
    await closing?.close().catch(() => {});
  }

  /**
   * Asks the timeline on the stage, if there is one and the engine has not stopped.
   * @template T
   * @param {(timeline: Timeline) => T} question
   * @param {T} otherwise
   */
  const ask = (question, otherwise) => asked(timeline, question, otherwise);

  /**
   * Asks the database on the stage, if there is one and the engine has not stopped.
   * @template T
   * @param {(sandbox: Sandbox) => T} question
   * @param {T} otherwise
   */
  const askDatabase = (question, otherwise) => asked(sandbox, question, otherwise);

  /** Refreshes the parts of `shown` that change only when a command has run. */
  function refresh() {
    // The last chunk may have grown; all before it stay.
    for (const [start, chunk] of chunks) if (chunk.length < CHUNK) chunks.delete(start);
    ask(
      (t) =>
        store.setIn("shown", {
          length: t.length(),
          track: t.track(COLUMNS),
          samples: t.samples(),
          openings: t.openings(),
          tickRuns: t.tickRuns(),
          options: t.options(),
          fullAt: t.fullAt(),
          driven: askDatabase((d) => d.hasRun(), false),
          trouble: askDatabase((d) => d.trouble(), null),
        }),
      undefined,
    );
  }

  /**
   * Shows the timeline at `position`.
   * @param {number} position
   */
  function seek(position) {
    const view = ask((t) => t.seek(Math.max(0, Math.min(position, store.get().shown.length))), null);
    if (!view) return;
    const reached = Math.max(store.get().stage.reached, view.position);
    store.setIn("stage", { position: view.position, reached });
    const optionsThen = hidesAhead(store.get()) ? ask((t) => t.optionsThen(), null) : null;
    store.setIn("shown", { view, optionsThen, lanes: ask((t) => t.lanes(view.now_nanos, JOBS_AROUND), null) });
  }

  /** Shows the database as it is after a command: at `position`, or at its end. */
  function look(position = Number.MAX_SAFE_INTEGER) {
    refresh();
    remember();
    seek(position);
  }

  /** The options of a stored database are remembered, for the next time that it is opened. */
  function remember() {
    const { stage, shown } = store.get();
    if (stage.backend?.kind !== "indexeddb" || !stage.backend.name || !shown.options) return;
    rememberOptions(stage.backend.name, optionTexts(shown.options));
  }

  /**
   * A table of the tree at the position, and its level.
   * @param {number} id
   */
  const findTable = (id) => ask((t) => t.findTable(id), undefined);

  /**
   * The tables of the tree at the position with their levels, from level 0 down.
   * @param {number} most
   */
  const tables = (most) => ask((t) => t.tables(most), []);

  /** What the tree on the stage should have cost to write; null if it can not be asked. */
  const expectedWrites = () => ask((t) => t.expectedWrites(), null);

  /**
   * The event that leads to `position`, as a picture of this size; null if there is no timeline.
   * @param {number} position
   * @param {number} width
   * @param {number} height
   * @param {{ from: number, to: number }} window The part of the key axis that is in view.
   */
  const figure = (position, width, height, window) => {
    const state = store.get();
    // While one types commands, new keys come: their places open with the event that brings them.
    const recorded = state.stage.history !== null;
    const how = { treeOnly: recorded, pastOnly: !recorded || hidesAhead(state) };
    return ask((t) => t.figure(position, width, height, window, how), null);
  };

  /**
   * What a position is called in a link; null if it can not be asked.
   * @param {number} position
   */
  const nameMoment = (position) => ask((t) => t.momentName(position), null);

  /**
   * Where a link's moment is; null if it can not be asked.
   * @param {string} name
   * @param {string} facts what stood there
   */
  const openMoment = (name, facts) => ask((t) => t.openMoment(name, facts), null);

  /**
   * What happened to every version of a key, as far as it is shown.
   * @param {string} key
   */
  const keyLife = (key) => ask((t) => t.keyLife(key), []).filter(({ event }) => event < shownUpTo(store.get()));

  /**
   * How long the event that leads to `position` takes at speed 1, in seconds: as long as its sentence takes to read,
   * if it is worth reading.
   * @param {number} position
   * @param {(event: import("./timeline.js").Event) => number} letters of the sentence of an event
   */
  function seconds(position, letters) {
    const [row] = events(position - 1, position);
    if (!row) return 0;
    return ask((t) => t.seconds(position, letters(row.event)), 0);
  }

  /**
   * Rows of the event list, as far as they are shown, which never change once they are there.
   * @param {number} from
   * @param {number} to
   */
  function events(from, to) {
    const length = shownUpTo(store.get());
    /** @type {Rows} */
    const rows = [];
    for (let start = Math.floor(Math.max(0, from) / CHUNK) * CHUNK; start < Math.min(to, length); start += CHUNK) {
      let chunk = chunks.get(start);
      if (!chunk) {
        chunk = ask((t) => t.events(start, Math.min(start + CHUNK, store.get().shown.length)), []);
        if (chunk.length > 0) cache(start, chunk);
      }
      const end = Math.min(to, length, start + chunk.length);
      for (let i = Math.max(from, start); i < end; i += 1) rows.push(chunk[i - start]);
    }
    return rows;
  }

  /**
   * @param {number} start
   * @param {Rows} chunk
   */
  function cache(start, chunk) {
    chunks.set(start, chunk);
    const [oldest] = chunks.keys();
    if (chunks.size > CHUNKS && oldest !== undefined) chunks.delete(oldest);
  }

  return {
    timeline: () => timeline,
    sandbox: () => sandbox,
    show,
    clear,
    ask,
    askDatabase,
    seek,
    look,
    remember,
    findTable,
    tables,
    expectedWrites,
    figure,
    keyLife,
    nameMoment,
    openMoment,
    seconds,
    events,
  };
}

/**
 * @template A, T
 * @param {A | null} whom
 * @param {(whom: A) => T} question
 * @param {T} otherwise
 */
function asked(whom, question, otherwise) {
  try {
    return whom ? question(whom) : otherwise;
  } catch (error) {
    if (error instanceof EngineStopped) return otherwise;
    throw error;
  }
}

// What a person can do: open, run, step, seek, select. Goes in: intents. Comes out: changes of the state.
//
// The engine only runs forward, at the end of the timeline; stepping back, and forward again, is seeking in what has
// happened. Past the end, stepping forward runs the next line of the queue, while the person follows it: a command of their
// own ends that, and pressing the queue's next line takes it up again.

import { describe, promise } from "./backends.js";
import { createBranches } from "./branches.js";
import { createDrive, later } from "./drive.js";
import { lines } from "./link.js";
import { readPrefs, rememberOptions, writePrefs } from "./prefs.js";
import { createPatience } from "./patience.js";
import { createReplays } from "./replays.js";
import { createSeries } from "./series.js";
import { EngineStopped } from "./stopped.js";
import { AROUND } from "./views/lanes/around.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./sandbox.js").Sandbox} Sandbox */
/** @typedef {import("./timeline.js").Timeline} Timeline */
/** @typedef {import("./timeline.js").Stride} Stride */
/** @typedef {import("./sandbox.js").OpenConfig} OpenConfig */
/** @typedef {import("../lsmscope.js").LsmError} LsmError */
/** @typedef {ReturnType<typeof createController>} Controller */

const CHUNK = 256;
/** Chunks of event rows that are kept; the oldest go first, and can be asked for again. */
const CHUNKS = 16;
/** Exchanges that the console keeps, and characters of their answers: one answer may have ten thousand lines. */
const LOG_LIMIT = 200;
const LOG_CHARS = 500_000;
/** As many columns of pixels as a wide scrubber has. */
const COLUMNS = 1500;
/** What a step past the end says where a script waits that the person has left. */
const AT_END = "This is the end of the timeline. The script waits: press its next line to go on with it.";
/** The console keeps no more of a line than this; the script keeps the whole. */
const LINE_LIMIT = 4096;

/**
 * @param {import("./store.js").Store<State>} store
 * @param {(config: OpenConfig) => Promise<Sandbox>} openSandbox
 * @param {(bytes: Uint8Array, options: string | undefined, family: string | undefined) => Promise<import("./replay.js").Replay>} readHistory
 */
export function createController(store, openSandbox, readHistory = noHistory) {
  /** @type {Timeline | null} What is on the stage. */
  let stage = null;
  /** @type {Sandbox | null} The same, if it is an open database: a history takes no commands. */
  let sandbox = null;
  /** @type {Map<number, ReturnType<Timeline["events"]>>} */
  let chunks = new Map();
  let exchanges = 0;
  let openings = 0;

  /** The database on the stage, if there is one; only for what a view asks at leisure (completion). */
  const current = () => sandbox;

  /** What is on the stage; only for what a view asks at leisure (inspection, a key's life). */
  const timeline = () => stage;

  /**
   * Opens a database instead of the one that is open. Where that is refused, the state says so and why.
   * @param {OpenConfig} config
   * @param {{ keep?: boolean }} [how] `keep`: after trouble, what was typed and run stays.
   * @returns {Promise<boolean>} whether it is open
   */
  async function open({ take_over, ...config }, { keep = false } = {}) {
    const opening = (openings += 1);
    const typed = keep ? typedFor(config) : { log: [], script: [] };
    store.set({ phase: "opening", config, problem: null, trouble: null, view: null, playing: false, selection: null });
    store.set({ following: true });
    await closeCurrent();
    await replays.reset();
    await branches.reset();
    try {
      const opened = await openSandbox(withOptions({ ...config, take_over }));
      // Nobody waits for it any more: another one was asked for meanwhile.
      if (opening !== openings) {
        opened.close().catch(() => {});
        return false;
      }
      [stage, sandbox] = [opened, opened];
    } catch (error) {
      if (opening !== openings || error instanceof EngineStopped) return false;
      store.set({ phase: "refused", problem: problemOf(error), status: { text: problemOf(error).message, bad: true } });
      return false;
    }
    listen(sandbox);
    const backend = sandbox.backend();
    show(sandbox, {
      phase: "open",
      ...typed,
      backend,
      status: { text: `Open: ${describe(backend)}. ${promise(backend)}`, bad: false },
    });
    remember();
    seek(sandbox.length());
    return true;
  }

  /**
   * Puts a database, or the timeline of a history, on the stage.
   * @param {Sandbox | Timeline} next
   * @param {Partial<State>} patch
   */
  function show(next, patch) {
    [stage, sandbox] = [next, "run" in next ? next : null];
    chunks = new Map();
    store.set(patch);
    refresh();
  }

  /**
   * What was typed, and what becomes of it in the database to come: in the same one, the script was run already; in
   * another one it stands in the queue, to be run again.
   * @param {OpenConfig} next
   * @returns {Partial<State>}
   */
  function typedFor(next) {
    const { config, script, queue } = store.get();
    if (next.backend === config.backend && next.name === config.name) return {};
    if (script.length === 0) return {};
    return { script: [], queue: [...script, ...queue], queueTitle: "Your script" };
  }

  /**
   * A database can be lost under a page that does nothing: it is told at once.
   * @param {Sandbox} mine
   */
  function listen(mine) {
    mine.onDrive(drive.watch);
    mine.onLost((trouble) => {
      if (mine === sandbox) store.set({ trouble, playing: false, status: { text: trouble.message, bad: true } });
    });
  }

  /** Opens the database that was lost, or refused, once more; `take_over` takes it from another tab. */
  function openAgain(take_over = false) {
    const { config, options } = store.get();
    return open({ ...config, ...(options && { options: texts(options) }), take_over }, { keep: true });
  }

  /** Goes on in memory with the same options, if these are not what is wrong; what was run is queued. */
  function openInMemory() {
    const { config, options, problem } = store.get();
    const same = options ? texts(options) : withOptions(config).options;
    return open(
      { backend: "memory", preset: config.preset, options: problem?.kind === "invalid_input" ? undefined : same },
      { keep: true },
    );
  }

  async function closeCurrent() {
    const closing = sandbox;
    [stage, sandbox] = [null, null];
    // A database that fails to close has still let go of its lock; what it held in memory is in its log.
    await closing?.close().catch(() => {});
  }

  /**
   * Asks the timeline on the stage, if there is one and the engine has not stopped.
   * @template T
   * @param {(timeline: Timeline) => T} question
   * @param {T} otherwise
   */
  const ask = (question, otherwise) => asked(stage, question, otherwise);

  /**
   * Asks the database on the stage, if there is one and the engine has not stopped.
   * @template T
   * @param {(sandbox: Sandbox) => T} question
   * @param {T} otherwise
   */
  const askDatabase = (question, otherwise) => asked(sandbox, question, otherwise);

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

  /** Takes over what only changes when a command has run. */
  function refresh() {
    // The last rows may go on, or have become others; all before them stay.
    for (const [start, chunk] of chunks) if (chunk.length < CHUNK) chunks.delete(start);
    ask(
      (s) =>
        store.set({
          length: s.length(),
          track: s.track(COLUMNS),
          samples: s.samples(),
          options: s.options(),
          fullAt: s.fullAt(),
          driven: askDatabase((d) => d.hasRun(), false),
          trouble: askDatabase((d) => d.trouble(), null),
        }),
      undefined,
    );
  }

  /** The options of a stored database are remembered, for the next time that it is opened. */
  function remember() {
    const { backend, options } = store.get();
    if (backend?.kind !== "indexeddb" || !backend.name || !options) return;
    rememberOptions(backend.name, texts(options));
  }

  /**
   * Shows the timeline at `position`.
   * @param {number} position
   */
  function seek(position) {
    const view = ask((s) => s.seek(Math.max(0, Math.min(position, store.get().length))), null);
    if (view) store.set({ position: view.position, view, lanes: ask((s) => s.lanes(view.now_nanos, AROUND), null) });
  }

  /**
   * Tables of a level of the view, in full, by their places in it.
   * @param {number} level
   * @param {number[]} places
   */
  const tables = (level, places) => ask((s) => s.tables(level, places), []);

  /**
   * Runs a command line at the end of the timeline, and shows it: at its first event where `into`, else at its end.
   * @param {string} line
   * @param {{ into?: boolean, queued?: boolean }} [how] `queued`: it is the queue's next, not one of the person's own.
   * @returns {Promise<boolean>} whether it went well
   */
  async function run(line, { into = store.get().stepInto, queued = false } = {}) {
    if (line.trim() === "") return false;
    store.set({ busy: true, following: queued });
    try {
      const ok = await carryOut(line);
      const outcome = store.get().log.at(-1)?.outcome;
      if (outcome?.estimate) tell(line);
      look(into && outcome && outcome.last > outcome.first ? outcome.first + 1 : undefined);
      return ok;
    } finally {
      store.set({ busy: false });
    }
  }

  /**
   * Runs lines one after the other, and shows their end; those that are left when one ends it are queued.
   * @param {string[]} lines
   */
  async function runAll(lines) {
    store.set({ busy: true, following: false });
    try {
      const left = await series.run(lines);
      const last = store.get().log.at(-1);
      if (last?.outcome?.estimate) tell(last.line);
      if (left.length > 0) store.set({ queue: [...left, ...store.get().queue], queueTitle: "What is left" });
    } finally {
      store.set({ busy: false });
    }
  }

  /**
   * Runs a command line. The stage stays as it is.
   * @param {string} line
   * @returns {Promise<boolean>} whether it went well
   */
  async function carryOut(line) {
    if (!sandbox) {
      const history = "A history can only be looked at. Go back to the sandbox with Escape.";
      if (stage) store.set({ status: { text: history, bad: true } });
      return false;
    }
    const id = (exchanges += 1);
    append({ id, line: line.slice(0, LINE_LIMIT), outcome: null });
    // What was wrong with the line before is not this one's.
    if (store.get().status.bad) store.set({ status: { text: "Running…", bad: false } });
    drive.ready();
    try {
      const outcome = await sandbox.run(line);
      settle(id, outcome);
      // What was carried out is in the timeline, whether it went well or not, so running it again must run it too. The list
      // grows in place: a copy with each command would cost as much as there were commands.
      if (outcome.last > outcome.first) store.get().script.push(line.trim());
      const message = outcome.error?.message ?? outcome.text.split("\n", 1)[0];
      store.set({ status: { text: message, bad: !outcome.ok } });
      return outcome.ok;
    } catch (error) {
      const { message, remedy } = problemOf(error);
      const at = store.get().length;
      settle(id, {
        ok: false,
        text: "",
        error: { message, remedy, start: 0, end: 0 },
        first: at,
        last: at,
        exit: false,
        estimate: undefined,
      });
      store.set({ status: { text: message, bad: true }, trouble: askDatabase((d) => d.trouble(), null) });
      return false;
    } finally {
      drive.over();
    }
  }

  /** @param {import("./state.js").Exchange} exchange */
  function append(exchange) {
    const log = [...store.get().log, exchange].slice(-LOG_LIMIT);
    let chars = log.reduce((sum, { outcome }) => sum + (outcome?.text.length ?? 0), 0);
    while (chars > LOG_CHARS && log.length > 1) chars -= log.shift()?.outcome?.text.length ?? 0;
    store.set({ log });
  }

  /**
   * @param {number} id
   * @param {NonNullable<import("./state.js").Exchange["outcome"]>} outcome
   */
  function settle(id, outcome) {
    store.set({ log: store.get().log.map((e) => (e.id === id ? { ...e, outcome } : e)) });
  }

  /**
   * A line takes so long that it was not run: the console, which says so, is shown; and how long, once a sample of it was run
   * elsewhere.
   * @param {string} line
   */
  async function tell(line) {
    store.set({ playing: false, leftTab: "operate" });
    const told = store.get().log.at(-1);
    const { options } = store.get();
    if (!told?.outcome || !options) return;
    const seconds = await patience.seconds(line, texts(options));
    if (seconds !== null) settle(told.id, { ...told.outcome, seconds });
  }

  /**
   * Runs the queue's next line, and says that it was the queue's.
   * @param {boolean} into
   */
  async function runNext(into) {
    const { queue, queueTitle, busy } = store.get();
    const [line, ...rest] = queue;
    if (line === undefined || busy) return false;
    store.set({ queue: rest });
    const ok = await run(line, { into, queued: true });
    const { status } = store.get();
    if (ok) store.set({ status: { text: `${queueTitle || "Script"}: ${line.trim()}: ${status.text}`, bad: false } });
    if (!ok && store.get().trouble && !isWrongLine(store.get().log.at(-1))) putBack(line);
    return ok;
  }

  /**
   * A line that failed through no fault of its own is not used up: it is still to run.
   * @param {string} line
   */
  function putBack(line) {
    const { script, queue } = store.get();
    store.set({
      queue: [line, ...queue],
      script: script.at(-1) === line.trim() ? script.slice(0, -1) : script,
      playing: false,
    });
  }

  /**
   * Steps forward: in the timeline, or, past its end, into the queue's next line; a line that nobody asked for is not run.
   * @param {Stride} stride
   */
  async function forward(stride) {
    const { position, length, queue, following } = store.get();
    if (position < length) seek(ask((s) => s.step(position, stride, false), position));
    else if (following) await runNext(stride === "event");
    else if (queue.length > 0) store.set({ status: { text: AT_END, bad: false } });
  }

  /** @param {Stride} stride */
  function back(stride) {
    const { position } = store.get();
    seek(ask((s) => s.step(position, stride, true), position));
  }

  /**
   * Goes to the next moment like `what`, or the previous one; says so where there is none.
   * @param {string} what
   * @param {boolean} backwards
   */
  function find(what, backwards) {
    const found = ask((s) => s.find(what, store.get().position, backwards), undefined);
    if (found != null) seek(found);
    else
      store.set({
        status: {
          text: `No ${what.replace("_", " ").replace("key:", "event of key ")} ${backwards ? "before" : "after"} this moment.`,
          bad: true,
        },
      });
  }

  /**
   * Rows of the event list, which never change once they are there.
   * @param {number} from
   * @param {number} to
   */
  function events(from, to) {
    const { length } = store.get();
    /** @type {ReturnType<Timeline["events"]>} */
    const rows = [];
    for (let start = Math.floor(Math.max(0, from) / CHUNK) * CHUNK; start < Math.min(to, length); start += CHUNK) {
      let chunk = chunks.get(start);
      if (!chunk) {
        chunk = ask((s) => s.events(start, Math.min(start + CHUNK, length)), []);
        if (chunk.length > 0) keep(start, chunk);
      }
      for (let i = Math.max(from, start); i < Math.min(to, start + chunk.length); i += 1) rows.push(chunk[i - start]);
    }
    return rows;
  }

  /**
   * @param {number} start
   * @param {ReturnType<Timeline["events"]>} chunk
   */
  function keep(start, chunk) {
    chunks.set(start, chunk);
    const [oldest] = chunks.keys();
    if (chunks.size > CHUNKS && oldest !== undefined) chunks.delete(oldest);
  }

  /**
   * Puts a script into the queue.
   * @param {string} text
   * @param {string} title
   */
  function enqueue(text, title) {
    store.set({ queue: lines(text), queueTitle: title, following: true });
  }

  /** The samples of the last workload as CSV; undefined if none was run, or it can not be asked. */
  const runCsv = () => Promise.resolve(askDatabase((d) => d.runCsv(), undefined)).catch(() => undefined);

  /** @param {State["selection"]} selection */
  function select(selection) {
    store.set({ selection, rightTab: "inspect", pane: "explain" });
  }

  /**
   * Goes to another room. The address of the simulator is its experiment; the sandbox's is the page's own.
   * @param {State["room"]} room
   */
  function enter(room) {
    if (room === store.get().room) return;
    store.set({ room, playing: false, dialog: "" });
    if (room === "sandbox") history.replaceState(history.state, "", location.pathname + location.search);
  }

  /**
   * Changes what is remembered between visits.
   * @param {Partial<State> & Partial<import("./prefs.js").Prefs>} patch
   */
  function prefer(patch) {
    store.set(patch);
    writePrefs(patch);
  }

  /** Shows what has become of the database: at `position`, or at its end. */
  function look(position = Number.MAX_SAFE_INTEGER) {
    refresh();
    remember();
    seek(Math.min(position, store.get().length));
  }
  const drive = createDrive(store, { look, now: () => performance.now(), later });
  const branches = createBranches(store, { current, show, run, runAll, seek });
  const series = createSeries(store, { carryOut, look, now: () => performance.now(), later });
  const patience = createPatience({ open: openSandbox, now: () => performance.now(), later });
  const replays = createReplays(store, { current, show, seek, enter, read: readHistory, problemOf });

  return {
    store,
    branches,
    drive,
    series,
    replays,
    current,
    timeline,
    open,
    openAgain,
    openInMemory,
    run,
    runAll,
    runNext,
    seek,
    tables,
    forward,
    back,
    find,
    events,
    runCsv,
    enqueue,
    select,
    enter,
    prefer,
  };
}

/** @returns {never} */
function noHistory() {
  throw new Error("histories are not read here");
}

/**
 * A stored database is opened with the options that it was last open with, unless others are asked for.
 * @param {OpenConfig} config
 * @returns {OpenConfig}
 */
function withOptions(config) {
  if (config.backend !== "indexeddb" || config.options || config.name === undefined) return config;
  return { ...config, options: readPrefs().databases[config.name] };
}

/**
 * Options as they are typed.
 * @param {NonNullable<State["options"]>} options
 * @returns {Record<string, string>}
 */
function texts(options) {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, String(value)]));
}

/**
 * Whether a line was refused for something that stands in it.
 * @param {import("./state.js").Exchange | undefined} exchange
 */
function isWrongLine(exchange) {
  const error = exchange?.outcome?.error;
  return error != null && error.end > error.start;
}

/**
 * @param {unknown} error
 * @returns {import("./state.js").Problem}
 */
export function problemOf(error) {
  const e = /** @type {Partial<LsmError> | null | undefined} */ (error);
  return {
    kind: e?.kind ?? "failed",
    message: e?.message ?? String(error),
    remedy: e?.remedy ?? "Reload the page: what was synced is kept.",
  };
}

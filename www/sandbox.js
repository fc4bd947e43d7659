// The only importer of the wasm: loads it, opens a sandbox, and calls it one call at a time.
//
// Goes in: command lines and positions. Comes out: the engine's own answers, typed by the generated lsmscope.d.ts.
// Two things are added: runs are queued (the engine takes one at a time), and a panic is told once, to `onPanic`, after
// which every call is refused but `rescue`, because a wasm instance that panicked can not be trusted any more. A panic
// inside of a promise never settles it, so the wasm's own hook tells of it; a trap without a panic (a stack that is
// full) calls no hook, so the page's uncaught errors are listened to as well.

import init, { Replay as Past, Sandbox as Engine, Simulation, check_simulation, check_workload, on_panic, simulation_catalog, version, workload_catalog } from "../lsmscope.js";
import { EngineStopped } from "./stopped.js";

/** @typedef {import("../lsmscope.js").View} View */
/** @typedef {import("../lsmscope.js").Event} Event */
/** @typedef {import("../lsmscope.js").Outcome} Outcome */
/** @typedef {import("../lsmscope.js").OpenConfig} OpenConfig */
/** @typedef {import("../lsmscope.js").Trouble} Trouble */
/** @typedef {import("../lsmscope.js").Lanes} Lanes */
/** @typedef {import("../lsmscope.js").Description} Knob */
/** @typedef {View["levels"][number] & { crowd?: import("../lsmscope.js").Crowd }} Level A level; with its tables as columns where it does not list them. */
/** @typedef {"event" | "operation" | "job"} Stride */

let panicked = "";
let loaded = "";
/** @type {(message: string) => void} */
let tellPanic = () => {};

/**
 * Says who is told when the wasm panics.
 * @param {(message: string) => void} listener
 */
export function onPanic(listener) {
  tellPanic = listener;
}

/** @param {string} message */
function reportPanic(message) {
  if (panicked) return;
  panicked = message;
  // The panic is still unwinding the stack of the wasm: the page is drawn when that is over.
  queueMicrotask(() => tellPanic(message));
}

/**
 * Runs `call`, unless the wasm has panicked; notices if it breaks now (a panic, or a stack or memory that is full).
 * @template T
 * @param {() => T} call
 * @returns {T}
 */
function guarded(call) {
  if (panicked) throw new EngineStopped(`The engine has stopped: ${panicked}`);
  try {
    return call();
  } catch (error) {
    if (!isTrap(error)) throw error;
    reportPanic(error.message);
    throw new EngineStopped(`The engine has stopped: ${error.message}`);
  }
}

/**
 * Whether `error` ended the wasm in the middle of a call: a panic, a stack that is full, or an error of the page's that
 * went right through it. The engine's own errors say of what kind they are.
 * @param {unknown} error
 * @returns {error is Error}
 */
function isTrap(error) {
  if (error instanceof WebAssembly.RuntimeError) return true;
  return error instanceof Error && !("kind" in error) && /\.wasm\b|wasm-function/.test(error.stack ?? "");
}

/** Loads the wasm. Call it once, before anything else. */
export async function load() {
  await init();
  on_panic(reportPanic);
  loaded = version();
  addEventListener("error", (event) => isTrap(event.error) && reportPanic(event.error.message));
  addEventListener("unhandledrejection", (event) => isTrap(event.reason) && reportPanic(event.reason.message));
}

/** Which lsmscope was loaded. */
export const loadedVersion = () => loaded;

/** What can be said about the engine without opening one. */
export const catalog = {
  options: () => guarded(() => Engine.describe_options()),
  presets: () => guarded(() => Engine.presets()),
  commands: () => guarded(() => Engine.commands()),
  /**
   * What is wrong with `preset` and `changes` together.
   * @param {string} preset
   * @param {Record<string, string>} changes
   */
  check: (preset, changes) => guarded(() => Engine.check_options(preset, changes)),
  workload: () => guarded(() => workload_catalog()),
  /**
   * What is wrong with changes to a workload's default parameters.
   * @param {Record<string, string>} changes
   */
  checkWorkload: (changes) => guarded(() => check_workload(Object.entries(changes))),
};

/** The simulator, guarded as the engine is: it lives in the same wasm. */
export const simulator = {
  catalog: () => guarded(() => simulation_catalog()),
  /**
   * What is wrong with parameters of a simulation.
   * @param {Record<string, string>} changes
   */
  check: (changes) => guarded(() => check_simulation(Object.entries(changes))),
  /**
   * Throws `{ kind, message, remedy, field, expected }` where it can not be run.
   * @param {string} preset
   * @param {[string, string][]} spec
   * @param {[string, string][]} options
   */
  make: (preset, spec, options) => guarded(() => new Simulation(preset, spec, options)),
  call: guarded,
};

/** One open database and its timeline. */
export class Sandbox {
  /** @type {Promise<unknown>} */
  #tail = Promise.resolve();
  #engine;

  /** @param {Engine} engine */
  constructor(engine) {
    this.#engine = engine;
  }

  /**
   * Opens a database. Rejects with `{ kind, message, remedy }`.
   * @param {OpenConfig} config
   */
  static async open(config) {
    return new Sandbox(await guarded(() => Engine.open(config)));
  }

  /**
   * Runs one command line, after those before it.
   * @param {string} line
   * @returns {Promise<Outcome>}
   */
  run(line) {
    return this.#queued(() => this.#engine.run(line));
  }

  /**
   * Another database, in memory, as this one was when it was opened.
   * @returns {Promise<Sandbox>}
   */
  async branch() {
    return new Sandbox(await guarded(() => this.#engine.branch()));
  }

  /** Closes the database, after everything before it. */
  close() {
    return this.#queued(() => this.#engine.close());
  }

  /**
   * @template T
   * @param {() => Promise<T>} call
   * @returns {Promise<T>}
   */
  #queued(call) {
    const result = this.#tail.then(() => guarded(call));
    this.#tail = result.catch(() => {});
    return result;
  }

  /** Why it takes no writes, if it takes none. */
  trouble() {
    return guarded(() => this.#engine.trouble()) ?? null;
  }

  /**
   * Says who is told if another tab takes the database over, or if it is deleted or cleared.
   * @param {(trouble: Trouble) => void} listener
   */
  onLost(listener) {
    guarded(() => this.#engine.on_lost(listener));
  }

  /**
   * Says who is asked, between two slices of a workload, whether it goes on.
   * @param {(progress: import("./drive.js").Progress) => boolean | Promise<boolean>} watch
   */
  onDrive(watch) {
    guarded(() => this.#engine.on_drive(watch));
  }

  /** Whether a workload was run. */
  hasRun() {
    return guarded(() => this.#engine.has_run());
  }

  /**
   * The samples of the last workload as CSV, after everything before it; undefined if none was run.
   * @returns {Promise<string | undefined>}
   */
  runCsv() {
    return this.#queued(() => this.#engine.run_csv());
  }

  /**
   * Events from index `from` on, some thousands at most, even after a panic: none at the end, null where they can not be
   * read any more.
   * @param {number} from
   * @returns {import("../lsmscope.js").EventRow[] | null}
   */
  rescue(from) {
    try {
      return this.#engine.rescue(from) ?? null;
    } catch {
      // It broke once; it may break again.
      return null;
    }
  }

  /**
   * The stage at `position`.
   * @param {number} position
   */
  seek(position) {
    return guarded(() => {
      const view = this.#engine.seek(position);
      for (const level of /** @type {Level[]} */ (view.levels)) {
        if (level.tables.length < level.count) level.crowd = this.#engine.crowd(level.level);
      }
      return view;
    });
  }

  /**
   * Tables of a level where it was last seeked to, in full, by their places in it.
   * @param {number} level
   * @param {number[]} places
   */
  tables(level, places) {
    return guarded(() => this.#engine.tables(level, Uint32Array.from(places)));
  }

  length() {
    return guarded(() => this.#engine.length());
  }

  /** Where the timeline was full and began to keep jobs only, if it was. */
  fullAt() {
    return guarded(() => this.#engine.full_at()) ?? null;
  }

  /**
   * @param {number} from
   * @param {number} to
   */
  events(from, to) {
    return guarded(() => this.#engine.events(from, to));
  }

  marks() {
    return guarded(() => this.#engine.marks());
  }

  operations() {
    return guarded(() => this.#engine.operations());
  }

  samples() {
    return guarded(() => this.#engine.samples());
  }

  /** Jobs and stalls over virtual time. */
  lanes() {
    return guarded(() => this.#engine.lanes());
  }

  /**
   * The position of the next (or previous) moment like `what`: "flush", "stall", "key:user:1", …
   * @param {string} what
   * @param {number} from
   * @param {boolean} backwards
   */
  find(what, from, backwards) {
    return guarded(() => this.#engine.find(what, from, backwards));
  }

  /**
   * @param {number} from
   * @param {Stride} how
   * @param {boolean} backwards
   */
  step(from, how, backwards) {
    return guarded(() => this.#engine.step(from, how, backwards));
  }

  /** @param {string} key */
  keyLife(key) {
    return guarded(() => this.#engine.key_life(key));
  }

  /**
   * A file's bytes, as they were at `position`, explained.
   * @param {string} file
   * @param {number} position
   * @returns {Promise<import("../lsmscope.js").Inspection & { bytes: Uint8Array }>}
   */
  inspect(file, position) {
    return guarded(() => /** @type {Promise<any>} */ (this.#engine.inspect(file, position)));
  }

  /**
   * @param {string} line
   * @param {number} cursor
   */
  complete(line, cursor) {
    return guarded(() => this.#engine.complete(line, cursor));
  }

  options() {
    return guarded(() => this.#engine.options());
  }

  backend() {
    return guarded(() => this.#engine.backend());
  }
}

/** The timeline of a history: it can be looked at, and nothing can be run. */
class Screening extends Sandbox {
  #replay;

  /**
   * @param {Engine} engine
   * @param {Replay} replay
   */
  constructor(engine, replay) {
    super(engine);
    this.#replay = replay;
  }

  /**
   * From decision to decision, where elsewhere it is from event to event; and from event to event, where elsewhere it is
   * from operation to operation.
   * @param {number} from
   * @param {Stride} how
   * @param {boolean} backwards
   */
  step(from, how, backwards) {
    if (how === "operation") return super.step(from, "event", backwards);
    if (how !== "event") return super.step(from, how, backwards);
    const before = this.#replay.sceneAt(backwards ? from - 1 : from)?.number ?? 0;
    if (backwards) return this.#replay.scene(before)?.position ?? 0;
    return this.#replay.scene(before + 1)?.position ?? this.length();
  }

  /** @returns {Promise<Outcome>} */
  async run() {
    const at = this.length();
    const error = { message: "a history can only be looked at", remedy: "Go back to the sandbox with Escape.", start: 0, end: 0 };
    return { ok: false, text: "", error, first: at, last: at, exit: false };
  }
}

/** The history of a real database, replayed against our policy. */
export class Replay {
  #past;

  /** @param {Past} past */
  constructor(past) {
    this.#past = past;
  }

  /**
   * Reads a history. Throws `{ kind, message, remedy }`.
   * @param {Uint8Array} bytes
   * @param {string | undefined} options the text of RocksDB's OPTIONS file
   */
  static read(bytes, options) {
    return new Replay(guarded(() => Past.read(bytes, options)));
  }

  /**
   * Replays so many edits more; says whether that was all.
   * @param {number} edits
   */
  advance(edits) {
    return guarded(() => this.#past.advance(edits));
  }

  progress() {
    return guarded(() => this.#past.progress());
  }

  summary() {
    return guarded(() => this.#past.summary());
  }

  /** Its timeline; once. */
  async stage() {
    return new Screening(await guarded(() => this.#past.stage()), this);
  }

  /**
   * The last decision at or before a position.
   * @param {number} position
   */
  sceneAt(position) {
    return guarded(() => this.#past.scene_at(Math.max(0, position)));
  }

  /**
   * Decision `number`, from 1 on.
   * @param {number} number
   */
  scene(number) {
    return guarded(() => this.#past.scene(number));
  }

  /** @param {number} number */
  difference(number) {
    return guarded(() => this.#past.difference(number));
  }
}

// One open database in the wasm, called one call at a time.
//
// Goes in: command lines and positions. Comes out: the engine's own answers, typed by the generated lsmscope.d.ts. Runs are
// queued, because the engine takes one at a time; every call but `rescue` is refused after a panic.

import { guarded, wasm } from "./wasm.js";

/** @typedef {import("../lsmscope.js").View} View */
/** @typedef {import("../lsmscope.js").Event} Event */
/** @typedef {import("../lsmscope.js").Outcome} Outcome */
/** @typedef {import("../lsmscope.js").OpenConfig} OpenConfig */
/** @typedef {import("../lsmscope.js").Trouble} Trouble */
/** @typedef {import("../lsmscope.js").Lanes} Lanes */
/** @typedef {import("../lsmscope.js").Options} Options */
/** @typedef {import("../lsmscope.js").Track} Track */
/** @typedef {import("../lsmscope.js").Description} Knob */
/** @typedef {View["levels"][number] & { crowd?: import("../lsmscope.js").Crowd }} Level A level; with its tables as columns where it does not list them. */
/** @typedef {"event" | "operation" | "job"} Stride */

/** One open database and its timeline. */
export class Sandbox {
  /** @type {Promise<unknown>} */
  #tail = Promise.resolve();
  #engine;

  /** @param {wasm.Sandbox} engine */
  constructor(engine) {
    this.#engine = engine;
  }

  /**
   * Opens a database. Rejects with `{ kind, message, remedy }`.
   * @param {OpenConfig} config
   */
  static async open(config) {
    return new Sandbox(await guarded(() => wasm.Sandbox.open(config)));
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

  /**
   * What so many columns of pixels show of flushes, compactions and the like.
   * @param {number} columns
   */
  track(columns) {
    return guarded(() => this.#engine.track(columns));
  }

  operations() {
    return guarded(() => this.#engine.operations());
  }

  samples() {
    return guarded(() => this.#engine.samples());
  }

  /**
   * Jobs and stalls over virtual time: so many jobs before and after the moment `now`, in nanoseconds, and what is among them.
   * @param {number} now
   * @param {number} jobs
   */
  lanes(now, jobs) {
    return guarded(() => this.#engine.lanes(now, jobs));
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
   * @returns {Promise<import("../lsmscope.js").Inspection>}
   */
  inspect(file, position) {
    return guarded(() => this.#engine.inspect(file, position));
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

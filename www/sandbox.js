// One open database in the wasm: a timeline that grows with every command.
//
// In: command lines. Out: the engine's results, typed by the generated lsmscope.d.ts. Errors: `{ kind, message, remedy
// }`; EngineStopped after a panic. Calls that overlap are queued by the wasm and run one after the other.

import { Timeline } from "./timeline.js";
import { engine, guarded, hasEngine } from "./wasm.js";

/** @typedef {import("../lsmscope.js").Outcome} Outcome */
/** @typedef {import("../lsmscope.js").Sandbox} EngineSandbox */
/** @typedef {import("../lsmscope.js").OpenConfig} OpenConfig */
/** @typedef {import("../lsmscope.js").Trouble} Trouble */
/** @typedef {{ done: number, millis: number, operations: number }} Progress How far a workload is. */

/** One open database and its timeline. */
export class Sandbox extends Timeline {
  #database;

  /** @param {EngineSandbox | import("./stand-in.js").StandIn} database */
  constructor(database) {
    super(guarded(() => database.timeline()));
    this.#database = database;
  }

  /**
   * Opens a database of the engine, which has arrived. Rejects with `{ kind, message, remedy }`.
   * @param {OpenConfig} config
   */
  static async open(config) {
    return new Sandbox(await guarded(() => engine().Sandbox.open(config)));
  }

  /**
   * Runs one command line, after the calls before it.
   * @param {string} line
   * @returns {Promise<Outcome>}
   */
  run(line) {
    return guarded(() => this.#database.run(line));
  }

  /**
   * Whether a line is an operation of the timeline: not one that only asks, or that is refused for what stands in it.
   * @param {string} line
   */
  static isOperation(line) {
    return guarded(() => engine().Sandbox.is_operation(line));
  }

  /**
   * A copy of the database, in memory, as it was when it was opened.
   * @returns {Promise<Sandbox>}
   */
  async branch() {
    return new Sandbox(await guarded(() => this.#database.branch()));
  }

  /**
   * Whether the lines that run from now on were written by somebody else, as a link's: a long workload is told of then
   * instead of run, also if its line says `anyway`. A branch begins as wary as this is.
   * @param {boolean} wary
   */
  setWary(wary) {
    guarded(() => this.#database.set_wary(wary));
  }

  /** Waits until the engine has it, where a recording stands in. */
  async arrived() {
    if ("arrive" in this.#database) await this.#database.arrive();
  }

  /** Closes the database, after the calls before it. */
  async close() {
    await guarded(() => this.#database.close());
  }

  /** Why it takes no writes, if it takes none. */
  trouble() {
    return guarded(() => this.#database.trouble()) ?? null;
  }

  /**
   * Sets the listener for the loss of the database: another tab took it over, or it was deleted or cleared.
   * @param {(trouble: Trouble) => void} listener
   */
  onLost(listener) {
    guarded(() => this.#database.on_lost(listener));
  }

  /**
   * Sets the callback that decides, between two slices of a workload, whether it goes on.
   * @param {(progress: Progress) => boolean | Promise<boolean>} watch
   */
  onDrive(watch) {
    guarded(() => this.#database.on_drive(watch));
  }

  /** Whether a workload was run. */
  hasRun() {
    return guarded(() => this.#database.has_run());
  }

  /**
   * The samples of the last workload as CSV, after the calls before it; undefined if none was run.
   * @returns {Promise<string | undefined>}
   */
  runCsv() {
    return guarded(() => this.#database.run_csv());
  }

  /**
   * A file's bytes at `position`, with their fields; read from the disk if they were not recorded.
   * @param {string} file
   * @param {number} position
   * @returns {Promise<import("../lsmscope.js").Inspection>}
   */
  async inspect(file, position) {
    return guarded(() => this.#database.inspect(file, position));
  }

  /**
   * Completions of a line at the cursor; none while the engine has not arrived.
   * @param {string} line
   * @param {number} cursor
   */
  complete(line, cursor) {
    return hasEngine() ? guarded(() => engine().Sandbox.complete(line, cursor)) : [];
  }

  backend() {
    return guarded(() => this.#database.backend());
  }
}

// A database that stands in until the engine has arrived: it plays recorded lines, and hands over to a database of the
// engine in which the same lines have run. The events are the same, so the page goes on where it is.
//
// In: lines. Out: what was recorded, as long as the lines are the recorded ones; for any other line, and whatever only
// an engine knows, it waits for the engine. Errors: the engine's; and that it could not be loaded.

/** @typedef {import("../lsmscope.js").Sandbox} EngineSandbox */
/** @typedef {import("../lsmscope.js").Timeline} Record */
/** @typedef {import("../lsmscope.js").Outcome} Outcome */
/** @typedef {import("../lsmscope_player.js").Player} Recording */
/** @typedef {{ line: string, text: string }} Played */

/** What a recorded timeline answers where only the engine knows. */
const UNKNOWN = /** @type {Partial<Record>} */ ({
  expected_writes: () => ({ estimate: undefined, bound: undefined }),
  key_life: () => [],
  inspect: () => undefined,
});

/** A recording as a database, as far as `Sandbox` asks one. */
export class StandIn {
  /** @type {Recording} */
  #recording;
  /** @type {() => Promise<EngineSandbox>} */
  #openEngine;
  /** @type {() => void} */
  #waits;
  /** The position of the last seek, which later questions are about. */
  #at = 0;
  /** @type {Record} */
  #record;
  /** @type {EngineSandbox | null} */
  #engine = null;
  /** @type {Promise<EngineSandbox> | null} */
  #arriving = null;
  /** @type {string[]} Lines that were played. */
  #played = [];
  /** @type {Played[]} The same, as the engine has answered them. */
  #answered = [];
  /** Whether a line was run that is not recorded: those after it wait as well. */
  #left = false;
  #isClosed = false;
  /** @type {((engine: EngineSandbox) => void)[]} */
  #listeners = [];

  /**
   * @param {Recording} recording
   * @param {() => Promise<EngineSandbox>} openEngine Opens a database as the recorded one was opened.
   * @param {() => void} waits Called when a line waits for the engine.
   */
  constructor(recording, openEngine, waits) {
    this.#recording = recording;
    this.#openEngine = openEngine;
    this.#waits = waits;
    this.#record = /** @type {Record} */ (/** @type {unknown} */ (recording.timeline()));
  }

  /** The timeline: the recorded one, then the engine's. @returns {Record} */
  timeline() {
    return /** @type {Record} */ (
      new Proxy(UNKNOWN, {
        get: (unknown, name) => {
          const record = /** @type {any} */ (this.#record);
          if (name === "seek") return (/** @type {number} */ position) => record.seek((this.#at = position));
          const method = record[name] ?? unknown[/** @type {keyof Record} */ (name)];
          return typeof method === "function" ? method.bind(record) : method;
        },
      })
    );
  }

  /**
   * The engine's database, in which everything that was played has run.
   * @returns {Promise<EngineSandbox>}
   */
  arrive() {
    this.#arriving ??= this.#handOver().catch((error) => {
      this.#arriving = null;
      throw error;
    });
    return this.#arriving;
  }

  async #handOver() {
    const engine = await this.#openEngine();
    try {
      // More may be played while these run.
      this.#answered = [];
      for (let ran = 0; ran < this.#played.length; ran += 1) {
        const line = this.#played[ran];
        this.#answered.push({ line, text: (await engine.run(line)).text });
      }
    } catch (error) {
      await engine.close().catch(() => {});
      throw error;
    }
    [this.#engine, this.#record] = [engine, engine.timeline()];
    this.#record.seek(this.#at);
    for (const tell of this.#listeners) tell(engine);
    return engine;
  }

  /**
   * @param {string} line
   * @returns {Promise<Outcome>}
   */
  async run(line) {
    if (this.#engine) return this.#engine.run(line);
    const played = this.#left ? undefined : this.#recording.run(line);
    if (played) {
      this.#played.push(line);
      return /** @type {Outcome} */ (played);
    }
    this.#left = true;
    this.#waits();
    try {
      return await (await this.arrive()).run(line);
    } finally {
      // Without the engine, nothing has run that is not recorded.
      this.#left = this.#engine !== null;
    }
  }

  /** What was played, with the engine's answers: a recording has its own in English. Empty before it has arrived. */
  get answered() {
    return this.#answered;
  }

  get isClosed() {
    return this.#isClosed;
  }

  async branch() {
    return (await this.arrive()).branch();
  }

  /**
   * @param {string} file
   * @param {number} position
   */
  async inspect(file, position) {
    return (await this.arrive()).inspect(file, position);
  }

  async close() {
    this.#isClosed = true;
    await (this.#arriving && (await this.#arriving.catch(() => null))?.close());
  }

  trouble() {
    return this.#engine?.trouble();
  }

  /** @param {(trouble: import("../lsmscope.js").Trouble) => void} listener */
  on_lost(listener) {
    this.#tell((engine) => engine.on_lost(listener));
  }

  /** @param {Parameters<EngineSandbox["on_drive"]>[0]} watch */
  on_drive(watch) {
    this.#tell((engine) => engine.on_drive(watch));
  }

  /** @param {boolean} wary */
  set_wary(wary) {
    this.#tell((engine) => engine.set_wary(wary));
  }

  /** @param {(engine: EngineSandbox) => void} listener */
  #tell(listener) {
    this.#listeners.push(listener);
    if (this.#engine) listener(this.#engine);
  }

  has_run() {
    return this.#engine?.has_run() ?? false;
  }

  async run_csv() {
    return this.#engine?.run_csv();
  }

  /** @returns {import("../lsmscope.js").Backend} */
  backend() {
    return this.#engine?.backend() ?? { kind: "memory", durability: undefined, name: undefined };
  }
}

/**
 * A log of lines that begins with those that were played, each now with the engine's answer.
 * @template {{ line: string, outcome: { text: string } | null }} Exchange
 * @param {Exchange[]} log
 * @param {Played[]} played
 * @returns {Exchange[]}
 */
export function answeredAgain(log, played) {
  const left = [...played];
  return log.map((exchange) => {
    if (!exchange.outcome || exchange.line !== left[0]?.line) return exchange;
    return { ...exchange, outcome: { ...exchange.outcome, text: /** @type {Played} */ (left.shift()).text } };
  });
}

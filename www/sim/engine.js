// A simulation in the wasm: runs in slices, and gives its results so far as plain data.
//
// In: an experiment. Out: samples, spans, the tree, a summary; times are seconds here, nanoseconds in the wasm. Samples
// and spans only grow, so each is read once.

import { catalog } from "../catalog.js";
import { CAUSES, NANO, spanOf } from "../jobs.js";
import { Figure } from "../timeline.js";
import { columnsOf } from "./sampled-tree.js";
import { engine as wasm, guarded } from "../wasm.js";

/** @typedef {import("./experiment.js").Experiment} Experiment */
/** @typedef {import("./experiment.js").Changes} Changes */
/** @typedef {import("./series.js").Samples} Samples */
/** @typedef {import("../jobs.js").Span} Span */
/** @typedef {import("../jobs.js").Stall} Stall */
/** @typedef {import("./sampled-tree.js").SampledLevel} SampledLevel */
/**
 * The tree as a picture: as it is now, or, given what samples tell of an earlier moment, that; null once it is freed.
 * @callback PaintTree
 * @param {SampledLevel[] | null} amounts
 * @param {number} width
 * @param {number} height
 * @param {{ from: number, to: number }} window The part of the key axis that is in view.
 * @returns {Figure | null}
 */
/** @typedef {import("../../lsmscope.js").Simulation} Engine */

/** @typedef {{ at: number, duration: number, done: boolean }} Progress How far it is, in seconds. */

/**
 * @typedef {object} SummaryLevel
 * @property {number} level
 * @property {number} tables
 * @property {number} bytes
 * @property {number} score
 * @property {string} formula How the score comes about.
 * @property {number} jobs
 * @property {number} came Bytes that came from above.
 * @property {number} written
 * @property {number} [writeAmplification] A ratio is missing where it is not defined.
 */

/**
 * @typedef {object} Summary
 * @property {string[]} sentences What it all means.
 * @property {SummaryLevel[]} levels
 * @property {number} tables
 * @property {number} bytes
 * @property {number} user Bytes of keys and values that were written.
 * @property {number} flushed
 * @property {number} written Bytes that flushes and compactions wrote.
 * @property {number} [writeRocksdb] A ratio is missing where it is not defined.
 * @property {number} [writeUser]
 * @property {number} [spaceRocksdb]
 * @property {number} [spaceLive]
 * @property {number} runs
 * @property {number} readP99 In seconds.
 * @property {number} waited Seconds that writers waited.
 * @property {number} [sustainable] MB a second.
 * @property {Expected[]} expected What formulas expect of such a tree.
 * @property {import("../../lsmscope.js").WriteEstimate} [estimate] Write amplification that the tree as it is should
 *   have cost; once the run is over, and where anything can be said.
 */

/** @typedef {import("../../lsmscope.js").Expected} Expected */
/** @typedef {{ samples: Samples, spans: Span[], stalls: Stall[], paint: PaintTree, summary: Summary }} Results */

/**
 * @typedef {object} Simulated
 * @property {Progress} progress
 * @property {(events: number) => void} run
 * @property {() => Results} results
 * @property {() => void} free
 */

/** Presets, parameters and options of the simulator, with their checks. @returns {import("./experiment.js").Catalog} */
export function catalogOfSimulator() {
  const { presets, knobs, options } = guarded(() => wasm().simulation_catalog());
  const base = Object.fromEntries(options);
  return {
    presets: presets.map(({ name, about, spec, options }) => ({
      name,
      about,
      spec,
      options: [...Object.entries(base), ...options],
    })),
    spec: knobs,
    options: catalog.options().filter((knob) => knob.group !== "wal" && knob.group !== "engine"),
    checkSpec: (changes) => guarded(() => wasm().check_simulation(Object.entries(changes))),
    checkOptions: (changes) => catalog.check("rocksdb", changes),
  };
}

/**
 * @param {Experiment} experiment
 * @param {"a" | "b"} side
 * @returns {Simulated}
 */
export function makeSimulation(experiment, side) {
  const engine = guarded(
    () =>
      new (wasm().Simulation)(
        experiment.preset,
        Object.entries(experiment.spec),
        Object.entries(experiment[side] ?? {}),
      ),
  );
  return new InWasm(engine);
}

/** @implements {Simulated} */
class InWasm {
  /** @type {Progress} */
  progress;
  /** @type {Growing} */
  #samples = new Growing();
  /** @type {Span[]} */
  #spans = [];
  #jobs = 0;
  /** @type {Stall[]} */
  #stalls = [];
  #next = 0;
  #freed = false;
  #engine;

  /** @param {Engine} engine */
  constructor(engine) {
    this.#engine = engine;
    this.progress = this.#run(0);
  }

  /** @param {number} events */
  run(events) {
    this.progress = this.#run(events);
  }

  /** @param {number} events */
  #run(events) {
    const { at, end, done } = guarded(() => this.#engine.run(events));
    return { at: at * NANO, duration: end * NANO, done };
  }

  results() {
    return guarded(() => ({
      samples: this.#newSamples(),
      spans: this.#newSpans(),
      stalls: this.#newStalls(),
      paint: this.#paint,
      summary: {
        ...summaryOf(this.#engine.summary(), this.#engine.expected()),
        // Of whole runs it is counted flush by flush: not while the run goes on.
        estimate: this.progress.done ? this.#engine.estimate() : undefined,
      },
    }));
  }

  free() {
    this.#freed = true;
    this.#engine.free();
  }

  /** @type {PaintTree} */
  #paint = (amounts, width, height, { from, to }) => {
    if (this.#freed) return null;
    return guarded(() => {
      if (!amounts) return new Figure(this.#engine.figure(width, height, from, to));
      return new Figure(this.#engine.figure_of_amounts(...columnsOf(amounts), width, height));
    });
  };

  #newSamples() {
    this.#samples.add(this.#engine.samples(this.#samples.count));
    return this.#samples.all();
  }

  /** Jobs that have ended stay; those that run are read again. In order of their beginning. */
  #newSpans() {
    const { next, spans } = this.#engine.jobs(this.#jobs);
    this.#jobs = next;
    for (const span of spans) insert(this.#spans, spanOf(span));
    const running = this.#engine.running().map(spanOf);
    return [...this.#spans, ...running].sort((a, b) => a.began - b.began);
  }

  #newStalls() {
    const { next, spans } = this.#engine.stalls(this.#next);
    this.#stalls.length = Math.min(this.#stalls.length, this.#next);
    this.#stalls.push(...spans.map(stallOf));
    this.#next = next;
    return this.#stalls.slice();
  }
}

/**
 * Jobs end in another order than they begin, but not in a very different one.
 * @param {Span[]} spans
 * @param {Span} span
 */
function insert(spans, span) {
  let at = spans.length;
  while (at > 0 && spans[at - 1].began > span.began) at -= 1;
  if (at === spans.length) spans.push(span);
  else spans.splice(at, 0, span);
}

/**
 * @param {import("../../lsmscope.js").SimulatedStall} span The wasm's own.
 * @returns {Stall}
 */
function stallOf(span) {
  const { is_stop, cause, option, began, ended } = span;
  return {
    kind: is_stop ? "stopped" : "slowed",
    reason: `${CAUSES[cause] ?? cause} (${option})`,
    began: began * NANO,
    ended: ended == null ? null : ended * NANO,
  };
}

/** Columns that grow at their end: what came once is kept. */
class Growing {
  count = 0;
  /** @type {Map<string, Column>} */
  #columns = new Map();
  #levels = 0;

  /** @param {import("../../lsmscope.js").SimulationSamples} more */
  add({ count, columns, tables, bytes }) {
    this.count = count;
    for (const [name, values] of Object.entries(columns)) this.#push(name, values);
    this.#levels = Math.max(this.#levels, tables.length);
    tables.forEach((values, level) => this.#push(`tables ${level}`, values));
    bytes.forEach((values, level) => this.#push(`bytes ${level}`, values));
  }

  /**
   * @param {string} name
   * @param {Float64Array} values
   */
  #push(name, values) {
    const column = this.#columns.get(name) ?? new Column();
    column.push(values);
    this.#columns.set(name, column);
  }

  /** @returns {Samples} */
  all() {
    const get = (/** @type {string} */ name) => this.#columns.get(name)?.values() ?? new Float64Array(0);
    const names = [...this.#columns.keys()].filter((name) => !name.includes(" "));
    const levels = (/** @type {string} */ what) =>
      Array.from({ length: this.#levels }, (_, level) => get(`${what} ${level}`));
    return {
      columns: { at: get("at"), ...Object.fromEntries(names.map((name) => [name, get(name)])) },
      tables: levels("tables"),
      bytes: levels("bytes"),
    };
  }
}

/** Numbers in a buffer that doubles when it is full. */
class Column {
  #buffer = new Float64Array(64);
  #length = 0;

  /** @param {Float64Array} values */
  push(values) {
    const needed = this.#length + values.length;
    if (needed > this.#buffer.length) {
      const larger = new Float64Array(Math.max(needed, 2 * this.#buffer.length));
      larger.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = larger;
    }
    this.#buffer.set(values, this.#length);
    this.#length = needed;
  }

  /** What is there now; it does not change when more comes. */
  values() {
    return this.#buffer.subarray(0, this.#length);
  }
}

/**
 * @param {import("../../lsmscope.js").Summary} s The wasm's own summary.
 * @param {Expected[]} expected
 * @returns {Summary}
 */
function summaryOf(s, expected) {
  const sum = (/** @type {"tables" | "bytes"} */ what) => s.levels.reduce((n, level) => n + level[what], 0);
  return {
    sentences: s.sentences,
    levels: s.levels.map((level) => ({
      level: level.level,
      tables: level.tables,
      bytes: level.bytes,
      score: level.score.score,
      formula: level.score.formula.text,
      jobs: level.sums.jobs + level.sums.moves,
      came: level.sums.read_upper,
      written: level.sums.written,
      writeAmplification: level.write_amplification,
    })),
    tables: sum("tables"),
    bytes: sum("bytes"),
    user: s.counters.user_bytes,
    flushed: s.counters.flush_bytes,
    written: s.counters.flush_bytes + s.counters.compaction_bytes_written,
    writeRocksdb: s.amplification.write_rocksdb,
    writeUser: s.amplification.write_user,
    spaceRocksdb: s.amplification.space_rocksdb,
    spaceLive: s.space_live,
    runs: s.amplification.read_runs,
    readP99: s.reads.p99 * NANO,
    waited: s.waited_seconds,
    sustainable: s.sustainable_mb_per_s,
    expected,
  };
}

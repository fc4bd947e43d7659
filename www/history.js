// The history of a real database, compared in the wasm with our policy, and its timeline. This module is loaded with
// the first history.
//
// In: the bytes of a MANIFEST or of a recorded history. Out: progress, a comparison, and decisions by number and by
// position. Errors: `{ kind, message, remedy }`, thrown.

import { Timeline } from "./timeline.js";
import { engine, guarded } from "./wasm.js";

/**
 * @typedef {object} HistoryWanted
 * @property {Uint8Array} bytes
 * @property {string} [options] The text of RocksDB's OPTIONS file.
 * @property {Uint8Array} [log] Its LOG files, one behind the other.
 * @property {string} [family] The column family to compare.
 */

/** @typedef {import("../lsmscope.js").WhatIfComparison} Comparison */
/** @typedef {import("../lsmscope.js").StalledSeconds} MeasuredStalls */

/**
 * What other options would have cost: what is wanted, progress, and what was found.
 * @typedef {object} WhatIfState
 * @property {string} text The changes, as they were typed.
 * @property {boolean} busy
 * @property {number} done Flushes that are done, of all runs.
 * @property {number} of
 * @property {import("./problem.js").Problem | null} problem
 * @property {(Comparison & { changes: string[], withoutEffect: string[] }) | null} result The last one.
 */

/**
 * An estimate in progress.
 * @typedef {object} Estimating
 * @property {(flushes: number) => boolean} advance Goes on; returns whether it is over.
 * @property {() => { done: number, of: number }} progress
 * @property {() => Comparison} result
 * @property {() => string[]} withoutEffect Of the changes, those that change no estimate: a sentence for each reason.
 */

/** The timeline of a history: a read-only one, which steps by decisions. */
class DecisionTimeline extends Timeline {
  #history;

  /**
   * @param {import("../lsmscope.js").Timeline} record
   * @param {History} history
   */
  constructor(record, history) {
    super(record);
    this.#history = history;
  }

  /**
   * A step by an event is by a decision here, and a step by an operation is by an event.
   * @param {number} from
   * @param {import("./timeline.js").Stride} how
   * @param {boolean} backwards
   */
  step(from, how, backwards) {
    if (how === "operation") return super.step(from, "event", backwards);
    if (how !== "event") return super.step(from, how, backwards);
    const before = this.#history.decisionAt(backwards ? from - 1 : from)?.number ?? 0;
    if (backwards) return this.#history.decision(before)?.position ?? 0;
    return this.#history.decision(before + 1)?.position ?? this.length();
  }
}

/** The history of a real database, compared with our policy. */
export class History {
  #past;

  /** @param {import("../lsmscope.js").History} past */
  constructor(past) {
    this.#past = past;
  }

  /**
   * Reads a history. Throws `{ kind, message, remedy }`.
   * @param {HistoryWanted} wanted
   */
  static read({ bytes, options, log, family }) {
    return new History(guarded(() => engine().History.read(bytes, options, log, family)));
  }

  /**
   * Compares the next `edits` edits.
   * @param {number} edits
   * @returns {boolean} whether those were the last
   */
  advance(edits) {
    return guarded(() => this.#past.advance(edits));
  }

  progress() {
    return guarded(() => this.#past.progress());
  }

  /** Whether the LOG that was given is that of another database. */
  isLogForeign() {
    return guarded(() => this.#past.is_log_foreign());
  }

  comparison() {
    return guarded(() => this.#past.comparison());
  }

  /** Its timeline; can be called once. */
  timeline() {
    return new DecisionTimeline(
      guarded(() => this.#past.timeline()),
      this,
    );
  }

  /**
   * The last decision at or before a position.
   * @param {number} position
   */
  decisionAt(position) {
    return guarded(() => this.#past.decision_at(Math.max(0, position)));
  }

  /**
   * Decision `number`, from 1 on.
   * @param {number} number
   */
  decision(number) {
    return guarded(() => this.#past.decision(number));
  }

  /**
   * Begins to estimate what other options would have cost. Throws `{ kind, message, remedy }`.
   * @param {string[]} changes each `name=value`
   * @param {MeasuredStalls | null} measured how long writers waited, by its LOG
   * @returns {Estimating}
   */
  whatIf(changes, measured) {
    const work = guarded(() => this.#past.what_if(changes, measured?.stopped, measured?.delayed));
    return {
      advance: (flushes) => guarded(() => work.advance(flushes)),
      progress: () => guarded(() => work.progress()),
      result: () => guarded(() => work.result()),
      withoutEffect: () => guarded(() => work.without_effect()),
    };
  }

  /** @param {number} number */
  difference(number) {
    return guarded(() => this.#past.difference(number));
  }
}

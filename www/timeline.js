// A timeline in the wasm: everything of it can be looked at, whatever it was recorded of.
//
// Goes in: positions. Comes out: what the engine recorded, typed by the generated lsmscope.d.ts. Every call but `rescue` is
// refused after a panic.

import { guarded } from "./wasm.js";

/** @typedef {import("../lsmscope.js").View} View */
/** @typedef {import("../lsmscope.js").Event} Event */
/** @typedef {import("../lsmscope.js").Lanes} Lanes */
/** @typedef {import("../lsmscope.js").Options} Options */
/** @typedef {import("../lsmscope.js").Track} Track */
/** @typedef {View["levels"][number] & { columns?: import("../lsmscope.js").Crowd }} Level A level; with its tables as columns where it does not list them. */
/** @typedef {"event" | "operation" | "job"} Stride */

/** Events on record, and everything that is made of them. */
export class Timeline {
  #record;

  /** @param {import("../lsmscope.js").Timeline} record */
  constructor(record) {
    this.#record = record;
  }

  /**
   * Events from index `from` on, some thousands at most, even after a panic: none at the end, null where they can not be
   * read any more.
   * @param {number} from
   * @returns {import("../lsmscope.js").EventRow[] | null}
   */
  rescue(from) {
    try {
      return this.#record.rescue(from) ?? null;
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
      const view = this.#record.seek(position);
      for (const level of /** @type {Level[]} */ (view.levels)) {
        if (level.tables.length < level.count) level.columns = this.#record.crowd(level.level);
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
    return guarded(() => this.#record.tables(level, Uint32Array.from(places)));
  }

  length() {
    return guarded(() => this.#record.length());
  }

  /** Where the timeline was full and began to keep jobs only, if it was. */
  fullAt() {
    return guarded(() => this.#record.full_at()) ?? null;
  }

  /**
   * @param {number} from
   * @param {number} to
   */
  events(from, to) {
    return guarded(() => this.#record.events(from, to));
  }

  /**
   * What so many columns of pixels show of flushes, compactions and the like.
   * @param {number} columns
   */
  track(columns) {
    return guarded(() => this.#record.track(columns));
  }

  operations() {
    return guarded(() => this.#record.operations());
  }

  samples() {
    return guarded(() => this.#record.samples());
  }

  /**
   * Jobs and stalls over virtual time: so many jobs before and after the moment `now`, in nanoseconds, and what is among them.
   * @param {number} now
   * @param {number} jobs
   */
  lanes(now, jobs) {
    return guarded(() => this.#record.lanes(now, jobs));
  }

  /**
   * The position of the next (or previous) moment like `what`: "flush", "stall", "key:user:1", …
   * @param {string} what
   * @param {number} from
   * @param {boolean} backwards
   */
  find(what, from, backwards) {
    return guarded(() => this.#record.find(what, from, backwards));
  }

  /**
   * @param {number} from
   * @param {Stride} how
   * @param {boolean} backwards
   */
  step(from, how, backwards) {
    return guarded(() => this.#record.step(from, how, backwards));
  }

  /** @param {string} key */
  keyLife(key) {
    return guarded(() => this.#record.key_life(key));
  }

  /**
   * A file's bytes, as they were at `position`, explained.
   * @param {string} file
   * @param {number} position
   * @returns {Promise<import("../lsmscope.js").Inspection>}
   */
  async inspect(file, position) {
    const found = guarded(() => this.#record.inspect(file, position));
    if (!found) throw Object.assign(new Error(`${file} has no bytes on record`), { kind: "not_found", remedy: "" });
    return found;
  }

  options() {
    return guarded(() => this.#record.options());
  }
}

// A timeline in the wasm: the recorded events of a database or a history, and what is derived from them.
//
// In: positions. Out: what was recorded, typed by the generated lsmscope.d.ts. Errors: after a panic, every call but
// `rescue` throws EngineStopped.

import { guarded, painter } from "./wasm.js";
import { say } from "./words.js";

/** @typedef {import("../lsmscope.js").View} View */
/** @typedef {import("../lsmscope.js").Event} Event */
/** @typedef {import("../lsmscope.js").Lanes} Lanes */
/** @typedef {import("../lsmscope.js").Options} Options */
/** @typedef {import("../lsmscope.js").Track} Track */
/** @typedef {import("../lsmscope.js").FigureLane} FigureLane */
/** @typedef {"event" | "operation" | "job"} Stride */
/**
 * The event that leads to `position`, when it has come as far as `progress`, is shown for `seconds`.
 * @typedef {{ position: number, progress: number, seconds: number }} FilmFrame
 */

/** Recorded events, and what is derived from them. */
export class Timeline {
  #record;

  /** @param {import("../lsmscope.js").Timeline} record */
  constructor(record) {
    this.#record = record;
  }

  /**
   * Events from index `from` on, a few thousand at most, also after a panic: none at the end, null if they can not be
   * read any more.
   * @param {number} from
   * @returns {import("../lsmscope.js").EventRow[] | null}
   */
  rescue(from) {
    try {
      return this.#record.rescue(from) ?? null;
    } catch {
      // The wasm may panic again.
      return null;
    }
  }

  /**
   * The stage at `position`.
   * @param {number} position
   */
  seek(position) {
    return guarded(() => this.#record.seek(position));
  }

  /**
   * A table of the tree at the position of the last seek, and its level.
   * @param {number} id
   */
  findTable(id) {
    return guarded(() => this.#record.find_table(id));
  }

  /**
   * The tables of the tree at the position of the last seek with their levels, from level 0 down, at most `most`.
   * @param {number} most
   */
  tables(most) {
    return guarded(() => this.#record.tables(most));
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
   * Marks for flushes, compactions and the like, for a scrubber that is `columns` pixels wide.
   * @param {number} columns
   */
  track(columns) {
    return guarded(() => this.#record.track(columns));
  }

  operations() {
    return guarded(() => this.#record.operations());
  }

  /** Runs of events in which only time passed. */
  tickRuns() {
    return guarded(() => this.#record.tick_runs());
  }

  /** Each open, with the options that it changed. */
  openings() {
    return guarded(() => this.#record.openings());
  }

  /** What the tree at the position of the last seek should have cost to write, and at most with full levels. */
  expectedWrites() {
    return guarded(() => this.#record.expected_writes());
  }

  samples() {
    return guarded(() => this.#record.samples());
  }

  /**
   * Jobs and stalls over virtual time: up to `jobs` jobs before and after `now`, in nanoseconds, and the stalls among
   * them.
   * @param {number} now
   * @param {number} jobs
   */
  lanes(now, jobs) {
    return guarded(() => this.#record.lanes(now, jobs));
  }

  /**
   * The position of the next (or previous) event of the kind `what`: "flush", "stall", "key:user:1", …
   * @param {string} what
   * @param {number} from
   * @param {boolean} backwards
   */
  find(what, from, backwards) {
    return guarded(() => this.#record.find(what, from, backwards));
  }

  /**
   * What a position is called in a link, and in words.
   * @param {number} position
   */
  momentName(position) {
    return guarded(() => this.#record.moment_name(position));
  }

  /**
   * Where a link's moment is, if what stands there has these facts; else the nearest, and why.
   * @param {string} name
   * @param {string} facts
   */
  openMoment(name, facts) {
    return guarded(() => this.#record.open_moment(name, facts));
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
   * A file's bytes at `position`, with their fields.
   * @param {string} file
   * @param {number} position
   * @returns {Promise<import("../lsmscope.js").Inspection>}
   */
  async inspect(file, position) {
    const found = guarded(() => this.#record.inspect(file, position));
    if (found) return found;
    throw Object.assign(new Error(say("{file} has no bytes on record", { file })), { kind: "not_found", remedy: "" });
  }

  /**
   * The event that leads to `position`, as a picture of this size that moves.
   * @param {number} position
   * @param {number} width
   * @param {number} height
   * @param {{ from: number, to: number }} window The part of the key axis that is in view.
   * @param {{ treeOnly: boolean, pastOnly: boolean }} how `treeOnly`: there are no logs and no memtables, in a history
   *   of a real database; `pastOnly`: keys and levels that are still ahead have no place.
   */
  figure(position, width, height, { from, to }, { treeOnly, pastOnly }) {
    const keys = Float64Array.of(from, to);
    return guarded(() => new Figure(this.#record.figure(position, width, height, keys, treeOnly, pastOnly)));
  }

  /**
   * How long the event that leads to `position` takes at speed 1, in seconds, where its sentence has this many letters.
   * @param {number} position
   * @param {number} letters
   */
  seconds(position, letters) {
    return guarded(() => this.#record.seconds(position, letters));
  }

  /**
   * The frames of a film of the events that lead from one position to another; null where there would be too many.
   * @param {number} from
   * @param {number} to
   * @param {number[]} letters How long the sentence of each event is.
   * @param {number} speed How many times as fast as the stage at speed 1.
   * @param {number} rate Frames a second.
   * @returns {FilmFrame[] | null}
   */
  film(from, to, letters, speed, rate) {
    const told = guarded(() => this.#record.film(from, to, Uint32Array.from(letters), speed, rate));
    if (!told) return null;
    return Array.from({ length: told.length / 3 }, (_, i) => {
      const [position, progress, seconds] = told.slice(3 * i, 3 * i + 3);
      return { position, progress, seconds };
    });
  }

  options() {
    return guarded(() => this.#record.options());
  }

  /** The options at the position of the last seek. */
  optionsThen() {
    return guarded(() => this.#record.options_then());
  }
}

/** One event as a picture that moves. It must be freed. */
export class Figure {
  #painted;
  #freed = false;
  /** @type {string[]} Those of the frames so far. */
  strings = [];

  /** @param {import("../lsmscope.js").Figure} painted */
  constructor(painted) {
    this.#painted = painted;
  }

  /**
   * The picture when the event has come this far, from 0 to 1.
   * @param {number} progress
   */
  frame(progress) {
    return guarded(() => {
      const frame = this.#painted.frame(progress);
      this.strings.push(...this.#painted.strings());
      return frame;
    });
  }

  /**
   * What the inspector shows of the part at a point of the picture, if anything.
   * @param {number} x
   * @param {number} y
   */
  selectionAt(x, y) {
    return this.#freed ? null : (guarded(() => this.#painted.selection_at(x, y)) ?? null);
  }

  /** What the picture shows after its event, lane by lane from above, in words. */
  listing() {
    return guarded(() => this.#painted.listing());
  }

  /**
   * The colours by tone.
   * @param {"light" | "dark"} theme
   */
  colours(theme) {
    PALETTES[theme] ??= Array.from(
      guarded(() => painter().theme_colours(theme)) ?? [],
      (colour) => `#${colour.toString(16).padStart(6, "0")}`,
    );
    return /** @type {string[]} */ (PALETTES[theme]);
  }

  /**
   * Writes a sentence below the picture, whose width and height these are: it is part of every frame from now on.
   * @param {string} title
   * @param {string} text
   * @param {number} width
   * @param {number} height
   */
  tell(title, text, width, height) {
    guarded(() => this.#painted.tell(title, text, width, height));
  }

  /**
   * Adds the picture at this progress to a sheet.
   * @param {import("../lsmscope.js").PictureSheet} sheet
   * @param {number} progress
   */
  addTo(sheet, progress) {
    guarded(() => sheet.add(this.#painted, progress));
  }

  free() {
    if (!this.#freed) this.#painted.free();
    this.#freed = true;
  }
}

/** @type {{ light?: string[], dark?: string[] }} */
const PALETTES = {};

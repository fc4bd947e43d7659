// The history of a real database, replayed in the wasm against our policy, and its timeline. Loaded when somebody opens one.
//
// Goes in: the bytes of a MANIFEST or of a recorded history. Comes out: how far it is, what it came to, and decisions by
// number and by position.

import { Timeline } from "./timeline.js";
import { guarded, wasm } from "./wasm.js";

/** The timeline of a history: it can be looked at, and nothing can be run. */
class Screening extends Timeline {
  #replay;

  /**
   * @param {import("../lsmscope.js").Timeline} record
   * @param {Replay} replay
   */
  constructor(record, replay) {
    super(record);
    this.#replay = replay;
  }

  /**
   * From decision to decision, where elsewhere it is from event to event; and from event to event, where elsewhere it is
   * from operation to operation.
   * @param {number} from
   * @param {import("./timeline.js").Stride} how
   * @param {boolean} backwards
   */
  step(from, how, backwards) {
    if (how === "operation") return super.step(from, "event", backwards);
    if (how !== "event") return super.step(from, how, backwards);
    const before = this.#replay.sceneAt(backwards ? from - 1 : from)?.number ?? 0;
    if (backwards) return this.#replay.scene(before)?.position ?? 0;
    return this.#replay.scene(before + 1)?.position ?? this.length();
  }
}

/** The history of a real database, replayed against our policy. */
export class Replay {
  #past;

  /** @param {wasm.Replay} past */
  constructor(past) {
    this.#past = past;
  }

  /**
   * Reads a history. Throws `{ kind, message, remedy }`.
   * @param {Uint8Array} bytes
   * @param {string | undefined} options the text of RocksDB's OPTIONS file
   * @param {string | undefined} family the column family to replay
   */
  static read(bytes, options, family) {
    return new Replay(guarded(() => wasm.Replay.read(bytes, options, family)));
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
  timeline() {
    return new Screening(
      guarded(() => this.#past.timeline()),
      this,
    );
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

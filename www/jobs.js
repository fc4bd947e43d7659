// Jobs over virtual time, as plain data: the sandbox and the simulator both have them, and lanes and charts draw them.
// Times are seconds.

import { say } from "./words.js";

/**
 * @typedef {object} Span
 * @property {number} job Its number.
 * @property {"flush" | "compaction" | "move"} kind
 * @property {number | null} from The level that it takes from; null for a flush.
 * @property {number | null} to The level that it writes; null where that is not known.
 * @property {number} began
 * @property {number | null} ended
 * @property {number} read Bytes read.
 * @property {number} written Bytes written.
 */

/**
 * Writes that had to wait, or were slowed down.
 * @typedef {{ began: number, ended: number | null, kind: "stopped" | "slowed", reason: string }} Stall
 */
/** @typedef {{ from: number, to: number }} Range A stretch of time. */

/** Nanoseconds, which the engine counts, in seconds. */
export const NANO = 1e-9;

/** What makes writes wait, by the engine's name. @type {Record<string, string>} */
export const CAUSES = {
  memtables: say("too many sealed memtables"),
  memory: say("too many bytes in memtables"),
  level0: say("too many tables on level 0"),
  pending_bytes: say("too many pending compaction bytes"),
};

/**
 * A job as the engine and the simulator tell it: times are nanoseconds.
 * @typedef {object} ToldJob
 * @property {number} job
 * @property {string} kind
 * @property {boolean} [is_move]
 * @property {number} [from_level]
 * @property {number} to_level
 * @property {number} began
 * @property {number} [ended]
 * @property {number} read
 * @property {number} written
 */

/**
 * A job as lanes and charts draw it. Tables that are dropped unread cost as little as those that are moved.
 * @param {ToldJob} told
 * @returns {Span}
 */
export function spanOf({ job, kind, is_move, from_level, to_level, began, ended, read, written }) {
  const merges = kind === "compaction" && !is_move;
  return {
    job,
    kind: kind === "flush" ? "flush" : merges ? "compaction" : "move",
    from: from_level ?? null,
    to: to_level,
    began: began * NANO,
    ended: ended == null ? null : ended * NANO,
    read,
    written,
  };
}

/** Jobs that are asked for, and in view, before and after the position on the stage. */
export const JOBS_AROUND = 12;

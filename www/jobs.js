// Jobs over virtual time, as plain data: the sandbox and the simulator both have them, and lanes and charts draw them.
// Times are seconds.

/**
 * @typedef {object} Span
 * @property {number} job Its number.
 * @property {"flush" | "compaction" | "move"} kind
 * @property {number | null} from The level that it takes from; null for a flush.
 * @property {number} to The level that it writes.
 * @property {number} began
 * @property {number | null} ended
 * @property {number} read Bytes read.
 * @property {number} written Bytes written.
 */

/** @typedef {{ began: number, ended: number | null, kind: "stopped" | "slowed", reason: string }} Stall Writes that had to wait, or were slowed down. */
/** @typedef {{ from: number, to: number }} Range A stretch of time. */

/** Jobs that are asked for, and in view, before and after the position on the stage. */
export const JOBS_AROUND = 12;

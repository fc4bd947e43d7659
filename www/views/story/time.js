// Virtual time: jobs that the device takes its time for, and writes that have to wait for them.

import { bytes, number, time } from "../../format.js";

/**
 * @typedef {(
 *   | "job_scheduled" | "job_waits" | "install_began" | "stalled" | "stall_ended" | "stall_conditions_changed"
 *   | "write_delayed"
 * )} Types
 */

const NANO = 1e-9;

/** The end of virtual time, in nanoseconds: 292 years. What would end later is planned for then, and never ends. */
export const END = 2 ** 63;

/** What a write waits for, and the option that sets the limit. */
const STALLS = {
  memtables: [
    "There are as many memtables as allowed. The write waits until one of them is flushed.",
    "max_write_buffer_number",
    "flushes carry them away",
    "a larger one absorbs longer bursts, for more memory",
  ],
  memory: [
    "All memtables together hold as many bytes as allowed. The write waits until one of them is flushed.",
    "db_write_buffer_size",
    "flushes carry them away",
    "a larger one absorbs longer bursts, for more memory",
  ],
  level0: [
    "Level 0 has as many tables as allowed. The write waits until a compaction has taken some of them away.",
    "level0_stop_writes_trigger",
    "compactions carry them down",
    "a larger one lets writes go on, and each read look into more tables",
  ],
  pending_bytes: [
    "Compactions have as many bytes left to rewrite as allowed. The write waits until they have caught up.",
    "hard_pending_compaction_bytes_limit",
    "compactions carry them down",
    "a larger one lets writes go on, and the tree grow out of shape",
  ],
};

const CAUSES = {
  memtables: "sealed memtables",
  memory: "bytes in memtables",
  level0: "tables on level 0",
  pending_bytes: "bytes that compactions have to rewrite",
};

/** @type {Pick<import("./phrases.js").Tellers, Types>} */
export const TIME = {
  job_scheduled: (e) => {
    const reads = e.bytes_read > 0 ? `reads ${bytes(e.bytes_read)} and ` : "";
    const when =
      e.ends < END
        ? `from ${time(e.began * NANO)} to ${time(e.ends * NANO)} if no other job begins or ends meanwhile`
        : "and is never done: virtual time ends before";
    return {
      title: `Job ${e.job} is running`,
      text:
        "Its outputs are known, and no read sees them yet. " +
        `The device ${reads}writes ${bytes(e.bytes_written)} for it, ${when}.`,
      why:
        "What a job reads never changes, so what comes of it is known when it begins. " +
        "When it takes effect depends on the device: until then, reads and writes go on with the tree as it was.",
    };
  },
  job_waits: (e) => ({
    title: `Flush ${e.job} waits for memtable ${e.behind}`,
    text:
      `The device has moved the bytes of flush ${e.job}, but memtable ${e.behind} is older and not yet in a table. ` +
      `Flush ${e.job} is installed after it.`,
    why:
      "Level 0 is in order of age: if the newer memtable were there first, " +
      "a crash could leave newer writes without the older ones.",
  }),
  install_began: (e) => ({
    title: `Job ${e.job} is ready`,
    text: `The device has moved its bytes. What job ${e.job} brings becomes part of the tree now.`,
  }),
  stalled: (e) => {
    const [text, option, pace, larger] = STALLS[e.reason];
    const numbers = e.why
      ? ` Now there are ${amount(e.why.cause, e.why.value)}, and the limit is ${amount(e.why.cause, e.why.limit)}.`
      : "";
    return {
      title: "A write has to wait",
      text: `${text}${numbers}`,
      why:
        `This is a write stall: writes come in faster than ${pace}. ` +
        `\`${option}\` is the limit that was met; ${larger}.`,
    };
  },
  stall_ended: (e) => ({
    title: `The write goes on after ${time(e.waited * NANO)}`,
    text:
      `It had to wait for ${time(e.waited * NANO)} because of too many ${CAUSES[e.reason]}; ` +
      "there are few enough of them now.",
  }),
  stall_conditions_changed: ({ condition: c }) => {
    if (c.condition === "normal")
      return {
        title: "Writes go at full speed",
        text: "Flushes and compactions have caught up: writes are not held up any more.",
      };
    const numbers = `${number(c.why.value)} ${CAUSES[c.why.cause]}, and \`${c.why.option}\` is ${number(c.why.limit)}`;
    if (c.condition === "stopped")
      return {
        title: "Writes have to wait from now on",
        text: `There are ${numbers}.`,
        why:
          "If writes were let in at any rate, reads would get ever slower and the tree ever larger. " +
          "A stop is the last resort; slowing writes down in time avoids it.",
      };
    return {
      title: `Writes are slowed to ${bytes(c.rate)}/s`,
      text: `There are ${numbers}. From now on writes pay for their bytes, at ${bytes(c.rate)} a second.`,
      why:
        "A writer that is slowed down a little early need not be stopped for long later. " +
        "The rate falls while compactions fall behind, and rises when they catch up.",
    };
  },
  write_delayed: (e) => ({
    title: `The write is slowed by ${time(e.waited * NANO)}`,
    text: `Its ${bytes(e.bytes)} at ${bytes(e.rate)} a second: it goes on at ${time(e.nanos * NANO)}.`,
  }),
};

/**
 * @param {keyof typeof CAUSES} cause
 * @param {number} n
 */
function amount(cause, n) {
  return cause === "memory" || cause === "pending_bytes" ? bytes(n) : number(n);
}

// Virtual time: jobs that the device takes its time for, and writes that have to wait for them.

import { bytes, number, time } from "../../format.js";
import { CAUSES } from "../../jobs.js";
import { say, sayCount } from "../../words.js";
import { sentences } from "./phrases.js";

/**
 * @typedef {(
 *   | "job_scheduled" | "job_waits" | "install_began" | "stalled" | "stall_ended" | "stall_conditions_changed"
 *   | "write_delayed"
 * )} Types
 */

/** @typedef {"memtables" | "memory" | "level0" | "pending_bytes"} Cause */

const NANO = 1e-9;

/** The end of virtual time, in nanoseconds: 292 years. What would end later is planned for then, and never ends. */
export const END = 2 ** 63;

/** @type {Pick<import("./phrases.js").Tellers, Types>} */
export const TIME = {
  job_scheduled: (e) => {
    const reads = e.bytes_read > 0;
    const [read, written] = [bytes(e.bytes_read), bytes(e.bytes_written)];
    const [began, ends] = [time(e.began * NANO), time(e.ends * NANO)];
    return {
      title: say("Job {job} is running", { job: e.job }),
      text: sentences(
        say("Its outputs are known, and no read sees them yet."),
        e.ends < END
          ? say(
              reads
                ? "The device reads {read} and writes {written} for it, from {began} to {ends} " +
                    "if no other job begins or ends meanwhile."
                : "The device writes {written} for it, from {began} to {ends} " +
                    "if no other job begins or ends meanwhile.",
              { read, written, began, ends },
            )
          : say(
              reads
                ? "The device reads {read} and writes {written} for it, and is never done: virtual time ends before."
                : "The device writes {written} for it, and is never done: virtual time ends before.",
              { read, written },
            ),
      ),
      why: say(
        "What a job reads never changes, so what comes of it is known when it begins. " +
          "When it takes effect depends on the device: until then, reads and writes go on with the tree as it was.",
      ),
    };
  },
  job_waits: (e) => ({
    title: say("Flush {job} waits for memtable {behind}", { job: e.job, behind: e.behind }),
    text: say(
      "The device has moved the bytes of flush {job}, but memtable {behind} is older and not yet in a table. " +
        "Flush {job} is installed after it.",
      { job: e.job, behind: e.behind },
    ),
    why: say(
      "Level 0 is in order of age: if the newer memtable were there first, " +
        "a crash could leave newer writes without the older ones.",
    ),
  }),
  install_began: (e) => ({
    title: say("Job {job} is ready", { job: e.job }),
    text: say("The device has moved its bytes. What job {job} brings becomes part of the tree now.", { job: e.job }),
  }),
  stalled: (e) => {
    const { text, why } = stall(e.reason);
    return {
      title: say("A write has to wait"),
      text: sentences(
        text,
        e.why
          ? say("Now there are {value}, and the limit is {limit}.", {
              value: amount(e.why.cause, e.why.value),
              limit: amount(e.why.cause, e.why.limit),
            })
          : "",
      ),
      why,
    };
  },
  stall_ended: (e) => {
    const waited = time(e.waited * NANO);
    return {
      title: say("The write goes on after {time}", { time: waited }),
      text: say("It had to wait for {time} because of {cause}; there are few enough of them now.", {
        time: waited,
        cause: tooMany(e.reason),
      }),
    };
  },
  stall_conditions_changed: ({ condition: c }) => {
    if (c.condition === "normal")
      return {
        title: say("Writes go at full speed"),
        text: say("Flushes and compactions have caught up: writes are not held up any more."),
      };
    if (c.condition === "stopped")
      return {
        title: say("Writes have to wait from now on"),
        text: pile(c.why),
        why: say(
          "If writes were let in at any rate, reads would get ever slower and the tree ever larger. " +
            "A stop is the last resort; slowing writes down in time avoids it.",
        ),
      };
    const rate = bytes(c.rate);
    return {
      title: say("Writes are slowed to {rate}/s", { rate }),
      text: sentences(pile(c.why), say("From now on writes pay for their bytes, at {rate} a second.", { rate })),
      why: say(
        "A writer that is slowed down a little early need not be stopped for long later. " +
          "The rate falls while compactions fall behind, and rises when they catch up.",
      ),
    };
  },
  write_delayed: (e) => ({
    title: say("The write is slowed by {time}", { time: time(e.waited * NANO) }),
    text: say("Its {bytes} at {rate} a second: it goes on at {time}.", {
      bytes: bytes(e.bytes),
      rate: bytes(e.rate),
      time: time(e.nanos * NANO),
    }),
  }),
};

/**
 * What a write waits for, and the option that sets the limit.
 * @param {Cause} reason
 */
function stall(reason) {
  switch (reason) {
    case "memtables":
      return {
        text: say("There are as many memtables as allowed. The write waits until one of them is flushed."),
        why: burst("max_write_buffer_number"),
      };
    case "memory":
      return {
        text: say(
          "All memtables together hold as many bytes as allowed. The write waits until one of them is flushed.",
        ),
        why: burst("db_write_buffer_size"),
      };
    case "level0":
      return {
        text: say(
          "Level 0 has as many tables as allowed. The write waits until a compaction has taken some of them away.",
        ),
        why: say(
          "This is a write stall: writes come in faster than compactions carry them down. " +
            "`level0_stop_writes_trigger` is the limit that was met; a larger one lets writes go on, " +
            "and each read look into more tables.",
        ),
      };
    case "pending_bytes":
      return {
        text: say(
          "Compactions have as many bytes left to rewrite as allowed. The write waits until they have caught up.",
        ),
        why: say(
          "This is a write stall: writes come in faster than compactions carry them down. " +
            "`hard_pending_compaction_bytes_limit` is the limit that was met; a larger one lets writes go on, " +
            "and the tree grow out of shape.",
        ),
      };
  }
}

/** @param {string} option */
function burst(option) {
  return say(
    "This is a write stall: writes come in faster than flushes carry them away. " +
      "`{option}` is the limit that was met; a larger one absorbs longer bursts, for more memory.",
    { option },
  );
}

/** What there is too much of. @param {Cause} reason */
const tooMany = (reason) =>
  reason === "pending_bytes" ? say("too many bytes that compactions have to rewrite") : CAUSES[reason];

/**
 * How many there are of what makes writes wait, and the option that is their limit.
 * @param {{ cause: Cause, value: number, limit: number, option: string }} why
 */
function pile({ cause, value, limit, option }) {
  const values = { option, limit: number(limit) };
  switch (cause) {
    case "memtables":
      return sayCount(
        value,
        "There is {n} sealed memtable, and `{option}` is {limit}.",
        "There are {n} sealed memtables, and `{option}` is {limit}.",
        values,
      );
    case "memory":
      return sayCount(
        value,
        "There is {n} byte in memtables, and `{option}` is {limit}.",
        "There are {n} bytes in memtables, and `{option}` is {limit}.",
        values,
      );
    case "level0":
      return sayCount(
        value,
        "There is {n} table on level 0, and `{option}` is {limit}.",
        "There are {n} tables on level 0, and `{option}` is {limit}.",
        values,
      );
    case "pending_bytes":
      return sayCount(
        value,
        "There is {n} byte that compactions have to rewrite, and `{option}` is {limit}.",
        "There are {n} bytes that compactions have to rewrite, and `{option}` is {limit}.",
        values,
      );
  }
}

/**
 * @param {Cause} cause
 * @param {number} n
 */
function amount(cause, n) {
  return cause === "memory" || cause === "pending_bytes" ? bytes(n) : number(n);
}

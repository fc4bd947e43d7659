// Operations, snapshots, time, and the end.

import { bytes, clip, count, file, list, time } from "../../format.js";
import { retold, say } from "../../words.js";

const NANO = 1e-9;

/**
 * @typedef {(
 *   | "op_began" | "op_ended" | "snapshot_taken" | "snapshot_released" | "snapshot_broken" | "time_advanced"
 *   | "sampled" | "closed"
 * )} Types
 */

/** @type {Pick<import("./phrases.js").Tellers, Types>} */
export const OPERATIONS = {
  op_began: (e) => ({
    title: say("Operation {op}: {command}", { op: e.op, command: clip(e.command, 28) }),
    text: say("The command `{command}` begins. Each step shows one thing that the engine does for it.", {
      command: clip(e.command, 80),
    }),
  }),
  op_ended: (e) => ({
    title: say(e.ok ? "Operation {op} is done" : "Operation {op} failed", { op: e.op }),
    text: e.ok
      ? say("The answer: {answer}", { answer: answer(e.result) })
      : say("It was refused: {answer}", { answer: answer(retold(e.result)) }),
  }),
  snapshot_taken: (e) => ({
    title: say("Snapshot {snapshot} taken", { snapshot: e.snapshot }),
    text: say(
      "Snapshot {snapshot} sees every write up to sequence number {seq}, " +
        "and none after it, however the tree changes.",
      { snapshot: e.snapshot, seq: e.seq },
    ),
    why: say(
      "A snapshot copies nothing: it is a sequence number that reads do not look past. " +
        "Its price is paid by compactions, which must keep what only the snapshot still sees.",
    ),
  }),
  snapshot_released: (e) => ({
    title: say("Snapshot {snapshot} released", { snapshot: e.snapshot }),
    text: say("No read uses snapshot {snapshot} any more. The next compaction may drop what only it could see.", {
      snapshot: e.snapshot,
    }),
  }),
  snapshot_broken: (e) => ({
    title: say("Snapshot {snapshot} has lost {tables}", {
      snapshot: e.snapshot,
      tables: count(e.tables.length, "table"),
    }),
    text: say(
      "Snapshot {snapshot} saw entries of {tables}, which FIFO compaction has dropped unread, with {entries}. " +
        "A read at the snapshot does not find them any more.",
      {
        snapshot: e.snapshot,
        tables: list(e.tables.map((id) => `\`${file(id)}\``)),
        entries: count(e.entries, "entry", "entries"),
      },
    ),
    why: say(
      "Other compactions keep what a snapshot still sees. FIFO compaction drops whole tables, " +
        "because there is too much or they are too old, and asks no snapshot. RocksDB does the same.",
    ),
  }),
  time_advanced: (e) => ({
    title: say("Time is now {time}", { time: time(e.nanos * NANO) }),
    text: say("Virtual time moved on to {time}. Nothing else changes; tombstones grow older.", {
      time: time(e.nanos * NANO),
    }),
    why: say(
      "`tombstone_retention_seconds` is counted in this time, which only moves when asked: " +
        "that keeps every run the same.",
    ),
  }),
  sampled: (e) => ({
    title: say("Memtable: {entries}, {bytes}", {
      entries: count(e.entries, "entry", "entries"),
      bytes: bytes(e.bytes),
    }),
    text: say(
      "Single writes are not recorded in a run this long. Memtable {memtable} holds {entries} ({bytes}), " +
        "its log {log}; the last sequence number is {seq}.",
      {
        memtable: e.memtable,
        entries: count(e.entries, "entry", "entries"),
        bytes: bytes(e.bytes),
        log: bytes(e.wal_bytes),
        seq: e.last_seq,
      },
    ),
  }),
  closed: () => ({
    title: say("The database is closed"),
    text: say("Everything that was acknowledged is durable. The next open reads the manifest and replays the log."),
  }),
};

/** @param {string} result */
function answer(result) {
  const first = result.split("\n")[0];
  if (first === "") return say("nothing to say.");
  const code = `\`${clip(first, 120).replaceAll("`", "'")}\``;
  return result.includes("\n") ? say("{answer}, and more in the console.", { answer: code }) : `${code}.`;
}

// Operations, snapshots, time, and the end.

import { bytes, clip, count, file, list, time } from "../../format.js";

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
    title: `Operation ${e.op}: ${clip(e.command, 28)}`,
    text: `The command \`${clip(e.command, 80)}\` begins. Each step shows one thing that the engine does for it.`,
  }),
  op_ended: (e) => ({
    title: e.ok ? `Operation ${e.op} is done` : `Operation ${e.op} failed`,
    text: e.ok ? `The answer: ${answer(e.result)}` : `It was refused: ${answer(e.result)}`,
  }),
  snapshot_taken: (e) => ({
    title: `Snapshot ${e.snapshot} taken`,
    text:
      `Snapshot ${e.snapshot} sees every write up to sequence number ${e.seq}, ` +
      "and none after it, however the tree changes.",
    why:
      "A snapshot copies nothing: it is a sequence number that reads do not look past. " +
      "Its price is paid by compactions, which must keep what only the snapshot still sees.",
  }),
  snapshot_released: (e) => ({
    title: `Snapshot ${e.snapshot} released`,
    text: `No read uses snapshot ${e.snapshot} any more. The next compaction may drop what only it could see.`,
  }),
  snapshot_broken: (e) => ({
    title: `Snapshot ${e.snapshot} has lost ${count(e.tables.length, "table")}`,
    text:
      `Snapshot ${e.snapshot} saw entries of ${list(e.tables.map((id) => `\`${file(id)}\``))}, which FIFO ` +
      `compaction has dropped unread, with ${count(e.entries, "entry", "entries")}. ` +
      "A read at the snapshot does not find them any more.",
    why:
      "Other compactions keep what a snapshot still sees. FIFO compaction drops whole tables, " +
      "because there is too much or they are too old, and asks no snapshot. RocksDB does the same.",
  }),
  time_advanced: (e) => ({
    title: `Time is now ${time(e.nanos * NANO)}`,
    text: `Virtual time moved on to ${time(e.nanos * NANO)}. Nothing else changes; tombstones grow older.`,
    why:
      "`tombstone_retention_seconds` is counted in this time, which only moves when asked: " +
      "that keeps every run the same.",
  }),
  sampled: (e) => ({
    title: `Memtable: ${count(e.entries, "entry", "entries")}, ${bytes(e.bytes)}`,
    text:
      `Single writes are not recorded in a run this long. Memtable ${e.memtable} holds ` +
      `${count(e.entries, "entry", "entries")} (${bytes(e.bytes)}), its log ${bytes(e.wal_bytes)}; ` +
      `the last sequence number is ${e.last_seq}.`,
  }),
  closed: () => ({
    title: "The database is closed",
    text: "Everything that was acknowledged is durable. The next open reads the manifest and replays the log.",
  }),
};

/** @param {string} result */
function answer(result) {
  const first = result.split("\n")[0];
  if (first === "") return "nothing to say.";
  return `\`${clip(first, 120).replaceAll("`", "'")}\`${result.includes("\n") ? ", and more in the console." : "."}`;
}

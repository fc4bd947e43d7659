// The write path: log, memtable, sealing, and what can hold a write up.

import { bytes, count, file } from "../../format.js";
import { key, log, short, writes } from "./phrases.js";

/**
 * @typedef {(
 *   | "wal_created" | "wal_appended" | "wal_synced" | "wal_removed" | "memtable_inserted" | "acknowledged"
 *   | "memtable_sealed" | "writes_stopped"
 * )} Types
 */

/** @type {Record<"bytes" | "entries" | "wal_size" | "soft_limit" | "asked" | "recovery", [string, string]>} */
const SEALED = {
  bytes: ["it holds as many bytes as allowed", "write_buffer_size"],
  entries: ["it holds as many entries as allowed", "write_buffer_entries"],
  wal_size: ["its log has grown to its limit", "max_total_wal_size"],
  soft_limit: ["all memtables together are past their soft limit", "soft_limit_percent"],
  asked: ["a flush was asked for", ""],
  recovery: [
    "recovery dropped a part of its log and leaves the rest behind, so that what was dropped never comes back",
    "",
  ],
};

/** @type {Pick<import("./phrases.js").Tellers, Types>} */
export const WRITES = {
  wal_created: (e) => ({
    title: `Log ${file(e.wal)} begun`,
    text: `The log ${log(e.wal)} is new and empty. The writes of the active memtable go there.`,
    why: "Each memtable has a log of its own, so that the log can be deleted as soon as that memtable is in a table.",
  }),
  wal_appended: (e) => ({
    title: `Frame appended: ${e.records.length === 1 ? `seq ${e.first_seq}` : count(e.records.length, "record")}`,
    text:
      `A frame of ${bytes(e.bytes)} is at the end of ${log(e.wal)}, at byte ${e.offset}. ` +
      `It holds ${writes(e.records)}.`,
    why:
      "The log comes first: if the power fails later, this frame brings the write back. Appending to the end of a " +
      "file is the cheapest write that a disk knows. It is not durable before the next sync.",
  }),
  wal_synced: (e) => ({
    title: `Log synced up to byte ${e.upto}`,
    text:
      `The storage has confirmed the first ${bytes(e.upto)} of ${log(e.wal)}. ` +
      "A power cut cannot take them any more.",
    why:
      "A sync is what a durable write costs most. `wal_sync` says how often to pay: for every write, or less often, " +
      "with the last writes at risk.",
  }),
  wal_removed: (e) => ({
    title: `Log ${file(e.wal)} deleted`,
    text: `Every entry of ${log(e.wal)} is in a table now, so the log is not needed any more.`,
  }),
  memtable_inserted: (e) => ({
    title: `${e.record.kind === "put" ? "Put" : "Tombstone"} ${short(e.record.key)} in the memtable`,
    text:
      e.record.kind === "put"
        ? `${key(e.record.key)} is in memtable ${e.memtable}, in key order, as sequence number ${e.record.seq}. ` +
          `From now on reads see it. The memtable holds ${bytes(e.bytes)}.`
        : `A tombstone for ${key(e.record.key)} is in memtable ${e.memtable}, as sequence number ${e.record.seq}. ` +
          `It hides every older version of the key. The memtable holds ${bytes(e.bytes)}.`,
    why:
      e.record.kind === "put"
        ? "An older version of the key is not overwritten: the higher sequence number wins. Sorted in memory, " +
          "the entries can later be written out as a sorted table in one go."
        : "Older versions may lie in tables, which are never changed. So a delete is a write too; " +
          "the space comes back when a compaction brings the two together.",
  }),
  acknowledged: (e) => {
    const risk = e.upto - e.durable;
    return {
      title: risk > 0 ? `Acknowledged, not durable: seq ${e.upto}` : `Acknowledged and durable: seq ${e.upto}`,
      text:
        risk > 0
          ? `The writer is told that sequence number ${e.upto} is done. The disk has confirmed ` +
            `${e.durable === 0 ? "nothing yet" : `everything up to ${e.durable}`}, ` +
            `so a power cut now may take ${count(risk, "write")}.`
          : `The writer is told that sequence number ${e.upto} is done. ` +
            "The disk has confirmed it: no power cut can take it.",
      why:
        "An acknowledgement is worth what the sync before it was. `wal_sync` sets the price: " +
        "`every_write` pays for a sync each time, the others acknowledge first and sync later.",
    };
  },
  memtable_sealed: (e) => {
    const [because, option] = SEALED[e.reason];
    return {
      title: `Memtable ${e.memtable} sealed`,
      text:
        `Memtable ${e.memtable} takes no more writes, because ${because}. Memtable ${e.next} takes over; ` +
        "the sealed one waits for its flush.",
      why: option
        ? `\`${option}\` set the limit. Sealing is instant: writes go on while the old memtable is written out.`
        : "Sealing is instant: writes go on while the old memtable is written out.",
    };
  },
  writes_stopped: (e) => ({
    title: "Writes are stopped",
    text:
      `A sync failed: ${e.what}. What reached the disk is not known, so no write is accepted. Reopen: ` +
      "recovery shows what did.",
    why:
      "After a failed sync the system may have thrown the bytes away and report success on the next try. " +
      "Going on would lose writes silently.",
  }),
};

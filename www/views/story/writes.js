// The write path: log, memtable, sealing, and what can hold a write up.

import { bytes, count, file } from "../../format.js";
import { retold, say } from "../../words.js";
import { key, log, sentences, short, writes } from "./phrases.js";

/**
 * @typedef {(
 *   | "wal_created" | "wal_appended" | "wal_synced" | "wal_removed" | "memtable_inserted" | "acknowledged"
 *   | "memtable_sealed" | "writes_stopped"
 * )} Types
 */

/**
 * Why a memtable was sealed, and the option that set the limit.
 * @param {"bytes" | "entries" | "wal_size" | "soft_limit" | "asked" | "recovery"} reason
 * @returns {[because: string, option: string]}
 */
function sealing(reason) {
  switch (reason) {
    case "bytes":
      return [say("it holds as many bytes as allowed"), "write_buffer_size"];
    case "entries":
      return [say("it holds as many entries as allowed"), "write_buffer_entries"];
    case "wal_size":
      return [say("its log has grown to its limit"), "max_total_wal_size"];
    case "soft_limit":
      return [say("all memtables together are past their soft limit"), "soft_limit_percent"];
    case "asked":
      return [say("a flush was asked for"), ""];
    case "recovery":
      return [
        say("recovery dropped a part of its log and leaves the rest behind, so that what was dropped never comes back"),
        "",
      ];
  }
}

/** @type {Pick<import("./phrases.js").Tellers, Types>} */
export const WRITES = {
  wal_created: (e) => ({
    title: say("Log {file} begun", { file: file(e.wal) }),
    text: say("The log {log} is new and empty. The writes of the active memtable go there.", { log: log(e.wal) }),
    why: say(
      "Each memtable has a log of its own, so that the log can be deleted as soon as that memtable is in a table.",
    ),
  }),
  wal_appended: (e) => ({
    title:
      e.records.length === 1
        ? say("Frame appended: seq {seq}", { seq: e.first_seq })
        : say("Frame appended: {records}", { records: count(e.records.length, "record") }),
    text: say("A frame of {bytes} is at the end of {log}, at byte {offset}. It holds {writes}.", {
      bytes: bytes(e.bytes),
      log: log(e.wal),
      offset: e.offset,
      writes: writes(e.records),
    }),
    why: say(
      "The log comes first: if the power fails later, this frame brings the write back. Appending to the end of a " +
        "file is the cheapest write that a disk knows. It is not durable before the next sync.",
    ),
  }),
  wal_synced: (e) => ({
    title: say("Log synced up to byte {offset}", { offset: e.upto }),
    text: say("The storage has confirmed the first {bytes} of {log}. A power cut cannot take them any more.", {
      bytes: bytes(e.upto),
      log: log(e.wal),
    }),
    why: say(
      "A sync is what a durable write costs most. `wal_sync` says how often to pay: for every write, or less often, " +
        "with the last writes at risk.",
    ),
  }),
  wal_removed: (e) => ({
    title: say("Log {file} deleted", { file: file(e.wal) }),
    text: say("Every entry of {log} is in a table now, so the log is not needed any more.", { log: log(e.wal) }),
  }),
  memtable_inserted: ({ record, memtable, bytes: size }) => {
    const values = { key: key(record.key), memtable, seq: record.seq, bytes: bytes(size) };
    return record.kind === "put"
      ? {
          title: say("Put {key} in the memtable", { key: short(record.key) }),
          text: say(
            "{key} is in memtable {memtable}, in key order, as sequence number {seq}. From now on reads see it. " +
              "The memtable holds {bytes}.",
            values,
          ),
          why: say(
            "An older version of the key is not overwritten: the higher sequence number wins. Sorted in memory, " +
              "the entries can later be written out as a sorted table in one go.",
          ),
        }
      : {
          title: say("Tombstone {key} in the memtable", { key: short(record.key) }),
          text: say(
            "A tombstone for {key} is in memtable {memtable}, as sequence number {seq}. It hides every older version " +
              "of the key. The memtable holds {bytes}.",
            values,
          ),
          why: say(
            "Older versions may lie in tables, which are never changed. So a delete is a write too; " +
              "the space comes back when a compaction brings the two together.",
          ),
        };
  },
  acknowledged: (e) => {
    const risk = e.upto - e.durable;
    const told = say("The writer is told that sequence number {seq} is done.", { seq: e.upto });
    const why = say(
      "An acknowledgement is worth what the sync before it was. `wal_sync` sets the price: " +
        "`every_write` pays for a sync each time, the others acknowledge first and sync later.",
    );
    if (risk <= 0)
      return {
        title: say("Acknowledged and durable: seq {seq}", { seq: e.upto }),
        text: sentences(told, say("The disk has confirmed it: no power cut can take it.")),
        why,
      };
    const writes = count(risk, "write");
    return {
      title: say("Acknowledged, not durable: seq {seq}", { seq: e.upto }),
      text: sentences(
        told,
        e.durable === 0
          ? say("The disk has confirmed nothing yet, so a power cut now may take {writes}.", { writes })
          : say("The disk has confirmed everything up to {durable}, so a power cut now may take {writes}.", {
              durable: e.durable,
              writes,
            }),
      ),
      why,
    };
  },
  memtable_sealed: (e) => {
    const [because, option] = sealing(e.reason);
    return {
      title: say("Memtable {id} sealed", { id: e.memtable }),
      text: say(
        "Memtable {id} takes no more writes, because {because}. Memtable {next} takes over; " +
          "the sealed one waits for its flush.",
        { id: e.memtable, because, next: e.next },
      ),
      why: sentences(
        option && say("`{option}` set the limit.", { option }),
        say("Sealing is instant: writes go on while the old memtable is written out."),
      ),
    };
  },
  writes_stopped: (e) => ({
    title: say("Writes are stopped"),
    text: say(
      "A sync failed: {what}. What reached the disk is not known, so no write is accepted. Reopen: " +
        "recovery shows what did.",
      { what: retold(e.what) },
    ),
    why: say(
      "After a failed sync the system may have thrown the bytes away and report success on the next try. " +
        "Going on would lose writes silently.",
    ),
  }),
};

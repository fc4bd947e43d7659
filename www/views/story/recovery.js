// Opening a database: what is read, what is replayed, what is thrown away.

import { bytes, count, file, list } from "../../format.js";
import { log, writes } from "./phrases.js";

/**
 * @typedef {(
 *   | "recovery_began" | "manifest_read" | "edit_recovered" | "manifest_torn_tail" | "wal_replay_began"
 *   | "frame_replayed" | "wal_torn_tail" | "wal_damaged" | "wal_skipped" | "wal_gap" | "orphan_removed"
 *   | "recovery_ended"
 * )} Types
 */

/** @type {Pick<import("./phrases.js").Tellers, Types>} */
export const RECOVERY = {
  recovery_began: (e) =>
    e.fresh
      ? {
          title: "A new database is opened",
          text: "There is no `CURRENT` yet, so this is a new database: an empty tree will be written down first.",
          why:
            "`CURRENT` is the one file with a fixed name. It names the manifest, " +
            "the manifest names everything else.",
        }
      : {
          title: "Recovery begins",
          text:
            "There is a database here. The manifest says which tables there are; " +
            "the logs hold what was not flushed yet.",
          why:
            "Memory is gone after a crash or a close. Everything acknowledged is in the tables or in a log, " +
            "so the memtable can be made again.",
        },
  manifest_read: (e) => ({
    title: `${e.file} read: ${count(e.edits, "edit")}`,
    text:
      `\`CURRENT\` names \`${e.file}\`, ${bytes(e.bytes)} with ${count(e.edits, "edit")}. Applied in order, ` +
      "they give the tree as it was.",
    why:
      "The manifest is a log of changes of shape. Replaying a log is simpler to get right than updating a file in " +
      "place, which a crash can tear.",
  }),
  edit_recovered: (e) => {
    const added = e.edit.added.map(([level, table]) => `\`${file(table.id)}\` to L${level}`);
    const removed = e.edit.removed.map(([level, table]) => `\`${file(table.id)}\` from L${level}`);
    const parts = [
      added.length > 0 ? `adds ${list(added)}` : "",
      removed.length > 0 ? `takes ${list(removed)}` : "",
    ].filter(Boolean);
    return {
      title: `Edit applied: +${added.length} −${removed.length} tables`,
      text:
        parts.length > 0
          ? `This edit ${parts.join(" and ")}.`
          : "This edit changes no table, only the counters that the next files and writes go by.",
    };
  },
  manifest_torn_tail: (e) =>
    e.zeros
      ? {
          title: "The manifest ends in zeros",
          text:
            `Behind its last edit, from byte ${e.offset} on, \`${e.file}\` holds ${bytes(e.bytes)} of zeros. ` +
            "No edit is there; a new manifest takes its place.",
          why:
            "A file system may give a file its space before anything is written there. No frame begins with zeros, " +
            "so they can be told from damage.",
        }
      : {
          title: "The manifest's tail is torn",
          text:
            `\`${e.file}\` ends in the middle of an edit, at byte ${e.offset}. ` +
            `Its last ${bytes(e.bytes)} are dropped, as if never written.`,
          why:
            "A crash leaves this of an edit that was not synced yet; no reader has seen its result. " +
            "The job that wrote it is simply undone; its tables are orphans now.",
        },
  wal_replay_began: (e) => ({
    title: `Replay of ${file(e.wal)}.log begins`,
    text:
      `The log ${log(e.wal)} holds ${bytes(e.bytes)} of writes that are in no table yet. ` +
      "Each whole frame goes into the memtable again.",
    why: "This is what the log was written for.",
  }),
  frame_replayed: (e) => ({
    title: `Frame replayed: ${e.records.length === 1 ? `seq ${e.first_seq}` : count(e.records.length, "record")}`,
    text: `The frame at byte ${e.offset} is whole and its checksum is correct. It holds ${writes(e.records)}.`,
    why: "A frame is all or nothing: a batch is in one frame, so it comes back whole or not at all.",
  }),
  wal_torn_tail: (e) =>
    e.zeros
      ? {
          title: "The log ends in zeros",
          text:
            `Behind its last frame, from byte ${e.offset} on, ${log(e.wal)} holds ${bytes(e.bytes)} ` +
            "of zeros. No write is there.",
          why:
            "A file system may give a file its space before anything is written there. No frame begins with zeros, " +
            "so they can be told from damage, and every `wal_recovery_mode` passes over them, as in RocksDB.",
        }
      : {
          title: "The log's tail is torn",
          text:
            `${log(e.wal)} ends in the middle of a frame, at byte ${e.offset}. ` +
            `The last ${bytes(e.bytes)} are dropped.`,
          why:
            "A crash leaves this of a frame that was not synced yet; no writer had been told that it was safe. " +
            "With `wal_sync=every_write` no acknowledged write can be lost this way.",
        },
  wal_damaged: (e) => ({
    title: "The log is damaged",
    text:
      `${log(e.wal)} is damaged at byte ${e.offset}: ${e.what}. Replay stops there, ` +
      `and ${bytes(e.bytes)} are dropped.`,
    why:
      "`wal_recovery_mode=point_in_time` keeps what comes before the damage, " +
      "so that the database is as it was at some moment. A stricter mode would have refused to open.",
  }),
  wal_skipped: (e) => ({
    title: "A part of the log is passed over",
    text:
      `${log(e.wal)} is damaged at byte ${e.offset}: ${e.what}. ${bytes(e.bytes)} are dropped, ` +
      "and replay goes on behind them.",
    why:
      "`wal_recovery_mode=skip_any_corrupted_records` keeps every frame that can still be read. " +
      "Each header has a checksum that covers its place in the file, so the next frame can be found again.",
  }),
  wal_gap: (e) => ({
    title: `Lost: ${e.first_seq === e.last_seq ? `write ${e.first_seq}` : `writes ${e.first_seq} to ${e.last_seq}`}`,
    text:
      `The frame at byte ${e.offset} of ${log(e.wal)} goes on with sequence number ${e.last_seq + 1}. ` +
      `${e.first_seq === e.last_seq ? `Number ${e.first_seq} is` : `Numbers ${e.first_seq} to ${e.last_seq} are`} ` +
      "in no frame before it.",
    why:
      "With a hole in it, the database may be as it never was: a later write is there, an earlier one is not. " +
      "Every other mode refuses that, or stops before the hole.",
  }),
  orphan_removed: (e) => ({
    title: `Orphan ${e.file} removed`,
    text:
      `Nothing refers to \`${e.file}\` any more: a job that never finished left it, ` +
      "or its entries are in tables already. It was deleted.",
    why:
      "A file is written before the manifest names it, so a crash between the two leaves a file without a " +
      "name. Deleting it is always safe.",
  }),
  recovery_ended: (e) => ({
    title: "The database is open",
    text:
      `${count(e.tables, "table")} on the levels, ${count(e.entries, "entry", "entries")} in the ` +
      `memtable${e.last_seq > 0 ? `; the last sequence number is ${e.last_seq}` : ""}. Reads and writes can begin.`,
  }),
};

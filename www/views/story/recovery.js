// Opening a database: what is read, what is replayed, what is thrown away.

import { bytes, count, file, list } from "../../format.js";
import { retold, say } from "../../words.js";
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
          title: say("A new database is opened"),
          text: say("There is no `CURRENT` yet, so this is a new database: an empty tree will be written down first."),
          why: say(
            "`CURRENT` is the one file with a fixed name. It names the manifest, the manifest names everything else.",
          ),
        }
      : {
          title: say("Recovery begins"),
          text: say(
            "There is a database here. The manifest says which tables there are; " +
              "the logs hold what was not flushed yet.",
          ),
          why: say(
            "Memory is gone after a crash or a close. Everything acknowledged is in the tables or in a log, " +
              "so the memtable can be made again.",
          ),
        },
  manifest_read: (e) => ({
    title: say("{file} read: {edits}", { file: e.file, edits: count(e.edits, "edit") }),
    text: say("`CURRENT` names `{file}`, {bytes} with {edits}. Applied in order, they give the tree as it was.", {
      file: e.file,
      bytes: bytes(e.bytes),
      edits: count(e.edits, "edit"),
    }),
    why: say(
      "The manifest is a log of changes of shape. Replaying a log is simpler to get right than updating a file in " +
        "place, which a crash can tear.",
    ),
  }),
  edit_recovered: ({ edit }) => {
    const added = list(edit.added.map(([level, { id }]) => say("`{file}` to L{level}", { file: file(id), level })));
    const removed = list(
      edit.removed.map(([level, { id }]) => say("`{file}` from L{level}", { file: file(id), level })),
    );
    return {
      title: say("Edit applied: +{added} −{removed} tables", {
        added: edit.added.length,
        removed: edit.removed.length,
      }),
      text:
        added && removed
          ? say("This edit adds {added} and takes {removed}.", { added, removed })
          : added
            ? say("This edit adds {added}.", { added })
            : removed
              ? say("This edit takes {removed}.", { removed })
              : say("This edit changes no table, only the counters that the next files and writes go by."),
    };
  },
  manifest_torn_tail: (e) =>
    e.zeros
      ? {
          title: say("The manifest ends in zeros"),
          text: say(
            "Behind its last edit, from byte {offset} on, `{file}` holds {bytes} of zeros. " +
              "No edit is there; a new manifest takes its place.",
            { offset: e.offset, file: e.file, bytes: bytes(e.bytes) },
          ),
          why: say(
            "A file system may give a file its space before anything is written there. No frame begins with zeros, " +
              "so they can be told from damage.",
          ),
        }
      : {
          title: say("The manifest's tail is torn"),
          text: say(
            "`{file}` ends in the middle of an edit, at byte {offset}. " +
              "Its last {bytes} are dropped, as if never written.",
            { file: e.file, offset: e.offset, bytes: bytes(e.bytes) },
          ),
          why: say(
            "A crash leaves this of an edit that was not synced yet; no reader has seen its result. " +
              "The job that wrote it is simply undone; its tables are orphans now.",
          ),
        },
  wal_replay_began: (e) => ({
    title: say("Replay of {file}.log begins", { file: file(e.wal) }),
    text: say(
      "The log {log} holds {bytes} of writes that are in no table yet. " +
        "Each whole frame goes into the memtable again.",
      { log: log(e.wal), bytes: bytes(e.bytes) },
    ),
    why: say("This is what the log was written for."),
  }),
  frame_replayed: (e) => ({
    title:
      e.records.length === 1
        ? say("Frame replayed: seq {seq}", { seq: e.first_seq })
        : say("Frame replayed: {records}", { records: count(e.records.length, "record") }),
    text: say("The frame at byte {offset} is whole and its checksum is correct. It holds {writes}.", {
      offset: e.offset,
      writes: writes(e.records),
    }),
    why: say("A frame is all or nothing: a batch is in one frame, so it comes back whole or not at all."),
  }),
  wal_torn_tail: (e) =>
    e.zeros
      ? {
          title: say("The log ends in zeros"),
          text: say("Behind its last frame, from byte {offset} on, {log} holds {bytes} of zeros. No write is there.", {
            offset: e.offset,
            log: log(e.wal),
            bytes: bytes(e.bytes),
          }),
          why: say(
            "A file system may give a file its space before anything is written there. No frame begins with zeros, " +
              "so they can be told from damage, and every `wal_recovery_mode` passes over them, as in RocksDB.",
          ),
        }
      : {
          title: say("The log's tail is torn"),
          text: say("{log} ends in the middle of a frame, at byte {offset}. The last {bytes} are dropped.", {
            log: log(e.wal),
            offset: e.offset,
            bytes: bytes(e.bytes),
          }),
          why: say(
            "A crash leaves this of a frame that was not synced yet; no writer had been told that it was safe. " +
              "With `wal_sync=every_write` no acknowledged write can be lost this way.",
          ),
        },
  wal_damaged: (e) => ({
    title: say("The log is damaged"),
    text: say("{log} is damaged at byte {offset}: {what}. Replay stops there, and {bytes} are dropped.", {
      log: log(e.wal),
      offset: e.offset,
      what: retold(e.what),
      bytes: bytes(e.bytes),
    }),
    why: say(
      "`wal_recovery_mode=point_in_time` keeps what comes before the damage, " +
        "so that the database is as it was at some moment. A stricter mode would have refused to open.",
    ),
  }),
  wal_skipped: (e) => ({
    title: say("A part of the log is passed over"),
    text: say("{log} is damaged at byte {offset}: {what}. {bytes} are dropped, and replay goes on behind them.", {
      log: log(e.wal),
      offset: e.offset,
      what: retold(e.what),
      bytes: bytes(e.bytes),
    }),
    why: say(
      "`wal_recovery_mode=skip_any_corrupted_records` keeps every frame that can still be read. " +
        "Each header has a checksum that covers its place in the file, so the next frame can be found again.",
    ),
  }),
  wal_gap: (e) => {
    const single = e.first_seq === e.last_seq;
    const values = {
      offset: e.offset,
      log: log(e.wal),
      next: e.last_seq + 1,
      first: e.first_seq,
      last: e.last_seq,
    };
    return {
      title: say(single ? "Lost: write {first}" : "Lost: writes {first} to {last}", values),
      text: say(
        single
          ? "The frame at byte {offset} of {log} goes on with sequence number {next}. " +
              "Number {first} is in no frame before it."
          : "The frame at byte {offset} of {log} goes on with sequence number {next}. " +
              "Numbers {first} to {last} are in no frame before it.",
        values,
      ),
      why: say(
        "With a hole in it, the database may be as it never was: a later write is there, an earlier one is not. " +
          "Every other mode refuses that, or stops before the hole.",
      ),
    };
  },
  orphan_removed: (e) => ({
    title: say("Orphan {file} removed", { file: e.file }),
    text: say(
      "Nothing refers to `{file}` any more: a job that never finished left it, " +
        "or its entries are in tables already. It was deleted.",
      { file: e.file },
    ),
    why: say(
      "A file is written before the manifest names it, so a crash between the two leaves a file without a " +
        "name. Deleting it is always safe.",
    ),
  }),
  recovery_ended: (e) => ({
    title: say("The database is open"),
    text: say(
      e.last_seq > 0
        ? "{tables} on the levels, {entries} in the memtable; the last sequence number is {seq}. " +
            "Reads and writes can begin."
        : "{tables} on the levels, {entries} in the memtable. Reads and writes can begin.",
      { tables: count(e.tables, "table"), entries: count(e.entries, "entry", "entries"), seq: e.last_seq },
    ),
  }),
};

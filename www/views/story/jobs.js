// Flushes and compactions: reading, merging, writing, installing.

import { bytes, count, file, list, number } from "../../format.js";
import { retold, say, sayCount } from "../../words.js";
import { cutStory } from "./cuts.js";
import { capital, key, place, sentences, short, table } from "./phrases.js";
import { pickStory } from "./picks.js";

/**
 * @typedef {(
 *   | "flush_began" | "compaction_picked" | "input_block_read" | "merge_kept" | "merge_dropped" | "table_began"
 *   | "block_written" | "section_written" | "table_finished" | "job_failed" | "manifest_created" | "current_swapped"
 *   | "edit_logged" | "version_installed" | "flush_ended" | "compaction_ended" | "table_pinned" | "table_removed"
 * )} Types
 */

/** @type {Pick<import("./phrases.js").Tellers, Types>} */
export const JOBS = {
  flush_began: (e) => ({
    title: say("Flush {job} begins", { job: e.job }),
    text: sayCount(
      e.memtables.length,
      "Memtable {memtables} is written out as one table for level 0.",
      "Memtables {memtables} are written out as one table for level 0.",
      { memtables: list(e.memtables.map(String)) },
    ),
    why: say(
      "Memory is limited, and a log that is never flushed would take ever longer to recover. " +
        "The entries are sorted already, so the table is written front to back.",
    ),
  }),
  compaction_picked: pickStory,
  input_block_read: (e) => ({
    title: say("Input block {block} of {file} read", { block: e.block, file: file(e.table) }),
    text: say("The merge read data block {block} of {table}, {bytes}.", {
      block: e.block,
      table: table(e.table),
      bytes: bytes(e.bytes),
    }),
    why: say(
      "Inputs are read front to back, a block at a time, " +
        "so a merge needs little memory however large the tables are.",
    ),
  }),
  merge_kept: (e) => ({
    title: say("Kept {key} · {seq}", { key: short(e.key), seq: e.seq }),
    text: say(
      e.kind === "delete"
        ? "{key} with sequence number {seq} (a tombstone), from {place}, goes into the output: {reason}."
        : "{key} with sequence number {seq}, from {place}, goes into the output: {reason}.",
      { key: key(e.key), seq: e.seq, place: place(e.from), reason: kept(e.reason) },
    ),
  }),
  merge_dropped: (e) => {
    const values = { key: key(e.key), seq: e.seq, place: place(e.from) };
    return {
      title: say("Dropped {key} · {seq}", { key: short(e.key), seq: e.seq }),
      text:
        e.reason !== "shadowed"
          ? say(
              "The tombstone of {key} with sequence number {seq}, from {place}, is dropped: " +
                "no deeper level can have an older version for it to hide.",
              values,
            )
          : e.by == null
            ? say(
                "{key} with sequence number {seq}, from {place}, is dropped: " +
                  "a newer version hides it from every reader.",
                values,
              )
            : say(
                "{key} with sequence number {seq}, from {place}, is dropped: " +
                  "sequence number {by} hides it from every reader.",
                { ...values, by: e.by },
              ),
      why: say(
        "Tables are never changed in place, so this is where an overwritten or deleted version really " +
          "goes, and its space comes back.",
      ),
    };
  },
  table_began: (e) => ({
    title: say("Output {file} begins on L{level}", { file: file(e.table), level: e.level }),
    text: say("A new {table} is being written for level {level}. No read sees it before its job is installed.", {
      table: table(e.table),
      level: e.level,
    }),
  }),
  block_written: (e) => ({
    title: say("Block {block} of {file} written", { block: e.block, file: file(e.table) }),
    text: say(
      e.bytes < e.raw_bytes
        ? "Data block {block} of {table} is complete: {entries} from {first} to {last}, {bytes} at byte {offset}, " +
            "compressed from {raw}."
        : "Data block {block} of {table} is complete: {entries} from {first} to {last}, {bytes} at byte {offset}.",
      {
        block: e.block,
        table: table(e.table),
        entries: count(e.entries, "entry", "entries"),
        first: key(e.first),
        last: key(e.last),
        bytes: bytes(e.bytes),
        offset: e.offset,
        raw: bytes(e.raw_bytes),
      },
    ),
    why: say(
      "A block is what a read fetches. `block_size` trades: small blocks move fewer bytes for one key, " +
        "large ones need a smaller index.",
    ),
  }),
  section_written: sectionStory,
  table_finished: (e) => {
    const cut = e.cut ? cutStory(e.cut) : null;
    return {
      title: say("Table {file} is durable", { file: file(e.table.id) }),
      text: sentences(
        say("{table} is whole and synced: {entries} from {first} to {last}, {bytes}.", {
          table: capital(table(e.table.id)),
          entries: count(e.table.entries, "entry", "entries"),
          first: key(e.table.smallest),
          last: key(e.table.largest),
          bytes: bytes(e.table.bytes),
        }),
        cut?.text ?? "",
        say("It is not part of the tree yet."),
      ),
      why: sentences(
        cut?.why ?? "",
        say("A crash now would leave a file that nothing refers to; the next open deletes it."),
      ),
    };
  },
  job_failed: (e) => ({
    title: say("Job {job} failed", { job: e.job }),
    text: say("{what}. The job's inputs are as they were, and nothing is lost.", { what: retold(e.what) }),
    why: say("A job changes nothing until its edit is logged, so it can fail at any point."),
  }),
  manifest_created: (e) => ({
    title: say("{file} written", { file: e.file }),
    text: say(
      "`{file}` holds the whole shape of the tree as one edit, {bytes}. " +
        "It is not in use before `CURRENT` names it.",
      { file: e.file, bytes: bytes(e.bytes) },
    ),
    why: say(
      "A manifest only grows. From time to time it is rewritten, so that an open need not replay a long history.",
    ),
  }),
  current_swapped: (e) => ({
    title: say("CURRENT names {file}", { file: e.file }),
    text: say(
      "`CURRENT` names `{file}` now. The swap is atomic: after a crash it names the old one " +
        "or the new one, never neither.",
      { file: e.file },
    ),
  }),
  edit_logged: (e) => ({
    title: say("Edit logged in the manifest"),
    text: say(
      "The change of shape is in `{file}` and synced, {bytes} at byte {offset}. " +
        "This is the moment from which a crash no longer undoes the job.",
      { file: e.file, bytes: bytes(e.bytes), offset: e.offset },
    ),
    why: say(
      "Tables first, then the manifest, then memory: whatever moment the power fails at, " +
        "what the manifest names is there.",
    ),
  }),
  version_installed: (e) => {
    const { added, removed } = e.edit;
    const changes = [
      added.length > 0
        ? sayCount(added.length, "{tables} is in the tree", "{tables} are in the tree", {
            tables: list(added.map(([level, t]) => say("`{file}` on level {level}", { file: file(t.id), level }))),
          })
        : "",
      removed.length > 0
        ? sayCount(removed.length, "{tables} is out of it", "{tables} are out of it", {
            tables: list(removed.map(([, t]) => `\`${file(t.id)}\``)),
          })
        : "",
      e.flushed.length > 0
        ? sayCount(
            e.flushed.length,
            "memtable {memtables} is not needed any more",
            "memtables {memtables} are not needed any more",
            { memtables: list(e.flushed.map(String)) },
          )
        : "",
    ].filter(Boolean);
    return {
      title: say("New version: +{added} −{removed} tables", { added: added.length, removed: removed.length }),
      text:
        changes.length > 0
          ? say("Readers see the new shape from now on: {changes}.", { changes: changes.join("; ") })
          : say("Readers see the new shape from now on."),
      why: say(
        "All of it changes at once, for every reader. A read that began before goes on with " +
          "the version that it began with.",
      ),
    };
  },
  flush_ended: (e) => ({
    title: say("Flush {job} is over: {bytes}", { job: e.job, bytes: bytes(e.bytes) }),
    text:
      e.tables.length === 0
        ? say("Nothing was left to write, {bytes} written.", { bytes: bytes(e.bytes) })
        : sayCount(
            e.tables.length,
            "{tables} holds what the memtable held, {bytes} written.",
            "{tables} hold what the memtable held, {bytes} written.",
            { tables: capital(list(e.tables.map(table))), bytes: bytes(e.bytes) },
          ),
  }),
  compaction_ended: (e) => ({
    title: say("Compaction {job} is over", { job: e.job }),
    text: compacted(e),
  }),
  table_pinned: (e) => ({
    title: say("Table {file} is still read", { file: file(e.table) }),
    text: say("{table} is out of the tree, but an iterator still reads it. Its file stays until that is done.", {
      table: capital(table(e.table)),
    }),
  }),
  table_removed: (e) => ({
    title: say("Table {file} deleted", { file: file(e.table) }),
    text: say("Nothing can reach {table} any more. Its file is deleted, and its space is free.", {
      table: table(e.table),
    }),
  }),
};

/** @template {Types} T @typedef {Extract<import("./phrases.js").Event, { type: T }>} Of */

/**
 * Why a merge keeps an entry.
 * @param {Of<"merge_kept">["reason"]} reason
 */
function kept(reason) {
  switch (reason) {
    case "newest":
      return say("it is the newest version of its key");
    case "snapshot":
      return say("a snapshot still sees it");
    case "tombstone_hides":
      return say("it is a tombstone, and an older version may lie deeper");
    case "tombstone_retained":
      return say("it is a tombstone younger than `tombstone_retention_seconds`");
  }
}

/** @param {Of<"section_written">} e @returns {import("./phrases.js").Story} */
function sectionStory(e) {
  const name = { file: file(e.table) };
  const values = { table: table(e.table), bytes: bytes(e.bytes), offset: e.offset };
  switch (e.section) {
    case "filter":
      return {
        title: say("Bloom filter of {file} written", name),
        text: say("The Bloom filter of {table} is complete, {bytes} at byte {offset}.", values),
        why: say(
          "A few bits for each key tell a read that a key is certainly not in here, so that it need not look. " +
            "`bloom_bits_per_key` sets how often it is wrong.",
        ),
      };
    case "index":
      return {
        title: say("Index block of {file} written", name),
        text: say("The index block of {table} is complete, {bytes} at byte {offset}.", values),
        why: say(
          "One entry for each data block, with the last key in it: a search of the index names the " +
            "only block that can hold a key.",
        ),
      };
    case "properties":
      return {
        title: say("Properties block of {file} written", name),
        text: say("The properties block of {table} is complete, {bytes} at byte {offset}.", values),
        why: say("Counts and ranges: what the tree must know of a table without reading it."),
      };
    case "footer":
      return {
        title: say("Footer of {file} written", name),
        text: say("The footer of {table} is complete, {bytes} at byte {offset}.", values),
        why: say("The footer has a fixed size and comes last. Reading starts here: it says where everything else is."),
      };
  }
}

/** @param {Of<"compaction_ended">} e */
function compacted(e) {
  if (e.moved) return say("The table changed its level; nothing was read and nothing written.");
  const entries = count(e.entries_in, "entry", "entries");
  if (e.bytes_read === 0 && e.bytes_written === 0 && e.entries_out === 0)
    return say("Its tables are out of the tree, and with them {entries}; nothing was read and nothing written.", {
      entries,
    });
  return say(
    e.entries_in > e.entries_out
      ? "{read} were read and {written} written: {entries} went in, {kept} came out; {dead} dropped."
      : "{read} were read and {written} written: {entries} went in, {kept} came out.",
    {
      read: bytes(e.bytes_read),
      written: bytes(e.bytes_written),
      entries,
      kept: number(e.entries_out),
      dead: count(e.entries_in - e.entries_out, "dead entry", "dead entries"),
    },
  );
}

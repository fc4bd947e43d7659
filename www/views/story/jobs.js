// Flushes and compactions: picking, reading, merging, writing, installing.

import { bytes, count, file, list, number, ratio } from "../../format.js";
import { cutStory } from "./cuts.js";
import { key, place, section, short, table } from "./phrases.js";

/**
 * @typedef {(
 *   | "flush_began" | "compaction_picked" | "input_block_read" | "merge_kept" | "merge_dropped" | "table_began"
 *   | "block_written" | "section_written" | "table_finished" | "job_failed" | "manifest_created" | "current_swapped"
 *   | "edit_logged" | "version_installed" | "flush_ended" | "compaction_ended" | "table_pinned" | "table_removed"
 * )} Types
 */

const KEPT = {
  newest: "it is the newest version of its key",
  snapshot: "a snapshot still sees it",
  tombstone_hides: "it is a tombstone, and an older version may lie deeper",
  tombstone_retained: "it is a tombstone younger than `tombstone_retention_seconds`",
};

/** @type {Pick<import("./phrases.js").Tellers, Types>} */
export const JOBS = {
  flush_began: (e) => {
    const memtables =
      e.memtables.length === 1 ? `Memtable ${e.memtables[0]} is` : `Memtables ${list(e.memtables.map(String))} are`;
    return {
      title: `Flush ${e.job} begins`,
      text: `${memtables} written out as one table for level 0.`,
      why:
        "Memory is limited, and a log that is never flushed would take ever longer to recover. " +
        "The entries are sorted already, so the table is written front to back.",
    };
  },
  compaction_picked: (e) => {
    const c = e.compaction;
    const from = c.inputs.map((i) => `${count(i.tables.length, "table")} of level ${i.level}`);
    const score = c.reason.scores.find((s) => s.level === c.inputs[0]?.level);
    const because =
      c.reason.rule === "moved_at_open"
        ? " There is room below, and dynamic levels fill up from the last one."
        : score && score.score >= 1
          ? ` Level ${score.level} is due: ${score.formula.text}, a score of ${ratio(score.score)}.`
          : "";
    return {
      title:
        `Compaction ${e.job} picked: ` +
        `${c.action === "drop" ? `drop from L${c.output_level}` : `${c.action} to L${c.output_level}`}`,
      text:
        c.action === "drop"
          ? `${list(from)} will be deleted unread, and what ` +
            `${c.inputs.reduce((n, i) => n + i.tables.length, 0) === 1 ? "it holds is" : "they hold is"} ` +
            `gone.${because}`
          : c.action === "move"
            ? `${list(from)} will move to level ${c.output_level} as ` +
              `${c.inputs.reduce((n, i) => n + i.tables.length, 0) === 1 ? "it is" : "they are"}.${because}`
            : `${list(from)} will be merged into level ${c.output_level}.${because}`,
      why:
        c.action === "drop"
          ? "FIFO compaction keeps what is newest and lets the rest go: for a cache, or a log of the last days. " +
            "Nothing is ever rewritten for it; what is dropped can no longer be read."
          : c.reason.rule === "moved_at_open"
            ? "With `level_compaction_dynamic_level_bytes` the last level is to hold most of the data, and levels " +
              "above it only as much as they need. So an open moves whole levels down to where there is room, " +
              "as RocksDB does in `DBImpl::Recover`: only the manifest changes, and not a byte is rewritten."
            : c.action === "move"
              ? "Nothing on the next level overlaps, so there is nothing to merge: only the manifest changes, " +
                "and not a byte is rewritten. This is a trivial move."
              : "Tables whose ranges overlap must all be searched by a read. Merging them into one sorted run " +
                "makes reads cheaper, drops what is dead, and costs rewriting: that is write amplification.",
    };
  },
  input_block_read: (e) => ({
    title: `Input block ${e.block} of ${file(e.table)} read`,
    text: `The merge read data block ${e.block} of ${table(e.table)}, ${bytes(e.bytes)}.`,
    why:
      "Inputs are read front to back, a block at a time, " +
      "so a merge needs little memory however large the tables are.",
  }),
  merge_kept: (e) => ({
    title: `Kept ${short(e.key)} · ${e.seq}`,
    text:
      `${key(e.key)} with sequence number ${e.seq}${e.kind === "delete" ? " (a tombstone)" : ""}, ` +
      `from ${place(e.from)}, goes into the output: ${KEPT[e.reason]}.`,
  }),
  merge_dropped: (e) => ({
    title: `Dropped ${short(e.key)} · ${e.seq}`,
    text:
      e.reason === "shadowed"
        ? `${key(e.key)} with sequence number ${e.seq}, from ${place(e.from)}, is dropped: ` +
          `${e.by == null ? "a newer version" : `sequence number ${e.by}`} hides it from every reader.`
        : `The tombstone of ${key(e.key)} with sequence number ${e.seq}, from ${place(e.from)}, is dropped: ` +
          "no deeper level can have an older version for it to hide.",
    why:
      "Tables are never changed in place, so this is where an overwritten or deleted version really " +
      "goes, and its space comes back.",
  }),
  table_began: (e) => ({
    title: `Output ${file(e.table)} begins on L${e.level}`,
    text: `A new ${table(e.table)} is being written for level ${e.level}. No read sees it before its job is installed.`,
  }),
  block_written: (e) => ({
    title: `Block ${e.block} of ${file(e.table)} written`,
    text:
      `Data block ${e.block} of ${table(e.table)} is complete: ${count(e.entries, "entry", "entries")} from ` +
      `${key(e.first)} to ${key(e.last)}, ${bytes(e.bytes)} at byte ` +
      `${e.offset}${e.bytes < e.raw_bytes ? `, compressed from ${bytes(e.raw_bytes)}` : ""}.`,
    why:
      "A block is what a read fetches. `block_size` trades: small blocks move fewer bytes for one key, " +
      "large ones need a smaller index.",
  }),
  section_written: (e) => ({
    title: `${capital(section(e.section))} of ${file(e.table)} written`,
    text: `The ${section(e.section)} of ${table(e.table)} is complete, ${bytes(e.bytes)} at byte ${e.offset}.`,
    why: {
      filter:
        "A few bits for each key tell a read that a key is certainly not in here, so that it need not look. " +
        "`bloom_bits_per_key` sets how often it is wrong.",
      index:
        "One entry for each data block, with the last key in it: a search of the index names the " +
        "only block that can hold a key.",
      properties: "Counts and ranges: what the tree must know of a table without reading it.",
      footer: "The footer has a fixed size and comes last. Reading starts here: it says where everything else is.",
    }[e.section],
  }),
  table_finished: (e) => {
    const cut = e.cut ? cutStory(e.cut) : null;
    return {
      title: `Table ${file(e.table.id)} is durable`,
      text:
        `${capital(table(e.table.id))} is whole and synced: ${count(e.table.entries, "entry", "entries")} from ` +
        `${key(e.table.smallest)} to ${key(e.table.largest)}, ${bytes(e.table.bytes)}. ` +
        `${cut ? `${cut.text} ` : ""}It is not part of the tree yet.`,
      why:
        `${cut?.why ? `${cut.why} ` : ""}A crash now would leave a file that nothing refers to; ` +
        "the next open deletes it.",
    };
  },
  job_failed: (e) => ({
    title: `Job ${e.job} failed`,
    text: `${e.what}. The job's inputs are as they were, and nothing is lost.`,
    why: "A job changes nothing until its edit is logged, so it can fail at any point.",
  }),
  manifest_created: (e) => ({
    title: `${e.file} written`,
    text:
      `\`${e.file}\` holds the whole shape of the tree as one edit, ${bytes(e.bytes)}. ` +
      "It is not in use before `CURRENT` names it.",
    why: "A manifest only grows. From time to time it is rewritten, so that an open need not replay a long history.",
  }),
  current_swapped: (e) => ({
    title: `CURRENT names ${e.file}`,
    text:
      `\`CURRENT\` names \`${e.file}\` now. The swap is atomic: after a crash it names the old one ` +
      "or the new one, never neither.",
  }),
  edit_logged: (e) => ({
    title: "Edit logged in the manifest",
    text:
      `The change of shape is in \`${e.file}\` and synced, ${bytes(e.bytes)} at byte ${e.offset}. ` +
      "This is the moment from which a crash no longer undoes the job.",
    why:
      "Tables first, then the manifest, then memory: whatever moment the power fails at, " +
      "what the manifest names is there.",
  }),
  version_installed: (e) => {
    const added = e.edit.added.map(([level, t]) => `\`${file(t.id)}\` on level ${level}`);
    const removed = e.edit.removed.map(([, t]) => `\`${file(t.id)}\``);
    const parts = [
      added.length > 0 ? `${list(added)} ${added.length === 1 ? "is" : "are"} in the tree` : "",
      removed.length > 0 ? `${list(removed)} ${removed.length === 1 ? "is" : "are"} out of it` : "",
      e.flushed.length > 0 ? `memtable ${list(e.flushed.map(String))} is not needed any more` : "",
    ].filter(Boolean);
    return {
      title: `New version: +${added.length} −${removed.length} tables`,
      text: `Readers see the new shape from now on${parts.length > 0 ? `: ${parts.join("; ")}` : ""}.`,
      why:
        "All of it changes at once, for every reader. A read that began before goes on with " +
        "the version that it began with.",
    };
  },
  flush_ended: (e) => {
    const tables = capital(list(e.tables.map((t) => table(t))));
    const outcome =
      e.tables.length === 0
        ? "Nothing was left to write"
        : `${tables} ${e.tables.length === 1 ? "holds" : "hold"} what the memtable held`;
    return {
      title: `Flush ${e.job} is over: ${bytes(e.bytes)}`,
      text: `${outcome}, ${bytes(e.bytes)} written.`,
    };
  },
  compaction_ended: (e) => {
    const dead = e.entries_in > e.entries_out ? `, and ${number(e.entries_in - e.entries_out)} dead ones are gone` : "";
    return {
      title: `Compaction ${e.job} is over`,
      text: e.moved
        ? "The table changed its level; nothing was read and nothing written."
        : e.bytes_read === 0 && e.bytes_written === 0 && e.entries_out === 0
          ? `Its tables are out of the tree, and with them ${count(e.entries_in, "entry", "entries")}; ` +
            "nothing was read and nothing written."
          : `${bytes(e.bytes_read)} were read and ${bytes(e.bytes_written)} written: ` +
            `${count(e.entries_in, "entry", "entries")} went in, ${number(e.entries_out)} came out${dead}.`,
    };
  },
  table_pinned: (e) => ({
    title: `Table ${file(e.table)} is still read`,
    text:
      `${capital(table(e.table))} is out of the tree, but an iterator still reads it. ` +
      "Its file stays until that is done.",
  }),
  table_removed: (e) => ({
    title: `Table ${file(e.table)} deleted`,
    text: `Nothing can reach ${table(e.table)} any more. Its file is deleted, and its space is free.`,
  }),
};

/** @param {string} text */
function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

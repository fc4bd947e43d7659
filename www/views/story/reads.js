// Reads: what is asked, in which order, and what it costs.

import { bytes, count, file, number } from "../../format.js";
import { say, sayCount } from "../../words.js";
import { cost, key, place, scanCost, sentences, short, table } from "./phrases.js";

/**
 * @typedef {(
 *   | "get_began" | "memtable_probed" | "range_probed" | "filter_probed" | "index_probed" | "block_probed"
 *   | "false_positive" | "get_ended" | "scan_began" | "scan_block_read" | "scan_emitted" | "scan_skipped"
 *   | "scan_ended" | "cache_inserted" | "cache_evicted"
 * )} Types
 */

/** @type {Pick<import("./phrases.js").Tellers, Types>} */
export const READS = {
  get_began: (e) => ({
    title: say("Get {key} begins", { key: short(e.key) }),
    text: say(
      "The newest version of {key} is looked for, as of sequence number {seq}: first in memory, " +
        "then from the newest tables to the oldest.",
      { key: key(e.key), seq: e.at },
    ),
    why: say("A newer place always holds the newer version, so the search may stop at the first one that it meets."),
  }),
  memtable_probed: ({ memtable: id, found }) =>
    found == null
      ? {
          title: say("Memtable {id}: not there", { id }),
          text: say("Memtable {id} does not have the key. The search goes on.", { id }),
        }
      : {
          title: say("Memtable {id}: seq {seq}", { id, seq: found }),
          text: say("Memtable {id} has the key, with sequence number {seq}. Nothing older needs to be searched.", {
            id,
            seq: found,
          }),
        },
  range_probed: (e) => ({
    title: say(e.inside ? "{file}: in its range" : "{file}: out of range", { file: file(e.table) }),
    text: say(
      e.inside
        ? "The key lies between the first and the last key of {table} on level {level}, so it may be there."
        : "The key lies outside of {table} on level {level}. The table is passed over without touching its file.",
      { table: table(e.table), level: e.level },
    ),
    why: say(
      "Every table's first and last key are in memory. On level 0 ranges overlap, so each table must be compared; " +
        "from level 1 on, at most one table of a level can hold a key.",
    ),
  }),
  filter_probed: (e) =>
    e.maybe
      ? {
          title: say("{file}'s filter: maybe", { file: file(e.table) }),
          text: say(
            e.bits.length === 1
              ? "The only bit that the key maps to is set in the filter of {table}, so the key may be there."
              : "All {n} bits that the key maps to are set in the filter of {table}, so the key may be there.",
            { n: number(e.bits.length), table: table(e.table) },
          ),
          why: say(
            "A filter never misses a key that is there, but now and then other keys have set the same bits by chance.",
          ),
        }
      : {
          title: say("{file}'s filter: no", { file: file(e.table) }),
          text: say(
            "Bit {bit} of the filter of {table} is not set. The key is certainly not there, " +
              "and no block needs to be read.",
            { bit: String(e.bits.at(-1)?.bit), table: table(e.table) },
          ),
          why: say(
            "A Bloom filter answers `certainly not` or `maybe`. A few bits in memory have just spared a read of the " +
              "disk.",
          ),
        },
  index_probed: (e) =>
    e.block == null
      ? {
          title: say("{file}'s index: past the end", { file: file(e.table) }),
          text: say("The key would come after the last block of {table}, so it is not there.", {
            table: table(e.table),
          }),
        }
      : {
          title: say("{file}'s index: block {block}", { file: file(e.table), block: e.block }),
          text: say("If {table} has the key at all, then it is in data block {block}.", {
            table: table(e.table),
            block: e.block,
          }),
        },
  block_probed: (e) => {
    const values = { block: e.block, table: table(e.table), bytes: bytes(e.bytes) };
    const name = { file: file(e.table), block: e.block };
    return {
      title:
        e.found == null
          ? say("{file}, block {block}: not there", name)
          : say("{file}, block {block}: seq {seq}", { ...name, seq: e.found }),
      text: sentences(
        say(
          e.cached
            ? "Data block {block} of {table} was in the cache."
            : "Data block {block} of {table} was read from storage, {bytes}.",
          values,
        ),
        e.found == null
          ? say("The key is not in it.")
          : say("The key is in it, with sequence number {seq}.", { seq: e.found }),
      ),
    };
  },
  false_positive: (e) => ({
    title: say("False positive in {file}", { file: file(e.table) }),
    text: say(
      "The filter of {table} on level {level} had said maybe, and the key is not there: " +
        "the block was read for nothing.",
      { table: table(e.table), level: e.level },
    ),
    why: say(
      "With 10 bits for each key this happens for about one absent key in a hundred. " +
        "`bloom_bits_per_key` buys a smaller share with more memory.",
    ),
  }),
  get_ended: (e) => ({
    title: say(e.found ? "Found {key}" : "{key} is not there", { key: short(e.key) }),
    text: sentences(outcome(e), cost(e.cost)),
    why: say(
      "Big O: a lookup costs one search of each memtable, one filter question for each sorted " +
        "run, and, with luck, one block.",
    ),
  }),
  scan_began: (e) => ({
    title: say("Scan begins"),
    text: say(
      e.reverse
        ? "Entries {range}, backwards, are merged from {sources}, as of sequence number {seq}."
        : "Entries {range} are merged from {sources}, as of sequence number {seq}.",
      { range: range(e.start, e.end), sources: count(e.sources.length, "source"), seq: e.at },
    ),
    why: say(
      "Filters cannot help a scan: every source that overlaps the range must be read. " +
        "The fewer sorted runs there are, the cheaper it is.",
    ),
  }),
  scan_block_read: (e) => ({
    title: say("{file}, block {block} read", { file: file(e.table), block: e.block }),
    text: say(
      e.cached
        ? "The scan needs data block {block} of {table} on level {level}: it was in the cache."
        : "The scan needs data block {block} of {table} on level {level}: {bytes} read from storage.",
      { block: e.block, table: table(e.table), level: e.level, bytes: bytes(e.bytes) },
    ),
  }),
  scan_emitted: (e) => ({
    title: say("Returned {key} · {seq}", { key: short(e.key), seq: e.seq }),
    text: say(
      "{key} with sequence number {seq}, from {place}, is the newest visible version of its key: the scan returns it.",
      { key: key(e.key), seq: e.seq, place: place(e.from) },
    ),
  }),
  scan_skipped: (e) => ({
    title: say("Skipped {key} · {seq}", { key: short(e.key), seq: e.seq }),
    text: say(
      e.kind === "delete"
        ? "A tombstone of {key}, sequence number {seq}, from {place}: the key is deleted, and the scan passes over it."
        : "{key} with sequence number {seq}, from {place}, is passed over: " +
            "a newer entry has decided this key already, or the scan may not see it.",
      { key: key(e.key), seq: e.seq, place: place(e.from) },
    ),
    why: say(
      "Dead entries cost scans time until a compaction drops them. " +
        "Many tombstones in a row can make a scan of nothing slow.",
    ),
  }),
  scan_ended: (e) => ({
    title: say("Scan returned {entries}", { entries: count(e.returned, "entry", "entries") }),
    text: sentences(
      sayCount(
        e.returned,
        "{n} entry was returned and {skipped} passed over.",
        "{n} entries were returned and {skipped} passed over.",
        { skipped: number(e.skipped) },
      ),
      scanCost(e.cost),
    ),
    why: say(
      "Big O: a scan costs as many steps as it meets entries, dead ones included, " +
        "and each step compares the heads of its sources.",
    ),
  }),
  cache_inserted: (e) => ({
    title: say("Block {block} of {file} cached", { block: e.block, file: file(e.table) }),
    text: say("Data block {block} of {table}, {bytes}, is kept in memory for the next read that needs it.", {
      block: e.block,
      table: table(e.table),
      bytes: bytes(e.bytes),
    }),
    why: say("`block_cache_size` bounds it; the block that was not used for the longest time goes first."),
  }),
  cache_evicted: (e) => ({
    title: say("Block {block} of {file} evicted", { block: e.block, file: file(e.table) }),
    text: say(
      "Data block {block} of {table}, {bytes}, is no longer in the cache: room was needed, or its table is gone.",
      { block: e.block, table: table(e.table), bytes: bytes(e.bytes) },
    ),
  }),
};

/** @param {Extract<import("../../timeline.js").Event, { type: "get_ended" }>} e */
function outcome(e) {
  if (!e.place || (!e.found && e.kind !== "delete")) return say("No place holds {key}.", { key: key(e.key) });
  return say(
    e.found
      ? "{key} was found in {place}, with sequence number {seq}."
      : "{key} was deleted: its newest version, sequence number {seq} in {place}, is a tombstone.",
    { key: key(e.key), place: place(e.place), seq: String(e.seq) },
  );
}

/**
 * What a scan is over.
 * @param {string | null | undefined} start
 * @param {string | null | undefined} end
 */
function range(start, end) {
  if (start == null) {
    return end == null ? say("from the first key to the last") : say("from the first key to {end}", { end: key(end) });
  }
  return end == null
    ? say("from {start} to the last", { start: key(start) })
    : say("from {start} to {end}", { start: key(start), end: key(end) });
}

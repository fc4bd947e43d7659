// Reads: what is asked, in which order, and what it costs.

import { bytes, count, file, number } from "../../format.js";
import { cost, key, place, short, table } from "./phrases.js";

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
    title: `Get ${short(e.key)} begins`,
    text:
      `The newest version of ${key(e.key)} is looked for, as of sequence number ${e.at}: first in memory, ` +
      "then from the newest tables to the oldest.",
    why: "A newer place always holds the newer version, so the search may stop at the first one that it meets.",
  }),
  memtable_probed: (e) => ({
    title: `Memtable ${e.memtable}: ${e.found == null ? "not there" : `seq ${e.found}`}`,
    text:
      e.found == null
        ? `Memtable ${e.memtable} does not have the key. The search goes on.`
        : `Memtable ${e.memtable} has the key, with sequence number ${e.found}. Nothing older needs to be searched.`,
  }),
  range_probed: (e) => ({
    title: `${file(e.table)}: ${e.inside ? "in its range" : "out of range"}`,
    text: e.inside
      ? `The key lies between the first and the last key of ${table(e.table)} on level ${e.level}, so it may be there.`
      : `The key lies outside of ${table(e.table)} on level ${e.level}. ` +
        "The table is passed over without touching its file.",
    why:
      "Every table's first and last key are in memory. On level 0 ranges overlap, so each table must be compared; " +
      "from level 1 on, at most one table of a level can hold a key.",
  }),
  filter_probed: (e) => ({
    title: `${file(e.table)}'s filter: ${e.maybe ? "maybe" : "no"}`,
    text: e.maybe
      ? `All ${count(e.bits.length, "bit")} that the key maps to are set in the filter of ` +
        `${table(e.table)}, so the key may be there.`
      : `Bit ${e.bits.at(-1)?.bit} of the filter of ${table(e.table)} is not set. The key is certainly not there, ` +
        "and no block needs to be read.",
    why: e.maybe
      ? "A filter never misses a key that is there, but now and then other keys have set the same bits by chance."
      : "A Bloom filter answers `certainly not` or `maybe`. A few bits in memory have just spared a read of the disk.",
  }),
  index_probed: (e) => ({
    title: `${file(e.table)}'s index: ${e.block == null ? "past the end" : `block ${e.block}`}`,
    text:
      e.block == null
        ? `The key would come after the last block of ${table(e.table)}, so it is not there.`
        : `If ${table(e.table)} has the key at all, then it is in data block ${e.block}.`,
  }),
  block_probed: (e) => ({
    title: `${file(e.table)}, block ${e.block}: ${e.found == null ? "not there" : `seq ${e.found}`}`,
    text:
      `Data block ${e.block} of ${table(e.table)} ` +
      `${e.cached ? "was in the cache" : `was read from storage, ${bytes(e.bytes)}`}. ` +
      `${e.found == null ? "The key is not in it." : `The key is in it, with sequence number ${e.found}.`}`,
  }),
  false_positive: (e) => ({
    title: `False positive in ${file(e.table)}`,
    text:
      `The filter of ${table(e.table)} on level ${e.level} had said maybe, and the key is not there: ` +
      "the block was read for nothing.",
    why:
      "With 10 bits for each key this happens for about one absent key in a hundred. " +
      "`bloom_bits_per_key` buys a smaller share with more memory.",
  }),
  get_ended: (e) => ({
    title: e.found ? `Found ${short(e.key)}` : `${short(e.key)} is not there`,
    text: `${outcome(e)} ${cost(e.cost)}`,
    why:
      "Big O: a lookup costs one search of each memtable, one filter question for each sorted " +
      "run, and, with luck, one block.",
  }),
  scan_began: (e) => ({
    title: "Scan begins",
    text:
      `Entries ${e.start == null ? "from the first key" : `from ${key(e.start)}`} ` +
      `${e.end == null ? "to the last" : `to ${key(e.end)}`}${e.reverse ? ", backwards," : ""} are merged from ` +
      `${count(e.sources.length, "source")}, as of sequence number ${e.at}.`,
    why:
      "Filters cannot help a scan: every source that overlaps the range must be read. " +
      "The fewer sorted runs there are, the cheaper it is.",
  }),
  scan_block_read: (e) => ({
    title: `${file(e.table)}, block ${e.block} read`,
    text:
      `The scan needs data block ${e.block} of ${table(e.table)} on level ${e.level}: ` +
      `${e.cached ? "it was in the cache" : `${bytes(e.bytes)} read from storage`}.`,
  }),
  scan_emitted: (e) => ({
    title: `Returned ${short(e.key)} · ${e.seq}`,
    text:
      `${key(e.key)} with sequence number ${e.seq}, from ${place(e.from)}, ` +
      "is the newest visible version of its key: the scan returns it.",
  }),
  scan_skipped: (e) => ({
    title: `Skipped ${short(e.key)} · ${e.seq}`,
    text:
      e.kind === "delete"
        ? `A tombstone of ${key(e.key)}, sequence number ${e.seq}, from ${place(e.from)}: the key is deleted, ` +
          "and the scan passes over it."
        : `${key(e.key)} with sequence number ${e.seq}, from ${place(e.from)}, is passed over: ` +
          "a newer entry has decided this key already, or the scan may not see it.",
    why:
      "Dead entries cost scans time until a compaction drops them. " +
      "Many tombstones in a row can make a scan of nothing slow.",
  }),
  scan_ended: (e) => ({
    title: `Scan returned ${count(e.returned, "entry", "entries")}`,
    text:
      `${count(e.returned, "entry was", "entries were")} returned and ${number(e.skipped)} ` +
      `passed over. ${cost(e.cost)}`,
    why:
      "Big O: a scan costs as many steps as it meets entries, dead ones included, " +
      "and each step compares the heads of its sources.",
  }),
  cache_inserted: (e) => ({
    title: `Block ${e.block} of ${file(e.table)} cached`,
    text:
      `Data block ${e.block} of ${table(e.table)}, ${bytes(e.bytes)}, ` +
      "is kept in memory for the next read that needs it.",
    why: "`block_cache_size` bounds it; the block that was not used for the longest time goes first.",
  }),
  cache_evicted: (e) => ({
    title: `Block ${e.block} of ${file(e.table)} evicted`,
    text:
      `Data block ${e.block} of ${table(e.table)}, ${bytes(e.bytes)}, is no longer in the cache: ` +
      "room was needed, or its table is gone.",
  }),
};

/** @param {Extract<import("../../timeline.js").Event, { type: "get_ended" }>} e */
function outcome(e) {
  if (e.found && e.place) return `${key(e.key)} was found in ${place(e.place)}, with sequence number ${e.seq}.`;
  if (e.kind === "delete" && e.place)
    return (
      `${key(e.key)} was deleted: its newest version, sequence number ${e.seq} ` +
      `in ${place(e.place)}, is a tombstone.`
    );
  return `No place holds ${key(e.key)}.`;
}

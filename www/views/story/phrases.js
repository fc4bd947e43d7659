// What a story is, and phrases that several share.

import { bytes, clip, count, file } from "../../format.js";

/** @typedef {import("../../timeline.js").Event} Event */
/** @typedef {{ title: string, text: string, why?: string }} Story */
/** @typedef {{ [T in Event["type"]]: (event: Extract<Event, { type: T }>) => Story }} Tellers */
/** @typedef {Extract<Event, { type: "wal_appended" }>["records"][number]} Record */
/** @typedef {Extract<Event, { type: "merge_kept" }>["from"]} Place */
/** @typedef {Extract<Event, { type: "get_ended" }>["cost"]} Cost */

/**
 * A key, short enough for a sentence, as code.
 * @param {string} text
 */
export function key(text) {
  return text === "" ? "the empty key" : `\`${clip(text, 32).replaceAll("`", "'")}\``;
}

/**
 * A key for a title.
 * @param {string} text
 */
export function short(text) {
  return text === "" ? "(empty)" : clip(text, 16);
}

/** @param {number} id */
export function table(id) {
  return `table \`${file(id)}\``;
}

/** @param {number} id */
export function log(id) {
  return `\`${file(id)}.log\``;
}

/** @param {Place} place */
export function place(place) {
  return place.in === "memtable" ? `memtable ${place.id}` : `${table(place.id)} on level ${place.level}`;
}

/** @param {Record} record */
export function write(record) {
  return record.kind === "put"
    ? `\`${clip(record.key, 24)}\` = \`${clip(record.value, 24)}\``
    : `delete \`${clip(record.key, 24)}\``;
}

/** @param {Record[]} records */
export function writes(records) {
  if (records.length === 1) return `${write(records[0])}, which is sequence number ${records[0].seq}`;
  return (
    `${count(records.length, "write")} at once, from ${write(records[0])} to ` +
    `${write(/** @type {Record} */ (records.at(-1)))}`
  );
}

/** @param {"filter" | "index" | "properties" | "footer"} section */
export function section(section) {
  return { filter: "Bloom filter", index: "index block", properties: "properties block", footer: "footer" }[section];
}

/** @param {Cost} cost */
export function cost(cost) {
  const parts = [count(cost.memtables, "memtable")];
  if (cost.tables > 0) parts.push(count(cost.tables, "table"));
  if (cost.filter_negatives > 0) parts.push(`${count(cost.filter_negatives, "table")} spared by filters`);
  if (cost.false_positives > 0) parts.push(count(cost.false_positives, "false positive"));
  parts.push(`${count(cost.blocks, "block")}${cost.cache_hits > 0 ? ` (${cost.cache_hits} from the cache)` : ""}`);
  return (
    `It cost ${parts.join(", ")}; ` +
    `${cost.bytes_read === 0 ? "nothing was read from storage" : `${bytes(cost.bytes_read)} were read from storage`}.`
  );
}

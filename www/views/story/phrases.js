// What a story is, and phrases that several share.

import { bytes, clip, count, file } from "../../format.js";
import { say, sayCount } from "../../words.js";

/** @typedef {import("../../timeline.js").Event} Event */
/** @typedef {{ title: string, text: string, why?: string }} Story */
/** @typedef {{ [T in Event["type"]]: (event: Extract<Event, { type: T }>) => Story }} Tellers */
/** @typedef {Extract<Event, { type: "wal_appended" }>["records"][number]} Record */
/** @typedef {Extract<Event, { type: "merge_kept" }>["from"]} Place */
/** @typedef {Extract<Event, { type: "get_ended" }>["cost"]} Cost */

/**
 * Sentences, one after the other; there is none where a part is empty.
 * @param {...string} parts
 */
export function sentences(...parts) {
  return parts.filter(Boolean).join(" ");
}

/**
 * A phrase at the beginning of a sentence.
 * @param {string} text
 */
export function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/**
 * A key, short enough for a sentence, as code.
 * @param {string} text
 */
export function key(text) {
  return text === "" ? say("the empty key") : `\`${clip(text, 32).replaceAll("`", "'")}\``;
}

/**
 * A key for a title.
 * @param {string} text
 */
export function short(text) {
  return text === "" ? say("(empty)") : clip(text, 16);
}

/** @param {number} id */
export function table(id) {
  return say("table `{file}`", { file: file(id) });
}

/** @param {number} id */
export function log(id) {
  return `\`${file(id)}.log\``;
}

/** @param {Place} place */
export function place(place) {
  return place.in === "memtable"
    ? say("memtable {id}", { id: place.id })
    : say("table `{file}` on level {level}", { file: file(place.id), level: place.level });
}

/** @param {Record} record */
export function write(record) {
  return record.kind === "put"
    ? `\`${clip(record.key, 24)}\` = \`${clip(record.value, 24)}\``
    : say("delete `{key}`", { key: clip(record.key, 24) });
}

/** @param {Record[]} records */
export function writes(records) {
  if (records.length === 1)
    return say("{write}, which is sequence number {seq}", { write: write(records[0]), seq: records[0].seq });
  return say("{writes} at once, from {first} to {last}", {
    writes: count(records.length, "write"),
    first: write(records[0]),
    last: write(/** @type {Record} */ (records.at(-1))),
  });
}

/**
 * What a scan cost. It reads every memtable, which the engine does not count; of tables it counts the blocks.
 * @param {Cost} cost
 */
export function scanCost(cost) {
  if (cost.blocks === 0) return say("The scan needed nothing but memory.");
  const values = { blocks: blocksOf(cost), bytes: bytes(cost.bytes_read) };
  return cost.bytes_read === 0
    ? say("Besides memory, the scan read {blocks} of tables; nothing came from storage.", values)
    : say("Besides memory, the scan read {blocks} of tables; {bytes} came from storage.", values);
}

/** @param {Cost} cost */
function blocksOf({ blocks, cache_hits: hits }) {
  const words = count(blocks, "block");
  return hits > 0 ? say("{blocks} ({hits} from the cache)", { blocks: words, hits }) : words;
}

/** @param {Cost} cost */
export function cost(cost) {
  const parts = [count(cost.memtables, "memtable")];
  if (cost.tables > 0) parts.push(count(cost.tables, "table"));
  if (cost.filter_negatives > 0)
    parts.push(sayCount(cost.filter_negatives, "{n} table spared by filters", "{n} tables spared by filters"));
  if (cost.false_positives > 0) parts.push(count(cost.false_positives, "false positive"));
  parts.push(blocksOf(cost));
  const places = parts.join(", ");
  return cost.bytes_read === 0
    ? say("It cost {places}; nothing was read from storage.", { places })
    : say("It cost {places}; {bytes} were read from storage.", { places, bytes: bytes(cost.bytes_read) });
}

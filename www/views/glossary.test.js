// Every term that the page uses has its meaning: in the stories of all events, on lanes and charts, on option groups.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { GLOSSARY, termOf, termsIn } from "../glossary.js";
import { STRIPS } from "./series.js";
import { SAMPLES } from "./story-samples.mjs";
import { story } from "./story.js";

const TERMS = GLOSSARY.flatMap((group) => group.terms);

/** The field's words by their stems, whether or not the glossary has them. */
const FIELD = new RegExp(
  "\\b(?:" +
    [
      "acknowledg\\w*|(?:write |read |space )?amplification|batch\\w*|bloom filters?|block cache|cache[ds]?",
      "checksum\\w*|compact\\w*|compress\\w*|durabl\\w*",
      "(?:data |input |index )?blocks?|edits?|entry|entries|false positives?|fifo|filters?|flush\\w*|footers?|frames?",
      "fsync\\w*|immutable|index\\w*|iterators?|jobs?|lazy|level(?:ed|s)?|logs?|manifests?|memtables?|merg\\w*",
      "orphans?|overlap\\w*|ranges?|records?|recover(?:y|ies)|replay\\w*|sorted runs?|scans?|scores?|sealed|sealing",
      "sequence numbers?|seq|shadow\\w*|snapshots?|sst(?:able)?s?|stall\\w*|synced|syncs?|tables?|targets?",
      "prefix|skiplists?|tiered|tombstones?|torn|trivial moves?|ttl|universal|virtual time|wal",
    ].join("|") +
    ")\\b",
  "giu",
);

/**
 * Words of the field in a text that no term covers. What stands in `backticks` is code.
 * @param {string} text
 */
function without(text) {
  return text
    .split("`")
    .filter((_, i) => i % 2 === 0)
    .flatMap((part) => [...part.matchAll(FIELD)].map(([word]) => word.toLowerCase()))
    .filter((word) => !termOf(word));
}

/** The names of groups in a Rust file that lists parameters. @param {string} path */
function groups(path) {
  const source = readFileSync(new URL(path, import.meta.url), "utf8");
  return [...source.matchAll(/^ {4}"([a-z ]+)" \{$/gm)].map(([, name]) => name);
}

test("every term in a story has a meaning", () => {
  const missing = SAMPLES.flatMap(([event]) => {
    const { title, text, why = "" } = story(event);
    return [title, text, why].flatMap(without).map((word) => `${event.type}: ${word}`);
  });
  assert.deepEqual([...new Set(missing)], []);
});

test("a term without a meaning is found", () => {
  assert.deepEqual(without("The Bloom filters of a prefix, a skiplist and a `prefix`."), ["prefix", "skiplist"]);
});

test("every lane, chart and group of options has a meaning", () => {
  const stage = readFileSync(new URL("../../src/figure/stage/lane_parts.rs", import.meta.url), "utf8");
  const body = /fn name\(lane: LaneId\)[^]*?\n\}/.exec(stage)?.[0] ?? "";
  const lanes = [...body.matchAll(/"([A-Z][a-z]+|WAL)"/g)].map(([, name]) => name);
  const options = groups("../../src/options.rs");
  assert.ok(lanes.length >= 4 && options.length >= 6, `read: ${lanes.join()}; ${options.join()}`);
  const names = ["L0", "Level 0", "Immutable memtables", ...lanes, ...options, ...STRIPS.map((strip) => strip.title)];
  assert.deepEqual(
    names.filter((name) => !termOf(name)),
    [],
  );
});

test("each meaning is one or two plain sentences, and no word belongs to two terms", () => {
  for (const { name, meaning } of TERMS) {
    assert.match(meaning, /\.$/, name);
    assert.ok(meaning.length <= 230, `${name}: ${meaning.length} characters`);
    assert.equal(meaning.split("`").length % 2, 1, `${name}: every backtick is closed`);
  }
  const words = TERMS.flatMap((term) => term.words);
  assert.equal(new Set(words).size, words.length);
  assert.equal(new Set(TERMS.map((term) => term.name)).size, TERMS.length);
});

test("a term is found where it first stands, in its longest form, in the plural too", () => {
  const found = (/** @type {string} */ text) =>
    termsIn(text).map(({ term, from, to }) => [term.name, text.slice(from, to)]);
  assert.deepEqual(found("Index block 2 of two tables; a table."), [
    ["Index", "Index block"],
    ["Table", "tables"],
  ]);
  assert.deepEqual(found("Memtables, entries, flushes"), [
    ["Memtable", "Memtables"],
    ["Entry", "entries"],
    ["Flush", "flushes"],
  ]);
  assert.deepEqual(found("Timetable, logged, backlog, table-free"), []);
});

test("tiered is the name of both universal and size-tiered, and neither of them is the other", () => {
  const names = ["tiered", "universal", "size-tiered"].map((word) => termOf(word)?.name);
  assert.deepEqual(names, ["Tiered compaction", "Universal compaction", "Size-tiered compaction"]);
});

test("the dot before a sequence number is explained where it stands", () => {
  const [{ term, from, to }] = termsIn("Kept a · 14").slice(-1);
  assert.equal(term.name, "Sequence number");
  assert.equal("Kept a · 14".slice(from, to), "· 14");
  assert.match(term.meaning, /dot/);
});

test("a term that was shown already is passed over", () => {
  const seen = new Set(termsIn("Flush 4 begins").map(({ term }) => term));
  assert.deepEqual(termsIn("A flush.", seen), []);
});

// The glossary in German: its words are found in German sentences, and the names that the engine gives in English too.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { speak } from "../words.js";

const TABLES = new URL("../languages/de/", import.meta.url);
const names = readdirSync(TABLES).filter((name) => name.endsWith(".json"));
speak("de", Object.assign({}, ...names.map((name) => JSON.parse(readFileSync(new URL(name, TABLES), "utf8")))));

// The glossary is said when it is read.
const { GLOSSARY, termOf, termsIn } = await import("../glossary.js");

test("each term is found by its German name, and no word belongs to two terms", () => {
  const terms = GLOSSARY.flatMap((group) => group.terms);
  const words = terms.flatMap((term) => term.words);
  assert.deepEqual(
    words.filter((word, at) => words.indexOf(word) !== at),
    [],
  );
  // The names of these two are words of others as well.
  const found = terms.filter((term) => !["Version", "Historie"].includes(term.name));
  for (const term of found) assert.equal(termOf(term.name), term, term.name);
  for (const { name, meaning } of terms) assert.ok(meaning.length <= 270, `${name}: ${meaning.length} characters`);
});

test("terms are found in their German forms", () => {
  const found = (/** @type {string} */ text) => termsIn(text).map(({ from, to }) => text.slice(from, to));
  assert.deepEqual(found("Zwei Tabellen auf Ebene 0, mit Einträgen des sortierten Laufs; die Jobs laufen überall."), [
    "Tabellen",
    "Ebene 0",
    "Einträgen",
    "sortierten Laufs",
    "Jobs",
  ]);
  assert.deepEqual(found("Das Gerät ist langsam, ein Flush gerät ins Stocken."), ["Gerät", "Flush"]);
  assert.deepEqual(found("Behalten: a · 14, dauerhafte Schlüsselbereiche; übertragen."), [
    "· 14",
    "dauerhafte",
    "Schlüsselbereiche",
  ]);
});

test("names that the engine gives have a meaning", () => {
  const given = ["L0", "Memtable", "Immutable", "Manifest", "WAL", "level", "write amplification"];
  const groups = ["memtable", "wal", "table", "compaction", "jobs", "device", "engine"];
  assert.deepEqual(
    [...given, ...groups].filter((name) => !termOf(name)),
    [],
  );
});

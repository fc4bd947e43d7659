// Every type of event that the engine knows has a story, with its names and numbers in it.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { afterEach, test } from "node:test";

import { retellBy, speak } from "../words.js";
import { SAMPLES } from "./story-samples.mjs";
import { before, TOLD, story } from "./story.js";

/** @typedef {import("../timeline.js").Event} Event */

afterEach(() => speak("en", {}));

/** The sentences of the page in German. */
function german() {
  const folder = new URL("../languages/de/", import.meta.url);
  return Object.assign(
    {},
    ...readdirSync(folder).map((name) => JSON.parse(readFileSync(new URL(name, folder), "utf8"))),
  );
}

/**
 * The story of an event is whole, in whatever language it is told.
 * @param {Event} event
 */
function wholeStory(event) {
  const told = story(event);
  const all = `${told.title} ${told.text} ${told.why ?? ""}`;
  assert.doesNotMatch(all, /undefined|null|NaN|\[object/, "a field is missing");
  assert.doesNotMatch(all, /\{\w+\}/, "a place has no value");
  assert.ok(told.title.length <= 48, `the title is too long for its line: ${told.title}`);
  assert.match(told.text, /[.:]$|`$/, "the text ends as a sentence");
  assert.equal(all.split("`").length % 2, 1, "every backtick is closed");
  return told;
}

test("a refusal, a failure and damage that were recorded in English are told in the reader's language", () => {
  speak("de", german());
  retellBy((what) => (what === "the disk is gone" ? "die Platte ist weg" : what));
  const events = /** @type {Event[]} */ ([
    { type: "op_ended", op: 3, ok: false, result: "the disk is gone" },
    { type: "job_failed", job: 2, what: "the disk is gone" },
    { type: "writes_stopped", what: "the disk is gone" },
    { type: "wal_damaged", wal: 2, offset: 31, bytes: 11, what: "the disk is gone" },
    { type: "wal_skipped", wal: 2, offset: 31, bytes: 11, what: "the disk is gone" },
  ]);
  for (const event of events) {
    const { text } = story(event);
    assert.ok(text.includes("die Platte ist weg") && !text.includes("the disk"), text);
  }
  retellBy((what) => what);
});

/** The variants of `enum Event`, as they are serialized. */
function eventTypes() {
  const source = readFileSync(new URL("../../src/trace/event.rs", import.meta.url), "utf8");
  const body = /pub enum Event \{(.*?)\n\}/s.exec(source)?.[1] ?? "";
  return [...body.matchAll(/^ {4}([A-Z]\w+) \{/gm)].map(([, name]) =>
    name.replaceAll(/(?<!^)([A-Z])/g, "_$1").toLowerCase(),
  );
}

test("every event that the engine can tell has a story, and there is no other", () => {
  const types = eventTypes();
  assert.ok(types.length > 50, `only ${types.length} variants were read from src/trace/event.rs`);
  assert.deepEqual([...TOLD].sort(), [...types].sort());
});

test("every type of event is tried below", () => {
  const tried = new Set(SAMPLES.map(([event]) => event.type));
  assert.deepEqual(
    TOLD.filter((type) => !tried.has(/** @type {Event["type"]} */ (type))),
    [],
  );
});

for (const [event, ...words] of SAMPLES) {
  test(`${event.type}: ${words.join(", ")}`, () => {
    const told = wholeStory(event);
    for (const word of words)
      assert.ok(`${told.title} ${told.text}`.includes(word), `"${word}" is not in: ${told.title} | ${told.text}`);
  });
}

test("every story is whole in German", () => {
  speak("de", german());
  for (const [event] of SAMPLES) wholeStory(event);
});

test("a scan says that it read memory, and not how many memtables, which the engine does not count for it", () => {
  const cost = { memtables: 0, tables: 0, filters: 0, filter_negatives: 0, false_positives: 0 };
  const told = (/** @type {{ blocks: number, cache_hits: number, bytes_read: number }} */ more) =>
    story({ type: "scan_ended", returned: 4, skipped: 3, cost: { ...cost, ...more } }).text;
  assert.match(told({ blocks: 1, cache_hits: 0, bytes_read: 65 }), /Besides memory, the scan read 1 block of .*; 65 B/);
  assert.match(told({ blocks: 2, cache_hits: 2, bytes_read: 0 }), /2 blocks \(2 from the cache\).*nothing came from/);
  assert.match(told({ blocks: 0, cache_hits: 0, bytes_read: 0 }), /needed nothing but memory\.$/);
});

test("a key of any length or content leaves the sentence whole", () => {
  const key = `${"k".repeat(500)}\`x`;
  const told = story({ type: "get_began", key, at: 7 });
  assert.ok(told.title.length <= 48 && told.text.length < 300);
  assert.equal(told.text.split("`").length % 2, 1);
});

test("where earlier events were let go, nobody is told that nothing has happened", () => {
  assert.match(before(0).title, /Nothing has happened yet/);
  const { title, text } = before(284_338);
  assert.match(title, /no longer kept/);
  assert.match(text, /284,338 events/);
});

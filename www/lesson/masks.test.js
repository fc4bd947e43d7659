// What a question hides on the stage, by the names of the lesson and of the figure.

import assert from "node:assert/strict";
import { test } from "node:test";

import { NO_MASKS, masksNow, masksOf } from "./masks.js";

test("nothing is hidden where nothing is named", () => {
  assert.equal(masksOf([]), NO_MASKS);
});

test("a place is its lane, or all parts of its table", () => {
  const masks = masksOf(["memtable", "level 1", "immutable 2", "table 5"]);
  const lanes = ["wal", "memtable", "immutables", "level-0", "level-1", "level-10", "manifest"];
  assert.deepEqual(lanes.filter(masks.lane), ["memtable", "immutables", "level-1"]);
  const parts = ["tray:table-5", "entry:table-5:3:a", "tray:table-50", "entry:table-15:3:vegetable-5", "frame:2:0"];
  assert.deepEqual(parts.filter(masks.part), ["tray:table-5", "entry:table-5:3:a"]);
  assert.equal(masks.story, false);
});

test("counts are facts of the lanes that have them; a read is told by the sentence", () => {
  const lanes = ["wal", "memtable", "immutables", "level-0", "manifest"];
  assert.deepEqual(lanes.filter(masksOf(["entries"]).facts), ["memtable", "immutables", "level-0"]);
  assert.deepEqual(lanes.filter(masksOf(["tables"]).facts), ["level-0"]);
  assert.deepEqual(lanes.filter(masksOf(["wal"]).facts), ["wal"]);
  assert.ok(!masksOf(["entries"]).lane("level-0"));
  assert.ok(masksOf(["read"]).story && masksOf(["story"]).story);
});

test("meters are hidden by their name; runs and space also with the tables from which they follow", () => {
  const hidden = (/** @type {string[]} */ hide) => {
    const { meter } = masksOf(hide);
    return /** @type {const} */ (["write", "log", "read", "space"]).filter(meter);
  };
  assert.deepEqual(hidden(["meters"]), ["write", "log", "read", "space"]);
  for (const name of ["tables", "table 5", "level 1", "read"]) assert.deepEqual(hidden([name]), ["read", "space"]);
  assert.deepEqual(hidden(["story", "entries"]), []);
});

test("of the list of tables, columns, rows or all of it are hidden", () => {
  assert.equal(masksOf(["tables"]).table.all, true);
  const { table } = masksOf(["entries", "scores", "table 5", "level 1"]);
  assert.deepEqual([table.all, table.entries, table.bytes], [false, true, true]);
  assert.deepEqual([4, 5, 50].filter(table.one), [5]);
  assert.deepEqual([0, 1, 10].filter(table.level), [1]);
});

test("what is masked is masked until the answer, and before an audience until it is told", () => {
  const steps = /** @type {import("./steps.js").Step[]} */ (/** @type {unknown} */ ([{ hide: ["story"] }]));
  const of = (/** @type {any} */ lesson) => masksNow({ steps, step: 0, show: null, ...lesson }).story;
  assert.deepEqual(
    ["preparing", "asking", "running", "told"].map((phase) => of({ phase })),
    [true, true, false, false],
  );
  const shown = (/** @type {string} */ kind) =>
    of({ phase: "presenting", show: { at: 0, screens: [{ kind, step: 0, asked: {} }] } });
  assert.deepEqual(["ask", "vote", "talk", "told"].map(shown), [true, true, true, false]);
});

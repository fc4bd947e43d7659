// The list of tables: its rows, and what a question hides of them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { masksOf } from "../../lesson/masks.js";
import { rowsOf } from "./table-list.js";

const table = (/** @type {number} */ id, smallest = "a", largest = "c") =>
  /** @type {any} */ ({ id, smallest, largest, entries: 1200, bytes: 2048 });
/** @type {[number, any][]} */
const TABLES = [
  [0, table(7)],
  [1, table(4, "a", "a")],
  [1, table(5)],
];
const cells = (/** @type {string[]} */ hide) => rowsOf(TABLES, masksOf(hide).table).map((row) => row.cells);

test("a row a table: level, file, keys, entries, size", () => {
  assert.deepEqual(cells([]), [
    ["L0", "000007", "a – c", "1,200", "2 KB"],
    ["L1", "000004", "a", "1,200", "2 KB"],
    ["L1", "000005", "a – c", "1,200", "2 KB"],
  ]);
});

test("a hidden table has no number, a hidden level does not tell how many it has", () => {
  assert.deepEqual(cells(["table 5"])[2], ["L1", "?", "?", "?", "?"]);
  assert.deepEqual(cells(["level 1"]).slice(1), [["L1", "?", "?", "?", "?"]]);
  assert.deepEqual(cells(["entries"])[0], ["L0", "000007", "a – c", "?", "2 KB"]);
  assert.deepEqual(cells(["scores"])[0], ["L0", "000007", "a – c", "1,200", "?"]);
});

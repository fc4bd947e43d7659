// A table of a history is found by its file's name, in a level that lists its tables and in one that has too many.

import assert from "node:assert/strict";
import { test } from "node:test";

import { findTable } from "./table-facts.js";

const view = /** @type {import("../timeline.js").View} */ ({
  levels: [
    { level: 0, tables: [{ id: 7, bytes: 1 }], count: 1 },
    { level: 1, tables: [], count: 9000, columns: { ids: new Uint32Array([12, 15]) } },
  ],
});
const asked = /** @type {[number, number[]][]} */ ([]);
const tablesOf = (/** @type {number} */ level, /** @type {number[]} */ places) => {
  asked.push([level, places]);
  return /** @type {import("../../lsmscope.js").TableView[]} */ ([{ id: 15, bytes: 2 }]);
};

test("a table is found wherever it lies, and nowhere where it is not", () => {
  assert.deepEqual(findTable(view, "000007.sst", tablesOf), { level: 0, table: { id: 7, bytes: 1 } });
  assert.deepEqual(findTable(view, "000015.sst", tablesOf), { level: 1, table: { id: 15, bytes: 2 } });
  assert.deepEqual(asked, [[1, [1]]], "only the one that is shown is asked for");
  assert.equal(findTable(view, "000099.sst", tablesOf), null);
});

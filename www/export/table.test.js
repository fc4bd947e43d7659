// CSV of what is charted.

import assert from "node:assert/strict";
import { test } from "node:test";

import { csv, simulated } from "./table.js";

test("a column for each name, a row for each place; what is no number is empty", () => {
  const text = csv([
    { name: "event", values: [1, 2] },
    { name: 'a "b", c', values: [0.1, Number.NaN] },
    { name: "short", values: [7] },
  ]);
  assert.equal(text, 'event,"a ""b"", c",short\n1,0.1,7\n2,,\n');
});

test("two runs have their letters, one has none", () => {
  const run = { columns: { at: [1], runs: [2] }, tables: [[3], [4]], bytes: [] };
  assert.deepEqual(
    simulated([run]).map(({ name }) => name),
    ["seconds", "runs", "tables_l0", "tables_l1"],
  );
  assert.deepEqual(simulated([run, run]).map(({ name }) => name)[5], "runs B");
});

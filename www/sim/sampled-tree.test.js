// What samples tell of the tree at a moment: the levels then, and nothing of later.

import assert from "node:assert/strict";
import { test } from "node:test";

import { treeAt } from "./sampled-tree.js";

const samples = {
  columns: { at: [10, 20, 30] },
  tables: [
    [4, 2, 3],
    [0, 5, 10],
    [0, 0, 0],
    [7, 0, 1],
  ],
  bytes: [
    [40, 20, 30],
    [0, 50, 100],
    [0, 0, 0],
    [70, 0, 10],
  ],
};

test("each level has what the last sample before the moment says, as a share of the most it ever had", () => {
  assert.deepEqual(treeAt(samples, 29.9), {
    at: 20,
    levels: [
      { level: 0, tables: 2, bytes: 20, share: 0.5 },
      { level: 1, tables: 5, bytes: 50, share: 0.5 },
      { level: 2, tables: 0, bytes: 0, share: null },
      { level: 3, tables: 0, bytes: 0, share: 0 },
    ],
  });
  assert.equal(treeAt(samples, 30).at, 30);
});

test("levels down to the deepest that was ever used stand there at all times, so that nothing jumps", () => {
  assert.deepEqual(
    treeAt(samples, 10).levels.map((l) => l.level),
    [0, 1, 2, 3],
  );
});

test("of what a level never had, there is no share", () => {
  const { levels } = treeAt({ columns: { at: [10] }, tables: [[0]], bytes: [[0]] }, 10);
  assert.deepEqual(levels, [{ level: 0, tables: 0, bytes: 0, share: null }]);
});

test("before the first sample the tree is empty, as it was at the beginning", () => {
  assert.deepEqual(treeAt(samples, 9.9), {
    at: 0,
    levels: [0, 1, 2, 3].map((level) => ({ level, tables: 0, bytes: 0, share: level === 2 ? null : 0 })),
  });
});

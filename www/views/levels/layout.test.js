// Layouts of levels: what is in view, what a bin says, where a zoom goes.

import assert from "node:assert/strict";
import { test } from "node:test";

import { columnsOf, inputs, sameColumns } from "../../tree.js";
import { ALL, BOXES, around, binWindow, binsOf, heightsOf, layout, panned, tablesIn, zoomed } from "./layout.js";

/**
 * A sorted run of `n` tables of 100 bytes, side by side; the tables `busy` are inputs.
 * @param {number} n
 * @param {number[]} [busy]
 */
function run(n, busy = []) {
  return columnsOf(
    Array.from({ length: n }, (_, i) => ({
      id: n - i,
      x0: i / n,
      x1: (i + 1) / n,
      bytes: 100,
      state: busy.includes(i) ? "input" : "idle",
    })),
  );
}

const sum = (/** @type {ArrayLike<number>} */ numbers) => Array.from(numbers).reduce((a, b) => a + b, 0);
const near = (/** @type {number} */ a, /** @type {number} */ b) =>
  assert.ok(Math.abs(a - b) < 1e-6, `${a} is not ${b}`);

test("few tables are boxes, more are narrow, and those narrower than a few pixels are bins", () => {
  assert.deepEqual(layout(run(3), ALL, 600, false), { kind: "boxes", which: [0, 1, 2] });
  assert.equal(layout(run(BOXES), ALL, 600, false).kind, "boxes");
  assert.equal(layout(run(BOXES + 1), ALL, 600, false).kind, "narrow");
  assert.equal(layout(run(150), ALL, 600, false).kind, "narrow", "4 px each");
  const bins = layout(run(151), ALL, 600, false);
  assert.equal(bins.kind, "bins");
  assert.ok(bins.kind === "bins" && bins.bins.count === 100 && bins.shown === 151);
});

test("where tables overlap, it is the rows that must have room", () => {
  const deep = (/** @type {number} */ n) =>
    columnsOf(Array.from({ length: n }, (_, i) => ({ id: i, x0: 0, x1: 1, bytes: 1, state: "idle" })));
  assert.equal(layout(deep(110), ALL, 600, true).kind, "narrow");
  assert.equal(layout(deep(111), ALL, 600, true).kind, "bins");
});

test("only what is in view is laid out: a window of a large run has boxes again", () => {
  const near = layout(run(10_000), { from: 0.5, to: 0.502 }, 600, false);
  assert.ok(near.kind === "boxes");
  assert.deepEqual([near.which.length, near.which[0]], [20, 5000]);
});

test("bins keep every byte in view, busy ones apart, whatever their number", () => {
  const columns = columnsOf([
    { id: 1, x0: 0, x1: 0.5, bytes: 500, state: "input" },
    { id: 2, x0: 0.25, x1: 0.3, bytes: 70, state: "idle" },
    { id: 3, x0: 0.9, x1: 1, bytes: 30, state: "idle" },
  ]);
  for (const count of [1, 2, 7, 10, 64]) {
    const bins = binsOf(columns, [0, 1, 2], ALL, count);
    near(sum(bins.bytes), 600);
    near(sum(bins.busy), 500);
  }
  const ten = binsOf(columns, [0, 1, 2], ALL, 10);
  assert.deepEqual([...ten.tables], [1, 1, 2, 1, 1, 0, 0, 0, 0, 1]);
  [100, 100, 170, 100, 100, 0, 0, 0, 0, 30].forEach((n, i) => near(ten.bytes[i], n));
  const half = binsOf(columns, [0, 1], { from: 0.25, to: 0.5 }, 5);
  near(sum(half.bytes), 250 + 70);
});

test("a bin's height is bytes in a sorted run, and how many tables overlap where they do", () => {
  const bins = binsOf(run(4), [0, 1, 2], ALL, 4);
  assert.deepEqual([...heightsOf(bins, false).heights], [1, 1, 1, 0]);
  assert.equal(heightsOf(bins, false).most, 100);
  const deep = columnsOf([0, 1, 2].map((i) => ({ id: i, x0: 0, x1: (i + 1) / 4, bytes: 9, state: "idle" })));
  const overlaps = heightsOf(binsOf(deep, [0, 1, 2], ALL, 4), true);
  assert.deepEqual(
    [...overlaps.heights].map((h) => h * overlaps.most),
    [3, 2, 1, 0],
  );
});

test("a bin that the current read has asked says so", () => {
  const columns = columnsOf([
    { id: 1, x0: 0, x1: 0.5, bytes: 1, state: "idle", probe: "outside" },
    { id: 2, x0: 0.5, x1: 0.75, bytes: 1, state: "idle", probe: "filter_no" },
  ]);
  assert.deepEqual([...binsOf(columns, [0, 1], ALL, 4).asked], [0, 0, 1, 0]);
});

test("the tables of a bin are found, in the level's order", () => {
  assert.deepEqual(tablesIn(run(100), binWindow(ALL, 3, 10)), { first: 30, last: 39 });
  assert.equal(tablesIn(columnsOf([]), ALL), null);
});

test("a zoom leaves what is under the pointer where it is, and never leaves the axis", () => {
  const half = zoomed(ALL, 0.5, 0.25);
  assert.deepEqual(half, { from: 0.125, to: 0.625 });
  assert.deepEqual(zoomed(half, 4), ALL);
  assert.deepEqual(zoomed(ALL, 0.5, 1), { from: 0.5, to: 1 });
  assert.deepEqual(panned(half, 10), { from: 0.5, to: 1 });
  assert.deepEqual(panned(half, -10), { from: 0, to: 0.5 });
  let deep = zoomed(ALL, 1e-9, 0.5);
  assert.ok(deep.to - deep.from >= 0.999e-6);
  deep = zoomed(deep, 1e12);
  assert.deepEqual(deep, ALL);
});

test("going near a place shows few tables, that place among them", () => {
  const columns = run(10_000);
  const window = around(columns, ALL, 0.777, 40);
  assert.ok(window.from < 0.777 && 0.777 < window.to);
  const shown = layout(columns, window, 600, false);
  assert.ok(shown.kind === "boxes" && shown.which.length >= 4 && shown.which.length <= 40, JSON.stringify(shown));
  const deep = columnsOf(Array.from({ length: 500 }, (_, i) => ({ id: i, x0: 0, x1: 1, bytes: 1, state: "idle" })));
  const eighth = around(deep, ALL, 0.5, 40);
  near(eighth.to - eighth.from, 1 / 8);
});

test("columns are the same when they say the same", () => {
  assert.ok(sameColumns(run(10), run(10)));
  assert.ok(!sameColumns(run(10), run(10, [3])));
  assert.ok(!sameColumns(run(10), run(9)));
  assert.equal(inputs(run(10, [3, 4])), 2);
});

test("where level 0 has little room, its tables are lines as long as lines can be told apart, and bins of their depth from there on", () => {
  const rows = (/** @type {number} */ n) => ({
    ids: Array.from({ length: n }, (_, i) => i),
    x0: new Array(n).fill(0),
    x1: new Array(n).fill(1),
    bytes: new Array(n).fill(10),
    marks: new Array(n).fill(0),
  });
  assert.equal(layout(rows(20), ALL, 600, true, 30).kind, "boxes");
  const binned = layout(rows(24), ALL, 600, true, 30);
  assert.equal(binned.kind, "bins");
  assert.ok(
    binned.kind === "bins" && binned.bins.tables.every((n) => n === 24),
    "each bin is as deep as there are tables",
  );
  assert.equal(layout(rows(24), ALL, 600, true).kind, "boxes", "where there is room for them");
});

// The chart's legend reads the sample that holds at the position shown.

import assert from "node:assert/strict";
import { test } from "node:test";

import { deepest } from "./inspector.js";
import { STRIPS, at, nextReading, valueAt } from "./series.js";
import { curves, steps, top } from "./strip.js";

test("the sample at a position is the last one that had happened by then", () => {
  const events = [1, 4, 9];
  assert.deepEqual(
    [0, 1, 3, 4, 8, 9, 99].map((p) => at(events, p)),
    [0, 0, 0, 1, 1, 2, 2],
  );
  assert.equal(at([], 5), 0);
});

test("a byte belongs to the innermost field that holds it", () => {
  const spans = [
    { start: 0, end: 20, depth: 0, name: "frame", value: "" },
    { start: 0, end: 4, depth: 1, name: "crc", value: "" },
    { start: 4, end: 20, depth: 1, name: "records", value: "" },
    { start: 8, end: 12, depth: 2, name: "key", value: "" },
  ];
  assert.deepEqual(
    [0, 5, 9, 12, 20].map((byte) => deepest(spans, byte)),
    [1, 2, 3, 2, -1],
  );
});

test("an amplification that is not defined yet is no point of its chart", () => {
  const strip = STRIPS.find((s) => s.name === "write");
  const samples = /** @type {import("./series.js").Samples} */ ({
    events: Float64Array.of(0, 10, 20),
    write_rocksdb: Float64Array.of(Number.NaN, 1, 2.5),
  });
  assert.deepEqual(curves(/** @type {import("./series.js").Strip} */ (strip), samples, samples.events, 30), [
    [0, 10, 20, 30],
    [null, 1, 2.5, 2.5],
  ]);
});

test("levels are stacked from level 0 up, and drawn from the top down, to the end of the timeline", () => {
  const strip = STRIPS.find((s) => s.name === "tables");
  const samples = /** @type {import("./series.js").Samples} */ ({
    events: Float64Array.of(0, 10),
    level_tables: [Float64Array.of(1, 2), Float64Array.of(0, 5)],
  });
  assert.deepEqual(curves(/** @type {import("./series.js").Strip} */ (strip), samples, samples.events, 30), [
    [0, 10, 30],
    [1, 7, 7],
    [1, 2, 2],
  ]);
});

test("the scale reaches the highest stack, and at least what its chart says", () => {
  const tables = /** @type {import("./series.js").Strip} */ (STRIPS.find((s) => s.name === "tables"));
  const samples = (/** @type {number[][]} */ ...levels) =>
    /** @type {import("./series.js").Samples} */ ({
      events: Float64Array.of(0, 10),
      level_tables: levels.map((level) => Float64Array.from(level)),
    });
  const stack = (/** @type {number[][]} */ ...levels) => curves(tables, samples(...levels), [0, 10], 30);
  const all = { from: 0, to: 30 };
  assert.equal(top(tables, stack([1, 2], [0, 5]), all), 7);
  assert.equal(top(tables, stack([1, 2], [0, 1]), all), 4);
  const risen = stack([9, 6], [0, 1]);
  assert.equal(top(tables, risen, all), 9);
  assert.equal(top(tables, risen, { from: 12, to: 20 }), 7, "of what is in view, what held before among it");
  assert.equal(valueAt(tables, samples([1, 2], [0, 5]), 9), "1");
  assert.equal(valueAt(tables, samples([1, 2], [0, 5]), 10), "7");
});

test("the reading point goes from sample to sample, and no further than the axis", () => {
  const events = [2, 5, 9];
  const walk = (/** @type {number} */ from, /** @type {1 | -1} */ by) =>
    [1, 2, 3, 4, 5].reduce((all) => [...all, nextReading(events, all.at(-1) ?? 0, by, 12)], [from]);
  assert.deepEqual(walk(0, 1), [0, 2, 5, 9, 12, 12]);
  assert.deepEqual(walk(12, -1), [12, 9, 5, 2, 0, 0]);
  assert.deepEqual(nextReading(events, 7, -1, 12), 5);
  assert.deepEqual(nextReading([], 7, -1, 12), 0);
  assert.deepEqual(nextReading([], 7, 1, 12), 12);
});

test("a value is drawn to the next sample, from the view's begin to its end; what is not defined is a gap", () => {
  const box = { width: 100, height: 24, most: 4 };
  assert.deepEqual(steps([0, 10, 20, 30], [1, null, 4, 4], { from: 5, to: 25 }, box), [
    [
      [0, 18],
      [25, 18],
    ],
    [
      [75, 3],
      [100, 3],
    ],
  ]);
  assert.deepEqual(steps([0, 0], [0, 0], { from: 0, to: 0 }, box)[0].at(-1), [0, 23], "at the beginning of a timeline");
});

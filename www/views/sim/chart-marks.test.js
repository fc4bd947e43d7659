// What stands over a chart's lines: limits that are near are in view, and a text covers no line where there is room.

import assert from "node:assert/strict";
import { test } from "node:test";

import { cutOf, freePlace, limitNames, reachOf } from "./chart-marks.js";

const ALL = { from: 0, to: 10 };
/** @type {import("./chart-marks.js").Limit} */
const STOP = {
  option: "level0_stop_writes_trigger",
  colour: "--dead",
  short: (n) => `stop ${n}`,
  steps: [
    { from: 0, value: 20 },
    { from: 6, value: 50 },
  ],
};

test("a limit near the largest value is in view, a far one is named at the upper edge", () => {
  assert.equal(reachOf(18, [STOP], { from: 0, to: 5 }), 20);
  assert.equal(reachOf(18, [STOP], { from: 7, to: 10 }), 18);
  assert.deepEqual(limitNames([STOP], { from: 0, to: 5 }, 21), [{ value: 20, text: "stop 20" }]);
  assert.deepEqual(limitNames([STOP], { from: 7, to: 10 }, 18), [{ value: 50, text: "↑ stop 50" }]);
});

test("of values that are far above all others the chart is cut", () => {
  const values = [...Array.from({ length: 19 }, () => 1.5), 60];
  const drawn = { x: values.map((_, at) => at / 2), lines: [{ values }] };
  assert.equal(cutOf(drawn, ALL, 60), 3);
  assert.equal(cutOf(drawn, { from: 0, to: 4 }, 1.5), 1.5);
});

test("a text stands where it covers no line", () => {
  const place = (/** @type {number[]} */ values) =>
    freePlace(
      { x: values.map((_, at) => at), lines: [{ values }], steps: true },
      ALL,
      20,
      { width: 400, height: 40 },
      50,
    );
  assert.deepEqual(place([2, 2, 2, 20, 20, 20, 20, 20, 20, 20]), { left: 4, isBelow: false });
  const { left, isBelow } = place([20, 20, 20, 20, 20, 2, 2, 2, 2, 2]);
  assert.ok(left >= 200 && !isBelow, `at ${left}`);
  assert.deepEqual(place(Array.from({ length: 10 }, () => 19)), { left: 4, isBelow: true });
});

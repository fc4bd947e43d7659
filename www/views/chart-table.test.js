// The charts' table: which samples become rows, and how they are written for a spreadsheet.

import assert from "node:assert/strict";
import { test } from "node:test";

import { chartAxis } from "./chart-axis.js";
import { MAX_ROWS, csvOf, tableOf } from "./chart-table.js";
import { STRIPS } from "./series.js";

/** @typedef {import("./series.js").Samples} Samples */

const strips = STRIPS.filter(({ name }) => name === "tables" || name === "write");

test("a row for each sample in view; a level that never has a table has no column", () => {
  const samples = /** @type {Samples} */ ({
    events: Float64Array.of(0, 10, 20),
    level_tables: [Float64Array.of(0, 1, 2), Float64Array.of(0, 0, 0), Float64Array.of(0, 0, 3)],
    write_rocksdb: Float64Array.of(Number.NaN, 1, 2.5),
    nanos: Float64Array.of(Number.NaN, Number.NaN, Number.NaN),
  });
  const axis = chartAxis("event", samples, 30);
  const whole = tableOf(strips, samples, axis, 0, 30);
  assert.equal(
    csvOf(whole),
    "event (number)" +
      ',"tables by level, L0 (count)","tables by level, L2 (count)",write amp (ratio)\n' +
      "0,0,0,\n10,1,0,1\n20,2,3,2.5\n",
  );
  assert.deepEqual(tableOf(strips, samples, axis, 5, 19).rows, [[10, 1, 0, 1]]);
});

test("many samples become a hundred rows, the first and the last among them", () => {
  const events = Float64Array.from({ length: 1234 }, (_, i) => i * 3);
  const samples = /** @type {Samples} */ ({ events, level_tables: [events], write_rocksdb: events, nanos: events });
  const { rows, count } = tableOf(strips, samples, chartAxis("event", samples, 5000), 0, 5000);
  assert.equal(count, 1234);
  assert.equal(rows.length, MAX_ROWS);
  assert.deepEqual([rows[0][0], rows.at(-1)?.[0]], [0, 3699]);
  assert.equal(new Set(rows.map(([event]) => event)).size, MAX_ROWS);
});

test("under virtual time each row has its moment, in seconds, and rows are those in view by time", () => {
  const samples = /** @type {Samples} */ ({
    events: Float64Array.of(0, 10, 20),
    level_tables: [Float64Array.of(0, 1, 2)],
    write_rocksdb: Float64Array.of(Number.NaN, 1, 2.5),
    nanos: Float64Array.of(0, 20_000_185, 2_860_199_116),
  });
  const axis = chartAxis("time", samples, 30);
  assert.equal(
    csvOf(tableOf(strips, samples, axis, 0, axis.end)),
    'event (number),virtual time (s),"tables by level, L0 (count)",write amp (ratio)\n' +
      "0,0,0,\n10,0.02,1,1\n20,2.860199,2,2.5\n",
  );
  assert.deepEqual(
    tableOf(strips, samples, axis, 1, 2e9).rows.map(([event]) => event),
    [10],
  );
});

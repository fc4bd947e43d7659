// Rows of the event list, with runs of ticks folded.

import assert from "node:assert/strict";
import { test } from "node:test";

import { eventRows, tickTitle } from "./event-rows.js";

const RUNS = [
  { first: 2, last: 5, seconds: 4 },
  { first: 8, last: 419, seconds: 3.1 },
];

test("a run of ticks is one row, and every event has its row", () => {
  const rows = eventRows(422, RUNS);
  assert.equal(rows.count, 8);
  const events = Array.from({ length: rows.count }, (_, row) => rows.at(row)).map(({ first, last }) => [first, last]);
  const expected = [0, 1, [2, 5], 6, 7, [8, 419], 420, 421].map((e) => (Array.isArray(e) ? e : [e, e]));
  assert.deepEqual(events, expected);
  for (let event = 0; event < 422; event += 1) {
    const { first, last } = rows.at(rows.rowOf(event));
    assert.ok(first <= event && event <= last, `${event} is in ${first} to ${last}`);
  }
  assert.equal(tickTitle(RUNS[1]), "clock: 412 ticks, 3.1 s");
});

test("without runs, a row is an event", () => {
  const rows = eventRows(3, []);
  assert.deepEqual([rows.count, rows.rowOf(2), rows.at(2).first], [3, 2, 2]);
});

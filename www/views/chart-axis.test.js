// The charts' axis: where an event lies, and which event lies where, by event and by virtual time.

import assert from "node:assert/strict";
import { test } from "node:test";

import { chartAxis, hasTime, labels } from "./chart-axis.js";

/** @typedef {import("./series.js").Samples} Samples */

/** @param {number[]} events @param {number[]} nanos */
const samples = (events, nanos) =>
  /** @type {Samples} */ ({ events: Float64Array.from(events), nanos: Float64Array.from(nanos) });

const S = 1e9;

test("by event, the axis is the scrubber's", () => {
  const axis = chartAxis("event", samples([0, 4, 9], [0, S, 3 * S]), 12);
  assert.deepEqual([axis.end, axis.placeOf(7), axis.eventAt(6.6), axis.eventAt(99)], [12, 7, 7, 12]);
  assert.equal(axis.label(1234, 1), "event 1,234");
});

test("by time, an event lies where the clock stood, and a moment is the last event until then", () => {
  const axis = chartAxis("time", samples([0, 4, 9], [0, S, 3 * S]), 12);
  assert.equal(axis.by, "time");
  assert.deepEqual([0, 3, 4, 8, 9, 12].map(axis.placeOf), [0, 0, S, S, 3 * S, 3 * S]);
  assert.deepEqual([0, 0.9 * S, S, 2.9 * S].map(axis.eventAt), [0, 0, 4, 4]);
  assert.equal(axis.eventAt(3 * S), 12, "its end is that of the timeline");
});

test("time begins with the first moment that is known, and stands still where there is none", () => {
  const axis = chartAxis("time", samples([0, 4, 9, 11], [Number.NaN, 60 * S, Number.NaN, 62 * S]), 12);
  assert.deepEqual([...Array.from(axis.places)], [0, 0, 0, 2 * S]);
  assert.equal(axis.label(0, S), "60 s");
});

test("without virtual time there is none to choose", () => {
  const none = samples([0, 4], [Number.NaN, Number.NaN]);
  assert.deepEqual([hasTime(null), hasTime(none), hasTime(samples([0], [0]))], [false, false, true]);
  assert.equal(chartAxis("time", none, 12).by, "event");
  assert.equal(chartAxis("time", null, 0).by, "event");
});

test("labels are round, and as fine as they must be to differ", () => {
  const axis = chartAxis("time", samples([0, 9], [0, 600 * S]), 12);
  const texts = (/** @type {number} */ from, /** @type {number} */ to) =>
    labels(axis, from * S, to * S).map(({ text }) => text);
  assert.deepEqual(texts(0, 10), ["0 s", "2 s", "4 s", "6 s", "8 s", "10 s"]);
  assert.deepEqual(texts(11.761, 11.763), ["11.7610 s", "11.7615 s", "11.7620 s", "11.7625 s", "11.7630 s"]);
  assert.deepEqual(texts(0, 600), ["0 s", "1 min 40 s", "3 min 20 s", "5 min", "6 min 40 s", "8 min 20 s", "10 min"]);
  assert.deepEqual(texts(3, 3), []);
});

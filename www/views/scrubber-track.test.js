// The scrubber's marks thin out: however many there are, those drawn of a kind stand apart, and none is lost.

import assert from "node:assert/strict";
import { test } from "node:test";

import { isCrowded, marksAt, thinned } from "./scrubber-track.js";

/** Flushes, one in `every` events; the last number of a track. @param {number} length @param {number} every */
function flushes(length, every) {
  const begins = Float64Array.from({ length: Math.floor(length / every) }, (_, i) => i * every);
  return { kinds: new Uint8Array(begins.length), begins, ends: begins, count: begins.length };
}

test("few marks are drawn each for itself", () => {
  const track = flushes(1000, 200);
  const marks = thinned(track, 1000, 500);
  assert.deepEqual(
    marks.map(({ from, count }) => [from, count]),
    [0, 100, 200, 300, 400].map((x) => [x, 1]),
  );
  assert.equal(isCrowded(marks, 500), false);
  assert.equal(marksAt(track, marks, 103), "1 flush");
  assert.equal(marksAt(track, marks, 150), "");
});

test("many marks become a few that say how many they stand for", () => {
  const track = flushes(1000, 2);
  const marks = thinned(track, 1000, 500);
  assert.ok(marks.length <= 500 / 6 + 1, `${marks.length} marks`);
  for (let i = 1; i < marks.length; i += 1) assert.ok(marks[i].from - marks[i - 1].from >= 6);
  assert.equal(
    marks.reduce((sum, { count }) => sum + count, 0),
    500,
  );
  assert.equal(isCrowded(marks, 500), true);
  assert.match(marksAt(track, marks, 250), /^\d+ flushes$/);
  assert.match(marksAt({ ...track, count: 5000 }, marks, 250), /^at least \d+ flushes$/);
});

test("kinds are thinned apart, and a rare one is not lost among many", () => {
  const many = flushes(1000, 2);
  const track = {
    kinds: Uint8Array.of(...many.kinds, 4),
    begins: Float64Array.of(...many.begins, 999),
    ends: Float64Array.of(...many.ends, 999),
    count: many.count + 1,
  };
  const marks = thinned(track, 1000, 500);
  assert.deepEqual(marks.at(-1), { kind: "crash", from: 499.5, to: 500, count: 1 });
  assert.match(marksAt(track, marks, 499), /flushes and 1 power cut$/);
});

// Sizes, counts, times and lists are written as a person would write them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { bytes, clip, count, file, list, ratio, roughly, time } from "./format.js";

test("bytes have the largest unit that fits, and two digits that count", () => {
  assert.deepEqual([0, 412, 1024, 1740, 20480, 64 << 20, 1.5 * 2 ** 30, 2 ** 50].map(bytes), [
    "0 B",
    "412 B",
    "1 KB",
    "1.7 KB",
    "20 KB",
    "64 MB",
    "1.5 GB",
    "1 PB",
  ]);
});

test("a count agrees with its noun", () => {
  assert.equal(count(1, "entry", "entries"), "1 entry");
  assert.equal(count(0, "table"), "0 tables");
  assert.equal(count(12000, "table"), "12,000 tables");
});

test("scores, file numbers, lists and clipped text", () => {
  assert.equal(ratio(1), "1.00");
  assert.equal(ratio(123.4), "123");
  assert.deepEqual([ratio(undefined), ratio(Number.NaN)], ["–", "–"]);
  assert.equal(file(7), "000007");
  assert.equal(list(["a"]), "a");
  assert.equal(list(["a", "b", "c"]), "a, b and c");
  assert.equal(list(["a", "b", "c", "d", "e"]), "a, b, c and 2 more");
  assert.equal(clip("abcdef", 4), "abc…");
  assert.equal(clip("put key value", 11), "put key…", "by whole words");
  assert.equal(clip("put key value", 8), "put key…");
  assert.equal(clip("put key value", 7), "put…");
});

test("an estimate is told no finer than it is good for", () => {
  const told = [0.2, 7, 8, 14, 47, 54, 56, 170, 560, 600, 2000, 3500, 5000, 9000].map(roughly);
  assert.deepEqual(told, [
    "a few seconds",
    "a few seconds",
    "about 10 s",
    "about 10 s",
    "about 50 s",
    "about 50 s",
    "about 1 min",
    "about 3 min",
    "about 9 min",
    "about 10 min",
    "about 35 min",
    "about 1 h",
    "about 1.5 h",
    "about 2.5 h",
  ]);
});

test("times read as people say them", () => {
  const said = [0, 0.00025, 0.85, 1, 12.5, 59.9, 60, 200, 36000, 36300, 86400, 180000];
  assert.deepEqual(said.map(time), [
    "0 s",
    "250 µs",
    "850 ms",
    "1 s",
    "12.5 s",
    "59.9 s",
    "1 min",
    "3 min 20 s",
    "10 h",
    "10 h 5 min",
    "1 d",
    "2 d 2 h",
  ]);
});

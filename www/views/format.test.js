// Sizes, counts and lists are written as a person would write them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { bytes, clip, count, file, list, ratio, token, roughly } from "./format.js";
import { scanLine } from "./operate.js";

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

test("what is typed into a box becomes one token of the command language", () => {
  assert.equal(token("user:1"), "user:1");
  assert.equal(token("two words"), '"two words"');
  assert.equal(token('say "hi"'), '"say \\"hi\\""');
  assert.equal(token(""), '""');
  assert.equal(token("@1"), '"@1"');
  assert.equal(token("\\x00"), "\\x00", "a key can be typed as the page shows it");
});

test("a scan's ends may be left out", () => {
  assert.equal(scanLine("", ""), "scan");
  assert.equal(scanLine("a", ""), "scan a");
  assert.equal(scanLine("a", "z"), "scan a z");
  assert.equal(scanLine("", "z"), 'scan "" z');
});

// Sizes, counts and lists are written as a person would write them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { bytes, clip, count, file, list, ratio, token } from "./format.js";
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

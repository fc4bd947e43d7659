// Labels of the key axis: they tell keys apart, and none lies on another.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ALL } from "./layout.js";
import { telling, ticksOf } from "./zoom.js";

/** @param {[number, string][]} axis */
const tree = (axis) => ({ levels: [], axis: axis.map(([x, key]) => ({ x, key })), read: null, tablesOf: () => [] });

test("short keys are written out; of long ones it is left out what all begin with, and what does not tell them apart", () => {
  assert.deepEqual(telling(["apple", "pear"]), ["apple", "pear"]);
  assert.deepEqual(telling(["key0000000000000123", "key0000000000009123"]), ["…0123", "…9123"]);
  assert.deepEqual(telling(["0000117706f2", "16d3bbe2a4f1"].map((key) => `${key}rest`)), ["0000…", "16d3…"]);
  assert.deepEqual(telling(["abcdef01xxxxxxx", "abcdef02xxxxxxx", "bbcdef02xxxxxxx"]), [
    "abcdef01…",
    "abcdef02…",
    "bbcdef02…",
  ]);
});

test("keys of which one begins the others keep a label each", () => {
  assert.deepEqual(telling(["prefix-of-all", "prefix-of-all-1", "prefix-of-all-2"]), ["…l", "…-1", "…-2"]);
});

test("labels have room: those that would lie on another are left out, but for the first and the last", () => {
  const axis = tree([0, 0.1, 0.2, 0.5, 0.95, 0.99].map((x, i) => [x, `user:${i}:name`]));
  const ticks = ticksOf(axis, ALL, 600);
  assert.deepEqual(
    ticks.map((tick) => tick.label),
    ["user:0:name", "user:2:name", "user:3:name", "user:5:name"],
  );
  assert.deepEqual(
    ticks.map((tick) => tick.last),
    [false, false, false, true],
  );
  assert.deepEqual(
    ticksOf(axis, ALL, 200).map((tick) => tick.label),
    ["user:0:name", "user:5:name"],
  );
});

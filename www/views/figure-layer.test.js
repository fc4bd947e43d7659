// Arrows walk over the parts of a figure.

import assert from "node:assert/strict";
import { test } from "node:test";

import { neighbour } from "./figure-layer.js";

/**
 * @param {string} id
 * @param {Record<string, number>} parts each with its left edge
 */
const lane = (id, parts) => ({
  id,
  name: id,
  facts: "",
  reason: "",
  area: /** @type {[number, number, number, number]} */ ([0, 0, 100, 10]),
  parts: Object.entries(parts).map(([id, x]) => ({
    id,
    words: id,
    area: /** @type {[number, number, number, number]} */ ([x, 0, 10, 10]),
  })),
});

test("left and right along a lane, up and down to the nearest part of the next lane that has any", () => {
  const lanes = [lane("memtable", { a: 0, b: 50 }), lane("L0", {}), lane("L1", { c: 0, d: 60, e: 90 })];
  const to = (/** @type {string} */ from, /** @type {string} */ key) => neighbour(lanes, from, key)?.id;
  assert.deepEqual([to("a", "ArrowRight"), to("b", "ArrowRight"), to("b", "ArrowLeft")], ["b", undefined, "a"]);
  assert.deepEqual([to("b", "ArrowDown"), to("a", "ArrowDown"), to("e", "ArrowUp")], ["d", "c", "b"]);
  assert.deepEqual([to("a", "ArrowUp"), to("nothing", "ArrowDown")], [undefined, undefined]);
});

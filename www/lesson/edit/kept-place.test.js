// A reload finds the cursor where it stood, if its line is still there.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createKeptPlace } from "./kept-place.js";

const TEXT = "---\nid: x\n---\n## One\n";

test("the place of the cursor is there after a reload, in the same text", () => {
  const map = new Map();
  /** @type {any} */
  const storage = {
    getItem: (/** @type {string} */ key) => map.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => void map.set(key, value),
  };
  const place = createKeptPlace(() => storage);
  assert.equal(place.of(TEXT), 0);
  place.keep(TEXT, TEXT.length - 2);
  assert.equal(createKeptPlace(() => storage).of(TEXT), TEXT.length - 2);
  assert.equal(place.of("---\nid: other\n---\n## Two\n"), 0, "another text begins at its first line");
  assert.equal(place.of(""), 0);
  map.set("lsmscope.draft.place", "{");
  assert.equal(place.of(TEXT), 0);
});

test("where nothing is kept, a text begins at its first line", () => {
  const place = createKeptPlace(() => {
    throw new Error("blocked");
  });
  place.keep(TEXT, 5);
  assert.equal(place.of(TEXT), 0);
});

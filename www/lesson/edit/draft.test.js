// The draft: kept, thrown away on purpose only, and there where a browser keeps nothing.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createDrafts, fileNameOf } from "./draft.js";

/** @returns {any} */
function fakeStorage() {
  const kept = new Map();
  return {
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => kept.set(key, value),
    removeItem: (/** @type {string} */ key) => kept.delete(key),
  };
}

test("a draft is there at the next visit, until it is thrown away", () => {
  const storage = fakeStorage();
  createDrafts(() => storage).keep({ text: "## A", from: "deletes", isOwn: true });
  const drafts = createDrafts(() => storage);
  assert.deepEqual(drafts.take(), { text: "## A", from: "deletes", isOwn: true });
  assert.ok(drafts.isKept());
  drafts.throwAway();
  assert.equal(createDrafts(() => storage).take(), null);
});

test("a draft that another text takes the place of is set aside, at the next visit too", () => {
  const storage = fakeStorage();
  const drafts = createDrafts(() => storage);
  drafts.keep({ text: "mine", from: "", isOwn: true });
  drafts.setAside();
  drafts.keep({ text: "other", from: "deletes", isOwn: false });
  const later = createDrafts(() => storage);
  assert.ok(later.hasBefore());
  assert.equal(later.bringBack()?.text, "mine");
  assert.equal(later.hasBefore(), false);
});

test("what an older version set aside is there", () => {
  const storage = fakeStorage();
  storage.setItem("lsmscope.draft.before", '{"text": "mine", "from": ""}');
  assert.equal(createDrafts(() => storage).bringBack()?.text, "mine");
});

test("without a storage a draft is kept in memory, and it is said that it is not kept", () => {
  const drafts = createDrafts(() => {
    throw new Error("blocked");
  });
  drafts.keep({ text: "## A", from: "", isOwn: true });
  assert.equal(drafts.take()?.text, "## A");
  assert.equal(drafts.isKept(), false);
});

test("what is kept by something else is no draft", () => {
  const storage = fakeStorage();
  for (const text of ["{", "[]", '{"text": 1}']) {
    storage.setItem("lsmscope.draft", text);
    assert.equal(createDrafts(() => storage).take(), null);
  }
});

test("a file is called by the id of its lesson", () => {
  assert.equal(fileNameOf("---\nid: two-tables\n---"), "two-tables.md");
  assert.equal(fileNameOf("no lesson"), "lesson.md");
});

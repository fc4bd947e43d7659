// When content without questions has come to its end.

import assert from "node:assert/strict";
import { test } from "node:test";

import { followCompletion, haveRun } from "./completion.js";
import { initialState } from "../state.js";
import { createStore } from "../store.js";

/**
 * A page that has opened its content.
 * @param {{ position?: number, length?: number, script?: string[], lines?: string[], end?: number | null }} content
 */
function opened({ position = 0, length = 0, script = [], lines = [], end = null }) {
  const store = createStore(/** @type {import("../state.js").State} */ ({ ...initialState(), phase: "open" }));
  const stands = (/** @type {number} */ at, /** @type {number} */ of, /** @type {string[]} */ ran) => {
    store.setIn("shown", { length: of });
    store.setIn("stage", { position: at, script: ran });
  };
  stands(position, length, script);
  let count = 0;
  followCompletion({ store, lines, end, done: () => (count += 1) });
  return { store, stands, count: () => count };
}

test("a script is complete when all of its lines have run, and the last event is shown", () => {
  const { stands, count } = opened({ position: 4, length: 4, lines: ["put a 1", "flush"] });
  stands(11, 11, ["put a 1"]);
  stands(12, 27, ["put a 1", "flush"]);
  assert.equal(count(), 0, "its last line has run, and is not shown to its end");
  stands(27, 27, ["put a 1", "flush"]);
  assert.equal(count(), 1);
  stands(26, 27, ["put a 1", "flush"]);
  stands(27, 27, ["put a 1", "flush"]);
  assert.equal(count(), 1, "once");
});

test("lines of one's own between them do not hinder it, and are not asked for", () => {
  const { stands, count } = opened({ lines: ["put a 1", "flush"] });
  stands(7, 7, ["put a 1"]);
  stands(14, 14, ["put a 1", "get a"]);
  stands(16, 30, ["put a 1", "get a", "flush"]);
  stands(20, 44, ["put a 1", "get a", "flush", "get a"]);
  assert.equal(count(), 0);
  stands(30, 44, ["put a 1", "get a", "flush", "get a"]);
  assert.equal(count(), 1);
});

test("another timeline that is at its end is not the script's", () => {
  const { stands, count } = opened({ lines: ["put a 1", "flush"] });
  stands(40, 40, ["flush", "put a 1"]);
  stands(9, 9, []);
  assert.equal(count(), 0);
});

test("while a line runs, its end is not known", () => {
  const { store, stands, count } = opened({ position: 4, length: 4, lines: ["flush"] });
  store.set({ busy: true });
  stands(4, 4, ["flush"]);
  stands(20, 20, ["flush"]);
  store.set({ busy: true });
  assert.equal(count(), 0);
  store.set({ busy: false });
  assert.equal(count(), 1);
});

test("what opens at its end has to be gone back in first", () => {
  const { stands, count } = opened({ position: 9, length: 9, script: ["put a 1"], lines: ["put a 1"] });
  stands(9, 9, ["put a 1"]);
  assert.equal(count(), 0);
  stands(0, 9, ["put a 1"]);
  stands(9, 9, ["put a 1"]);
  assert.equal(count(), 1);
});

test("a moment inside of a script is complete at the script's end", () => {
  const { stands, count } = opened({ position: 5, length: 9, script: ["put a 1"], lines: ["put a 1"] });
  stands(8, 9, ["put a 1"]);
  assert.equal(count(), 0);
  stands(9, 9, ["put a 1"]);
  assert.equal(count(), 1);
});

test("a figure is complete at the end of its range, also where it is only shown its end", () => {
  const { stands, count } = opened({ position: 3, length: 20, end: 8 });
  stands(7, 20, []);
  assert.equal(count(), 0);
  stands(8, 20, []);
  assert.equal(count(), 1);
  assert.equal(opened({ position: 8, length: 20, end: 8 }).count(), 1);
});

test("lines have run in their order", () => {
  assert.ok(haveRun([], []));
  assert.ok(haveRun(["a", "a", "b"], ["a", "x", "a", "b", "b"]));
  assert.ok(!haveRun(["a", "a", "b"], ["a", "b"]));
  assert.ok(!haveRun(["a", "b"], ["b", "a"]));
});

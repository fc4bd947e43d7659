// What a completion has written is not written twice by an author who types on.

import assert from "node:assert/strict";
import { test } from "node:test";

import { EditorState } from "@codemirror/state";

import { leftOf, typedOver } from "./typed-over.js";

/** A text in which a word was completed to `insert`. @param {string} insert */
function completed(insert) {
  const state = EditorState.create({ doc: "go", extensions: [typedOver()] });
  const changes = { from: 0, to: 2, insert };
  return state.update({ changes, selection: { anchor: insert.length }, userEvent: "input.complete" }).state;
}

test("the colon and the space of a key are there already", () => {
  const state = completed("goal: ");
  assert.equal(leftOf(state, ":"), " ", "then the space is still to come");
  assert.equal(leftOf(state, " "), "");
  assert.equal(leftOf(state, "R"), null);
  assert.equal(leftOf(completed("wrong "), " "), "");
  assert.equal(leftOf(completed("preset="), "="), "");
  assert.equal(leftOf(completed("flush"), " "), null);
});

test("what is typed behind other letters, or elsewhere, is typed", () => {
  const state = completed("goal: ");
  const more = state.update({ changes: { from: 6, insert: "a " }, selection: { anchor: 8 } }).state;
  assert.equal(leftOf(more, " "), null);
  assert.equal(leftOf(state.update({ selection: { anchor: 0 } }).state, " "), null);
});

// The store: what a change leaves as it was.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createStore } from "./store.js";

test("a part keeps its other fields, and the state before stays as it was", () => {
  const store = createStore({ stage: { queue: ["a"], title: "Tour" }, busy: false });
  const before = store.get();
  let changes = 0;
  const stop = store.subscribe(() => (changes += 1));
  store.setIn("stage", { queue: [] });
  assert.deepEqual(store.get(), { stage: { queue: [], title: "Tour" }, busy: false });
  assert.deepEqual(before.stage.queue, ["a"]);
  store.set({ stage: { queue: ["b"], title: "" } });
  assert.deepEqual(store.get().stage, { queue: ["b"], title: "" });
  assert.equal(changes, 2);
  stop();
  store.set({ busy: true });
  assert.equal(changes, 2);
});

// The page's title says what is on it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { emptyStage, initialState } from "./state.js";
import { titleOf } from "./title.js";

/** @typedef {import("./state.js").State} State */

/**
 * The title of a page in which this differs from one that has just opened a database in memory.
 * @param {Partial<State>} page
 * @param {Partial<State["stage"]>} [stage]
 */
const title = (page, stage = {}) =>
  titleOf({ ...initialState(), phase: "open", ...page, stage: { ...emptyStage(), ...stage } });

const HISTORY = /** @type {State["stage"]["history"]} */ (
  /** @type {unknown} */ ({ name: "MANIFEST-000009", options: null, comparison: {} })
);
const STORED = /** @type {State["stage"]["backend"]} */ (
  /** @type {unknown} */ ({ kind: "indexeddb", durability: "strict" })
);

test("the sandbox, and what is in it: a script until it has run, a database with a name", () => {
  assert.equal(title({}), "Sandbox · lsmscope");
  assert.equal(title({}, { queueTitle: "First tour", queue: ["put a 1"] }), "First tour · lsmscope");
  assert.equal(title({}, { queueTitle: "First tour", queue: [] }), "Sandbox · lsmscope");
  const config = /** @type {State["config"]} */ ({ backend: "indexeddb", name: "orders" });
  assert.equal(title({ config }, { backend: STORED }), "Database orders · lsmscope");
  assert.equal(title({ config: { ...config, name: "lsmscope" } }, { backend: STORED }), "Sandbox · lsmscope");
});

test("a history by its name, whatever script waits for its end", () => {
  const stage = { history: HISTORY, queueTitle: "First tour", queue: ["put a 1"] };
  assert.equal(title({}, stage), "History of MANIFEST-000009 · lsmscope");
});

test("the simulator, whatever is in the sandbox", () => {
  assert.equal(title({ room: "simulate" }, { history: HISTORY }), "Simulator · lsmscope");
  assert.equal(title({ room: "simulate", phase: "refused" }), "Simulator · lsmscope");
});

test("what went wrong", () => {
  assert.equal(title({ phase: "refused" }), "No database · lsmscope");
  assert.equal(title({ phase: "panicked", room: "simulate" }), "The engine stopped · lsmscope");
});

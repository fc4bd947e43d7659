import assert from "node:assert/strict";
import { test } from "node:test";

import { FOLDS, fold, foldCharts, isUnfolded, openTabs } from "./folds.js";
import { createStore } from "./store.js";

function controller() {
  const tabs = { left: "operate", right: "explain", pane: "stage" };
  const store = createStore(/** @type {any} */ ({ unfolded: [], tabs }));
  return { store, prefer: (/** @type {object} */ patch) => store.set(patch) };
}

const part = (/** @type {string} */ tab) => /** @type {import("./folds.js").Fold} */ (FOLDS.find((f) => f.tab === tab));

test("one part of a side is in view at a time, and its key folds it in again", () => {
  const folding = controller();
  const inView = () => FOLDS.filter((f) => isUnfolded(folding.store.get(), f)).map((f) => f.tab);
  fold(folding, part("options"));
  fold(folding, part("inspect"));
  assert.deepEqual(inView(), ["options", "inspect"]);
  fold(folding, part("workload"));
  assert.deepEqual(inView(), ["workload", "inspect"]);
  fold(folding, part("inspect"));
  assert.deepEqual(inView(), ["workload"]);
  foldCharts(folding);
  assert.deepEqual(folding.store.get().unfolded, ["workload", "charts"]);
  foldCharts(folding);
  assert.deepEqual(folding.store.get().unfolded, ["workload"]);
});

test("in a narrow window one part of both sides is in view at a time, above the charts", (context) => {
  Object.assign(globalThis, { matchMedia: () => ({ matches: true }) });
  context.after(() => Reflect.deleteProperty(globalThis, "matchMedia"));
  const folding = controller();
  foldCharts(folding);
  fold(folding, part("options"));
  fold(folding, part("inspect"));
  assert.deepEqual(folding.store.get().unfolded, ["charts", "inspect"]);
  fold(folding, part("inspect"));
  assert.deepEqual(folding.store.get().unfolded, ["charts"]);
});

test("what was folded out at the last visit is in view again, whatever a stored list holds", () => {
  assert.deepEqual(openTabs(["options", "charts", "nothing"]), { left: "options" });
});

test("each part has a key of its own", () => {
  assert.equal(new Set(FOLDS.map((f) => f.key)).size, FOLDS.length);
});

// A history of a real database: what of it is read, and once more for another column family.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createHistories } from "./histories.js";
import { createViewer } from "./viewer.js";
import { emptyStage, initialState } from "./state.js";
import { createStore } from "./store.js";

/**
 * A timeline of `length` events.
 * @param {number} length
 */
function timeline(length) {
  const none = () => null;
  return /** @type {import("./timeline.js").Timeline} */ (
    /** @type {unknown} */ ({
      length: () => length,
      seek: (/** @type {number} */ position) => ({ position, length }),
      ...{ track: none, samples: none, openings: none, tickRuns: none, options: none, fullAt: none, lanes: none },
    })
  );
}

function page() {
  /** @type {{ text: string, options: string | undefined, family: string | undefined }[]} */
  const reads = [];
  const store = createStore(initialState());
  const viewer = createViewer(store);
  const past = {
    advance: () => true,
    progress: () => ({ done: 1, of: 1 }),
    timeline: () => timeline(0),
    decision: () => null,
    decisionAt: () => null,
    comparison: () => ({ report: {}, options: [], differing: [] }),
  };
  const histories = createHistories(store, viewer, {
    enter: () => {},
    read: async (bytes, options, family) => {
      if (family === "reverse")
        throw Object.assign(new Error("column family reverse has the comparator idb_cmp1"), {
          kind: "unsupported",
          remedy: "Replay another column family: --family users.",
        });
      reads.push({ text: new TextDecoder().decode(bytes), options, family });
      return /** @type {import("./history.js").History} */ (/** @type {unknown} */ (past));
    },
  });
  return { store, viewer, histories, reads };
}

const manifest = new File(["the manifest"], "MANIFEST-000005");
const options = new File(['[CFOptions "default"]'], "OPTIONS-000007");

test("another column family is read from the same files", async () => {
  const { store, histories, reads } = page();
  assert.equal(await histories.open([manifest, options]), true);
  assert.equal(await histories.choose("users"), true);
  const both = { text: "the manifest", options: '[CFOptions "default"]' };
  assert.deepEqual(reads, [
    { ...both, family: undefined },
    { ...both, family: "users" },
  ]);
  assert.equal(store.get().stage.history?.options, "OPTIONS-000007");
});

test("an OPTIONS file that comes later is read with the last history", async () => {
  const { histories, reads } = page();
  await histories.open([manifest]);
  await histories.open([options]);
  assert.deepEqual(
    reads.map((read) => [read.text, read.options]),
    [
      ["the manifest", undefined],
      ["the manifest", '[CFOptions "default"]'],
    ],
  );
});

test("a family that cannot be replayed says why, with a remedy of its own", async () => {
  const { store, histories } = page();
  await histories.open([manifest]);
  assert.equal(await histories.choose("reverse"), false);
  assert.deepEqual(store.get().historyOpening?.problem, {
    kind: "unsupported",
    message: "column family reverse has the comparator idb_cmp1",
    remedy: "Replay another column family: --family users.",
  });
  assert.equal(store.get().stage.history?.name, "MANIFEST-000005", "what was on the stage stays there");
});

test("what was on the stage is there again, as it was, when one goes back", async () => {
  const { store, viewer, histories } = page();
  const sandbox = Object.assign(timeline(9), {
    run: () => {},
    hasRun: () => true,
    trouble: () => null,
    close: async () => {},
  });
  const own = { ...emptyStage(), script: ["put a 1"], queue: ["get a"], position: 5, following: false };
  viewer.show(/** @type {import("./sandbox.js").Sandbox} */ (/** @type {unknown} */ (sandbox)), own);
  viewer.seek(5);
  store.setIn("tabs", { left: "workload", right: "inspect" });
  const { stage: before, tabs, status } = store.get();
  await histories.open([manifest]);
  await histories.choose("users");
  store.set({ status: { text: "No stall after this moment.", bad: true } });
  const { script, queue, position } = store.get().stage;
  assert.deepEqual([script, queue, position, store.get().tabs.right], [[], [], 0, "explain"]);
  assert.deepEqual([store.get().shown.length, store.get().shown.driven], [0, false]);
  assert.equal(viewer.sandbox(), null, "a history takes no commands");
  histories.leave();
  assert.deepEqual(store.get().stage, before);
  assert.deepEqual([store.get().tabs, store.get().status], [tabs, status]);
  assert.deepEqual([store.get().shown.length, store.get().shown.view?.position], [9, 5]);
  assert.equal(viewer.sandbox(), sandbox);
});

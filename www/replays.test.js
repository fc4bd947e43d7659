// A history of a real database: what of it is read, and once more for another column family.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createReplays } from "./replays.js";
import { problemOf } from "./controller.js";
import { initialState } from "./state.js";
import { createStore } from "./store.js";

function page() {
  /** @type {{ text: string, options: string | undefined, family: string | undefined }[]} */
  const reads = [];
  const store = createStore(initialState());
  const stage = { length: () => 0, close: async () => {} };
  const past = {
    advance: () => true,
    progress: () => ({ done: 1, of: 1 }),
    timeline: () => stage,
    scene: () => null,
    sceneAt: () => null,
    summary: () => ({ report: {}, options: [], differing: [] }),
  };
  const replays = createReplays(
    store,
    /** @type {Parameters<typeof createReplays>[1]} */ (
      /** @type {unknown} */ ({
        current: () => null,
        show: (/** @type {unknown} */ _, /** @type {Partial<import("./state.js").State>} */ patch) => store.set(patch),
        seek: () => {},
        enter: () => {},
        read: async (
          /** @type {Uint8Array} */ bytes,
          /** @type {string | undefined} */ options,
          /** @type {string | undefined} */ family,
        ) => {
          if (family === "reverse")
            throw Object.assign(new Error("column family reverse has the comparator idb_cmp1"), {
              kind: "unsupported",
              remedy: "Replay another column family: --family users.",
            });
          reads.push({ text: new TextDecoder().decode(bytes), options, family });
          return past;
        },
        problemOf,
      })
    ),
  );
  return { store, replays, reads };
}

const manifest = new File(["the manifest"], "MANIFEST-000005");
const options = new File(['[CFOptions "default"]'], "OPTIONS-000007");

test("another column family is read from the same files", async () => {
  const { store, replays, reads } = page();
  assert.equal(await replays.open([manifest, options]), true);
  assert.equal(await replays.choose("users"), true);
  const both = { text: "the manifest", options: '[CFOptions "default"]' };
  assert.deepEqual(reads, [
    { ...both, family: undefined },
    { ...both, family: "users" },
  ]);
  assert.equal(store.get().replay?.options, "OPTIONS-000007");
});

test("an OPTIONS file that comes later is read with the last history", async () => {
  const { replays, reads } = page();
  await replays.open([manifest]);
  await replays.open([options]);
  assert.deepEqual(
    reads.map((read) => [read.text, read.options]),
    [
      ["the manifest", undefined],
      ["the manifest", '[CFOptions "default"]'],
    ],
  );
});

test("a family that cannot be replayed says why, with a remedy of its own", async () => {
  const { store, replays } = page();
  await replays.open([manifest]);
  assert.equal(await replays.choose("reverse"), false);
  assert.deepEqual(store.get().history?.problem, {
    kind: "unsupported",
    message: "column family reverse has the comparator idb_cmp1",
    remedy: "Replay another column family: --family users.",
  });
  assert.equal(store.get().replay?.name, "MANIFEST-000005", "what was on the stage stays there");
});

// The reports of a learner: in which order they stand, and which challenges have one.

import assert from "node:assert/strict";
import { test } from "node:test";

import { attempted, begun, readProgress, written } from "./progress.js";
import { reportsOf } from "./reports.js";

const OUTLINE = /** @type {any} */ ({ beats: [{ title: "One" }, { title: "Two" }] });

/**
 * A lesson whose challenges need this much memory; null where nothing is reported.
 * @param {Record<string, any>} needs
 */
const fileOf = (needs) =>
  /** @type {any} */ ({
    find: (/** @type {string} */ id) => (id in needs ? [1, Object.keys(needs).indexOf(id)] : undefined),
    report: async (/** @type {number} */ _variant, /** @type {number} */ _beat, /** @type {number} */ block) => {
      const after = Object.values(needs)[block];
      if (after === "fails") throw new Error("too much");
      return after === null ? undefined : { memory: { name: "", before: 1, after }, trace: "" };
    },
  });

test("what passed stands first, and what needs least memory before that", async () => {
  let progress = begun("t", 0);
  const passed = { a: true, b: false, c: true, none: true, bad: true, gone: true };
  for (const [id, is] of Object.entries(passed))
    progress = attempted(progress, id, { passed: is, lines: ["flush"], variant: 0 });
  const reports = await reportsOf(fileOf({ a: 900, b: 100, c: 300, none: null, bad: "fails" }), OUTLINE, progress);
  assert.deepEqual(
    reports.map(({ id }) => id),
    ["c", "a", "b"],
  );
  assert.equal(reports[0].title, "Two");
});

test("sentences are kept with the progress, and anything else in their place is refused", () => {
  const progress = written(written(begun("t", 0), "a", "x"), "b", "y");
  assert.deepEqual(readProgress(JSON.parse(JSON.stringify(progress)), "t")?.sentences, { a: "x", b: "y" });
  assert.equal(readProgress({ ...progress, sentences: { a: 3 } }, "t"), null);
  assert.ok(readProgress(begun("t", 0), "t"), "what was kept before there were any");
});

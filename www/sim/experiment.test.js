// An experiment as a link, and what tells two configurations apart.

import assert from "node:assert/strict";
import { test } from "node:test";

import { readLink } from "../link.js";
import { COMPARISONS, compare, comparisonOf, decode, differences, encode, valuesOf } from "./experiment.js";

test("an experiment comes back from its link as it was", () => {
  /** @type {import("./experiment.js").Experiment[]} */
  const experiments = [
    { preset: "rocksdb", spec: {}, a: {}, b: null },
    { preset: "overload", spec: { write_mb_per_s: "50", key_dist: "zipf" }, a: { max_background_jobs: "4" }, b: null },
    { preset: "bursts", spec: {}, a: {}, b: {} },
    ...COMPARISONS.map(({ a, b }) => ({ preset: "ten-hours", spec: {}, a, b })),
  ];
  for (const experiment of experiments) assert.deepEqual(decode(encode(experiment)), experiment);
});

test("what is no experiment is none; what is wrong in one is left out", () => {
  assert.equal(decode(""), null);
  assert.equal(decode("#v=1&preset=teaching&script=put%20a%201"), null);
  assert.equal(decode("#v=2&room=simulate"), null);
  assert.deepEqual(decode("#v=1&room=simulate"), { preset: "rocksdb", spec: {}, a: {}, b: null });
  assert.deepEqual(decode("#v=1&room=simulate&spec=preset%20bursts%20seed%3D7%20%3Cb%3E%3D1%20alone&a=x%3D"), {
    preset: "bursts",
    spec: { seed: "7" },
    a: {},
    b: null,
  });
});

test("a moment of the sandbox is no experiment, and the other way round", async () => {
  const link = encode({ preset: "rocksdb", spec: {}, a: {}, b: null });
  assert.deepEqual(await readLink(link), { kind: "experiment" });
});

test("differences name each option once, with both sides' values", () => {
  const defaults = { compaction_style: "leveled", max_background_jobs: "2" };
  assert.deepEqual(
    differences({ compaction_style: "leveled" }, { compaction_style: "universal", max_background_jobs: "8" }, defaults),
    [
      { name: "compaction_style", a: "leveled", b: "universal" },
      { name: "max_background_jobs", a: "2", b: "8" },
    ],
  );
  assert.deepEqual(
    differences({ max_background_jobs: "2" }, {}, defaults),
    [],
    "a default that is written out is no difference",
  );
});

test("a preset's values hold until they are changed", () => {
  const preset = {
    name: "x",
    about: "",
    spec: /** @type {[string, string][]} */ ([
      ["seed", "1"],
      ["write_mb_per_s", "20"],
    ]),
    options: /** @type {[string, string][]} */ ([["device", "hdd"]]),
  };
  assert.deepEqual(valuesOf(preset, "spec", { seed: "2" }), { seed: "2", write_mb_per_s: "20" });
  assert.deepEqual(valuesOf(preset, "options", {}), { device: "hdd" });
  assert.deepEqual(valuesOf(undefined, "options", { a: "1" }), { a: "1" });
});

test("a comparison leaves the preset, the workload and all other options as they are", () => {
  /** @type {import("./experiment.js").Experiment} */
  const mine = { preset: "rocksdb", spec: { write_mb_per_s: "7" }, a: { block_size: "8KB" }, b: null };
  let experiment = mine;
  for (const { name, a, b } of COMPARISONS) {
    experiment = { ...experiment, ...compare(name, experiment) };
    assert.equal(comparisonOf(experiment), name);
    assert.deepEqual(experiment, { ...mine, a: { ...mine.a, ...a }, b: { ...mine.a, ...b } });
  }
  assert.equal(comparisonOf({ ...mine, ...compare("own", mine) }), "own");
  assert.deepEqual({ ...mine, ...compare("", experiment) }, mine);
});

// Links of every version that was ever made are read: docs/formats.md promises it. No fixture is ever changed; a
// version 3 gets one of its own.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { readLink } from "./link.js";
import { decode as decodeExperiment } from "./sim/experiment.js";

/** @param {string} name */
const fixture = (name) =>
  JSON.parse(readFileSync(new URL(`../tests/fixtures/formats/${name}.json`, import.meta.url), "utf8"));
const first = fixture("links-1");
const second = fixture("links-2");

test("moments of version 1 come back from their links", async () => {
  for (const { link, moment } of first.moments) {
    const { preset, script, next, at } = moment;
    const branches = [{ title: "main", script, next, at: at === null ? null : String(at), facts: "" }];
    const view = { shown: 0, pastOnly: false, stepInto: null, layout: null, zoom: null, selection: null };
    const read = { kind: "moment", moment: { preset, options: {}, branches, ...view } };
    assert.deepEqual(await readLink(link), read, link);
    assert.equal(decodeExperiment(link), null, link);
  }
});

test("experiments of version 1 come back from their links", async () => {
  for (const { link, experiment } of first.experiments) {
    assert.deepEqual(decodeExperiment(link), experiment, link);
    assert.deepEqual(await readLink(link), { kind: "experiment" }, link);
  }
});

test("moments of version 2 come back from their links, raw and deflated", async () => {
  for (const { link, moment } of second.moments) {
    assert.deepEqual(await readLink(link), { kind: "moment", moment }, link);
    assert.equal(decodeExperiment(link), null, link);
  }
});

test("a link of a newer version, or of none, is not taken for one of these", async () => {
  for (const link of second.newer) {
    assert.equal((await readLink(link))?.kind, "refused", link);
    assert.equal(decodeExperiment(link), null, link);
  }
  for (const link of second.none) assert.equal(await readLink(link), null, link);
});

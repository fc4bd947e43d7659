// Links of every version that was ever made are decoded: docs/formats.md promises it. The fixture is never changed; a
// version 2 gets one of its own.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { decode as decodeMoment } from "./link.js";
import { decode as decodeExperiment } from "./sim/experiment.js";

const fixture = new URL("../tests/fixtures/formats/links-1.json", import.meta.url);
const { moments, experiments, newer } = JSON.parse(readFileSync(fixture, "utf8"));

test("moments of version 1 come back from their links", () => {
  for (const { link, moment } of moments) {
    assert.deepEqual(decodeMoment(link), moment, link);
    assert.equal(decodeExperiment(link), null, link);
  }
});

test("experiments of version 1 come back from their links", () => {
  for (const { link, experiment } of experiments) {
    assert.deepEqual(decodeExperiment(link), experiment, link);
    assert.equal(decodeMoment(link), null, link);
  }
});

test("a link of a newer version is not taken for one of this", () => {
  for (const link of newer) assert.deepEqual([decodeMoment(link), decodeExperiment(link)], [null, null], link);
});

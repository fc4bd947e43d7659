// What can be saved when the engine has stopped, however little of it still answers.

import assert from "node:assert/strict";
import { test } from "node:test";

import { report } from "./report.js";
import { initialState } from "./state.js";

const WHERE = { version: "1.2.3", browser: "a browser", time: "2026-01-01T00:00:00.000Z" };

/** A sandbox of `length` events, which breaks when it reads one from `breaks` on. */
const sandbox = (/** @type {number} */ length, breaks = Infinity) => ({
  rescue: (/** @type {number} */ from) =>
    from >= breaks
      ? null
      : Array.from(
          { length: Math.min(2, length - from) },
          (_, i) => /** @type {import("../lsmscope.js").EventRow} */ ({ index: from + i }),
        ),
});

const state = () => {
  const { stage, forms, ...rest } = initialState();
  return {
    ...rest,
    problem: { kind: "panic", message: "panicked at x.rs:1", remedy: "" },
    stage: { ...stage, script: ["put a 1"], queue: ["get a"], log: [{ id: 1, line: "get z", outcome: null }] },
    forms: { ...forms, command: "put" },
  };
};

/** @param {string[]} parts */
const read = (parts) =>
  parts
    .join("")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

test("the first line says what happened, where, and what was typed; the events follow", () => {
  const { parts, events } = report(state(), sandbox(5), WHERE);
  const [first, ...rows] = read(parts);
  assert.equal(events, 5);
  assert.deepEqual(
    rows.map((row) => row.index),
    [0, 1, 2, 3, 4],
  );
  const { lsmscope, stopped, running, script, queue, draft } = first.report;
  assert.deepEqual(
    [lsmscope, stopped, running, script, queue, draft],
    ["1.2.3", "panicked at x.rs:1", "get z", ["put a 1"], ["get a"], "put"],
  );
  assert.equal(first.report.events, 5);
});

test("what was read before it broke again is kept", () => {
  const { parts, events } = report(state(), sandbox(10, 4), WHERE);
  assert.deepEqual([events, read(parts).length], [4, 5]);
});

test("without any events, the rest is saved all the same", () => {
  for (const broken of [null, sandbox(5, 0)]) {
    const { parts, events } = report(state(), broken, WHERE);
    assert.deepEqual([events, read(parts).length, read(parts)[0].report.script], [null, 1, ["put a 1"]]);
  }
  assert.equal(report(state(), sandbox(0), WHERE).events, 0);
});

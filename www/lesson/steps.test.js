// How a beat goes on: what is shown, runs and is asked before the learner does something.

import assert from "node:assert/strict";
import { test } from "node:test";

import { asks, controlsOf, stepsOf } from "./steps.js";

/** @typedef {import("./steps.js").Item} Item */

/** @param {string} text @returns {Item} */
const words = (text) => ({ type: "text", nodes: [{ type: "text", text }] });

let blocks = 0;
/** @param {Record<string, unknown>} content @param {string | null} [id] */
const block = (content, id = null) =>
  /** @type {Item} */ (/** @type {unknown} */ ({ type: "block", block: (blocks += 1), id, content }));
const question = (/** @type {string} */ id, shares = false) =>
  block({ type: "predict", shares, hide: [], kind: "choice", choices: [] }, id);
const run = (/** @type {string} */ line) => block({ type: "lines", role: "run", lines: [line], from: 0, to: 1 });

test("questions of one window are one step, and another window is the next", () => {
  const steps = stepsOf([question("a"), question("b", true), question("c")]);
  assert.deepEqual(
    steps.map((step) => step.questions.map(({ id }) => id)),
    [["a", "b"], ["c"]],
  );
});

test("what stands below a question comes with the next step; the last words when it is answered", () => {
  const steps = stepsOf([
    words("before"),
    question("a"),
    words("between"),
    run("flush"),
    question("b"),
    words("after"),
  ]);
  assert.deepEqual(
    steps.map(({ items, lines, after }) => [items.length, lines.length, after.length]),
    [
      [1, 0, 0],
      [2, 1, 1],
    ],
  );
});

test("lines that run behind the last question are a step of their own", () => {
  const steps = stepsOf([question("a"), run("flush"), words("now")]);
  assert.deepEqual(steps.map(asks), [true, false]);
});

test("a beat without anything has one step, and no controls of its own", () => {
  assert.equal(stepsOf([]).length, 1);
  assert.equal(controlsOf([words("a")]), null);
  assert.deepEqual(controlsOf([block({ type: "show", controls: ["stage"] })]), ["stage"]);
});

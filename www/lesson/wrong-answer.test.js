// The wrong answer of most of an audience, and the text for it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { wrongAnswer } from "./wrong-answer.js";

/** @typedef {import("../../lsmscope_lesson.js").LessonAnswer} Answer */

const PLACE = { variant: 0, beat: 0, block: 0 };

/**
 * What is told of votes, by a grader that repeats what it was given.
 * @param {Answer} answer The right one.
 * @param {[answer: string, first: string, second: string][]} votes
 * @param {{ named?: string[], silent?: boolean }} [how]
 */
function told(answer, votes, { named = [], silent = false } = {}) {
  const grade = async (
    /** @type {number} */ _v,
    /** @type {number} */ _b,
    /** @type {number} */ _k,
    /** @type {any} */ given,
  ) => {
    if (given.number === "many") throw new Error("no number");
    return { outcome: "wrong", text: silent ? [] : [{ type: "text", text: JSON.stringify(given) }] };
  };
  const rows = votes.map(([answer, first, second]) => ({ answer, first, second }));
  const right = /** @type {import("./right-answer.js").Right} */ ({ answer, named, grade: {} });
  return wrongAnswer(/** @type {any} */ ({ grade }), PLACE, right, rows);
}

/** The answer of which the text is. @param {Promise<import("./wrong-answer.js").Wrong | null>} told */
const graded = async (told) => {
  const [node] = (await told)?.text ?? [];
  return node?.type === "text" ? JSON.parse(node.text) : null;
};

test("the second vote counts; where it was not counted, the first", async () => {
  const right = { choice: "a" };
  const both = await told(right, [
    ["a", "1", "20"],
    ["b", "30", "4"],
    ["c", "2", "5"],
  ]);
  assert.equal(both?.answer, "c");
  const first = await told(right, [
    ["a", "40", ""],
    ["b", "30", ""],
    ["c", "2", ""],
  ]);
  assert.equal(first?.answer, "b");
});

test("nothing is told where no hand was for a wrong answer, and where the lesson says nothing to it", async () => {
  const right = { choice: "a" };
  assert.equal(await told(right, [["a", "9", "9"]]), null);
  assert.equal(await told(right, [["b", "", ""]]), null);
  assert.equal(
    await told(right, [
      ["a", "9", "9"],
      ["b", "5", "0"],
    ]),
    null,
  );
  assert.equal(await told(right, [["b", "1", "1"]], { silent: true }), null);
});

test("of numbers, the most frequent one that is not right, and is a number", async () => {
  const votes = /** @type {[string, string, string][]} */ ([
    ["3.0", "", "50"],
    ["many", "", "40"],
    ["4", "", "7"],
    ["5", "", "12"],
  ]);
  assert.deepEqual(await graded(told({ number: "3", why: 1 }, votes, { named: ["3.0"] })), { number: "5", why: 1 });
});

test("of an order, it comes first; of places, rows and several choices, it is one too many", async () => {
  const votes = /** @type {[string, string, string][]} */ ([["c", "3", "3"]]);
  assert.deepEqual(await graded(told({ order: ["a", "b", "c"] }, votes)), { order: ["c", "a", "b"] });
  assert.deepEqual(await graded(told({ click: ["a"] }, votes)), { click: ["a", "c"] });
  assert.deepEqual(await graded(told({ scan: ["a"] }, votes)), { scan: ["a", "c"] });
  assert.deepEqual(await graded(told({ choices: ["a"] }, votes)), { choices: ["a", "c"] });
});

// The right answer among those that are tried.

import assert from "node:assert/strict";
import { test } from "node:test";

import { answers, isRight, rightAnswer } from "./right-answer.js";

/** @typedef {import("./steps.js").Prediction} Prediction */

const question = (/** @type {Record<string, unknown>} */ content) =>
  /** @type {Prediction} */ (
    /** @type {unknown} */ ({ several: false, reasons: [], choices: [], cards: [], ...content })
  );
const choices = ["a", "b", "c"].map((value) => ({ value, text: [] }));
/** A file whose grader takes one answer. @param {(answer: any) => boolean} takes */
const file = (takes) =>
  /** @type {import("./lesson-context.js").LessonFile} */ (
    /** @type {unknown} */ ({
      grade: async (
        /** @type {number} */ _v,
        /** @type {number} */ _b,
        /** @type {number} */ _k,
        /** @type {any} */ given,
      ) => ({
        outcome: takes(given) ? "right" : "wrong",
        truth: 3,
      }),
    })
  );
const PLACE = { variant: 0, beat: 0, block: 0 };

test("each choice is tried, with each reason", async () => {
  const found = await rightAnswer(
    file((answer) => answer.choice === "b" && answer.why === 1),
    PLACE,
    question({ kind: "choice", choices, reasons: [[], []] }),
  );
  assert.deepEqual(found?.answer, { choice: "b", why: 1 });
  assert.ok(found && isRight(found, "b") && !isRight(found, "a"));
});

test("a number is the truth; an answer that is found nowhere is none", async () => {
  const number = question({ kind: "number" });
  const found = await rightAnswer(
    file((answer) => answer.number.trim() === "3"),
    PLACE,
    number,
    [" 3"],
  );
  assert.ok(found && isRight(found, " 3"));
  const none = await rightAnswer(
    file(() => false),
    PLACE,
    number,
    ["3"],
  );
  assert.equal(none?.answer, null);
  assert.ok(none && !isRight(none, "3"));
});

test("of numbers that the audience names, those are right that the grader takes", async () => {
  const takes = (/** @type {any} */ answer) => {
    if (answer.number === "many") throw new Error("no number");
    return Math.abs(Number(answer.number.replace(",", "")) - 3) < 0.1 && answer.why === 1;
  };
  const named = ["", "3.05", "2", "many", "0,003"];
  const found = await rightAnswer(file(takes), PLACE, question({ kind: "number", reasons: [[], []] }), named);
  assert.deepEqual(found?.named, ["3.05", "0,003"]);
  assert.deepEqual(
    named.filter((value) => found && isRight(found, value)),
    ["3.05", "0,003"],
  );
});

test("of several choices, sets are tried; of an order, the first is what is voted on", () => {
  const sets = answers(question({ kind: "choice", several: true, choices }), true);
  assert.ok(sets.some((one) => "choices" in one && one.choices.join() === "a,c"));
  const right = /** @type {import("./right-answer.js").Right} */ (
    /** @type {unknown} */ ({ answer: { order: ["b", "a"] }, grade: {} })
  );
  assert.ok(isRight(right, "b") && !isRight(right, "a"));
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { attempted, begun, isDone, readProgress, score, surprises, tried } from "./progress.js";

/**
 * @param {import("./progress.js").Outcome} outcome
 * @param {boolean | null} [sure]
 * @returns {import("./progress.js").Try}
 */
const answered = (outcome, sure = null) => ({
  variant: 0,
  answer: { number: "1" },
  outcome,
  ask: "How many?",
  said: "1",
  happened: "2",
  tag: "",
  sure,
});

const ASKED = { questions: ["a", "b", "c"], challenges: ["d"] };

test("first tries count for the score, and a challenge double", () => {
  let progress = begun("write", 3);
  progress = tried(progress, "a", answered("right"));
  progress = tried(progress, "b", answered("wrong"));
  progress = tried(progress, "b", answered("right"));
  progress = attempted(progress, "d", { passed: false, lines: [], variant: 0 });
  assert.deepEqual(score(ASKED, progress), { points: 1, of: 5, done: 2, asked: 4 });
  progress = attempted(progress, "d", { passed: true, lines: ["flush"], variant: 0 });
  assert.deepEqual(score(ASKED, progress), { points: 3, of: 5, done: 3, asked: 4 });
});

test("to be shown is no first try, and an answer after it does not count", () => {
  let progress = tried(begun("write", 0), "a", answered("shown"));
  progress = tried(progress, "a", answered("right"));
  assert.equal(score(ASKED, progress).points, 0);
  assert.ok(isDone(progress, "a"));
});

test("a challenge that was passed stays passed, with the lines that passed it", () => {
  let progress = attempted(begun("write", 0), "d", { passed: true, lines: ["flush"], variant: 0 });
  progress = attempted(progress, "d", { passed: false, lines: ["get a"], variant: 0 });
  assert.deepEqual(progress.challenges.d, { passed: true, attempts: 2, lines: ["flush"], variant: 0 });
});

test("what surprised most comes first: sure, and wrong", () => {
  let progress = tried(begun("write", 0), "a", answered("wrong", false));
  progress = tried(progress, "b", answered("wrong", true));
  progress = tried(progress, "c", answered("right", true));
  assert.deepEqual(
    surprises(ASKED.questions, progress).map(({ id }) => id),
    ["b", "a"],
  );
});

test("what was kept is read again; what is of another lesson, or damaged, is not", () => {
  const progress = attempted(tried(begun("write", 3), "a", answered("right")), "d", {
    passed: true,
    lines: ["flush"],
    variant: 0,
  });
  const kept = JSON.parse(JSON.stringify(progress));
  assert.deepEqual(readProgress(kept, "write"), progress);
  assert.equal(readProgress(kept, "reads"), null);
  for (const damage of [null, 1, "x", [], { ...kept, v: 2 }, { ...kept, variant: -1 }, { ...kept, tries: { a: 1 } }])
    assert.equal(readProgress(damage, "write"), null);
  assert.equal(readProgress({ ...kept, tries: { a: [{ outcome: "perfect" }] } }, "write"), null);
});

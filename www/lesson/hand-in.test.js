// What is handed in: what counts, in the form that the engine grades again.

import assert from "node:assert/strict";
import { test } from "node:test";

import { handInFile, handInOf } from "./hand-in.js";
import { attempted, begun, tried, written } from "./progress.js";

const ASKED = { questions: ["a", "b"], challenges: ["c"] };
const TRY = { variant: 2, ask: "How many?", said: "1", happened: "2", tag: "", sure: null };

test("answers in their order, and the lines of the challenge that passed; variants count from 1", () => {
  let progress = begun("write", 2);
  progress = tried(progress, "a", { ...TRY, answer: { number: "1" }, outcome: "wrong" });
  progress = tried(progress, "a", { ...TRY, answer: { number: "2" }, outcome: "right" });
  progress = attempted(progress, "c", { passed: true, lines: ["flush"], variant: 2 });
  assert.deepEqual(JSON.parse(handInOf(ASKED, progress)), {
    v: 2,
    lesson: "write",
    variant: 3,
    score: { points: 2, of: 4 },
    answers: [
      { id: "a", answer: { number: "1" }, outcome: "wrong", variant: 3 },
      { id: "a", answer: { number: "2" }, outcome: "right", variant: 3 },
    ],
    challenges: [{ id: "c", lines: ["flush"], passed: true, variant: 3 }],
  });
});

test("what was shown first is not answered, whatever was said later", () => {
  let progress = tried(begun("write", 2), "b", { ...TRY, answer: null, outcome: "shown" });
  progress = tried(progress, "b", { ...TRY, answer: { number: "2" }, outcome: "right" });
  assert.deepEqual(JSON.parse(handInOf(ASKED, progress)).answers, []);
});

test("a challenge with a report has its numbers, and the learner's sentences", () => {
  let progress = attempted(begun("tuning", 0), "c", { passed: true, lines: ["flush"], variant: 0 });
  progress = written(progress, "c", "Memory pays.");
  const report = {
    variant: { number: 1, values: { seed: 7 } },
    options: [],
    memory: undefined,
    numbers: [],
    trace: "a1",
  };
  const reports = [{ id: "c", title: "C", lines: ["flush"], passed: true, report }];
  const [entry] = JSON.parse(handInOf(ASKED, progress, reports)).challenges;
  assert.equal(entry.sentences, "Memory pays.");
  assert.deepEqual([entry.report.trace, entry.report.variant.values.seed], ["a1", 7]);
});

test("a name stands in the file if one was written, and in what the file is called", () => {
  const progress = begun("write", 2);
  assert.equal(JSON.parse(handInOf(ASKED, progress, [], " Ada Lovelace ")).name, "Ada Lovelace");
  assert.ok(!("name" in JSON.parse(handInOf(ASKED, progress, [], "  "))));
  assert.equal(handInFile("write", " Zoë O'Neil/../3 "), "write-Zoë-O-Neil-3.json");
  assert.equal(handInFile("write", ""), "write.json");
});

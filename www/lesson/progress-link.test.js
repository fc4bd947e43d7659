// What a host keeps of a lesson: all that the page needs to go on, and nothing that is not progress.

import assert from "node:assert/strict";
import { test } from "node:test";

import { progressLink, readProgressLink } from "./progress-link.js";
import { attempted, begun, readProgress, score, surprises, tried } from "./progress.js";

const ASK = "How many frames does the log have after these three writes, of which two are in one batch?";
/** @param {import("./progress.js").Outcome} outcome @param {number} n */
const answered = (outcome, n) => ({
  variant: n,
  answer: { number: `${n}` },
  outcome,
  ask: `${n}: ${ASK}`,
  said: `${n} frames`,
  happened: `Ein Rahmen für jeden Stapel: ${n + 1}`,
  tag: "frame-per-entry",
  sure: true,
});

/** A lesson of `count` questions, each answered wrong and then right, and a challenge. @param {number} count */
function worked(count) {
  let progress = begun("write", 3);
  for (let n = 0; n < count; n += 1) {
    progress = tried(progress, `question-${n}`, answered("wrong", n));
    progress = tried(progress, `question-${n}`, answered("right", n + 1));
  }
  return attempted({ ...progress, beat: 5, seconds: 612.5 }, "c", { passed: true, lines: ["put a 1"], variant: 3 });
}

test("a learner goes on where they were: beat, answers, score and what is shown at the end", async () => {
  const progress = worked(3);
  const link = await progressLink(progress, 4000);
  const found = readProgress(await readProgressLink(`#${link}`), "write");
  assert.ok(found);
  const asked = { questions: ["question-0", "question-1", "question-2"], challenges: ["c"] };
  assert.deepEqual(score(asked, found), score(asked, progress));
  assert.deepEqual(surprises(asked.questions, found), surprises(asked.questions, progress));
  assert.deepEqual(found.challenges, progress.challenges);
  assert.deepEqual([found.beat, found.variant, found.seconds], [5, 3, 612.5]);
  assert.deepEqual(
    found.tries["question-1"].map(({ answer, outcome, variant }) => ({ answer, outcome, variant })),
    [
      { answer: { number: "1" }, outcome: "wrong", variant: 1 },
      { answer: { number: "2" }, outcome: "right", variant: 2 },
    ],
  );
});

test("a lesson with every question wrong fits into what a learning platform keeps", async () => {
  const link = await progressLink(worked(16), 3893);
  assert.match(link, /^progress=[\w-]+$/);
});

test("what is longer than a host keeps is not cut: there is none", async () => {
  assert.equal(await progressLink(worked(16), 200), "");
});

test("what is no progress of this lesson is none", async () => {
  const link = await progressLink(worked(1), 4000);
  for (const wrong of [
    "",
    "#",
    "v=2&script=put+a+1",
    "progress=",
    "progress=!",
    "progress=AAAA",
    `${link.slice(0, -9)}`,
  ])
    assert.equal(await readProgressLink(wrong), null, wrong);
  assert.equal(readProgress(await readProgressLink(link), "reads"), null);
});

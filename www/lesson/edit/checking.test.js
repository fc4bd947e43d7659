// A text is read at once and checked after a pause; of a text that has changed, nothing is told.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createChecking } from "./checking.js";

/** A lesson whose checks end when they are told to. @param {number} variants */
function fakeLesson(variants) {
  /** @type {((findings: any[]) => void)[]} */
  const checks = [];
  const log = { freed: 0, asked: /** @type {number[]} */ ([]) };
  /** @type {any} */
  const lesson = {
    outline: () => ({ variants }),
    check: (/** @type {number} */ count) => {
      log.asked.push(count);
      return new Promise((done) => checks.push(done));
    },
    free: () => (log.freed += 1),
  };
  return { lesson, checks, log };
}

const turn = () => new Promise((done) => setImmediate(done));

/** @param {Record<string, any>} texts What each text is read as. */
function checking(texts) {
  /** @type {(() => void)[]} */
  let waiting = [];
  /** @type {any[]} */
  const told = [];
  const made = createChecking({
    read: (text) => texts[text],
    arrived: () => {},
    tell: (checked) => told.push(checked),
    wait: (act) => {
      waiting.push(act);
      return () => (waiting = waiting.filter((other) => other !== act));
    },
  });
  return { made, told, pause: () => waiting.splice(0).forEach((act) => act()) };
}

test("errors of the reader are told at once", () => {
  const { made, told } = checking({ bad: { findings: ["wrong"] } });
  made.change("bad");
  assert.deepEqual(told, [{ findings: ["wrong"], check: "done", variants: 0 }]);
  assert.equal(made.lesson(), null);
});

test("after a pause one variant is checked, then all", async () => {
  const { lesson, checks, log } = fakeLesson(3);
  const { made, told, pause } = checking({ good: { lesson, findings: [] } });
  made.change("good");
  assert.deepEqual(log.asked, []);
  pause();
  checks[0](["one"]);
  await turn();
  assert.deepEqual(told.at(-1), { findings: ["one"], check: "running", variants: 3 });
  checks[1](["one", "two"]);
  await turn();
  assert.deepEqual(told.at(-1), { findings: ["one", "two"], check: "done", variants: 3 });
  assert.deepEqual(log, { freed: 0, asked: [1, 3] });
});

test("of a text that has changed nothing is told, and its lesson is freed when its check is over", async () => {
  const { lesson, checks, log } = fakeLesson(1);
  const { made, told, pause } = checking({ good: { lesson, findings: [] }, bad: { findings: ["wrong"] } });
  made.change("good");
  pause();
  made.change("bad");
  assert.equal(log.freed, 0, "it still runs");
  checks[0](["late"]);
  await turn();
  assert.equal(log.freed, 1);
  assert.deepEqual(told.at(-1).findings, ["wrong"]);
});

// Hands of an audience: what is a count, and where answers are named.

import assert from "node:assert/strict";
import { test } from "node:test";

import { counted, hasVotes, mostHands, noVotes } from "./votes.js";

/** @typedef {import("./steps.js").Prediction} Prediction */

const question = (/** @type {Record<string, unknown>} */ content) =>
  /** @type {Prediction} */ (/** @type {unknown} */ (content));
const CHOICE = question({ kind: "choice", choices: ["a", "b"].map((value) => ({ value, text: [] })) });

test("there is a row for each option, and both votes of it are counted apart", () => {
  const first = counted(noVotes(CHOICE), 0, { first: "12" }, false);
  const both = counted(first, 1, { second: "30" }, false);
  assert.deepEqual(both, [
    { answer: "a", first: "12", second: "" },
    { answer: "b", first: "", second: "30" },
  ]);
  assert.equal(mostHands(both), 30);
  assert.ok(hasVotes(both, "first") && hasVotes(both, "second"));
  assert.ok(!hasVotes(first, "second"));
});

test("a count has digits only, and nothing that was counted is no vote", () => {
  const [row] = counted(noVotes(CHOICE), 0, { first: "1x2-34567" }, false);
  assert.equal(row.first, "1234");
  assert.ok(!hasVotes(noVotes(CHOICE)));
});

test("where the audience names the answers, there is always one more row, but not without end", () => {
  let rows = noVotes(question({ kind: "number" }));
  assert.equal(rows.length, 1);
  rows = counted(rows, 0, { answer: "3" }, true);
  assert.equal(rows.length, 2);
  for (let at = 1; at < 9; at += 1) rows = counted(rows, Math.min(at, rows.length - 1), { answer: String(at) }, true);
  assert.equal(rows.length, 6);
});

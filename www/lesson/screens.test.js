// A beat before an audience: the order of its screens, what has run before each, and what stands beside what.

import assert from "node:assert/strict";
import { test } from "node:test";

import { beatsOf, cardOf, optionsOf, runsOf, screensOf } from "./screens.js";
import { stepsOf } from "./steps.js";

/** @typedef {import("./steps.js").Item} Item */

/** @param {number} letters @returns {Item} */
const words = (letters) => ({
  type: "text",
  nodes: [{ type: "paragraph", children: [{ type: "text", text: "x".repeat(letters) }] }],
});
let blocks = 0;
/** @param {Record<string, unknown>} content @param {string | null} [id] */
const block = (content, id = null) =>
  /** @type {Item} */ (/** @type {unknown} */ ({ type: "block", block: (blocks += 1), id, content }));
const question = (/** @type {string} */ id, more = {}) =>
  block(
    {
      type: "predict",
      kind: "choice",
      shares: false,
      hide: [],
      ask: [],
      choices: [{ value: "a", text: [] }],
      lines: [`get ${id}`],
      from: 7,
      ...more,
    },
    id,
  );
const run = (/** @type {string} */ line) => block({ type: "lines", role: "run", lines: [line], from: 3, to: 4 });

const kinds = (/** @type {Item[]} */ items, isLast = false) =>
  screensOf(stepsOf(items), isLast).map(({ kind, ran }) => `${kind} ${ran}`);

test("a question is asked, voted on, talked about, voted on again, and only then run", () => {
  assert.deepEqual(kinds([question("a")]), ["ask 0", "vote 0", "talk 0", "vote 0", "told 1"]);
});

test("questions of one run are all asked before it, and each is told", () => {
  const of = (/** @type {string} */ kind) => [`ask ${kind}`, `vote ${kind}`, `talk ${kind}`, `vote ${kind}`];
  assert.deepEqual(kinds([question("a"), question("b", { shares: true })]), [
    ...of("0"),
    ...of("0"),
    "told 1",
    "told 1",
  ]);
});

test("what runs before a question has run with the text above it", () => {
  assert.deepEqual(kinds([run("flush"), words(500), question("a")]).slice(0, 3), ["tell 1", "tell 1", "ask 1"]);
});

test("a short text stands with its question, a long one on screens of its own", () => {
  const [first] = screensOf(stepsOf([words(60), question("a")]), false);
  assert.deepEqual([first.kind, first.items.length], ["ask", 1]);
  const long = screensOf(stepsOf([words(400), words(400), question("a")]), false);
  assert.deepEqual(
    long.slice(0, 3).map(({ kind, items }) => [kind, items.length]),
    [
      ["tell", 1],
      ["tell", 1],
      ["ask", 0],
    ],
  );
});

test("figures and tables have the whole window", () => {
  const screens = screensOf(stepsOf([words(20), block({ type: "compare" }), question("a")]), false);
  assert.deepEqual(
    screens.slice(0, 3).map(({ kind, wide }) => [kind, wide]),
    [
      ["tell", false],
      ["tell", true],
      ["ask", false],
    ],
  );
});

test("a tree that is asked about has the place of the stage, and no screen of its own", () => {
  const steps = stepsOf([block({ type: "policy", text: "level 0" }), question("a")]);
  assert.equal(cardOf(steps[0]), "level 0");
  assert.equal(screensOf(steps, false)[0].kind, "ask");
  assert.equal(cardOf(stepsOf([question("b")])[0]), null);
});

test("words behind the last question come when it is told, and the lesson ends with its sentence", () => {
  assert.deepEqual(kinds([question("a"), words(10)], true).slice(4), ["told 1", "tell 1", "end 1"]);
});

test("a challenge with lines of its own begins with a database of its own", () => {
  const challenge = block({ type: "challenge", start: ["put a 1"] }, "c");
  assert.deepEqual(kinds([challenge]), ["try 1"]);
  assert.deepEqual(runsOf(stepsOf([challenge])), [{ lines: ["put a 1"], from: null, fresh: true }]);
});

test("a lecture has the beats with a star; all, where none has one or all are wanted", () => {
  const outline = (/** @type {boolean[]} */ stars) =>
    /** @type {import("./screens.js").Outline} */ (
      /** @type {unknown} */ ({ beats: stars.map((lecture) => ({ lecture })) })
    );
  assert.deepEqual(beatsOf(outline([true, false, true]), false), [0, 2]);
  assert.deepEqual(beatsOf(outline([true, false, true]), true), [0, 1, 2]);
  assert.deepEqual(beatsOf(outline([false, false]), false), [0, 1]);
});

test("numbers are named by the audience, and so is what has too many options", () => {
  const of = (/** @type {Record<string, unknown>} */ content) =>
    optionsOf(/** @type {import("./steps.js").Prediction} */ (/** @type {unknown} */ (content)));
  assert.equal(of({ kind: "number", choices: [] }), null);
  assert.equal(of({ kind: "click", places: Array(9).fill({ place: "table 1" }) }), null);
  assert.deepEqual(of({ kind: "click", places: [{ place: "table 1" }] }), [{ value: "table 1", words: "table 1" }]);
});

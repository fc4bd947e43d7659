// Where a cursor stands: beats and blocks are counted as the reader of lessons counts them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { placeOf, sourceOf } from "./place.js";

const TEXT = `---
id: x
vary: {k: [a]}
---
## One
Text.

\`\`\`lsm run
put a 1
\`\`\`

\`\`\`js
## no heading
\`\`\`

\`\`\`predict number id=n
ask: How
  many?
truth: report.tables
\`\`\`

## Two
\`\`\`note
\`\`\`
`;
const isBlock = (/** @type {string} */ info) => /^(lsm|predict|note)\b/.test(info);
/** The place behind the first `what`. @param {string} what */
const at = (what) => placeOf(TEXT, TEXT.indexOf(what) + what.length, isBlock);

test("a cursor is in the front matter, a text, the first line of a block, or its content", () => {
  assert.deepEqual(
    ["id: x", "Text.", "```lsm run", "put a", "ask: How", "## Two"].map((what) => at(what).part),
    ["front", "text", "info", "content", "content", "text"],
  );
  assert.equal(at("id: x").before, "id: x");
});

test("beats are counted by their headings, and blocks within a beat without other fences", () => {
  assert.deepEqual(
    ["put a", "## no heading", "ask: How", "```note"].map((what) => [at(what).beat, at(what).block]),
    [
      [0, 0],
      [0, -1],
      [0, 1],
      [1, 0],
    ],
  );
  assert.equal(placeOf("Text.\n\n## One\n## Two", 20, isBlock).beat, 2, "a text before the first heading is a beat");
});

test("an indented line has the key that it continues", () => {
  assert.deepEqual(
    ["ask: How", "many?", "truth: rep"].map((what) => at(what).key),
    ["ask", "ask", "truth"],
  );
  assert.equal(at("ask: How").info, "predict number id=n");
});

test("a change of another beat leaves the source of a beat as it is, one of the front matter does not", () => {
  const one = sourceOf(TEXT, 0);
  assert.equal(sourceOf(TEXT.replace("```note", "```note\nx"), 0), one);
  assert.notEqual(sourceOf(TEXT.replace("put a 1", "put a 2"), 0), one);
  assert.notEqual(sourceOf(TEXT.replace("[a]", "[b]"), 0), one);
});

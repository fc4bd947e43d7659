// The colours of a lesson's text: words of the language where they can stand, and nowhere else.

import assert from "node:assert/strict";
import { test } from "node:test";

import { highlightTree, tagHighlighter, tags } from "@lezer/highlight";

import { lessonLanguage } from "./language.js";

const colours = tagHighlighter([
  { tag: tags.keyword, class: "key" },
  { tag: tags.operatorKeyword, class: "operator" },
  { tag: tags.number, class: "number" },
  { tag: tags.string, class: "string" },
  { tag: tags.variableName, class: "value" },
]);

/** What is coloured in a text, without what Markdown itself has. @param {string} text */
function coloured(text) {
  const language = /** @type {import("@codemirror/language").Language} */ (lessonLanguage()[0]);
  /** @type {string[]} */
  const found = [];
  highlightTree(language.parser.parse(text), colours, (from, to, name) => {
    if (name) found.push(`${name} ${text.slice(from, to)}`);
  });
  return found;
}

const PROSE = "wrong and right: run 3 or not";

test("prose has no colours, in a paragraph, in code that is shown, in a note", () => {
  for (const text of [PROSE, `- ${PROSE}`, `\`\`\`text\n${PROSE}\n\`\`\``, `\`\`\`note\n${PROSE}\n\`\`\``])
    assert.deepEqual(coloured(`---\nid: x\n---\n\n## One\n\n${text}\n`), ["key id"], text);
});

test("a block has keys, operators and numbers; the prose of its texts has none", () => {
  const block = `\`\`\`predict number id=q
ask: Is it 3 and
  true of {{k}}?
truth: a and 3
wrong 2: "not so, and
  not 4" if
\`\`\``;
  assert.deepEqual(coloured(`${block}\n\nand if\n`), [
    "key ask",
    "value {{k}}",
    "key truth",
    "operator and",
    "number 3",
    "key wrong",
    "number 2",
    'string "not so, and',
    'string   not 4"',
    "operator if",
  ]);
  assert.deepEqual(coloured("---\ntitle: One and 2\nminutes: 5\n---\n"), ["key title", "key minutes", "number 5"]);
  assert.deepEqual(coloured("```lsm run\nput a 1\n```\n"), ["key put", "number 1"]);
});

// What can stand at a cursor, of a small language.

import assert from "node:assert/strict";
import { test } from "node:test";

import { completionsAt } from "./completions.js";

/** @param {...string} names */
const words = (...names) => names.map((name) => ({ name, usage: `${name}: x`, about: `About ${name}.` }));
const block = (/** @type {string} */ name, /** @type {object} */ more) => ({
  ...words(name)[0],
  kinds: [],
  attributes: [],
  keys: [],
  takes_options: false,
  takes_lines: false,
  ...more,
});
/** @type {any} */
const LANGUAGE = {
  front: words("id", "title", "preset", "options"),
  blocks: [
    block("lsm", { kinds: words("run", "silent"), takes_options: true, takes_lines: true }),
    block("predict", {
      kinds: words("choice"),
      attributes: words("id", "hide"),
      keys: words("ask", "run", "truth", "stop", "right"),
    }),
  ],
  names: words("report", "options", "truth"),
  functions: words("count", "first", "at"),
  events: [
    { ...words("get_ended")[0], fields: ["key", "cost"], inner: [{ name: "cost", fields: ["blocks", "tables"] }] },
    { ...words("merge_kept")[0], fields: ["key", "reason"], inner: [] },
  ],
  state: words("tables", "entries"),
  formulas: words("write"),
  picked: words("level"),
  options: [
    { ...words("wal_sync")[0], choices: ["never", "always"] },
    { ...words("block_size")[0], choices: [] },
  ],
  presets: words("teaching"),
  commands: words("put", "flush"),
};

/** What can stand at `|`. @param {string} text */
function at(text) {
  const offset = text.indexOf("|");
  const found = completionsAt(LANGUAGE, text.replace("|", ""), offset);
  return found && found.choices.map(({ name }) => name);
}
const inBlock = (/** @type {string} */ line) =>
  at(`---\nvary: {k: [a]}\n---\n## A\n\`\`\`predict choice id=q\n${line}`);

test("the front matter has keys, and presets and options as values", () => {
  assert.deepEqual(at("---\nti|"), ["title"]);
  assert.deepEqual(at("---\npreset: |"), ["teaching"]);
  assert.deepEqual(at("---\noptions: {wal_sync: n|"), ["never"]);
  assert.deepEqual(at("---\noptions: {b|"), ["block_size"]);
});

test("the first line of a fence has blocks, their kinds, attributes and options", () => {
  assert.deepEqual(at("## A\n```l|"), ["lsm run", "lsm silent"]);
  assert.deepEqual(at("## A\n```predict choice |"), ["id", "hide"]);
  assert.deepEqual(at("## A\n```lsm run p|"), ["preset"]);
  assert.deepEqual(at("## A\n```lsm run wal_sync=|"), ["never", "always"]);
});

test("a block has keys, scripts, and expressions where its keys take them", () => {
  assert.deepEqual(inBlock("tr|"), ["truth"]);
  assert.deepEqual(inBlock("run: put a 1 \u007c fl|".replace("\u007c fl|", "fl|")), null);
  assert.deepEqual(inBlock("run: fl|"), ["flush"]);
  assert.deepEqual(inBlock("stop: get|"), ["get_ended"]);
  assert.deepEqual(inBlock("truth: co|"), ["count"]);
  assert.deepEqual(inBlock("truth: report.t|"), ["tables"]);
  assert.deepEqual(inBlock("truth: first(get_ended).|"), ["key", "cost"]);
  assert.deepEqual(inBlock("truth: last(get_ended where key=a).cost.|"), ["blocks", "tables"]);
  assert.deepEqual(inBlock("truth: sum(get_ended.cost.bl|"), ["blocks"]);
  assert.equal(inBlock("truth: last(merge_kept).cost.|"), null);
  assert.deepEqual(inBlock("truth: at(first(get_ended)).en|"), ["entries"]);
  assert.deepEqual(inBlock("truth: count(merge_kept where re|"), ["reason", "report"]);
  assert.deepEqual(inBlock("truth: options.bl|"), ["block_size"]);
  assert.deepEqual(inBlock('right: "There are {{report.ta|'), ["tables"]);
  assert.equal(inBlock('right: "Any text|'), null);
  assert.deepEqual(inBlock("run: put {{|"), ["k"]);
});

test("a text has expressions in braces, and else anything", () => {
  assert.deepEqual(at("## A\nText {{report.|"), ["tables", "entries"]);
  assert.equal(at("## A\nText rep|"), null);
  assert.deepEqual(at("## A\n```lsm run\npu|"), ["put"]);
});

test("a completion has what belongs to its word, and a line that explains it", () => {
  const text = "## A\n```predict choice id=q\ntr";
  const [truth] = completionsAt(LANGUAGE, text, text.length)?.choices ?? [];
  assert.equal(completionsAt(LANGUAGE, `${text}: 1`, text.length)?.choices[0].insert, "truth");
  assert.deepEqual(truth, { name: "truth", insert: "truth: ", usage: "truth: x", about: "About truth." });
});

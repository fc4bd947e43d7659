// A moment goes to the key of its block, wherever in the block the cursor stands.

import assert from "node:assert/strict";
import { test } from "node:test";

import { momentEdit } from "./moment-edit.js";

const HEAD = "---\nid: x\nkeep: |\n---\n## One\n\nText.\n\n```lsm run\nput a 1\n```\n\n";

/** A text with a moment put in; `|` is the cursor. @param {string} text */
function put(text) {
  const whole = HEAD + text;
  const offset = whole.indexOf("|", HEAD.length);
  const plain = whole.slice(0, offset) + whole.slice(offset + 1);
  const edit = momentEdit(plain, offset, "get_ended");
  return edit && (plain.slice(0, edit.from) + edit.insert + plain.slice(edit.to)).slice(HEAD.length);
}

test("of a question it is stop, and a line is made where there is none", () => {
  const without = "```predict number id=q\nask: x\ntruth: 1\n";
  const made = `${without}stop: get_ended\n\`\`\`\n\nText.\n`;
  for (const place of ["```pre", "id=q", "ask: ", "truth: 1", "truth: 1\n", "truth: 1\n``"]) {
    const whole = `${without}\`\`\`\n\nText.\n`;
    const at = whole.indexOf(place) + place.length;
    assert.equal(put(`${whole.slice(0, at)}|${whole.slice(at)}`), made, place);
  }
  const other = "```predict number id=q\nstop: other:2\nask: x|\n```\n";
  assert.equal(put(other), "```predict number id=q\nstop: get_ended\nask: x\n```\n");
  assert.equal(put("```predict number id=q\nstop:|\n```\n"), "```predict number id=q\nstop: get_ended\n```\n");
  assert.equal(put("```predict number id=q\nask: x|"), "```predict number id=q\nask: x\nstop: get_ended\n");
});

test("of a question that is not closed yet, the stop of the next one stays", () => {
  const open = "```predict number id=q\nask: x|\n";
  const made = "```predict number id=q\nask: x\nstop: get_ended\n";
  for (const rest of [
    "\n```predict number id=r\nask: y\nstop: op:2\n```\n",
    "\n## Two\n\nText.\n\n```predict number id=r\nask: y\nstop: op:2\n```\n",
    "\n## Two\n\nstop: this is text.\n",
    "\n\n",
  ])
    assert.equal(put(open + rest), made + rest, rest);
  assert.equal(put("```predict number id=q|"), "```predict number id=q\nstop: get_ended\n");
  // The cursor in the next one, and below the heading.
  const second = "```predict number id=r\nask: y|\nstop: op:2\n```\n";
  assert.equal(
    put("```predict number id=q\nask: x\n\n" + second),
    "```predict number id=q\nask: x\n\n```predict number id=r\nask: y\nstop: get_ended\n```\n",
  );
  assert.equal(put("```predict number id=q\nask: x\n\n## Two\n\nTe|xt.\n"), null);
});

test("of a figure it is the attribute at the cursor, else the first that is missing", () => {
  const figure = (/** @type {string} */ attributes, content = "put a 1|") =>
    put(`\`\`\`figure id=f${attributes}\n${content}\n\`\`\`\n`)?.split("\n")[0];
  assert.equal(figure(""), "```figure id=f from=get_ended");
  assert.equal(figure(" from=op:1"), "```figure id=f from=op:1 to=get_ended");
  assert.equal(figure(" to=op:1 key=a"), "```figure id=f to=op:1 key=a from=get_ended");
  assert.equal(figure(" from=op:1 to=op:2"), "```figure id=f from=op:1 to=get_ended");
  assert.equal(figure(" from=op|:1 to=op:2", "put a 1"), "```figure id=f from=get_ended to=op:2");
  assert.equal(figure(" via=op|:1", "put a 1"), '```figure id=f via="op:1, get_ended"');
  assert.equal(figure(' via="op:1, op:2|"', "put a 1"), '```figure id=f via="op:1, op:2, get_ended"');
});

test("outside of such a block it goes nowhere", () => {
  for (const text of ["Te|xt.\n", "```lsm run\nput a| 1\n```\n", "|\n\n```predict number id=q\n```\n"])
    assert.equal(put(text), null, text);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { MAX_HEAD, NOTHING, read, withAnswer, write } from "./kept.js";

test("the first try of a question counts, and a later right one corrects it", () => {
  assert.equal(withAnswer("", 0, "right"), "r");
  assert.equal(withAnswer("r", 0, "wrong"), "r");
  assert.equal(withAnswer("r", 2, "wrong"), "r-w");
  assert.equal(withAnswer("r-w", 2, "wrong"), "r-w");
  assert.equal(withAnswer("r-w", 2, "right"), "r-c");
  assert.equal(withAnswer("r-c", 2, "wrong"), "r-c");
});

test("a question that no lesson has is named", () => {
  for (const n of [-1, 0.5, 200, NaN]) assert.throws(() => withAnswer("", n, "right"), new RegExp(`question ${n}:`));
});

test("what is kept is read back, and what others have left is not", () => {
  for (const kept of [NOTHING, { answers: "r-wc", link: "" }, { answers: "", link: "v=2&script=put+a+1%3B%0Aflush" }])
    assert.deepEqual(read(write(kept, 4096)), kept);
  for (const text of ["", "1", "2;r;v=2", "1;rx;v=2", `1;${"r".repeat(201)};`, "1;r;v=2 \n", "page=3", '{"a":1}'])
    assert.deepEqual(read(text), NOTHING, text);
});

test("a link that would make it too long is left out, answers never are", () => {
  const answers = "r".repeat(200);
  assert.equal(MAX_HEAD, `1;${answers};`.length);
  const link = "v".repeat(4096 - MAX_HEAD);
  assert.equal(write({ answers, link }, 4096).length, 4096);
  assert.equal(write({ answers, link: `${link}v` }, 4096), `1;${answers};`);
});

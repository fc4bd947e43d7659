// A moment survives being a link.

import assert from "node:assert/strict";
import { test } from "node:test";

import { decode, encode, lines } from "./link.js";

const moment = { preset: "teaching", script: ["put a 1", 'put b "x & y = ü"', "flush"], next: ["get a"], at: 12 };

test("a moment comes back from its link as it was", () => {
  assert.deepEqual(decode(encode(moment)), moment);
  assert.deepEqual(decode(encode({ ...moment, next: [], at: null })), { ...moment, next: [], at: null });
});

test("a fragment that is no moment is passed over", () => {
  for (const fragment of ["", "#", "#top", "#v=2&script=put+a+1"]) assert.equal(decode(fragment), null);
});

test("a damaged position is left out, the rest is kept", () => {
  assert.equal(decode("#v=1&script=flush&at=x1")?.at, null);
  assert.equal(decode("#v=1&script=flush&at=-3")?.at, null);
  assert.deepEqual(decode("#v=1&script=flush")?.script, ["flush"]);
});

test("blank lines and comments of a script are not run", () => {
  assert.deepEqual(lines("put a 1\r\n\n  # a comment\n  get a  \n"), ["put a 1", "get a"]);
});

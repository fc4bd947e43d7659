// Lines of the command language, as forms and scripts have them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { driveLine, lines, scanLine, token } from "./command-lines.js";

test("blank lines and comments of a script are not run", () => {
  assert.deepEqual(lines("put a 1\r\n\n  # a comment\n  get a  \n"), ["put a 1", "get a"]);
});

test("what is typed into a box becomes one token of the command language", () => {
  assert.equal(token("user:1"), "user:1");
  assert.equal(token("two words"), '"two words"');
  assert.equal(token('say "hi"'), '"say \\"hi\\""');
  assert.equal(token(""), '""');
  assert.equal(token("@1"), '"@1"');
  assert.equal(token("\\x00"), "\\x00", "a key can be typed as the page shows it");
});

test("a scan's ends may be left out", () => {
  assert.equal(scanLine("", ""), "scan");
  assert.equal(scanLine("a", ""), "scan a");
  assert.equal(scanLine("a", "z"), "scan a z");
  assert.equal(scanLine("", "z"), 'scan "" z');
});

test("the line names the preset and what differs", () => {
  assert.equal(driveLine("demo", {}), "drive preset=demo");
  assert.equal(
    driveLine("ycsb-a", { duration_seconds: "10 ", seed: "7" }),
    "drive preset=ycsb-a duration_seconds=10 seed=7",
  );
});

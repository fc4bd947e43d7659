// What is said of two runs: each difference in the right direction, in words and in numbers, and nothing where there is
// none.

import assert from "node:assert/strict";
import { test } from "node:test";

import { compared } from "./compare.js";

const GB = 2 ** 30;
const base = /** @type {import("./engine.js").Summary} */ ({
  written: 100 * GB,
  writeRocksdb: 10,
  bytes: 12 * GB,
  spaceLive: 1.2,
  runs: 8,
  readP99: 0.0004,
  waited: 0,
  user: 10 * GB,
  sustainable: 25,
});

test("what B does less and more is said by what A does, and which of it is better is marked", () => {
  const { sentence, rows } = compared(base, {
    ...base,
    written: 62 * GB,
    writeRocksdb: 6.2,
    bytes: 19.2 * GB,
    spaceLive: 1.92,
    runs: 6,
  });
  assert.equal(sentence, "B writes 38 % less, needs 1.6× the space and leaves 25 % fewer runs to read.");
  const row = (/** @type {string} */ name) => rows.find((r) => r.name === name);
  assert.deepEqual([row("written by jobs")?.times, row("written by jobs")?.better], ["0.62×", "better"]);
  assert.deepEqual([row("space")?.a, row("space")?.b, row("space")?.better], ["12 GB", "19.2 GB", "worse"]);
  assert.deepEqual([row("user bytes written")?.times, row("user bytes written")?.better], ["same", "same"]);
});

test("writes are compared by the byte of the user's, where one of them took in less", () => {
  const stalled = { ...base, written: 50 * GB, user: 5 * GB, waited: 1800 };
  assert.equal(compared(base, stalled).sentence, "B lets writers wait 30 min where A never does.");
  assert.equal(compared(stalled, base).sentence, "B never lets writers wait where A does for 30 min.");
  assert.equal(compared(base, stalled).rows.find((r) => r.name === "user bytes written")?.better, "worse");
});

test("a ratio that one of them does not have is compared with nothing", () => {
  const nothing = {
    ...base,
    writeRocksdb: undefined,
    spaceLive: undefined,
    sustainable: undefined,
    user: 0,
    written: 0,
  };
  const { sentence, rows } = compared(nothing, base);
  const row = rows.find((r) => r.name === "write amplification");
  assert.deepEqual([row?.a, row?.b, row?.times, row?.better], ["–", "10.00", "–", "same"]);
  assert.equal(rows.find((r) => r.name === "could sustain")?.a, "–");
  assert.doesNotMatch(sentence, /NaN|Infinity|writes/);
});

test("what is the same within two in a hundred is not made much of", () => {
  assert.equal(compared(base, { ...base, written: 101 * GB }).sentence, "A and B differ by less than 2 %.");
});

// Two runs laid over each other: which line is of which run can be told by colour and by its letter.

import assert from "node:assert/strict";
import { test } from "node:test";

import { CHARTS } from "../../sim/series.js";
import { RUNS, laidOver, lineEnds } from "./chart.js";

const run = (/** @type {number[]} */ at, /** @type {number} */ times) => ({
  columns: { at, write_amplification: at.map((s) => s * times), read_p50_us: at, read_p99_us: at },
  tables: [at.map(() => times), at.map(() => 1)],
  bytes: [],
});
const chart = (/** @type {string} */ name) =>
  /** @type {import("../../sim/series.js").Chart} */ (CHARTS.find((one) => one.name === name));

test("each run has its own colour in every chart, and one line that its letter is at", () => {
  for (const name of ["write", "latency", "tables"]) {
    const { lines } = laidOver(chart(name), [run([1, 2, 3], 2), run([1, 2], 5)]);
    const main = lines.filter((line) => line.main);
    assert.deepEqual(
      main.map((line) => [line.run, line.colour]),
      RUNS.map(({ colour }, i) => [i, colour]),
      name,
    );
  }
});

test("one run alone keeps the chart's colour and has no letter", () => {
  const laid = laidOver(chart("write"), [run([1, 2, 3], 2)]);
  assert.deepEqual([laid.lines[0].colour, laid.lines[0].run], ["--l4", 0]);
  assert.deepEqual(lineEnds(laid, { from: 0, to: 9 }), []);
});

test("a letter is where its line ends in view, also of a run that ended early; none where it is out of view", () => {
  const laid = laidOver(chart("write"), [run([1, 2, 3], 2), run([1, 2], 5)]);
  assert.deepEqual(lineEnds(laid, { from: 0, to: 9 }), [
    { run: 0, second: 3, value: 6 },
    { run: 1, second: 2, value: 10 },
  ]);
  assert.deepEqual(
    lineEnds(laid, { from: 0, to: 2.5 }).map(({ second }) => second),
    [2, 2],
  );
  assert.deepEqual(
    lineEnds(laid, { from: 2.5, to: 9 }).map((end) => end.run),
    [0],
  );
});

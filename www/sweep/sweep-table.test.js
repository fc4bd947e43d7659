import assert from "node:assert/strict";
import { test } from "node:test";

import { paretoFront, readSweep } from "./sweep-table.js";

const HEAD =
  "plan,run,seed,compaction_style,write_buffer_size,outcome,seconds," +
  "write_amp,read_amp,space_amp,stopped_seconds,peak_bytes";
const ROWS = [
  "p1,0,1,leveled,16777216,done,60,9.5,4,1.1,0,100",
  "p1,1,1,leveled,33554432,done,60,8,4,1.1,2.5,100",
  "p1,2,1,universal,16777216,done,60,4,9,1.9,0,200",
  "p1,3,1,universal,33554432,refused,,,,,,",
  "p1,4,1,universal,67108864,done,60,,1,,0,0",
];

test("runs are those that came to their end, by write amplification, the best marked", () => {
  const table = readSweep([HEAD, ...ROWS, ROWS[0].slice(0, 20)].join("\n"), "rows.csv");
  assert.deepEqual(table.axes, ["compaction_style", "write_buffer_size"]);
  assert.deepEqual(
    table.runs.map(({ run, best }) => [run, best]),
    [
      [2, true],
      [1, true],
      [0, false],
    ],
  );
  assert.deepEqual([table.runs[1].values, table.runs[1].stopped, table.leftOut], [["leveled", "33554432"], 2.5, 2]);
});

test("a sweep over seeds has its seed among what varies", () => {
  const head = "plan,run,seed,outcome,write_amp,read_amp,space_amp,stopped_seconds,peak_bytes";
  const table = readSweep(`${head}\np1,0,5,done,2,3,1,0,9\n`, "rows.csv");
  assert.deepEqual([table.axes, table.runs[0].values], [["seed"], ["5"]]);
});

test("what is no sweep is refused by its name", () => {
  for (const [text, why] of [
    ["a,b\n1,2\n", "letter.csv is not a sweep's CSV"],
    ["", "letter.csv is not a sweep's CSV"],
    [`${HEAD}\n${ROWS[3]}\n`, "letter.csv has no run that came to its end"],
    [HEAD, "letter.csv has no run that came to its end"],
  ])
    assert.throws(
      () => readSweep(text, "letter.csv"),
      (/** @type {{ message: string }} */ problem) => problem.message === why,
    );
});

test("the front is what the definition says", () => {
  let seed = 1;
  const random = () => (seed = (seed * 48271) % 2147483647) % 9;
  for (const count of [0, 1, 40, 200]) {
    const points = Array.from({ length: count }, () => [random(), random(), random()]);
    const beaten = (/** @type {number[]} */ b) =>
      points.some((a) => a.every((value, i) => value <= b[i]) && a.some((value, i) => value < b[i]));
    const expected = [...points.keys()].filter((at) => !beaten(points[at]));
    assert.deepEqual(
      paretoFront(points).sort((a, b) => a - b),
      expected,
    );
  }
});

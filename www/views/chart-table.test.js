// The charts' table: which samples become rows, and how they are written for a spreadsheet.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

import { chartAxis } from "./chart-axis.js";
import { MAX_ROWS, csvOf, tableOf } from "./chart-table.js";
import { STRIPS } from "./series.js";

/** @typedef {import("./series.js").Samples} Samples */

const strips = STRIPS.filter(({ name }) => name === "tables" || name === "write");

test("a row for each sample in view; a level that never has a table has no column", () => {
  const samples = /** @type {Samples} */ ({
    events: Float64Array.of(0, 10, 20),
    level_tables: [Float64Array.of(0, 1, 2), Float64Array.of(0, 0, 0), Float64Array.of(0, 0, 3)],
    write_rocksdb: Float64Array.of(Number.NaN, 1, 2.5),
    nanos: Float64Array.of(Number.NaN, Number.NaN, Number.NaN),
  });
  const axis = chartAxis("event", samples, 30);
  const whole = tableOf(strips, samples, axis, 0, 30);
  assert.equal(
    csvOf(whole),
    "event (number)" +
      ',"tables by level, L0 (count)","tables by level, L2 (count)",write amp (ratio)\n' +
      "0,0,0,\n10,1,0,1\n20,2,3,2.5\n",
  );
  assert.deepEqual(tableOf(strips, samples, axis, 5, 19).rows, [[10, 1, 0, 1]]);
});

test("many samples become a hundred rows, the first and the last among them", () => {
  const events = Float64Array.from({ length: 1234 }, (_, i) => i * 3);
  const samples = /** @type {Samples} */ ({ events, level_tables: [events], write_rocksdb: events, nanos: events });
  const { rows, count } = tableOf(strips, samples, chartAxis("event", samples, 5000), 0, 5000);
  assert.equal(count, 1234);
  assert.equal(rows.length, MAX_ROWS);
  assert.deepEqual([rows[0][0], rows.at(-1)?.[0]], [0, 3699]);
  assert.equal(new Set(rows.map(([event]) => event)).size, MAX_ROWS);
});

test("under virtual time each row has its moment, in seconds, and rows are those in view by time", () => {
  const samples = /** @type {Samples} */ ({
    events: Float64Array.of(0, 10, 20),
    level_tables: [Float64Array.of(0, 1, 2)],
    write_rocksdb: Float64Array.of(Number.NaN, 1, 2.5),
    nanos: Float64Array.of(0, 20_000_185, 2_860_199_116),
  });
  const axis = chartAxis("time", samples, 30);
  assert.equal(
    csvOf(tableOf(strips, samples, axis, 0, axis.end)),
    'event (number),virtual time (s),"tables by level, L0 (count)",write amp (ratio)\n' +
      "0,0,0,\n10,0.02,1,1\n20,2.860199,2,2.5\n",
  );
  assert.deepEqual(
    tableOf(strips, samples, axis, 1, 2e9).rows.map(([event]) => event),
    [10],
  );
});

test("in German, the page's heads are German, and those of the values stay what programs know", () => {
  const tables = new URL("../languages/de/", import.meta.url);
  const page = `
    import { readFileSync, readdirSync } from "node:fs";
    import { speak } from ${JSON.stringify(new URL("../words.js", import.meta.url).href)};
    const tables = new URL(${JSON.stringify(tables.href)});
    const read = (name) => JSON.parse(readFileSync(new URL(name, tables), "utf8"));
    speak("de", Object.assign({}, ...readdirSync(tables).map(read)));
    // Titles are said when their modules are read.
    const { csvOf, tableOf } = await import(${JSON.stringify(new URL("./chart-table.js", import.meta.url).href)});
    const { STRIPS } = await import(${JSON.stringify(new URL("./series.js", import.meta.url).href)});
    const samples = { events: [3], level_tables: [[2]], write_rocksdb: [1.5], nanos: [20000185] };
    const strips = STRIPS.filter(({ name }) => name === "tables" || name === "write");
    const table = tableOf(strips, samples, { by: "event", places: [3] }, 0, 9);
    console.log(JSON.stringify({ heads: table.columns.map(({ title }) => title), csv: csvOf(table) }));
  `;
  const run = spawnSync(process.execPath, ["--input-type=module", "-e", page], { encoding: "utf8" });
  assert.equal(run.status, 0, run.stderr);
  const { heads, csv } = JSON.parse(run.stdout);
  assert.deepEqual(heads, ["Ereignis", "virtuelle Zeit", "Tabellen/Ebene, L0", "Write Amp"]);
  assert.equal(csv, 'event (number),virtual time (s),"tables by level, L0 (count)",write amp (ratio)\n3,0.02,2,1.5\n');
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { MAX_RUNS, firstAxes, planSweep, suggestedAxis } from "./sweep-plan.js";
import { readSweep } from "./sweep-table.js";
import { REFUSED, sweepCsv } from "./sweep-row.js";
import { plainValue } from "./sweep-values.js";

/** @typedef {import("../catalog.js").Knob} Knob */
/** @typedef {import("../sim/experiment.js").Changes} Changes */

/** @type {(name: string, rest: Partial<Knob>) => Knob} */
const knob = (name, rest) => ({
  ...{ name, group: "compaction", unit: "count", default: "1", min: undefined, max: undefined, choices: [], about: "" },
  ...rest,
});
const OPTIONS = [
  knob("level0_file_num_compaction_trigger", { default: "4", min: 1, max: 100 }),
  knob("level0_stop_writes_trigger", { default: "36", min: 1, max: 100 }),
  knob("write_buffer_size", { unit: "bytes", default: "67108864", min: 64, max: 2 ** 30 }),
  knob("compaction_style", { unit: "choice", default: "leveled", choices: ["leveled", "universal"] }),
];
const SPEC = [
  knob("seed", { default: "1", min: 0, max: 2 ** 64 }),
  knob("duration_seconds", { unit: "seconds", default: "3600", min: 1, max: 1e9 }),
];

/** As the engine checks: each by its own range, and one option that another limits. @param {Knob[]} knobs */
const check = (knobs) => (/** @type {Changes} */ changes) => {
  const of = (/** @type {Knob} */ one) => plainValue(one, changes[one.name] ?? one.default);
  const wrong = knobs.filter((one) =>
    one.choices.length > 0
      ? !one.choices.includes(of(one))
      : !(Number(of(one)) >= Number(one.min) && Number(of(one)) <= Number(one.max)),
  );
  const found = wrong.map((one) => ({ field: one.name, expected: `${one.min} to ${one.max}` }));
  const [trigger, stop] = knobs.map((one) => Number(of(one)));
  if (knobs === OPTIONS && trigger > stop)
    found.push({ field: "level0_file_num_compaction_trigger", expected: "at most level0_stop_writes_trigger" });
  return found;
};

/** @type {import("../sim/experiment.js").Catalog} */
const CATALOG = {
  presets: [{ name: "rocksdb", about: "", spec: [["duration_seconds", "60"]], options: [] }],
  spec: SPEC,
  options: OPTIONS,
  checkSpec: check(SPEC),
  checkOptions: check(OPTIONS),
};
const EXPERIMENT = { preset: "rocksdb", spec: {}, a: { write_buffer_size: "16MB" }, b: null };

/** @param {Record<string, string>} typed @param {object} [other] */
const plan = (typed, other) =>
  planSweep(
    { ...EXPERIMENT, ...other },
    Object.entries(typed).map(([name, text]) => ({ name, text })),
    CATALOG,
    "1.0",
  );

test("all combinations, the last option fastest, each value as a row has it", () => {
  const { plan: found, count } = plan({
    compaction_style: "leveled, universal",
    write_buffer_size: "1.5MB,64 KB, 64K",
  });
  assert.deepEqual(found?.axes, ["compaction_style", "write_buffer_size"]);
  assert.deepEqual([count, found?.seed], [4, "1"]);
  assert.deepEqual(
    found?.runs.map(({ number, values }) => [number, ...values]),
    [
      [0, "leveled", "1572864"],
      [1, "leveled", "65536"],
      [2, "universal", "1572864"],
      [3, "universal", "65536"],
    ],
  );
  assert.deepEqual(found?.runs[3].options, [
    ["write_buffer_size", "65536"],
    ["compaction_style", "universal"],
  ]);
});

test("parameters of the workload vary as well; a seed stands last, where rows have it as one of what varies", () => {
  const { plan: found } = plan({ seed: "18446744073709551615, 2", duration_seconds: "1.5h" });
  assert.deepEqual(found?.axes, ["duration_seconds", "seed"]);
  assert.deepEqual(found?.runs[0].values, ["5400", "18446744073709551615"]);
  assert.equal(found?.seed, "");
});

test("a value that no run takes is refused where it was typed, in the engine's words", () => {
  for (const [text, why] of [
    ["2, 500", "500: expected 1 to 100"],
    ["soon", "soon: expected 1 to 100"],
    ["", "Type values, with commas between them."],
    ["2, 50", "50: expected at most level0_stop_writes_trigger"],
  ]) {
    const found = plan({ write_buffer_size: "1MB", level0_file_num_compaction_trigger: text });
    assert.deepEqual([found.plan, found.wrong], [null, ["", why]], text);
  }
});

test("what only some combinations refuse stays, and these are marked", () => {
  const { plan: found, wrong } = plan({
    level0_file_num_compaction_trigger: "4, 50",
    level0_stop_writes_trigger: "20, 60",
  });
  assert.deepEqual(wrong, ["", ""]);
  assert.deepEqual(
    found?.runs.map(({ refused }) => refused?.field ?? ""),
    ["", "", "level0_file_num_compaction_trigger", ""],
  );
});

test("a plan of more runs than a sweep may have is refused", () => {
  const many = Array.from({ length: MAX_RUNS / 2 + 1 }, (_, i) => i + 1).join();
  const found = plan({ level0_stop_writes_trigger: many, write_buffer_size: "1MB, 2MB" });
  assert.deepEqual([found.plan, found.count, found.wrong], [null, MAX_RUNS + 2, ["", ""]]);
});

test("rows belong together if all that they follow from is the same, in whatever words", () => {
  const id = (/** @type {string} */ text, other = {}) => plan({ level0_stop_writes_trigger: text }, other).plan?.id;
  assert.match(id("20, 30") ?? "", /^p[0-9a-f]{16}$/);
  assert.equal(id("20,30"), id("20, 3_0", { a: { write_buffer_size: "16777216" } }));
  assert.notEqual(id("20, 30"), id("30, 20"));
  assert.notEqual(id("20, 30"), id("20, 30", { spec: { seed: "2" } }));
});

test("what is filled in is around what the experiment has, and the engine takes it", () => {
  assert.deepEqual(firstAxes(EXPERIMENT, CATALOG), [
    { name: "level0_file_num_compaction_trigger", text: "2, 4, 8" },
    { name: "write_buffer_size", text: "8 MB, 16 MB, 32 MB" },
  ]);
  assert.equal(suggestedAxis("compaction_style", EXPERIMENT, CATALOG).text, "leveled, universal");
  const large = { ...EXPERIMENT, a: { level0_stop_writes_trigger: "80" } };
  assert.equal(suggestedAxis("level0_stop_writes_trigger", large, CATALOG).text, "40, 80, 100");
});

test("rows are read as those of a file", () => {
  const { plan: found } = plan({ compaction_style: "leveled, universal" });
  assert.ok(found);
  const cells = ["done", "60", "8", "9", "4", "1.1", ...REFUSED.slice(6)];
  const table = readSweep(sweepCsv(found, [cells, REFUSED]), "rows.csv");
  assert.deepEqual([table.axes, table.leftOut], [["compaction_style"], 1]);
  assert.deepEqual(
    table.runs.map(({ run, values, of }) => [run, ...values, of.read_amp]),
    [[0, "leveled", 4]],
  );
});

test("columns are those that the command writes for a workload, in its order", () => {
  const rust = readFileSync(new URL("../../src/sweep/outcome.rs", import.meta.url), "utf8");
  const numbers = [...rust.matchAll(/^ {4}(\w+): (?:Number|Whole), (?:Any|Workload),/gm)].map(([, name]) => name);
  const { plan: found } = plan({ compaction_style: "leveled" });
  assert.ok(found && numbers.length > 20);
  const columns = ["plan", "run", "seed", "compaction_style", "outcome", ...numbers];
  assert.equal(sweepCsv(found, []), `${columns.join(",")}\n`);
});

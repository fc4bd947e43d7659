// Lanes: who gets which row, what is drawn of a long history, and what is said of a job.

import assert from "node:assert/strict";
import { test } from "node:test";

import { bandsOf, boxesOf, firstAfter, lanesOf, spanAt, timeTicks } from "./layout.js";
import { rangeAround, rowsOf, spansOf } from "./job-lanes.js";
import { route, spanText, stallText } from "./labels.js";

/** @typedef {import("../../jobs.js").Span} Span */

/**
 * @param {number} job
 * @param {number} began
 * @param {number | null} ended
 * @param {Partial<Span>} [more]
 * @returns {Span}
 */
const span = (job, began, ended, more = {}) => ({
  job,
  kind: "compaction",
  from: 0,
  to: 1,
  began,
  ended,
  read: 10,
  written: 20,
  ...more,
});
const flush = (/** @type {number} */ job, /** @type {number} */ began, /** @type {number | null} */ ended) =>
  span(job, began, ended, { kind: "flush", from: null, to: 0 });

test("what runs beside as many jobs as there are rows is left out", () => {
  const span = (/** @type {number} */ job) =>
    /** @type {import("../../jobs.js").Span} */ ({ job, kind: "compaction", from: 0, to: 1, began: job, ended: 10 });
  const [, ...lanes] = lanesOf([span(1), span(2), span(3)], 2);
  assert.deepEqual(
    lanes.map(({ spans }) => spans.map(({ job }) => job)),
    [[1], [2]],
  );
});

test("flushes and compactions have rows of their own; a job takes the first that is free when it begins", () => {
  const lanes = lanesOf([
    flush(1, 0, 2),
    span(2, 1, 9),
    span(3, 3, 4),
    flush(4, 2, 3),
    span(5, 4, 5),
    span(6, 9, null),
  ]);
  assert.deepEqual(
    lanes.map(({ name, spans }) => [name, spans.map((s) => s.job)]),
    [
      ["flush", [1, 4]],
      ["compaction 1", [2, 6]],
      ["compaction 2", [3, 5]],
    ],
  );
  assert.deepEqual(
    lanesOf([]).map((lane) => lane.name),
    ["flush", "compaction"],
    "rows are there before their first job",
  );
});

test("a job that is still running keeps its row", () => {
  assert.equal(lanesOf([span(1, 0, null), span(2, 5, 6)]).length, 3);
});

test("a span is found by time, also a little beside it", () => {
  const spans = [span(1, 0, 2), span(2, 5, 6), span(3, 8, null)];
  assert.equal(firstAfter(spans, 5.5), 1);
  assert.equal(spanAt(spans, 5.5, 0)?.job, 2);
  assert.equal(spanAt(spans, 2.4, 0.5)?.job, 1);
  assert.equal(spanAt(spans, 4.6, 0.5)?.job, 2);
  assert.equal(spanAt(spans, 3.5, 0.5), null);
  assert.equal(spanAt(spans, 100, 0)?.job, 3, "it runs on");
  assert.equal(spanAt([], 1, 9), null);
});

test("what is wide enough is a box; what is narrower leaves a trace that says how busy its pixel was", () => {
  const long = [span(1, 0, 50), span(2, 60, null)];
  assert.deepEqual(
    boxesOf(long, { from: 0, to: 100 }, 200, 80).boxes.map(({ x, width }) => [x, width]),
    [
      [0, 100],
      [120, 40],
    ],
  );
  const short = Array.from({ length: 1000 }, (_, i) => span(i, i, i + 0.5));
  const { boxes, traces } = boxesOf(short, { from: 0, to: 1000 }, 100, 1000);
  assert.equal(boxes.length, 0);
  assert.equal(traces.length, 100);
  traces.forEach((trace) => assert.ok(Math.abs(trace.share - 0.5) < 1e-9, `${trace.share}`));
  assert.equal(boxesOf(short, { from: 500, to: 502 }, 100, 1000).boxes.length, 2, "zoomed in, they are boxes again");
});

test("stalls are bands; those nearer than a pixel are one, and a stop is not hidden among slowdowns", () => {
  const stall = (
    /** @type {number} */ began,
    /** @type {number | null} */ ended,
    /** @type {"stopped" | "slowed"} */ kind = "slowed",
  ) => ({ began, ended, kind, reason: "" });
  const range = { from: 0, to: 100 };
  assert.deepEqual(bandsOf([stall(10, 20), stall(20, 30, "stopped"), stall(90, null)], range, 100, 95), [
    { x: 10, width: 10, kind: "slowed" },
    { x: 20, width: 10, kind: "stopped" },
    { x: 90, width: 5, kind: "slowed" },
  ]);
  const many = Array.from({ length: 5000 }, (_, i) => stall(i / 50, i / 50 + 0.01, i === 2500 ? "stopped" : "slowed"));
  const bands = bandsOf(many, range, 100, 100);
  assert.ok(bands.length <= 2, `${bands.length} bands`);
  assert.deepEqual(bandsOf([stall(-5, -1), stall(200, 300)], range, 100, 300), [], "out of view");
});

test("ticks are round and few", () => {
  assert.deepEqual(timeTicks({ from: 0, to: 60 }, 6), [0, 10, 20, 30, 40, 50, 60]);
  assert.deepEqual(timeTicks({ from: 0, to: 36000 }, 6), [0, 7200, 14400, 21600, 28800, 36000]);
  assert.deepEqual(
    timeTicks({ from: 0, to: 0.004 }, 4).map((t) => Math.round(t * 1e6)),
    [0, 1000, 2000, 3000, 4000],
  );
  assert.deepEqual(timeTicks({ from: 0, to: 864000 }, 5), [0, 172800, 345600, 518400, 691200, 864000]);
  assert.deepEqual(timeTicks({ from: 1, to: 1 }, 5), []);
});

test("jobs and stalls in words", () => {
  assert.deepEqual(
    [route(flush(1, 0, 1)), route(span(1, 0, 1)), route(span(1, 0, 1, { to: 0 }))],
    ["→L0", "L0→L1", "L0→L0"],
  );
  assert.equal(spanText(span(7, 2, 5)), "Compaction 7, L0→L1: began at 2 s, took 3 s, 10 B read, 20 B written");
  assert.equal(
    spanText(span(7, 2, null, { kind: "move", from: 1, to: 2 })),
    "Trivial move 7, L1→L2: began at 2 s, still running, rewrites nothing",
  );
  assert.equal(
    stallText({ began: 3, ended: 4.5, kind: "stopped", reason: "36 tables in L0" }),
    "Writes stopped at 3 s, for 1.5 s: 36 tables in L0",
  );
});

const ROWS = { flush_rows: 1, other_rows: 2 };

test("the engine says which row a job is in", () => {
  const told = {
    ...ROWS,
    now: 9,
    stalls: [],
    jobs: [
      { kind: "flush", row: 0 },
      { kind: "compaction", row: 1 },
      { kind: "move", row: 0 },
    ],
  };
  const spans = [flush(1, 0, 1), span(2, 0, 5), span(3, 1, 1, { kind: "move" })];
  const rows = rowsOf(told, spans).map(({ name, spans: in_row }) => [name, in_row.map((s) => s.job)]);
  assert.deepEqual(rows, [
    ["flush", [1]],
    ["compaction 1", [3]],
    ["compaction 2", [2]],
  ]);
});

test("the engine's own jobs: no lanes where they take no time, and the moment is among its neighbours", () => {
  const job = (/** @type {number} */ n, /** @type {number} */ began, /** @type {number | undefined} */ ended) =>
    /** @type {import("../../../lsmscope.js").JobSpan} */ ({
      job: n,
      kind: "flush",
      from_level: undefined,
      to_level: 0,
      began,
      planned: ended ?? began,
      ended,
      installed: true,
      read: 0,
      written: 9,
      event: n,
    });
  assert.deepEqual(spansOf({ ...ROWS, now: 0, jobs: [job(1, 5, 5)], stalls: [] }).spans, [], "inline");
  const { spans, stalls } = spansOf({
    ...ROWS,
    now: 2e9,
    jobs: [job(1, 1e9, 1.5e9), job(2, 2e9, undefined)],
    stalls: [
      /** @type {import("../../../lsmscope.js").StallSpan} */ ({
        from: 1e9,
        to: 1.2e9,
        stopped: true,
        reason: "level0",
        event: 3,
      }),
    ],
  });
  assert.deepEqual(
    spans.map(({ began, ended, from, to }) => [began, ended, from, to]),
    [
      [1, 1.5, null, 0],
      [2, null, null, 0],
    ],
  );
  assert.equal(stalls[0].reason, "too many tables on level 0");
  const many = Array.from({ length: 1000 }, (_, i) => span(i, i, i + 0.9));
  const range = rangeAround(many, 500.5);
  assert.ok(range.from < 490 && range.from > 480 && range.to > 510 && range.to < 520, JSON.stringify(range));
  assert.ok(rangeAround([], 3).to > 3);
});

// A chart as SVG: what is on it, where.

import assert from "node:assert/strict";
import { test } from "node:test";

import { chartSvg, ticks } from "./chart.js";

const INKS = { paper: "#ffffff", ink: "#000000", quiet: "#555555", grid: "#dddddd" };
/** @type {import("./chart.js").ChartModel} */
const MODEL = {
  title: "tables <by> level",
  about: "How many & where.",
  x: [0, 10, 20, 30],
  axis: { from: 0, to: 30, name: "events", written: String, marks: [0, 10, 20, 30] },
  top: 4,
  written: String,
  bytes: false,
  stepped: true,
  lines: [
    { name: "L1", colour: "#0000ff", fill: "#ccccff", dashed: false, values: [1, 2, null, 4] },
    { name: "L0", colour: "#ff0000", fill: null, dashed: true, values: [1, 1, 1, 1] },
  ],
};

test("ticks are round, within, and whole where there is nothing between", () => {
  assert.deepEqual(ticks(0, 30, 5, true), [0, 10, 20, 30]);
  assert.deepEqual(ticks(0, 2, 5, true), [0, 1, 2]);
  assert.deepEqual(ticks(0, 1, 5, false).length, 6);
  assert.deepEqual(ticks(3, 3, 5, false), [3]);
  for (const to of [1e-6, 0.7, 13, 1e9]) assert.ok(ticks(0, to, 5, false).length <= 7, String(to));
});

test("words are escaped, both lines are named, and a gap stays one", () => {
  const svg = chartSvg(MODEL, { width: 600, height: 300 }, INKS);
  assert.match(svg, /<title>tables &lt;by&gt; level<\/title>\n<desc>How many &amp; where\.<\/desc>/);
  for (const name of ["L0", "L1", "events"]) assert.ok(svg.includes(`>${name}</text>`), name);
  const strokes = [...svg.matchAll(/<path d="(M[^"]+)" fill="none" stroke="#0000ff"/g)].map(([, path]) => path);
  assert.equal(strokes.length, 2, "one before the gap, one after it");
  assert.match(strokes[0], /^M[\d.]+ [\d.]+H[\d.]+V[\d.]+$/, "a value holds until the next");
  assert.doesNotMatch(svg, /NaN|Infinity|undefined/);
});

test("a value is as high as the axis says", () => {
  const svg = chartSvg(MODEL, { width: 600, height: 300 }, INKS);
  const at = (/** @type {string} */ label) =>
    Number(new RegExp(`y1="([\\d.]+)" y2="[\\d.]+" stroke="#dddddd"/><text[^>]*>${label}<`).exec(svg)?.[1]);
  const [, start] = /<path d="M[\d.]+ ([\d.]+)[^"]*" fill="none" stroke="#ff0000"/.exec(svg) ?? [];
  assert.equal(Number(start), at("1"));
  assert.ok(at("4") < at("1") && at("1") < at("0"));
});

test("bytes have round numbers of their units", () => {
  const lines = [{ ...MODEL.lines[1], values: [0, 70 * 2 ** 30, 0, 0] }];
  const written = (/** @type {number} */ n) => `${n / 2 ** 30} GB`;
  const svg = chartSvg({ ...MODEL, bytes: true, written, lines }, { width: 600, height: 300 }, INKS);
  for (const label of ["20 GB", "40 GB", "60 GB"]) assert.ok(svg.includes(`>${label}</text>`), label);
});

test("nothing sampled is an empty chart", () => {
  const svg = chartSvg(
    { ...MODEL, x: [], lines: [], axis: { ...MODEL.axis, to: 0 } },
    { width: 300, height: 200 },
    INKS,
  );
  assert.doesNotMatch(svg, /NaN|Infinity|undefined/);
});

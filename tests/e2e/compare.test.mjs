// Two configurations, one workload, one timeline: what differs is named, and what comes of it is said in numbers and
// words.

import assert from "node:assert/strict";

import { pageTest } from "./browser.mjs";
import { cutOff, region } from "./page.mjs";

/** @typedef {import("playwright-core").Page} Page */

const button = (/** @type {Page} */ page, /** @type {string} */ name) =>
  page.getByRole("button", { name, exact: true });

/** Rows of a table by their first cell. @param {Page} page @param {string} name */
async function cells(page, name) {
  const rows = await page.getByRole("table", { name, exact: true }).getByRole("row").allInnerTexts();
  return Object.fromEntries(rows.map((row) => row.split("\t")).map(([first, ...rest]) => [first, rest]));
}

pageTest(
  "a multiplier of ten against four, ready-made: one workload runs on both, the differences are named",
  async (page) => {
    await page.goto(
      `${page.url()}#v=1&room=simulate&spec=preset%20rocksdb%20duration_seconds%3D1800` +
        "&a=max_bytes_for_level_multiplier%3D10&b=max_bytes_for_level_multiplier%3D4",
    );
    assert.equal(await page.getByRole("combobox", { name: "Compare" }).inputValue(), "multiplier");
    await button(page, "Run").click();
    await page.getByRole("status").getByText("Done: 30 min.").waitFor();
    assert.deepEqual((await cells(page, "Differing options")).max_bytes_for_level_multiplier, ["10", "4"]);
    const results = await cells(page, "Results compared");
    const [a, b] = results["write amplification"].map(Number);
    assert.ok(b < a, `${b} should be less than ${a}: each level is rewritten less`);
    const summary = await region(page, "Summary");
    assert.match(summary, /^B writes \d+ % less/, summary.slice(0, 120));
    const share = Number(/^B writes (\d+) % less/.exec(summary)?.[1]);
    const [writtenA, writtenB] = results["written by jobs"].map((text) => Number.parseFloat(text));
    assert.ok(
      Math.abs((1 - writtenB / writtenA) * 100 - share) < 2,
      `${share} % said, ${writtenA} and ${writtenB} shown`,
    );
    assert.match(await region(page, "Charts"), /write amp A [\d.]+ B [\d.]+/);
    // By colour and by letter, in the legend and where the lines end: not by dashes alone.
    const colours = await page
      .locator(".sim-row", { hasText: "write amp" })
      .locator(".sim-end:visible, .sim-legend i")
      .evaluateAll((all) => all.map((e) => `${e.textContent?.trim()} ${getComputedStyle(e).color}`));
    assert.equal(colours.length, 4);
    assert.equal(new Set(colours).size, 2, colours.join(", "));
    assert.equal(new Set(colours.map((one) => one.slice(2))).size, 2, colours.join(", "));
    for (const side of ["A", "B"])
      assert.match(await region(page, `Jobs ${side}`), new RegExp(`${side} flush.*${side} compaction`));
    await page.setViewportSize({ width: 720, height: 480 });
    assert.deepEqual(await cutOff(page, ".sim-table td, .sim-verdict"), [], "cut off");
  },
);

pageTest(
  "the second configuration begins as the first, is changed in a tab of its own, and its tree can be looked at",
  async (page) => {
    await button(page, "Simulate").click();
    await page.getByRole("combobox", { name: "Compare" }).selectOption("two configurations");
    await page.getByRole("tab", { name: "Options B" }).click();
    const style = page.getByRole("region", { name: "Setup" }).getByRole("combobox", { name: "compaction_style" });
    await style.selectOption("universal");
    await page.getByRole("tab", { name: "Options A" }).click();
    assert.equal(await style.inputValue(), "leveled");
    await button(page, "Run").click();
    await page.getByRole("status").getByText("Done: 1 h.").waitFor();
    assert.deepEqual((await cells(page, "Differing options")).compaction_style, ["leveled", "universal"]);
    const levels = () => page.getByRole("region", { name: "Tree" }).getByRole("region").allInnerTexts();
    const before = await levels();
    await page.getByRole("tab", { name: "B", exact: true }).click();
    assert.notDeepEqual(await levels(), before);
    assert.match(page.url(), /b=compaction_style/);
    await page.getByRole("combobox", { name: "Compare" }).selectOption("one configuration");
    await page.waitForURL((url) => !url.hash.includes("&b="));
  },
);

pageTest("a run that waits for its jobs against jobs in the background", async (page) => {
  await button(page, "Simulate").click();
  await page.getByRole("combobox", { name: "Compare" }).selectOption("sync / async");
  await button(page, "Run").click();
  await page.getByRole("status").getByText("Done: 1 h.").waitFor();
  assert.deepEqual((await cells(page, "Differing options")).job_mode, ["inline", "scheduled"]);
  assert.match(await region(page, "Summary"), /never lets writers wait|lets writers wait \d+ % less/);
});

pageTest(
  "leveled against universal over ten hours, ready-made: what one gains and pays is said as it came out",
  async (page) => {
    await button(page, "Simulate").click();
    const preset = page.getByRole("combobox", { name: "Preset" });
    await preset.selectOption("ten-hours");
    await page.getByRole("combobox", { name: "Compare" }).selectOption("leveled / universal");
    assert.equal(await preset.inputValue(), "ten-hours");
    await button(page, "Run").click();
    await page.getByRole("status").getByText("Done: 10 h.").waitFor({ timeout: 120_000 });
    assert.match(await region(page, "Summary"), /^B writes \d\d % less, .*leaves [\d.]+× the runs to read/);
    const results = await cells(page, "Results compared");
    const [a, b] = results["write amplification"].map(Number);
    assert.ok(b < 0.7 * a, `${b} against ${a}`);
    // Both trees stand there at any moment, side by side by tabs.
    const tree = page.getByRole("region", { name: "Tree" });
    await page.getByRole("slider", { name: "Moment" }).press("Home");
    await tree.getByText("what samples tell").waitFor();
    await page.getByRole("tab", { name: "B", exact: true }).click();
    await tree.getByText("what samples tell").waitFor();
  },
);

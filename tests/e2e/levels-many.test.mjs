// A tree of thousands of tables stays readable: bins that name their numbers, a zoom down to single tables, and steps
// that are as quick as with a few.

import assert from "node:assert/strict";

import { pageTest } from "./browser.mjs";
import { command, emptyQueue, leaveConsole, position, ready, region, standsAt } from "./page.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** Makes a level 1 of some ten thousand tables. @param {Page} page */
async function manyTables(page) {
  await ready(page);
  await emptyQueue(page);
  const small =
    "target_file_size_base=64 block_size=64 wal_sync=never write_buffer_entries=100000 write_buffer_size=67108864";
  await command(page, `options ${small} max_bytes_for_level_base=1000000000 disable_auto_compactions=true`);
  for (const line of ["fill 60000", "flush", "compact"]) assert.match(await command(page, line), /^ok/);
  await leaveConsole(page);
}

/** How many tables level 1 says it has. @param {Page} page */
async function told(page) {
  return Number(/([\d,]+) tables/.exec(await region(page, "Level 1"))?.[1].replaceAll(",", ""));
}

const bins = (/** @type {Page} */ page) => page.getByRole("group", { name: /of level 1 in \d+ bins/ });
const boxes = (/** @type {Page} */ page) =>
  page.getByRole("region", { name: "Level 1", exact: true }).getByRole("button", { name: /^Table \d+/ });

pageTest("ten thousand tables are bins that say how many tables, bytes and keys they stand for", async (page) => {
  await manyTables(page);
  const tables = await told(page);
  assert.ok(tables > 9000, `${tables} tables`);
  await bins(page).waitFor();
  assert.match(
    (await bins(page).getAttribute("aria-label")) ?? "",
    new RegExp(`${tables.toLocaleString("en-US")} tables? of level 1 in \\d+ bins, at most .* a bar`),
  );
  assert.equal(await boxes(page).count(), 0);
  await page.getByRole("region", { name: "Level 1" }).hover({ position: { x: 400, y: 20 } });
  await page
    .getByText(/key\d+ – key\d+: \d+ tables, [\d.]+ KB/)
    .first()
    .waitFor();
});

pageTest(
  "by keyboard: walk the bins, zoom in until tables can be told apart, inspect one, and go back to the whole",
  async (page) => {
    await manyTables(page);
    const before = await position(page);
    await page.getByRole("button", { name: "Compact", exact: true }).focus();
    // Focus by the keyboard, so that the arrow keys belong to the bins.
    while (!(await page.evaluate(() => document.activeElement?.classList.contains("bins"))))
      await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Shift+ArrowRight");
    await page
      .getByText(/key\d+ – key\d+: \d+ tables/)
      .first()
      .waitFor();
    assert.equal(await position(page), before, "the arrow keys walk the bins, not the timeline");
    await page.keyboard.press("Enter");
    await boxes(page).first().waitFor();
    const near = await boxes(page).count();
    assert.ok(near >= 4 && near <= 90, `${near} tables in view`);
    await page.getByText(/1\/\d+ of the axis/).waitFor();
    assert.ok((await told(page)) > 9000, "the level still says how many it has");
    await boxes(page).nth(1).click();
    await page.getByRole("region", { name: "Inspector" }).getByText(/\.sst/).first().waitFor();
    await page.getByRole("button", { name: "Whole key axis" }).click();
    await bins(page).waitFor();
    assert.equal(await page.getByRole("button", { name: "Zoom out" }).isDisabled(), true);
  },
);

pageTest(
  "the wheel with Ctrl zooms where the pointer is, the map moves along, and time can be stepped meanwhile",
  async (page) => {
    await manyTables(page);
    await bins(page).hover({ position: { x: 100, y: 10 } });
    await page.keyboard.down("Control");
    for (let i = 0; i < 4; i += 1) await page.mouse.wheel(0, -100);
    await page.keyboard.up("Control");
    await page.getByText(/1\/4 of the axis/).waitFor();
    const map = page.getByRole("slider", { name: "Part of the key axis" });
    const where = Number(await map.inputValue());
    await map.press("End");
    assert.ok(Number(await map.inputValue()) > where);
    await page.getByRole("heading", { name: "Story" }).click();
    const before = await position(page);
    await page.getByRole("button", { name: "Step back", exact: true }).click();
    await standsAt(page, before - 1);
    await page.getByText(/1\/4 of the axis/).waitFor();
  },
);

pageTest("a step with ten thousand tables is taken and drawn within a frame's time", async (page) => {
  await manyTables(page);
  await page.getByRole("slider", { name: "Position" }).focus();
  const times = await page.evaluate(async () => {
    const slider = /** @type {HTMLElement} */ (document.querySelector('[aria-label="Position"]'));
    const taken = [];
    for (let i = 0; i < 41; i += 1) {
      const began = performance.now();
      slider.dispatchEvent(new KeyboardEvent("keydown", { key: i % 2 ? "ArrowRight" : "ArrowLeft", bubbles: true }));
      // The page draws in a microtask; asking for a place makes the browser lay it out.
      await null;
      await null;
      document.querySelector(".levels")?.getBoundingClientRect();
      taken.push(performance.now() - began);
    }
    return taken.sort((a, b) => a - b);
  });
  // Tests run beside each other on the same processors: what counts is what a step takes that was not interrupted.
  assert.ok(times[0] <= 16, `the quickest step took ${times[0]} ms, half of them more than ${times[20]} ms`);
});

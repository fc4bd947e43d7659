// The workload generator: a form that writes a line and runs it, with progress and an end to it.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import { pageTest } from "./browser.mjs";
import { command, emptyQueue, length, ready, region } from "./page.mjs";
import { openIndexedDb } from "./storage.mjs";

/** @typedef {import("playwright-core").Page} Page */

const panel = (/** @type {Page} */ page) => page.getByRole("region", { name: "Workload", exact: true });
const field = (/** @type {Page} */ page, /** @type {string} */ name) =>
  panel(page).getByRole("textbox", { name: new RegExp(`^${name}( changed)?$`) });
const run = (/** @type {Page} */ page) => panel(page).getByRole("button", { name: "Run", exact: true });

/** @param {Page} page */
async function open(page) {
  await ready(page);
  await emptyQueue(page);
  await page.getByRole("tab", { name: "Workload", exact: true }).click();
}

/** What the browser is given to keep when one does so. @param {Page} page @param {() => Promise<void>} act */
async function saved(page, act) {
  const [file] = await Promise.all([page.waitForEvent("download"), act()]);
  assert.equal(file.suggestedFilename(), "lsm_metrics.csv");
  return readFile(/** @type {string} */ (await file.path()), "utf8");
}

/**
 * The console's last exchange, when it is over.
 * @param {Page} page
 * @param {number} exchanges How many there are then.
 */
async function lastAnswer(page, exchanges) {
  await page.getByRole("tab", { name: "Console", exact: true }).click();
  await page.locator(`.exchange:nth-child(${exchanges})[aria-busy="false"]`).waitFor();
  return page
    .getByRole("log")
    .getByRole("group")
    .nth(exchanges - 1)
    .innerText();
}

pageTest(
  "the demo recipe makes several flushes and a compaction, and is one line that could have been typed",
  async (page) => {
    await open(page);
    const lines = panel(page).getByRole("group", { name: "Lines to run" });
    assert.equal(await lines.innerText(), "options preset=demo-recipe\ndrive preset=demo");
    await field(page, "duration_seconds").fill("10");
    assert.equal(await lines.innerText(), "options preset=demo-recipe\ndrive preset=demo duration_seconds=10");
    await run(page).click();
    const answer = await lastAnswer(page, 2);
    assert.match(answer, /drive preset=demo duration_seconds=10/);
    assert.match(answer, /ok {2}50000 operations in 10 s of virtual time: 50000 puts/);
    const [, flushes, compactions] = /(\d+) flush(?:es)?, (\d+) compactions?/.exec(answer) ?? [];
    assert.ok(Number(flushes) >= 3 && Number(compactions) >= 1, answer);
    assert.match(await region(page, "Level 1"), /^\d+ tables?/);
    // Its single writes are not on record: that is said, and the first steps do not stand on what came of it.
    assert.match(await region(page, "Memtable"), /Not listed: a long run records flushes and compactions/);
    assert.equal(await page.getByRole("complementary", { name: "First steps" }).count(), 0);
  },
);

pageTest("the samples of a run can be taken away as CSV, from the form and from the menu", async (page) => {
  await open(page);
  const button = panel(page).getByRole("button", { name: "CSV", exact: true });
  assert.equal(await button.count(), 0, "nothing has run yet");
  await field(page, "duration_seconds").fill("5");
  await field(page, "sample_ms").fill("250");
  await run(page).click();
  await lastAnswer(page, 2);
  await page.getByRole("tab", { name: "Workload", exact: true }).click();
  const csv = await saved(page, () => button.click());
  const [header, ...rows] = csv.trimEnd().split("\n");
  assert.match(
    header,
    new RegExp(
      "^ts_ms,ops_total,ops_put,ops_get,ops_del,memtable_bytes,sst_count_L0,.*,sst_bytes_L0,.*sst_bytes_L5," +
        "user_bytes,.*,write_amp$",
    ),
  );
  assert.equal(rows.length, 20);
  const numbers = rows.map((row) => row.split(",").map(Number));
  assert.ok(numbers.every((row) => row.length === header.split(",").length && row.every(Number.isFinite)));
  assert.deepEqual([numbers[0][0], numbers[19][0]], [250, 5000]);
  assert.equal(
    numbers.reduce((sum, row) => sum + row[2], 0),
    25_000,
    "every put is in one of them",
  );

  await page.getByRole("button", { name: "Export", exact: true }).click();
  await page.getByRole("tab", { name: "Files" }).click();
  assert.equal(await saved(page, () => page.getByRole("button", { name: "Samples (CSV)" }).click()), csv);
});

for (const viewport of [
  { width: 1280, height: 720 },
  { width: 720, height: 480 },
  { width: 390, height: 844 },
]) {
  pageTest(
    `the workload's form fits into ${viewport.width}×${viewport.height}: the button that runs it is in view`,
    async (page) => {
      await open(page);
      await page.setViewportSize(viewport);
      if (viewport.width < 1080)
        await page.getByRole("navigation", { name: "Panes" }).getByRole("button", { name: "Operate" }).click();
      const [button, form] = await Promise.all([run(page).boundingBox(), panel(page).boundingBox()]);
      assert.ok(
        button && form && button.y >= form.y && button.y + button.height <= form.y + form.height + 1,
        `${JSON.stringify(button)} in ${JSON.stringify(form)}`,
      );
    },
  );
}

pageTest("a run is seen to go on, charts and all, and can be cancelled", async (page) => {
  await open(page);
  await field(page, "duration_seconds").fill("180");
  await run(page).click();
  const driving = page.getByRole("group", { name: "Running workload" });
  await driving.waitFor();
  const before = await length(page);
  await page.waitForFunction(
    (n) => Number(/** @type {HTMLInputElement} */ (document.querySelector('[aria-label="Position"]')).max) > n,
    before,
  );
  assert.ok(await run(page).isDisabled());
  await driving.getByRole("button", { name: "Cancel" }).click();
  await driving.waitFor({ state: "detached" });
  assert.match(await lastAnswer(page, 2), /stopped {2}[\d,]+ operations/);
  assert.match(await command(page, "put still alive"), /^ok/);
});

pageTest("what does not fit is told at its field, and the line does not run", async (page) => {
  await open(page);
  await panel(page).getByRole("combobox", { name: "Preset" }).selectOption("ycsb-a");
  await panel(page).getByText("YCSB A, update heavy:").waitFor();
  await field(page, "write_rate").fill("fast");
  await panel(page).getByText("expected a number").waitFor();
  assert.ok(await run(page).isDisabled());
  await field(page, "write_rate").fill("100");
  // What the field is for is told where it is typed, and goes on being told until another field is.
  const about = panel(page).locator("[data-knob=write_rate] .about");
  await about.waitFor();
  await run(page).focus();
  assert.ok(await about.isVisible());
  await field(page, "read_rate").focus();
  await about.waitFor({ state: "detached" });
  assert.ok(await run(page).isEnabled());
});

pageTest("in the background or at once: the same writes, the same bytes in the end", async (page) => {
  await open(page);
  await field(page, "duration_seconds").fill("4");
  await run(page).click();
  const inline = await lastAnswer(page, 2);
  await page.getByRole("tab", { name: "Workload", exact: true }).click();
  assert.equal(await field(page, "duration_seconds").inputValue(), "4", "what was typed is still there");
  await panel(page)
    .getByRole("checkbox", { name: /^With the options/ })
    .check();
  await panel(page).getByRole("checkbox", { name: "Jobs in the background" }).check();
  await run(page).click();
  const scheduled = await lastAnswer(page, 4);
  assert.match(scheduled, /ok {2}20000 operations in 4 s/);
  assert.match(inline, /ok {2}20000 operations in 4 s/);
  await page.getByRole("region", { name: "Jobs over time" }).waitFor();
});

for (const layout of /** @type {const} */ (["figure", "panels"])) {
  pageTest(
    `${layout}: a workload that would take long says how long, proposes options with their time, and shows time left`,
    async (page) => {
      await ready(page);
      const line = "drive 1000s write_rate=5000";
      await page.locator("#command").fill(line);
      await page.locator("#command").press("Enter");
      const told = page.getByRole("log").getByRole("group", { name: line, exact: true });
      await told.getByText("about 5,000,000 operations and about 1,300,000 flushes").waitFor();
      await told.getByText(/^At the pace at which it begins here, all of it takes /).waitFor();
      const larger = told.getByRole("button", { name: /^Larger memtables: [\d,]+ flushes \((a few|about) .*\)$/ });
      await larger.waitFor();
      await told.getByRole("button", { name: /^Shorter: 5,000 operations \((a few seconds|about \d+ s)\)$/ }).waitFor();
      assert.equal(await length(page), 4, "nothing has run yet");
      await larger.click();
      if (layout === "figure") await page.getByRole("button", { name: "Console", exact: true }).click();
      const driving = page.getByRole("group", { name: "Running workload" });
      await driving.getByText(/ left$/).waitFor();
      await driving.getByRole("button", { name: "Cancel" }).click();
      await driving.waitFor({ state: "detached" });
    },
    { layout },
  );
}

pageTest("in the browser's database, a sync of each write counts, and it is proposed to go without", async (page) => {
  await ready(page);
  await openIndexedDb(page);
  await command(page, "options preset=rocksdb");
  const line = "drive 3s write_rate=2000";
  assert.match(await command(page, line), /about 6,000 syncs: each write waits for the disk/);
  const told = page.getByRole("log").getByRole("group", { name: line, exact: true });
  await told.getByRole("button", { name: /^No sync after each write: .* \((a few seconds|about \d+ s)\)$/ }).click();
  assert.match(await lastAnswer(page, 4), /ok {2}6000 operations in 3 s/);
  // `waitForFunction` would take the promise for the answer.
  await page.evaluate(async () => {
    const isThere = async () => (await indexedDB.databases()).some(({ name }) => name === "lsmscope-estimate");
    while (await isThere()) await new Promise(requestAnimationFrame);
  });
});

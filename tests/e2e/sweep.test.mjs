// Runs of a sweep on the page: a CSV that is dropped or chosen, as points and as a table, by pointer and keys; and a
// small sweep that is run there, in workers or in the page.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { faults } from "./axe.mjs";
import { PUBLISHED, launch, pageTest, publishedPolicy, watch } from "./browser.mjs";
import { drop, ready } from "./page.mjs";
import { serve } from "./server.mjs";

/** @typedef {import("playwright-core").Page} Page */

const CSV = `plan,run,seed,compaction_style,write_buffer_size,outcome,seconds,write_amp,read_amp,space_amp,\
stopped_seconds,peak_bytes
p0,0,1,leveled,33554432,done,3600,9.5,4.5,1.1,12,29732184375
p0,1,1,leveled,67108864,done,3600,8,4.25,1.1,0,29732184375
p0,2,1,universal,33554432,done,3600,5,9,1.9,0,37125528658
p0,3,1,universal,67108864,done,3600,4,8,1.8,0,37125528658
p0,4,1,universal,134217728,refused,,,,,,
`;

const chart = (/** @type {Page} */ page) => page.getByRole("slider", { name: "Runs by write amplification" });
const rows = (/** @type {Page} */ page) =>
  page.getByRole("region", { name: "Table of runs" }).getByRole("rowheader").allInnerTexts();

pageTest("a dropped CSV: the runs that no other beats, arrow keys go from run to run", async (page) => {
  await ready(page);
  await drop(page, "rows.csv", CSV);
  const dialog = page.getByRole("dialog", { name: "Runs of a sweep" });
  await dialog.getByText("rows.csv: 2 of 4 runs are beaten by no other").waitFor();
  await dialog.getByText("1 did not come to its end, and is left out.").waitFor();
  assert.deepEqual(await rows(page), ["3 ★", "1 ★"]);
  assert.equal(await dialog.locator("circle.best").count(), 2);
  assert.equal(await dialog.locator("circle.beaten").count(), 2);
  const said = () => chart(page).getAttribute("aria-valuetext");
  assert.match(
    (await said()) ?? "",
    /^run 3, no other beats it: write 4\.00, read 8\.00, space 1\.80; compaction_style uni/,
  );
  await chart(page).focus();
  await page.keyboard.press("ArrowRight");
  assert.match((await said()) ?? "", /^run 2: write 5\.00/);
  await page.keyboard.press("End");
  assert.match((await said()) ?? "", /^run 0: write 9\.50.*write_buffer_size 33554432$/);
  await page.keyboard.press("ArrowRight");
  assert.match((await said()) ?? "", /^run 0/, "there is none behind the last");
  await page.getByLabel("All runs in the table").check();
  assert.deepEqual(await rows(page), ["3 ★", "2", "1 ★", "0"]);
  // The pointer chooses the nearest point.
  const point = await dialog.locator("circle.best").last().boundingBox();
  await page.mouse.move((point?.x ?? 0) + 9, (point?.y ?? 0) + 9);
  assert.match((await said()) ?? "", /no other beats it/);
  assert.equal(await page.getByRole("row", { name: /★/ }).locator("xpath=self::*[@aria-current]").count(), 1);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
});

pageTest("what is no sweep is refused, and another file is taken instead", async (page) => {
  await page.getByRole("button", { name: "Simulate", exact: true }).click();
  await page.getByRole("button", { name: "Sweep", exact: true }).click();
  const file = page.getByLabel("A file", { exact: true });
  await file.setInputFiles({ name: "letter.csv", mimeType: "text/csv", buffer: Buffer.from("<b>Dear</b>,all\n") });
  await page.getByRole("alert").getByText("letter.csv is not a sweep's CSV. Choose a file").waitFor();
  const hostile = CSV.replaceAll("universal", "<img src=x>");
  await file.setInputFiles({ name: "<i>.csv", mimeType: "text/csv", buffer: Buffer.from(hostile) });
  await page.getByText("<i>.csv: 2 of 4 runs are beaten by no other").waitFor();
  assert.equal(await page.locator("dialog img, dialog i").count(), 0, "text of a file is never markup");
});

/**
 * axe finds nothing in the dialog, wide and on a phone, where nothing sticks out of it.
 * @param {Page} page
 */
async function isSound(page) {
  const wide = await faults(page, []);
  await page.setViewportSize({ width: 360, height: 640 });
  assert.deepEqual([...wide, ...(await faults(page, []))], []);
  const over = await page.evaluate(() => {
    const dialog = /** @type {HTMLElement} */ (document.querySelector("dialog[open]"));
    return dialog.scrollWidth - dialog.clientWidth;
  });
  assert.ok(over <= 0, `${over} px stick out`);
}

for (const colorScheme of /** @type {const} */ (["light", "dark"]))
  pageTest(`a sweep, ${colorScheme}: axe finds nothing, wide and on a phone`, async (page) => {
    await page.emulateMedia({ colorScheme });
    await ready(page);
    await drop(page, "rows.csv", CSV);
    await chart(page).waitFor();
    await isSound(page);
  });

/** Ten minutes of RocksDB's defaults: a run takes less than a second. */
const SHORT = "#v=1&room=simulate&spec=preset+rocksdb+duration_seconds%3D600";

const values = (/** @type {Page} */ page, /** @type {string} */ name) =>
  page.getByRole("textbox", { name: `Values of ${name}` });
const begin = (/** @type {Page} */ page) => page.getByRole("button", { name: "Run the sweep" }).click();

/**
 * Opens the dialog on an experiment.
 * @param {Page} page
 * @param {string} address
 */
async function openOn(page, address) {
  await page.goto(address);
  await page.getByRole("button", { name: "Sweep", exact: true }).click();
  await page.getByRole("button", { name: "Run the sweep" }).waitFor();
}

/**
 * A sweep of four runs, to its end; what is saved of it.
 * @param {Page} page
 */
async function fourRuns(page) {
  await values(page, "level0_file_num_compaction_trigger").fill("2, 8");
  await values(page, "write_buffer_size").fill("32MB, 128 MB");
  await page
    .getByRole("status")
    .getByText(/^4 runs/)
    .waitFor();
  await begin(page);
  await page.getByText(/of 4 runs (is|are) beaten by no other/).waitFor();
  await page.getByRole("button", { name: "Run the sweep" }).waitFor();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save as CSV" }).click(),
  ]);
  assert.equal(download.suggestedFilename(), "sweep-rocksdb.csv");
  return readFileSync(await download.path(), "utf8");
}

pageTest("a sweep of four runs: a row each, the same with one worker, with four, or none", async (page) => {
  /** @type {string[]} */
  const csvs = [];
  const site = page.url().split("#")[0];
  for (const processors of [2, 9, 0]) {
    const context = await page.context().browser()?.newContext();
    assert.ok(context);
    const complaints = watch(context);
    await context.addInitScript((processors) => {
      Object.defineProperty(navigator, "hardwareConcurrency", { value: processors });
      if (processors === 0) Reflect.deleteProperty(globalThis, "Worker");
    }, processors);
    const other = await context.newPage();
    let workers = 0;
    other.on("worker", () => (workers += 1));
    await openOn(other, site + SHORT);
    csvs.push(await fourRuns(other));
    assert.equal(workers, { 2: 1, 9: 4, 0: 0 }[processors]);
    // What was saved is opened again, and is the same picture.
    const said = await chart(other).getAttribute("aria-valuetext");
    await other
      .getByLabel("Another file")
      .setInputFiles({ name: "again.csv", mimeType: "text/csv", buffer: Buffer.from(csvs[0]) });
    await other.getByText(/^again.csv: . of 4 runs/).waitFor();
    await chart(other).focus();
    const steps = await chart(other).getAttribute("aria-valuemax");
    assert.equal(steps, "4");
    for (let i = 0; i < 4 && (await chart(other).getAttribute("aria-valuetext")) !== said; i += 1)
      await other.keyboard.press(i === 0 ? "Home" : "ArrowRight");
    assert.equal(await chart(other).getAttribute("aria-valuetext"), said);
    assert.deepEqual(complaints, []);
    await context.close();
  }
  assert.equal(new Set(csvs).size, 1);
  const lines = csvs[0].trimEnd().split("\n");
  assert.match(
    lines[0],
    /^plan,run,seed,level0_file_num_compaction_trigger,write_buffer_size,outcome,seconds,write_amp,/,
  );
  const cells = lines.slice(1).map((line) => line.split(","));
  assert.deepEqual(
    cells.map(([, run, seed, trigger, size, outcome, seconds]) => [run, seed, trigger, size, outcome, seconds]),
    [
      ["0", "1", "2", "33554432", "done", "600"],
      ["1", "1", "2", "134217728", "done", "600"],
      ["2", "1", "8", "33554432", "done", "600"],
      ["3", "1", "8", "134217728", "done", "600"],
    ],
  );
  const [low, high] = [cells[0], cells[2]].map((row) => Number(row[lines[0].split(",").indexOf("write_amp")]));
  assert.ok(low > high && high > 1, `a higher trigger writes less: ${low}, ${high}`);
});

pageTest("a sweep that is cancelled keeps what has ended; closed and opened again, it is still there", async (page) => {
  const site = page.url().split("#")[0];
  await page.goto("about:blank");
  await openOn(page, `${site}#v=1&room=simulate&spec=preset+rocksdb`);
  await page.getByLabel("Option that varies").last().selectOption("duration_seconds");
  assert.equal(await values(page, "duration_seconds").inputValue(), "1800, 3600, 7200");
  // One run is short, the other one longer than the test waits.
  await values(page, "duration_seconds").fill("60, 50d");
  await page.getByRole("button", { name: "Do not vary level0_file_num_compaction_trigger" }).click();
  await page
    .getByRole("status")
    .getByText(/^2 runs: about /)
    .waitFor();
  const starting = page.waitForEvent("worker");
  await begin(page);
  const ended = (await starting).waitForEvent("close");
  await page
    .getByRole("status")
    .getByText(/^1 of 2 runs; about .* left/)
    .waitFor();
  await page.getByText("1 of 1 runs is beaten by no other").waitFor();
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByText("Cancelled.", { exact: true }).waitFor();
  assert.deepEqual(await rows(page), ["0 ★"]);
  await ended;
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Sweep", exact: true }).click();
  await page.getByText("1 of 1 runs is beaten by no other").waitFor();
  assert.equal(await values(page, "duration_seconds").inputValue(), "60, 50d");
});

pageTest(
  "a wrong value is refused where it was typed; combinations that exclude each other are left out",
  async (page) => {
    const site = page.url().split("#")[0];
    await page.goto("about:blank");
    await openOn(page, site + SHORT);
    const size = values(page, "write_buffer_size");
    await size.fill("7, 64MB");
    assert.equal(await size.getAttribute("aria-invalid"), "true");
    const why = await page.locator(`[id="${await size.getAttribute("aria-describedby")}"]`).innerText();
    assert.match(why, /7: expected 64 bytes to 1 GB/);
    assert.ok(await page.getByRole("button", { name: "Run the sweep" }).isDisabled());
    await size.fill("64MB");
    await values(page, "level0_file_num_compaction_trigger").fill(Array.from({ length: 65 }, (_, i) => i + 1).join());
    await page.getByText("65 runs are too many: 64 at most.").waitFor();
    // Parameters of the workload vary as well.
    await page.getByLabel("Option that varies").first().selectOption("spike_seconds");
    await page.getByLabel("Option that varies").last().selectOption("spike_every_seconds");
    await values(page, "spike_seconds").fill("5, 50");
    await values(page, "spike_every_seconds").fill("9, 90");
    await page.getByText(/1 of them is left out: spike/).waitFor();
    await begin(page);
    await page.getByText("of 3 runs").waitFor();
    await page.getByText("1 did not come to its end, and is left out.").waitFor();
  },
);

test("published, it has its worker under the policy that hosts send; the single file runs it in the page", async () => {
  const policy = { headers: { "content-security-policy": publishedPolicy() } };
  const [browser, server] = await Promise.all([launch(), serve(PUBLISHED, policy)]);
  try {
    /** @type {string[]} */
    const csvs = [];
    for (const site of [server.url, pathToFileURL(join(PUBLISHED, "lsmscope.html")).href]) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
      const complaints = watch(context);
      const page = await context.newPage();
      /** @type {string[]} */
      const workers = [];
      page.on("worker", (worker) => workers.push(worker.url()));
      await openOn(page, site + SHORT);
      csvs.push(await fourRuns(page));
      if (site === server.url) assert.match(workers[0], /\/assets\/sweep-worker-[0-9a-f]{8}\.js$/);
      else assert.deepEqual(workers, []);
      assert.deepEqual(complaints, []);
      await context.close();
    }
    assert.equal(csvs[0], csvs[1]);
  } finally {
    await Promise.all([browser.close(), server.close()]);
  }
});

for (const colorScheme of /** @type {const} */ (["light", "dark"]))
  pageTest(`the form of a sweep, ${colorScheme}: axe finds nothing, wide and on a phone`, async (page) => {
    const site = page.url().split("#")[0];
    await page.emulateMedia({ colorScheme });
    await page.goto("about:blank");
    await openOn(page, site + SHORT);
    await values(page, "write_buffer_size").fill("7");
    await isSound(page);
  });

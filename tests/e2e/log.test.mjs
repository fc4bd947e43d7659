// What happened in a real database, as its LOG tells: opened by its files, found, played, and left again.

import assert from "node:assert/strict";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { faults } from "./axe.mjs";
import { pageTest } from "./browser.mjs";

/** The dialog by its link, on a first visit. */
const FIRST = { path: "?history", layout: /** @type {const} */ ("figure") };

/** @typedef {import("playwright-core").Page} Page */

const TROUBLE = resolve(dirname(fileURLToPath(import.meta.url)), "../fixtures/rocksdb/trouble");
/** @param {string} database @param {string[]} names */
const filesOf = (database, ...names) => names.map((name) => join(TROUBLE, database, name));

/**
 * @param {Page} page
 * @param {string[]} files
 */
async function open(page, files) {
  await page.getByRole("dialog", { name: "Open a history" }).waitFor();
  await page.getByLabel("History files").setInputFiles(files);
  const room = page.getByRole("main", { name: "What happened" });
  await room.getByRole("slider", { name: "Moment" }).waitFor();
  return room;
}

pageTest(
  "a LOG alone says what went wrong, where, and what would change it",
  async (page) => {
    const room = await open(page, filesOf("few_jobs", "LOG.gz"));
    const findings = room.getByRole("complementary", { name: "What went wrong" });
    await findings.getByText(/^Writes were stopped for 2\.3 s and limited for 21 s/).waitFor();
    await findings.getByText("max_background_jobs = 4").waitFor();
    // It opens where the finding leads to, with all of the log in view.
    await room.getByText("Opened at 15:50:57: finding 1.").waitFor();
    await room.getByText(/^Runs: a compaction L0→L5 of 37\.6 MB for /).waitFor();
    const slider = room.getByRole("slider", { name: "Moment" });
    const whole = await slider.getAttribute("max");
    await findings.getByRole("button", { name: "Show it" }).first().click();
    assert.notEqual(await slider.getAttribute("max"), whole, "the stretch is zoomed into");
    await room.getByText(/^Writes are held up: up to 20 tables on level 0, limited from 18, stop at 20 /).waitFor();
    // The finding's own job: not where the stretch begins.
    await room.getByText(/^Runs: a compaction L0→L5 of 37\.6 MB for /).waitFor();
    await room.getByText("stop 20").waitFor();
    await findings
      .getByRole("region", { name: "Slowest jobs" })
      .getByRole("button", { name: /^Show / })
      .first()
      .click();
    await room.getByText(/a compaction L\d→L\d of/).waitFor();
    assert.deepEqual(await faults(page, []), []);
    assert.match(await page.title(), /^What happened: LOG/);
  },
  FIRST,
);

pageTest(
  "its film plays and pauses by Space, and the tree and the clock go along",
  async (page) => {
    const room = await open(page, filesOf("few_jobs", "LOG.gz"));
    const clock = () => room.locator(".log-clock").innerText();
    const start = await clock();
    await page.keyboard.press("Space");
    await page.waitForFunction((before) => document.querySelector(".log-clock")?.textContent !== before, start);
    await page.keyboard.press("Space");
    await room.getByRole("button", { name: "Play", exact: true }).waitFor();
    const slider = room.getByRole("slider", { name: "Moment" });
    await slider.focus();
    await page.keyboard.press("End");
    await room.getByText("No job runs.").waitFor();
    await room
      .getByRole("region", { name: "Level 5" })
      .or(room.getByText(/\d+ tables/))
      .first()
      .waitFor();
  },
  FIRST,
);

pageTest(
  "keys zoom in time and go from job to job, and what was opened is said",
  async (page) => {
    const room = await open(page, filesOf("few_jobs", "LOG.gz"));
    const said = page.locator("[aria-live]", {
      hasText: /^LOG is open: RocksDB 9\.8\.4, 47\.1 s of log\. Writes were stopped/,
    });
    await said.waitFor({ state: "attached" });
    const slider = room.getByRole("slider", { name: "Moment" });
    const width = async () => Number(await slider.getAttribute("max")) - Number(await slider.getAttribute("min"));
    const whole = await width();
    for (let presses = 0; presses < 4; presses += 1) await page.keyboard.press("+");
    assert.ok(Math.abs((await width()) - whole / 16) < 0.01, "the view is a sixteenth");
    await room.getByText("charts: 1 value/s").waitFor();
    assert.match(await room.locator(".log-clock").innerText(), /^15:50:57\.\d\d$/);
    await page.keyboard.press(">");
    assert.ok(Number(await slider.getAttribute("min")) > 0, "the view moves");
    // The last job is out of view: Enter goes there.
    await room.getByRole("group", { name: /Enter goes to a job's moment\.$/ }).focus();
    for (const key of ["ArrowDown", "End", "Enter"]) await page.keyboard.press(key);
    assert.ok(Number(await slider.inputValue()) > whole / 2);
    await room.getByText(/^Runs: a compaction L\d→L\d of/).waitFor();
    await room.getByRole("button", { name: "Whole log" }).click();
    assert.equal(await width(), whole);
    await page.keyboard.press("+");
    await page.keyboard.press("0");
    assert.equal(await width(), whole);
    await page.keyboard.press("?");
    const help = page.getByRole("dialog", { name: "Help" });
    await help.getByRole("heading", { name: "What happened" }).waitFor();
    await help.getByText("Bytes that RocksDB estimated it has to compact", { exact: false }).waitFor();
    assert.equal(await help.getByText("Every command runs a real storage engine", { exact: false }).count(), 0);
  },
  FIRST,
);

pageTest(
  "with its MANIFEST, a database has its decisions on the stage and its film, each one click from the other",
  async (page) => {
    await page.getByRole("dialog", { name: "Open a history" }).waitFor();
    const files = filesOf("high_trigger", "MANIFEST-000005.gz", "OPTIONS-000007", "LOG.gz");
    await page.getByLabel("History files").setInputFiles(files);
    const room = page.getByRole("main", { name: "What happened" });
    await room.getByText("level0_file_num_compaction_trigger = 4").waitFor();
    await room.getByRole("button", { name: "Its decisions, on the stage" }).click();
    await page.getByRole("region", { name: "Comparison" }).waitFor();
    assert.equal(await room.count(), 0);
    // What is advised there is estimated here.
    await page.getByRole("button", { name: "What happened, over time" }).click();
    await room.getByRole("button", { name: "What would that have cost?" }).first().click();
    const dialog = page.getByRole("dialog", { name: "What other options would have cost" });
    assert.match(await dialog.getByLabel("Options to change").inputValue(), /^level0_file_num_compaction_trigger=4/);
    await dialog.getByRole("row", { name: /^write amplification/ }).waitFor();
    // What RocksDB counted stands beside it; the room is where it was.
    const stopped = dialog.getByRole("row", { name: /^writes stopped/ }).getByRole("cell");
    assert.match(await stopped.first().innerText(), /^\d.* m?s$/);
    await dialog.getByLabel("Options to change").fill("write_buffer_size=1MB");
    await dialog.getByRole("button", { name: "Estimate", exact: true }).click();
    await dialog
      .getByText(/^.*write_buffer_size.*no effect/)
      .first()
      .waitFor();
    await page.keyboard.press("Escape");
    await room.getByRole("heading", { name: "What went wrong" }).waitFor();
  },
  FIRST,
);

pageTest(
  "the LOG of another database is not taken for that of the MANIFEST",
  async (page) => {
    const files = [
      ...filesOf("high_trigger", "MANIFEST-000005.gz", "OPTIONS-000007"),
      ...filesOf("few_jobs", "LOG.gz"),
    ];
    await page.getByLabel("History files").setInputFiles(files);
    await page
      .getByRole("region", { name: "History" })
      .getByRole("alert")
      .getByText(/of another database/)
      .waitFor();
    assert.equal(await page.getByRole("button", { name: "What would other options have cost?" }).count(), 0);
    await page.getByRole("button", { name: "What happened, over time" }).click();
    const room = page.getByRole("main", { name: "What happened" });
    await room.getByRole("heading", { name: "What went wrong" }).waitFor();
    assert.equal(await room.getByRole("button", { name: "What would that have cost?" }).count(), 0);
    assert.equal(await room.getByRole("button", { name: "Its decisions, on the stage" }).count(), 0);
  },
  FIRST,
);

pageTest(
  "a LOG that is none is refused with a remedy, and markup in a log stays text",
  async (page) => {
    const line = (/** @type {string} */ what) => `2026/11/28-16:32:32.441791 42 ${what}\n`;
    const log = (/** @type {string} */ text) => ({ name: "LOG", mimeType: "text/plain", buffer: Buffer.from(text) });
    await page.getByLabel("History files").setInputFiles([log(line("nothing that a database says"))]);
    const room = page.getByRole("main", { name: "What happened" });
    await room
      .getByRole("alert")
      .getByText(/Choose the file LOG in the database's directory/)
      .waitFor();
    await room.getByRole("button", { name: "Choose files…" }).click();
    const error = `[ERROR] [db/db.cc:1] Background IO error <img src=x onerror="document.title='taken'">`;
    await page.getByLabel("History files").setInputFiles([log(line("RocksDB version: 9.8.4") + line(error))]);
    await room
      .getByText(/<img src=/)
      .first()
      .waitFor();
    assert.equal(await room.locator("img").count(), 0);
  },
  FIRST,
);

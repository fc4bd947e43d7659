// What other options would have cost a recorded database: asked on the page, with what the database itself came to.

import assert from "node:assert/strict";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { faults } from "./axe.mjs";
import { pageTest } from "./browser.mjs";

/** A history by its link, on a first visit. */
const FIRST = { path: "?history", layout: /** @type {const} */ ("figure") };

/** @typedef {import("playwright-core").Page} Page */

const DATABASE = resolve(dirname(fileURLToPath(import.meta.url)), "../fixtures/rocksdb/running/free_universal");
const FILES = ["MANIFEST-000005.gz", "OPTIONS-000007", "LOG.gz"].map((name) => join(DATABASE, name));

/**
 * Opens the database's history, as by its link: over the figure, whose place the panels take then; and the dialog.
 * @param {Page} page
 */
async function open(page) {
  await page.getByRole("dialog", { name: "Open a history" }).waitFor();
  await page.getByLabel("History files").setInputFiles(FILES);
  await page.getByRole("button", { name: "Its decisions, on the stage" }).click();
  await page.getByRole("region", { name: "Comparison" }).getByText("matched 64 of 64").waitFor();
  await page.getByRole("button", { name: "What would other options have cost?" }).click();
  return page.getByRole("dialog", { name: "What other options would have cost" });
}

pageTest(
  "the database itself stands beside the estimates of its own options and of others",
  async (page) => {
    const dialog = await open(page);
    await dialog.getByLabel("Options to change").fill("max_background_jobs=2 universal_size_ratio=30");
    await dialog.getByRole("button", { name: "Estimate", exact: true }).click();
    const row = dialog.getByRole("row", { name: /^write amplification/ });
    await row.waitFor();
    // What RocksDB wrote is a number of the LOG and the MANIFEST, whatever is estimated.
    const cells = await row.getByRole("cell").allInnerTexts();
    assert.equal(cells.length, 3, cells.join(" | "));
    assert.match(cells[0] ?? "", /^4\.4/);
    const [own, other] = cells.slice(1).map((cell) => Number.parseFloat(cell));
    assert.ok(own && other && Math.abs(own - other) > 0.01, cells.join(" | "));
    await dialog.getByText(/Every write had a new key/).waitFor();
    assert.deepEqual(await faults(page, []), []);
  },
  FIRST,
);

pageTest(
  "an option that there is not is refused where it was typed, and nothing is lost",
  async (page) => {
    const dialog = await open(page);
    const field = dialog.getByLabel("Options to change");
    await field.fill("compaction_stile=universal");
    await field.press("Enter");
    await dialog
      .getByRole("alert")
      .getByText(/compaction_stile.*options have the names/)
      .waitFor();
    assert.equal(await field.inputValue(), "compaction_stile=universal");
    await field.fill("compaction_style=leveled");
    await field.press("Enter");
    await dialog.getByRole("row", { name: /^write amplification/ }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("region", { name: "Comparison" }).getByText("matched 64 of 64").waitFor();
    await page.getByRole("button", { name: "Back", exact: true }).click();
    await page.getByRole("button", { name: "Panels" }).waitFor();
  },
  FIRST,
);

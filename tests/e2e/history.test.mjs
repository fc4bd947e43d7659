// The history of a real RocksDB database on the page: dropped or picked, compared, stepped through, and left again.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { pageTest } from "./browser.mjs";
import { command, leaveConsole, position, ready, region, stage, standsAt } from "./page.mjs";

/** @typedef {import("playwright-core").Page} Page */

const FIXTURES = resolve(dirname(fileURLToPath(import.meta.url)), "../fixtures/rocksdb");
const MANIFEST = join(FIXTURES, "manifest/rr_dyn8/MANIFEST-000009");
const OPTIONS = join(FIXTURES, "manifest/rr_dyn8/OPTIONS-000011");

/**
 * Picks files in the dialog.
 * @param {Page} page
 * @param {string[]} files
 */
async function pick(page, files) {
  await page.getByRole("button", { name: "History", exact: true }).click();
  await page.getByLabel("History files").setInputFiles(files);
}

/** @param {Page} page */
const bar = (page) => region(page, "Comparison");

/**
 * Waits until the bar says `text`.
 * @param {Page} page
 * @param {RegExp} text
 */
async function says(page, text) {
  await page.getByRole("region", { name: "Comparison" }).getByText(text).first().waitFor();
}

pageTest(
  "a MANIFEST and its OPTIONS: every decision matches, keys step through them, Escape goes back and nothing is lost",
  async (page) => {
    await ready(page);
    await command(page, "put mine 1");
    const before = await stage(page);
    const at = await position(page);
    await pick(page, [MANIFEST, OPTIONS]);
    await says(page, /matched 85 of 85/);
    assert.match(await bar(page), /decision 1, byte \d+.*ours is the same/);
    assert.match(
      await region(page, "History"),
      /MANIFEST-000009.*Every one of its 85 decisions is ours too.*OPTIONS-000011/,
    );
    const first = await position(page);
    assert.match(await region(page, "Why"), /Source: compaction_picker_level\.cc/);
    assert.match(await region(page, "Level 0"), /tables?/);
    // A MANIFEST tells of tables, not of what is in them, nor of writes.
    assert.doesNotMatch(await region(page, "Level 0"), /entries/);
    assert.match(await region(page, "Charts"), /tables by level.*bytes by level/);
    assert.doesNotMatch(await region(page, "Charts"), /memtable|at risk|write amp/);

    await page.keyboard.press("ArrowRight");
    await says(page, /decision 2,/);
    await page.keyboard.press("ArrowLeft");
    await standsAt(page, first);
    await page.keyboard.press("Shift+ArrowRight");
    await standsAt(page, first + 1);
    await page.keyboard.press("End");
    await says(page, /decision 85,/);
    await page.keyboard.press("Home");
    await says(page, /before the first decision/);
    await page.getByRole("slider", { name: "Position" }).fill(String(first));
    await says(page, /decision 1,/);

    await page.getByRole("region", { name: "Level 0" }).getByRole("button", { name: /\.sst/ }).first().click();
    const inspector = await region(page, "Inspector");
    assert.match(inspector, /\d{6}\.sst as the MANIFEST tells of it level L0 size 247 KB .* first key .* last key /);
    assert.match(inspector, / last key .* sequence numbers \d+ to \d+ .* an input of the decision/);
    await page.keyboard.press("Escape");

    await page.keyboard.press("Escape");
    await page.getByRole("region", { name: "Comparison" }).waitFor({ state: "detached" });
    await ready(page);
    await standsAt(page, at);
    assert.equal(await stage(page), before);
    assert.match(await command(page, "get mine"), /1/);
  },
);

pageTest("a recorded universal history is stepped through as well", async (page) => {
  await ready(page);
  await leaveConsole(page);
  await pick(page, [join(FIXTURES, "tr_u4.jsonl")]);
  await says(page, /matched 246 of 246/);
  await page.keyboard.press("ArrowRight");
  assert.match(await region(page, "Why"), /UniversalCompactionBuilder/);
});

pageTest("under other options than it had, decisions differ: both are shown side by side", async (page) => {
  await ready(page);
  await pick(page, [MANIFEST]);
  await says(page, /matched \d+ of 85/);
  await page.getByRole("button", { name: "First difference" }).click();
  await says(page, /ours differs/);
  assert.match(await bar(page), /RocksDB (merges|moves|drops) .* ours /);
  assert.match(await region(page, "Why"), /RocksDB did/);
  // The OPTIONS file may come later.
  await page.getByRole("button", { name: "Another one…" }).click();
  await page.getByLabel("History files").setInputFiles([OPTIONS]);
  await says(page, /matched 85 of 85/);
  await page.getByRole("button", { name: "Back", exact: true }).click();
  await ready(page);
});

pageTest(
  "a history without compactions says at its end that it has no decision, not that one is to come",
  async (page) => {
    await ready(page);
    await pick(page, [
      join(FIXTURES, "cases/auto_off/MANIFEST-000005"),
      join(FIXTURES, "cases/auto_off/OPTIONS-000007"),
    ]);
    await says(page, /matched 0 of 0/);
    assert.match(await bar(page), /it has no decision/);
  },
);

pageTest("what is not a history is refused with what would be, and the sandbox stays", async (page) => {
  await ready(page);
  await pick(page, [join(FIXTURES, "README.md")]);
  const alert = page.getByRole("alert");
  await alert.getByText(/README\.md.*this is not a history.*It should be a MANIFEST/).waitFor();
  await pick2(page, OPTIONS);
  await alert.getByText(/An OPTIONS file alone is not a history/).waitFor();
  await page.keyboard.press("Escape");
  await ready(page);
  assert.match(await command(page, "put a 1"), /^ok/);
});

/**
 * Picks one more file in the dialog that is open.
 * @param {Page} page
 * @param {string} file
 */
async function pick2(page, file) {
  await page.getByLabel("History files").setInputFiles([file]);
}

pageTest("a file that is dropped anywhere on the page is compared", async (page) => {
  await ready(page);
  const text = readFileSync(join(FIXTURES, "dyn10.jsonl"), "utf8");
  await page.evaluate((content) => {
    const data = new DataTransfer();
    data.items.add(new File([content], "dyn10.jsonl"));
    for (const type of ["dragover", "drop"])
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
  }, text);
  await says(page, /matched 99 of 99/);
});

pageTest(
  "where there is little room, a difference is a line that can be opened, and the levels stay in view",
  async (page) => {
    await page.getByRole("region", { name: "Story" }).getByText("The database is open.").waitFor();
    await page.getByRole("button", { name: "More", exact: true }).click();
    await page.getByRole("button", { name: "Export", exact: true }).click();
    await page.getByRole("tab", { name: "Files" }).click();
    await page.getByRole("button", { name: "Open a history…" }).click();
    await page.getByLabel("History files").setInputFiles([MANIFEST]);
    await says(page, /matched \d+ of 85/);
    await page.getByRole("button", { name: "First difference" }).click();
    await says(page, /The outputs go to level \d, ours to level \d\./);
    const box = await page.getByRole("region", { name: "Comparison" }).boundingBox();
    assert.ok(box && box.height < 110, `the bar takes ${box?.height} pixels`);
    await page.getByText(/The outputs go to level/).click();
    await says(page, /merges \d+ tables of L0/);
    await page.getByRole("region", { name: "Level 0" }).waitFor();
    // The scores that decided are in view beside it, and nothing sticks out of the page's side.
    const [why, picked] = await Promise.all([
      page.getByRole("region", { name: "Why" }).boundingBox(),
      page.locator(".why-panel > .scores tr.on").boundingBox(),
    ]);
    assert.ok(
      why && picked && picked.y + picked.height <= why.y + why.height,
      `${JSON.stringify(picked)} in ${JSON.stringify(why)}`,
    );
    const events = await page.getByRole("region", { name: "Events" }).boundingBox();
    const timeline = await page.getByRole("region", { name: "Timeline" }).boundingBox();
    assert.ok(
      events && timeline && events.y + events.height <= timeline.y,
      `${JSON.stringify(events)} above ${JSON.stringify(timeline)}`,
    );
  },
  { viewport: { width: 720, height: 480 } },
);

// A moment can be shared as a link; the trace and the script can be saved as files.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import { pageTest } from "./browser.mjs";
import { command, emptyQueue, leaveConsole, length, position, ready, stage, standsAt } from "./page.mjs";

pageTest("a link brings the same moment back in another tab", async (page) => {
  await ready(page);
  await emptyQueue(page);
  for (const line of ["put a 1", "put b 2", "delete a", "put c 3", "get a"]) await command(page, line);
  await leaveConsole(page);
  for (let i = 0; i < 9; i += 1) await page.keyboard.press("ArrowLeft");
  const [at, shown] = [await position(page), await stage(page)];
  await page.getByRole("button", { name: "Share" }).click();
  const link = await page.getByRole("textbox", { name: "Link" }).inputValue();

  const other = await page.context().newPage();
  await other.goto(link);
  await ready(other);
  await standsAt(other, at);
  assert.equal(await stage(other), shown);
  assert.equal(await length(other), await length(page));
});

for (const fragment of ["v=3&preset=teaching&script=put+a+1", "v=3&room=simulate&spec=preset+rocksdb"]) {
  pageTest(`a link of a newer version is refused, and the page opens as without it: ${fragment}`, async (page) => {
    const other = await page.context().newPage();
    await other.goto(`${page.url()}#${fragment}`);
    await ready(other);
    const refused = (/** @type {typeof page} */ at) =>
      at.getByRole("status").filter({ hasText: "The link has version 3; this page reads versions 1 to 2." }).waitFor();
    await refused(other);
    assert.equal(await length(other), await length(page));

    // And one that is followed from the simulator, or from anywhere.
    await page.getByRole("button", { name: "Simulate" }).click();
    await page.evaluate((hash) => void (location.hash = hash), fragment);
    await refused(page);
  });
}

pageTest("the trace is one JSON object a line, and the script can be run again", async (page) => {
  await ready(page);
  await emptyQueue(page);
  for (const line of ["put a 1", "get a"]) await command(page, line);
  const events = await length(page);
  await page.getByRole("button", { name: "Export" }).click();
  await page.getByRole("tab", { name: "Files" }).click();

  const [trace] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: /Trace/ }).click(),
  ]);
  const rows = (await readFile(/** @type {string} */ (await trace.path()), "utf8"))
    .trim()
    .split("\n")
    .map((row) => JSON.parse(row));
  assert.equal(rows.length, events);
  assert.equal(rows.filter((row) => row.event.type === "wal_appended").length, 1);

  const [script] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: /Script/ }).click(),
  ]);
  assert.equal(await readFile(/** @type {string} */ (await script.path()), "utf8"), "put a 1\nget a\n");
});

pageTest("a frame of the WAL, a table and a key can be inspected", async (page) => {
  await ready(page);
  await emptyQueue(page);
  await command(page, "put a 1");
  await page.getByRole("region", { name: "WAL" }).getByRole("button", { name: /a = 1/ }).click();
  const inspector = page.getByRole("region", { name: "Inspector" });
  await inspector.getByText(/\.log/).first().waitFor();
  await inspector.getByRole("group", { name: "Fields" }).getByText("key", { exact: false }).first().waitFor();
  const field = inspector
    .getByRole("group", { name: "Fields" })
    .getByRole("button")
    .filter({ hasText: /length/ })
    .first();
  await field.hover();
  assert.ok((await inspector.locator(".hex .on").count()) > 0, "the field's bytes are marked");

  await page.getByRole("region", { name: "Memtable" }).getByRole("button", { name: /^a/ }).click();
  await inspector.getByText("the life of a key").waitFor();
  assert.match(await inspector.innerText(), /into the log|in memtable/);

  await command(page, "flush");
  await page
    .getByRole("region", { name: "Level 0" })
    .getByRole("button", { name: /\.sst/ })
    .click({ position: { x: 8, y: 3 } });
  await inspector.getByText(/\.sst/).first().waitFor();
  await inspector.getByText(/Bloom filter/).waitFor();
});

pageTest(
  "the lines for another page are copied, and what was copied is said of those lines only",
  async (page) => {
    await ready(page);
    await command(page, "put own 1");
    await page.getByRole("button", { name: "Share" }).click();
    await page.getByRole("button", { name: "Embed it in a page…" }).click();
    const dialog = page.getByRole("dialog", { name: "Embed this moment" });
    await dialog.getByRole("textbox", { name: "Lines for the page" }).waitFor();
    // An element is as wide as its column, and as high as it needs.
    assert.equal(await dialog.getByRole("spinbutton").count(), 0);
    await dialog.getByRole("button", { name: "Copy the lines" }).click();
    await dialog.getByText("Copied.").waitFor();
    const lines = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(lines, /<lsm-scope state="v=2.*script=put\+own\+1/);
    // The tour is queued, and none of it has run: a reader who plays on does not meet it.
    assert.ok(!lines.includes("next="), lines);
    await dialog.getByRole("combobox", { name: "Into" }).selectOption("iframe");
    await dialog.getByText("Copied.").waitFor({ state: "detached" });
    await dialog.getByRole("spinbutton", { name: "Width" }).waitFor();
  },
  // The preview is a sandboxed frame: the tests' server sends it no CORS headers.
  { permissions: ["clipboard-read", "clipboard-write"], complains: /origin 'null'|ERR_FAILED/ },
);

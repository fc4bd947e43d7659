// Pulling the plug: what the disk keeps, what recovery finds, branches of the past, and other ways for a disk to fail.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import { pageTest } from "./browser.mjs";
import { command, emptyQueue, leaveConsole, length, position, ready, region, stage, standsAt } from "./page.mjs";
import { openIndexedDb } from "./storage.mjs";

/** @typedef {import("playwright-core").Page} Page */

/**
 * Pulls the plug at the moment on the stage.
 * @param {Page} page
 * @param {string} [keep] what is chosen; nothing of what was not synced, if left out
 */
async function pullPlug(page, keep = "Nothing") {
  await page.getByRole("button", { name: "Pull the plug" }).click();
  await page.getByRole("radio", { name: keep }).check();
  await page.getByRole("button", { name: "Cut the power" }).click();
  await page.getByRole("note", { name: "Power" }).waitFor();
}

/**
 * Reopens, which stops at the first event of the recovery, and goes to its end.
 * @param {Page} page
 */
async function recover(page) {
  await page.getByRole("button", { name: "Reopen and step" }).click();
  await page
    .getByRole("region", { name: "Story" })
    .getByText(/The command reopen begins/)
    .waitFor();
  await page.getByRole("button", { name: "Last step" }).click();
}

/**
 * Waits until the list of events, which shows those around the moment on the stage, has these titles in this order.
 * @param {Page} page
 * @param {...string} titles
 */
async function events(page, ...titles) {
  const hasText = new RegExp(titles.map((title) => title.replaceAll(".", "\\.")).join("[\\s\\S]*"));
  await page.getByRole("region", { name: "Events" }).filter({ hasText }).waitFor();
}

/** @typedef {{ event: { type: string, op?: number } }} Row */

/**
 * The events of the timeline, as they are exported.
 * @param {Page} page
 * @returns {Promise<Row[]>}
 */
async function trace(page) {
  await page.getByRole("button", { name: "Export" }).click();
  await page.getByRole("tab", { name: "Files" }).click();
  const button = page.getByRole("button", { name: /Trace/ });
  const [file] = await Promise.all([page.waitForEvent("download"), button.click()]);
  await page.getByRole("button", { name: "Close", exact: true }).click();
  const text = await readFile(/** @type {string} */ (await file.path()), "utf8");
  return text
    .trim()
    .split("\n")
    .map((row) => JSON.parse(row));
}

pageTest(
  "what was not synced is taken, and recovery says what was lost and that nobody had promised it",
  async (page) => {
    await ready(page);
    await emptyQueue(page);
    for (const line of ["put a 1", "options wal_sync=never", "put b 2", "put c 3"]) await command(page, line);
    assert.match(await region(page, "WAL"), /acknowledged up to ·3, durable up to ·1/);
    await pullPlug(page);
    assert.match(await region(page, "WAL"), /·2 b = 2, lost.*·3 c = 3, lost/);
    assert.match(await region(page, "Memtable"), /gone with the power/);
    assert.match(
      await page.getByRole("note", { name: "Power" }).innerText(),
      /2 acknowledged writes had not been synced/,
    );
    assert.match(await command(page, "get a"), /the power is cut/);
    await recover(page);
    await events(
      page,
      "Replay of 000002.log begins",
      "Frame replayed: seq 1",
      "The database is open",
      "2 acknowledged writes lost",
    );
    assert.match(await command(page, "scan"), /^a = 1\n1 entry/);
  },
);

pageTest("a torn frame is dropped by recovery, and the frame before it is kept", async (page) => {
  await ready(page);
  await emptyQueue(page);
  for (const line of ["options wal_sync=never", "put a 1", "put b 2"]) await command(page, line);
  // The slider stands in the middle of the last frame.
  await pullPlug(page, "The first bytes, up to");
  assert.match(await region(page, "WAL"), /·1 a = 1, .*·2 b = 2, torn/);
  await recover(page);
  await events(page, "Frame replayed: seq 1", "The log's tail is torn", "1 acknowledged write lost");
  assert.match(await command(page, "scan"), /^a = 1\n/);
});

// High enough for all lanes, with the branches' tabs and without.
const HIGH = { viewport: { width: 1280, height: 900 } };

pageTest(
  "in the past, the plug begins a branch; the other history stays, and both can be shared",
  async (page) => {
    await ready(page);
    await emptyQueue(page);
    for (const line of ["put a 1", "put b 2", "put c 3", "put d 4", "put e 5"]) await command(page, line);
    await leaveConsole(page);
    const [whole, end] = [await stage(page), await length(page)];
    // Into the middle of the flush that the fourth put set off: its table is written, and not yet in the manifest.
    await page.getByRole("combobox", { name: "Run to" }).selectOption("flush");
    await page.getByRole("button", { name: "Back to the previous one" }).click();
    const story = page.getByRole("region", { name: "Story" });
    while (!(await story.innerText()).includes("is whole"))
      await page.getByRole("button", { name: "Step forward" }).click();
    await pullPlug(page);
    await recover(page);
    await events(page, "Nothing was lost");
    // Back to where the recovery ends and sets off another flush: the list shows the events around.
    await page.getByRole("button", { name: "Back to the previous one" }).click();
    // No edit names the table.
    await events(page, "Frame replayed: seq 4", "Orphan 000003.sst removed", "The database is open", "Flush 1 begins");
    await page.getByRole("button", { name: "Last step" }).click();
    assert.match(await command(page, "scan"), /^a = 1\nb = 2\nc = 3\nd = 4\n/);

    const [branch, at] = [await stage(page), await position(page)];
    await page.getByRole("button", { name: "Share" }).click();
    const link = await page.getByRole("textbox", { name: "Link" }).inputValue();
    await page.getByRole("button", { name: "Close", exact: true }).click();
    const other = await page.context().newPage();
    await other.goto(link);
    await ready(other);
    await standsAt(other, at);
    assert.equal(await stage(other), branch);
    await other.close();

    await page.getByRole("group", { name: "Branches" }).getByRole("button", { name: "main" }).click();
    await page.getByRole("button", { name: "Last step" }).click();
    await standsAt(page, end);
    assert.equal(await stage(page), whole);
    assert.match(await command(page, "put f 6"), /seq 6/, "the first history goes on");
  },
  HIGH,
);

pageTest("the events of a branch have the numbers of the first history up to where it forks", async (page) => {
  await ready(page);
  await emptyQueue(page);
  for (const line of ["put a 1", "put b 2", "put c 3", "put d 4", "get a"]) await command(page, line);
  const whole = await trace(page);
  const put = whole.findIndex(({ event }) => event.type === "op_began" && event.op === 4);
  const slider = page.getByRole("slider", { name: "Position" });
  for (const at of [put, put + 1, put + 3, put + 9]) {
    await slider.fill(String(at));
    await standsAt(page, at);
    await pullPlug(page);
    const branch = await trace(page);
    // Of the operation that is cut off, the command says so.
    const before = (/** @type {Row[]} */ rows) => rows.slice(0, at).filter((_, i) => i !== put);
    assert.deepEqual(before(branch), before(whole), `cut at event ${at}`);
    const cut = branch.findIndex(({ event }) => event.type === "power_cut");
    assert.ok(cut === at || (at === put && cut === at + 1), `the cut is event ${cut + 1}, after ${at}`);
    await page.getByRole("group", { name: "Branches" }).getByRole("button", { name: "main", exact: true }).click();
  }
  await slider.fill(String(put + 3));
  await page.getByRole("textbox", { name: "Command" }).fill("put x 9");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: `from event ${put}`, exact: true }).waitFor();
  assert.deepEqual((await trace(page)).slice(0, put), whole.slice(0, put), "a command inside of another");
});

pageTest("IndexedDB: at the end the plug takes what was not synced from the stored database itself", async (page) => {
  await ready(page);
  await openIndexedDb(page);
  for (const line of ["put a 1", "options wal_sync=never", "put b 2"]) await command(page, line);
  await pullPlug(page);
  await recover(page);
  assert.match(await command(page, "get b"), /not found/);
  await page.reload();
  await ready(page);
  await page.getByRole("button", { name: "Backend: IndexedDB · strict" }).waitFor();
  assert.match(await command(page, "scan"), /^a = 1\n1 entry/);
});

pageTest("IndexedDB: in the past a branch goes on in memory, and what is stored stays", async (page) => {
  await ready(page);
  await openIndexedDb(page);
  for (const line of ["put a 1", "put b 2"]) await command(page, line);
  await page.reload();
  await ready(page);
  for (const line of ["put c 3", "put d 4"]) await command(page, line);
  await leaveConsole(page);
  await page.keyboard.press("Shift+ArrowLeft");
  await pullPlug(page);
  await page.getByRole("button", { name: "Backend: Memory" }).waitFor();
  await recover(page);
  assert.match(
    await command(page, "scan"),
    /^a = 1\nb = 2\nc = 3\n3 entries/,
    "with what was stored before this visit",
  );
  await page.getByRole("group", { name: "Branches" }).getByRole("button", { name: "main" }).click();
  await page.getByRole("button", { name: "Backend: IndexedDB · strict" }).waitFor();
  // There, the position is in the past: a command would begin another branch.
  await page.keyboard.press("End");
  assert.match(await command(page, "scan"), /^a = 1\nb = 2\nc = 3\nd = 4\n4 entries/);
});

pageTest("a bad sector, flipped in the inspector, is found by the next recovery", async (page) => {
  await ready(page);
  await emptyQueue(page);
  for (const line of ["put a 1", "put b 2"]) await command(page, line);
  await page.getByRole("region", { name: "WAL" }).getByRole("button", { name: /a = 1/ }).click();
  const inspector = page.getByRole("region", { name: "Inspector" });
  await inspector.getByRole("spinbutton", { name: "Byte" }).fill("26");
  await inspector.getByRole("button", { name: "Flip it" }).click();
  await inspector
    .getByText(/checksum/)
    .first()
    .waitFor();
  assert.match(await command(page, "verify"), /damage +000002.log at byte 0/);
  assert.match(await command(page, "reopen"), /000002.log is damaged at byte 0/);
  await inspector
    .getByText(/checksum/)
    .first()
    .waitFor();
  assert.match(await command(page, "flip 000002.log 26"), /is flipped/);
  await command(page, "reopen");
  assert.match(await command(page, "scan"), /^a = 1\nb = 2\n/);
  // The other way out: what comes before the damage.
  for (const line of ["flip 000002.log 55", "reopen"]) await command(page, line);
  await page.getByRole("alert", { name: "Trouble" }).getByRole("button", { name: "Keep what comes before" }).click();
  await page.getByRole("alert", { name: "Trouble" }).waitFor({ state: "detached" });
  assert.match(await command(page, "scan"), /^a = 1\n1 entry/);
});

pageTest("a disk that lies breaks a promise, which the next recovery finds out", async (page) => {
  await ready(page);
  await emptyQueue(page);
  await command(page, "put a 1");
  await page.getByRole("button", { name: "Pull the plug" }).click();
  await page.getByText("Or let the disk go bad").click();
  await page.getByRole("button", { name: "Syncs that lie" }).click();
  assert.match(await command(page, "put b 2"), /seq 2/);
  assert.match(await region(page, "WAL"), /acknowledged up to ·2, durable up to ·2/, "the engine believes it");
  await pullPlug(page);
  await recover(page);
  await events(page, "Promised writes are lost");
});

pageTest("a full disk refuses the write, reads go on, and a reopen with room goes on", async (page) => {
  await ready(page);
  await emptyQueue(page);
  await command(page, "put a 1");
  await page.getByRole("button", { name: "Pull the plug" }).click();
  await page.getByText("Or let the disk go bad").click();
  await page.getByRole("button", { name: "Full disk" }).click();
  assert.match(await command(page, "put b 2"), /no space is left/);
  assert.match(await command(page, "put c 3"), /writes are stopped/);
  assert.match(await command(page, "get a"), /^1\b/);
  for (const line of ["disk ok", "reopen"]) await command(page, line);
  assert.match(await command(page, "put b 2"), /ok {2}seq 2/);
});

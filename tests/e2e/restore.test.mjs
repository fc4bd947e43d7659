// Starting over, and what a reload restores: the session of a database in memory, built again from its commands.

import assert from "node:assert/strict";

import { pageTest } from "./browser.mjs";
import { command, emptyQueue, leaveConsole, length, position, ready, region, stage, standsAt } from "./page.mjs";
import { openIndexedDb } from "./storage.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** @param {Page} page */
const branches = (page) => page.getByRole("group", { name: "Branches" });

/** @param {Page} page */
const startOver = (page) => page.getByRole("button", { name: "Start over" }).click();

/**
 * Reloads; answers whether the page asked first.
 * @param {Page} page
 */
async function reloads(page) {
  let asked = false;
  const answer = async (/** @type {import("playwright-core").Dialog} */ dialog) => {
    asked = dialog.type() === "beforeunload";
    await dialog.accept();
  };
  page.on("dialog", answer);
  await page.reload();
  page.off("dialog", answer);
  await ready(page);
  return asked;
}

/**
 * Waits for a text in a status line.
 * @param {Page} page
 * @param {string | RegExp} text
 */
const says = (page, text) => page.getByRole("status").filter({ hasText: text }).first().waitFor();

pageTest("start over: the script is in the queue from its first line, and nothing has happened", async (page) => {
  await ready(page);
  for (let i = 0; i < 3; i += 1) await page.locator(".next-line").click();
  assert.equal(await page.locator(".next-line").innerText(), "put user:5 Erin");
  await startOver(page);
  await standsAt(page, 0);
  assert.equal(await page.locator(".next-line").innerText(), "put user:1 Alice");
  assert.equal(await branches(page).count(), 0, "nothing was run that the script does not run again");
  await page.getByRole("button", { name: "Last step" }).click();
  assert.match(await command(page, "scan"), /^no entries/);
});

pageTest(
  "start over keeps what was run beside the script: on its branch",
  async (page) => {
    await ready(page);
    await page.locator(".next-line").click();
    await command(page, "put mine 1");
    const [whole, end] = [await stage(page), await length(page)];
    await startOver(page);
    await says(page, 'stays on the branch "main"');
    await standsAt(page, 0);
    assert.equal(await page.locator(".next-line").innerText(), "put user:1 Alice");
    await branches(page).getByRole("button", { name: "main", exact: true }).click();
    await standsAt(page, end);
    assert.equal(await stage(page), whole);
    assert.match(await command(page, "get mine"), /^1\b/);
  },
  { viewport: { width: 1280, height: 900 } },
);

pageTest("start over leaves a stored database alone", async (page) => {
  await ready(page);
  await openIndexedDb(page);
  await command(page, "put a 1");
  await startOver(page);
  await page.getByRole("button", { name: "Backend: Memory" }).waitFor();
  await branches(page).getByRole("button", { name: "main", exact: true }).click();
  await page.keyboard.press("End");
  assert.match(await command(page, "get a"), /^1\b/);
});

pageTest("a reload restores commands, options, queue, branches and the position, and does not ask", async (page) => {
  await ready(page);
  await page.locator(".next-line").click();
  for (const line of ["options wal_sync=never", "put mine 1", "crash", "reopen", "get mine"]) await command(page, line);
  await leaveConsole(page);
  for (let i = 0; i < 6; i += 1) await page.keyboard.press("Control+z");
  await page.getByRole("textbox", { name: "Command" }).fill("put other 2");
  await page.keyboard.press("Enter");
  await branches(page)
    .getByRole("button", { name: /^from event/ })
    .waitFor();
  await page.locator(".scrubber .play:enabled").waitFor();
  await branches(page).getByRole("button", { name: "main", exact: true }).click();
  await page.keyboard.press("End");
  for (let i = 0; i < 9; i += 1) await page.keyboard.press("ArrowLeft");
  await page.getByRole("textbox", { name: "Command" }).fill("put half typ");
  const before = [await stage(page), await position(page), await length(page), await region(page, "Story")];

  assert.equal(await reloads(page), false);
  await says(page, /Restored: 7 commands ran again\.$/);
  await standsAt(page, Number(before[1]));
  assert.deepEqual([await stage(page), await position(page), await length(page), await region(page, "Story")], before);
  assert.equal(await page.locator(".next-line").innerText(), "put user:3 Carol");
  assert.equal(await page.getByRole("textbox", { name: "Command" }).inputValue(), "put half typ");
  await branches(page)
    .getByRole("button", { name: /^from event/ })
    .click();
  await page.keyboard.press("End");
  assert.match(await command(page, "get other"), /^2\b/);
});

pageTest("another link wins over the session; the address that the session had does not", async (page) => {
  await ready(page);
  await emptyQueue(page);
  await command(page, "put mine 1");
  await page.waitForFunction(() => location.hash.includes("put+mine+1"));
  const link = "#v=1&preset=teaching&script=put+a+1&next=put+b+2";
  await page.evaluate((hash) => void (location.hash = hash), link);
  await says(page, /^ok/);
  assert.equal(await page.locator(".next-line").innerText(), "put b 2");
  assert.match(await command(page, "stats"), /entries/);
  assert.ok(page.url().endsWith(link), "a question leaves the address");
  assert.match(await command(page, "scan"), /^a = 1\n1 entry/);
  await page.waitForFunction(() => location.hash.startsWith("#v=2&"));
  await page.getByRole("textbox", { name: "Command" }).fill("put half typ");
  await reloads(page);
  await says(page, "Restored: 2 commands ran again.");
  assert.equal(await page.getByRole("textbox", { name: "Command" }).inputValue(), "put half typ");

  // A tab that kept a session is sent elsewhere.
  await page.goto("about:blank");
  await page.goBack();
  await ready(page);
  await startOver(page);
  await standsAt(page, 0);
  assert.equal(
    await page.locator(".next-line").innerText(),
    "put a 1",
    "the link's script is the one that starts over",
  );
});

pageTest("a stored database has no address: a reload opens it again", async (page) => {
  await ready(page);
  await emptyQueue(page);
  await command(page, "put a 1");
  await page.waitForFunction(() => location.hash.includes("put+a+1"));
  await openIndexedDb(page);
  await command(page, "put b 2");
  await page.waitForFunction(() => location.hash === "");
  await reloads(page);
  await page.keyboard.press("End");
  assert.match(await command(page, "scan"), /^b = 2\n1 entry/);
});

pageTest("a session that is too long asks before it is lost, and says so after", async (page) => {
  await ready(page);
  const paste = Array.from({ length: 5001 }, (_, i) => `put k${i % 9} v`).join("\n");
  await page.getByRole("button", { name: "Edit the script" }).click();
  await page.getByRole("textbox", { name: "Lines to run" }).fill("put a 1");
  await page.getByRole("button", { name: "Queue these lines" }).click();
  await page.waitForFunction(() => location.hash.includes("next=put+a+1"));
  // The address does not follow in time: a reload must not take what it still has for what was done.
  await page.evaluate(() => {
    history.replaceState = () => {};
  });
  await page.evaluate((text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    document
      .querySelector("#command")
      ?.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, paste);
  await page.getByText("seq 5001").first().waitFor({ timeout: 120_000 });
  await page.locator(".scrubber .play:enabled").waitFor();
  assert.equal(await reloads(page), true);
  await says(page, "The session before is not restored: 5,001 commands had run, and no more than 5,000 commands");
});

// IndexedDB: what was put is there after a reload, recovered from its log; and one tab at a time has a database.

import assert from "node:assert/strict";

import { pageTest } from "./browser.mjs";
import { answer, command, ready, region } from "./page.mjs";
import { openIndexedDb } from "./storage.mjs";

pageTest("put, reload: the data is there, and its recovery is in the timeline", async (page) => {
  await ready(page);
  await openIndexedDb(page);
  for (const line of ["put user:1 Alice", "put user:2 Bob", "delete user:2"]) await command(page, line);
  await page.reload();
  await ready(page);
  await page.getByRole("button", { name: "Backend: IndexedDB · strict" }).waitFor();
  assert.match(await region(page, "Memtable"), /user:1 = Alice/, "the memtable was made again from the log");

  await page.getByRole("combobox", { name: "Run to" }).selectOption("recovery");
  await page.getByRole("button", { name: "Back to the previous one" }).click();
  await page.getByRole("region", { name: "Story" }).getByText("Recovery begins").waitFor();
  const events = page.getByRole("region", { name: "Events" });
  assert.match(
    await events.innerText(),
    /Replay of \d+\.log begins[\s\S]*Frame replayed: seq 1[\s\S]*The database is open/,
  );

  assert.match(await command(page, "get user:1"), /^Alice\b/);
  assert.match(await command(page, "get user:2"), /not found/);
});

pageTest("a flushed table is read back after a reload", async (page) => {
  await ready(page);
  await openIndexedDb(page);
  for (let i = 0; i < 4; i += 1) await command(page, `put k${i} v${i}`);
  assert.match(await region(page, "Level 0"), /1 table\b/);
  await page.reload();
  await ready(page);
  assert.match(await region(page, "Level 0"), /1 table\b/);
  assert.match(await command(page, "get k2"), /^v2\b/);
});

pageTest("a stored database is opened with the options that it was last open with", async (page) => {
  await ready(page);
  await openIndexedDb(page);
  await command(page, "options preset=full-merge");
  for (let i = 0; i < 10; i += 1) await command(page, `put k${i} v${i}`);
  await command(page, "compact");
  assert.match(await region(page, "Level 6"), /1 table\b/);
  await page.reload();
  await ready(page);
  assert.match(await region(page, "Level 6"), /1 table\b/);
  assert.match(await region(page, "Memtable"), /of 5 entries/);
  assert.match(await command(page, "get k3"), /^v3\b/);
});

pageTest("a second tab is told, and can take over; the first is told then", async (page) => {
  await ready(page);
  await openIndexedDb(page);
  await command(page, "put a 1");

  const second = await page.context().newPage();
  await second.goto(page.url());
  const alert = second.getByRole("alert");
  await alert.getByText("Another tab has this database").waitFor();
  await second.getByRole("button", { name: "Take over" }).click();
  await ready(second);
  assert.match(await command(second, "get a"), /^1\b/);

  const exchanges = await page.getByRole("log").getByRole("group").count();
  await page.getByRole("textbox", { name: "Command" }).fill("put b 2");
  await page.getByRole("textbox", { name: "Command" }).press("Enter");
  assert.match(await answer(page, exchanges), /tab|owner|taken/i, "the first tab's write is refused with the reason");
  assert.equal(await page.getByRole("textbox", { name: "Command" }).inputValue(), "put b 2", "what was typed is kept");
});

pageTest("a second tab can go on in memory instead", async (page) => {
  await ready(page);
  await openIndexedDb(page);
  const second = await page.context().newPage();
  await second.goto(page.url());
  await second.getByRole("button", { name: "Open in memory" }).click();
  await ready(second);
  assert.match(await command(second, "put a 1"), /ok/);
  await second.getByRole("button", { name: "Backend: Memory" }).waitFor();
});

pageTest("a database can be erased, after a second click", async (page) => {
  await ready(page);
  await openIndexedDb(page);
  await command(page, "put a 1");
  await page.getByRole("button", { name: /^Backend/ }).click();
  await page.getByRole("button", { name: "Erase this database" }).click();
  await page.getByRole("button", { name: /^Really erase/ }).click();
  await page.getByText("Erased.").waitFor();
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await page.getByRole("button", { name: "Backend: IndexedDB · strict" }).waitFor();
  await ready(page);
  assert.match(await command(page, "get a"), /not found/);
});

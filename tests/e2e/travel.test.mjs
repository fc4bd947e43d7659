// Time travel: what the stage shows at a position depends on the position alone, however one came there.

import assert from "node:assert/strict";

import { pageTest } from "./browser.mjs";
import { command, emptyQueue, leaveConsole, length, position, ready, region, stage, standsAt } from "./page.mjs";

/** Enough for three flushes and a compaction under the teaching preset. */
const WRITES = Array.from({ length: 12 }, (_, i) => `put key${i % 7} value${i}`);

pageTest(
  "forwards and backwards over a flush and a compaction, the stage says the same at the same position",
  async (page) => {
    await ready(page);
    await emptyQueue(page);
    for (const line of [...WRITES, "delete key3", "get key1", "get nothing"]) await command(page, line);
    await leaveConsole(page);
    const end = await length(page);
    assert.ok(end > 100, `only ${end} events`);

    await page.keyboard.press("Home");
    await standsAt(page, 0);
    /** @type {string[]} */
    const forward = [await stage(page)];
    for (let p = 1; p <= end; p += 1) {
      await page.keyboard.press("ArrowRight");
      await standsAt(page, p);
      forward.push(await stage(page));
    }
    const all = forward.join("\n");
    assert.ok(/Level 0: 3 tables/.test(all), "three flushes were on the stage");
    assert.ok(/Level 1: \d tables?/.test(all), "a compaction's outputs were on the stage");
    for (let p = end - 1; p >= 0; p -= 1) {
      await page.keyboard.press("ArrowLeft");
      await standsAt(page, p);
      assert.equal(await stage(page), forward[p], `at position ${p}`);
    }
    // And by jumps.
    for (const p of [end, 1, Math.floor(end / 2), 7]) {
      await page.getByRole("slider", { name: "Position" }).fill(String(p));
      await standsAt(page, p);
      assert.equal(await stage(page), forward[p], `after a jump to ${p}`);
    }
  },
);

pageTest("a put becomes a frame, is synced, and is in the memtable: in this order", async (page) => {
  await ready(page);
  await emptyQueue(page);
  await command(page, "put user:1 Alice");
  await leaveConsole(page);
  await page.keyboard.press("Shift+ArrowLeft");
  /** @type {string[]} */
  const titles = [];
  const end = await length(page);
  for (let p = await position(page); p < end; p += 1) {
    await page.getByRole("button", { name: "Step forward", exact: true }).click();
    await standsAt(page, p + 1);
    const story = await region(page, "Story");
    titles.push(story);
    if (story.includes("Frame appended")) {
      assert.match(await region(page, "WAL"), /·1 user:1 = Alice, not durable/);
      assert.doesNotMatch(await region(page, "Memtable"), /user:1/);
    }
    if (story.includes("synced up to")) assert.doesNotMatch(await region(page, "WAL"), /not durable/);
    if (story.includes("Put user:1 in the memtable")) assert.match(await region(page, "Memtable"), /user:1 = Alice ·1/);
  }
  const at = (/** @type {string} */ words) => titles.findIndex((title) => title.includes(words));
  assert.ok(
    at("Frame appended") >= 0 &&
      at("Frame appended") < at("synced up to") &&
      at("synced up to") < at("Put user:1 in the memtable"),
    titles.join("\n"),
  );
});

pageTest("run to the next flush and back, by name", async (page) => {
  await ready(page);
  await emptyQueue(page);
  for (const line of WRITES) await command(page, line);
  await leaveConsole(page);
  await page.keyboard.press("Home");
  await page.getByRole("combobox", { name: "Run to" }).selectOption("compaction");
  await page.getByRole("button", { name: "On to the next one" }).click();
  await page
    .getByRole("region", { name: "Story" })
    .getByText(/Compaction \d+ picked/)
    .first()
    .waitFor();
  assert.match(await region(page, "Why"), /L0 \(picked\).* due .*Governed by \w+/);
  await page.getByRole("combobox", { name: "Run to" }).selectOption("flush");
  await page.getByRole("button", { name: "Back to the previous one" }).click();
  await page
    .getByRole("region", { name: "Story" })
    .getByText(/Flush \d+ begins/)
    .first()
    .waitFor();
});

pageTest("the tour plays: stepping past the end runs the next line and stands at its first event", async (page) => {
  await ready(page);
  const before = await position(page);
  await page.keyboard.press("ArrowRight");
  await standsAt(page, before + 1);
  assert.match(await region(page, "Story"), /Operation 1: put user:1 Alice/);
  assert.ok((await length(page)) > before + 3, "the whole command has run; the rest of it lies ahead");
});

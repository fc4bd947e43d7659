// Challenges: what is refused does not run, what held from the start is no achievement, and a way that leads nowhere is
// named.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { pageTest } from "./browser.mjs";
import { answer, begin, told, typeLine } from "./learner.mjs";
import { drop } from "./page.mjs";

/** @typedef {import("playwright-core").Page} Page */

const WRITE = readFileSync(new URL("../../www/lessons/write.md", import.meta.url), "utf8");

/** Goes to the last part of a lesson, its challenge. @param {Page} page @param {string} id */
async function challenge(page, id) {
  await begin(page, id);
  await page.locator(".lesson-way li button").last().click();
  await page.locator(".challenge .bounds").waitFor();
}

/** How many events there are. @param {Page} page */
const events = (page) => page.getByRole("slider", { name: "Position" }).getAttribute("max");

pageTest(
  "a command that may not be used is refused before it runs, and the field names those that may",
  async (page) => {
    await challenge(page, "deletes");
    const box = page.locator(".challenge").getByRole("textbox", { name: "Command" });
    assert.equal(await box.getAttribute("placeholder"), "compact, flush, get, scan");
    const before = await events(page);
    await typeLine(page, "put k 1");
    await page.getByText("put may not be used for this").waitFor();
    assert.equal(await events(page), before);
    assert.match(await page.locator(".bounds").innerText(), /0 lines of/);
    await typeLine(page, "flsh");
    await page.locator(".challenge").getByText("flsh is not a command").waitFor();
    await typeLine(page, "get k");
    assert.notEqual(await events(page), before);
    assert.match(await page.locator(".bounds").innerText(), /1 line of/);
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "a first line that the engine does not read is told where it was typed, with what is right there",
  async (page) => {
    await challenge(page, "write");
    await typeLine(page, "options wal_sync=writes, every 2");
    const told = page.locator(".challenge .own-line").getByRole("alert");
    assert.match(
      await told.innerText(),
      /^› options wal_sync=writes, every 2\n\s+\^{16}\n.*expected every_write, writes, bytes or never\n.*no comma\./,
    );
    const box = page.locator(".challenge").getByRole("textbox", { name: "Command" });
    const selected = await box.evaluate((/** @type {HTMLInputElement} */ { value, selectionStart, selectionEnd }) =>
      value.slice(selectionStart ?? 0, selectionEnd ?? 0),
    );
    assert.equal(selected, "wal_sync=writes,");
    await typeLine(page, "options wal_sync=writes wal_sync_writes=4");
    await told.waitFor({ state: "detached" });
    assert.match(await page.locator(".bounds").innerText(), /1 line of/);
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "what held before the first line is not ticked; without a line left, it is said that this way ends",
  async (page) => {
    await challenge(page, "stalls");
    const held = page.locator(".bounds li").filter({ hasText: "holds from the start" });
    assert.ok((await held.count()) > 0);
    assert.equal(await page.locator(".bounds [data-holds]").count(), 0);
    await challenge(page, "write");
    assert.equal(await page.locator(".bounds [data-holds]").count(), 0);
    for (let line = 0; line < 7; line += 1) await typeLine(page, `put k${line} 1`);
    await page.getByText("There is no line left").waitFor();
    const before = await events(page);
    await typeLine(page, "put z 1");
    await page.getByText("these are 8 lines, and it takes 7").waitFor();
    assert.equal(await events(page), before);
    await page.getByRole("button", { name: "Start over" }).click();
    await page.getByText("There is no line left").waitFor({ state: "detached" });
    await page.getByText("0 lines of 7").waitFor();
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "goals are said in the lesson's words; how they are checked is a click away",
  async (page) => {
    const text = WRITE.replace(
      /(\ncheck: .*)\n(?:goal: .*\n)*/,
      "$1\ngoal: Five are acknowledged\ngoal: Four are durable\n",
    );
    await drop(page, "mine.md", text);
    await page.locator('.beat[data-phase="asking"]').waitFor();
    await page.locator(".lesson-way li button").last().click();
    const goals = page.locator(".challenge .bounds");
    await goals.getByText("Five are acknowledged").waitFor();
    const check = goals.getByText("report.acked_seq == 5");
    assert.equal(await check.isVisible(), false);
    await goals.getByText("How this is checked").first().click();
    assert.ok(await check.isVisible());
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "a card that is moved by a key keeps the focus; a part can be done again",
  async (page) => {
    await begin(page, "write");
    const down = page.locator(".cards li:nth-child(1) button").last();
    const label = await down.getAttribute("title");
    await down.focus();
    for (const place of [2, 3, 4]) {
      await page.keyboard.press("Space");
      await page
        .locator(`.cards li:nth-child(${place})`)
        .getByRole("button", { name: label ?? "" })
        .waitFor();
      assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("title")), label);
    }
    await page.getByRole("button", { name: "Check" }).click();
    await told(page);
    await page.getByRole("button", { name: "This part from the beginning" }).click();
    await page.locator('.beat[data-phase="asking"]').waitFor();
    await page.getByRole("heading", { name: "One put, step by step" }).waitFor();
  },
  { reducedMotion: "reduce" },
);

for (const viewport of [
  { width: 1280, height: 720 },
  { width: 390, height: 844 },
])
  pageTest(
    `what is new is in view at ${viewport.width}x${viewport.height}: the next question, and two figures side by side`,
    async (page) => {
      await begin(page, "reads");
      await answer(page, "reads", "right");
      await page.getByRole("button", { name: "Go on" }).click();
      await page.locator('.beat[data-phase="asking"] .lesson-step:nth-of-type(2) fieldset').waitFor();
      const panel = await page.locator(".lesson-panel").boundingBox();
      const step = await page.locator(".lesson-step:nth-of-type(2)").boundingBox();
      assert.ok(panel && step && step.y >= panel.y && step.y < panel.y + panel.height / 2, "it begins in view");
      await begin(page, "deletes");
      await page.locator(".lesson-way li:nth-child(6) button").click();
      await page.getByRole("heading", { name: "What may a merge know?" }).waitFor();
      await page.locator('.beat[data-phase="asking"] fieldset').waitFor();
      await answer(page, "deletes", "right");
      const [left, right] = await page
        .locator(".compared .own-stage")
        .evaluateAll((all) =>
          all.map((one) => one.getBoundingClientRect()).map(({ x, y, width, height }) => ({ x, y, width, height })),
        );
      assert.equal(left.y === right.y, viewport.width > 700, "side by side where there is room");
      assert.ok(left.width >= 320 && left.height >= 300, JSON.stringify(left));
    },
    { viewport, reducedMotion: "reduce" },
  );

pageTest(
  "help and options are whole where lines are typed, and a mean is said as one",
  async (page) => {
    await challenge(page, "table");
    for (const [line, last] of [
      ["help", "exit"],
      ["options", "write_buffer_entries"],
    ]) {
      await typeLine(page, line);
      await page.getByText(/^all \d+ lines$/).press("Enter");
      const whole = page.getByRole("group", { name: "The whole answer" });
      assert.match(await whole.innerText(), new RegExp(`\\b${last}\\b`));
    }
    await typeLine(page, "fill 20 seed 1");
    const mean = page.locator(".bounds li").filter({ hasText: "on average" });
    const now = Number(/now ([\d.]+)/.exec(await mean.innerText())?.[1]);
    assert.ok(now > 10 && now <= 32, `a mean of ${now} bytes`);
  },
  { reducedMotion: "reduce" },
);

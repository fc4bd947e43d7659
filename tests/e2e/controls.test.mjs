// What a beat names beside its stage: meters, the list of tables, options as knobs. What a question hides is hidden
// there too. And what a learner reports of the lesson on tuning.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { pageTest } from "./browser.mjs";
import { answer, begin, lessonOf, told, typeLine } from "./learner.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").Page | import("playwright-core").FrameLocator} Place */

/** Goes to a part of a lesson. @param {Page} page @param {string} id @param {number} part from 1 */
async function goTo(page, id, part) {
  await begin(page, id);
  const button = page.locator(`.lesson-way li:nth-child(${part}) button`);
  await button.click();
  await page.locator(`.lesson-way li:nth-child(${part}) button[aria-current="step"]`).waitFor();
  await page.locator('.beat[data-phase="asking"]').waitFor();
}

/** @param {Place} page @param {string} name */
const meter = (page, name) => page.locator(`.meters [data-meter="${name}"] dd`);

/** Sets knobs together: one line. @param {Place} page @param {Record<string, string>} knobs */
async function turn(page, knobs) {
  for (const [name, value] of Object.entries(knobs))
    await page.locator(`.lesson-knobs [data-knob="${name}"]`).getByRole("textbox").fill(value);
  await page.getByRole("button", { name: "Set options" }).click();
}

pageTest(
  "a meter that a question is about shows its number and fraction only after the answer",
  async (page) => {
    await goTo(page, "cost", 1);
    for (const name of ["write", "log", "read", "space"]) assert.equal(await meter(page, name).innerText(), "?");
    await answer(page, "cost", "right");
    await told(page);
    assert.match(await meter(page, "write").innerText(), /^\d\.\d\d\s+\([\d,]+ \+ [\d,]+\) \/ [\d,]+$/);
    assert.match(await meter(page, "read").innerText(), /^\d+\s+\d of L0 \+ \d levels?$/);
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "the list of tables is hidden while it is the answer, and then shows which tables are there",
  async (page) => {
    await goTo(page, "policies", 5);
    const list = page.locator(".table-list");
    assert.equal(await list.innerText(), "?");
    await answer(page, "policies", "right");
    await told(page);
    const rows = list.locator("tbody tr");
    assert.ok((await rows.count()) > 1);
    assert.match(await rows.first().innerText(), /^L0\s+0000\d\d\s+k\d\d – k\d\d\s+\d+\s+\d+ B$/);
  },
  { reducedMotion: "reduce" },
);

for (const viewport of [
  { width: 1280, height: 720 },
  { width: 390, height: 844 },
])
  pageTest(
    `options are set by knobs, as a line of the challenge, at ${viewport.width}x${viewport.height}`,
    async (page) => {
      await goTo(page, "cost", 7);
      await page.locator(".challenge .bounds").waitFor();
      const knobs = page.locator(".lesson-knobs .knob");
      await knobs.first().waitFor();
      assert.equal(await knobs.count(), 3);
      await turn(page, { bloom_bits_per_key: "10" });
      await page.locator(".bounds").getByText("1 line of 3").waitFor();
      assert.equal(await page.getByRole("button", { name: "Set options" }).count(), 0, "there is nothing left to set");
      await typeLine(page, "compact");
      await page.locator(".challenge .verdict").waitFor();
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, "nothing is wider than the page");
      for (const part of [".meters", ".figure-box, .lesson-stage canvas"]) {
        const box = await page.locator(part).first().boundingBox();
        assert.ok(box && box.height > 30 && box.x >= 0 && box.x + box.width <= viewport.width, part);
      }
    },
    { viewport, reducedMotion: "reduce" },
  );

pageTest(
  "a wrong value is said where it is typed, and is not set",
  async (page) => {
    await goTo(page, "tuning", 4);
    assert.equal(await page.locator(".lesson-knobs").isDisabled(), false, "a challenge takes them");
    await page.locator('.lesson-knobs [data-knob="write_buffer_size"]').getByRole("textbox").fill("x");
    assert.ok(await page.getByRole("button", { name: "Set options" }).isDisabled());
    await page.getByText("expected").first().waitFor();
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "the report has the numbers before and after, the least memory first, and the hand-in is what the engine finds",
  async (page) => {
    await goTo(page, "tuning", 4);
    await page.locator(".challenge .bounds").waitFor();
    await turn(page, { write_buffer_entries: "32", write_buffer_size: "4096" });
    await page.locator(".bounds").getByText("1 line of 2").waitFor();
    const seed = /seed (\d+)/.exec(await page.locator(".challenge").innerText())?.[1];
    await typeLine(page, `fill 60 seed ${seed}`);
    await page.locator(".challenge .verdict").waitFor();
    await page.locator(".lesson-way li:nth-child(6) button").click();
    await page.getByRole("heading", { name: "The queue", exact: true }).waitFor();
    await page.locator(".challenge .bounds").waitFor();
    for (const line of ["flush", "compact 0", "scan limit 1"]) await typeLine(page, line);
    await page.locator(".challenge .verdict").waitFor();
    await page.locator(".lesson-way li:nth-child(7) button").click();
    await page.getByRole("button", { name: "To the end" }).click();
    const reports = page.locator(".report");
    await reports.nth(1).waitFor();
    assert.deepEqual(await reports.locator("h4").allInnerTexts(), ["The queue", "The log of clicks"]);
    const changed = reports.nth(1).getByRole("row", { name: /write_buffer_entries/ });
    assert.match(await changed.innerText(), /write_buffer_entries\s+4\s+32$/);
    const field = reports.nth(1).getByRole("textbox");
    await field.fill("Memory pays for it. Were keys read, I would not.");
    await page.reload();
    await page.locator(".lesson-way li:nth-child(7) button").click();
    await page.getByRole("button", { name: "To the end" }).click();
    assert.equal(
      await reports.nth(1).getByRole("textbox").inputValue(),
      "Memory pays for it. Were keys read, I would not.",
    );
    await page.emulateMedia({ media: "print" });
    assert.ok(await reports.nth(1).getByText("Memory pays for it.").last().isVisible(), "it is on paper");
    await page.emulateMedia({ media: "screen" });
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save for handing in" }).click();
    const text = readFileSync(await (await saved).path(), "utf8");
    assert.match(text, /"seed": \d/);
    const graded = await (
      await lessonOf(page, "tuning")
    ).evaluate(({ lesson }, handIn) => lesson.grade_again(handIn), text);
    assert.deepEqual(graded.differs, []);
    assert.deepEqual(
      graded.reports.map(({ id, sentences }) => [id, sentences.slice(0, 6)]),
      [
        ["queue-head", ""],
        ["clicks", "Memory"],
      ],
    );
  },
  { reducedMotion: "reduce" },
);

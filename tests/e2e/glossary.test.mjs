// The field's terms: each has its meaning a click or a press of Tab away, and help begins with all of them.

import assert from "node:assert/strict";

import { pageTest } from "./browser.mjs";
import { command, leaveConsole, position, ready, region } from "./page.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** @param {Page} page */
const meaning = (page) => page.locator(".meaning");

/** @param {Page} page */
const story = (page) => page.getByRole("region", { name: "Story" });

for (const viewport of [
  { width: 1280, height: 720 },
  { width: 390, height: 844 },
]) {
  pageTest(
    `at ${viewport.width} by ${viewport.height}, a click on a term shows what it means, within the window`,
    async (page) => {
      await page.setViewportSize({ width: 1280, height: 720 });
      await ready(page);
      await command(page, "put a 1");
      await leaveConsole(page);
      await page.setViewportSize(viewport);
      await page.keyboard.press("ArrowLeft");
      const at = await position(page);
      const words = page.locator(".term button:visible");
      // A room that gets smaller has fewer of them, once it is drawn anew.
      for (let one = 0; one < (await words.count()); one += 1) {
        await words.nth(one).click();
        const box = await meaning(page).boundingBox();
        assert.ok(box && box.x >= 0 && box.x + box.width <= viewport.width, JSON.stringify(box));
        assert.ok(box.y >= 0 && box.y + box.height <= viewport.height, JSON.stringify(box));
        await page.keyboard.press("Escape");
        await meaning(page).waitFor({ state: "detached" });
      }
      assert.equal(await position(page), at);
      // A click took no focus: arrows still step.
      await page.keyboard.press("ArrowLeft");
      assert.equal(await position(page), at - 1);
    },
    { viewport },
  );
}

pageTest("with the keyboard: focus shows a meaning, Escape closes it, Enter shows it again", async (page) => {
  await ready(page);
  await command(page, "put a 1");
  await leaveConsole(page);
  await page.keyboard.press("ArrowLeft");
  await story(page).locator(".story").focus();
  await page.keyboard.press("Tab");
  await meaning(page).waitFor();
  await page.keyboard.press("Escape");
  await meaning(page).waitFor({ state: "detached" });
  await page.keyboard.press("Enter");
  await meaning(page).waitFor();
  assert.match(await meaning(page).innerText(), /^[A-Z][\w ]+\. .+\.$/s);
  // Another event is another sentence.
  await page.keyboard.press("ArrowLeft");
  await meaning(page).waitFor({ state: "detached" });
});

pageTest("the dot before a sequence number is explained where it stands", async (page) => {
  await ready(page);
  await command(page, "put a 1");
  await command(page, "scan");
  await leaveConsole(page);
  while (!/Returned a · 1/.test(await region(page, "Story"))) await page.keyboard.press("ArrowLeft");
  await story(page).getByRole("button", { name: "· 1" }).click();
  assert.match(await meaning(page).innerText(), /^Sequence number\. .*after a dot/s);
});

pageTest("help begins with the concepts, then keys, then commands", async (page) => {
  await ready(page);
  await page.keyboard.press("?");
  const dialog = page.getByRole("dialog", { name: "Help" });
  await dialog.waitFor();
  const headings = await dialog.getByRole("heading", { level: 2 }).allInnerTexts();
  assert.deepEqual(
    headings.map((text) => text.toLowerCase()),
    ["concepts", "keys", "commands"],
  );
});

for (const layout of /** @type {const} */ (["figure", "panels"])) {
  pageTest(
    `${layout}: each lane, chart and group of options has its meaning a click away`,
    async (page) => {
      await page.locator("canvas.figure[data-at]").waitFor();
      await page.locator(".first-stage, .stage").first().waitFor();
      if (layout === "figure") {
        await page.getByRole("button", { name: "Charts", exact: true }).click();
        await page.getByRole("button", { name: "Options", exact: true }).click();
      } else await page.getByRole("tab", { name: "Options", exact: true }).click();
      // What unfolds makes room for itself: a click on what moves meanwhile would miss it.
      await page.locator(".knob-group").first().waitFor();
      await page.locator(".legend > span").first().waitFor();
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
      const named = [
        [".figure-layer > section", ".term button"],
        [".legend > span", ".term button, .write-amp button"],
        [".knob-group", ":scope > .term button"],
      ];
      for (const [whole, button] of named) {
        const all = await page.locator(whole).all();
        assert.ok(all.length >= 4, `${whole}: ${all.length}`);
        for (const one of all) {
          const words = await one.innerText();
          assert.equal(await one.locator(button).count(), 1, `${whole}: ${words}`);
          await one.locator(button).click({ force: true });
          await page
            .locator(".meaning, .fraction")
            .getByText(/[a-z]\./)
            .first()
            .waitFor();
          await page.keyboard.press("Escape");
          await page.locator(".meaning, .fraction").waitFor({ state: "detached" });
        }
      }
    },
    { layout },
  );
}

// The first visit: one sentence, one large button; and never for somebody who comes with a link, or comes again.

import assert from "node:assert/strict";

import { pageTest } from "./browser.mjs";
import { ready } from "./page.mjs";

/** @typedef {import("playwright-core").Page} Page */

const FIRST = /** @type {const} */ ({ layout: "figure", reducedMotion: "reduce" });

/** @param {Page} page */
const card = (page) => page.locator(".welcome");

/**
 * Notes whether the card is ever there, from the next navigation on.
 * @param {Page} page
 */
async function watchCard(page) {
  await page.addInitScript(() => {
    new MutationObserver(() => {
      if (document.querySelector(".welcome")) document.documentElement.dataset.welcomed = "";
    }).observe(document, { childList: true, subtree: true });
  });
}

/** @param {Page} page */
const wasWelcomed = (page) => page.evaluate(() => "welcomed" in document.documentElement.dataset);

pageTest(
  "one sentence, one button that plays the tour, and a way to the course; after that the card is gone for good",
  async (page) => {
    await card(page).waitFor();
    assert.equal((await card(page).locator("p").first().innerText()).split(/[.!?](?:\s|$)/).filter(Boolean).length, 1);
    await page.reload();
    await card(page).waitFor();
    await card(page).getByRole("button", { name: "Play the tour" }).click();
    await card(page).waitFor({ state: "detached" });
    await page.waitForFunction(() => Number(document.querySelector("input[type=range]")?.getAttribute("max")) > 4);
    await page.keyboard.press("Space");
    await watchCard(page);
    for (const act of ["Home", "End"]) await page.keyboard.press(act);
    await page.getByRole("button", { name: "Start over" }).click();
    assert.equal(await card(page).count(), 0);
    await page.reload();
    await ready(page);
    assert.equal(await wasWelcomed(page), false);
    const other = await page.context().newPage();
    await watchCard(other);
    await other.goto(page.url());
    await ready(other);
    assert.equal(await wasWelcomed(other), false, "on another visit");
  },
  FIRST,
);

pageTest(
  "typing a command ends the card",
  async (page) => {
    await card(page).waitFor();
    await page.getByRole("textbox", { name: "Command" }).fill("put a 1");
    await page.keyboard.press("Enter");
    await card(page).waitFor({ state: "detached" });
  },
  FIRST,
);

for (const [what, hash] of [
  ["a moment", "v=1&preset=teaching&script=put+a+1&next=get+a"],
  ["a moment before its first command", "v=1&preset=teaching&script=put+a+1&at=0"],
  ["a script that has not begun", "v=1&preset=teaching&script=&next=put+a+1"],
  ["a link of a newer version", "v=2&preset=teaching&script=put+a+1"],
  ["an experiment, and the sandbox after it", "v=1&room=simulate&spec=preset+rocksdb"],
]) {
  pageTest(
    `no card covers what a link shows: ${what}`,
    async (page) => {
      const other = await page.context().newPage();
      await watchCard(other);
      await other.goto(`${page.url()}#${hash}`);
      const sandbox = other.getByRole("button", { name: "Sandbox", exact: true });
      await sandbox.waitFor();
      if (hash.includes("room=")) {
        await other.getByRole("button", { name: "Run", exact: true }).waitFor();
        await sandbox.click();
      }
      await ready(other);
      await other.locator("canvas.figure[data-at]").waitFor();
      assert.equal(await wasWelcomed(other), false);
    },
    FIRST,
  );
}

// A script that one follows says how far it is, and how to leave it; and what a command of one's own does to it.

import assert from "node:assert/strict";

import { pageTest } from "./browser.mjs";
import { position, ready } from "./page.mjs";

/** @typedef {import("playwright-core").Page} Page */

const FIRST = /** @type {const} */ ({ layout: "figure", reducedMotion: "reduce" });

/** @param {Page} page */
const bar = (page) => page.locator(".script-bar");
/** @param {Page} page */
const status = (page) => page.locator(".say .status");

/**
 * Plays the tour up to its second command, and pauses within it.
 * @param {Page} page
 */
async function beginTour(page) {
  await ready(page);
  await page.getByRole("button", { name: "Play the tour" }).click();
  await bar(page).getByText("2 of 17").waitFor();
  await page.getByRole("button", { name: "Pause", exact: true }).click();
}

/**
 * @param {Page} page
 * @param {string} line
 */
async function say(page, line) {
  const box = page.getByRole("textbox", { name: "Command" });
  await box.fill(line);
  await box.press("Enter");
}

/** @param {Page} page @param {string} speed */
const setSpeed = (page, speed) => page.getByRole("combobox", { name: "Speed" }).selectOption(speed);

pageTest(
  "the tour says at which command it is, of how many; a command of one's own leaves it, which is said, and it goes on",
  async (page) => {
    await beginTour(page);
    await say(page, "putt x 1");
    await status(page)
      .getByText(/putt is not a command\. Did you mean put\? help lists every command/)
      .waitFor();
    await bar(page).getByText("command 2 of 17").waitFor();
    await say(page, "put mine 1");
    await bar(page)
      .getByText(/You left First tour at command 2 of 17/)
      .waitFor();
    await page.waitForFunction(() => location.hash.includes("put+mine"));
    assert.doesNotMatch(page.url(), /next=/, "the link is free of what is left");
    await bar(page).getByRole("button", { name: "Go on with it" }).click();
    await bar(page).getByText("command 3 of 17").waitFor();
  },
  FIRST,
);

pageTest(
  "the rest of the tour runs at once, or not at all",
  async (page) => {
    await beginTour(page);
    await bar(page)
      .getByRole("button", { name: /^Run the rest/ })
      .click();
    await bar(page).waitFor({ state: "detached" });
    assert.ok((await position(page)) > 200, "it stands at its end");
    await page.getByRole("button", { name: "Start over" }).click();
    await page.keyboard.press("ArrowRight");
    await page.getByRole("button", { name: "Play", exact: true }).click();
    await bar(page)
      .getByRole("button", { name: /^Leave/ })
      .click();
    await bar(page).waitFor({ state: "detached" });
    const at = await position(page);
    for (let n = 0; n < 30; n += 1) await page.keyboard.press("ArrowRight");
    assert.ok((await position(page)) < at + 12, "no further command has run");
  },
  FIRST,
);

pageTest(
  "an answer comes when its last event has been played; a command within another says so where it was typed",
  async (page) => {
    await ready(page);
    await setSpeed(page, "0.1");
    await say(page, "put slow 1");
    await page.getByRole("button", { name: "Pause", exact: true }).waitFor();
    const end = Number(await page.getByRole("slider", { name: "Position" }).getAttribute("max"));
    assert.equal(await status(page).innerText(), "");
    await page.keyboard.press("Escape");
    await page.keyboard.press("c");
    const console_ = page.getByRole("log", { name: "Console output" });
    await console_.getByText(`its answer comes with event ${end}`).waitFor();
    await page.getByRole("button", { name: "Pause", exact: true }).click();
    await console_.getByText(/^ok\s+seq 1$/).waitFor();
    await page.keyboard.press("c");
    await setSpeed(page, "16");
    await say(page, "put later 2");
    await status(page)
      .getByText(/^ok\s+seq 2$/)
      .waitFor();
    await setSpeed(page, "0.1");
    await page.getByRole("slider", { name: "Position" }).fill(String(end - 2));
    await say(page, "put early 1");
    await status(page)
      .getByText(/^Run before `put slow 1`, which was half done: a branch from event \d+\.$/)
      .waitFor();
  },
  FIRST,
);

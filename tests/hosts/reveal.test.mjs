// Reveal.js: a deck whose keys stay the deck's, also after a click into a frame; what runs is on the slide that is
// seen.

import assert from "node:assert/strict";
import { cp } from "node:fs/promises";
import { join } from "node:path";

import { hasTheme, seen, start, steps } from "./frames.mjs";
import { host } from "./hosts.mjs";
import { npm } from "./tools.mjs";

/** @typedef {import("playwright-core").Page} Page */

const test = host("reveal", {
  bring: () => npm("reveal", { "reveal.js": "6.0.2" }),
  async build({ dir, tool }) {
    await cp(join(tool, "node_modules/reveal.js/dist"), join(dir, "dist"), { recursive: true });
    return dir;
  },
});

/** How a slide comes: from the side, or in its place, where the others are transparent. */
const TRANSITIONS = ["slide", "none"];

/** @param {number} index */
const slide = (index) => `section:nth-of-type(${index + 1}) lsm-scope`;

/**
 * Waits until the deck shows a slide.
 * @param {Page} page
 * @param {number} index
 */
const shows = (page, index) =>
  page.waitForFunction((wanted) => /** @type {any} */ (self).Reveal?.getIndices().h === wanted, index);

test("after a click into the frame, PageDown pages the deck, and arrows step the frame", async (page, { open }) => {
  await open("#/1");
  const frame = await start(page, slide(1));
  await steps(frame);
  await hasTheme(frame, "dark");
  await frame.locator(".sentence").click();
  const slider = frame.getByRole("slider", { name: "Position" });
  const end = Number(await slider.inputValue());
  await page.keyboard.press("ArrowLeft");
  await frame.waitForFunction(
    (wanted) => /** @type {HTMLInputElement} */ (document.querySelector('[aria-label="Position"]')).value === wanted,
    `${end - 1}`,
  );
  await shows(page, 1);
  await page.keyboard.press("PageDown");
  await shows(page, 2);
  await page.keyboard.press("PageUp");
  await shows(page, 1);
});

for (const transition of TRANSITIONS) {
  test(`when its slide is left, the deck has all of its keys again (transition: ${transition})`, async (page, {
    open,
  }) => {
    await open(`?transition=${transition}#/1`);
    const frame = await start(page, slide(1));
    await frame.locator(".sentence").click();
    await page.keyboard.press("PageDown");
    await shows(page, 2);
    await page.keyboard.press("ArrowRight");
    await shows(page, 3);
  });
}

test("Escape gives the keys back to the deck", async (page, { open }) => {
  await open("#/1");
  const frame = await start(page, slide(1));
  await frame.locator(".sentence").click();
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => document.activeElement?.shadowRoot?.activeElement?.tagName !== "IFRAME");
  await page.keyboard.press("ArrowRight");
  await shows(page, 2);
});

test("`b` pauses the deck, but is a letter in the field of commands", async (page, { open }) => {
  await open("#/1");
  const frame = await start(page, slide(1));
  const isPaused = () => page.evaluate(() => /** @type {any} */ (self).Reveal.isPaused());
  const field = frame.getByRole("textbox", { name: "Command" });
  await field.click();
  await page.keyboard.type("get b");
  assert.equal(await field.inputValue(), "get b");
  assert.equal(await isPaused(), false);
  await frame.locator(".sentence").click();
  await page.keyboard.press("b");
  await page.waitForFunction(() => /** @type {any} */ (self).Reveal.isPaused());
});

for (const transition of TRANSITIONS) {
  test(`a figure starts with its slide, not before (transition: ${transition})`, async (page, { open }) => {
    await open(`?transition=${transition}#/1`);
    await start(page, slide(1));
    assert.equal(await page.locator("lsm-scope iframe").count(), 1, "one frame runs: that of the slide");
    await page.keyboard.press("PageDown");
    await shows(page, 2);
    const iframe = page.locator(`${slide(2)} iframe`);
    await iframe.waitFor();
    const frame = await (await iframe.elementHandle())?.contentFrame();
    await frame?.locator("canvas.figure").waitFor();
    await frame?.getByText(/flush/i).first().waitFor();
  });
}

test("the frame fits on its slide", async (page, { open }) => {
  await open("#/1");
  const frame = await start(page, slide(1));
  const over = await frame.evaluate(() => document.documentElement.scrollHeight - innerHeight);
  assert.ok(over <= 0, `the frame is ${over} pixels too low`);
  const box = await page.locator(slide(1)).boundingBox();
  assert.ok(box && box.y >= 0 && box.y + box.height <= 720 && box.x >= 0 && box.x + box.width <= 1280, `${box}`);
  await seen(page, slide(1));
});

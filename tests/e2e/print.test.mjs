// On paper: an article with its figures at their ends, the end of a lesson, and the page in one file. Each as it is
// laid out for A4 and drawn for white paper, whatever the theme is on the screen.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { PUBLISHED, launch, pageTest } from "./browser.mjs";
import { begin, toEnd } from "./learner.mjs";
import { cutOff, toFlush } from "./page.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** A4 without the margins of print.css, in pixels: 182 × 269 mm. */
const SHEET = { width: 688, height: 1017 };
/**
 * What one presses or moves. On paper, a question's boxes are ticked by pen: they stay. Terms look like their sentence,
 * and the words over a figure are not seen.
 */
const CONTROLS = [
  "button:not(.term > button, .figure-layer button)",
  "a.button, select, textarea, summary, input[type=range], [role=slider], [role=tab]",
].join();

/**
 * Prints the page, and has it as it was on paper.
 * @param {Page} page
 */
async function print(page) {
  await page.pdf({ format: "A4" });
  await page.setViewportSize(SHEET);
  await page.emulateMedia({ media: "print" });
}

/**
 * Nothing on paper is a control, is cut off, or is dark.
 * @param {Page} page
 * @param {string} words What has words that must be whole.
 */
async function isPaper(page, words) {
  const controls = await page
    .locator(CONTROLS)
    .evaluateAll((all) => all.filter((one) => one.checkVisibility()).map((one) => one.outerHTML.slice(0, 120)));
  assert.deepEqual(controls, [], "controls");
  assert.deepEqual(await cutOff(page, words), [], "cut off");
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(over <= 0, `${over} pixels wider than the sheet`);
  const ink = await page.evaluate(() => getComputedStyle(document.body).color.match(/\d+/g)?.map(Number) ?? []);
  assert.ok(Math.max(...ink) < 128, `the ink is ${ink}`);
}

/**
 * How light the figures are, each at its corner, from 0 to 255; one that is not drawn is null.
 * @param {Page} page
 */
const lights = (page) =>
  page.locator("canvas.figure").evaluateAll((all) =>
    /** @type {HTMLCanvasElement[]} */ (all)
      .filter((canvas) => canvas.checkVisibility())
      .map((canvas) => {
        const corner = canvas.getContext("2d")?.getImageData(2, 2, 1, 1).data;
        const isDrawn = canvas.width > 1 && canvas.dataset.at !== undefined;
        // What is not painted is the sheet.
        return !isDrawn || !corner ? null : corner[3] === 0 ? 255 : Math.min(corner[0], corner[1], corner[2]);
      }),
  );

pageTest(
  "an article has all of its figures, at their ends, also those that nobody has scrolled to",
  async (page) => {
    await page.goto(new URL("?lesson=how-an-lsm-tree-works", page.url()).href);
    await page.locator(".article-end").waitFor();
    const figures = page.locator(".article .own-figure");
    const count = await figures.count();
    assert.ok(count >= 5, `${count} figures`);
    await page.waitForFunction(
      (wanted) => document.querySelectorAll(".own-figure input[type=range]:enabled").length === wanted,
      count,
    );
    await print(page);
    const found = await figures.evaluateAll((all) =>
      all.map((figure) => [
        /** @type {HTMLInputElement} */ (figure.querySelector("input[type=range]")).max,
        /** @type {HTMLElement} */ (figure.querySelector("canvas.figure")).dataset.at,
      ]),
    );
    for (const [end, at] of found) assert.equal(at, end);
    const all = await lights(page);
    assert.ok(all.length === count && all.every((light) => light !== null && light > 200), `${all}`);
    await isPaper(page, ".article :is(p, li, h2, h3, figcaption, pre, table, .own-stage)");
  },
  { colorScheme: "dark" },
);

pageTest(
  "the end of a lesson has the sentence to keep, the score, and what was said beside what happened",
  async (page) => {
    await begin(page, "write");
    await toEnd(page);
    await page.locator(".pairs li").first().waitFor();
    const name = page.getByRole("textbox", { name: "Your name" });
    await name.fill("Ada Lovelace");
    const named = page.getByText("Handed in by Ada Lovelace");
    await named.waitFor({ state: "attached" });
    assert.equal(await named.isVisible(), false, "on the screen it stands in its field");
    await print(page);
    assert.ok((await named.isVisible()) && !(await name.isVisible()), "on paper there is no field");
    for (const part of [".lesson-name", ".keep", ".points", ".pairs .said"])
      assert.ok(await page.locator(part).first().isVisible(), part);
    const pairs = page.locator(".pairs li");
    assert.equal(await pairs.count(), await page.locator(".pairs li:visible").count());
    await isPaper(page, ".over :is(p, h2, h3, dt, dd, blockquote)");
  },
  { colorScheme: "dark" },
);

test("the page in one file has the stage and its sentence", async () => {
  const browser = await launch();
  try {
    const page = await browser.newPage({ colorScheme: "dark", viewport: { width: 1280, height: 720 } });
    await page.goto(pathToFileURL(join(PUBLISHED, "lsmscope.html")).href);
    await page.locator("canvas.figure").waitFor();
    await toFlush(page);
    await print(page);
    await page.waitForFunction(() => document.querySelector("canvas.figure")?.clientWidth ?? 1000 < 700);
    const [light] = await lights(page);
    assert.ok(light !== null && light > 200, `${light}`);
    assert.ok(await page.locator(".sentence").isVisible());
    await isPaper(page, ".sentence, .figure-box");
  } finally {
    await browser.close();
  }
});

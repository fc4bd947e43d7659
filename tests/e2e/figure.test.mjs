// The first view: the figure, a sentence, a field to type into; everything else folds in from the edges.

import assert from "node:assert/strict";

import { pageTest } from "./browser.mjs";
import { length, position, ready, standsAt } from "./page.mjs";

/** @typedef {import("playwright-core").Page} Page */

const FIRST = /** @type {const} */ ({ layout: "figure" });
const STILL = /** @type {const} */ ({ layout: "figure", reducedMotion: "reduce" });

/**
 * The pixels of the figure, as a text that two pictures can be compared by.
 * @param {Page} page
 */
const pixels = (page) =>
  page.locator("canvas.figure").evaluate((canvas) => /** @type {HTMLCanvasElement} */ (canvas).toDataURL());

/**
 * Waits until the figure is at rest at a position.
 * @param {Page} page
 * @param {number} at
 */
const rests = (page, at) => page.locator(`canvas.figure[data-at="${at}"]`).waitFor();

/**
 * Types a command and waits until it was played to its end.
 * @param {Page} page
 * @param {string} line
 */
async function say(page, line) {
  const box = page.getByRole("textbox", { name: "Command" });
  const before = await length(page);
  await box.fill(line);
  await box.press("Enter");
  await page.waitForFunction((length) => {
    const slider = /** @type {HTMLInputElement | null} */ (document.querySelector('[aria-label="Position"]'));
    return slider && Number(slider.max) > length && slider.value === slider.max;
  }, before);
  await page.getByRole("button", { name: "Play", exact: true }).waitFor();
}

pageTest(
  "a first visit shows the figure with a handful of controls",
  async (page) => {
    await ready(page);
    assert.ok(await page.locator("canvas.figure").isVisible());
    // Parts of the picture are no controls, nor are words of the sentence that show what they mean.
    const controls = await page
      .locator("main, .foot")
      .locator(":is(button, input, select):visible:not(.figure-layer *, .term *)")
      .count();
    assert.ok(controls <= 15, `${controls} controls`);
    const { width, height } = /** @type {{ width: number, height: number }} */ (
      await page.locator("canvas.figure").boundingBox()
    );
    assert.ok(width >= 1000 && height >= 400, `${width} × ${height}`);
  },
  FIRST,
);

pageTest(
  "a command is played, event by event, and can be skipped",
  async (page) => {
    await ready(page);
    await say(page, "put user:1 Alice");
    const end = await position(page);
    const box = page.getByRole("textbox", { name: "Command" });
    await box.fill("put user:2 Bob");
    await box.press("Enter");
    await page.waitForFunction(
      (before) => Number(document.querySelector('[aria-label="Position"]')?.getAttribute("max")) > before,
      end,
    );
    assert.ok((await position(page)) > end);
    await page.getByRole("button", { name: "Pause" }).click();
    const last = Number(await page.getByRole("slider", { name: "Position" }).getAttribute("max"));
    await standsAt(page, last);
  },
  FIRST,
);

pageTest(
  "a step forward and back shows the same picture again",
  async (page) => {
    await ready(page);
    for (const line of ["put a 1", "put b 2", "put c 3", "put d 4"]) await say(page, line);
    await page.keyboard.press("Escape");
    await rests(page, await position(page));
    const pictures = [await pixels(page)];
    for (let n = 0; n < 12; n += 1) {
      const before = await position(page);
      await page.keyboard.press("ArrowLeft");
      await rests(page, before - 1);
      pictures.push(await pixels(page));
    }
    assert.ok(new Set(pictures).size > 4, "the picture changes with the events");
    for (const expected of pictures.slice(0, -1).reverse()) {
      const before = await position(page);
      await page.keyboard.press("ArrowRight");
      await rests(page, before + 1);
      assert.ok((await pixels(page)) === expected, `another picture at ${before + 1}`);
    }
  },
  STILL,
);

pageTest(
  "what is folded in comes out by its key, goes by the same, and is remembered",
  async (page) => {
    await ready(page);
    const parts = [
      ["o", "Controls", "Options"],
      ["y", "Explanations", "Why & events"],
    ];
    for (const [key, side, tab] of parts) {
      await page.keyboard.press(key);
      const open = page.locator(`aside[aria-label="${side}"]`);
      await open.getByRole("tab", { name: tab, exact: true, selected: true }).waitFor();
    }
    await page.keyboard.press("h");
    await page.getByRole("region", { name: "Charts" }).waitFor();
    await page.reload();
    await page.locator('aside[aria-label="Explanations"]').waitFor();
    for (const key of ["o", "y", "h"]) await page.keyboard.press(key);
    assert.equal(await page.locator("aside:visible").count(), 0);
    assert.equal(await page.getByRole("region", { name: "Charts" }).count(), 0);
  },
  FIRST,
);

pageTest(
  "in a tour of 200 steps, no lane, tab, panel or button changes its place",
  async (page) => {
    await ready(page);
    await page.getByRole("button", { name: "Play the tour" }).waitFor();
    await page.keyboard.press("Escape");
    await page.locator("#play").focus();
    const places = () =>
      page.evaluate(() => {
        const seen = [
          ...document.querySelectorAll(".figure-box, .sentence, .say, .head, .foot, .edge, button, select"),
        ];
        const shown = seen.filter((e) => !e.closest(".figure-layer, .welcome, .sentence *") && e.checkVisibility());
        return shown.map((e) => {
          const { x, y, width, height } = e.getBoundingClientRect();
          return `${e.className} ${e.ariaLabel ?? ""} ${[x, y, width, height].map(Math.round)}`;
        });
      });
    // The first step takes the card of the first visit away, and brings undo.
    await page.keyboard.press("ArrowRight");
    await standsAt(page, (await position(page)) || 5);
    let before = await places();
    /** @type {string[]} */
    const jumps = [];
    for (let step = 0; step < 200; step += 1) {
      const at = await position(page);
      await page.keyboard.press("ArrowRight");
      await standsAt(page, at + 1);
      const now = await places();
      const moved = now.filter((place) => !before.includes(place));
      if (moved.length > 0) jumps.push(`${at + 1}: ${moved}`);
      before = now;
    }
    assert.deepEqual(jumps, []);
  },
  { ...STILL, viewport: { width: 1280, height: 720 } },
);

pageTest(
  "write amplification stands in the player, with its bytes behind it, where there is room",
  async (page) => {
    for (const key of ["a", "b", "c", "d"]) await say(page, `put ${key} 1`);
    const amplification = page.getByRole("button", { name: "1.00 write amp", exact: true });
    await amplification.click();
    await page
      .getByRole("group", { name: "Write amplification in bytes" })
      .getByRole("rowheader", { name: "flushes" })
      .waitFor();
    await page.keyboard.press("Escape");
    await page.setViewportSize({ width: 900, height: 720 });
    await amplification.waitFor({ state: "hidden" });
  },
  STILL,
);

pageTest(
  "the charts of an embed are one line, and a click opens them",
  async (page) => {
    await page.route(/\/(index\.html)?$/, async (route) => {
      const answer = await route.fetch();
      const body = (await answer.text()).replace("<html", '<html data-frame=""');
      await route.fulfill({ response: answer, body });
    });
    await page.reload();
    const charts = page.getByRole("region", { name: "Charts" });
    const line = await charts.boundingBox();
    assert.ok(line && line.height <= 30, `${line?.height} high`);
    await charts.getByRole("slider", { name: "Reading point" }).click();
    await charts.getByText("write amp").waitFor();
    await charts.getByRole("button", { name: "All charts" }).click();
    await charts.getByText("write amp").waitFor({ state: "detached" });
  },
  { ...STILL, viewport: { width: 720, height: 480 } },
);

pageTest(
  "the rows of a scan are one click away, in the console",
  async (page) => {
    await say(page, "put row:1 one");
    await say(page, "put row:2 two");
    await say(page, "scan");
    await page.getByRole("button", { name: /^all \d+ lines$/ }).click();
    const output = page.getByRole("log", { name: "Console output" });
    await output.getByText("row:1 = one").waitFor();
    assert.match(await output.innerText(), /row:1 = one\s+row:2 = two/);
  },
  STILL,
);

// What a reader does with an embed in a host's page, and what holds of it there.

import assert from "node:assert/strict";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").Frame} Frame */

/**
 * The iframe of an embed: that of an element, or itself.
 * @param {Page} page
 * @param {string} selector
 */
const iframeOf = (page, selector) =>
  page.locator(selector.includes("iframe") ? selector : `${selector} iframe`).first();

/**
 * Starts an element by a click on its poster, and waits for its figure.
 * @param {Page} page
 * @param {string} [selector]
 */
export async function start(page, selector = "lsm-scope") {
  await page.locator(`${selector} button`).first().click();
  return seen(page, selector);
}

/**
 * Waits for an embed's figure, once its script has run.
 * @param {Page} page
 * @param {string} [selector]
 * @returns {Promise<Frame>}
 */
export async function seen(page, selector = "lsm-scope") {
  const iframe = iframeOf(page, selector);
  await iframe.waitFor();
  await iframe.scrollIntoViewIfNeeded();
  const frame = await (await iframe.elementHandle())?.contentFrame();
  assert.ok(frame, "no frame");
  await frame.locator("canvas.figure").waitFor();
  await frame.waitForFunction(() => Number(document.querySelector('[aria-label="Position"]')?.getAttribute("max")) > 0);
  return frame;
}

/**
 * Steps back and forward again: the position and the sentence follow.
 * @param {Frame} frame
 */
export async function steps(frame) {
  const slider = frame.getByRole("slider", { name: "Position" });
  const sentence = frame.locator(".sentence");
  const [end, last] = [Number(await slider.inputValue()), await sentence.innerText()];
  await frame.getByRole("button", { name: /^Step back/ }).click();
  await standsAt(frame, end - 1);
  await frame.waitForFunction(
    (text) => /** @type {HTMLElement} */ (document.querySelector(".sentence")).innerText !== text,
    last,
  );
  await frame.getByRole("button", { name: /^Step forward/ }).click();
  await standsAt(frame, end);
}

/**
 * @param {Frame} frame
 * @param {number} position
 */
const standsAt = (frame, position) =>
  frame.waitForFunction(
    (wanted) => /** @type {HTMLInputElement} */ (document.querySelector('[aria-label="Position"]')).value === wanted,
    `${position}`,
  );

/**
 * Waits until an embed has a theme: the canvas behind its figure is dark, or light.
 * @param {Frame} frame
 * @param {"light" | "dark"} theme
 */
export const hasTheme = (frame, theme) =>
  frame.waitForFunction((wanted) => {
    const [red] = getComputedStyle(document.body).backgroundColor.match(/\d+/g) ?? [];
    return (Number(red) < 128 ? "dark" : "light") === wanted;
  }, theme);

/** The least height of a figure with all of its lanes, in pixels. */
const MIN_FIGURE = 330;

/**
 * A started element is as high as its frame asks for: nothing of it is cut, nothing scrolls sideways, in a narrow
 * window it grows, and back in the wide one it shrinks. Its height does not grow by itself.
 * @param {Page} page
 * @param {string} [selector]
 */
export async function fits(page, selector = "lsm-scope") {
  const wide = page.viewportSize() ?? { width: 1280, height: 720 };
  const iframe = await iframeOf(page, selector).elementHandle();
  const frame = await iframe?.contentFrame();
  assert.ok(iframe && frame, "no frame");
  await page.evaluate(() => {
    const { told } = Object.assign(self, { told: /** @type {number[]} */ ([]) });
    document.addEventListener("lsm-height", ({ detail }) => told.push(detail.height));
  });
  const whole = async () => {
    // The frame has laid itself out, and nothing of it is outside of the iframe's box.
    await frame.waitForFunction(() => {
      const root = document.documentElement;
      return root.scrollHeight <= root.clientHeight && root.scrollWidth <= root.clientWidth;
    });
    const figure = await frame.locator("canvas.figure").boundingBox();
    assert.ok(figure && figure.height >= MIN_FIGURE, `the figure is ${figure?.height} pixels high: lanes are left out`);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(over <= 0, `the page scrolls sideways by ${over} pixels`);
    return Math.round((await iframe.boundingBox())?.height ?? 0);
  };
  const first = await whole();
  assert.ok(first >= 300, `a height of ${first}`);
  /** @param {number} height */
  const comes = (height) =>
    page.waitForFunction(
      ([box, wanted]) => Math.round(/** @type {Element} */ (box).getBoundingClientRect().height) === wanted,
      /** @type {const} */ ([iframe, height]),
    );
  const phone = { width: 390, height: 844 };
  await page.setViewportSize(phone);
  await page.waitForFunction(([box, was]) => {
    const { width, height } = /** @type {Element} */ (box).getBoundingClientRect();
    return width <= 390 && Math.round(height) !== was;
  }, /** @type {const} */ ([iframe, first]));
  const narrow = await whole();
  await page.setViewportSize(wide);
  await comes(first);
  await page.setViewportSize(phone);
  await comes(narrow);
  await page.setViewportSize(wide);
  await comes(first);
  /** @type {number[]} */
  const told = await page.evaluate(() => Reflect.get(self, "told"));
  // Four changes, and what comes while a page moves its own parts; a loop would have dozens.
  assert.ok(told.length <= 12, `heights: ${told}`);
}

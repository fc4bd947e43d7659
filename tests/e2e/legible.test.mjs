// Words in their place: a mark beside the word that it belongs to, words of a canvas as wide as they were measured,
// doors wide enough to read.

import assert from "node:assert/strict";

import { pageTest } from "./browser.mjs";
import { begin, told } from "./learner.mjs";
import { ready, simulated } from "./page.mjs";

/** The least that WCAG asks a page to bear (1.4.12). */
const SPACED = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }";

/**
 * Pages that are loaded from now on have their letters set wide: before anything is laid out, as Chromium does not ask
 * a container's size again when only the height of its lines has changed.
 * @param {import("playwright-core").Page} page
 */
async function setWide(page) {
  await page.addInitScript((content) => {
    const style = document.createElement("style");
    style.textContent = content;
    document.addEventListener("DOMContentLoaded", () => document.head.append(style));
  }, SPACED);
}

/**
 * Terms of which a mark beside them, without a space between, stands in another line.
 * @returns {{ terms: number, apart: string[] }}
 */
function marksApart() {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const box = (/** @type {Node} */ node, /** @type {number} */ at) => {
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    return range.getBoundingClientRect();
  };
  const apart = [];
  let terms = 0;
  /** @type {Text | null} */
  let before = null;
  const isTerm = (/** @type {Text | null} */ text) => Boolean(text?.parentElement?.matches(".term > button"));
  while (texts.nextNode()) {
    const text = /** @type {Text} */ (texts.currentNode);
    if (!text.data || !text.parentElement?.checkVisibility()) continue;
    const isBeside = before !== null && before.parentElement?.closest("p, li") === text.parentElement.closest("p, li");
    if (isTerm(text)) terms += 1;
    if (isBeside && before && isTerm(before) && /^[.,;:)]/.test(text.data)) {
      if (box(text, 0).top >= box(before, before.length - 1).bottom - 3) apart.push(`${before.data}${text.data}`);
    }
    if (isBeside && before && isTerm(text) && /[(„“"]$/.test(before.data)) {
      if (box(before, before.length - 1).bottom <= box(text, 0).top + 3) apart.push(`${before.data}${text.data}`);
    }
    before = text;
  }
  return { terms, apart };
}

pageTest(
  "no line begins with the mark behind a term, or ends with the one before it, in any width",
  async (page) => {
    await page.goto(new URL("?lesson=how-an-lsm-tree-works", page.url()).href);
    await page.locator(".article-end").waitFor();
    for (let width = 320; width <= 760; width += 20) {
      await page.setViewportSize({ width, height: 900 });
      const { terms, apart } = await page.evaluate(marksApart);
      assert.ok(terms > 20, `only ${terms} terms`);
      assert.deepEqual(apart, [], `${width} wide`);
    }
  },
  { viewport: { width: 760, height: 900 } },
);

for (const [what, path, seen] of /** @type {const} */ ([
  ["the figure", "", ".figure-box canvas[data-at]"],
  ["the lanes of jobs", "#v=1&room=simulate&spec=preset%20rocksdb%20duration_seconds%3D600", ".lanes canvas"],
])) {
  pageTest(
    `where a reader sets letters wide, the words in ${what} stay as wide as they were measured`,
    async (page) => {
      await page.addInitScript(() => {
        const wide = /** @type {string[]} */ ([]);
        Object.assign(window, { wide, drawn: 0 });
        const { fillText } = CanvasRenderingContext2D.prototype;
        CanvasRenderingContext2D.prototype.fillText = function (words, ...rest) {
          const plain = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(1, 1).getContext("2d"));
          plain.font = this.font;
          const [is, was] = [this.measureText(words).width, plain.measureText(words).width];
          if (Math.abs(is - was) > 0.5) wide.push(`${words}: ${is} instead of ${was}`);
          Object.assign(window, { drawn: /** @type {any} */ (window).drawn + 1 });
          fillText.call(this, words, .../** @type {[number, number]} */ (rest));
        };
      });
      await setWide(page);
      await page.goto(new URL(path, page.url()).href);
      await page.reload();
      await (path ? simulated(page) : ready(page));
      await page.locator(seen).first().waitFor();
      await page.waitForFunction(() => /** @type {any} */ (window).drawn > 3);
      assert.deepEqual(await page.evaluate(() => /** @type {any} */ (window).wide), []);
    },
    { layout: "figure", reducedMotion: "reduce" },
  );
}

for (const [width, height, rows] of [
  [1280, 720, 1],
  [720, 480, 2],
  [390, 844, 5],
]) {
  pageTest(
    `${width} wide, the doors of the course fill their rows, and each is wide enough to read`,
    async (page) => {
      await page.goto(new URL("?lesson", page.url()).href);
      await page.locator(".door").first().waitFor();
      const boxes = await page
        .locator(".door")
        .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));
      assert.equal(boxes.length, 5);
      const tops = [...new Set(boxes.map(({ top }) => Math.round(top)))];
      assert.equal(tops.length, rows);
      const ends = tops.map((top) =>
        Math.max(...boxes.filter((box) => Math.round(box.top) === top).map(({ right }) => Math.round(right))),
      );
      assert.equal(new Set(ends).size, 1, `rows end at ${ends}`);
      assert.ok(
        boxes.every((box) => box.width >= 140),
        boxes.map((box) => box.width).join(),
      );
    },
    { viewport: { width, height } },
  );
}

for (const [width, height] of [
  [720, 480],
  [390, 844],
]) {
  pageTest(
    `a lesson, ${width} by ${height}: entries of the figure are high enough for their words, and the story is whole`,
    async (page) => {
      await begin(page, "recovery");
      await page.getByRole("button", { name: "Show me" }).click();
      await told(page);
      const stage = page.locator(".lesson-stage");
      await stage.getByText(/The database is open/).waitFor();
      const heights = await stage
        .locator('.figure-layer [data-part]:not([data-part^="name of"])')
        .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
      assert.ok(heights.length > 4 && heights.every((one) => one >= 13), `${heights}`);
      const cut = await stage.locator(".sentence").evaluate((one) => one.scrollHeight - one.clientHeight);
      assert.ok(cut <= 1, `${cut} pixels of the story are cut`);
    },
    { viewport: { width, height }, reducedMotion: "reduce" },
  );
}

for (const [width, height] of [
  [1280, 720],
  [720, 480],
  [641, 480],
]) {
  pageTest(
    `with letters set wide, ${width} wide: the player is in view, and no label of the charts lies on another`,
    async (page) => {
      await setWide(page);
      await page.reload();
      await page.locator(".play:enabled").waitFor();
      await page.locator(".strips .scale-top").first().waitFor();
      const { out, over } = await page.evaluate(() => {
        const boxesOf = (/** @type {string} */ selector) =>
          [...document.querySelectorAll(selector)]
            .filter((one) => one.checkVisibility())
            .map((one) => ({ name: one.textContent || one.ariaLabel, ...one.getBoundingClientRect().toJSON() }));
        const tops = boxesOf(".scale-top");
        return {
          out: boxesOf(".foot .buttons > *").filter(({ left, right }) => left < 0 || right > innerWidth),
          over: boxesOf(".scale-zero").filter((zero) =>
            tops.some((top) => top.top < zero.bottom - 2 && top.bottom > zero.top + 2),
          ),
        };
      });
      assert.deepEqual(out, []);
      assert.deepEqual(over, []);
    },
    { viewport: { width, height }, reducedMotion: "reduce" },
  );
}

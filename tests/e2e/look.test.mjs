// What must hold of the page's look in every size and theme: nothing is cut off, nothing is too small to read.

import assert from "node:assert/strict";

import { pageTest } from "./browser.mjs";
import { putColours } from "./colours.mjs";
import { command, leaveConsole, ready } from "./page.mjs";

const SIZES = [
  { width: 1280, height: 720 },
  { width: 720, height: 480 },
  { width: 390, height: 844 },
];

for (const viewport of SIZES) {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    pageTest(
      `${viewport.width}×${viewport.height}, ${colorScheme}: one screen, readable type, readable colours`,
      async (page) => {
        await page.getByRole("region", { name: "Story" }).waitFor();
        await page.locator(".play:enabled").waitFor();
        for (let i = 0; i < 12; i += 1) await page.keyboard.press("Shift+ArrowRight");
        await page.keyboard.press("ArrowLeft");
        assert.deepEqual(await page.evaluate(overflow), { x: 0, y: 0 }, "the page scrolls");
        assert.deepEqual(await page.evaluate(smallType), [], "type below 10.5 px");
        assert.deepEqual(await page.evaluate(cutWords), [], "words that are cut in two");
        await page.evaluate(putColours);
        assert.deepEqual(await page.evaluate(faintText), [], "text with too little contrast (4.5:1)");
      },
      { viewport, colorScheme, reducedMotion: "reduce" },
    );
  }
}

pageTest(
  "under reduced motion nothing moves",
  async (page) => {
    await ready(page);
    await page.evaluate(() => {
      const original = Element.prototype.animate;
      Element.prototype.animate = function (...args) {
        document.documentElement.dataset.moved = "yes";
        return original.apply(this, args);
      };
    });
    await command(page, "put a 1");
    await page.getByRole("button", { name: "Step back", exact: true }).click();
    await page.getByRole("button", { name: "Step forward", exact: true }).click();
    assert.equal(await page.evaluate(() => document.documentElement.dataset.moved), undefined);
  },
  { reducedMotion: "reduce" },
);

function overflow() {
  const page = document.documentElement;
  return { x: page.scrollWidth - page.clientWidth, y: page.scrollHeight - page.clientHeight };
}

function smallType() {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = new Set();
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!element || !texts.currentNode.textContent?.trim() || element.closest("script, style, .sr")) continue;
    const size = Number.parseFloat(getComputedStyle(element).fontSize);
    if (size < 10.5) found.add(`${size}px: ${texts.currentNode.textContent.trim().slice(0, 40)}`);
  }
  return [...found];
}

/** Text that stands out too little from the nearest background that is one colour (WCAG's 4.5:1). */
function faintText() {
  const { rgb, contrast, ground } = /** @type {import("./colours.mjs").Coloured} */ (globalThis).colours;
  const found = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!element || !texts.currentNode.textContent?.trim() || element.closest("script, style, .sr, :disabled, option"))
      continue;
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || element.closest(".outside"))
      continue;
    const apart = contrast(rgb(getComputedStyle(element).color), ground(element));
    if (apart < 4.5)
      found.add(`${apart.toFixed(2)}: ${texts.currentNode.textContent.trim().slice(0, 40)} (${element.className})`);
  }
  return [...found];
}

pageTest(
  "where there is little room, the question of a long story is in view, and what it answers is when it is asked",
  async (page) => {
    await page.setViewportSize({ width: 1280, height: 720 });
    await ready(page);
    // Long keys make long sentences.
    for (const letter of ["a", "b"]) await command(page, `put ${letter.repeat(90)} 1`);
    await command(page, "flush");
    await leaveConsole(page);
    await page.setViewportSize({ width: 720, height: 400 });
    const story = page.getByRole("region", { name: "Story" });
    await page.getByRole("button", { name: "Play" }).focus();
    for (let steps = 0; steps < 40 && !/^Block 0 of /m.test(await story.innerText()); steps += 1)
      await page.keyboard.press("ArrowLeft");
    const box = story.locator(".story");
    assert.ok(
      await box.evaluate((element) => element.scrollHeight > element.clientHeight + 8),
      "the story is not long enough to be a test",
    );
    const inView = async (/** @type {string} */ name) => {
      const [button, frame] = await Promise.all([story.getByRole("button", { name }).boundingBox(), box.boundingBox()]);
      assert.ok(
        button && frame && button.y >= frame.y && button.y + button.height <= frame.y + frame.height + 1,
        `${JSON.stringify(button)} in ${JSON.stringify(frame)}`,
      );
    };
    await inView("Why?");
    await story.getByRole("button", { name: "Why?" }).click();
    await inView("Because");
  },
  { viewport: { width: 720, height: 400 } },
);

/** What of the page ends in an ellipsis wherever that falls, also within a word. */
function cutWords() {
  const all = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".app *"))];
  return all
    .filter((e) => getComputedStyle(e).textOverflow === "ellipsis" && e.scrollWidth > e.clientWidth + 1)
    .filter((e) => e.checkVisibility())
    .map((e) => `${e.className}: ${e.textContent}`);
}

/** The least that WCAG asks a page to bear (1.4.12). */
const SPACED = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }";

for (const [width, content] of /** @type {const} */ ([
  [320, ""],
  [390, SPACED],
])) {
  for (const layout of /** @type {const} */ (["figure", "panels"])) {
    pageTest(
      `${width} wide${content ? ", with letters set wide" : ""}, ${layout}: the top bar has all its buttons in view`,
      async (page) => {
        await page.locator(".play:enabled").waitFor();
        if (content) await page.addStyleTag({ content });
        const out = await page
          .locator(".head button:visible")
          .evaluateAll((all) =>
            all
              .map((one) => ({ name: one.textContent || one.ariaLabel, ...one.getBoundingClientRect().toJSON() }))
              .filter(({ left, right, top }) => left < 0 || top < 0 || right > innerWidth),
          );
        assert.deepEqual(out, []);
        assert.deepEqual(await page.evaluate(overflow), { x: 0, y: 0 });
      },
      { viewport: { width, height: 640 }, layout, reducedMotion: "reduce" },
    );
  }
}

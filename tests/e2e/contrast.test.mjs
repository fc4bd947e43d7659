// Where a field is, which room is shown and which beats are done, is seen: the edge, or the ground, stands out by 3:1
// from what is around it (WCAG 2.2, 1.4.11). What the browser draws by itself, as a tick box, is the browser's.

import assert from "node:assert/strict";

import { pageTest } from "./browser.mjs";
import { putColours } from "./colours.mjs";
import { answer } from "./learner.mjs";
import { ready } from "./page.mjs";

/** @typedef {import("playwright-core").Page} Page */

/**
 * Fields, by whether their edge is seen.
 * @returns {{ fields: number, faint: string[] }}
 */
function edges() {
  const { rgb, contrast, ground } = /** @type {import("./colours.mjs").Coloured} */ (globalThis).colours;
  // A command box has its edge around the sign before it, in the console around what was said as well.
  const edged = (/** @type {Element} */ field) =>
    [field, field.closest(".prompt"), field.closest(".console-box")].find(
      (one) => one && Number.parseFloat(getComputedStyle(one).borderBottomWidth) > 0,
    );
  const all = [
    ...document.querySelectorAll('input:not([type="checkbox"], [type="radio"], [type="range"]), select, textarea'),
    // What is shown, and what is done, by an edge alone.
    ...document.querySelectorAll('.rooms [aria-current="page"], .lesson-way [data-done]'),
  ].filter(
    (one) =>
      one.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
      !one.matches(":disabled, .language select"),
  );
  const faint = all.flatMap((field) => {
    const box = edged(field);
    const edge = box && rgb(getComputedStyle(box).borderBottomColor);
    const around = ground(field.parentElement);
    const best = Math.max(
      contrast(ground(field), around),
      edge?.[3] === 255 && box ? contrast(edge, ground(box.parentElement)) : 1,
    );
    return best >= 3 ? [] : [`${best.toFixed(2)}: ${field.id || field.className || field.tagName}`];
  });
  return { fields: all.length, faint };
}

/** A lesson whose first beat is done. @param {Page} page */
async function beatDone(page) {
  await page.locator('.beat[data-phase="asking"]').waitFor();
  await answer(page, "why", "right");
  await page.locator(".lesson-way li:nth-child(2) button").click();
  await page.locator(".lesson-way [data-done]:not([aria-current])").waitFor();
}

/** @type {[name: string, path: string, layout: "figure" | "panels", there: (page: Page) => Promise<unknown>][]} */
const VIEWS = [
  ["the figure", "", "figure", ready],
  ["the panels", "", "panels", ready],
  [
    "the simulator",
    "#v=1&room=simulate&spec=preset%20rocksdb",
    "figure",
    (page) => page.getByRole("button", { name: "Run", exact: true }).waitFor(),
  ],
  [
    "an article",
    "?lesson=how-an-lsm-tree-works",
    "figure",
    (page) => page.locator(".number-answer input").first().waitFor(),
  ],
  ["a lesson", "?lesson=why", "figure", beatDone],
  ["the course", "?lesson", "figure", (page) => page.getByRole("textbox", { name: "Address of a lesson" }).waitFor()],
];

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  for (const [name, path, layout, there] of VIEWS) {
    pageTest(
      `${name}, ${colorScheme}: the edge of each field, and of what is chosen, is seen`,
      async (page) => {
        await page.goto(new URL(path, page.url()).href);
        if (path.startsWith("#")) await page.reload();
        await there(page);
        await page.evaluate(putColours);
        const { fields, faint } = await page.evaluate(edges);
        assert.ok(fields > 0, "no field");
        assert.deepEqual(faint, []);
      },
      { colorScheme, layout, reducedMotion: "reduce" },
    );
  }
}

// By Tab, forwards and backwards, in a low window: what has the focus is seen, and nothing that stays in place while
// the rest scrolls lies on it (WCAG 2.2, 2.4.11); it has a ring (2.4.7).

import assert from "node:assert/strict";

import { pageTest } from "./browser.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** What has the focus, how many of nine points of it are seen, and whether it has a ring; null: the page itself. */
function focusSeen() {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const { left, top, width, height } = one.getBoundingClientRect();
  const shares = [0.1, 0.5, 0.9];
  const seen = shares.flatMap((across) =>
    shares.filter((down) => {
      const found = document.elementFromPoint(left + across * width, top + down * height);
      return found && (one.contains(found) || found.closest("label")?.contains(one));
    }),
  );
  const hasRing = [one, one.closest("label")].some(
    (box) =>
      box &&
      getComputedStyle(box).outlineStyle !== "none" &&
      Number.parseFloat(getComputedStyle(box).outlineWidth) >= 1,
  );
  const name = `${one.tagName} ${one.ariaLabel || one.textContent?.trim().slice(0, 30)}`;
  return { name, seen: seen.length, hasRing, isSkip: one.matches(".skip") };
}

/**
 * Goes through all stops of Tab.
 * @param {Page} page
 * @param {"Tab" | "Shift+Tab"} key
 */
async function walked(page, key) {
  const hidden = [];
  let stops = 0;
  for (let presses = 0; presses < 90; presses += 1) {
    await page.keyboard.press(key);
    const focus = await page.evaluate(focusSeen);
    // Behind the last stop is the page itself.
    if (!focus && stops > 0) break;
    if (!focus) continue;
    stops += 1;
    if (!focus.isSkip && (focus.seen === 0 || !focus.hasRing)) hidden.push(`${focus.name}: ${focus.seen} of 9 points`);
  }
  return { stops, hidden };
}

for (const lesson of ["why", "policies&step=2", "reads"]) {
  pageTest(
    `720 by 480, ${lesson}: what has the focus is seen, forwards and backwards`,
    async (page) => {
      await page.goto(new URL(`?lesson=${lesson}`, page.url()).href);
      await page.locator('.beat[data-phase="asking"]').waitFor();
      const forwards = await walked(page, "Tab");
      const backwards = await walked(page, "Shift+Tab");
      assert.ok(forwards.stops > 4 && backwards.stops > 20, `${forwards.stops}, ${backwards.stops} stops`);
      assert.deepEqual([...forwards.hidden, ...backwards.hidden], []);
    },
    { viewport: { width: 720, height: 480 }, layout: "figure", reducedMotion: "reduce" },
  );
}

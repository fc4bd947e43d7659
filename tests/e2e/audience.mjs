// A lesson before an audience, for the tests: it is opened, turned by keys, and looked at.

/** @typedef {import("playwright-core").Page} Page */

export const SIZES = [
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
];

/**
 * @param {Page} page
 * @param {string} id
 * @param {string} [more] of the query
 */
export async function present(page, id, more = "") {
  await page.goto(new URL(`?lesson=${id}&present${more}`, page.url()).href);
  await settled(page);
}

/** Waits until a screen is there, and what plays is told. @param {Page} page */
export const settled = (page) => page.locator('.presenter:not([data-kind="loading"]):not([data-running])').waitFor();

/** What the presenter shows: kind, round, question. @param {Page} page */
export const shown = (page) =>
  page.locator(".presenter").evaluate((e) => {
    const { kind, round, id, variant } = /** @type {HTMLElement} */ (e).dataset;
    return { kind, round: round ?? "", id: id ?? "", variant: Number(variant) };
  });

/** @param {Page} page @param {...string} keys */
export async function press(page, ...keys) {
  for (const key of keys) await page.keyboard.press(key);
}

/** Waits for a screen. @param {Page} page @param {string} kind @param {string} [round] */
export const on = (page, kind, round = "") =>
  page.locator(`.presenter[data-kind="${kind}"]${round && `[data-round="${round}"]`}:not([data-running])`).waitFor();

/** What scrolls, is cut off, or is small. Runs in the browser. */
export function troubles() {
  const found = [];
  const { scrollWidth, scrollHeight } = document.documentElement;
  if (scrollWidth > innerWidth || scrollHeight > innerHeight) found.push("the page scrolls");
  for (const box of document.querySelectorAll(".present-panel, .present-sentence, .presenter .code-block"))
    if (box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1)
      found.push(`${box.className} has ${box.scrollHeight - box.clientHeight} pixels more than it shows`);
  const walker = document.createTreeWalker(
    /** @type {Node} */ (document.querySelector(".presenter")),
    NodeFilter.SHOW_TEXT,
  );
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = /** @type {HTMLElement} */ (node.parentElement);
    const text = node.textContent?.trim() ?? "";
    // The figure draws its own letters; what lies over it is not seen, nor are the buttons while the pointer rests.
    if (
      text === "" ||
      !parent.checkVisibility() ||
      parent.closest(".figure-layer, .present-controls, .figure-zoom, .sr")
    )
      continue;
    const zoom = Number(/** @type {HTMLElement | null} */ (parent.closest(".present-words"))?.style.zoom || 1);
    const size = parseFloat(getComputedStyle(parent).fontSize) * zoom;
    if (size < 23.9) found.push(`${size} px: ${text.slice(0, 30)}`);
  }
  return found;
}

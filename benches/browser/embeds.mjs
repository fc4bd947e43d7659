// Measures a page with thirty embeds in Chromium: the memory of all of its processes, and frames a second in scrolling.
//
// Usage: node benches/browser/embeds.mjs SITE [ELEMENT], where SITE is the folder of the published site (`cargo xtask
// bench page` makes it), and ELEMENT another lsm-scope.js to compare with
//
// Memory is what the processes of the host's page and of the frames have for themselves: private pages of
// /proc/PID/smaps_rollup, so Linux only. It is measured at rest, with two engines, and while one embed after another is
// started, each 1.5 s after the one before: the most that is seen, since a browser frees the memory of what is gone
// when it likes. Frames are those of requestAnimationFrame, so 60 is the maximum.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { watch } from "../../tests/e2e/browser.mjs";
import { serveHost } from "../../tests/e2e/embed-host.mjs";
import { launchWith } from "../../tests/e2e/own-browser.mjs";
import { serve } from "../../tests/e2e/server.mjs";

/** @typedef {import("playwright-core").Page} Page */

const SITE = resolve(process.argv[2] ?? "target/published");
const ELEMENT = process.argv[3];
const EMBEDS = 30;
/** Milliseconds from one start to the next, and between two looks at the memory. */
const PACE = 1500;
const LOOK = 250;
/** Seconds of scrolling. */
const SECONDS = 10;
const BUDGET = { mb: 100, fps: 60 };

/** @param {number} i */
const text = (i) => `<p>${`What paragraph ${i} says of storage engines. `.repeat(20)}</p>`;
/** @param {number} i */
const embed = (i) => `<lsm-scope id="s${i}" state="v=2&script=put+key${i}+1%0Aput+other+2%0Aflush"></lsm-scope>`;
const body = Array.from({ length: EMBEDS }, (_, i) => text(i) + embed(i)).join("");

/**
 * The processes that draw pages.
 * @param {import("playwright-core").CDPSession} session of the browser
 */
async function renderers(session) {
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  return processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
}

/**
 * Private megabytes of processes.
 * @param {number[]} ids
 */
function memory(ids) {
  let kb = 0;
  for (const id of ids) {
    try {
      const rollup = readFileSync(`/proc/${id}/smaps_rollup`, "utf8");
      for (const [, size] of rollup.matchAll(/^Private_\w+:\s+(\d+) kB/gm)) kb += Number(size);
    } catch {
      // It has just ended.
    }
  }
  return kb / 1000;
}

/**
 * Scrolls the page to its end and back.
 * @param {Page} page
 */
const scrolled = (page) =>
  page.evaluate(async (seconds) => {
    const end = document.documentElement.scrollHeight - innerHeight;
    const next = () => new Promise((/** @type {(now: number) => void} */ done) => requestAnimationFrame(done));
    const begun = await next();
    let [last, frames, over] = [begun, 0, 0];
    while (last - begun < seconds * 1000) {
      const share = (last - begun) / (seconds * 1000);
      scrollTo({ top: end * (1 - Math.abs(1 - 2 * share)), behavior: "instant" });
      const now = await next();
      if (now - last > 25) over += 1;
      [last, frames] = [now, frames + 1];
    }
    return { fps: (frames * 1000) / (last - begun), frames, over };
  }, SECONDS);

/**
 * Starts an embed, and waits until it has run its script.
 * @param {Page} page
 * @param {number} i
 */
const start = (page, i) =>
  page.evaluate(async (id) => {
    const element = /** @type {HTMLElement} */ (document.getElementById(id));
    const stepped = new Promise((done) => element.addEventListener("lsm-step", done, { once: true }));
    element.scrollIntoView({ block: "center", behavior: "instant" });
    element.shadowRoot?.querySelector("button")?.click();
    await stepped;
  }, `s${i}`);

const site = await serve(SITE, { headers: { "access-control-allow-origin": "*" } });
const host = await serveHost(`<!doctype html><html lang="en"><meta charset="utf-8"><title>thirty embeds</title>
  <link rel="icon" href="data:,"><script src="${site.url}lsm-scope.js"></script><body>${body}</body></html>`);
// Without a renderer that only waits for the next page.
const { context, close } = await launchWith({}, ["--disable-features=SpareRendererForSitePerProcess"]);
try {
  const browser = context.browser();
  if (!browser) throw new Error("the browser has ended");
  const session = await browser.newBrowserCDPSession();
  const before = await renderers(session);
  const used = async () => memory((await renderers(session)).filter((id) => !before.includes(id)));
  const complaints = watch(context);
  if (ELEMENT) await context.route("**/lsm-scope.js", (route) => route.fulfill({ path: ELEMENT }));
  const page = await context.newPage();
  await page.setViewportSize({ width: 1280, height: 720 });
  // Another site than that of the frames, so that they have a process of their own, as on a course's page.
  await page.goto(`http://localhost:${host.port}/`);
  await sleep(PACE);
  const atRest = await used();
  const scrolledAtRest = await scrolled(page);
  for (const i of [0, 1]) await Promise.all([start(page, i), sleep(PACE)]);
  const two = await used();
  const scrolledLive = await scrolled(page);
  let most = 0;
  let isOver = false;
  const looking = (async () => {
    while (!isOver) {
      most = Math.max(most, await used());
      await sleep(LOOK);
    }
  })();
  for (let i = 2; i < EMBEDS; i += 1) await Promise.all([start(page, i), sleep(PACE)]);
  isOver = true;
  await looking;

  console.log(`a page with ${EMBEDS} embeds in Chromium ${browser.version()}, headless, without a GPU, 1280 × 720`);
  const within = (/** @type {number} */ mb) =>
    `${mb.toFixed(0)} MB (budget ${BUDGET.mb}${mb <= BUDGET.mb ? "" : ": MISSED"})`;
  if (atRest === 0) console.log("  memory is measured on Linux only");
  else
    console.log(
      `  memory: at rest ${within(atRest)}, with two engines ${within(two)}, ` +
        `with one started every ${PACE / 1000} s at most ${within(most)}`,
    );
  for (const [what, { fps, frames, over }] of /** @type {const} */ ([
    ["at rest", scrolledAtRest],
    ["with two engines", scrolledLive],
  ]))
    console.log(
      `  scrolling ${what}: ${fps.toFixed(1)} frames a second (budget ${BUDGET.fps}), ${over} of ${frames} longer ` +
        "than 25 ms",
    );
  for (const complaint of complaints) console.error(complaint);
} finally {
  await close();
  await site.close();
  host.close();
}

// Measures the built page in Chromium as a visitor has it: frames a second in play, a seek, and a cold start.
//
// Usage: node benches/browser/play.mjs [SITE], where SITE is the folder of the built site (`cargo xtask bench page`
// makes it)
//
// Play: the page's own player in the figure layout, at the end of two histories, one with 1,000 tables and one with
// 20,000 entries on the stage. Frames are those of requestAnimationFrame, so 60 is the maximum. Seek: from one random
// position of 200,000 events to another, up to the end of the frame that paints it; and among the last events of a tree
// of some ten thousand tables. Cold start: from navigation to the paint of the first event, on a fresh context, without
// a cache. A headless Chromium paints without a GPU: a canvas costs more there than on a desktop.

import { resolve } from "node:path";

import { DIST, choose, launch, watch } from "../../tests/e2e/browser.mjs";
import { command, emptyQueue, leaveConsole, ready } from "../../tests/e2e/page.mjs";
import { serve } from "../../tests/e2e/server.mjs";

/** @typedef {import("playwright-core").Page} Page */

const SITE = resolve(process.argv[2] ?? DIST);
/** Seconds of play. */
const SECONDS = 10;
const SPEED = "4";
const SEEKS = 60;
const STARTS = 5;
const BUDGET = { fps: 60, seek: 16, start: 300 };

const TABLES = [
  "options write_buffer_entries=20 max_bytes_for_level_base=1GB wal_sync=never num_levels=4",
  "fill 20000",
];
const ENTRIES = ["options write_buffer_entries=25000 write_buffer_size=64MB wal_sync=never", "fill 20000"];
const EVENTS = ["options wal_sync=never", "fill 5050"];
const GROUPS = [
  "options target_file_size_base=64 block_size=64 wal_sync=never write_buffer_entries=100000 " +
    "write_buffer_size=64MB max_bytes_for_level_base=1GB disable_auto_compactions=true",
  "fill 60000",
  "flush",
  "compact",
];

const median = (/** @type {number[]} */ times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
const many = (/** @type {number} */ n) => n.toLocaleString("en");

const [server, browser] = await Promise.all([serve(SITE), launch()]);
try {
  console.log(`the page in Chromium ${browser.version()}, headless, without a GPU, 1280 × 720`);
  for (const [what, lines] of /** @type {const} */ ([
    ["1,000 tables", TABLES],
    ["20,000 entries", ENTRIES],
  ])) {
    const { fps, longest, over, frames, tables, entries } = await withPage(lines, played);
    console.log(
      `play with ${what}: ${fps.toFixed(1)} frames a second (budget ${BUDGET.fps}), the longest ` +
        `${longest.toFixed(1)} ms, ${over} of ${frames} longer than 25 ms; ${many(tables)} tables, ` +
        `${many(entries)} entries in memtables`,
    );
  }
  for (const [what, lines, within] of /** @type {const} */ ([
    ["at 200,000 events", EVENTS, Infinity],
    ["with ten thousand tables", GROUPS, 20],
  ])) {
    const { times, scripts, events } = await withPage(lines, (page) => sought(page, within));
    console.log(
      `a seek ${what}: median ${median(times).toFixed(1)} ms to painted (budget ${BUDGET.seek}), ` +
        `${median(scripts).toFixed(1)} of them in script; the longest of ${SEEKS} ` +
        `${Math.max(...times).toFixed(1)} ms; ${many(events)} events`,
    );
  }
  const starts = [];
  for (let i = 0; i < STARTS; i += 1) starts.push(await started());
  const all = starts.map((time) => time.toFixed(0)).join(", ");
  console.log(`cold start: median ${median(starts).toFixed(0)} ms (budget ${BUDGET.start} on a desktop) of ${all}`);
} finally {
  await Promise.all([server.close(), browser.close()]);
}

/**
 * Runs `lines` on a fresh page, then `measure` in the figure layout.
 * @template R
 * @param {readonly string[]} lines
 * @param {(page: Page) => Promise<R>} measure
 */
async function withPage(lines, measure) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  await choose(context, "panels");
  const complaints = watch(context);
  const page = await context.newPage();
  page.setDefaultTimeout(300_000);
  await page.goto(server.url);
  await ready(page);
  await emptyQueue(page);
  for (const line of lines) {
    const said = await command(page, line.startsWith("fill") ? `${line} anyway` : line);
    if (!said.startsWith("ok")) throw new Error(`${line}: ${said}`);
  }
  await leaveConsole(page);
  await page.getByRole("button", { name: "Figure", exact: true }).click();
  await page.locator("canvas.figure[data-at]").waitFor();
  const measured = await measure(page);
  for (const complaint of complaints) console.error(complaint);
  await context.close();
  return measured;
}

/** The frames of SECONDS seconds in play, at the end of the history. @param {Page} page */
async function played(page) {
  await page.getByRole("combobox", { name: "Speed" }).selectOption(SPEED);
  const slider = page.getByRole("slider", { name: "Position" });
  const length = Number(await slider.getAttribute("max"));
  await slider.fill(String(length - 400));
  await page.locator(".play").click();
  const frames = await page.evaluate(async (seconds) => {
    const times = /** @type {number[]} */ ([]);
    const begun = performance.now();
    let last = begun;
    await new Promise((done) => {
      requestAnimationFrame(function frame(now) {
        times.push(performance.now() - last);
        last = performance.now();
        if (now - begun < seconds * 1000) requestAnimationFrame(frame);
        else done(undefined);
      });
    });
    return times;
  }, SECONDS);
  const moved = Number(await slider.inputValue()) - (length - 400);
  if (moved < 10 || moved >= 400) throw new Error(`${moved} events were played`);
  const shown = await page.locator(".figure-layer").innerText();
  const sum = (/** @type {RegExp} */ of) =>
    [...shown.matchAll(of)].reduce((n, [, found]) => n + Number(found.replaceAll(",", "")), 0);
  return {
    fps: (frames.length / frames.reduce((sum, time) => sum + time, 0)) * 1000,
    longest: Math.max(...frames.slice(1)),
    over: frames.slice(1).filter((time) => time > 25).length,
    frames: frames.length,
    tables: sum(/([\d,]+) tables?, /g),
    entries: sum(/([\d,]+) of [\d,]+ entries/g),
  };
}

/**
 * The milliseconds of seeks among the last events, each up to the end of the frame that paints it.
 * @param {Page} page
 * @param {number} within how many events they are
 */
async function sought(page, within) {
  return page.evaluate(
    async ([count, within]) => {
      const slider = /** @type {HTMLInputElement} */ (document.querySelector('[aria-label="Position"]'));
      const canvas = /** @type {HTMLCanvasElement} */ (document.querySelector("canvas.figure"));
      const events = Number(slider.max);
      const [times, scripts] = [/** @type {number[]} */ ([]), /** @type {number[]} */ ([])];
      // A generator with a seed: every run seeks to the same positions.
      let seed = 1;
      const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
      for (let i = 0; i < count; i += 1) {
        const last = Math.min(events - 10, within);
        const from = Number(slider.value);
        let to = from;
        // One event on or back moves, and is no seek.
        while (Math.abs(to - from) <= 1) to = events - 5 - Math.floor(random() * last);
        const time = await new Promise((done, failed) => {
          requestAnimationFrame(() => {
            const begun = performance.now();
            slider.value = String(to);
            slider.dispatchEvent(new Event("input", { bubbles: true }));
            const { port1, port2 } = new MessageChannel();
            // The page draws in microtasks.
            const drawn = new MutationObserver(() => {
              scripts.push(performance.now() - begun);
              drawn.disconnect();
            });
            drawn.observe(canvas, { attributeFilter: ["data-at"] });
            // The message is read once the frame has been painted.
            port1.onmessage = () =>
              canvas.dataset.at === String(to)
                ? done(performance.now() - begun)
                : failed(new Error(`${canvas.dataset.at} is painted instead of ${to}`));
            port2.postMessage(null);
          });
        });
        times.push(time);
        await new Promise((rest) => requestAnimationFrame(rest));
      }
      return { times, scripts, events };
    },
    [SEEKS, within],
  );
}

/** The milliseconds from a navigation to the paint of the first event. */
async function started() {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  const page = await context.newPage();
  await page.addInitScript(() => {
    const painted = new Promise((done) => {
      const observer = new MutationObserver(() => {
        if (!document.querySelector("canvas.figure[data-at]")) return;
        observer.disconnect();
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => done(performance.now());
          port2.postMessage(null);
        });
      });
      observer.observe(document, { subtree: true, childList: true, attributeFilter: ["data-at"] });
    });
    Object.assign(window, { painted });
  });
  await page.goto(server.url);
  const time = await page.evaluate(() => /** @type {Promise<number>} */ (Reflect.get(window, "painted")));
  await context.close();
  return time;
}

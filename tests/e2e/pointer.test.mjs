// What pointing shows can be taken away by Escape, and be pointed at itself (WCAG 2.2, 1.4.13); what dragging does is
// done by pressing as well (2.5.7); nothing of the top bar lies below the choice of a pane.

import assert from "node:assert/strict";

import { pageTest } from "./browser.mjs";
import { command, emptyQueue, leaveConsole, ready, simulated } from "./page.mjs";

/** @typedef {import("playwright-core").Page} Page */

const SIMULATOR = "#v=1&room=simulate&spec=preset%20rocksdb%20duration_seconds%3D600";

/** The middle of what stands there. @param {import("playwright-core").Locator} locator */
async function middle(locator) {
  const box = await locator.boundingBox();
  if (!box) throw new Error("it is not seen");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2, box };
}

/** @param {Page} page */
async function filled(page) {
  await ready(page);
  await emptyQueue(page);
  await command(page, "fill 40");
  await leaveConsole(page);
}

/** @param {Page} page */
async function inSimulator(page) {
  await page.goto(new URL(SIMULATOR, page.url()).href);
  await simulated(page);
}

pageTest(
  "the meaning of a term shows at the focus, stays wherever the pointer goes, and Escape closes it",
  async (page) => {
    await page.goto(new URL("?lesson=how-an-lsm-tree-works", page.url()).href);
    const meaning = page.locator(".meaning");
    const term = page.locator(".article .term button").first();
    await term.waitFor();
    await page.locator("#content").focus();
    for (let stops = 0; stops < 20 && (await meaning.count()) === 0; stops += 1) await page.keyboard.press("Tab");
    await meaning.waitFor();
    const { x, y } = await middle(meaning);
    await page.mouse.move(x, y);
    await page.mouse.move(2, y + 200);
    assert.equal(await meaning.count(), 1);
    const focused = await page.evaluate(() => document.activeElement?.textContent);
    await page.keyboard.press("Escape");
    await meaning.waitFor({ state: "detached" });
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), focused, "the focus stays");
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "the point that is read in the charts stays while the pointer goes to its label, and Escape takes it away",
  async (page) => {
    await filled(page);
    const label = page.locator(".reading-line b");
    const { x, box } = await middle(page.getByRole("slider", { name: "Reading point" }));
    await page.mouse.move(x, box.y + 8);
    await label.waitFor();
    await page.mouse.move(x, (await middle(label)).y);
    assert.equal(await label.count(), 1, "it is gone where it is pointed at");
    await page.keyboard.press("Escape");
    await label.waitFor({ state: "detached" });
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "in the simulator, the note of a job stays under the pointer, and Escape brings back what was there before",
  async (page) => {
    await inSimulator(page);
    const rows = page.locator(".lane-rows").first();
    await rows.scrollIntoViewIfNeeded();
    const note = page.locator(".lane-note");
    const { x, box } = await middle(rows);
    let by = 0;
    for (; by < 200 && (await note.count()) === 0; by += 2) {
      await page.mouse.move(x + by, box.y + 10);
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    }
    const on = await middle(note);
    // Straight up, as the note is above what is pointed at.
    await page.mouse.move(x + by - 2, on.y, { steps: 10 });
    assert.equal(await note.count(), 1, "it is gone where it is pointed at");
    await page.keyboard.press("Escape");
    await note.waitFor({ state: "detached" });

    const moment = page.getByRole("slider", { name: "Moment" });
    const last = await moment.getAttribute("aria-valuetext");
    const chart = await middle(page.locator(".sim-row .strip-chart").first());
    await page.mouse.move(chart.x, chart.y);
    await page.waitForFunction(
      (before) => document.querySelector('[aria-label="Moment"]')?.getAttribute("aria-valuetext") !== before,
      last,
    );
    await page.keyboard.press("Escape");
    await page.waitForFunction(
      (before) => document.querySelector('[aria-label="Moment"]')?.getAttribute("aria-valuetext") === before,
      last,
    );
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "the charts are zoomed and moved by pressing alone",
  async (page) => {
    await filled(page);
    const range = async () =>
      /events ([\d,]+) to ([\d,]+)/
        .exec(await page.locator(".chart-range").innerText())
        ?.slice(1)
        .map((one) => Number(one.replaceAll(",", ""))) ?? [];
    await page.getByRole("button", { name: "Choose charts" }).click();
    const zoom = page.locator(".chart-zoom");
    await zoom.getByRole("button", { name: "Zoom in" }).click();
    await page.locator(".chart-range").waitFor();
    const [from, to] = await range();
    await zoom.getByRole("button", { name: "Earlier" }).click();
    await page.waitForFunction((n) => !document.querySelector(".chart-range")?.textContent?.includes(n), `${from} to`);
    const moved = await range();
    assert.ok(moved[0] < from && moved[1] < to, `${moved} is not before ${from} to ${to}`);
    await zoom.getByRole("button", { name: "All events" }).click();
    await page.locator(".chart-range").waitFor({ state: "detached" });
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "among the panels, no button of the top bar lies below another in any width",
  async (page) => {
    await page.locator(".play:enabled").waitFor();
    for (const width of [641, 700, 720, 761, 800, 900, 940, 941, 1080]) {
      await page.setViewportSize({ width, height: 480 });
      const covered = await page.locator(".head :is(button, a):visible, .panes button:visible").evaluateAll((all) =>
        all
          .filter((one) => {
            const { left, right, top, height } = one.getBoundingClientRect();
            const at = [left + 3, right - 3].map((x) => document.elementFromPoint(x, top + height / 2));
            return !at.every((found) => one.contains(found));
          })
          .map((one) => one.textContent || one.ariaLabel),
      );
      assert.deepEqual(covered, [], `${width} wide`);
    }
    await page.setViewportSize({ width: 720, height: 480 });
    await page.getByRole("button", { name: "More", exact: true }).click();
    await page.locator(".more-items").getByRole("button", { name: "History" }).click();
    await page.getByRole("dialog", { name: "Open a history" }).waitFor();
  },
  { viewport: { width: 1080, height: 480 }, reducedMotion: "reduce" },
);

pageTest(
  "the buttons of a presentation stay as long as they are pointed at, and go when the pointer rests elsewhere",
  async (page) => {
    await page.goto(new URL("?lesson=why&present", page.url()).href);
    const controls = page.locator(".present-controls");
    await controls.waitFor({ state: "attached" });
    await page.clock.install();
    const isSeen = () => controls.evaluate((one) => getComputedStyle(one).opacity === "1");
    await page.mouse.move(20, 20);
    await page.clock.runFor(100);
    assert.ok(await isSeen());
    const { x, y } = await middle(controls);
    await page.mouse.move(x, y);
    await page.clock.runFor(6000);
    assert.ok(await isSeen(), "they are gone under the pointer");
    await page.mouse.move(20, 20);
    await page.clock.runFor(6000);
    assert.ok(!(await isSeen()), "they stay on what is shown");
  },
  { layout: "figure", reducedMotion: "reduce" },
);

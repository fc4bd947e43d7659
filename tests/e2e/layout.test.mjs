// What one needs is in view, at the sizes of an embed, a laptop and a desktop: nothing lies over it, and nothing is cut
// off.

import assert from "node:assert/strict";

import { pageTest } from "./browser.mjs";
import { command, cutOff, emptyQueue, leaveConsole, ready, region } from "./page.mjs";

/** @typedef {import("playwright-core").Page} Page */

const LONG = "drive 60s write_rate=5000";

/**
 * Which of the elements can not be clicked where they are: out of view, or below something else.
 * @param {Page} page
 * @param {string} selector
 */
async function hidden(page, selector) {
  return page.evaluate((wanted) => {
    const all = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(wanted))];
    if (all.length === 0) return [`no ${wanted}`];
    const covered = all.filter((element) => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      const places = [
        [left + 2, (top + bottom) / 2],
        [right - 2, (top + bottom) / 2],
      ];
      return !places.every(([x, y]) => element.contains(document.elementFromPoint(x, y)));
    });
    return covered.map((element) => element.innerText || element.id || element.className);
  }, selector);
}

for (const { width, height } of [
  { width: 720, height: 480 },
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
]) {
  pageTest(
    `at ${width} by ${height}, the console takes a line, and what a long one is told of can be chosen`,
    async (page) => {
      if (width < 1080) await page.getByRole("button", { name: "Operate", exact: true }).click();
      await ready(page);
      await page.locator("#command").click();
      await command(page, LONG);
      await page.getByText(/all of it takes/).waitFor();
      assert.deepEqual(await hidden(page, "#command, .ways button"), []);
      assert.deepEqual(await cutOff(page, ".ways button, .ops button, .next-line"), []);
    },
    { viewport: { width, height } },
  );
}

pageTest("on a laptop, all levels are in view with the first steps beside them", async (page) => {
  await ready(page);
  const lanes = page.locator(".figure-layer .lane-words");
  assert.deepEqual(await hidden(page, ".figure-layer .lane-words, .hint"), []);
  await emptyQueue(page);
  await command(page, "options num_levels=6");
  await command(page, "fill 400");
  await leaveConsole(page);
  const names = await page.locator(".figure-layer section").evaluateAll((all) => all.map((e) => e.ariaLabel));
  for (const level of [0, 1, 2, 3]) assert.ok(names.includes(`Level ${level}`), `${names}`);
  const heights = await lanes.evaluateAll((all) => all.map((e) => e.getBoundingClientRect().height));
  assert.ok(
    heights.every((height) => height >= 13),
    `lanes ${heights} high`,
  );
  assert.deepEqual(await hidden(page, ".figure-layer .lane-words"), []);
});

pageTest(
  "in an embed, the row of the job is there, and scores say that they are scores",
  async (page) => {
    await page.getByRole("button", { name: "Operate", exact: true }).click();
    await ready(page);
    await emptyQueue(page);
    await command(page, "fill 7");
    await leaveConsole(page);
    await page.getByRole("button", { name: "Stage", exact: true }).click();
    assert.match(
      await page.getByRole("group", { name: "Job" }).innerText(),
      /Level 0 is compacted when it has 3 tables/,
    );
    assert.match(await region(page, "Level 0"), /score 0\.33/);
  },
  { viewport: { width: 720, height: 480 } },
);

pageTest("exit does not leave a page without a database, and reopen goes on with it", async (page) => {
  await ready(page);
  await emptyQueue(page);
  await command(page, "put a 1");
  assert.match(await command(page, "exit"), /keeps its database open.*reopen closes the database and opens it again/s);
  await page.getByRole("button", { name: "Reopen", exact: true }).click();
  await page.locator(".exchange:last-child[aria-busy=false]", { hasText: "recovered from the log" }).waitFor();
  assert.match(await command(page, "get a"), /^1\n/);
});

pageTest("what was acknowledged fits beside the log, however large its numbers", async (page) => {
  await ready(page);
  for (const count of [99, 1, 300]) {
    await command(page, `fill ${count}`);
    assert.deepEqual(await cutOff(page, ".promised"), []);
  }
});

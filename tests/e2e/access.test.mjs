// Access: the way to the player by keyboard, and what axe finds wrong with the page in each layout, room and theme,
// with each panel and dialog open: nothing.

import assert from "node:assert/strict";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { faults } from "./axe.mjs";
import { pageTest } from "./browser.mjs";
import { command, emptyQueue, leaveConsole, ready } from "./page.mjs";

/** @typedef {import("playwright-core").Page} Page */

const FIXTURES = resolve(dirname(fileURLToPath(import.meta.url)), "../fixtures/rocksdb");

/**
 * Rules of axe that are off unless they are asked for, and that the page keeps as well. Not focus-order-semantics: it
 * forbids the boxes that scroll to be stops of Tab, which scrollable-region-focusable demands.
 */
const MORE = [
  "css-orientation-lock",
  "hidden-content",
  "label-content-name-mismatch",
  "p-as-heading",
  "table-fake-caption",
  "td-has-header",
];

/**
 * Asserts that axe finds nothing, and names the view if it does.
 * @param {Page} page
 * @param {string} view
 * @param {string[]} found grows by what is found
 */
async function look(page, view, found) {
  found.push(...(await faults(page, MORE)).map((fault) => `${view}: ${fault}`));
}

/** @param {string[]} found */
const none = (found) => assert.deepEqual(found, [], "axe found faults");

/** @param {Page} page @param {string} name */
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

/** @param {Page} page */
async function closeDialog(page) {
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
}

/** Opens each dialog that can be opened in the sandbox. @param {Page} page @param {string[]} found */
async function dialogs(page, found) {
  for (const name of ["Share", "Export", "Help", "History"]) {
    const button = page.getByRole("button", { name, exact: true });
    // The figure has no History button.
    if (!(await button.isVisible())) continue;
    await button.click();
    await page.getByRole("dialog").waitFor();
    await look(page, `dialog ${name}`, found);
    await closeDialog(page);
  }
  await page.locator(".head .pill").click();
  await page.getByRole("dialog").waitFor();
  await look(page, "dialog of the backend", found);
  await closeDialog(page);
}

/** The id of the element with the focus. @param {Page} page */
const focused = (page) => page.evaluate(() => document.activeElement?.id ?? "");

for (const layout of /** @type {const} */ (["figure", "panels"])) {
  pageTest(
    `${layout}: Tab shows a link that skips to Play, and reaches Play within seven stops behind the links`,
    async (page) => {
      await ready(page);
      await page.keyboard.press("Tab");
      const skip = page.getByRole("link", { name: "Skip to the player" });
      const box = await skip.boundingBox();
      assert.ok(box && box.width > 60 && box.height > 20 && box.x >= 0 && box.y >= 0, "the link is in view");
      const address = page.url();
      await page.keyboard.press("Enter");
      assert.equal(await focused(page), "play");
      assert.equal(page.url(), address, "the address is a moment's");
      assert.ok(((await skip.boundingBox())?.width ?? 0) <= 1, "the link is out of view again");
      await page.keyboard.press("Space");
      await page.getByRole("button", { name: "Pause", exact: true }).waitFor();
      await page.keyboard.press("Space");

      await page.reload();
      await ready(page);
      const stops = [];
      const links = await page.locator(".skip").count();
      for (let link = 0; link < links; link += 1) await page.keyboard.press("Tab");
      while (stops.length < 7 && stops.at(-1) !== "play") {
        await page.keyboard.press("Tab");
        stops.push(await focused(page));
      }
      assert.equal(stops.at(-1), "play", `after ${stops.length} stops`);
    },
    { layout },
  );

  pageTest(
    `${layout}: Command is within eight stops of Tab, by a link that skips to it`,
    async (page) => {
      await ready(page);
      const address = page.url();
      const skip = page.getByRole("link", { name: "Skip to the command box" });
      let stops = 0;
      do {
        await page.keyboard.press("Tab");
        stops += 1;
        assert.ok(stops < 8, "the link comes before the eighth stop");
      } while (!(await skip.evaluate((one) => one === document.activeElement)));
      await page.keyboard.press("Enter");
      await page.locator("#command:focus").waitFor();
      assert.equal(page.url(), address, "the address is a moment's");
    },
    { layout },
  );
}

pageTest("in the simulator, the link skips to Run", async (page) => {
  await page.goto(`${page.url()}#v=1&room=simulate&spec=preset%20rocksdb%20duration_seconds%3D600`);
  await page.getByRole("button", { name: "Run", exact: true }).waitFor();
  const address = page.url();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.equal(await focused(page), "run");
  assert.equal(page.url(), address, "the address is the experiment's");
});

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  for (const viewport of [
    { width: 1280, height: 720 },
    { width: 390, height: 844 },
  ]) {
    pageTest(
      `without a database, ${viewport.width} wide, ${colorScheme}: axe finds nothing`,
      async (page) => {
        await page.route(/lsmscope_bg/, (route) => route.abort());
        await page.reload();
        await page.getByText("The engine could not be loaded").first().waitFor({ state: "attached" });
        /** @type {string[]} */
        const found = [];
        await look(page, "refused", found);
        none(found);
      },
      { colorScheme, viewport, complains: /./ },
    );
  }

  pageTest(
    `the panels, ${colorScheme}: axe finds nothing, with each tab and dialog open`,
    async (page) => {
      /** @type {string[]} */
      const found = [];
      await ready(page);
      await look(page, "first", found);
      await press(page, "Edit the script");
      await look(page, "dialog of the script", found);
      await closeDialog(page);
      await emptyQueue(page);
      for (const line of ["fill 40", "get nothing", "what", "put a 1"]) await command(page, line);
      await leaveConsole(page);
      await look(page, "after commands", found);
      await page
        .getByRole("region", { name: /^Level/ })
        .getByRole("button")
        .first()
        .click();
      await look(page, "a table inspected", found);
      for (const tab of ["Workload", "Options", "Console"]) {
        await page.getByRole("tab", { name: tab, exact: true }).click();
        await look(page, `tab ${tab}`, found);
      }
      await page.getByRole("tab", { name: "Why & events" }).click();
      await page.getByRole("region", { name: "Charts" }).getByRole("button", { name: "Choose charts" }).click();
      await look(page, "charts chosen", found);
      await page.keyboard.press("Escape");
      await press(page, "Pull the plug");
      await look(page, "dialog of the plug", found);
      await page.keyboard.press("Escape");
      await command(page, "crash");
      await look(page, "without power", found);
      await command(page, "reopen");
      await leaveConsole(page);
      for (const keys of ["ArrowLeft", "Shift+ArrowLeft", "Home"]) {
        await page.keyboard.press(keys);
        await look(page, keys, found);
      }
      await dialogs(page, found);
      none(found);
    },
    { colorScheme, reducedMotion: "reduce" },
  );

  pageTest(
    `the figure, ${colorScheme}: axe finds nothing, with each edge folded out`,
    async (page) => {
      /** @type {string[]} */
      const found = [];
      await ready(page);
      await look(page, "first", found);
      for (const name of ["Console", "Workload", "Options", "Why", "Inspect", "Charts"]) {
        await page.locator(".edge").getByRole("button", { name, exact: true }).click();
        await look(page, `${name} folded out`, found);
      }
      for (const key of ["o", "i", "h"]) await page.keyboard.press(key);
      await page.keyboard.press("Home");
      await page.keyboard.press("ArrowRight");
      await look(page, "a step", found);
      await page.locator("#command").fill("what");
      await page.locator("#command").press("Enter");
      await page.locator(".status.error").waitFor();
      await look(page, "a refusal", found);
      await dialogs(page, found);
      none(found);
    },
    { colorScheme, layout: "figure", reducedMotion: "reduce" },
  );

  pageTest(
    `the simulator, ${colorScheme}: axe finds nothing before and after a run, alone and compared`,
    async (page) => {
      /** @type {string[]} */
      const found = [];
      await page.goto(`${page.url()}#v=1&room=simulate&spec=preset%20rocksdb%20duration_seconds%3D600`);
      await page.getByRole("button", { name: "Run", exact: true }).waitFor();
      await look(page, "before a run", found);
      await press(page, "Run");
      await page.getByRole("status").getByText("Done: 10 min.").waitFor();
      await look(page, "after a run", found);
      await page.getByRole("combobox", { name: "Compare" }).selectOption("multiplier");
      await look(page, "to be compared", found);
      await press(page, "Run");
      await page.getByRole("status").getByText("Done: 10 min.").waitFor();
      await look(page, "compared", found);
      await press(page, "Share");
      await look(page, "dialog Share", found);
      await closeDialog(page);
      none(found);
    },
    { colorScheme, reducedMotion: "reduce" },
  );

  pageTest(
    `a history, ${colorScheme}: axe finds nothing`,
    async (page) => {
      /** @type {string[]} */
      const found = [];
      await ready(page);
      await press(page, "History");
      const files = ["MANIFEST-000009", "OPTIONS-000011"].map((name) => join(FIXTURES, "manifest/rr_dyn8", name));
      await page.getByLabel("History files").setInputFiles(files);
      await page.getByRole("region", { name: "Comparison" }).getByText("matched 85 of 85").first().waitFor();
      await look(page, "compared", found);
      await page.keyboard.press("End");
      await look(page, "its end", found);
      none(found);
    },
    { colorScheme, reducedMotion: "reduce" },
  );

  for (const [width, height] of [
    [720, 480],
    [390, 844],
  ]) {
    for (const layout of /** @type {const} */ (["figure", "panels"])) {
      pageTest(
        `at ${width} by ${height}, ${layout}, ${colorScheme}: axe finds nothing in any pane`,
        async (page) => {
          /** @type {string[]} */
          const found = [];
          await page.locator(".play:enabled").waitFor();
          await look(page, "first", found);
          for (const name of layout === "panels" ? ["Operate", "Stage", "Explain"] : []) {
            const button = page.locator(".panes").getByRole("button", { name, exact: true });
            // Where two panes fit, there is no choice of the third.
            if (!(await button.isVisible())) continue;
            await button.click();
            await look(page, `pane ${name}`, found);
          }
          none(found);
        },
        { colorScheme, layout, reducedMotion: "reduce", viewport: { width, height } },
      );
    }
  }
}

pageTest(
  "no button says its name once more as its description",
  async (page) => {
    const session = await page.context().newCDPSession(page);
    for (const path of ["", "?lesson=table", "?lesson=how-an-lsm-tree-works"]) {
      await page.goto(new URL(path, page.url()).href);
      await page.locator("#command:enabled, .beat[data-phase=asking], .article-end").first().waitFor();
      const { nodes } = await session.send("Accessibility.getFullAXTree");
      const twice = nodes
        .filter(({ role, name, description }) => role?.value === "button" && name?.value === description?.value)
        .map(({ name }) => name?.value);
      assert.deepEqual(twice, [], path);
    }
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "backwards through the simulator's fields, none that has the focus is hidden under the name of its group",
  async (page) => {
    await page.goto(`${page.url()}#v=1&room=simulate&spec=preset%20rocksdb%20duration_seconds%3D600`);
    await page.getByRole("button", { name: "Run", exact: true }).waitFor();
    const fields = page.locator(".knobs details[open] .knob input:visible");
    await fields.last().focus();
    let met = 0;
    for (let stops = 0; stops < 60; stops += 1) {
      await page.keyboard.press("Shift+Tab");
      const field = await page.evaluate(() => {
        const one = document.activeElement;
        if (!one?.matches(".knobs .knob input")) return null;
        const { left, top, width, height } = one.getBoundingClientRect();
        return { id: one.id, isSeen: document.elementFromPoint(left + width / 2, top + height / 2) === one };
      });
      if (!field) continue;
      met += 1;
      assert.ok(field.isSeen, `${field.id} is hidden`);
    }
    assert.ok(met > 4, `only ${met} fields`);
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "what is pressed with a finger is at least 24 pixels high: events, zoom, the links behind an answer",
  async (page) => {
    /** @param {string} selector */
    const low = async (selector) => {
      await page.locator(selector).first().waitFor();
      const heights = await page
        .locator(`${selector}:visible`)
        .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
      assert.ok(heights.length > 0 && heights.every((height) => height >= 24), `${selector}: ${heights}`);
    };
    await ready(page);
    await low(".event");
    const { origin } = new URL(page.url());
    await page.goto(`${origin}/#v=1&room=simulate&spec=preset%20rocksdb%20duration_seconds%3D600`);
    await low(".sim-zoom button");
    await page.goto(`${origin}/?lesson=table`);
    await page.getByRole("button", { name: "Show me" }).click();
    await low(".off-path .link");
  },
  { reducedMotion: "reduce" },
);

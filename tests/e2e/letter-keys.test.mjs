// Keys that type a sign, switched off in the help (WCAG 2.2, 2.1.4): they do nothing in any room, and all in each while
// they are on. The switch itself is in keyboard.test.mjs.

import assert from "node:assert/strict";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { pageTest } from "./browser.mjs";
import { simulated } from "./page.mjs";

/** @typedef {import("playwright-core").Page} Page */

const LOG = resolve(dirname(fileURLToPath(import.meta.url)), "../fixtures/rocksdb/trouble/few_jobs/LOG.gz");

/** How far the slider of the moment reaches. @param {Page} page */
const reach = (page) => page.getByRole("slider", { name: "Moment" }).getAttribute("max");

/**
 * What a room is, by its keys of one sign: how it is opened, a key, and what that changes.
 * @type {Record<string, { path: string, open: (page: Page) => Promise<void>, key: string,
 *   shown: (page: Page) => Promise<unknown> }>}
 */
const ROOMS = {
  "the simulator": {
    path: "#v=1&room=simulate&spec=preset%20rocksdb%20duration_seconds%3D600",
    open: simulated,
    key: "+",
    shown: reach,
  },
  "the film of a LOG": {
    path: "?history",
    open: async (page) => {
      await page.getByRole("dialog", { name: "Open a history" }).waitFor();
      await page.getByLabel("History files").setInputFiles(LOG);
      await page.getByRole("slider", { name: "Moment" }).waitFor();
    },
    key: "+",
    shown: reach,
  },
  "a presentation": {
    path: "?lesson=why&present",
    open: (page) => page.locator(".presenter").waitFor(),
    key: "b",
    shown: (page) => page.getByRole("button", { name: "Blank", includeHidden: true }).getAttribute("aria-pressed"),
  },
  "a lesson": {
    path: "?lesson=why",
    open: (page) => page.locator('.beat[data-phase="asking"]').waitFor(),
    key: "?",
    shown: (page) => page.getByRole("dialog", { name: "Help" }).count(),
  },
  "an embed": {
    path: "embed/index.html?start=now#v=2&script=put+a+1",
    open: (page) => page.locator(".play:enabled").waitFor(),
    key: "?",
    shown: (page) => page.getByRole("dialog", { name: "Help" }).count(),
  },
};

for (const [name, { path, open, key, shown }] of Object.entries(ROOMS)) {
  for (const isOn of [true, false]) {
    pageTest(
      `${name}: "${key}" does ${isOn ? "something" : "nothing where keys of one sign are switched off"}`,
      async (page) => {
        await page.addInitScript((letterKeys) => {
          localStorage.setItem("lsmscope", JSON.stringify({ letterKeys }));
        }, isOn);
        await page.goto(new URL(path, page.url()).href);
        await page.reload();
        await open(page);
        const before = await shown(page);
        await page.locator("body").press(key);
        // What a key changes is drawn in the next frame; a dialog may have to be loaded first.
        const frames = isOn ? 600 : 2;
        for (let drawn = 0; drawn < frames && (!isOn || (await shown(page)) === before); drawn += 1)
          await page.evaluate(() => new Promise((next) => requestAnimationFrame(next)));
        if (isOn) assert.notEqual(await shown(page), before);
        else assert.equal(await shown(page), before);
      },
      { layout: "figure", reducedMotion: "reduce" },
    );
  }
}

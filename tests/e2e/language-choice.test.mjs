// The page's language: chosen in the top bar, or in a phone's menu, and kept; what was done on the page stays.

import assert from "node:assert/strict";

import { pageTest } from "./browser.mjs";
import { command, length, ready } from "./page.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** @param {Page} page @param {string} code */
async function speaks(page, code) {
  await page.locator(`html[lang=${code}]`).waitFor({ state: "attached" });
  await ready(page);
}

/** @param {Page} page @param {string} name */
const choice = (page, name) => page.getByRole("combobox", { name, exact: true });

pageTest("a language that is chosen is spoken from now on, and the session stays", async (page) => {
  await ready(page);
  await command(page, "put a 1");
  const events = await length(page);
  await choice(page, "Language").selectOption({ label: "Deutsch" });
  await speaks(page, "de");
  assert.equal(await length(page), events);
  await page.getByRole("button", { name: "Schritt zurück" }).click();
  await page.reload();
  await speaks(page, "de");
  await choice(page, "Sprache").selectOption({ label: "English" });
  await speaks(page, "en");
  assert.equal(await length(page), events);
});

pageTest(
  "the choice wins over the language that the address asks for",
  async (page) => {
    await speaks(page, "de");
    await choice(page, "Sprache").selectOption({ label: "English" });
    await speaks(page, "en");
    assert.equal(new URL(page.url()).search, "?theme=dark");
  },
  { path: "?lang=de&theme=dark" },
);

pageTest(
  "on a phone, the languages are in the menu",
  async (page) => {
    await page.getByRole("button", { name: "More", exact: true }).click();
    assert.ok(await choice(page, "Language").isHidden());
    await page.getByRole("button", { name: "Deutsch", exact: true }).click();
    await speaks(page, "de");
    await page.getByRole("button", { name: "Mehr", exact: true }).click();
    await page.getByRole("button", { name: "English", exact: true }).waitFor();
  },
  { viewport: { width: 390, height: 844 }, layout: "figure" },
);

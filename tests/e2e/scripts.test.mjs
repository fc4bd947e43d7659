// The list of scripts: what each shows, and playing one; and a script of one's own.

import assert from "node:assert/strict";

import { SCRIPTS } from "../../www/scripts.js";
import { pageTest } from "./browser.mjs";
import { command, ready, whole } from "./page.mjs";

/** @typedef {import("playwright-core").Page} Page */

const FIRST = /** @type {const} */ ({ layout: "figure", reducedMotion: "reduce" });

/** @param {Page} page */
const list = (page) => page.getByRole("region", { name: "Scripts", exact: true });

/**
 * Plays a script of the list to its end, as fast as can be.
 * @param {Page} page
 * @param {string} title
 */
async function play(page, title) {
  await page.getByRole("combobox", { name: "Speed" }).selectOption("16");
  await list(page)
    .getByRole("button", { name: `Play ${title}` })
    .click();
  await list(page).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Pause", exact: true }).waitFor();
}

pageTest(
  "one click or key from the first view: each script with its title, what it shows, and its length",
  async (page) => {
    await ready(page);
    await page.getByRole("button", { name: "Scripts", exact: true }).click();
    await whole(page);
    const rows = await list(page).getByRole("listitem").allInnerTexts();
    assert.equal(rows.length, SCRIPTS.length + 1);
    for (const [i, { title, about, lines }] of SCRIPTS.entries()) {
      const text = rows[i].replaceAll(/\s+/g, " ");
      assert.ok(text.startsWith(`${title} ${lines.length} commands`), text);
      assert.ok(text.endsWith(about), text);
    }
    assert.match(rows[SCRIPTS.length], /^Your own script/);
    await page.keyboard.press("s");
    await list(page).waitFor({ state: "detached" });
    await page.keyboard.press("s");
    await list(page).getByRole("button", { name: "Play Pull the plug" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Pause", exact: true }).waitFor();
    assert.equal(await list(page).count(), 0, "the stage is in view");
  },
  FIRST,
);

pageTest(
  "a script plays on a database in which nothing was done, and what was done stays on a branch",
  async (page) => {
    await ready(page);
    const box = page.getByRole("textbox", { name: "Command" });
    await box.fill("put mine 1");
    await box.press("Enter");
    await page.getByRole("button", { name: "Play", exact: true }).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("s");
    await play(page, "A deleted key comes back");
    const branches = page.getByRole("group", { name: "Branches" });
    await branches.getByRole("button", { name: "from the start", exact: true, pressed: true }).waitFor();
    // The first operation has begun: the open has four events.
    await page.waitForFunction(() => Number(document.querySelector("input[type=range]")?.getAttribute("max")) > 4);
    await page.getByRole("button", { name: "Pause", exact: true }).click();
    await branches.getByRole("button", { name: "main", exact: true }).click();
    await page.keyboard.press("c");
    await page.keyboard.press("End");
    assert.match(await command(page, "get mine"), /^1\b/);
  },
  FIRST,
);

pageTest("a script of one's own is played, or queued on the database as it is, and survives a reload", async (page) => {
  await ready(page);
  await command(page, "put mine 1");
  await page.getByRole("tab", { name: "Scripts" }).click();
  const own = list(page).getByRole("textbox", { name: "Your own script" });
  assert.ok(await list(page).getByRole("button", { name: "Play Your own script" }).isDisabled());
  await own.fill("# mine\nput b 2\n\nget mine");
  await page.reload();
  await ready(page);
  await page.getByRole("tab", { name: "Scripts" }).click();
  assert.equal(await own.inputValue(), "# mine\nput b 2\n\nget mine");
  await list(page).getByText("2 commands", { exact: true }).waitFor();
  await list(page).getByRole("button", { name: "Queue it on this database" }).click();
  await page.getByRole("tab", { name: "Console" }).click();
  assert.equal(await page.locator(".next-line").innerText(), "put b 2");
  assert.match(await command(page, "get mine"), /^1\b/, "nothing has been opened anew");
  await page.getByRole("tab", { name: "Scripts" }).click();
  await list(page).getByRole("button", { name: "Play Your own script" }).click();
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await page.getByRole("tab", { name: "Console" }).click();
  await page.getByRole("button", { name: "Last step" }).click();
  assert.match(await command(page, "get mine"), /not found/);
});

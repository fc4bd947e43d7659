// While what is ahead is hidden, nothing on the page tells it: no text, no attribute, no value, in any of its parts.

import assert from "node:assert/strict";

import { pageTest } from "./browser.mjs";
import { command, leaveConsole, ready, standsAt } from "./page.mjs";

/** @typedef {import("playwright-core").Page} Page */

/**
 * Everything that the page says: texts, attributes and values; not the hidden ways of the browser.
 * @param {Page} page
 * @returns {Promise<string>}
 */
const said = (page) =>
  page.evaluate(() => {
    const root = /** @type {HTMLElement} */ (document.getElementById("app"));
    const all = [...root.querySelectorAll("*")];
    const attributes = all.flatMap((e) => [...e.attributes].map((a) => `${e.tagName} ${a.name}=${a.value}`));
    const values = all.map((e) => ("value" in e ? String(e.value) : ""));
    return [document.title, root.textContent, ...attributes, ...values].join("\n");
  });

/**
 * Asserts that the page says nothing like this; fails with what it says around it.
 * @param {Page} page
 * @param {RegExp} words
 * @param {string} [where]
 */
async function silent(page, words, where = "") {
  const text = await said(page);
  const at = text.search(words);
  const around = text.slice(Math.max(0, at - 80), at + 80).replaceAll(/\s+/g, " ");
  assert.equal(at < 0 ? "" : around, "", where);
}

/**
 * Hides what is ahead, by the list of scripts.
 * @param {Page} page
 */
async function hide(page) {
  await page.getByRole("tab", { name: "Scripts" }).click();
  await page.getByRole("checkbox", { name: /^Hide what is ahead/ }).check();
  await page.getByRole("tab", { name: "Console" }).click();
}

/**
 * Looks into every part of the page, and asserts that it does not say the words.
 * @param {Page} page
 * @param {RegExp} words
 */
async function nowhere(page, words) {
  for (const tab of ["Workload", "Options", "Scripts", "Console", "Inspector", "Why & events"]) {
    await page.getByRole("tab", { name: tab, exact: true }).click();
    await silent(page, words, `in ${tab}`);
  }
  for (const [name, title] of [
    ["Share", "What is ahead is hidden"],
    ["Export", "What is ahead is hidden"],
    ["Edit the script", "What is ahead is hidden"],
    ["Pull the plug", "Pull the plug"],
    ["Help", "Help"],
  ]) {
    await page.getByRole("button", { name, exact: true }).click();
    await page.getByRole("dialog", { name: title }).waitFor();
    await silent(page, words, `in ${name}`);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }
}

pageTest("no part of the page has a word, an option or a number of what is ahead", async (page) => {
  await ready(page);
  await page.getByRole("button", { name: "Edit the script" }).click();
  await page.getByRole("textbox", { name: "Lines to run" }).fill("put zebra-queued 1");
  await page.getByRole("button", { name: "Queue these lines" }).click();
  for (const line of ["put early 1", "put both 1"]) await command(page, line);
  const at = Number(await page.getByRole("slider", { name: "Position" }).inputValue());
  const later = [
    "put zebra-key zebra-value",
    "put both zebra-newer",
    "options block_size=77",
    "flush",
    "get zebra-key",
    "scan",
    "stats",
    "crash",
    "get zebra-none",
  ];
  for (const line of later) await command(page, line);
  // What was refused stays in the box: it is what one types, not what will happen.
  await page.getByRole("textbox", { name: "Command" }).fill("");
  await leaveConsole(page);
  await page.getByRole("slider", { name: "Position" }).fill(String(at));
  await standsAt(page, at);
  assert.match(await said(page), /zebra/, "what is searched for is there while nothing is hidden");
  const length = Number(await page.getByRole("slider", { name: "Position" }).getAttribute("max"));
  await hide(page);
  await nowhere(page, new RegExp(`zebra|power is cut|(?:of|/) ${length}|max=${length}`));
  await page.getByRole("tab", { name: "Options" }).click();
  const inputs = page.getByRole("region", { name: "Options", exact: true }).locator("input");
  const values = await inputs.evaluateAll((all) => all.map((e) => /** @type {HTMLInputElement} */ (e).value));
  assert.ok(values.includes("96") && !values.includes("77"), `the block size is that of the position: ${values}`);
  await page.getByRole("tab", { name: "Console" }).click();

  // A key that has a life behind the position and one ahead of it.
  await page.locator(".figure-layer").getByRole("button", { name: /^both/ }).click();
  await page.getByRole("region", { name: "Inspector" }).getByText("the life of a key").waitFor();
  await silent(page, /zebra/);

  // A branch from here, which goes on with the same queue.
  await command(page, "put zebra-branch 1").catch(() => {});
  await page.getByRole("group", { name: "Branches" }).getByRole("button", { name: "main", exact: true }).click();
  await standsAt(page, at);
  await silent(page, /zebra/);

  // Each step shows its own, and only then.
  await page.getByRole("button", { name: "Step forward" }).click();
  await standsAt(page, at + 1);
  assert.match(await said(page), /put zebra-key zebra-value/);
  await silent(page, /zebra-newer|zebra-queued|zebra-none/);
  await page.getByRole("button", { name: "Show what is ahead" }).click();
  assert.match(await said(page), /zebra-queued/);
});

const SCRIPT = ["put early 1", "put zebra 2", "flush"].map(encodeURIComponent).join("%0A");

pageTest(
  "a link hides what is ahead, in the first view too; a step shows the next event, and a reload keeps it",
  async (page) => {
    await ready(page);
    await standsAt(page, 11);
    await silent(page, /zebra/);
    for (const key of ["c", "h", "y"]) await page.keyboard.press(key);
    await page.getByRole("region", { name: "Charts" }).waitFor();
    await page.getByRole("region", { name: "Events" }).waitFor();
    await silent(page, /zebra/);
    await page.reload();
    await ready(page);
    await standsAt(page, 11);
    await silent(page, /zebra/);
    await page.keyboard.press("ArrowRight");
    await standsAt(page, 12);
    await page.locator(".sentence").getByText("put zebra 2").first().waitFor();
    await silent(page, /zebra 3/);
  },
  { layout: "figure", path: `#v=1&preset=teaching&script=${SCRIPT}&next=put+zebra+3&at=11&past=only` },
);

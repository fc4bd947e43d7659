// Links that last: the address follows the moment, links of every version open, and what a link asks for is bounded.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { pageTest } from "./browser.mjs";
import { command, emptyQueue, held, leaveConsole, length, position, ready, stage, standsAt } from "./page.mjs";

/** @typedef {import("playwright-core").Page} Page */

/**
 * Opens a link in a tab of its own.
 * @param {Page} page
 * @param {string} fragment
 */
async function opens(page, fragment) {
  const other = await page.context().newPage();
  await other.goto(new URL(fragment, page.url().replace(/#.*/, "")).href);
  await ready(other);
  return other;
}

/**
 * Waits for a text in a status line.
 * @param {Page} page
 * @param {string | RegExp} text
 */
const says = (page, text) => page.getByRole("status").filter({ hasText: text }).first().waitFor();

/** @param {Page} page @param {string} part */
const addressHas = (page, part) => page.waitForFunction((text) => location.hash.includes(text), part);

pageTest("the address follows the moment, and is a link to it in another tab", async (page) => {
  await ready(page);
  assert.equal(new URL(page.url()).hash, "", "nothing was done yet");
  await emptyQueue(page);
  await command(page, "fill 14 seed 3");
  await leaveConsole(page);
  await addressHas(page, "script=fill+14+seed+3");
  for (let i = 0; i < 9; i += 1) await page.keyboard.press("ArrowLeft");
  await page.getByRole("button", { name: "Share" }).click();
  await page.waitForFunction(
    () => /** @type {HTMLInputElement | null} */ (document.querySelector("[aria-label=Link]"))?.value,
  );
  const shared = new URL(await page.getByRole("textbox", { name: "Link" }).inputValue()).hash;
  assert.match(shared, /&at=/);
  await page.keyboard.press("Escape");
  await page.waitForFunction((hash) => location.hash === hash, shared);
  const [at, shown] = [await position(page), await stage(page)];
  const other = await opens(page, new URL(page.url()).hash);
  await standsAt(other, at);
  assert.equal(await stage(other), shown);
  assert.equal(await length(other), await length(page));
});

for (const [what, fragment, role, name] of /** @type {const} */ ([
  ["a moment", "#v=2&preset=teaching&script=put+late+1&at=end", "button", /^late/],
  ["an experiment", "#v=1&room=simulate&spec=preset%20rocksdb%20duration_seconds%3D600", "button", "Run"],
]))
  pageTest(`${what} that the address becomes while the page still opens is opened after that`, async (page) => {
    const other = await page.context().newPage();
    const recording = /\/tour[^/]*\.recording$/;
    const release = await held(other, recording);
    const asked = other.waitForRequest(recording);
    await other.goto(page.url());
    await asked;
    await other.getByRole("button", { name: "Play", exact: true }).waitFor();
    await other.evaluate((hash) => (location.hash = hash), fragment);
    release();
    await other.getByRole(role, { name, exact: true }).first().waitFor();
    assert.equal(new URL(other.url()).hash.slice(0, 4), fragment.slice(0, 4));
  });

pageTest("a link has the options, the branches and the look of the moment", async (page) => {
  const fragment =
    "#v=2&preset=teaching&options=write_buffer_entries=3&script=put a 1%0Aput b 2%0Aput c 3" +
    "&next=get a&at=op:3/flush/table_finished&branch=title%3Dfrom event 9%26fork%3D1%26script%3Dput d 4" +
    "&layout=panels&past=only&select=key:a";
  const other = await opens(page, fragment);
  await other.getByRole("group", { name: "Branches" }).getByRole("button").nth(1).waitFor();
  await other.getByRole("region", { name: "Level 0" }).waitFor();
  await other.getByRole("button", { name: "Show what is ahead" }).click();
  await other.getByText("the life of a key").waitFor();
  await other.getByRole("button", { name: "Share" }).click();
  const dialog = other.getByRole("dialog", { name: "Share this moment" });
  await dialog.getByText("the 1st flush: table finished").waitFor();
  const link = dialog.getByRole("textbox", { name: "Link" });
  await other.waitForFunction(
    () => /** @type {HTMLInputElement} */ (document.querySelector("[aria-label=Link]")).value,
  );
  assert.match(
    await link.inputValue(),
    /options=write_buffer_entries%3D3&.*next=get\+a&at=flush%3A1%2Ftable_finished&is=.*&branch=/,
  );
  await dialog.getByRole("checkbox", { name: "With all 2 branches" }).uncheck();
  await other.waitForFunction(
    () => !(/** @type {HTMLInputElement} */ (document.querySelector("[aria-label=Link]")).value.includes("branch=")),
  );
  await dialog.getByRole("checkbox", { name: "With what comes after it hidden" }).check();
  await other.waitForFunction(() =>
    /** @type {HTMLInputElement} */ (document.querySelector("[aria-label=Link]")).value.includes("#v=2&z="),
  );
  await dialog.getByRole("checkbox", { name: /^In the (light|dark) theme$/ }).check();
  await other.waitForFunction(() =>
    /\?theme=(light|dark)#/.test(/** @type {HTMLInputElement} */ (document.querySelector("[aria-label=Link]")).value),
  );
});

pageTest("where another thing stands now, the nearest like it is shown and told", async (page) => {
  const script = "script=get a%0Aput a 1%0Aput b 2%0Aput c 3";
  const other = await opens(page, `#v=2&${script}&at=op:3/memtable_inserted&is=c · 3`);
  await says(other, "another thing stands now: this is where “c · 3” is.");
  await other.keyboard.press("ArrowLeft");
  await addressHas(other, "preset=");
  await other.keyboard.press("ArrowRight");
  await addressHas(other, "at=op%3A4%2Fmemtable_inserted");
});

for (const { link, moment } of JSON.parse(
  readFileSync(new URL("../fixtures/formats/links-1.json", import.meta.url), "utf8"),
).moments) {
  pageTest(`a link of version 1 opens: ${link.slice(0, 60)}`, async (page) => {
    const other = await opens(page, link);
    if (moment.at !== null) await standsAt(other, Math.min(moment.at, await length(other)));
    else await standsAt(other, await length(other));
    if (moment.next.length > 0) assert.equal(await other.locator(".next-line").innerText(), moment.next[0]);
  });
}

pageTest("a link that asks for too much, or is damaged, is refused by name, and the page opens", async (page) => {
  for (const [fragment, told] of [
    [`#v=2&script=${"flush%0A".repeat(5001)}`, "The link has 5,001 commands; no more than 5,000 are run."],
    ["#v=2&z=AAAA", "The link is damaged: its part z can not be inflated."],
    ["#v=2&script=flush&options=no_such_option=1", "no_such_option"],
  ]) {
    const other = await page.context().newPage();
    await other.goto(page.url() + fragment);
    await other.getByText(told).first().waitFor();
    await other.close();
  }
});

pageTest("a long workload in a link is told of instead of run, whatever its line says", async (page) => {
  const other = await opens(page, "#v=2&script=put a 1%0Afill 900000 anyway%0Aput c 3");
  await other
    .getByText(/about 900,000 operations/)
    .first()
    .waitFor();
  assert.equal(await other.locator(".next-line").innerText(), "put c 3");
  // One's own line is heeded again.
  assert.doesNotMatch(await command(other, "fill 9 anyway"), /operations/);
});

pageTest("where the browser refuses a change of the address, the page works without", async (page) => {
  const other = await page.context().newPage();
  /** @type {string[]} */
  const errors = [];
  other.on("pageerror", (error) => errors.push(error.message));
  await other.addInitScript(() => {
    history.replaceState = () => {
      throw new DOMException("refused", "SecurityError");
    };
  });
  await other.goto(page.url());
  await ready(other);
  await command(other, "put a 1");
  await other.getByRole("button", { name: "Simulate" }).click();
  await other.getByRole("button", { name: "Sandbox" }).click();
  await command(other, "put b 1");
  assert.deepEqual(errors, []);
});

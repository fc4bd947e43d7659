// Two tabs and one database: one of them owns it, the other can take it over in the middle of writes, and nothing of
// the two interleaves.

import assert from "node:assert/strict";

import { pageTest } from "./browser.mjs";
import { command, ready } from "./page.mjs";
import { newTab, nthWrite, openIndexedDb, prefixOf, reach } from "./storage.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("./storage.mjs").World} World */

/** @param {Page} page */
const trouble = (page) => page.getByRole("alert", { name: "Trouble" });

/**
 * Runs writes in `page`, from the `from`th on, until one is refused; which ones were acknowledged, the page notes.
 * @param {Page} page reached
 * @param {number} from
 * @returns {Promise<{ acked: number, why: string }>} how many writes were acknowledged, those before `from` included
 */
async function writeUntilRefused(page, from) {
  const lines = Array.from({ length: 20_000 }, (_, i) => nthWrite(from + i));
  const { done, why } = await page.evaluate(async (lines) => {
    const { reached } = /** @type {World} */ (globalThis);
    for (const [done, line] of lines.entries()) {
      const { ok, error } = await reached.run(line);
      if (!ok) return { done, why: error?.message ?? "" };
      Object.assign(globalThis, { written: done + 1 });
    }
    return { done: lines.length, why: "" };
  }, lines);
  return { acked: from + done, why };
}

/**
 * Waits until `page` has written `count` more.
 * @param {Page} page
 * @param {number} count
 */
async function written(page, count) {
  await page.waitForFunction((count) => /** @type {World} */ (globalThis).written >= count, count, { polling: 5 });
  await page.evaluate(() => Object.assign(globalThis, { written: 0 }));
}

for (const durability of /** @type {const} */ (["strict", "relaxed"])) {
  pageTest(
    `two tabs take the database from each other in the middle of writes, ${durability}: acknowledged ones are in order`,
    async (page) => {
      await ready(page);
      await reach(page);
      await openIndexedDb(page, { durability });
      const second = await newTab(page.context(), page.url(), (tab) =>
        tab.getByRole("alert").getByText("Another tab has this database").waitFor(),
      );
      let [writer, other, there] = [page, second, 0];
      const said = [];
      for (let round = 0; round < 6; round += 1) {
        const writing = writeUntilRefused(writer, there);
        await written(writer, 5 + 17 * round);
        await other.getByRole("button", { name: round === 0 ? "Take over" : "Take it back" }).click();
        const { acked, why } = await writing;
        assert.match(why, /another tab took over/);
        await ready(other);
        await trouble(writer).getByText("Another tab took over").waitFor();
        await trouble(other).waitFor({ state: "detached" });
        const found = await prefixOf(other);
        assert.equal(
          found,
          acked,
          "exactly what was acknowledged is there: the running write is whole and acknowledged, or refused",
        );
        said.push(acked - there);
        [writer, other, there] = [other, writer, found];
      }
      console.log(`  6 hand-overs, ${there} writes acknowledged and there: ${said.join(" ")}`);
    },
    { site: "modules" },
  );
}

pageTest(
  "the tab that lost its database says so by itself, keeps what was typed, and can go on in memory",
  async (page) => {
    await ready(page);
    await openIndexedDb(page);
    await command(page, "put a 1");
    await page.getByRole("textbox", { name: "Command" }).fill("put half typ");
    const second = await page.context().newPage();
    await second.goto(page.url());
    await second.getByRole("button", { name: "Take over" }).click();
    await ready(second);
    await command(second, "put a 2");

    await trouble(page).getByText('Another tab took over the database "lsmscope"').waitFor();
    assert.equal(await page.getByRole("textbox", { name: "Command" }).inputValue(), "put half typ");
    await trouble(page).getByRole("button", { name: "Open in memory" }).click();
    await page.getByRole("button", { name: "Backend: Memory" }).waitFor();
    await ready(page);
    assert.equal(await page.locator(".next-line").innerText(), "put a 1", "what was run is queued");
    assert.equal(await page.getByRole("textbox", { name: "Command" }).inputValue(), "put half typ");
    assert.match(await command(second, "get a"), /^2\b/, "the other tab is left alone");
    await trouble(second).waitFor({ state: "detached" });
  },
);

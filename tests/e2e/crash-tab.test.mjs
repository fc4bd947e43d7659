// The tab's process is killed in the middle of writes, over and over, and the whole browser too: what was acknowledged
// as synced is there afterwards, a batch is whole or absent, and what is there is a prefix of the writes.

import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { chromium } from "playwright-core";

import { choose, DIST, pageTest } from "./browser.mjs";
import { addressOf, start } from "./own-browser.mjs";
import { command, ready } from "./page.mjs";
import { serve } from "./server.mjs";
import { everything, leftByFill, newTab, nthWrite, openIndexedDb, prefixOf, reach, signal } from "./storage.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("./storage.mjs").World} World */

/** Acknowledgements before the plug is pulled, one round for each: at once, in the middle of a memtable, later. */
const MOMENTS = [1, 5, 14, 40, 90];
/** More than are ever run. */
const LINES = 20_000;

/**
 * Runs writes in `page` from the `from`th on, and kills it after `moment` acknowledgements.
 * @param {Page} page reached
 * @param {{ from: number, moment: number, synced: boolean }} how Whether each write is synced.
 * @param {() => Promise<() => unknown>} prepare Prepares the kill.
 * @returns {Promise<number>} how many writes were acknowledged, those before `from` included
 */
async function writeUntil(page, { from, moment, synced }, prepare) {
  const kill = await prepare();
  const lines = Array.from({ length: LINES }, (_, i) => nthWrite(from + i));
  let acked = from;
  const reached = signal();
  await page.exposeFunction("acknowledge", () => {
    acked += 1;
    if (acked === from + moment) reached.resolve();
  });
  const writing = page.evaluate(
    async ({ lines, synced }) => {
      const { reached, acknowledge } = /** @type {World} */ (globalThis);
      for (const line of lines) {
        const { ok, error } = await reached.run(line);
        if (!ok) throw new Error(error?.message);
        // A write that need not be synced never waits: it waits for this, so that no acknowledgement is outstanding.
        const told = acknowledge();
        if (!synced) await told;
      }
      return "all were written";
    },
    { lines, synced },
  );
  const ended = writing.then(
    (all) => assert.fail(`the page was not killed: ${all}`),
    (/** @type {Error} */ error) => error,
  );
  await Promise.race([reached.promise, ended]);
  kill();
  assert.match(String(await ended), /crash|closed|disconnected/i, "the page ended because it was killed");
  return acked;
}

/**
 * What kills the process of `page`: what it had in memory is gone, and nothing of it runs any more.
 * @param {Page} page
 */
async function crasher(page) {
  const session = await page.context().newCDPSession(page);
  // It never answers.
  return () => session.send("Page.crash").catch(() => {});
}

for (const walSync of ["every_write", "never"]) {
  for (const durability of /** @type {const} */ (["strict", "relaxed"])) {
    pageTest(
      `a tab killed while it writes, wal_sync=${walSync}, ${durability}: nothing synced is lost, nothing is torn`,
      async (page) => {
        const context = page.context();
        const url = page.url();
        await ready(page);
        await reach(page);
        await openIndexedDb(page, { durability });
        await command(page, `options wal_sync=${walSync} write_buffer_entries=60`);
        let [tab, kept, told] = [page, 0, 0];
        const lost = [];
        for (const moment of MOMENTS) {
          assert.equal(await tab.evaluate(() => /** @type {World} */ (globalThis).reached.options().wal_sync), walSync);
          const acked = await writeUntil(tab, { from: kept, moment, synced: walSync === "every_write" }, () =>
            crasher(tab),
          );
          await tab.close();
          tab = await newTab(context, url, ready);
          const found = await prefixOf(tab);
          const [floor, means] = walSync === "every_write" ? [acked, "acknowledged as synced"] : [kept, "there before"];
          assert.ok(found >= floor, `${found} writes are there, but ${floor} were ${means}`);
          lost.push(Math.max(0, acked - found));
          told += acked - kept;
          kept = found;
        }
        console.log(
          `  ${MOMENTS.length} kills, ${told} writes acknowledged, ${kept} there, lost at each kill: ${lost.join(" ")}`,
        );
      },
      { site: "modules" },
    );
  }
}

/** A fill is one command: what it has synced so far is read off its events as they come. */
pageTest(
  "a tab killed in the middle of a fill: what its events called synced is there, in order",
  async (page) => {
    const context = page.context();
    const url = page.url();
    const [total, seed] = [6000, 7];
    await ready(page);
    let tab = page;
    const said = [];
    for (const [round, moment] of [3, 350, 900].entries()) {
      await reach(tab);
      await openIndexedDb(tab, { name: `fill-${round}` });
      const synced = await fillUntil(tab, `fill ${total} seed ${seed} anyway`, moment);
      await tab.close();
      tab = await newTab(context, url, ready);
      const { entries, lastSeq } = await everything(tab);
      assert.ok(lastSeq >= synced, `the last write there is ${lastSeq}, but ${synced} was synced`);
      assert.ok(lastSeq < total, "the fill was cut off");
      assert.deepEqual(
        [...entries].sort(),
        [...leftByFill(total, seed, lastSeq)].sort(),
        `not what ${lastSeq} puts leave`,
      );
      said.push(`${synced} synced, ${lastSeq} there`);
    }
    console.log(`  ${said.join("; ")}`);
  },
  { site: "modules" },
);

/**
 * Starts `line`, follows its events, and kills the page as soon as they say that `moment` writes are synced.
 * @param {Page} page reached
 * @param {string} line
 * @param {number} moment
 * @returns {Promise<number>} the last sequence number that an event called synced
 */
async function fillUntil(page, line, moment) {
  let synced = 0;
  const crash = await crasher(page);
  const reached = signal();
  await page.exposeFunction("noteSynced", (/** @type {number} */ seq) => {
    synced = Math.max(synced, seq);
    if (synced >= moment) reached.resolve();
  });
  const running = page.evaluate(async (line) => {
    const { reached, noteSynced } = /** @type {World} */ (globalThis);
    let [done, from, appended, synced] = [false, 0, 0, 0];
    const run = reached.run(line).finally(() => (done = true));
    while (!done) {
      for (const { index, event } of reached.events(from, reached.length())) {
        from = index + 1;
        if (event.type === "wal_appended") appended = event.first_seq + event.records.length - 1;
        if (event.type === "wal_synced" && appended > synced) noteSynced((synced = appended));
      }
      await new Promise((next) => setTimeout(next));
    }
    return run;
  }, line);
  const ended = running.then(
    (/** @type {import("../../lsmscope.js").Outcome} */ outcome) =>
      assert.fail(`the fill was not cut off: ${outcome.text}`),
    (/** @type {Error} */ error) => error,
  );
  await Promise.race([reached.promise, ended]);
  crash();
  assert.match(String(await ended), /crash|closed/i);
  return synced;
}

// Chromium itself may lose what it called complete: a kill can cut off the last record of its LevelDB's log; it appends
// behind that at the next start, takes it for damage at the one after, and discards the site's databases. This is no
// fault of ours, but the page has to say it: silently, nothing may be gone.
test("the whole browser killed while it writes, strict: nothing that was synced is silently lost", async () => {
  const server = await serve(DIST);
  const profile = await mkdtemp(join(tmpdir(), "lsmscope-crash-"));
  const moments = [3, 25, 80];
  let [kept, told, discarded] = [0, 0, 0];
  /** @type {import("node:child_process").ChildProcess | undefined} */
  let browserProcess;
  try {
    for (const moment of [...moments, 0]) {
      browserProcess = start(profile);
      const browser = await chromium.connectOverCDP(await addressOf(browserProcess));
      const [context] = browser.contexts();
      await choose(context, "panels");
      const tab = await newTab(context, server.url, readyOrRefused);
      if (!(await openUnlessDiscarded(tab))) {
        discarded += 1;
        kept = 0;
      }
      const found = await prefixOf(tab);
      assert.ok(found >= kept, `${found} writes are there, but ${kept} were acknowledged as synced`);
      if (moment === 0) {
        console.log(
          `  ${moments.length} kills, ${told} writes acknowledged, ${found} there; ` +
            `discarded by the browser: ${discarded} times`,
        );
        break;
      }
      const [running, exited] = [browserProcess, once(browserProcess, "exit")];
      kept = await writeUntil(tab, { from: found, moment, synced: true }, async () => () => running.kill("SIGKILL"));
      told += kept - found;
      await exited;
    }
  } finally {
    browserProcess?.kill("SIGKILL");
    await server.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 10 });
  }
});

/**
 * The page when it is not opening any more, whatever became of it.
 * @param {Page} page
 */
async function readyOrRefused(page) {
  await page.locator("#command:enabled").or(refusal(page)).waitFor();
}

/** @param {Page} page */
const refusal = (page) => page.getByRole("alert").getByText("discarded everything that this site had stored");

/**
 * Opens the database; once more, if the page says that the browser has discarded it.
 * @param {Page} page readyOrRefused
 * @returns {Promise<boolean>} whether it was opened at once
 */
async function openUnlessDiscarded(page) {
  if (!(await refusal(page).isVisible())) {
    // What was open last is in localStorage, which the browser writes out in its own time.
    const ways = [
      openIndexedDb(page).then(() => true),
      refusal(page)
        .waitFor()
        .then(() => false),
    ];
    // The other one ends with the page.
    for (const way of ways) way.catch(() => {});
    if (await Promise.race(ways)) return true;
  }
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("button", { name: "Backend: IndexedDB · strict" }).waitFor();
  await ready(page);
  return false;
}

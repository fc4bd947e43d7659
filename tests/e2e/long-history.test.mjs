// A long history: what one more put costs the page in memory and in time does not depend on how many there were. Memory
// is what is left after the collector has run, in JavaScript's heap and in the engine's (which never gets smaller).

import assert from "node:assert/strict";

import { pageTest } from "./browser.mjs";
import { command, emptyQueue, length, ready } from "./page.mjs";

/** @typedef {import("playwright-core").Page} Page */

const PUTS = 1000;
const TYPED = 60;
/** The engine's memory grows by pages, the collector leaves a little: a thousand puts may differ so much. */
const ALLOWANCE = 1.25;
const SLACK = 512 << 10;
/** Bytes of the page for one more put, at any length of the history: each has some forty events (teaching preset). */
const BUDGET = 14 << 10;

/** Only there, a test has the engine that the page has. */
const MODULES = /** @type {const} */ ({ site: "modules" });

/**
 * @param {Page} page
 * @returns {Promise<() => Promise<{ js: number, engine: number, nodes: number }>>}
 */
async function meter(page) {
  const browser = await page.context().newCDPSession(page);
  await browser.send("HeapProfiler.enable");
  return async () => {
    for (let i = 0; i < 3; i += 1) await browser.send("HeapProfiler.collectGarbage");
    const { usedSize, backingStorageSize = 0 } = await browser.send("Runtime.getHeapUsage");
    const { nodes } = await browser.send("Memory.getDOMCounters");
    const engine = await page.evaluate(async () => {
      const address = new URL("lsmscope.js", location.href).href;
      const { memory } = await (await import(address)).default();
      return memory.buffer.byteLength;
    });
    return { js: usedSize + backingStorageSize, engine, nodes };
  };
}

/**
 * Puts keys that were not there before, in a shuffled order.
 * @param {number} from
 * @param {number} count
 */
const puts = (from, count) =>
  Array.from(
    { length: count },
    (_, i) => `put key${String(((from + i) * 7919) % 100_000).padStart(5, "0")} value${from + i}`,
  );

/**
 * Pastes lines into the console, and waits until they have run.
 * @param {Page} page
 * @param {string[]} lines
 */
async function paste(page, lines) {
  await page.locator("#command").evaluate((box, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    box.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, lines.join("\n"));
  await page.locator(".exchange:last-child[aria-busy=false]", { hasText: lines.at(-1) }).waitFor();
  await page.locator(".console:not(:has(.running))").waitFor();
}

pageTest(
  "of 5,000 puts, the last thousand cost the page no more memory than the second",
  async (page) => {
    await ready(page);
    await emptyQueue(page);
    const measure = await meter(page);
    /** @type {{ js: number, engine: number }[]} */
    const costs = [];
    let before = await measure();
    for (let thousand = 0; thousand < 5; thousand += 1) {
      await paste(page, puts(thousand * PUTS, PUTS));
      const now = await measure();
      costs.push({ js: now.js - before.js, engine: now.engine - before.engine });
      before = now;
    }
    const told = JSON.stringify(costs);
    const total = costs.map(({ js, engine }) => js + engine);
    assert.ok((await length(page)) > 100_000, "every step of them is there");
    assert.ok(total[4] <= total[1] * ALLOWANCE + SLACK, told);
    assert.ok(
      total.every((bytes) => bytes <= BUDGET * PUTS + SLACK),
      told,
    );
    assert.ok(before.js < 40e6 && before.nodes < 12_000, JSON.stringify(before));
  },
  MODULES,
);

pageTest(
  "typed one by one, puts leave no more behind: not the page as it was at each of them",
  async (page) => {
    await ready(page);
    await emptyQueue(page);
    const measure = await meter(page);
    /** @type {number[]} */
    const heap = [];
    for (let n = 0; n < 3 * TYPED; n += TYPED) {
      for (const line of puts(n, TYPED)) {
        await page.locator("#command").fill(line);
        await page.locator("#command").press("Enter");
        await page.waitForFunction(
          () => /** @type {HTMLInputElement} */ (document.getElementById("command")).value === "",
        );
      }
      heap.push((await measure()).js);
    }
    assert.ok(heap[2] - heap[1] < TYPED * BUDGET, `${heap} bytes`);
  },
  MODULES,
);

pageTest("a workload that takes long is told of before it starts, with ways out that run", async (page) => {
  await ready(page);
  await emptyQueue(page);
  const before = await length(page);
  const told = await command(page, "drive 60s write_rate=5000");
  assert.match(told, /about 300,000 operations and about 75,000 flushes/);
  assert.match(told, /options preset=demo-recipe, then drive 60s write_rate=5000/);
  await page.getByText(/all of it takes about \d/).waitFor();
  assert.equal(await length(page), before, "nothing was done");
  await page.getByRole("button", { name: /^Shorter/ }).click();
  await page.locator(".exchange", { hasText: "operations in" }).waitFor();
  assert.ok((await length(page)) > before);
});

pageTest(
  "a workload that was begun anyway says how long it goes on, and what was done stays when it is cancelled",
  async (page) => {
    await ready(page);
    await emptyQueue(page);
    await page.locator("#command").fill("drive 60s write_rate=5000 anyway");
    await page.locator("#command").press("Enter");
    await page.locator(".driving", { hasText: "left" }).waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.locator(".exchange[aria-busy=false]", { hasText: "operations in" }).waitFor();
    assert.ok((await length(page)) > 100);
  },
);

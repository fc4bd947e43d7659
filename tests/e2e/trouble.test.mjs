// When the engine can not go on: the page says so, keeps the script, and offers what can be done.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import { pageTest } from "./browser.mjs";
import { command, emptyQueue, length, ready, region } from "./page.mjs";
import { openIndexedDb } from "./storage.mjs";

/** @typedef {import("./storage.mjs").World} World */

/**
 * Lets the wasm break on the next seek after `globalThis.breakNow` is set, as a panic would.
 * @param {import("playwright-core").Page} page
 */
async function breakable(page) {
  await page.route("**/lsmscope.js", async (route) => {
    const response = await route.fetch();
    const text = await response.text();
    const broken = text.replace(
      "seek(position) {",
      'seek(position) { if (globalThis.breakNow) throw new WebAssembly.RuntimeError("unreachable");',
    );
    assert.notEqual(broken, text, "the glue has no seek to break");
    await route.fulfill({ response, body: broken });
  });
  await page.reload();
  await ready(page);
}

pageTest(
  "after a panic the page says so, keeps the script, and can run it again",
  async (page) => {
    await breakable(page);
    await emptyQueue(page);
    for (const line of ["put a 1", "put b 2"]) await command(page, line);
    await page.evaluate(() => {
      /** @type {World} */ (globalThis).breakNow = true;
    });
    await page.getByRole("button", { name: "Step back", exact: true }).click();
    const alert = page.getByRole("alertdialog", { name: "The engine has stopped" });
    await alert.getByText("unreachable").waitFor();
    assert.equal(await alert.getByRole("textbox", { name: "Your script" }).inputValue(), "put a 1\nput b 2");
    assert.equal(
      await page.evaluate(() => document.activeElement?.closest("[role=alertdialog]") !== null),
      true,
      "the focus is in the dialog",
    );
    const { report, events } = await downloaded(page);
    assert.equal(report.stopped, "unreachable");
    assert.deepEqual([report.script, report.queue], [["put a 1", "put b 2"], []]);
    assert.equal(events.filter((row) => row.event.type === "wal_appended").length, 2);
    await alert.getByRole("button", { name: "Run the script again" }).click();
    await ready(page);
    await page.getByRole("region", { name: "Memtable" }).getByText("2 of 4 entries").waitFor();
    assert.match(await region(page, "Memtable"), /a = 1 ·1 b = 2 ·2/);
  },
  { site: "modules" },
);

/**
 * Presses `Download the trace`, and reads the file.
 * @param {import("playwright-core").Page} page
 * @returns {Promise<{ report: import("../../www/report.js").Said, events: import("../../lsmscope.js").EventRow[] }>}
 */
async function downloaded(page) {
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download the trace" }).click(),
  ]);
  const rows = (await readFile(await file.path(), "utf8"))
    .trim()
    .split("\n")
    .map((row) => JSON.parse(row));
  assert.equal(rows[0].report.events ?? 0, rows.length - 1);
  return { report: rows[0].report, events: rows.slice(1) };
}

/**
 * Makes the browser hand the engine an array whose length is another one each time: its own check of that panics, in
 * the middle of a read.
 * @param {import("playwright-core").Page} page
 */
async function lieAboutLengths(page) {
  await page.evaluate(() => {
    const { subarray } = Uint8Array.prototype;
    Uint8Array.prototype.subarray = function (...range) {
      const part = subarray.apply(this, range);
      // What lies in the memory of the wasm is left alone.
      if (this.buffer.byteLength > 1 << 19) return part;
      let asked = 0;
      const { length } = part;
      return Object.defineProperty(part, "length", { get: () => length + Math.min(asked++, 1) });
    };
  });
}

pageTest(
  "a panic in the middle of a command: the page shows it, and the trace can be downloaded, with all events up to it",
  async (page) => {
    await ready(page);
    await openIndexedDb(page, { name: "panic" });
    await emptyQueue(page);
    for (const line of ["put a 1", "put b 2", "flush", "options block_cache_size=0"]) await command(page, line);
    const before = await length(page);
    await page.getByRole("textbox", { name: "Command" }).fill("get a");
    await lieAboutLengths(page);
    await page.getByRole("textbox", { name: "Command" }).press("Enter");
    const alert = page.getByRole("alertdialog", { name: "The engine has stopped" });
    await alert.getByText(/panicked at .*assertion/s).waitFor();
    await alert.getByText("starting afresh recovers it").waitFor();
    const { report, events } = await downloaded(page);
    assert.match(report.stopped, /panicked at .*\.rs:\d+/);
    assert.match(report.lsmscope, /^\d+\.\d+\.\d+$/);
    assert.match(report.browser, /Chrome/);
    assert.deepEqual(report.backend, { kind: "indexeddb", durability: "strict", name: "panic" });
    assert.equal(report.running, "get a");
    assert.equal(report.options?.block_cache_size, 0);
    assert.deepEqual(report.script, ["put a 1", "put b 2", "flush", "options block_cache_size=0"]);
    assert.ok(events.length > before, "the command's own events are there too, up to where it broke");
    assert.deepEqual(
      events.map((row) => row.index),
      [...events.keys()],
    );
    assert.equal(events.at(-1)?.op, events[before].op, "the last of them belong to the command that broke");
    await alert.getByText(`Saved with ${events.length} events`).waitFor();

    // The database itself is whole.
    await alert.getByRole("button", { name: "Start afresh" }).click();
    await ready(page);
    assert.match(await command(page, "get a"), /^1\b/);
  },
  { complains: /panicked|unreachable/ },
);

pageTest(
  "an error of the page's that goes right through the engine stops it as well: nothing hangs",
  async (page) => {
    await ready(page);
    await emptyQueue(page);
    await command(page, "put a 1");
    await page.evaluate(() => {
      Object.defineProperty(MessageChannel.prototype, "port1", {
        get() {
          throw new TypeError("no port today");
        },
      });
    });
    await page.getByRole("textbox", { name: "Command" }).fill("fill 20000 anyway");
    await page.getByRole("textbox", { name: "Command" }).press("Enter");
    const alert = page.getByRole("alertdialog", { name: "The engine has stopped" });
    await alert.getByText("no port today").waitFor();
    const { report } = await downloaded(page);
    assert.equal(report.running, "fill 20000 anyway");
    await alert.getByRole("button", { name: "Run the script again" }).click();
    await ready(page);
    assert.equal(
      await page.locator(".next-line").innerText(),
      "fill 20000 anyway",
      "the command that ran stands first in the queue",
    );
    assert.match(await command(page, "get a"), /^1\b/);
  },
  { complains: /no port today/ },
);

pageTest("a page whose engine does not load says why, and offers to reload", async (page) => {
  await page.route(/lsmscope_bg/, (route) =>
    route.fulfill({ status: 200, contentType: "application/wasm", body: "not wasm" }),
  );
  await page.reload();
  const alert = page.getByRole("alert");
  await alert.getByText(/could not be loaded/).waitFor();
  await page.unroute(/lsmscope_bg/);
  await alert.getByRole("button", { name: "Reload the page" }).click();
  await ready(page);
});

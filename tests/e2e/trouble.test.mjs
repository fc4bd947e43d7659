// When the engine can not go on: the page says so, keeps the script, and offers what can be done.

import assert from "node:assert/strict";

import { pageTest } from "./browser.mjs";
import { command, emptyQueue, ready, region } from "./page.mjs";

/**
 * Lets the wasm break on the next seek after `globalThis.breakNow` is set, as a panic would.
 * @param {import("playwright-core").Page} page
 */
async function breakable(page) {
  await page.route("**/lsmscope.js", async (route) => {
    const response = await route.fetch();
    const text = await response.text();
    const broken = text.replace("seek(position) {", 'seek(position) { if (globalThis.breakNow) throw new WebAssembly.RuntimeError("unreachable");');
    assert.notEqual(broken, text, "the glue has no seek to break");
    await route.fulfill({ response, body: broken });
  });
  await page.reload();
  await ready(page);
}

pageTest("after a panic the page says so, keeps the script, and can run it again", async (page) => {
  await breakable(page);
  await emptyQueue(page);
  for (const line of ["put a 1", "put b 2"]) await command(page, line);
  await page.evaluate(() => {
    /** @type {any} */ (globalThis).breakNow = true;
  });
  await page.getByRole("button", { name: "Step back", exact: true }).click();
  const alert = page.getByRole("alertdialog", { name: "The engine has stopped" });
  await alert.getByText("unreachable").waitFor();
  assert.equal(await alert.getByRole("textbox", { name: "Your script" }).inputValue(), "put a 1\nput b 2");
  await alert.getByRole("button", { name: "Run the script again" }).click();
  await ready(page);
  await page.getByRole("region", { name: "Memtable" }).getByText("2 of 4 entries").waitFor();
  assert.match(await region(page, "Memtable"), /a 1 ·1 b 2 ·2/);
});

pageTest("a page whose engine does not load says why, and offers to reload", async (page) => {
  await page.route("**/lsmscope_bg.wasm", (route) => route.fulfill({ status: 200, contentType: "application/wasm", body: "not wasm" }));
  await page.reload();
  const alert = page.getByRole("alert");
  await alert.getByText(/could not be loaded/).waitFor();
  await page.unroute("**/lsmscope_bg.wasm");
  await alert.getByRole("button", { name: "Reload the page" }).click();
  await ready(page);
});

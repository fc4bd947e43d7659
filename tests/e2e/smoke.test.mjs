// The page loads: nothing is missing, nothing complains, and the wasm behind it answers.

import assert from "node:assert/strict";

import { pageTest } from "./browser.mjs";

pageTest("the page loads without an error or a warning", async (page) => {
  await page.waitForLoadState("networkidle");
  assert.match(await page.title(), /lsmscope/);
});

pageTest("the wasm is served as wasm", async (page) => {
  const type = await page.evaluate(async () => (await fetch("lsmscope_bg.wasm")).headers.get("content-type"));
  assert.equal(type, "application/wasm");
});

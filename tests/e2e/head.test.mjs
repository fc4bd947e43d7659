// What browsers and previews of links read of the page: its title, its icons, what it is about, and a picture.

import assert from "node:assert/strict";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { pageTest } from "./browser.mjs";
import { command, emptyQueue, ready } from "./page.mjs";

/** @typedef {import("playwright-core").Page} Page */

const FIXTURES = resolve(dirname(fileURLToPath(import.meta.url)), "../fixtures/rocksdb");

/** @param {Page} page @param {string} title */
const titled = (page, title) => page.waitForFunction((wanted) => document.title === wanted, title);

/**
 * A file of the site, as the page names it.
 * @param {Page} page
 * @param {string} address
 */
async function file(page, address) {
  const response = await page.request.get(new URL(address, page.url()).href);
  assert.equal(response.status(), 200, address);
  return { type: response.headers()["content-type"], bytes: await response.body() };
}

/**
 * Width and height of a PNG.
 * @param {Buffer} png
 */
function sides(png) {
  assert.equal(png.subarray(1, 4).toString(), "PNG");
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}

pageTest("the title says what is on the page: a script, the sandbox, the simulator, a history", async (page) => {
  await ready(page);
  await titled(page, "First tour · lsmscope");
  await emptyQueue(page);
  await command(page, "put a 1");
  await titled(page, "Sandbox · lsmscope");
  await page.getByRole("button", { name: "Simulate", exact: true }).click();
  await titled(page, "Simulator · lsmscope");
  await page.getByRole("button", { name: "Sandbox", exact: true }).click();
  await titled(page, "Sandbox · lsmscope");
  await page.getByRole("button", { name: "History", exact: true }).click();
  await page.getByLabel("History files").setInputFiles(join(FIXTURES, "manifest/rr_dyn8/MANIFEST-000009"));
  await titled(page, "History of MANIFEST-000009 · lsmscope");
});

pageTest("there is an icon, by the page's links and where browsers look by themselves", async (page) => {
  const icons = await page
    .locator('link[rel="icon"], link[rel="apple-touch-icon"]')
    .evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
  assert.deepEqual(icons.sort(), ["./apple-touch-icon.png", "./favicon.ico", "./favicon.svg"]);
  assert.equal((await file(page, "favicon.svg")).type, "image/svg+xml");
  assert.deepEqual(sides((await file(page, "apple-touch-icon.png")).bytes), [180, 180]);
  const ico = (await file(page, "favicon.ico")).bytes;
  assert.equal(ico.readUInt16LE(4), 2, "two sizes");
  assert.deepEqual(sides(ico.subarray(ico.readUInt32LE(18))), [32, 32]);
  assert.deepEqual(sides(ico.subarray(ico.readUInt32LE(34))), [16, 16]);
});

pageTest(
  "a link to the page has a preview: a title, a sentence, and a picture of the size that it says",
  async (page) => {
    const meta = Object.fromEntries(
      await page
        .locator("head meta[content]")
        .evaluateAll((all) =>
          all.map((one) => [
            one.getAttribute("property") ?? one.getAttribute("name"),
            one.getAttribute("content") ?? "",
          ]),
        ),
    );
    for (const name of ["description", "og:title", "og:description", "og:image:alt"]) {
      assert.ok(meta[name]?.length > 20 && meta[name].length < 160, `${name}: ${meta[name]}`);
    }
    assert.equal(meta["og:type"], "website");
    assert.equal(meta["twitter:card"], "summary_large_image");
    const { type, bytes } = await file(page, meta["og:image"]);
    assert.equal(type, "image/png");
    assert.ok(bytes.length < 100_000, `${bytes.length} bytes`);
    const said = [meta["og:image:width"], meta["og:image:height"]].map(Number);
    assert.deepEqual(said, [1200, 630]);
    assert.deepEqual(sides(bytes), said);
  },
);

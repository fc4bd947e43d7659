// The site as it is published: bundled, and the player before the engine.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { PUBLISHED, launch, watch } from "./browser.mjs";
import { heldEngine, toFlush } from "./page.mjs";
import { serve } from "./server.mjs";

/** The most requests before the first step: see `xtask/src/weigh.mjs` for the bytes. */
const REQUESTS = 12;

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
before(async () => {
  [browser, server] = await Promise.all([launch(), serve(PUBLISHED)]);
});
after(() => Promise.all([browser.close(), server.close()]));

/**
 * A first visit. The engine's wasm comes when `release` is called.
 * @param {(page: import("playwright-core").Page, world: { requests: string[], release: () => void,
 *   complaints: string[] }) => Promise<void>} run
 */
async function visit(run) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  const complaints = watch(context);
  const page = await context.newPage();
  /** @type {string[]} */
  const requests = [];
  page.on("request", (request) => requests.push(request.url()));
  const release = await heldEngine(page);
  try {
    await page.goto(server.url);
    await page.locator("canvas.figure").waitFor();
    await run(page, { requests, release, complaints });
  } finally {
    release();
    await context.close();
  }
}

test("the tour plays before the engine has arrived, and goes on in the engine where it was", async () => {
  await visit(async (page, { release, complaints }) => {
    await toFlush(page);
    const before = await page.locator(".figure-layer").innerText();
    // What is not recorded waits for the engine, and says so.
    await page.getByRole("textbox", { name: /command/i }).fill("get user:5");
    await page.keyboard.press("Enter");
    await page.getByText("The engine is still being loaded").waitFor();
    assert.equal(await page.locator(".figure-layer").innerText(), before);
    release();
    await page.getByText("user:5 = Erin").first().waitFor();
    assert.deepEqual(complaints, []);
  });
});

test("the first step takes few requests, and none of them is the engine's", async () => {
  await visit(async (page, { requests, complaints }) => {
    const first = requests.filter((url) => !/lsmscope(-|_bg)/.test(url));
    assert.ok(first.length <= REQUESTS, `${first.length} requests: ${first.join(" ")}`);
    assert.ok(
      requests.every((url) => url.startsWith(server.url)),
      "nobody else is asked",
    );
    assert.notEqual(await toFlush(page), 0);
    assert.deepEqual(complaints, []);
  });
});

test("what is in index.html is seen before any script has run", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(server.url);
  await page.getByText("This is a log-structured merge tree").waitFor();
  for (const lane of ["WAL", "Memtable", "L0"])
    assert.ok(await page.getByText(lane, { exact: true }).isVisible(), lane);
  await context.close();
});

test("every file but the front page may be kept for good: its name has a hash of its bytes", async () => {
  await visit(async (_page, { requests }) => {
    const assets = requests.filter((url) => !/\/$|favicon/.test(url));
    assert.ok(assets.length > 3);
    for (const url of assets) assert.match(url, /\/assets\/[\w.]+-[\w-]{8}\.(js|css|wasm|recording)$/);
  });
});

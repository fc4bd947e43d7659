// The published site in Firefox: it loads, steps, flushes, compacts, keeps a database, and runs as an embed. Puppeteer
// drives the Firefox that is installed, by WebDriver BiDi; Playwright would need a build of its own.
//
// FIREFOX is its path. `cargo xtask test e2e` looks for it; without it, these tests are skipped.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import puppeteer from "puppeteer-core";

import { PUBLISHED } from "./browser.mjs";
import { HOST, SCRIPT, serveHost } from "./embed-host.mjs";
import { serve } from "./server.mjs";

/** @typedef {import("puppeteer-core").Page} Page */

const { FIREFOX } = process.env;
const skip = FIREFOX ? false : "no Firefox: FIREFOX=/path/to/firefox names one";

/** @type {import("puppeteer-core").Browser} */
let browser;
/** @type {Record<"plain" | "open", Awaited<ReturnType<typeof serve>>>} */
let sites;
/** @type {Awaited<ReturnType<typeof serveHost>>} */
let host;
/** A host's page with the element in it. @type {Awaited<ReturnType<typeof serveHost>>} */
let elementHost;

before(async () => {
  if (skip) return;
  const [plain, open] = await Promise.all([
    serve(PUBLISHED),
    serve(PUBLISHED, { headers: { "access-control-allow-origin": "*" } }),
  ]);
  sites = { plain, open };
  host = await serveHost();
  const element = `<lsm-scope state="${SCRIPT.replaceAll("&", "&amp;")}"></lsm-scope>`;
  elementHost = await serveHost(
    HOST.replace("<body>", `<body><script src="${open.url}lsm-scope.js"></script>${element}`),
  );
  browser = await puppeteer.launch({ browser: "firefox", executablePath: FIREFOX, headless: true });
});
after(async () => {
  if (skip) return;
  host.close();
  elementHost.close();
  await Promise.all([browser.close(), ...Object.values(sites).map((site) => site.close())]);
});

/**
 * @param {string} name
 * @param {(page: Page) => Promise<void>} run
 * @param {RegExp} [complains] What Firefox complains of, as a part of the test.
 */
function firefoxTest(name, run, complains) {
  test(`Firefox: ${name}`, { skip, timeout: 120_000 }, async () => {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    /** @type {string[]} */
    const complaints = [];
    page.on("console", (message) => /^(error|warn)/.test(message.type()) && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.setViewport({ width: 1280, height: 720 });
    try {
      await run(page);
      assert.deepEqual(
        complaints.filter((complaint) => !complains?.test(complaint)),
        [],
        "Firefox complained",
      );
    } finally {
      await context.close();
    }
  });
}

/** @param {Page | import("puppeteer-core").Frame} page */
const figure = (page) => page.waitForSelector("canvas.figure");

/**
 * @param {Page} page
 * @param {string} line
 * @param {string} answer What the figure's layer or the sentence says then.
 */
async function command(page, line, answer) {
  await page.locator("#command").fill(line);
  await page.keyboard.press("Enter");
  await page.waitForFunction((text) => document.querySelector(".first-stage")?.textContent?.includes(text), {}, answer);
}

/** What Firefox shows of the engine in words. @param {Page} page */
const layer = (page) => page.$eval(".figure-layer", (element) => element.textContent ?? "");

/** @param {Page} page */
const position = (page) =>
  page.$eval('[aria-label="Position"]', (slider) => Number(/** @type {HTMLInputElement} */ (slider).value));

/**
 * The first message of a type to the host.
 * @param {Page} page
 * @param {string} type
 */
async function heard(page, type) {
  const found = await page.waitForFunction(
    (wanted) => /** @type {any} */ (globalThis).heard.find((/** @type {any} */ m) => m?.type === wanted),
    {},
    type,
  );
  return found.jsonValue();
}

/**
 * @param {Page} page
 * @param {Record<string, unknown>} message
 */
const ask = (page, message) => page.evaluate((said) => /** @type {any} */ (globalThis).ask(said), message);

firefoxTest("the page loads, steps through the tour to its first flush, and back", async (page) => {
  await page.goto(sites.plain.url);
  await figure(page);
  const sentence = () => page.$eval(".sentence", (element) => element.textContent ?? "");
  for (let steps = 0; !(await sentence()).startsWith("Flush 1 is over"); steps += 1) {
    assert.ok(steps < 80, "no flush in 80 steps");
    await page.keyboard.press("ArrowRight");
  }
  assert.match(await layer(page), /000\d+\.sst/);
  const end = await position(page);
  await page.locator('button[title="Step back"]').click();
  assert.equal(await position(page), end - 1);
});

firefoxTest("commands write, flush and compact", async (page) => {
  await page.goto(sites.plain.url);
  await figure(page);
  await command(page, "put a 1", "a = 1");
  await command(page, "flush", "1 flush");
  await command(page, "put a 2", "a = 2");
  await command(page, "flush", "1 flush");
  await command(page, "compact", "1 compaction");
  await command(page, "get a", "2");
  assert.match(await layer(page), /a = 2/);
  assert.doesNotMatch(await layer(page), /a = 1/, "the compaction drops the older version");
});

firefoxTest("what is in IndexedDB is there after a reload", async (page) => {
  await page.goto(sites.plain.url);
  await figure(page);
  await page.locator('button[aria-label^="Backend"]').click();
  await page.locator('dialog label:nth-child(2) input[name="backend"]').click();
  await page.locator("dialog .actions .primary").click();
  await page.waitForSelector('button[aria-label^="Backend: IndexedDB"]');
  await command(page, "put kept 1", "kept = 1");
  await page.reload();
  await page.waitForSelector('button[aria-label^="Backend: IndexedDB"]');
  await command(page, "get kept", "1");
  assert.match(await layer(page), /kept = 1/);
});

firefoxTest("the simulator runs, and its scrollbars have the page's colours", async (page) => {
  await page.goto(sites.plain.url);
  await figure(page);
  await page.locator("::-p-aria(Simulate[role='button'])").click();
  await page.locator("#run").click();
  await page.waitForFunction(() => document.querySelector(".sim")?.textContent?.includes("Done: 1 h"));
  const colours = await page.$$eval(".sim-centre, .sim .side", (scrolled) =>
    scrolled.map((element) => getComputedStyle(element).scrollbarColor),
  );
  assert.ok(colours.length > 1);
  assert.ok(!colours.includes("auto"), colours.join());
});

for (const [what, site, complains] of /** @type {const} */ ([
  ["by modules where the site allows all origins", "open", undefined],
  ["by one classic script where it does not", "plain", /CORS header/],
])) {
  firefoxTest(
    `a sandboxed iframe runs, ${what}`,
    async (page) => {
      await page.goto(host.url);
      const src = `${sites[site].url}embed/index.html?start=now#${SCRIPT}`;
      await page.evaluate((address) => {
        const frame = document.createElement("iframe");
        Object.assign(frame, { src: address, width: 720, height: 480, title: "lsmscope" });
        frame.setAttribute("sandbox", "allow-scripts");
        document.body.append(frame);
      }, src);
      await heard(page, "ready");
      assert.ok((await heard(page, "height")).height >= 400);
      const end = await ask(page, { type: "seek", moment: "flush:1/version_installed" });
      const back = await ask(page, { type: "step", how: "operation", backwards: true });
      assert.ok(back.position < end.position);
      assert.match((await ask(page, { type: "state" })).state, /^v=2&/);
    },
    complains,
  );
}

firefoxTest("the element's poster starts a frame, which steps, and Escape gives the focus back", async (page) => {
  await page.goto(elementHost.url);
  await page.locator("lsm-scope >>> button").click();
  await page.waitForFunction(() => document.querySelector("lsm-scope")?.shadowRoot?.querySelector(".live"));
  const state = await page.evaluate(async () => {
    const scope = document.querySelector("lsm-scope");
    const end = await scope?.seek("flush:1/flush_ended");
    const back = await scope?.step({ backwards: true });
    return { end: end?.position, back: back?.position, link: await scope?.state() };
  });
  assert.equal(state.back, Number(state.end) - 1);
  assert.match(String(state.link), /^v=2&/);
  const [, frame] = page.frames();
  await (await figure(frame))?.click();
  await page.keyboard.press("Escape");
  // Beside the frame, not in it any more.
  await page.waitForFunction(() => document.activeElement?.shadowRoot?.activeElement?.localName === "div");
});

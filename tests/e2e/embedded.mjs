// The published site in frames of a host's page, in Chromium: what the tests of embeds share. Importing it starts a
// browser, the sites and the host before a file's tests, and ends them after.

import { after, before } from "node:test";

import { PUBLISHED, launch, publishedPolicy, watch } from "./browser.mjs";
import { SCRIPT, serveHost } from "./embed-host.mjs";
import { serve } from "./server.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").FrameLocator} FrameLocator */

/** @type {import("playwright-core").Browser} */
export let browser;
/**
 * The site on a plain host, on one that allows all origins, and on one that sends a strict policy.
 * @type {Record<"plain" | "open" | "strict", Awaited<ReturnType<typeof serve>>>}
 */
export let sites;
/** A host's page, of another origin. @type {Awaited<ReturnType<typeof serveHost>>} */
export let host;

before(async () => {
  const [plain, open, strict] = await Promise.all([
    serve(PUBLISHED),
    serve(PUBLISHED, { headers: { "access-control-allow-origin": "*" } }),
    serve(PUBLISHED, { headers: { "content-security-policy": publishedPolicy() } }),
  ]);
  sites = { plain, open, strict };
  host = await serveHost();
  browser = await launch();
});
after(async () => {
  host.close();
  await Promise.all([browser.close(), ...Object.values(sites).map((site) => site.close())]);
});

/**
 * How a frame is put into a host's page. `at` is the page; `sandbox` null is none; `style` is the frame's.
 * @typedef {object} Framing
 * @property {string} [query]
 * @property {string} [fragment]
 * @property {string | null} [sandbox]
 * @property {number} [width]
 * @property {number} [height]
 * @property {string} [style]
 * @property {string} [at]
 */

/**
 * Opens a host's page with a frame of the site in it.
 * @param {Page} page
 * @param {string} site
 * @param {Framing} [how]
 */
export async function frameIn(
  page,
  site,
  { query = "", fragment = SCRIPT, sandbox = "allow-scripts", width = 720, height = 480, style = "", at } = {},
) {
  await page.goto(at ?? host.url);
  await page.evaluate(
    ({ src, allowed, ...size }) => {
      const frame = document.createElement("iframe");
      Object.assign(frame, { src, title: "lsmscope", ...size });
      if (allowed !== null) frame.setAttribute("sandbox", allowed);
      document.body.append(frame);
    },
    { src: `${site}embed/index.html?${query}#${fragment}`, allowed: sandbox, width, height, style },
  );
  return page.frameLocator("iframe");
}

/**
 * The same in a page of its own.
 * @param {string} site
 * @param {Framing} how
 * @param {(page: Page, frame: FrameLocator, requests: string[], complaints: string[]) => Promise<void>} run
 */
export async function embedded(site, how, run) {
  const context = await browser.newContext({ viewport: { width: 1000, height: 800 } });
  const complaints = watch(context);
  const page = await context.newPage();
  /** @type {string[]} */
  const requests = [];
  page.on("request", (request) => requests.push(request.url()));
  try {
    await run(page, await frameIn(page, site, how), requests, complaints);
  } finally {
    await context.close();
  }
}

/**
 * Waits for a message to the host: the first of a type, after the first `from` ones.
 * @param {Page} page
 * @param {string} type
 * @param {number} [from]
 * @returns {Promise<any>}
 */
export async function heard(page, type, from = 0) {
  const found = await page.waitForFunction(
    ([wanted, first]) =>
      /** @type {any} */ (globalThis).heard.slice(first).find((/** @type {any} */ m) => m?.type === wanted),
    /** @type {[string, number]} */ ([type, from]),
  );
  return found.jsonValue();
}

/**
 * All messages to the host.
 * @param {Page} page
 * @returns {Promise<any[]>}
 */
export const messages = (page) => page.evaluate(() => /** @type {any} */ (globalThis).heard);

/**
 * Asks the frame, and waits for its reply.
 * @param {Page} page
 * @param {Record<string, unknown>} message
 * @returns {Promise<any>}
 */
export const ask = (page, message) => page.evaluate((said) => /** @type {any} */ (globalThis).ask(said), message);

/**
 * Waits until two pictures have been drawn.
 * @param {Page} page
 */
export const drawn = (page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

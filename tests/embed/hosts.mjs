// Pages that embed lsmscope, on one origin, and a site with `lsm-scope.js` and a frame's page on another.
//
// `hostTest("what holds", "<lsm-scope></lsm-scope>", async (page) => { … })` opens a host's page with that body. The
// frame's page is tests/embed/fake-frame.html, which speaks the protocol without an engine. The test fails if the
// browser complains, or if a promise of the host is rejected without being caught.

import assert from "node:assert/strict";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { launch, watch } from "../e2e/browser.mjs";
import { serve } from "../e2e/server.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").Frame} Frame */
/** @typedef {import("../../embed/lsm-scope.js").LsmScopeElement} LsmScopeElement */
/**
 * How a host's page is opened: `module` loads the script as one; `clock` is the browser's clock in the test's hands;
 * `complains` is what the browser must complain about; `html` is what stands on its <html>, `head` in its head; `file`
 * is a page of the repository that is opened from disk instead. Others are Playwright's.
 * @typedef {import("playwright-core").BrowserContextOptions & {
 *   module?: boolean, clock?: boolean, complains?: RegExp, html?: string, head?: string | (() => string), file?: string
 * }} HostOptions
 */

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
export const SCRIPT = join(ROOT, "embed/lsm-scope.js");

/** @type {string} */
let dir;
/** @type {{ host: Awaited<ReturnType<typeof serve>>, site: Awaited<ReturnType<typeof serve>> }} */
let servers;
/** @type {Awaited<ReturnType<typeof launch>>} */
let browser;
let pages = 0;

before(async () => {
  dir = await mkdtemp(join(tmpdir(), "lsm-scope-"));
  for (const name of ["host", "site/embed"]) await mkdir(join(dir, name), { recursive: true });
  await copyFile(SCRIPT, join(dir, "site/lsm-scope.js"));
  await copyFile(join(ROOT, "tests/embed/fake-frame.html"), join(dir, "site/embed/index.html"));
  await writeFile(join(dir, "site/index.html"), "<!doctype html><title>The full page</title>");
  const [host, site] = await Promise.all([serve(join(dir, "host")), serve(join(dir, "site"))]);
  servers = { host, site };
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await Promise.all([servers?.host.close(), servers?.site.close()]);
  await rm(dir, { recursive: true, force: true });
});

/** Where the script and the frame's page are. */
export const site = () => servers.site.url;

/**
 * @param {string} name
 * @param {string} body
 * @param {(page: Page) => Promise<void>} run
 * @param {HostOptions} [options]
 */
export function hostTest(name, body, run, options = {}) {
  const { module = false, clock = false, complains, html = "", head = "", file, ...contextOptions } = options;
  test(name, { timeout: 30_000 }, async () => {
    const context = await browser.newContext({ viewport: { width: 900, height: 700 }, ...contextOptions });
    const complaints = watch(context);
    try {
      const page = await context.newPage();
      page.setDefaultTimeout(8_000);
      await page.addInitScript(note);
      if (clock) await page.clock.install();
      // A module of another origin needs its leave.
      await page.route(`${site()}lsm-scope.js*`, async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, headers: { ...response.headers(), "access-control-allow-origin": "*" } });
      });
      pages += 1;
      const script = `<script ${module ? 'type="module"' : ""} src="${site()}lsm-scope.js"></script>`;
      const text = `<!doctype html><html ${html}><head><meta charset="utf-8"><link rel="icon" href="data:,">
        <title>A host</title>${typeof head === "function" ? head() : head}${script}</head><body>${body}</body></html>`;
      await writeFile(join(dir, `host/${pages}.html`), text);
      const disk = file && `${pathToFileURL(join(ROOT, file))}?base=${site()}embed/`;
      await page.goto(disk ?? `${servers.host.url}${pages}.html`);
      await page.waitForFunction(() => customElements.get("lsm-scope"));
      await run(page);
      const odd = complaints.filter((complaint) => !complains?.test(complaint));
      assert.deepEqual(odd, [], "the browser complained");
      assert.ok(!complains || complaints.length > 0, "the browser had nothing to complain about");
    } finally {
      await context.close();
    }
  });
}

/**
 * The element's button, iframe and note are in its shadow tree, which Playwright's locators see.
 * @param {Page} page
 * @param {string} selector
 */
export const scope = (page, selector = "lsm-scope") => ({
  element: page.locator(selector),
  button: page.locator(`${selector} button`),
  label: page.locator(`${selector} button span`),
  iframe: page.locator(`${selector} iframe`),
  note: page.locator(`${selector} p`),
});

/** @param {Page} page */
export const frames = (page) => page.frames().slice(1);

/**
 * Starts an element, and waits for it.
 * @param {Page} page
 * @param {string} [selector]
 * @returns {Promise<Frame>} its frame
 */
export async function start(page, selector = "lsm-scope") {
  await heard(page, "lsm-ready", () => scope(page, selector).button.click());
  const handle = await scope(page, selector).iframe.elementHandle();
  const frame = await handle?.contentFrame();
  assert.ok(frame, "no frame");
  return frame;
}

/**
 * The detail of the first event of a type that `cause` has.
 * @param {Page} page
 * @param {string} type
 * @param {() => Promise<unknown>} cause
 * @returns {Promise<any>}
 */
export async function heard(page, type, cause) {
  const before = (await events(page)).length;
  await cause();
  const has = await page.waitForFunction(([from, name]) => {
    const { events: noted } = /** @type {any} */ (self);
    return noted.slice(from).find((/** @type {any} */ one) => one.type === name);
  }, /** @type {[number, string]} */ ([before, type]));
  return (await has.jsonValue()).detail;
}

/**
 * The elements' events, from the first one on.
 * @param {Page} page
 * @returns {Promise<{ type: string, detail: any }[]>}
 */
export const events = (page) =>
  page.evaluate(() => {
    const { events: noted } = /** @type {any} */ (self);
    return noted;
  });

/** Runs in each page before its scripts: notes the elements' events. */
function note() {
  /** @type {{ type: string, detail: any }[]} */
  const noted = [];
  Object.assign(self, { events: noted });
  for (const name of ["ready", "step", "answered", "complete", "state", "height", "error"])
    addEventListener(`lsm-${name}`, (event) =>
      noted.push({ type: event.type, detail: /** @type {CustomEvent} */ (event).detail }),
    );
}

/**
 * Calls a method of an element.
 * @param {Page} page
 * @param {"play" | "pause" | "step" | "seek" | "answer" | "state"} method
 * @param {any} [argument]
 * @param {string} [selector]
 * @returns {Promise<any>}
 */
export function call(page, method, argument, selector = "lsm-scope") {
  return page
    .locator(selector)
    .evaluate((element, [name, value]) => /** @type {any} */ (element)[name](value), [method, argument]);
}

/**
 * Has the frame say something.
 * @param {Frame} frame
 * @param {object} message
 */
export const say = (frame, message) => frame.evaluate((said) => /** @type {any} */ (self).fake.say(said), message);

/**
 * What the frame has heard, of one type.
 * @param {Frame} frame
 * @param {string} type
 * @returns {Promise<any[]>}
 */
export const hears = (frame, type) =>
  frame.evaluate(
    (name) => /** @type {any} */ (self).fake.heard.filter((/** @type {any} */ one) => one.type === name),
    type,
  );

/**
 * Waits until what was said before has been heard, and two pictures have been drawn: a reply comes after it.
 * @param {Page} page
 */
export async function settled(page) {
  await call(page, "state");
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

// The published site as hosts have it: in a folder, with the headers of `_headers` and redirects; its files can be
// swapped, and the server can stop.

import { mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before } from "node:test";

import { PUBLISHED, launch, publishedPolicy, watch } from "./browser.mjs";
import { serve } from "./server.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").BrowserContext} BrowserContext */

/** What hosts are told to send. */
export const HEADERS = {
  "access-control-allow-origin": "*",
  "content-security-policy": publishedPolicy(),
};

/**
 * @typedef {object} Host
 * @property {string} url The site's.
 * @property {(site: string) => void} publish Has the host serve another folder as the site.
 * @property {() => Promise<void>} stop Ends the server.
 * @property {BrowserContext} context A browser that has not been here.
 * @property {string[]} complaints Of the browser.
 */

/** Of all tests of a file. @type {import("playwright-core").Browser} */
let browser;
/** What they make. It is below target/, where the bundler finds its libraries. */
let dir = "";
before(async () => {
  dir = mkdtempSync(join(dirname(PUBLISHED), "hosted-"));
  browser = await launch();
});
after(async () => {
  await browser?.close();
  rmSync(dir, { recursive: true, force: true });
});

/** A new folder, for this file's tests only. */
export function folder() {
  return mkdtempSync(join(dir, "folder-"));
}

/**
 * Serves the site to a new browser.
 * @param {(host: Host) => Promise<void>} body
 * @param {import("playwright-core").BrowserContextOptions} [options]
 */
export async function hosted(body, options = {}) {
  const root = folder();
  const publish = (/** @type {string} */ site) => {
    symlinkSync(site, join(root, "next"));
    renameSync(join(root, "next"), join(root, "lsm"));
  };
  publish(PUBLISHED);
  const server = await serve(root, { headers: HEADERS, redirects: true });
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, ...options });
  const complaints = watch(context);
  try {
    await body({ url: `${server.url}lsm/`, publish, stop: server.close, context, complaints });
  } finally {
    await context.close();
    await server.close();
  }
}

/**
 * Opens the site.
 * @param {BrowserContext} context
 * @param {string} url
 */
export async function open(context, url) {
  const page = await context.newPage();
  await page.goto(url);
  await page.locator("canvas.figure").waitFor();
  return page;
}

/**
 * Waits until the site is kept: its worker is installed, and has this page.
 * @param {Page} page
 */
export async function isKept(page) {
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated");
}

/**
 * Opens the site, and waits until it is kept.
 * @param {BrowserContext} context
 * @param {string} url
 */
export async function visit(context, url) {
  const page = await open(context, url);
  await isKept(page);
  return page;
}

/**
 * The versions that are kept, each with its files.
 * @param {Page} page
 */
export async function versions(page) {
  return page.evaluate(async () => {
    const { scope } = await navigator.serviceWorker.ready;
    /** @type {Record<string, string[]>} */
    const found = {};
    for (const name of await caches.keys()) {
      const requests = await (await caches.open(name)).keys();
      found[name.split(":").at(-1) ?? ""] = requests.map(({ url }) => url.slice(scope.length)).sort();
    }
    return found;
  });
}

/**
 * The files of a published site that a visitor may need, and that are kept without being asked for.
 * @param {string} site
 */
export function filesOf(site) {
  /** Texts of lessons, what grades them, and the editor of lessons. @param {string} name */
  const isOnDemand = (name) => {
    const text = readFileSync(join(site, "assets", name), "utf8");
    return (
      /^(lsmscope_lesson_bg|edit-visit)-/.test(name) || /^var \w+=`---\n/.test(text) || text.includes("cm-content")
    );
  };
  const kept = readdirSync(join(site, "assets")).filter((name) => !/\.map$|^whole-/.test(name));
  const assets = kept.filter((name) => !isOnDemand(name));
  return ["embed/index.html", "index.html", ...assets.map((name) => `assets/${name}`)].sort();
}

/** @param {string} site */
export function versionOf(site) {
  return /data-version="(\w+)"/.exec(readFileSync(join(site, "index.html"), "utf8"))?.[1] ?? "";
}

/**
 * Runs a line in the first view.
 * @param {Page} page
 * @param {string} line
 * @param {RegExp} answer
 */
export async function runs(page, line, answer) {
  await page.getByRole("textbox", { name: /command/i }).fill(line);
  await page.keyboard.press("Enter");
  await page.getByText(answer).first().waitFor();
}

/**
 * Opens the help, which is loaded when it is opened, and closes it again.
 * @param {Page} page
 * @param {string} [title]
 */
export async function opensHelp(page, title = "Help") {
  await page.getByRole("button", { name: title, exact: true }).click();
  const help = page.getByRole("dialog", { name: title, exact: true });
  await help.getByRole("heading", { name: "Concepts" }).waitFor();
  await help.getByRole("button", { name: "Close" }).click();
}

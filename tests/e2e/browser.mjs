// A real browser on the built site, for the end-to-end tests, the screenshots and the benches.
//
// A test says `pageTest("what holds", async (page) => { … })`: it gets a fresh page (own storage) that has loaded the
// site, and fails if the browser's console shows an error or a warning, a script throws, or a request goes wrong.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

import { whole } from "./page.mjs";
import { serve } from "./server.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").Browser} Browser */
/** @typedef {import("playwright-core").BrowserContext} BrowserContext */
/** @typedef {import("playwright-core").BrowserContextOptions} BrowserContextOptions */

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** Where `cargo xtask` builds the site. */
export const DIST = join(ROOT, "build");

/** Where the site is as it is published; `PUBLISHED` names another place. */
export const PUBLISHED = resolve(process.env.PUBLISHED ?? join(ROOT, "target/published"));

/** The policy that hosts of the published site are told to send. */
export function publishedPolicy() {
  const headers = readFileSync(join(PUBLISHED, "_headers"), "utf8");
  return /Content-Security-Policy: (.+)/.exec(headers)?.[1] ?? "";
}

/** Flags of a browser that asks nothing, and loads nothing by itself. */
export const QUIET = [
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts the installed Chrome or Chromium; `CHROME` names another one. */
export async function launch() {
  return chromium.launch(launching());
}

/**
 * The same, as a browser with a profile, which can install pages.
 * @param {string} dir Where the profile is.
 */
export async function launchProfile(dir) {
  return chromium.launchPersistentContext(dir, launching());
}

function launching() {
  return {
    executablePath: chromePath(),
    chromiumSandbox: false,
    args: ["--disable-quic", ...QUIET],
  };
}

/** Where the browser is. */
export function chromePath() {
  if (process.env.CHROME) return process.env.CHROME;
  const names = ["google-chrome", "google-chrome-stable", "chromium", "chromium-browser"];
  const found = (process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((dir) => names.map((name) => join(dir, name)))
    .find(existsSync);
  if (!found)
    throw new Error("no Chrome or Chromium on the PATH: run `cargo xtask test e2e`, or set CHROME to its path");
  return found;
}

/**
 * Collects whatever the browser complains about in any page of `context`.
 * @param {BrowserContext} context
 * @returns {string[]} grows as complaints come in
 */
export function watch(context) {
  /** @type {string[]} */
  const complaints = [];
  context.on("console", (message) => {
    const type = message.type();
    if (type === "error" || type === "warning") {
      complaints.push(
        `console ${type}: ${message.text()} (${message.location().url}:${message.location().lineNumber})`,
      );
    }
  });
  context.on("weberror", (error) => complaints.push(`uncaught: ${error.error().stack ?? error.error()}`));
  context.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} for ${response.url()}`);
  });
  return complaints;
}

/**
 * Chooses what fills the page of a first visit in `context`: the figure, or the panels, which most tests read.
 * @param {BrowserContext} context
 * @param {"figure" | "panels"} layout
 */
export async function choose(context, layout) {
  await context.addInitScript((chosen) => {
    try {
      const known = JSON.parse(localStorage.getItem("lsmscope") ?? "{}");
      localStorage.setItem("lsmscope", JSON.stringify({ layout: chosen, ...known }));
    } catch {
      // A frame without storage: the page begins with the figure.
    }
  }, layout);
}

/**
 * Pages in `context` have no worker that loads the rest of the site for later, while a test runs.
 * @param {BrowserContext} context
 */
async function keepNothing(context) {
  await context.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, "serviceWorker", { get: () => undefined });
  });
}

/** @type {Browser} */
let browser;
/** @type {Record<"published" | "modules", Awaited<ReturnType<typeof serve>>>} */
let servers;

/**
 * What a test may ask for: where in the site it starts (default: the front page), and how the browser is set up
 * (Playwright's own context options: viewport, colorScheme, …); and what the browser has to complain about, where that
 * is part of the test: all of its complaints must be like this, and there must be one.
 * `layout` is what fills the page: the panels, unless a test says otherwise. `site` is what it is tested on: as it is
 * published, which loads in half the time, or in its modules, where a test reaches into them.
 * @typedef {BrowserContextOptions & {
 *   path?: string,
 *   complains?: RegExp,
 *   layout?: "figure" | "panels",
 *   site?: "published" | "modules",
 * }} PageOptions
 */

/**
 * Declares a test on a freshly loaded page.
 * @param {string} name
 * @param {(page: Page) => Promise<void>} run
 * @param {PageOptions} [options]
 */
export function pageTest(name, run, options = {}) {
  startOnce();
  const { path = "", complains, layout = "panels", site = "published", ...contextOptions } = options;
  test(name, async () => {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 720 },
      ...contextOptions,
    });
    await choose(context, layout);
    await keepNothing(context);
    const complaints = watch(context);
    try {
      const page = await context.newPage();
      await page.goto(servers[site].url + path);
      await whole(page);
      await run(page);
      assert.deepEqual(
        complaints.filter((complaint) => !complains?.test(complaint)),
        [],
        "the browser complained",
      );
      assert.ok(!complains || complaints.length > 0, "the browser had nothing to complain about");
    } catch (error) {
      const pictures = await picture(context, name);
      console.error([`"${name}" failed; the page: ${pictures.join(", ") || "closed"}`, ...complaints].join("\n  "));
      throw error;
    } finally {
      await context.close();
    }
  });
}

let started = false;

/** One browser and one server for all tests of a file; node runs each file in a process of its own. */
function startOnce() {
  if (started) return;
  started = true;
  before(async () => {
    for (const dir of [DIST, PUBLISHED])
      if (!existsSync(join(dir, "index.html")))
        throw new Error(`${dir} has no site: run \`cargo xtask test e2e\`, which builds it`);
    const [published, modules, launched] = await Promise.all([
      serve(PUBLISHED, { behind: DIST }),
      serve(DIST),
      launch(),
    ]);
    servers = { published, modules };
    browser = launched;
  });
  after(async () => {
    await Promise.all([browser?.close(), ...Object.values(servers ?? {}).map((server) => server.close())]);
  });
}

/**
 * Saves what each page of a failed test looked like, and says where.
 * @param {BrowserContext} context
 * @param {string} name
 */
async function picture(context, name) {
  const dir = join(ROOT, "target/e2e");
  mkdirSync(dir, { recursive: true });
  const stem = name.replaceAll(/[^a-z0-9]+/gi, "-").toLowerCase();
  const shots = context.pages().map(async (page, i) => {
    const path = join(dir, `${stem}-${i}.png`);
    await page.screenshot({ path });
    return path;
  });
  return (await Promise.allSettled(shots)).flatMap((shot) => (shot.status === "fulfilled" ? [shot.value] : []));
}

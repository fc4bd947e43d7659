// Hosts: pages of others that embed lsmscope, each built from its recipe by its own tool, and opened in Chromium.
//
// A host is one file here, and one folder in examples/hosts/:
//
//   const test = host("mdbook", { bring: mdbook, build: async ({ dir, tool }) => { …; return join(dir, "book") } });
//   test("what holds", async (page, { open }) => { await open("flush.html"); … });
//
// The recipe is copied, with the address of a real site of lsmscope, of another origin, for `https://SITE/`. Then
// `build` makes a folder, which is served. A host whose tool cannot be brought is skipped: see tools.mjs. A test fails
// as well if the browser complains. Pictures of failed pages are in target/e2e/.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { extname, join, resolve } from "node:path";
import { after, before, test } from "node:test";

import { PUBLISHED, launch, watch } from "../e2e/browser.mjs";
import { serve } from "../e2e/server.mjs";
import { HOSTS, Missing } from "./tools.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {{ open: (path?: string) => Promise<void>, site: string, url: string }} Opened */
/**
 * @template Tool
 * @typedef {object} Recipe
 * @property {string} [copy] What its copy is called, where tests of two files have one recipe.
 * @property {() => Promise<Tool>} [bring] Brings the host's tool.
 * @property {(made: { dir: string, tool: Tool, site: string }) => Promise<string>} [build] Builds the copy of the
 *   recipe in `dir`. Out: the folder that is served, or the address of a server that it has started. Without it, the
 *   copy is served.
 * @property {() => unknown} [end] Ends what `build` has started.
 * @property {RegExp} [complains] What the browser says of the host itself, which is no fault of ours.
 */

const ROOT = resolve(import.meta.dirname, "../..");
const RECIPES = join(ROOT, "examples/hosts");

/** Files of a recipe that may name the site. */
const TEXTS = [".css", ".hbs", ".html", ".ipynb", ".js", ".json", ".md", ".mjs", ".mts", ".toml", ".yml"];

/** The longest that a tool takes to be brought, and a page to be seen, in milliseconds. */
const [BRINGING, SEEING] = [900_000, 60_000];

/**
 * Declares a host; returns the function that declares its tests.
 * @template Tool
 * @param {string} name of its folder in examples/hosts
 * @param {Recipe<Tool>} recipe
 */
export function host(name, { copy = name, bring, build, end, complains }) {
  /** @type {Awaited<ReturnType<typeof launch>>} */
  let browser;
  /** @type {Awaited<ReturnType<typeof serve>>[]} */
  const servers = [];
  let url = "";
  let missing = "";

  before(
    async () => {
      if (!existsSync(join(PUBLISHED, "lsm-scope.js")))
        throw new Error(`${PUBLISHED} has no site: run \`cargo xtask test hosts\`, which builds it`);
      try {
        const tool = /** @type {Tool} */ (await bring?.());
        // A sandboxed frame loads modules only from a host that allows it: see docs/embedding.md.
        const site = await serve(PUBLISHED, { headers: { "access-control-allow-origin": "*" } });
        servers.push(site);
        const dir = await copyRecipe(name, copy, site.url);
        const built = (await build?.({ dir, tool, site: site.url })) ?? dir;
        if (/^https?:/.test(built)) url = built;
        else {
          const server = await serve(built);
          servers.push(server);
          url = server.url;
        }
        browser = await launch();
      } catch (error) {
        if (!(error instanceof Missing)) throw error;
        missing = error.message;
        console.error(`\n${name} is SKIPPED. ${missing}\n`);
      }
    },
    { timeout: BRINGING },
  );
  after(async () => {
    await end?.();
    await browser?.close();
    await Promise.all(servers.map((server) => server.close()));
  });

  /**
   * @param {string} what holds
   * @param {(page: Page, opened: Opened) => Promise<void>} see
   * @param {import("playwright-core").BrowserContextOptions} [options]
   */
  return (what, see, options = {}) =>
    test(`${name}: ${what}`, { timeout: SEEING }, async (t) => {
      if (missing) return t.skip(missing);
      const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, ...options });
      const complaints = watch(context);
      const page = await context.newPage();
      page.setDefaultTimeout(20_000);
      try {
        /** @param {string} [path] */
        const open = async (path = "") => void (await page.goto(url + path));
        await see(page, { open, site: servers[0].url, url });
        // A page without an icon of its own is asked for one all the same.
        const odd = complaints.filter((complaint) => !/favicon/.test(complaint) && !complains?.test(complaint));
        assert.deepEqual(odd, [], "the browser complained");
      } catch (error) {
        await mkdir(join(ROOT, "target/e2e"), { recursive: true });
        const path = join(ROOT, `target/e2e/host-${name}.png`);
        await page.screenshot({ path }).catch(() => {});
        console.error([`"${what}" failed; the page: ${path}`, ...complaints].join("\n  "));
        throw error;
      } finally {
        await context.close();
      }
    });
}

/**
 * Copies a recipe, with the site's address in it.
 * @param {string} name
 * @param {string} copy What the copy is called.
 * @param {string} site
 */
async function copyRecipe(name, copy, site) {
  const dir = join(HOSTS, `${copy}-page`);
  await rm(dir, { recursive: true, force: true });
  await cp(join(RECIPES, name), dir, { recursive: true });
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !TEXTS.includes(extname(entry.name))) continue;
    const path = join(entry.parentPath, entry.name);
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replaceAll("https://SITE/", site));
  }
  return dir;
}

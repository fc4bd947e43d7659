// What the tests of SCORM packages share: the packager, an unpacker, and the platform as a test sees it.

import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").Frame} Frame */

const ROOT = resolve(import.meta.dirname, "../..");

/** Runs the packager. @param {string[]} args */
export const scorm = (...args) => promisify(execFile)("node", ["xtask/src/scorm.mjs", ...args], { cwd: ROOT });

/**
 * Unpacks a zip by yauzl, which refuses one that is damaged.
 * @param {string} tool The folder whose node_modules has yauzl.
 * @param {string} zip
 * @param {string} to
 */
export async function unpack(tool, zip, to) {
  const { default: yauzl } = await import(pathToFileURL(join(tool, "node_modules/yauzl/index.js")).href);
  const archive = await promisify(yauzl.open)(zip, { lazyEntries: true });
  await new Promise((done, failed) => {
    archive.on("error", failed).on("end", done);
    archive.on("entry", async (/** @type {{ fileName: string }} */ entry) => {
      const stream = await promisify(archive.openReadStream.bind(archive))(entry);
      await mkdir(dirname(join(to, entry.fileName)), { recursive: true });
      await writeFile(join(to, entry.fileName), stream);
      archive.readEntry();
    });
    archive.readEntry();
  });
}

/**
 * The package's page, when it has drawn its figure.
 * @param {Page} page
 * @param {string} name
 * @param {string} [seen] What it has drawn then.
 */
export async function activity(page, name, seen = "canvas.figure") {
  const found = () => page.frames().find((frame) => frame.url().includes(`/${name}/index.html`));
  while (!found()) await page.waitForEvent("framenavigated");
  const frame = /** @type {Frame} */ (found());
  await frame.locator(seen).first().waitFor();
  return frame;
}

/** All calls that the platform has had. @param {Page} page @returns {Promise<string[]>} */
export const calls = (page) => page.evaluate(() => JSON.parse(localStorage.getItem("calls") ?? "[]"));

/** What the platform has in its database. @param {Page} page @returns {Promise<Record<string, string>>} */
export const kept = (page) => page.evaluate(() => JSON.parse(localStorage.getItem("kept") ?? "{}"));

/**
 * Waits for a call.
 * @param {Page} page
 * @param {string} start
 */
export const called = (page, start) =>
  page.waitForFunction(
    (start) =>
      JSON.parse(localStorage.getItem("calls") ?? "[]").some((/** @type {string} */ call) => call.startsWith(start)),
    start,
  );

/** The activity is closed, as platforms do it: its frame goes. @param {Page} page */
export const close = (page) => page.evaluate(() => document.querySelector("iframe")?.remove());

// Serves a build of the engine with a blank page, and opens it in Chromium, for benches that call the wasm directly.

import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { launch, watch } from "../../tests/e2e/browser.mjs";
import { serve } from "../../tests/e2e/server.mjs";

const TARGET = resolve(dirname(fileURLToPath(import.meta.url)), "../../target");

/**
 * Runs `measure` in the page, with the address of the engine's module before its arguments.
 * @template {unknown[]} A, R
 * @param {string} engine the folder of the engine's build
 * @param {string} name the bench's, for a folder of its own
 * @param {(arguments_: [string, ...A]) => R} measure
 * @param {A} args
 * @returns {Promise<{ measured: Awaited<R>, browser: string }>}
 */
export async function inPage(engine, name, measure, ...args) {
  const out = join(TARGET, `bench-${name}`);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  for (const file of ["lsmscope.js", "lsmscope_bg.wasm"]) cpSync(join(engine, file), join(out, file));
  cpSync(join(TARGET, "../www/figure/canvas.js"), join(out, "canvas.js"));
  writeFileSync(join(out, "index.html"), '<!doctype html><title>bench</title><link rel="icon" href="data:,">');
  const [server, browser] = await Promise.all([serve(out), launch()]);
  try {
    const context = await browser.newContext();
    const complaints = watch(context);
    const page = await context.newPage();
    await page.goto(server.url);
    const run = /** @type {(arguments_: unknown) => R} */ (/** @type {unknown} */ (measure));
    const measured = await page.evaluate(run, ["/lsmscope.js", ...args]);
    for (const complaint of complaints) console.error(complaint);
    return { measured: /** @type {Awaited<R>} */ (measured), browser: browser.version() };
  } finally {
    await Promise.all([server.close(), browser.close()]);
  }
}

// Measures the engine and npm's stores in Chromium, in one run, and compares every ratio with its budget.
//
// Usage: node benches/browser/run.mjs ENGINE [ROUNDS], where ENGINE is the folder of the engine's build
// (`cargo xtask bench browser` makes it)

import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

import { choose, launch, watch } from "../../tests/e2e/browser.mjs";
import { serve } from "../../tests/e2e/server.mjs";
import { print } from "./table.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const ENGINE = resolve(process.argv[2] ?? "target/bench-engine");
const OUT = resolve(HERE, "../../target/bench-browser");

/** @type {import("./page.mjs").Effort} */
const effort = {
  rounds: Number(process.argv[3] ?? 5),
  memoryEntries: 50_000,
  indexedDbEntries: 10_000,
  indexedDbGets: 1_000,
  durablePuts: 200,
  batchSize: 1_000,
};

// The peers are CommonJS modules, so the bench bundles them. The engine is built for speed, as for programs.
rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
for (const file of ["lsmscope.js", "lsmscope_bg.wasm"]) cpSync(join(ENGINE, file), join(OUT, file));
writeFileSync(join(OUT, "index.html"), '<!doctype html><title>bench</title><link rel="icon" href="data:,">');
await build({
  entryPoints: [join(HERE, "page.mjs")],
  bundle: true,
  format: "esm",
  outfile: join(OUT, "page.js"),
  external: ["./lsmscope.js"],
  logLevel: "warning",
});

const [server, browser] = await Promise.all([serve(OUT), launch()]);
try {
  const context = await browser.newContext();
  await choose(context, "panels");
  const complaints = watch(context);
  const page = await context.newPage();
  await page.goto(server.url);
  const measured = await page.evaluate(
    async ([module, effort]) => (await import(module)).measure(effort),
    /** @type {const} */ (["/page.js", effort]),
  );
  print(measured, effort, browser.version());
  for (const complaint of complaints) console.error(complaint);
} finally {
  await Promise.all([server.close(), browser.close()]);
}

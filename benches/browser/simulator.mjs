// The simulator in Chromium, beside its budget: the wasm as the page has it, without page, charts and samples.
//
// Usage: node benches/browser/simulator.mjs ENGINE [ROUNDS], where ENGINE is the folder of the page's engine
// (`cargo xtask bench simulator` makes it)

import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { launch, watch } from "../../tests/e2e/browser.mjs";
import { serve } from "../../tests/e2e/server.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const ENGINE = resolve(process.argv[2] ?? "target/page-engine");
const OUT = resolve(HERE, "../../target/bench-simulator");
const ROUNDS = Number(process.argv[3] ?? 9);

/** The presets that are run, and how many seconds they may take: DESIGN's budget. */
const CONTESTS = { "ten-hours": 0.2, overload: undefined, universal: undefined };

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
for (const file of ["lsmscope.js", "lsmscope_bg.wasm"]) cpSync(join(ENGINE, file), join(OUT, file));
writeFileSync(join(OUT, "index.html"), '<!doctype html><title>bench</title><link rel="icon" href="data:,">');

/**
 * Runs in the page: each preset so many times; seconds, and events of one run.
 * @param {[string, string[], number]} arguments_
 */
async function measure([module, presets, rounds]) {
  const { default: init, Simulation } = await import(module);
  await init();
  /** @type {Record<string, { seconds: number[], events: number }>} */
  const measured = {};
  for (const preset of presets) {
    const runs = (measured[preset] = { seconds: /** @type {number[]} */ ([]), events: 0 });
    for (let round = 0; round < rounds; round++) {
      const begun = performance.now();
      const simulation = new Simulation(preset, [], []);
      const { done, events } = simulation.run(2 ** 32 - 1);
      runs.seconds.push((performance.now() - begun) / 1000);
      runs.events = events;
      simulation.free();
      if (!done) throw new Error(`${preset} has not come to its end`);
    }
  }
  return measured;
}

const [server, browser] = await Promise.all([serve(OUT), launch()]);
try {
  const context = await browser.newContext();
  const complaints = watch(context);
  const page = await context.newPage();
  await page.goto(server.url);
  const presets = Object.keys(CONTESTS);
  const measured = await page.evaluate(
    measure,
    /** @type {[string, string[], number]} */ (["/lsmscope.js", presets, ROUNDS]),
  );
  console.log(`simulator in Chromium ${browser.version()}: the median of ${ROUNDS} rounds, and the shortest`);
  for (const [preset, budget] of Object.entries(CONTESTS)) {
    const { seconds, events } = measured[preset];
    const [median, least] = [seconds.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)], Math.min(...seconds)];
    const verdict = budget === undefined ? "" : `${(median / budget).toFixed(2)} of the budget of ${budget} s`;
    const times = [median, least].map((time) => `${time.toFixed(3).padStart(8)} s`).join(" ");
    console.log(`${preset.padStart(12)} ${times}  ${String(events).padStart(9)} events  ${verdict}`);
  }
  for (const complaint of complaints) console.error(complaint);
} finally {
  await Promise.all([server.close(), browser.close()]);
}

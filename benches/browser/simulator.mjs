// Measures the simulator in Chromium, and compares it with its budget: the page's wasm, without page and charts.
//
// Usage: node benches/browser/simulator.mjs ENGINE [ROUNDS], where ENGINE is the folder of the page's engine
// (`cargo xtask bench simulator` makes it)

import { resolve } from "node:path";

import { inPage } from "./engine_page.mjs";

const ENGINE = resolve(process.argv[2] ?? "target/page-engine");
const ROUNDS = Number(process.argv[3] ?? 9);

/** The measured presets, and the maximum seconds of each. */
const CONTESTS = { "ten-hours": 0.2, overload: undefined, universal: undefined };

/**
 * Runs in the page: runs each preset `rounds` times, and returns the seconds of each run and the events of one.
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

const { measured, browser } = await inPage(ENGINE, "simulator", measure, Object.keys(CONTESTS), ROUNDS);
console.log(`simulator in Chromium ${browser}: the median of ${ROUNDS} rounds, and the shortest`);
for (const [preset, budget] of Object.entries(CONTESTS)) {
  const { seconds, events } = measured[preset];
  const [median, least] = [seconds.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)], Math.min(...seconds)];
  const verdict = budget === undefined ? "" : `${(median / budget).toFixed(2)} of the budget of ${budget} s`;
  const times = [median, least].map((time) => `${time.toFixed(3).padStart(8)} s`).join(" ");
  console.log(`${preset.padStart(12)} ${times}  ${String(events).padStart(9)} events  ${verdict}`);
}

// Measures the figure on the page: laying out an event, and painting and drawing a frame of it.
//
// Usage: node benches/browser/figure.mjs ENGINE, where ENGINE is the folder of the page's engine
// (`cargo xtask bench page` makes it)
//
// Two histories: a tree of 1,000 tables with 20,000 entries, and a short teaching history of 200,000 events. Budgets: a
// frame in 16 ms, so that 60 are painted in a second; a step, which lays out an event and paints it, in 16 ms too.

import { resolve } from "node:path";

import { inPage } from "./engine_page.mjs";

const ENGINE = resolve(process.argv[2] ?? "target/page-engine");
/** The frames, and the steps, of one median. */
const COUNT = 60;
const BUDGET = 16;

/**
 * Runs in the page: the milliseconds of a frame and of a step.
 * @param {[string, "tables" | "events", number]} arguments_
 */
async function measure([module, what, count]) {
  const { default: init, Sandbox, theme_colours } = await import(module);
  // A variable: the type checker would look for a constant.
  const painter = "/canvas.js";
  const { draw } = await import(painter);
  await init();
  const options =
    what === "tables"
      ? { write_buffer_entries: "20", max_bytes_for_level_base: "1GB", wal_sync: "never", num_levels: "4" }
      : { wal_sync: "never" };
  const sandbox = await Sandbox.open({ backend: "memory", preset: "teaching", options });
  const timeline = sandbox.timeline();
  let n = 0;
  if (what === "tables") while (n < 20_000) await sandbox.run(`put key${String((n += 1)).padStart(6, "0")} v${n}`);
  else while (timeline.length() < 200_000) await sandbox.run(`put key${(n += 1) % 12} v${n}`);
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [1280, 560];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const colours = Array.from(
    theme_colours("light"),
    (/** @type {number} */ c) => `#${c.toString(16).padStart(6, "0")}`,
  );
  const median = (/** @type {number[]} */ times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
  const [steps, frames] = [/** @type {number[]} */ ([]), /** @type {number[]} */ ([])];
  let shapes = 0;
  const end = timeline.length();
  for (let i = 0; i < count; i += 1) {
    const begun = performance.now();
    const figure = timeline.figure(end - i, canvas.width, canvas.height, Float64Array.of(0, 1), false, true);
    const strings = /** @type {string[]} */ ([]);
    const paint = (/** @type {number} */ progress) => {
      const frame = figure.frame(progress);
      strings.push(...figure.strings());
      context.clearRect(0, 0, canvas.width, canvas.height);
      draw(context, frame, strings, colours);
      shapes = Math.max(shapes, frame.length);
    };
    paint(1);
    steps.push(performance.now() - begun);
    const again = performance.now();
    paint(0.5);
    // Drawing is over when a pixel can be read.
    context.getImageData(0, 0, 1, 1);
    frames.push(performance.now() - again);
    figure.free();
  }
  /** @type {{ count: number }[]} */
  const levels = timeline.seek(end).levels;
  const tables = levels.reduce((sum, level) => sum + level.count, 0);
  return { step: median(steps), frame: median(frames), events: end, tables, numbers: shapes };
}

for (const what of /** @type {const} */ (["tables", "events"])) {
  const { measured, browser } = await inPage(ENGINE, "figure", measure, what, COUNT);
  const { step, frame, events, tables, numbers } = measured;
  if (what === "tables")
    console.log(`the figure in Chromium ${browser}, 1280 × 560: medians of ${COUNT}, in milliseconds`);
  const told = (/** @type {number} */ time) =>
    `${time.toFixed(2)} (${(time / BUDGET).toFixed(2)} of the budget of ${BUDGET})`;
  console.log(
    `${events} events, ${tables} tables: step ${told(step)}, frame ${told(frame)}, ${numbers} numbers a frame`,
  );
}

// Measures the time of a command on the page, after few events and after very many: the two should be equal.
//
// Usage: node benches/browser/commands.mjs ENGINE [PUTS], where ENGINE is the folder of the page's engine
// (`cargo xtask bench page` makes it)

import { resolve } from "node:path";

import { inPage } from "./engine_page.mjs";

const ENGINE = resolve(process.argv[2] ?? "target/page-engine");
/** The puts of one median. */
const PUTS = Number(process.argv[3] ?? 300);
/** The numbers of events before the puts. */
const EVENTS = [200, 200_000];
/** The maximum ratio of the later puts to the earlier ones: until charts have their maximum of points, they grow. */
const BUDGET = 2;

/**
 * Runs in the page: for each number of events, the milliseconds of a put, and of all that the page asks after it.
 * @param {[string, number[], number]} arguments_
 */
async function measure([module, events, puts]) {
  const { default: init, Sandbox } = await import(module);
  await init();
  const config = { backend: "memory", preset: "teaching", options: { write_buffer_size: "64KB", wal_sync: "never" } };
  const sandbox = await Sandbox.open(config);
  const timeline = sandbox.timeline();
  let n = 0;
  const put = () => sandbox.run(`put key${(n += 1) % 5000} value${n}`);
  // The queries of `refresh` and `seek` in www/viewer.js.
  const ask = () => {
    const length = timeline.length();
    timeline.track(1500);
    timeline.samples();
    timeline.options();
    timeline.full_at();
    sandbox.has_run();
    sandbox.trouble();
    const view = timeline.seek(length);
    timeline.lanes(view.now_nanos, 60);
  };
  const median = (/** @type {number[]} */ times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
  const measured = [];
  for (const least of events) {
    while (timeline.length() < least) await put();
    const [ran, asked] = [/** @type {number[]} */ ([]), /** @type {number[]} */ ([])];
    for (let i = 0; i < puts; i += 1) {
      const begun = performance.now();
      await put();
      const between = performance.now();
      ask();
      ran.push(between - begun);
      asked.push(performance.now() - between);
    }
    measured.push({ put: median(ran), asked: median(asked), events: timeline.length(), full: timeline.full_at() });
  }
  return measured;
}

const { measured, browser } = await inPage(ENGINE, "commands", measure, EVENTS, PUTS);
console.log(`a put on the page in Chromium ${browser}: the medians of ${PUTS}, in milliseconds`);
const [first] = measured;
for (const { put, asked, events, full } of measured) {
  const ratio = (put + asked) / (first.put + first.asked);
  const verdict =
    full === undefined
      ? `${(ratio / BUDGET).toFixed(2)} of the budget of ${BUDGET} times the first`
      : `the timeline was full at ${full}`;
  const times = [put, asked].map((time) => time.toFixed(3).padStart(8));
  console.log(`${String(events).padStart(8)} events  run ${times[0]}  asked ${times[1]}  ${verdict}`);
}

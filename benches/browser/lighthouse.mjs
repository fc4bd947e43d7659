// Prints Lighthouse's scores of the published page, of embeds and of a lesson, with its preset of a phone on a slow
// line, and compares them with their budgets. npm fetches Lighthouse when this runs: nothing else needs it.
// Usage: node benches/browser/lighthouse.mjs SITE

import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";

import { chromePath } from "../../tests/e2e/browser.mjs";
import { serve } from "../../tests/e2e/server.mjs";

const LIGHTHOUSE = "lighthouse@12";
const FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking";

/** @type {Record<string, number>} */
const BUDGET = { performance: 95, accessibility: 100, "best-practices": 100 };
/** Seconds until the largest text or picture is painted. */
const LARGEST = 1.8;

const SCRIPT = "#v=2&script=put+a+1%0Aput+b+2%0Aflush";
const PAGES = {
  page: "",
  "an embed, as a page has it": `embed/index.html${SCRIPT}`,
  "an embed that starts at once": `embed/index.html?start=now${SCRIPT}`,
  "a lesson": "?lesson=deletes",
};

// As a host sends it: packed.
const server = await serve(resolve(process.argv[2]), { packs: true });
try {
  for (const [what, path] of Object.entries(PAGES)) {
    const only = Object.keys(BUDGET).join(",");
    const ask = ["exec", "--yes", "--", LIGHTHOUSE, server.url + path, "--quiet", "--output=json"];
    const how = [`--only-categories=${only}`, `--chrome-flags=${FLAGS}`];
    const env = { ...process.env, CHROME_PATH: chromePath() };
    const npm = process.platform === "win32" ? "npm.cmd" : "npm";
    const { stdout } = await promisify(execFile)(npm, [...ask, ...how], { env, maxBuffer: 64 << 20 });
    const { categories, audits, lighthouseVersion } = JSON.parse(stdout);
    const scores = Object.entries(BUDGET).map(([id, budget]) => {
      const score = Math.round(categories[id].score * 100);
      return `${id} ${score} (budget ${budget}${score >= budget ? "" : ": MISSED"})`;
    });
    const largest = audits["largest-contentful-paint"].numericValue / 1000;
    const blocked = audits["total-blocking-time"].numericValue;
    console.log(`${what}, Lighthouse ${lighthouseVersion}, a phone: ${scores.join(", ")}`);
    console.log(
      `  largest paint after ${largest.toFixed(1)} s (budget ${LARGEST}${largest <= LARGEST ? "" : ": MISSED"}), ` +
        `blocked for ${blocked.toFixed(0)} ms`,
    );
  }
} finally {
  await server.close();
}

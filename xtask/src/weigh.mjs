// Prints what a visitor's browser loads of a published site, raw and as hosts send it (gzip -9, brotli 11): first what
// the first step waits for, which is compared with its budget, then what follows or is asked for later.
// Usage: node weigh.mjs SITE

import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

const BUDGET = { kb: 300, requests: 12 };

const site = process.argv[2];
const index = readFileSync(join(site, "index.html"), "utf8");

/** What index.html asks for at once, and itself. An icon for browsers that take no SVG is not loaded by others. */
const first = [
  "index.html",
  ...[...index.replace(/<link[^>]* disabled[^>]*>/g, "").matchAll(/(?:href|src)="\.\/([^"]+)"/g)]
    .map(([, path]) => path)
    .filter((path) => !/favicon\.ico|apple-touch-icon/.test(path)),
  // What these ask for before there is a picture.
  ...readdirSync(join(site, "assets"))
    .filter((name) => /^(lsmscope_player_bg|tour)-/.test(name))
    .map((name) => `assets/${name}`),
];

/** @param {string} path */
function weighed(path) {
  const bytes = readFileSync(join(site, path));
  const sizes = [bytes.length, gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes).length];
  return { name: path.replace(/^assets\//, ""), sizes };
}

const all = readdirSync(join(site, "assets")).filter((name) => !name.endsWith(".map"));
const later = all.map((name) => `assets/${name}`).filter((path) => !first.includes(path));
const rows = { first: first.map(weighed), later: later.map(weighed) };

/** @param {number} bytes */
const kb = (bytes) => (bytes / 1000).toFixed(1).padStart(10);
const width = Math.max(...[...rows.first, ...rows.later].map((row) => row.name.length));

/**
 * @param {string} what
 * @param {{ name: string, sizes: number[] }[]} list
 */
function table(what, list) {
  console.log(`\n${what.padEnd(width)}    raw, KB   gzip, KB brotli, KB`);
  const heavy = list.toSorted((a, b) => b.sizes[0] - a.sizes[0]);
  for (const { name, sizes } of heavy) console.log(`${basename(name).padEnd(width)} ${sizes.map(kb).join(" ")}`);
  const total = [0, 1, 2].map((i) => list.reduce((sum, row) => sum + row.sizes[i], 0));
  console.log(`${"total".padEnd(width)} ${total.map(kb).join(" ")}`);
  return total;
}

const [, , brotli] = table("the first step waits for", rows.first);
table("follows, or is asked for", rows.later);
const verdict = (/** @type {boolean} */ within) => (within ? "within" : "OVER");
const size = brotli / 1000;
console.log(`\nfirst load, brotli: ${size.toFixed(1)} KB; budget ${BUDGET.kb} KB: ${verdict(size <= BUDGET.kb)}`);
console.log(
  `first load, requests: ${first.length}; budget ${BUDGET.requests}: ${verdict(first.length <= BUDGET.requests)}`,
);

// Prints the size of each file of a built site: raw, and as hosts send it (gzip -9, brotli 11).
// Usage: node weigh.mjs DIST

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

const BUDGET_KB = 300;

/** What the page does not load: the picture of a link's preview, and icons for browsers that take no SVG. */
const NOT_LOADED = ["preview.png", "favicon.ico", "apple-touch-icon.png"];

const dist = process.argv[2];
const rows = readdirSync(dist, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && !NOT_LOADED.includes(entry.name))
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
  .sort()
  .map((path) => {
    const bytes = readFileSync(path);
    const sizes = [bytes.length, gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes).length];
    return { name: path.slice(dist.length + 1), sizes };
  });
const total = { name: "total", sizes: [0, 1, 2].map((i) => rows.reduce((sum, row) => sum + row.sizes[i], 0)) };

/** @param {number} bytes */
const kb = (bytes) => (bytes / 1000).toFixed(1).padStart(10);
const width = Math.max(...rows.map((row) => row.name.length), "total".length);
console.log(`${"file".padEnd(width)}    raw, KB   gzip, KB brotli, KB`);
for (const { name, sizes } of [...rows, total]) {
  console.log(`${name.padEnd(width)} ${sizes.map(kb).join(" ")}`);
}
for (const [how, at] of /** @type {const} */ ([
  ["gzip", 1],
  ["brotli", 2],
])) {
  const size = total.sizes[at] / 1000;
  const verdict = size <= BUDGET_KB ? "within" : "OVER";
  const budget = `budget of the first load: ${BUDGET_KB} KB`;
  console.log(`all files that the page loads, ${how}: ${size.toFixed(1)} KB; ${budget}: ${verdict}`);
}

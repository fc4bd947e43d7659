// Serves the built site, and has it built again when a source has changed; pages that are open then load again.
// Usage: node serve.mjs SITE PORT [--open]

import { spawn } from "node:child_process";
import { watch } from "node:fs";
import { resolve } from "node:path";

import { serve } from "../../tests/e2e/server.mjs";

const [site, port, open] = process.argv.slice(2);

/** Builds that were asked for: Rust's sources need a compiler, the page's are copied. */
const SOURCES = [
  { paths: ["src", "Cargo.toml", "Cargo.lock"], build: ["xtask", "build"] },
  { paths: ["www", "site", "embed", "index.html", "tests/golden/tour.recording"], build: ["xtask", "build", "page"] },
];

const { url, reload } = await serve(resolve(site), {
  port: Number(port),
  live: true,
  // A sandboxed frame, as in the dialog of embeds, has no origin.
  headers: { "access-control-allow-origin": "*" },
});
console.error(`\n▸ the page is at ${url} (stop with Ctrl+C)`);
if (open) {
  const opener = { darwin: "open", win32: "explorer" }[/** @type {string} */ (process.platform)] ?? "xdg-open";
  spawn(opener, [url], { stdio: "ignore" }).on("error", () =>
    console.error(`  ${opener} did not start: open it yourself`),
  );
}

/** @type {Set<string[]>} */
const due = new Set();
let building = false;

/** Runs the builds that are due, one after the other, then has the pages load again. */
function next() {
  const [build] = due;
  if (building || !build) return;
  due.delete(build);
  building = true;
  spawn("cargo", build, { stdio: "inherit" }).on("close", (code) => {
    building = false;
    if (code === 0 && due.size === 0) reload();
    next();
  });
}

for (const { paths, build } of SOURCES) {
  for (const path of paths) {
    watch(path, { recursive: true }, () => {
      due.add(build);
      // An editor writes a file in several steps: they are one change.
      setImmediate(next);
    });
  }
}

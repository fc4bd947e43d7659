// Minifies the vendored libraries of a built site in place. The page's own files stay as in the repository, so that
// they can be read in a browser.
// Usage: node minify.mjs DIST

import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { transformSync } from "esbuild";

const vendor = join(process.argv[2], "vendor");

for (const name of readdirSync(vendor).filter((name) => name.endsWith(".js"))) {
  const path = join(vendor, name);
  const source = readFileSync(path, "utf8");
  // Keeps the licence's notice, which the licence requires.
  const notice = /^\/\*[^]*?\*\//.exec(source)?.[0] ?? "";
  const { code } = transformSync(source, { minify: true, format: "esm" });
  writeFileSync(path, notice ? `${notice}\n${code}` : code);
}

// Minifies the vendored libraries of a built site in place. The page's own files stay as they are in the repository,
// so that whoever looks at them in a browser can read them.
// Usage: node minify.mjs DIST

import { readdirSync } from "node:fs";
import { join } from "node:path";

import { build } from "esbuild";

const vendor = join(process.argv[2], "vendor");

await build({
  entryPoints: readdirSync(vendor).filter((name) => name.endsWith(".js")).map((name) => join(vendor, name)),
  outdir: vendor,
  allowOverwrite: true,
  minify: true,
  legalComments: "inline",
  logLevel: "warning",
});

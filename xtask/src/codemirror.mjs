// Bundles CodeMirror, the editor of lessons, for a page without bundler: a module for each package that the page names,
// and chunks for what they share. A published site has it from node_modules (bundle.mjs).
// Usage: node codemirror.mjs OUT

import { rmSync } from "node:fs";

import { build } from "esbuild";

const [out] = process.argv.slice(2);
const codemirror = ["autocomplete", "commands", "language", "lint", "state", "view"];
const lezer = ["common", "highlight", "markdown"];
rmSync(out, { recursive: true, force: true });
await build({
  entryPoints: [
    ...codemirror.map((name) => ({ in: `@codemirror/${name}`, out: name })),
    ...lezer.map((name) => ({ in: `@lezer/${name}`, out: `lezer-${name}` })),
  ],
  outdir: out,
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  logLevel: "warning",
});

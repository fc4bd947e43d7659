// Makes the site that is published from the one that the tests use: one bundle of the page's modules with chunks for
// what is loaded later, one style sheet, all minified, with source maps. Every file but index.html has a name that
// changes with what is in it, so that hosts may let browsers keep it for good; and the service worker, which keeps a
// version as a whole.
// Usage: node bundle.mjs SITE OUT

import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, extname, join, resolve } from "node:path";

import { nodeResolve } from "@rollup/plugin-node-resolve";
import { build, transform } from "esbuild";
import { rollup } from "rollup";

const [site, out] = process.argv.slice(2);
/** The page is built beside its place, and moved there when it is whole. */
const whole = `${out}.new`;
rmSync(whole, { recursive: true, force: true });
mkdirSync(join(whole, "assets"), { recursive: true });

/** What is asked for by a fixed name: by the browser, previews of links, and the manifest of the installed page. */
const AS_THEY_ARE = [
  "favicon.ico",
  "favicon.svg",
  "apple-touch-icon.png",
  "preview.png",
  "manifest.webmanifest",
].concat(["192", "512", "maskable-192", "maskable-512"].map((icon) => `icon-${icon}.png`));
for (const name of AS_THEY_ARE) copyFileSync(join(site, name), join(whole, name));
/**
 * A classic script of the site, minified.
 * @param {string} name
 */
async function small(name) {
  const { code } = await transform(readFileSync(join(site, name), "utf8"), { minify: true, target: "es2022" });
  return code;
}
/** The element and its plug-in for decks: hosts name them. */
for (const name of ["lsm-scope.js", "reveal-plugin.js"]) writeFileSync(join(whole, name), await small(name));
/** The element as an anywidget: notebooks and MyST copy it, so it is one file with the element in it. */
await build({
  entryPoints: [join(site, "anywidget.js")],
  outfile: join(whole, "anywidget.js"),
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  logLevel: "warning",
});

/**
 * Writes an asset under a name that changes with its bytes.
 * @param {string} name
 * @param {string | Buffer} bytes
 * @returns {string} its new name
 */
function hashed(name, bytes) {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8);
  const to = `${basename(name, extname(name))}-${hash}${extname(name)}`;
  writeFileSync(join(whole, "assets", to), bytes);
  return to;
}

const index = readFileSync(join(site, "index.html"), "utf8");
const styles = [...index.matchAll(/<link rel="stylesheet" href="([^"]+)"(?: media="(\w+)")?( data-later)?/g)];

/** The files that www/assets.js names: in the bundle, beside its chunks, under their new names. */
const fetched = new Map(
  ["lsmscope_bg.wasm", "lsmscope_player_bg.wasm", "lsmscope_lesson_bg.wasm", "tour.recording"].map((name) => [
    name,
    hashed(name, readFileSync(join(site, name))),
  ]),
);

/** The worker of www/sweep: it has the engine's bindings in it, for a worker has no chunks of the page's. */
const sweepWorker = await build({
  entryPoints: [join(site, "www/sweep/sweep-worker.js")],
  bundle: true,
  write: false,
  minify: true,
  format: "esm",
  target: "es2022",
  logLevel: "warning",
});
const sweepWorkerName = hashed("sweep-worker.js", Buffer.from(sweepWorker.outputFiles[0].contents));
const WORKER_ADDRESS = /\/www\/sweep\/worker-address\.js$/;

/** @type {import("rollup").Plugin} */
const workerAddress = {
  name: "worker-address",
  transform: (code, id) =>
    WORKER_ADDRESS.test(id) ? { code: code.replace("./sweep-worker.js", `./${sweepWorkerName}`), map: null } : null,
};

/** @type {import("rollup").Plugin} */
const assets = {
  name: "assets",
  transform: (code, id) =>
    id.endsWith("/www/assets.js")
      ? {
          code: code.replace(/"\.\.\/([\w.]+)"/g, (_, name) => {
            const place = fetched.get(name);
            if (!place) throw new Error(`www/assets.js names ${name}, which xtask/src/bundle.mjs does not know`);
            return `"./${place}"`;
          }),
          map: null,
        }
      : null,
};

/** @type {import("rollup").Plugin} */
const minified = {
  name: "minified",
  async renderChunk(code) {
    const { code: shorter, map } = await transform(code, {
      minify: true,
      format: "esm",
      target: "es2022",
      sourcemap: true,
    });
    return { code: shorter, map };
  },
};

/**
 * The chunk of a module: one for all that the first view needs, so that it comes in one request, and a small one for
 * what asks for the rest, and for the language that all of it speaks.
 * @type {import("rollup").GetManualChunk}
 */
function chunkOf(id, { getModuleInfo }) {
  if (/\/www\/(early|assets|language|words|prefs)\.js$/.test(id)) return "early";
  const first = [page];
  for (const one of first)
    first.push(...(getModuleInfo(one)?.importedIds ?? []).filter((next) => !first.includes(next)));
  return first.includes(id) ? "first" : null;
}

const input = join(site, "www/main.js");
/** The modules of the page, which the entry asks for. */
const page = resolve(site, "www/page.js");

/** What Rollup warns of is the page's, unless it is in a library. @type {import("rollup").WarningHandlerWithDefault} */
function onwarn(warning, warn) {
  const ids = warning.ids ?? [warning.id ?? ""];
  if (!ids.some((id) => id.includes("node_modules"))) warn(warning);
}

// Rollup leaves what every chunk needs in the first one; esbuild would make thirty chunks of that.
const bundle = await rollup({ input, onwarn, plugins: [nodeResolve(), assets, workerAddress, minified] });
const { output } = await bundle.write({
  dir: join(whole, "assets"),
  entryFileNames: "[name]-[hash].js",
  chunkFileNames: "[name]-[hash].js",
  sourcemap: true,
  manualChunks: chunkOf,
  onlyExplicitManualChunks: true,
});
const [main] = output;

/**
 * For the classic script, www/assets.js has the wasm itself, and no recording. Its bytes are not fetched, from a data
 * address neither: a learning platform may serve wasm as another type, and its policy may forbid requests.
 * @type {import("esbuild").Plugin}
 */
const inlined = {
  name: "inlined",
  setup(build) {
    const text = (/** @type {string} */ name) => readFileSync(join(site, name)).toString("base64");
    build.onLoad({ filter: /\/www\/assets\.js$/ }, () => ({
      contents: `const bytes = (text) => {
        const letters = atob(text);
        const bytes = new Uint8Array(letters.length);
        for (let i = 0; i < letters.length; i += 1) bytes[i] = letters.charCodeAt(i);
        return bytes;
      };
      export const ENGINE = () => bytes("${text("lsmscope_bg.wasm")}");
      export const PLAYER = ENGINE;
      export const LESSON = () => bytes("${text("lsmscope_lesson_bg.wasm")}");
      export const TOUR = new URL("about:blank");
      export const IS_RECORDED = false;`,
    }));
    // No worker either: a file, or a frame without an origin, may have none.
    build.onLoad({ filter: WORKER_ADDRESS }, () => ({ contents: "export const SWEEP_WORKER = null;" }));
  },
};

// The same in one classic script, for frames that may load no modules, and for the single file. esbuild runs a module
// when it is asked for, as a browser does; Rollup would run the page before its language has come.
const classic = await build({
  entryPoints: [input],
  bundle: true,
  write: false,
  minify: true,
  format: "iife",
  target: "es2022",
  plugins: [inlined],
  logLevel: "warning",
  logOverride: { "empty-import-meta": "silent" },
});
const everything = classic.outputFiles[0].text;

const start = await small("www/frame/start.js");

/**
 * One style sheet of many.
 * @param {string} name
 * @param {RegExpExecArray[]} parts
 * @returns {Promise<string>} its new name
 */
async function sheetOf(name, parts) {
  const { metafile } = await build({
    stdin: {
      contents: parts.map(([, path, media]) => `@import "${path}" ${media ?? "all"};`).join("\n"),
      resolveDir: site,
      loader: "css",
      sourcefile: `${name}.css`,
    },
    bundle: true,
    minify: true,
    sourcemap: true,
    outdir: join(whole, "assets"),
    entryNames: `${name}-[hash]`,
    metafile: true,
    logLevel: "warning",
  });
  return basename(Object.keys(metafile.outputs).find((path) => path.endsWith(".css")) ?? "");
}
/** Of the first view, and of what comes later: the page enables it, see www/sheets.js. */
const sheets = [
  await sheetOf(
    "main",
    styles.filter(([, , , later]) => !later),
  ),
  await sheetOf(
    "later",
    styles.filter(([, , , later]) => later),
  ),
];

// The wasm and the recording are not preloaded: on a slow line they would delay the first paint by two seconds. The
// script that asks for them is the first that runs.
const [early, first] = ["early", "first"].map((chunk) => output.find(({ name }) => name === chunk)?.fileName);
const look = [
  `<link rel="stylesheet" href="./assets/${sheets[0]}" />`,
  `<link rel="stylesheet" href="./assets/${sheets[1]}" data-later disabled />`,
];
const head = [
  ...look,
  `<link rel="modulepreload" href="./assets/${first}" />`,
  `<script type="module" src="./assets/${early}" async></script>`,
  `<script type="module" src="./assets/${main.fileName}"></script>`,
];
const bare = index
  .replace(/\n\s*<!--[^]*?-->/g, "")
  .replace(/\s*<script type="importmap">[^]*?<\/script>/, "")
  .replace(/\s*<link rel="stylesheet"[^>]*>/g, "")
  .replace(/\s*<script type="module"[^>]*><\/script>/g, "");

/** @param {string[]} lines */
const withHead = (lines) => bare.replace("</head>", `  ${lines.join("\n    ")}\n  </head>`);
const scripts = { start: hashed("start.js", start), whole: hashed("whole.js", everything) };

const pages = {
  "index.html": withHead(head),
  // The page of an embed: one folder further down, and nothing but the shell until it is started.
  "embed/index.html": withHead([
    ...look,
    `<script src="./assets/${scripts.start}" data-early="./assets/${early}"
      data-main="./assets/${main.fileName}" data-whole="./assets/${scripts.whole}" defer></script>`,
  ])
    .replace(/\s*<link rel="manifest"[^>]*>/, "")
    .replace("<html ", "<html data-frame ")
    .replaceAll('="./', '="../'),
};

/** @param {string | Buffer} bytes */
const sha256 = (bytes) => `sha256-${createHash("sha256").update(bytes).digest("base64")}`;

// What the service worker keeps: all that a visitor may open, so not the classic script, which only frames without an
// origin load, and these have no worker. Texts of lessons and the editor are kept when they were opened.
const ON_DEMAND = /\/www\/(lessons\/(?!course\.js)|(views\/)?lesson\/edit\/)/;
const texts = output.flatMap((one) =>
  one.type === "chunk" && ON_DEMAND.test(one.facadeModuleId ?? "") ? [one.fileName] : [],
);
const onDemand = [fetched.get("lsmscope_lesson_bg.wasm"), ...texts].map((name) => `assets/${name}`);
const allAssets = readdirSync(join(whole, "assets"))
  .filter((name) => !name.endsWith(".map") && name !== scripts.whole)
  .map((name) => [`assets/${name}`, sha256(readFileSync(join(whole, "assets", name)))]);
const [demanded, keptAssets] = [true, false].map((is) => allAssets.filter(([path]) => onDemand.includes(path) === is));
const version = createHash("sha256")
  .update(JSON.stringify([pages, allAssets]))
  .digest("hex")
  .slice(0, 8);
mkdirSync(join(whole, "embed"));
for (const [path, html] of Object.entries(pages))
  writeFileSync(join(whole, path), html.replace("<html ", `<html data-version="${version}" `));
const { code: worker } = await transform(readFileSync(new URL("../../site/worker.js", import.meta.url), "utf8"), {
  minify: true,
  format: "iife",
  target: "es2022",
  define: {
    VERSION: JSON.stringify(version),
    PAGES: JSON.stringify(Object.keys(pages)),
    ASSETS: JSON.stringify(keptAssets),
    ON_DEMAND: JSON.stringify(demanded),
  },
});
writeFileSync(join(whole, "sw.js"), worker);

// One file, for a disk or a learning platform: everything inline, and a policy that lets nothing else in.
const css = sheets
  .map((sheet) => readFileSync(join(whole, "assets", sheet), "utf8").replace(/\n?\/\*# sourceMappingURL.*\*\//, ""))
  .join("");
const inline = everything.replaceAll("</script", "<\\/script");
const policy = [
  "default-src 'none'",
  `script-src '${sha256(inline)}' 'wasm-unsafe-eval'`,
  `style-src '${sha256(css)}'`,
  "img-src data: blob:",
  "media-src blob:",
];
const single = bare
  .replace("<html ", "<html data-single ")
  .replace(/\s*<link rel="(icon|apple-touch-icon|manifest)"[^>]*>/g, "")
  .replace(
    /(<meta charset="utf-8" \/>)/,
    `$1\n    <meta http-equiv="Content-Security-Policy" content="${policy.join("; ")}" />`,
  )
  .replace("</head>", () => `  <style>${css}</style>\n  </head>`)
  .replace("</body>", () => `  <script>${inline}</script>\n  </body>`);
writeFileSync(join(whole, "lsmscope.html"), single);

// What hosts that read this file send: see docs/embedding.md.
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data: blob:",
  "media-src blob:",
  "frame-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors *",
];
const ofPages = `  Cache-Control: no-cache
  Content-Security-Policy: ${POLICY.join("; ")}`;
// A rule for each path: what one rule sends, no other takes back, which only some hosts could read.
const headers = `/*
  Access-Control-Allow-Origin: *
${["/", "/index.html", "/embed/*"].map((path) => `${path}\n${ofPages}`).join("\n")}
/sw.js
  Cache-Control: no-cache
/assets/*
  Cache-Control: public, max-age=31536000, immutable
`;
writeFileSync(join(whole, "_headers"), headers);

rmSync(out, { recursive: true, force: true });
renameSync(whole, out);

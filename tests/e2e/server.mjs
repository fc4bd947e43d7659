// A static server for the built site: right types, no cache, a free port. Nothing that a plain host would not do.

import { createReadStream } from "node:fs";
import { readFile, readdir, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { brotliCompress } from "node:zlib";
import { extname, join, normalize, sep } from "node:path";
import { promisify } from "node:util";

/** @type {Record<string, string>} */
const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".md": "text/markdown; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".map": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

/** Ends the worker of a published site that was once served at the same address: it would go on showing that. */
const NO_WORKER = `addEventListener("install", () => skipWaiting());
addEventListener("activate", async () => {
  await registration.unregister();
  for (const page of await clients.matchAll({ type: "window" })) page.navigate(page.url);
});`;

/** What a page that is served live has as well: it loads again when the site has changed. */
const LIVE = '<script type="module">new EventSource("./changes").onmessage = () => location.reload()</script>';

/**
 * All files below `root`, with brotli, by their paths.
 * @param {string} root
 * @returns {Promise<Map<string, Buffer>>}
 */
async function allPacked(root) {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const pack = promisify(brotliCompress);
  return new Map(
    await Promise.all(
      paths.map(async (path) => /** @type {[string, Buffer]} */ ([path, await pack(await readFile(path))])),
    ),
  );
}

/**
 * A file below `root`; null if there is none.
 * @param {string} root
 * @param {string} name
 */
async function fileIn(root, name) {
  const path = join(root, name);
  const found = path.startsWith(root + sep) ? await stat(path).catch(() => null) : null;
  return found?.isFile() ? { path, size: found.size } : null;
}

/**
 * Serves the files below `root` until `close` is called.
 * @param {string} root
 * @param {object} [how]
 * @param {number} [how.port] A free one, if it is left out.
 * @param {boolean} [how.live] Pages load again when they are told to.
 * @param {boolean} [how.packs] Files are sent with brotli, as hosts do. They are packed before: that takes far longer
 *   than a page does, and would slow down what is measured.
 * @param {boolean} [how.redirects] From index.html to its folder, as some hosts do.
 * @param {Record<string, string>} [how.headers] Of every answer.
 * @param {string} [how.behind] Where a file is that `root` has not.
 * @returns {Promise<{ url: string, reload: () => void, close: () => Promise<void> }>} `url` ends with a slash;
 *   `reload` has pages that are served live load again.
 */
export async function serve(
  root,
  { port = 0, live = false, packs = false, redirects = false, headers = {}, behind } = {},
) {
  /** @type {Set<import("node:http").ServerResponse>} */
  const listening = new Set();
  const packed = packs ? await allPacked(root) : new Map();
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (live && pathname.endsWith("/changes")) {
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" }).flushHeaders();
      listening.add(response.on("close", () => listening.delete(response)));
      return;
    }
    if (live && pathname === "/sw.js") {
      response.writeHead(200, { "content-type": TYPES[".js"], "cache-control": "no-store" }).end(NO_WORKER);
      return;
    }
    if (redirects && pathname.endsWith("/index.html")) {
      response.writeHead(301, { location: "./" }).end();
      return;
    }
    const name = normalize(decodeURIComponent(pathname.endsWith("/") ? `${pathname}index.html` : pathname));
    const file = (await fileIn(root, name)) ?? (behind === undefined ? null : await fileIn(behind, name));
    if (!file) {
      response.writeHead(404, { "content-type": "text/plain" }).end(`no ${pathname} here`);
      return;
    }
    const { path, size } = file;
    const type = { ...headers, "content-type": TYPES[extname(path)] ?? "application/octet-stream" };
    if (packs) {
      const bytes = packed.get(path);
      response.writeHead(200, { ...type, "content-encoding": "br", "content-length": bytes.length }).end(bytes);
      return;
    }
    const added = live && extname(path) === ".html" ? LIVE : "";
    response.writeHead(200, {
      ...type,
      "content-length": size + added.length,
      "cache-control": "no-store",
    });
    createReadStream(path)
      .on("end", () => response.end(added))
      // It was taken away meanwhile.
      .on("error", () => response.destroy())
      .pipe(response, { end: false });
  });
  // Node ends a connection that rests for five seconds, and a request that is just on its way in it fails: browsers ask
  // again, a test's own fetch does not.
  server.keepAliveTimeout = 0;
  await new Promise((ready, failed) => {
    server.once("error", failed).listen(port, "127.0.0.1", () => ready(undefined));
  });
  const address = server.address();
  if (!address || typeof address === "string") throw new Error("the server has no port");
  return {
    url: `http://127.0.0.1:${address.port}/`,
    reload: () => {
      for (const page of listening) page.write("data: changed\n\n");
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

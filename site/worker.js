// The published site's service worker: it keeps the site in the browser, so that it opens without a network.
// `xtask/src/bundle.mjs` fills in VERSION, PAGES, ASSETS and ON_DEMAND, and writes it as sw.js beside index.html.
//
// One version is one cache, and a page gets files of one version only:
//   pages (HTML)  come from the cache of this worker's version, whatever the server has by now;
//   assets        have a hash of their bytes in their names, so the cache that has one has the right one: a page of an
//                 older version, which is still open, gets its own.
// What is on demand, such as the wasm of lessons, is kept from when a page first asks for it: a visitor who opens no
// lesson does not load it. All else of a version is installed whole or not at all. A version begins with the next page.
// Open pages are told that it is there; they stay as they are. The cache of an older one is dropped when each open page
// has answered that it is of another.
//
// In: `fetch` of pages and assets; `{ lsmscope: 1, type: "version" }` of a page that has begun. Out: to each page
// `{ lsmscope: 1, type: "version", version }` with a port for its own version. Errors: an install that fails is tried
// again by the browser, at a later visit. What is not kept is asked of the network.

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const { registration, clients } = worker;

/** Other sites of the same origin have caches as well. */
const PREFIX = `lsmscope:${registration.scope}:`;
const CACHE = PREFIX + VERSION;
/** Hosts vary what they send, by `Origin` say; what is kept is the same for all. */
const ANY = { ignoreVary: true };

worker.addEventListener("install", (event) => event.waitUntil(install().then(() => worker.skipWaiting())));
worker.addEventListener("activate", (event) => {
  event.waitUntil(clients.claim());
  // Not waited for: it takes until the last page has answered, and requests wait for what is waited for here.
  void dropOld();
});
worker.addEventListener("message", ({ data }) => {
  if (data?.lsmscope === 1 && data.type === "version") void dropOld();
});
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const [address] = request.url.split(/[?#]/);
  const page = request.mode === "navigate" && pageAt(address);
  if (page) event.respondWith(kept(CACHE, urlOf(page), request));
  else if (address.startsWith(urlOf("assets/"))) event.respondWith(kept(undefined, address, request));
});

/** @param {string} path */
function urlOf(path) {
  return new URL(path, registration.scope).href;
}

/**
 * The page of the site at an address, which may name a folder.
 * @param {string} address Without query and fragment.
 */
function pageAt(address) {
  return PAGES.find((page) => [page, page.replace("index.html", "")].map(urlOf).includes(address));
}

/**
 * What is kept; of all caches, if `cacheName` is left out.
 * @param {string | undefined} cacheName
 * @param {string} url
 * @param {Request} request
 */
async function kept(cacheName, url, request) {
  const found = await caches.match(url, { ...ANY, cacheName });
  const demanded = ON_DEMAND.find(([path]) => urlOf(path) === url);
  if (found || !demanded) return found ?? fetch(request);
  const response = await loaded(url, { integrity: demanded[1] });
  // The page does not wait until it is kept, and has it also where there is no room to keep it.
  const copy = response.clone();
  void caches
    .open(CACHE)
    .then((cache) => cache.put(url, copy))
    .catch(() => {});
  return response;
}

/** Fills the cache, one file after the other: the page's own requests go first. */
async function install() {
  const cache = await caches.open(CACHE);
  for (const [path, integrity] of ASSETS) {
    const url = urlOf(path);
    // What an older version has, or an attempt that failed later, is not loaded again.
    if (await cache.match(url, ANY)) continue;
    await cache.put(url, (await caches.match(url, ANY)) ?? (await loaded(url, { integrity })));
  }
  for (const page of PAGES) {
    const response = await loaded(urlOf(page), { cache: "no-cache" });
    const html = await response.text();
    if (!html.includes(` data-version="${VERSION}"`)) throw new Error(`${page} is not of version ${VERSION}`);
    const headers = new Headers(response.headers);
    for (const name of ["content-encoding", "content-length"]) headers.delete(name);
    // A new response: browsers refuse a page that came by a redirect, as some hosts send from index.html to its folder.
    await cache.put(urlOf(page), new Response(html, { headers }));
  }
}

/**
 * @param {string} url
 * @param {RequestInit} how
 */
async function loaded(url, how) {
  const response = await fetch(url, how);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response;
}

/** Drops the versions of which no page is open. One that does not answer, or is not started yet, may be of any. */
async function dropOld() {
  const windows = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const pages = windows.filter(({ url }) => url.startsWith(registration.scope));
  const living = (await Promise.all(pages.map(versionOf))).map((version) => PREFIX + version);
  const names = await caches.keys();
  // A newer version is being installed: it will do this.
  if (registration.installing || registration.waiting) return;
  const old = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE && !living.includes(name));
  await Promise.all(old.map((name) => caches.delete(name)));
}

/**
 * Asks a page for its version, and tells it of this one.
 * @param {Client} page
 * @returns {Promise<unknown>}
 */
function versionOf(page) {
  return new Promise((answered) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => answered(data);
    page.postMessage({ lsmscope: 1, type: "version", version: VERSION }, [port2]);
  });
}

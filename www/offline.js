// Has the published page kept in the browser, so that it opens without a network, and learns of newer versions. The
// keeping is done by a service worker: see `site/worker.js`.
//
// In: the page's version, which only the published HTML has. Out: a registered worker, with which this page exchanges
// versions; `onNewVersion`. Errors: none. A browser that refuses, as in a sandboxed frame, has the page as before.

/**
 * @param {object} how
 * @param {string} how.version Of this page.
 * @param {boolean} how.keeps Whether the site is to be kept; without, a worker that is there is answered.
 * @param {() => void} how.onNewVersion A newer version is there: the next page is of that.
 */
export async function useOffline({ version, keeps, onNewVersion }) {
  const workers = container();
  if (!workers) return;
  // A worker says it whenever a page begins; the visitor is told once.
  let newest = version;
  workers.addEventListener("message", ({ data, ports: [port] }) => {
    if (data?.lsmscope !== 1 || data.type !== "version") return;
    port?.postMessage(version);
    if (data.version !== version && data.version !== newest) onNewVersion();
    newest = data.version;
  });
  workers.startMessages();
  // Whose worker is of another version says so.
  workers.controller?.postMessage({ lsmscope: 1, type: "version" });
  if (!keeps || savesData()) return;
  const registration = await workers.register("./sw.js").catch(() => null);
  if (!registration) return;
  // A page may be open for days.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") registration.update().catch(() => {});
  });
}

/** Null where there can be no worker: a page without an origin, an insecure one, a browser that refuses. */
function container() {
  try {
    return navigator.serviceWorker ?? null;
  } catch {
    return null;
  }
}

/** Whether this visitor has asked the browser to load no more than is needed. */
export function savesData() {
  return /** @type {{ connection?: { saveData?: boolean } }} */ (navigator).connection?.saveData === true;
}

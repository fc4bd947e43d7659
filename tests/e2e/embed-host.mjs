// What the tests of embeds share, whatever the browser: a script, and a host's page of another
// origin that speaks the protocol.

import { createServer } from "node:http";

/** The fragment of a link: three writes, a flush and a read. */
export const SCRIPT = `v=2&script=${encodeURIComponent("put a 1\nput b 2\nput a 3\nflush\nget a")}`;

/** What a host does by the protocol: it notes what comes, and hands a port over. */
export const HOST = `<!doctype html><html lang="en"><title>a host</title><link rel="icon" href="data:,"><body><script>
  window.heard = [];
  let port = null, ids = 0;
  const replies = new Map();
  const note = (data) => {
    window.heard.push(data);
    if (data && data.id !== undefined) replies.get(data.id)?.(data);
  };
  addEventListener("message", ({ data, source }) => {
    if (source !== document.querySelector("iframe")?.contentWindow) return;
    note(data);
    if (data.lsmscope !== 1 || data.type !== "ready" || port) return;
    const channel = new MessageChannel();
    port = channel.port1;
    port.onmessage = (message) => note(message.data);
    source.postMessage({ lsmscope: 1, type: "hello" }, "*", [channel.port2]);
  });
  window.ask = (message) => new Promise((reply) => {
    const id = (ids += 1);
    replies.set(id, reply);
    port.postMessage({ lsmscope: 1, id, ...message });
  });
</script></body></html>`;

/**
 * Serves one page, whatever is asked for.
 * @param {string} [html]
 * @param {Record<string, string>} [headers]
 * @returns {Promise<{ url: string, port: number, close: () => void }>} `url` ends with a slash
 */
export async function serveHost(html = HOST, headers = {}) {
  const server = createServer((_, response) =>
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", ...headers }).end(html),
  );
  await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(null)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}/`, port, close };
}

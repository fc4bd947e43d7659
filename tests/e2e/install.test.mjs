// The published page as an application: its manifest and colours, and when and where its worker is installed.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";

import { PUBLISHED, launchProfile } from "./browser.mjs";
import { HEADERS, folder, hosted, isKept, open, visit } from "./hosted.mjs";
import { heldEngine } from "./page.mjs";
import { serve } from "./server.mjs";

/** @typedef {import("playwright-core").BrowserContext} BrowserContext */
/** @typedef {import("playwright-core").Page | import("playwright-core").Frame} Frame */

test("Chromium finds nothing that hinders an installation; icons are as large as the manifest says", async () => {
  const server = await serve(dirname(PUBLISHED), { headers: HEADERS });
  const context = await launchProfile(folder());
  try {
    const page = await visit(context, `${server.url}${basename(PUBLISHED)}/`);
    const session = await context.newCDPSession(page);
    const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
    assert.deepEqual(installabilityErrors, []);
    const { errors, url, data } = await session.send("Page.getAppManifest");
    assert.deepEqual(errors, []);
    const { name, start_url, icons } = JSON.parse(data ?? "");
    assert.equal(new URL(start_url, url).href, page.url().split("#")[0]);
    assert.equal(name, await page.locator("meta[property='og:title']").getAttribute("content"));
    /** @type {string[]} */
    const drawn = [];
    for (const { src, sizes, purpose } of icons.filter((/** @type {any} */ icon) => icon.type === "image/png")) {
      const png = readFileSync(join(PUBLISHED, src));
      assert.equal(`${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`, sizes, src);
      drawn.push(`${purpose} ${sizes}`);
    }
    assert.deepEqual(drawn, ["any 192x192", "any 512x512", "maskable 192x192", "maskable 512x512"]);
  } finally {
    await context.close();
    await server.close();
  }
});

test("what is around the page has the colour of its top bar, in the system's theme and in a chosen one", async () => {
  await hosted(
    async ({ url, context }) => {
      const page = await open(context, url);
      /** @type {string[]} */
      const seen = [];
      for (let themes = 0; themes < 3; themes += 1) {
        const [around, bar] = await page.evaluate(() => {
          const metas = /** @type {NodeListOf<HTMLMetaElement>} */ (
            document.querySelectorAll("meta[name=theme-color]")
          );
          const used = [...metas].find((meta) => matchMedia(meta.media).matches);
          const probe = Object.assign(document.createElement("i"), { style: `color: ${used?.content}` });
          document.body.append(probe);
          const { color } = getComputedStyle(probe);
          return [color, getComputedStyle(/** @type {Element} */ (document.querySelector(".head"))).backgroundColor];
        });
        assert.equal(around, bar);
        seen.push(bar);
        await page.getByRole("button", { name: "Theme" }).click();
      }
      assert.equal(seen[0], seen[2]);
      assert.notEqual(seen[0], seen[1]);
    },
    { colorScheme: "dark" },
  );
});

/**
 * Notes in each frame whether it has come to its worker, and what it has registered.
 * @param {BrowserContext} context
 */
async function watchWorkers(context) {
  await context.addInitScript(() => {
    const seen = { came: false, registered: /** @type {unknown[]} */ ([]) };
    Object.assign(globalThis, { seen });
    const workers = Object.getOwnPropertyDescriptor(Navigator.prototype, "serviceWorker");
    // The empty page that a browser begins with has none.
    if (!workers) return;
    Object.defineProperty(Navigator.prototype, "serviceWorker", {
      ...workers,
      get() {
        seen.came = true;
        return workers.get?.call(this);
      },
    });
    const { register } = ServiceWorkerContainer.prototype;
    ServiceWorkerContainer.prototype.register = function (url, options) {
      seen.registered.push(url);
      return register.call(this, url, options);
    };
  });
}

/** @typedef {{ came: boolean, registered: string[] }} Seen */

/**
 * What a frame has registered, when it has come to that.
 * @param {Frame} frame
 */
async function registered(frame) {
  await frame.waitForFunction(() => /** @type {any} */ (globalThis).seen.came);
  return frame.evaluate(() => /** @type {Seen} */ (/** @type {any} */ (globalThis).seen).registered);
}

test("the worker comes last: after the first picture, and after the engine", async () => {
  await hosted(async ({ url, context }) => {
    await watchWorkers(context);
    const release = await heldEngine(context);
    const page = await open(context, url);
    await page.evaluate(() => new Promise((done) => requestIdleCallback(() => requestIdleCallback(done))));
    assert.equal(await page.evaluate(() => /** @type {any} */ (globalThis).seen.came), false);
    release();
    assert.deepEqual(await registered(page), ["./sw.js"]);
    await isKept(page);
  });
});

test("who saves data loads nothing for later", async () => {
  await hosted(async ({ url, context }) => {
    await context.addInitScript(() => Object.defineProperty(navigator, "connection", { value: { saveData: true } }));
    await watchWorkers(context);
    assert.deepEqual(await registered(await open(context, url)), []);
  });
});

/**
 * Opens a frame in a page of another site.
 * @param {BrowserContext} context
 * @param {string} src
 * @param {string} [sandbox]
 * @returns {Promise<import("playwright-core").Frame>}
 */
async function framed(context, src, sandbox) {
  const site = folder();
  const attributes = sandbox ? `sandbox="${sandbox}"` : "";
  const frame = `<iframe title="lsmscope" width="900" height="600" src="${src}" ${attributes}></iframe>`;
  const head = '<title>a host</title><link rel="icon" href="data:,">';
  writeFileSync(join(site, "index.html"), `<!doctype html><html lang="en">${head}${frame}</html>`);
  const server = await serve(site);
  context.on("close", () => server.close());
  const page = await context.newPage();
  await page.goto(server.url.replace("127.0.0.1", "localhost"));
  const found = await (await page.waitForSelector("iframe")).contentFrame();
  assert.ok(found);
  return found;
}

for (const path of ["", "embed/?start=now"]) {
  test(`in a frame of a host, ${path ? "an embed" : "the page"} installs nothing`, async () => {
    await hosted(async ({ url, context, complaints }) => {
      await watchWorkers(context);
      assert.deepEqual(await registered(await framed(context, url + path)), []);
      assert.deepEqual(complaints, []);
    });
  });
}

test("in a sandboxed frame, the browser refuses workers, and nothing is said of it", async () => {
  await hosted(async ({ url, context, complaints }) => {
    await watchWorkers(context);
    assert.deepEqual(await registered(await framed(context, `${url}embed/?start=now`, "allow-scripts")), []);
    assert.deepEqual(complaints, []);
  });
});

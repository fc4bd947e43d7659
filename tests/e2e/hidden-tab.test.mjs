// An embed in a tab that is really hidden: another one is in front of it. Playwright has every tab believe that it is
// seen; Puppeteer does not.

import assert from "node:assert/strict";
import { test } from "node:test";

import puppeteer from "puppeteer-core";

import { PUBLISHED, chromePath } from "./browser.mjs";
import { HOST, SCRIPT, serveHost } from "./embed-host.mjs";
import { serve } from "./server.mjs";

test("a frame and an element wait in a hidden tab, start when it is shown, as high as their width asks", async () => {
  const site = await serve(PUBLISHED, { headers: { "access-control-allow-origin": "*" } });
  const host = await serveHost(HOST);
  const browser = await puppeteer.launch({
    executablePath: chromePath(),
    headless: true,
    args: ["--no-sandbox", "--disable-quic"],
  });
  try {
    const page = await browser.newPage();
    await page.goto(host.url);
    const other = await browser.newPage();
    await other.bringToFront();
    await page.waitForFunction(() => document.visibilityState === "hidden", { polling: 100 });
    /** @type {string[]} */
    const requests = [];
    page.on("request", (request) => requests.push(request.url()));
    await page.evaluate(
      async (base, fragment) => {
        const src = `${base}embed/?start=view#${fragment}`;
        const frame = Object.assign(document.createElement("iframe"), { src, width: 700, height: 300 });
        const loaded = new Promise((done) => (frame.onload = done));
        document.body.append(frame);
        await loaded;
        const script = Object.assign(document.createElement("script"), { src: `${base}lsm-scope.js` });
        const ready = new Promise((done) => (script.onload = done));
        document.head.append(script);
        await ready;
        document.body.insertAdjacentHTML("afterbegin", `<lsm-scope start="view" height="300"></lsm-scope>`);
        document.querySelector("lsm-scope")?.setAttribute("state", fragment);
        frame.setAttribute("width", "500");
      },
      site.url,
      SCRIPT,
    );
    // As long as the element waits for a page to be at rest, and more.
    await page.evaluate(() => new Promise((done) => setTimeout(done, 600)));
    assert.equal(await page.evaluate(() => document.visibilityState), "hidden", "it is not hidden: this tests nothing");
    assert.deepEqual(
      requests.filter((url) => /\/assets\/(first|whole|main)-[^/]*\.js/.test(url)),
      [],
    );
    assert.equal(
      await page.evaluate(() => document.querySelector("lsm-scope")?.shadowRoot?.querySelector("iframe")),
      null,
    );
    await page.bringToFront();
    await page.waitForFunction(() => Boolean(document.querySelector("lsm-scope")?.shadowRoot?.querySelector("iframe")));
    const told = await page.waitForFunction(() =>
      /** @type {any} */ (globalThis).heard.find((/** @type {any} */ one) => one?.type === "height"),
    );
    // The height of 500 pixels' width, not of the 700 that it was made with.
    assert.equal((await told.jsonValue()).height, 730);
  } finally {
    await browser.close();
    await site.close();
    host.close();
  }
});

// <lsm-scope> with the frame as it is published: in a page of another origin, two engines run at a time, and the third
// element takes over the frame of the one that gives way. tests/embed has the element's own tests, with a frame without
// an engine.

import assert from "node:assert/strict";
import { test } from "node:test";

import { watch } from "./browser.mjs";
import { serveHost } from "./embed-host.mjs";
import { browser, sites } from "./embedded.mjs";

/** @typedef {import("playwright-core").Page} Page */

/**
 * Opens a host's page with elements in it.
 * @param {string} body
 * @param {(page: Page) => Promise<void>} run
 * @param {keyof typeof sites} [site]
 */
async function hosted(body, run, site = "open") {
  const script = `<script src="${sites[site].url}lsm-scope.js"></script>`;
  const host = await serveHost(
    '<!doctype html><html lang="en"><title>a host</title><link rel="icon" href="data:,">' +
      `${script}<body>${body}</body></html>`,
  );
  const context = await browser.newContext({ viewport: { width: 1000, height: 900 } });
  const complaints = watch(context);
  try {
    const page = await context.newPage();
    await page.goto(host.url);
    await run(page);
    assert.deepEqual(complaints, []);
  } finally {
    await context.close();
    host.close();
  }
}

/**
 * Elements with a script each, the first with the id `s1`.
 * @param {string[]} attributes of each one
 */
const elements = (...attributes) =>
  attributes.map((own, i) => `<lsm-scope id="s${i + 1}" ${own}></lsm-scope>`).join("");

/** @param {string} key */
const putting = (key) => `state="v=2&script=put+${key}+1%0Aflush"`;

/**
 * Presses an element's poster, and waits for its frame.
 * @param {Page} page
 * @param {string} id
 */
async function start(page, id) {
  await page.evaluate((selector) => {
    const element = /** @type {HTMLElement} */ (document.querySelector(selector));
    const ready = new Promise((resolve) => element.addEventListener("lsm-ready", resolve, { once: true }));
    Object.assign(self, { ready });
    element.shadowRoot?.querySelector("button")?.click();
    element.scrollIntoView({ block: "nearest" });
  }, id);
  await page.evaluate(() => Reflect.get(self, "ready"));
  return frameOf(page, id);
}

/**
 * @param {Page} page
 * @param {string} id
 */
async function frameOf(page, id) {
  const frame = await (await page.locator(`${id} iframe`).elementHandle())?.contentFrame();
  assert.ok(frame, "no frame");
  return frame;
}

/** @param {Page} page */
const running = (page) => page.frames().length - 1;

/**
 * @param {Page} page
 * @param {string} id
 * @returns {Promise<string>}
 */
const stateOf = (page, id) => page.locator(id).evaluate((element) => /** @type {any} */ (element).state());

test("two engines run, whatever the number of elements; the third takes over a frame as if it were new", async () => {
  const own = [putting("first"), putting("second"), putting("third")];
  await hosted(elements(...own.map((state) => `${state} controls="full"`)), async (page) => {
    const first = await start(page, "#s1");
    await first.evaluate(() => void Object.assign(self, { mark: true }));
    // What a reader leaves in it.
    await first.getByRole("button", { name: "Scripts", exact: true }).click();
    await first.getByRole("complementary", { name: "Controls" }).waitFor();
    await first.getByRole("textbox", { name: "Command" }).first().fill("put typed 1");
    await start(page, "#s2");
    // The second frame may still ask for what comes later.
    /** @type {string[]} */
    const pages = [];
    page.on("request", (request) => request.isNavigationRequest() && pages.push(request.url()));
    const heights = await page.locator("#s3").evaluateHandle((element) => {
      /** @type {any[]} */
      const heard = [];
      for (const name of ["lsm-height", "lsm-step"])
        element.addEventListener(name, (event) => heard.push(/** @type {CustomEvent} */ (event).detail));
      return heard;
    });
    const third = await start(page, "#s3");
    assert.equal(running(page), 2);
    assert.equal(await third.evaluate(() => Reflect.get(self, "mark")), true, "it is the first one's document");
    assert.deepEqual(pages, []);
    assert.match(await stateOf(page, "#s3"), /put\+third\+1/);
    await page.waitForFunction((heard) => heard.some((/** @type {any} */ one) => one.height > 300), heights);
    const heard = await heights.jsonValue();
    assert.ok(heard.some((/** @type {any} */ one) => one.moment && one.position === one.length));
    // As an element's own frame: nothing is open, nothing is typed, and the script is another one.
    assert.equal(await third.getByRole("complementary", { name: "Controls" }).count(), 0);
    assert.equal(await third.getByRole("textbox", { name: "Command" }).first().inputValue(), "");
    await third.getByRole("textbox", { name: "Command" }).first().fill("get first");
    await third.getByRole("textbox", { name: "Command" }).first().press("Enter");
    await third
      .locator(".say .status")
      .filter({ hasText: /not found|none/i })
      .waitFor();
    // The first goes on where it was.
    await page.locator("#s2").evaluate((element) => /** @type {any} */ (element).step({ backwards: true }));
    await start(page, "#s1");
    assert.match(await stateOf(page, "#s1"), /put\+first\+1/);
    assert.equal(running(page), 2);
  });
});

test("a frame that is taken over opens what a new one would: the tour, and why a link is not followed", async () => {
  const body = elements(putting("first"), putting("second"), "", 'state="v=9&script=put+a+1"');
  await hosted(body, async (page) => {
    await start(page, "#s1");
    await start(page, "#s2");
    const tour = await start(page, "#s3");
    await tour.getByText("17 lines to play").first().waitFor();
    const refused = await start(page, "#s4");
    await refused
      .getByText(/version 9/)
      .first()
      .waitFor();
    assert.doesNotMatch(await stateOf(page, "#s4"), /second/);
    assert.equal(running(page), 2);
  });
});

test("a figure's range is that of the element that takes its frame over", async () => {
  const figure = (/** @type {string} */ key, /** @type {number} */ op) =>
    `state="v=2&script=put+${key}+1%0Aput+${key}+2" mode="figure" from="op:${op}/acknowledged" to="op:${op}/op_ended"`;
  const body = elements(figure("a", 1), figure("b", 1), figure("c", 2));
  await hosted(body, async (page) => {
    const first = await start(page, "#s1");
    await start(page, "#s2");
    const moments = await page.locator("#s3").evaluateHandle((element) => {
      /** @type {string[]} */
      const heard = [];
      element.addEventListener("lsm-step", (event) => heard.push(/** @type {CustomEvent} */ (event).detail.moment));
      return heard;
    });
    assert.ok((await start(page, "#s3")) === first, "it is the first one's frame");
    await page.waitForFunction((heard) => heard.at(-1) === "op:2/op_ended", moments);
    const heard = await moments.jsonValue();
    assert.equal(heard[0], "op:2/acknowledged");
    assert.equal(new Set(heard).size, heard.length, "none is told twice");
    assert.match(await stateOf(page, "#s3"), /put\+c\+1/);
  });
});

test("what runs a workload gives way to another", async () => {
  await hosted(elements(putting("first"), putting("second"), putting("third")), async (page) => {
    const first = await start(page, "#s1");
    await first.getByRole("textbox", { name: "Command" }).first().fill("fill 200000");
    await first.getByRole("textbox", { name: "Command" }).first().press("Enter");
    await start(page, "#s2");
    await start(page, "#s3");
    assert.match(await stateOf(page, "#s3"), /put\+third\+1/);
    assert.equal(running(page), 2);
  });
});

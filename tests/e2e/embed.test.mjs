// The page as an embed, in frames of hosts: another origin, sandboxed or not, hosts without CORS headers, a strict
// policy; and the single file, from the disk.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { brotliCompressSync } from "node:zlib";

import { PUBLISHED, publishedPolicy, watch } from "./browser.mjs";
import { SCRIPT } from "./embed-host.mjs";
import { ask, browser, embedded, heard, messages, sites } from "./embedded.mjs";

/** Bytes of an embed before it is started, as a host with brotli sends them. */
const NOT_STARTED = 20_000;

for (const [what, site, whole] of /** @type {const} */ ([
  ["whose site sends no CORS headers: one classic script", "plain", true],
  ["whose site allows all origins: modules", "open", false],
  ["whose site sends a strict policy and no CORS headers", "strict", true],
])) {
  test(`a sandboxed frame runs, and does what its host asks, ${what}`, async () => {
    await embedded(sites[site].url, { query: "start=now" }, async (page, frame, requests) => {
      const ready = await heard(page, "ready");
      assert.match(ready.version, /^\d+\.\d+/);
      await frame.locator("canvas.figure").waitFor();
      assert.equal(
        requests.some((url) => /whole-/.test(url)),
        whole,
      );
      const end = await ask(page, { type: "seek", moment: "flush:1/version_installed" });
      assert.match(end.title, /installed|in the tree|Version/i);
      const back = await ask(page, { type: "step", how: "operation", backwards: true });
      assert.ok(back.position < end.position);
      const { state } = await ask(page, { type: "state" });
      assert.match(state, /^v=2&/);
      const refused = await ask(page, { type: "seek", moment: "flush:9/flush_ended" });
      assert.equal(refused.type, "error");
      const load = { type: "load", state: `v=2&script=${encodeURIComponent("put other 1")}` };
      assert.equal((await ask(page, load)).moment, "op:1/op_ended", "it has run when it is answered");
      const wrong = await ask(page, { type: "load", state: "v=9&script=put+a+1" });
      assert.match(wrong.text, /version 9/);
      // One put, from the open on: the script before is gone.
      await page.waitForFunction(() => {
        const last = /** @type {any} */ (globalThis).heard.findLast((/** @type {any} */ m) => m?.type === "step");
        return last.moment === "op:1/op_ended" && last.position === last.length;
      });
    });
  });
}

test("messages of others, of other kinds and of other sizes are not taken", async () => {
  await embedded(sites.open.url, { query: "start=now", sandbox: null }, async (page, frame) => {
    await heard(page, "ready");
    await frame.locator("canvas.figure").waitFor();
    const before = await ask(page, { type: "seek", moment: 3 });
    await frame.locator("body").evaluate((body) => {
      const other = document.createElement("iframe");
      body.append(other);
      /** @type {any} */ (other.contentWindow)?.eval(
        'parent.postMessage({ lsmscope: 1, type: "seek", moment: 0 }, "*")',
      );
    });
    await page.evaluate(() => {
      const target = document.querySelector("iframe")?.contentWindow;
      target?.postMessage({ lsmscope: 2, type: "seek", moment: 0 }, "*");
      target?.postMessage({ lsmscope: 1, type: "constructor", moment: 0 }, "*");
      target?.postMessage({ lsmscope: 1, type: "seek", moment: 0, more: "x".repeat(70_000) }, "*");
      target?.postMessage("seek", "*");
    });
    const now = await ask(page, { type: "step", how: "event" });
    assert.equal(now.position, before.position + 1);
  });
});

test("an embed that is not started is light, and starts when it is clicked", async () => {
  await embedded(sites.open.url, { query: "start=click" }, async (_page, frame, requests) => {
    await frame.getByRole("button", { name: "Start" }).waitFor();
    const bodies = await Promise.all(
      requests.filter((url) => url.startsWith(sites.open.url)).map(async (url) => (await fetch(url)).arrayBuffer()),
    );
    const bytes = bodies.reduce((sum, body) => sum + brotliCompressSync(Buffer.from(body)).length, 0);
    assert.ok(bytes <= NOT_STARTED, `${bytes} bytes: ${requests.join(" ")}`);
    await frame.getByRole("button", { name: "Start" }).click();
    await frame.locator("canvas.figure").waitFor();
  });
});

test("the height follows the width, shrinks again, and is told in the dialects that were asked for", async () => {
  await embedded(sites.open.url, { query: "start=now&resize=own,lti,plain" }, async (page) => {
    const first = await heard(page, "height");
    assert.ok(first.height >= 400 && first.height <= 900, `${first.height}`);
    const told = async (/** @type {number} */ width) => {
      const count = await page.evaluate(() => /** @type {any} */ (globalThis).heard.length);
      await page.evaluate((width) => document.querySelector("iframe")?.setAttribute("width", String(width)), width);
      const found = await page.waitForFunction(
        (count) =>
          /** @type {any} */ (globalThis).heard.slice(count).find((/** @type {any} */ m) => m?.type === "height"),
        count,
      );
      return (await found.jsonValue()).height;
    };
    const narrow = await told(400);
    const wide = await told(960);
    assert.notEqual(narrow, wide);
    assert.equal(await told(400), narrow, "it shrinks to what it was");
    const heights = await page.evaluate(() =>
      /** @type {any} */ (globalThis).heard.filter(
        (/** @type {any} */ m) => m?.subject || typeof m === "string" || (m?.height && !m.type),
      ),
    );
    assert.ok(heights.some((/** @type {any} */ m) => m.subject === "lti.frameResize"));
    assert.ok(heights.some((/** @type {any} */ m) => typeof m === "string" && JSON.parse(m).height === narrow));
    assert.ok(heights.some((/** @type {any} */ m) => m.height === narrow && !m.subject));
    // No loop: the frame's own height changes nothing.
    const before = await page.evaluate(() => /** @type {any} */ (globalThis).heard.length);
    await page.evaluate(() => document.querySelector("iframe")?.setAttribute("height", "300"));
    await ask(page, { type: "state" });
    const after = await page.evaluate(() => /** @type {any} */ (globalThis).heard);
    assert.equal(after.slice(before).filter((/** @type {any} */ m) => m?.type === "height").length, 0);
  });
});

test("keys stay with the host until the frame has the focus, and Escape gives them back", async () => {
  await embedded(sites.open.url, { query: "start=now&keys=deck" }, async (page, frame) => {
    await frame.locator("canvas.figure").waitFor();
    await heard(page, "step");
    await frame.locator(".sentence").click();
    await page.keyboard.press("PageDown");
    assert.equal((await heard(page, "key")).key, "PageDown");
    await page.keyboard.press("Escape");
    await heard(page, "release");
  });
});

test("Escape folds in what is open, and the next one gives the keys back", async () => {
  await embedded(sites.open.url, { query: "start=now&controls=full", height: 600 }, async (page, frame) => {
    await heard(page, "step");
    await frame.getByRole("button", { name: "Scripts", exact: true }).click();
    await frame.getByRole("complementary", { name: "Controls" }).waitFor();
    await page.keyboard.press("Escape");
    await frame.getByRole("complementary", { name: "Controls" }).waitFor({ state: "detached" });
    await ask(page, { type: "state" });
    const released = () =>
      page.evaluate(() => /** @type {any} */ (globalThis).heard.some((/** @type {any} */ m) => m?.type === "release"));
    assert.equal(await released(), false);
    await page.keyboard.press("Escape");
    await heard(page, "release");
  });
});

test("a host's theme is the picture's as well", async () => {
  await embedded(sites.open.url, { query: "start=now" }, async (page, frame) => {
    await heard(page, "step");
    const canvas = frame.locator("canvas.figure");
    /** How bright the picture is, of 255: mostly its lanes. */
    const brightness = () =>
      canvas.evaluate((element) => {
        const { width, height } = /** @type {HTMLCanvasElement} */ (element);
        const { data } = /** @type {any} */ (element).getContext("2d").getImageData(0, 0, width, height);
        let [sum, painted] = [0, 0];
        for (let at = 0; at < data.length; at += 4) {
          if (data[at + 3] < 255) continue;
          sum += data[at];
          painted += 1;
        }
        return sum / painted;
      });
    for (const [theme, isRight] of /** @type {const} */ ([
      ["dark", (/** @type {number} */ light) => light < 80],
      ["light", (/** @type {number} */ light) => light > 200],
    ])) {
      await ask(page, { type: "theme", theme });
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      assert.ok(isRight(await brightness()), `${theme}: ${await brightness()}`);
    }
  });
});

test("a figure shows its range without controls, plays it when it is seen, and again when it is clicked", async () => {
  const query = "start=now&mode=figure&from=flush:1/table_finished&to=flush:1/flush_ended";
  await embedded(sites.open.url, { query }, async (page, frame) => {
    await frame.locator("canvas.figure").waitFor();
    assert.equal(await frame.getByRole("button", { name: "Play" }).count(), 0);
    assert.equal(await frame.getByRole("textbox").count(), 0);
    const last = await page.waitForFunction(() =>
      /** @type {any} */ (globalThis).heard.find((/** @type {any} */ m) => m?.moment === "flush:1/flush_ended"),
    );
    const { position } = await last.jsonValue();
    const positions = await page.evaluate(() =>
      /** @type {any} */ (globalThis).heard
        .filter((/** @type {any} */ m) => m?.type === "step")
        .map((/** @type {any} */ m) => m.position),
    );
    assert.ok(positions.length > 3, "it played");
    assert.equal(Math.max(...positions), position, "and ended where the range ends");
  });
});

test("a figure that another script is loaded into plays that one's range, and stays a figure of it", async () => {
  const query = "start=now&mode=figure&from=flush:1/table_finished&to=flush:1/flush_ended";
  await embedded(sites.open.url, { query }, async (page, frame) => {
    await frame.locator("canvas.figure").waitFor();
    const stands = async (/** @type {string} */ moment) => {
      await page.waitForFunction(
        (wanted) =>
          /** @type {any} */ (globalThis).heard.findLast((/** @type {any} */ m) => m?.type === "step").moment ===
          wanted,
        moment,
      );
    };
    await heard(page, "step");
    // There is no flush in it: its last operation is played.
    const state = `v=2&script=${encodeURIComponent("put x 1\nput y 2")}`;
    const loaded = await ask(page, { type: "load", state });
    assert.ok(loaded.position < loaded.length, "it stands where its range begins");
    await stands("op:2/op_ended");
    assert.equal((await ask(page, { type: "state" })).state, state, "its link, wherever it plays");
    // The range that is given with it.
    await ask(page, { type: "load", state, from: "op:1/acknowledged", to: "op:1/op_ended" });
    await stands("op:1/op_ended");
    assert.deepEqual(
      (await messages(page)).filter(({ type }) => type === "error"),
      [],
    );
    await ask(page, { type: "load", state, from: "flush:7" });
    assert.match((await heard(page, "error")).text, /flush/);
  });
});

test("under a strict policy, without inline scripts, the page and an embed run", async () => {
  assert.match(publishedPolicy(), /script-src 'self' 'wasm-unsafe-eval'/);
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  const complaints = watch(context);
  const page = await context.newPage();
  await page.goto(sites.strict.url);
  await page.locator("canvas.figure").waitFor();
  await page.getByRole("textbox", { name: /command/i }).fill("put own 1");
  await page.keyboard.press("Enter");
  await page.getByText(/own/).first().waitFor();
  await page.getByRole("button", { name: "Charts" }).click();
  await page.locator(".strip, .charts").first().waitFor();
  assert.deepEqual(complaints, []);
  await page.goto(`${sites.strict.url}embed/index.html?start=now#${SCRIPT}`);
  await page.locator("canvas.figure").waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test("the single file runs from the disk, without a network", async () => {
  const context = await browser.newContext({ viewport: { width: 1000, height: 700 }, offline: true });
  const complaints = watch(context);
  const page = await context.newPage();
  await page.goto(pathToFileURL(join(PUBLISHED, "lsmscope.html")).href);
  await page.locator("canvas.figure").waitFor();
  await page.getByRole("textbox", { name: /command/i }).fill("put own 1");
  await page.keyboard.press("Enter");
  await page.getByText(/own/).first().waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test("the single file speaks the language that is asked for, whatever its modules say when they are read", async () => {
  const context = await browser.newContext({ viewport: { width: 1000, height: 700 }, offline: true });
  const page = await context.newPage();
  await page.goto(`${pathToFileURL(join(PUBLISHED, "lsmscope.html")).href}?lang=de`);
  await page.locator("canvas.figure").waitFor();
  // Said where the page is drawn, and where a module is read.
  await page.getByRole("button", { name: "Hilfe" }).waitFor();
  await page.getByRole("button", { name: "Konsole", exact: true }).waitFor();
  assert.equal(await page.getByRole("navigation", { name: "Räume" }).getByText("Kurs").count(), 1);
  await context.close();
});

test("opened as a page of its own, an embed is nobody's frame: it stands where it was left", async () => {
  const page = await browser.newPage();
  await page.goto(`${sites.open.url}embed/index.html?start=now#${SCRIPT}`);
  await page.locator("canvas.figure").waitFor();
  const slider = page.getByRole("slider", { name: "Position" });
  const end = await slider.inputValue();
  await page.getByRole("button", { name: /^Step back/ }).click();
  await page.evaluate(() => new Promise((done) => setTimeout(() => requestAnimationFrame(done))));
  assert.equal(Number(await slider.inputValue()), Number(end) - 1);
  await page.close();
});

test("a frame that is removed while it loads says nothing more", async () => {
  await embedded(sites.open.url, { query: "start=now" }, async (page, _frame, _requests, complaints) => {
    await page.evaluate(() => document.querySelector("iframe")?.remove());
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    assert.deepEqual(complaints, []);
  });
});

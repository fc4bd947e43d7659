// Rules of embeds that hold in a frame, whatever is around it: it starts when it is seen, leaves the wheel to its
// host's page, has nothing out of reach, says what fails, does no more than it may, and goes silently.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { PUBLISHED, watch } from "./browser.mjs";
import { SCRIPT, serveHost } from "./embed-host.mjs";
import { ask, browser, embedded, frameIn, heard, messages, sites } from "./embedded.mjs";

/** @typedef {import("playwright-core").FrameLocator} FrameLocator */

/** What a frame loads when it starts. */
const STARTED = /\/assets\/(first|whole|main)-[^/]*\.js/;

/**
 * Waits until something holds in a frame, looking at each picture.
 * @param {FrameLocator} frame
 * @param {() => boolean} holds
 */
const until = (frame, holds) =>
  frame.locator("body").evaluate(async (_, text) => {
    const check = /** @type {() => boolean} */ (new Function(`return (${text})()`));
    while (!check()) await new Promise(requestAnimationFrame);
  }, String(holds));

test("with start=view, a frame off the screen loads nothing, and starts when it is seen", async () => {
  const style = "display: block; margin-top: 4000px";
  await embedded(sites.open.url, { query: "start=view", style }, async (page, frame, requests) => {
    await frame.getByRole("button", { name: "Start" }).waitFor({ state: "attached" });
    await frame.locator("body").evaluate(() => new Promise((done) => setTimeout(done)));
    assert.deepEqual(
      requests.filter((url) => STARTED.test(url)),
      [],
    );
    await page.evaluate(() => scrollTo(0, 4000));
    await frame.locator("canvas.figure").waitFor();
  });
});

for (const [controls, width, height] of /** @type {const} */ ([
  ["player", 320, 200],
  ["player", 480, 240],
  ["player", 720, 300],
  ["full", 480, 240],
  ["full", 720, 300],
  ["none", 320, 200],
])) {
  test(`rule 4: in a frame of ${width} × ${height} with controls=${controls}, nothing is out of reach`, async () => {
    const query = `start=now&height=fixed&controls=${controls}`;
    await embedded(sites.open.url, { query, width, height }, async (page, frame) => {
      await heard(page, "step");
      const parts = frame.locator(
        ".figure-box, .sentence, .say input, .foot button, .foot select, .foot input, .head button",
      );
      const hidden = await parts.evaluateAll((all) =>
        all
          .filter((part) => part.checkVisibility())
          .filter((part) => {
            part.scrollIntoView({ block: "center" });
            const { left, top, width: across, height: down } = part.getBoundingClientRect();
            const at = document.elementFromPoint(left + across / 2, top + Math.min(down / 2, innerHeight / 2));
            return across < 4 || down < 4 || !at || !(part.contains(at) || part.parentElement?.contains(at));
          })
          .map((part) => part.outerHTML.slice(0, 80)),
      );
      assert.deepEqual(hidden, []);
      // And a reader gets there.
      await frame.locator("body").evaluate(() => scrollTo(0, 0));
      await page.mouse.move(width / 2, height / 2);
      await page.mouse.wheel(0, 2000);
      await until(frame, () => scrollY > 0 && scrollY + innerHeight >= document.documentElement.scrollHeight - 1);
      const stage = await frame.locator(".figure-box").evaluate((box) => box.clientHeight);
      assert.ok(stage >= 180, `the stage is ${stage} px high`);
    });
  });
}

test("the wheel over a frame that runs scrolls the host's page; with Ctrl it does not", async () => {
  await embedded(sites.open.url, { query: "start=now", height: 560 }, async (page, frame) => {
    await heard(page, "step");
    await page.evaluate(() => document.body.append(Object.assign(document.createElement("div"), { id: "more" })));
    await page.evaluate(() => ((document.getElementById("more") ?? document.body).style.height = "3000px"));
    const box = await frame.locator("canvas.figure").boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, -300);
    await page.keyboard.up("Control");
    await frame
      .getByRole("button", { name: /whole|all keys|reset/i })
      .first()
      .waitFor();
    assert.equal(await page.evaluate(() => scrollY), 0);
    // Away and back: a browser goes on with what a turn of the wheel has begun.
    await page.mouse.move(1, 1);
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.wheel(0, 300);
    await page.waitForFunction(() => scrollY >= 200);
  });
});

test("the full version opens where the frame may open a page; else its link is there to copy", async () => {
  const may = "allow-scripts allow-popups allow-popups-to-escape-sandbox";
  await embedded(sites.open.url, { query: "start=now", sandbox: may }, async (page, frame) => {
    await heard(page, "step");
    const opened = page.context().waitForEvent("page");
    await frame.getByRole("button", { name: "Open the full version" }).click();
    const full = await opened;
    await full.waitForURL((url) => url.href.startsWith(`${sites.open.url}#v=2&`));
    await full.locator("canvas.figure").waitFor();
    assert.equal(await full.evaluate(() => window.opener), null);
  });
  await embedded(sites.open.url, { query: "start=now&controls=none" }, async (page, frame) => {
    await heard(page, "step");
    await frame.getByRole("button", { name: "Open the full version" }).click();
    const link = await frame.getByRole("dialog").getByRole("textbox", { name: "Link" }).inputValue();
    assert.ok(link.startsWith(`${sites.open.url}#v=2&`), link);
    assert.equal(page.context().pages().length, 1);
  });
});

test("without WebAssembly, and where its request is blocked, a frame says so", async () => {
  for (const [what, blocks] of /** @type {const} */ ([
    ["no WebAssembly", false],
    ["a blocked request", true],
  ])) {
    const page = await browser.newPage();
    if (blocks) await page.route(/\.wasm$/, (route) => route.abort());
    else await page.addInitScript(() => Reflect.deleteProperty(globalThis, "WebAssembly"));
    const frame = await frameIn(page, sites.open.url, { query: "start=now" });
    await frame.getByText("The engine could not be loaded").first().waitFor();
    const text = await frame.locator("main").innerText();
    assert.match(text, blocks ? /Check the connection/ : /WebAssembly turned off, or the site's policy/, what);
    assert.doesNotMatch(text, blocks ? /turned off/ : /connection/, what);
    await page.close();
  }
});

test("from the disk, the single file opens the moment of its fragment", async () => {
  const context = await browser.newContext({ offline: true });
  const complaints = watch(context);
  const page = await context.newPage();
  await page.goto(`${pathToFileURL(join(PUBLISHED, "lsmscope.html")).href}#${SCRIPT}&at=op:2/op_ended`);
  await page.locator("canvas.figure").waitFor();
  await page.getByText("Operation 2 is done").first().waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test("a host that allows its frames little, and names the site in its policy, has a frame that runs", async () => {
  const policy = {
    "content-security-policy": `default-src 'none'; script-src 'unsafe-inline'; frame-src ${sites.open.url}`,
    "permissions-policy": "clipboard-write=(), clipboard-read=(), fullscreen=(), autoplay=()",
  };
  const strict = await serveHost(undefined, policy);
  const page = await browser.newPage();
  const frame = await frameIn(page, sites.open.url, { query: "start=now", at: strict.url });
  await heard(page, "step");
  await frame.getByRole("button", { name: "Open the full version" }).click();
  await frame.getByRole("button", { name: "Copy the link" }).click();
  await frame.getByText("The browser does not let the page copy: press Ctrl+C.").waitFor();
  await page.close();
  strict.close();
});

test("a frame has no worker, of either kind, with storage or without", async () => {
  for (const sandbox of ["allow-scripts", "allow-scripts allow-same-origin", null]) {
    await embedded(sites.open.url, { query: "start=now", sandbox }, async (page, frame) => {
      /** @type {string[]} */
      const workers = [];
      page.on("worker", (worker) => workers.push(worker.url()));
      page.context().on("serviceworker", (worker) => workers.push(worker.url()));
      await heard(page, "step");
      const own = frame.locator("#command");
      await own.fill("put own 1");
      await own.press("Enter");
      await frame.locator(".say .status").filter({ hasText: "ok" }).waitFor();
      await frame.locator("body").evaluate(() => new Promise((done) => requestIdleCallback(done)));
      assert.deepEqual([...workers, ...page.workers().map((worker) => worker.url())], []);
      const kept = await frame.locator("body").evaluate(async () => {
        try {
          return (await navigator.serviceWorker.getRegistrations()).length;
        } catch {
          return 0;
        }
      });
      assert.equal(kept, 0);
    });
  }
});

test("what serves the site, and what hosts are told to send, lets any page have it in a frame", async () => {
  const told = readFileSync(join(PUBLISHED, "_headers"), "utf8");
  assert.doesNotMatch(told, /x-frame-options/i);
  assert.match(told, /frame-ancestors \*/);
  for (const path of ["", "embed/", "embed/index.html", "lsmscope.html"]) {
    const { headers, status } = await fetch(sites.plain.url + path);
    assert.equal(status, 200);
    assert.equal(headers.get("x-frame-options"), null, path);
  }
});

test("the text of a message is text in the page, never HTML", async () => {
  await embedded(sites.open.url, { query: "start=now&controls=full", height: 640 }, async (page, frame, requests) => {
    await heard(page, "step");
    const mark = '<img src="/hacked" onerror="document.title=1">';
    const script = `put ${mark.replaceAll(" ", "")} ${mark.replaceAll(" ", "")}`;
    await ask(page, { type: "load", state: `v=2&${new URLSearchParams({ script })}` });
    await frame.locator(".sentence").getByText("Operation 1 is done").waitFor();
    const refused = await ask(page, { type: "seek", moment: `${mark}:1/${mark}` });
    assert.equal(refused.type, "error");
    await ask(page, { type: "load", state: `v=2&preset=${encodeURIComponent(mark)}&script=put+a+1` });
    await ask(page, { type: "load", state: `${mark}` });
    await ask(page, { type: "theme", theme: mark });
    assert.equal(await frame.locator("img").count(), 0);
    assert.deepEqual(
      requests.filter((url) => /hacked/.test(url)),
      [],
    );
    assert.ok((await messages(page)).length > 0);
  });
});

test("a frame in which something was typed is left without a question", async () => {
  await embedded(sites.open.url, { query: "start=now", sandbox: null }, async (page, frame) => {
    await heard(page, "step");
    await frame.locator("#command").fill("put own 1");
    await frame.locator("#command").press("Enter");
    await frame.locator(".say .status").filter({ hasText: "ok" }).waitFor();
    let asked = 0;
    page.on("dialog", (dialog) => {
      asked += 1;
      return dialog.accept();
    });
    await page.goto("about:blank");
    assert.equal(asked, 0);
  });
});

for (const [width, height] of [
  [1280, 720],
  [390, 844],
]) {
  test(`the dialog of embeds shows the whole frame at its proportion, in ${width} × ${height}`, async () => {
    const context = await browser.newContext({ viewport: { width, height } });
    const page = await context.newPage();
    await page.goto(`${sites.open.url}#${SCRIPT}`);
    await page.locator("canvas.figure").waitFor();
    await page.getByRole("button", { name: "Share", exact: true }).click();
    await page.getByRole("button", { name: "Embed it in a page…" }).click();
    const dialog = page.getByRole("dialog", { name: "Embed this moment" });
    await dialog.getByRole("combobox", { name: "Into" }).selectOption("iframe");
    for (const [name, side] of [
      ["Width", "900"],
      ["Height", "600"],
    ]) {
      await dialog.getByRole("spinbutton", { name }).fill(side);
      await dialog.getByRole("spinbutton", { name }).blur();
    }
    await page.frameLocator(".embed-preview iframe").locator("canvas.figure").waitFor();
    const [frame, preview] = await dialog.locator(".embed-preview").evaluate((box) => {
      const iframe = box.querySelector("iframe") ?? box;
      return [iframe, box].map((one) => {
        const { left, top, right, bottom } = one.getBoundingClientRect();
        return { left, top, right, bottom };
      });
    });
    assert.ok(frame.left >= preview.left && frame.right <= preview.right, "as wide as there is room");
    assert.ok(frame.top >= preview.top && frame.bottom <= preview.bottom, "and as high");
    const proportion = (frame.right - frame.left) / (frame.bottom - frame.top);
    assert.ok(Math.abs(proportion - 1.5) < 0.01, `${proportion}`);
    assert.equal(
      await page
        .frameLocator(".embed-preview iframe")
        .locator("body")
        .evaluate(() => innerWidth),
      900,
    );
    await context.close();
  });
}

// An embed where the browser denies it storage, and where it keeps that apart for each site around the frame. It runs
// all the same, says what is not kept, and tells its host each moment, so that the host can keep it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { watch } from "./browser.mjs";
import { SCRIPT } from "./embed-host.mjs";
import { browser, frameIn, heard, host, messages, sites } from "./embedded.mjs";
import { launchWith } from "./own-browser.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").FrameLocator} FrameLocator */
/** @typedef {import("playwright-core").BrowserContext} BrowserContext */

const FULL = { query: "start=now&controls=full", width: 900, height: 640 };

/** The host's page on another site than the frame's, which is 127.0.0.1; or on that, at another port. */
const elsewhere = (name = "localhost") => `http://${name}:${host.port}/`;

/** @param {FrameLocator} frame */
async function backendDialog(frame) {
  await frame.getByRole("button", { name: /^Backend/ }).click();
  const dialog = frame.getByRole("dialog", { name: "Where the bytes are stored" });
  await dialog.waitFor();
  return dialog;
}

/**
 * Types a command, and waits for what it says.
 * @param {FrameLocator} frame
 * @param {string} line
 * @param {string | RegExp} answer
 */
async function command(frame, line, answer) {
  await frame.locator("#command:enabled").fill(line);
  await frame.locator("#command").press("Enter");
  await frame.locator(".say .status").filter({ hasText: answer }).waitFor();
}

/** @type {[string, { sandbox: string | null, preferences?: object, flags?: string[] }, RegExp][]} */
const DENIED = [
  ["a sandboxed frame", { sandbox: "allow-scripts" }, /its sandbox lacks allow-same-origin/],
  [
    "a browser that blocks third parties",
    {
      sandbox: null,
      preferences: { profile: { block_third_party_cookies: true, cookie_controls_mode: 1 } },
      // As before they were given a partition each.
      flags: ["--disable-features=ThirdPartyStoragePartitioning"],
    },
    /The browser's settings let this page store nothing/,
  ],
  [
    "a browser that lets no site store anything",
    { sandbox: null, preferences: { profile: { default_content_setting_values: { cookies: 2 } } } },
    /The browser's settings let this page store nothing/,
  ],
];

for (const [where, { sandbox, preferences, flags }, why] of DENIED) {
  test(`storage denied by ${where}: an embed runs, says so, and its host can keep the moment`, async () => {
    const { context, close } = preferences ? await launchWith(preferences, flags) : await aContext();
    const complaints = watch(context);
    try {
      const page = await context.newPage();
      await page.setViewportSize({ width: 1000, height: 800 });
      const frame = await frameIn(page, sites.open.url, { ...FULL, sandbox, at: elsewhere() });
      await frame.locator("canvas.figure").waitFor();
      assert.equal(await frame.locator("body").evaluate(stores), false, "storage is not denied: this tests nothing");

      const dialog = await backendDialog(frame);
      await dialog.getByText("A reload begins again, unless the page around this frame keeps the moment.").waitFor();
      assert.equal(await dialog.getByRole("radio", { name: /IndexedDB/ }).isDisabled(), true);
      assert.match(await dialog.innerText(), why);
      await dialog.getByRole("button", { name: "Open", exact: true }).click();

      await command(frame, "put typed 1", "ok");
      await frame.getByRole("button", { name: "Theme" }).click();
      await frame.getByRole("button", { name: "Why", exact: true }).click();
      await frame.getByRole("complementary", { name: "Explanations" }).waitFor();

      // The host keeps what it is told, and gives it back in the address of another frame.
      const told = await page.waitForFunction(() => {
        const { heard: all } = /** @type {any} */ (globalThis);
        return all.find((/** @type {any} */ { state }) => state?.includes("put+typed+1"));
      });
      const { state: fragment } = await told.jsonValue();
      const again = await frameIn(page, sites.open.url, { ...FULL, sandbox, at: elsewhere(), fragment });
      await again.locator("canvas.figure").waitFor();
      await command(again, "get typed", "1");
      // Nothing was kept in the frame itself.
      const anew = await frameIn(page, sites.open.url, { ...FULL, sandbox, at: elsewhere() });
      await anew.locator("canvas.figure").waitFor();
      await command(anew, "get typed", /not found|none/i);
      assert.equal(await anew.getByRole("complementary", { name: "Explanations" }).count(), 0);
      assert.deepEqual(complaints, []);
    } finally {
      await close();
    }
  });
}

/** A private window. */
async function aContext() {
  const context = await browser.newContext();
  return { context, close: () => context.close() };
}

/** Runs in the frame. */
function stores() {
  try {
    localStorage.setItem("lsmscope.probe", "");
    return true;
  } catch {
    return false;
  }
}

test("a moment is told once it is left alone, not the one that was opened, and not twice", async () => {
  const page = await browser.newPage();
  const frame = await frameIn(page, sites.open.url, { query: "start=now" });
  const before = (await heard(page, "step")).position;
  await frame.getByRole("button", { name: "Step back" }).click();
  const { state } = await heard(page, "state");
  assert.match(state, /&at=/);
  await frame.getByRole("button", { name: "Step forward" }).click();
  const from = (await messages(page)).findIndex(({ type }) => type === "state") + 1;
  const back = await heard(page, "state", from);
  assert.doesNotMatch(back.state, /&at=/, "it stands at the end again");
  const states = (await messages(page)).filter(({ type }) => type === "state");
  assert.equal(states.length, 2);
  assert.equal((await messages(page)).findLast(({ type }) => type === "step").position, before);
  await page.close();
});

test("a database in a frame is kept apart for each site around it, and the dialog says so", async () => {
  // In a private window, Chromium blocks third parties.
  const { context, close } = await launchWith({ profile: { cookie_controls_mode: 0 } });
  const complaints = watch(context);
  const page = await context.newPage();
  await page.setViewportSize({ width: 1000, height: 800 });
  const inside = async (/** @type {string} */ name) => {
    const frame = await frameIn(page, sites.open.url, { ...FULL, sandbox: null, at: elsewhere(name) });
    await frame.locator("canvas.figure").waitFor();
    const dialog = await backendDialog(frame);
    await dialog.getByRole("radio", { name: /IndexedDB/ }).check();
    await dialog.getByText("browsers keep it for this page and the site around it together").waitFor();
    await dialog.getByRole("button", { name: "Open", exact: true }).click();
    await frame.getByRole("button", { name: /^Backend: IndexedDB/ }).waitFor();
    return frame;
  };
  const first = await inside("localhost");
  await command(first, "put kept 1", "ok");
  await first.getByRole("button", { name: "Why", exact: true }).click();
  const second = await inside("127.0.0.1");
  assert.equal(await second.getByRole("complementary", { name: "Explanations" }).count(), 0);
  await command(second, "get kept", /not found|none/i);
  await command(second, "put kept 2", "ok");
  await command(await inside("localhost"), "get kept", "1");
  await command(await inside("127.0.0.1"), "get kept", "2");
  assert.deepEqual(complaints, []);
  await close();
});

test("on a page of its own, and in a frame of its own site, a database is not kept apart", async () => {
  const page = await browser.newPage();
  await page.goto(sites.open.url);
  await page.locator("canvas.figure").waitFor();
  await page.getByRole("button", { name: /^Backend/ }).click();
  await page.getByText("Quick. It is built again after a reload, and gone with the tab.").waitFor();
  await page.getByRole("radio", { name: /IndexedDB/ }).check();
  await page.getByText("What is synced survives").waitFor();
  assert.equal(await page.getByText("browsers keep it for this page and the site around it").count(), 0);

  // The frame of the *Embed* dialog's kind: the page around it is the site's own.
  await page.goto(sites.open.url);
  await page.evaluate((src) => {
    document.body.innerHTML = "";
    document.body.append(Object.assign(document.createElement("iframe"), { src, width: 900, height: 640 }));
  }, `${sites.open.url}embed/index.html?start=now&controls=full#${SCRIPT}`);
  const frame = page.frameLocator("iframe");
  await frame.locator("canvas.figure").waitFor();
  const dialog = await backendDialog(frame);
  await dialog.getByRole("radio", { name: /IndexedDB/ }).check();
  await dialog.getByText("What is synced survives").waitFor();
  assert.equal(await dialog.getByText("browsers keep it for this page and the site around it").count(), 0);
  await page.close();
});

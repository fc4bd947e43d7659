// The page by keyboard alone, and for those who do not see it.

import assert from "node:assert/strict";

import { pageTest } from "./browser.mjs";
import { command, emptyQueue, heldEngine, leaveConsole, length, position, ready, standsAt } from "./page.mjs";

pageTest("every shortcut does what the help says", async (page) => {
  await ready(page);
  await emptyQueue(page);
  const opened = await length(page);
  for (const line of ["put a 1", "put b 2", "get a"]) await command(page, line);
  await leaveConsole(page);
  const end = await length(page);
  assert.equal(await position(page), end);

  await page.keyboard.press("ArrowLeft");
  await standsAt(page, end - 1);
  await page.keyboard.press("ArrowRight");
  await standsAt(page, end);
  await page.keyboard.press("Home");
  await standsAt(page, 0);
  await page.keyboard.press("End");
  await standsAt(page, end);
  await page.keyboard.press("Shift+ArrowLeft");
  const back = await position(page);
  assert.ok(back < end - 1 && back > opened, `an operation back from ${end} is ${back}`);
  await page.keyboard.press("Shift+ArrowRight");
  await standsAt(page, end);

  await page.keyboard.press("/");
  await page.locator("#command:focus").waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Help" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });

  await page.keyboard.press("Home");
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Pause" }).waitFor();
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Play" }).waitFor();
});

pageTest("a job is one step: to its beginning, and to its end", async (page) => {
  await ready(page);
  await emptyQueue(page);
  for (const line of ["put a 1", "flush"]) await command(page, line);
  await leaveConsole(page);
  const story = page.getByRole("region", { name: "Story" });
  await page.keyboard.press("Home");
  await page.keyboard.press("Alt+ArrowRight");
  await story.getByText("Flush 1 begins").waitFor();
  await page.keyboard.press("Alt+ArrowRight");
  await story.getByText("Flush 1 is over").waitFor();
  await page.keyboard.press("Alt+ArrowLeft");
  await story.getByText("Flush 1 begins").waitFor();
});

pageTest("charts are chosen, and the choice is remembered", async (page) => {
  await ready(page);
  const charts = page.getByRole("region", { name: "Charts" });
  await charts.getByRole("button", { name: "Choose charts" }).click();
  await charts.getByRole("checkbox", { name: "read amp" }).check();
  await charts.getByRole("checkbox", { name: "memtable" }).uncheck();
  // The menu covers what is below it: it goes when it is left, by key or by pointer.
  await page.keyboard.press("Escape");
  await charts.getByRole("checkbox").first().waitFor({ state: "detached" });
  await page.keyboard.press("Enter");
  await charts.getByRole("checkbox").first().waitFor();
  await page.getByRole("region", { name: "Story" }).click();
  await charts.getByRole("checkbox").first().waitFor({ state: "detached" });
  await page.reload();
  await ready(page);
  await charts.getByText("read amp").waitFor();
  assert.doesNotMatch(await charts.innerText(), /memtable/);
});

pageTest("keys that are typed are text, not shortcuts", async (page) => {
  await ready(page);
  const before = await position(page);
  const box = page.getByRole("textbox", { name: "Command" });
  await box.focus();
  await page.keyboard.type("put a/b ?");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Home");
  assert.equal(await box.inputValue(), "put a/b ?");
  assert.equal(await position(page), before);
});

pageTest("each step is announced", async (page) => {
  await ready(page);
  await emptyQueue(page);
  await command(page, "put a 1");
  await leaveConsole(page);
  await page.keyboard.press("ArrowLeft");
  const end = await length(page);
  await standsAt(page, end - 1);
  const live = page.locator("[aria-live=polite][aria-atomic=true]");
  await live.getByText(`Event ${end - 1} of ${end}: Acknowledged and durable: seq 1`).waitFor();
});

pageTest("keys of one sign can be switched off in the help, which is remembered; the others stay", async (page) => {
  await ready(page);
  await emptyQueue(page);
  await command(page, "put a 1");
  await leaveConsole(page);
  const help = page.getByRole("dialog", { name: "Help" });
  await page.keyboard.press("?");
  await help.getByRole("checkbox", { name: /^Use keys of one letter or sign/ }).uncheck();
  await page.keyboard.press("Escape");
  await help.waitFor({ state: "detached" });
  await page.reload();
  await ready(page);
  await emptyQueue(page);
  await command(page, "put a 1");
  await leaveConsole(page);
  const end = await length(page);
  await page.keyboard.press("?");
  await page.keyboard.press("/");
  await page.keyboard.press("c");
  await page.keyboard.press("ArrowLeft");
  await standsAt(page, end - 1);
  assert.equal(await help.count(), 0);
  assert.equal(await page.evaluate(() => document.activeElement?.id), "");
  const part = page.locator(".figure-layer button[tabindex='0']");
  const zoomed = page.getByText(/^1\/\d+ of the keys$/);
  await part.press("+");
  await part.press("ArrowRight");
  await page.locator(".figure-layer button:focus").waitFor();
  assert.equal(await zoomed.count(), 0, "a figure has keys of one sign as well");
  await page.getByRole("button", { name: "Help", exact: true }).click();
  await help.getByRole("checkbox", { name: /^Use keys of one letter or sign/ }).check();
  await page.keyboard.press("Escape");
  await help.waitFor({ state: "detached" });
  await part.press("+");
  await zoomed.waitFor();
  await page.keyboard.press("/");
  await page.locator("#command:focus").waitFor();
});

pageTest("regions, buttons and boxes have the names that others rely on", async (page) => {
  await ready(page);
  for (const name of [
    "WAL",
    "Memtable",
    "Immutable memtables",
    "Level 0",
    "Level 1",
    "Story",
    "Why",
    "Timeline",
    "Charts",
    "Console",
  ]) {
    await page.getByRole("region", { name, exact: true }).waitFor();
  }
  for (const name of [
    "Put",
    "Get",
    "Delete",
    "Scan",
    "Flush",
    "Compact",
    "Pull the plug",
    "Reopen",
    "First step",
    "Step back",
    "Step forward",
    "Last step",
    "Previous operation",
    "Next operation",
    "Play",
    "Share",
    "Export",
    "Help",
  ]) {
    await page.getByRole("button", { name, exact: true }).waitFor();
  }
  for (const name of ["Key", "Value", "Command"]) await page.getByRole("textbox", { name, exact: true }).waitFor();
  await page.getByRole("slider", { name: "Position" }).waitFor();
  await page.getByRole("tab", { name: "Inspector" }).click();
  await page.getByRole("region", { name: "Inspector" }).waitFor();
  await page.getByRole("tab", { name: "Options" }).click();
  await page.getByRole("region", { name: "Options" }).waitFor();
});

pageTest(
  "Enter on a part of the figure leads to its bytes, and Esc back to it",
  async (page) => {
    await ready(page);
    const box = page.getByRole("textbox", { name: "Command" });
    for (const line of ["put a 1", "flush"]) {
      await box.fill(line);
      await box.press("Enter");
      await page.getByRole("button", { name: "Play", exact: true }).waitFor();
    }
    const part = page.locator(".figure-layer button[title^='000003.sst']").first();
    await part.press("Enter");
    const inspector = page.getByRole("region", { name: "Inspector" });
    await inspector.getByText("000003.sst").first().waitFor();
    assert.ok(await inspector.evaluate((one) => one === document.activeElement));
    await page.keyboard.press("Tab");
    assert.ok(await inspector.evaluate((one) => one.contains(document.activeElement)));
    await page.keyboard.press("Escape");
    await inspector.waitFor({ state: "detached" });
    assert.ok(await part.evaluate((one) => one === document.activeElement));
  },
  { layout: "figure", reducedMotion: "reduce" },
);

pageTest(
  "an arrow at an edge of the figure stays there: no time passes",
  async (page) => {
    await ready(page);
    for (const line of ["put a 1", "flush"]) await command(page, line);
    const end = await position(page);
    await page.locator(".figure-layer [tabindex='0']").focus();
    for (let presses = 0; presses < 6; presses += 1) await page.keyboard.press("ArrowLeft");
    assert.ok(await page.evaluate(() => document.activeElement?.closest(".figure-layer") !== null));
    assert.equal(await position(page), end);
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "help leaves the stage at its moment",
  async (page) => {
    await ready(page);
    for (const line of ["put a 1", "put b 2"]) await command(page, line);
    await page.getByRole("slider", { name: "Position" }).press("ArrowLeft");
    const before = await position(page);
    assert.match(await command(page, "help"), /put KEY VALUE/);
    assert.equal(await position(page), before);
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "what Tab has completed, or can complete, is said",
  async (page) => {
    await ready(page);
    const said = (/** @type {string} */ text) =>
      page.locator(".sr[aria-live=polite]").getByText(text, { exact: true }).waitFor({ state: "attached" });
    const box = page.getByRole("textbox", { name: "Command" });
    await box.fill("flu");
    await box.press("Tab");
    await said("flush");
    await box.fill("fl");
    await box.press("Tab");
    await said("Completions: flush, flip");
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "where the engine cannot be loaded, Tab does not hold the focus",
  async (first) => {
    const page = await first.context().newPage();
    await page.route(/lsmscope_bg/, (route) => route.abort());
    await page.goto(first.url());
    const box = page.getByRole("textbox", { name: "Command" });
    await box.fill("flu");
    const refused = page.waitForEvent("requestfailed", (request) => /lsmscope_bg/.test(request.url()));
    await box.press("Tab");
    await refused;
    const isHere = () => box.evaluate((it) => document.activeElement === it);
    // That it is refused comes to the page a moment later.
    for (let presses = 0; presses < 50 && (await isHere()); presses += 1) await page.keyboard.press("Tab");
    assert.equal(await isHere(), false);
    assert.equal(await box.inputValue(), "flu");
  },
  { complains: /ERR_FAILED|could not be loaded/ },
);

pageTest("Tab before the engine has arrived completes when it has", async (first) => {
  const page = await first.context().newPage();
  const release = await heldEngine(page);
  await page.goto(first.url());
  const box = page.getByRole("textbox", { name: "Command" });
  await box.fill("flu");
  await box.press("Tab");
  assert.ok(await box.evaluate((it) => document.activeElement === it));
  release();
  await page.waitForFunction(
    () => /** @type {HTMLInputElement} */ (document.querySelector("#command")).value === "flush ",
  );
});

pageTest(
  "what is typed in the middle of a line stays there, and the caret behind it",
  async (page) => {
    await ready(page);
    const box = page.getByRole("textbox", { name: "Command" });
    await box.fill("put ant 1");
    await box.press("Home");
    for (const key of "xyz") {
      await box.press(key);
      // Each is drawn before the next comes.
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn))));
    }
    assert.equal(await box.inputValue(), "xyzput ant 1");
    await box.fill("fl");
    await box.press("Tab");
    await box.press("Home");
    await box.press("x");
    await box.press("y");
    assert.equal(await box.inputValue(), "xyfl");
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "a key that comes right after a letter completes, or runs, what stands in the box",
  async (page) => {
    await ready(page);
    const typed = (/** @type {string} */ text, /** @type {string} */ key) =>
      page.evaluate(
        ([text, key]) => {
          const box = /** @type {HTMLInputElement} */ (document.querySelector("#command"));
          box.focus();
          box.value = text;
          box.dispatchEvent(new InputEvent("input", { bubbles: true }));
          box.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
        },
        [text, key],
      );
    await typed("flu", "Tab");
    await page.waitForFunction(
      () => /** @type {HTMLInputElement} */ (document.querySelector("#command")).value === "flush ",
    );
    await typed("put pear 1", "Enter");
    await page.getByRole("log").getByRole("group", { name: "put pear 1" }).waitFor();
  },
  { reducedMotion: "reduce" },
);

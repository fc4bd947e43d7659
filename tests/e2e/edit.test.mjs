// The editor of lessons: what an author does, from an empty page to an answer of their own lesson.

import assert from "node:assert/strict";

import { faults } from "./axe.mjs";
import { pageTest } from "./browser.mjs";
import { cutOff } from "./page.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** A lesson with one error: `trut`, in line 14. */
const LESSON = `---
id: flushes
title: What a flush writes
---

## One flush

\`\`\`lsm silent
put a 1 | put b 2
\`\`\`

\`\`\`predict choice id=tables
ask: How many tables are there after a flush?
trut: report.tables
run: flush
choice 1 "One"
choice 2 "Two"
wrong 2: "A flush writes one."
right: "One."
\`\`\`
`;

/**
 * Opens the editor, under the policy for styles that a published site has.
 * @param {Page} page
 * @param {string} [name]
 */
async function edit(page, name = "") {
  await page.route("**/?edit*", async (route) => {
    const response = await route.fetch();
    const headers = { ...response.headers(), "content-security-policy": "style-src 'self'" };
    await route.fulfill({ response, headers });
  });
  await page.goto(new URL(`?edit${name ? `=${name}` : ""}`, page.url()).href);
  await text(page).waitFor();
}

/** @param {Page} page */
const text = (page) => page.getByRole("textbox", { name: "The text of the lesson" });

pageTest("an author types a lesson, mends it, answers it, and finds it after a reload", async (page) => {
  await edit(page);
  await page.getByText("Nothing is written yet.").or(page.getByText("A lesson is a text.")).first().waitFor();
  await text(page).click();
  await page.keyboard.insertText(LESSON);

  const error = page.getByRole("button", { name: /^Error in line 14, column 1: predict has no key trut/ });
  await error.click();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Control+Space");
  await page.getByRole("option", { name: /^truth/ }).click();
  await page.getByText("No errors.").waitFor();
  assert.match(await text(page).innerText(), /\ntruth: report\.tables\n/);

  const preview = page.getByRole("region", { name: "Preview" });
  await preview.getByRole("radio", { name: "One" }).check();
  await preview.getByRole("button", { name: "Check" }).click();
  await preview.getByText("Right.").waitFor();
  assert.equal(await preview.getByRole("button", { name: "Present" }).count(), 0, "an author has no audience here");

  await page.reload();
  await page.getByText("No errors.").waitFor();
  assert.match(await text(page).innerText(), /What a flush writes/);
});

pageTest(
  "the moments of a question are listed, and a click writes one to its stop, wherever the cursor is",
  async (page) => {
    await edit(page);
    await text(page).click();
    await page.keyboard.insertText(LESSON.replace("trut:", "truth:"));
    // Up from the end: past the fence, behind the last key.
    for (const key of ["ArrowUp", "ArrowUp", "End"]) await page.keyboard.press(key);
    await page.getByRole("tab", { name: /^Moments \([1-9]/ }).click();
    await page.getByRole("button", { name: /^table_finished / }).click();
    assert.match(await text(page).innerText(), /\nright: "One."\nstop: table_finished\n```\n/);
    await page.getByText("No errors.").waitFor();
    await page.getByRole("button", { name: /^flush_began / }).click();
    assert.match(await text(page).innerText(), /\nright: "One."\nstop: flush_began\n```\n/);
    await page.keyboard.press("Control+z");
    assert.match(await text(page).innerText(), /\nstop: table_finished\n```\n/, "a click is one step");
    await page.keyboard.press("Control+z");
    assert.doesNotMatch(await text(page).innerText(), /stop:/);
  },
);

pageTest("of a text with errors there are no moments, and it is said why", async (page) => {
  await edit(page);
  await text(page).click();
  await page.keyboard.insertText(LESSON.replace("trut:", "truth:"));
  for (const key of ["ArrowUp", "ArrowUp", "End"]) await page.keyboard.press(key);
  await page.getByRole("tab", { name: /^Moments \([1-9]/ }).click();
  await text(page).focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText("Another text.");
  await page.getByRole("tab", { name: "Moments (0)" }).waitFor();
  await page.getByText(/a text with errors does not run/).waitFor();
});

pageTest(
  "the line of the cursor stays in view while moments are listed, and is there again after a reload",
  async (page) => {
    await edit(page);
    await page.getByRole("button", { name: "The lesson of the guide" }).click();
    await page.getByText(/^No errors, in all/).waitFor();
    const code = page.locator(".edit-code");
    await code.getByText("ask: What does the table hold").click();
    // To the last line in view: what grows below would cover it.
    await code.locator(".cm-scroller").evaluate((box) => {
      const line = /** @type {HTMLElement} */ (box.querySelector(".cm-activeLine"));
      box.scrollTop += line.getBoundingClientRect().bottom - box.getBoundingClientRect().bottom + 4;
    });
    await page.getByRole("tab", { name: /^Moments \([1-9]/ }).click();
    await page.getByRole("button", { name: /^merge_dropped / }).waitFor();
    const inView = async () => {
      const [line, box] = [await code.locator(".cm-activeLine").boundingBox(), await code.boundingBox()];
      return line && box && line.y >= box.y && line.y + line.height <= box.y + box.height;
    };
    await page.waitForFunction(() => {
      const root = document.querySelector(".edit-code")?.shadowRoot;
      const line = root?.querySelector(".cm-activeLine")?.getBoundingClientRect();
      const box = root?.querySelector(".cm-scroller")?.getBoundingClientRect();
      return line && box && line.bottom <= box.bottom;
    });
    await page.reload();
    await page.getByText(/^No errors, in all/).waitFor();
    assert.match(await code.locator(".cm-activeLine.cm-line").innerText(), /^ask: What does the table hold/);
    assert.ok(await inView());
  },
  { viewport: { width: 1280, height: 720 } },
);

pageTest("Escape, then Tab, leaves the text, and Tab alone indents", async (page) => {
  await edit(page);
  await text(page).focus();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement?.className), "edit-code");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  assert.notEqual(await page.evaluate(() => document.activeElement?.className), "edit-code");
});

pageTest("the caret stays in the text while the preview goes to another beat", async (page) => {
  await edit(page);
  await page.getByRole("button", { name: "Three short beats" }).click();
  await page.locator(".edit-preview .beat").waitFor();
  await text(page).focus();
  await page.keyboard.press("Control+End");
  await page.locator('.edit-preview [aria-current="step"]').getByText("3", { exact: true }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.className), "edit-code");
});

pageTest("Enter behind a whole word begins a line", async (page) => {
  await edit(page);
  await text(page).focus();
  await page.keyboard.insertText("---\nid: t\ntitle: T\n---\n\n## B\n\n```lsm run\n");
  await page.keyboard.type("flush");
  await page.keyboard.press("Enter");
  await page.keyboard.type("```");
  assert.match(await text(page).innerText(), /\nflush\n+```/);
});

pageTest("a list that is open closes where the word is whole, and what it wrote is not written twice", async (page) => {
  await edit(page);
  await text(page).focus();
  await page.keyboard.insertText("---\nid: t\ntitle: T\n---\n\n## B\n\n```lsm run\n");
  await page.keyboard.type("fl");
  await page.getByRole("option", { name: /^flush/ }).waitFor();
  await page.keyboard.type("ush");
  await page.keyboard.press("Enter");
  await page.keyboard.type("get ant");
  await page.keyboard.press("Enter");
  await page.keyboard.insertText("```\n\n```challenge id=c lines=3\n");
  await page.keyboard.type("goa");
  await page.getByRole("option", { name: /^goal/ }).click();
  await page.keyboard.type(": Reach it");
  const lines = (await text(page).innerText()).split(/\n+/);
  assert.deepEqual(lines.slice(-6), [
    "```lsm run",
    "flush",
    "get ant",
    "```",
    "```challenge id=c lines=3",
    "goal: Reach it",
  ]);
});

pageTest(
  "at a projector's size, the name of a masked lane of the preview stays in its lane",
  async (page) => {
    await edit(page);
    await text(page).click();
    await page.keyboard.insertText(
      LESSON.replace("trut:", "truth:").replace("id=tables", 'id=tables hide="immutables"'),
    );
    const names = page.locator(".edit-preview .mask.lane-facts");
    await names.first().waitFor();
    const cut = await names.evaluateAll(
      (all) => all.filter((one) => one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight + 1).length,
    );
    assert.equal(cut, 0);
  },
  { viewport: { width: 1280, height: 720 } },
);

pageTest("another lesson begins where one was thrown away", async (page) => {
  await edit(page);
  await page.getByRole("button", { name: "The lesson of the guide" }).click();
  await page.locator(".edit-preview .beat").waitFor();
  await page.getByRole("button", { name: "Throw away" }).click();
  await page.getByRole("button", { name: "Three short beats" }).click();
  await page.locator(".edit-preview .beat").waitFor();
  await page.getByText(/^No errors/).waitFor();
});

pageTest("a copy of a lesson begins in the place of the draft, which can be brought back", async (page) => {
  await edit(page);
  await text(page).click();
  await page.keyboard.insertText("my draft");
  await page.getByText("Kept in this browser").waitFor();
  await edit(page, "deletes");
  await page.getByText(/^No errors/).waitFor();
  assert.match(await text(page).innerText(), /id: deletes/);
  await page.getByRole("button", { name: "Bring it back" }).click();
  await page
    .getByRole("button", { name: /^Error in line 1/ })
    .first()
    .waitFor();
  assert.equal((await text(page).innerText()).trim(), "my draft");
});

pageTest(
  "a lesson has a link and lines for a page; in the single file, which has no embed, the link alone",
  async (page) => {
    await edit(page);
    await page.getByRole("button", { name: "Three short beats" }).click();
    const link = page.getByRole("textbox", { name: "Link to the lesson", exact: true });
    const lines = page.getByRole("textbox", { name: "Lines for a page" });
    await page.getByRole("button", { name: "Publish" }).click();
    await link.waitFor();
    assert.match(await lines.inputValue(), /^<iframe\n {2}src="http.*\/embed\/\?lesson=https/);
    const present = await page.getByRole("textbox", { name: "Link to present the lesson" }).inputValue();
    assert.equal(present, `${await link.inputValue()}&present`);
    const address = page.getByLabel("Then the lesson has an address:");
    const policy = page.getByText("connect-src does not name");
    await address.fill("https://course.example.org/week-3/a.md");
    await page.getByText(/connect-src does not name https:\/\/course\.example\.org, the lesson/).waitFor();
    await address.fill(new URL("a.md", page.url()).href);
    await policy.waitFor({ state: "detached" });
    await page.keyboard.press("Escape");
    await link.waitFor({ state: "detached" });
    await page.evaluate(() => void (document.documentElement.dataset.single = ""));
    await page.getByRole("button", { name: "Publish" }).click();
    await link.waitFor();
    assert.equal(await lines.count(), 0);
  },
);

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  pageTest(
    `the lesson of the guide on a phone, ${colorScheme}: text and preview are tabs, and nothing is cut off`,
    async (page) => {
      await edit(page);
      assert.deepEqual(await faults(page), []);
      await page.getByRole("button", { name: "The lesson of the guide" }).click();
      await page.getByText("No errors, in all 3 variants.").waitFor();
      assert.deepEqual(await faults(page), []);
      assert.deepEqual(await cutOff(page, ".edit :is(button, h2, p):not(.figure-layer *)"), []);
      await page.getByRole("tab", { name: "Preview" }).click();
      await page
        .getByRole("region", { name: "Preview" })
        .getByText("How many entries does the memtable hold")
        .waitFor();
      assert.deepEqual(await faults(page), []);
      assert.deepEqual(await cutOff(page, ".edit :is(button, h2, p):not(.figure-layer *)"), []);
    },
    { viewport: { width: 390, height: 844 }, colorScheme },
  );
}

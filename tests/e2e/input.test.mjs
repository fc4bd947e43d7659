// Bad input: the error stands where it was typed, says what to do, and nothing typed is lost.

import assert from "node:assert/strict";

import { pageTest } from "./browser.mjs";
import { command, emptyQueue, length, ready } from "./page.mjs";

/**
 * Types a bad line; it must stay in the box, change nothing, and be shown with its message.
 * @param {import("playwright-core").Page} page
 * @param {string} line
 * @param {RegExp} message
 */
async function refused(page, line, message) {
  const events = await length(page);
  const said = await command(page, line);
  assert.match(said, message);
  assert.equal(await page.getByRole("textbox", { name: "Command" }).inputValue(), line, "the line is kept");
  assert.match(await page.getByRole("status").innerText(), message);
  const made = (await length(page)) - events;
  assert.ok(made <= 2, `a refused command did something: ${made} events`);
  return said;
}

pageTest("an unknown command is pointed at, with the nearest one", async (page) => {
  await ready(page);
  const said = await refused(page, "putt a 1", /is not a command/);
  assert.match(said, /^\s*\^\^\^\^/, "carets stand under the word");
  assert.match(said, /\bput\b/);
  assert.deepEqual(
    await page.getByRole("textbox", { name: "Command" }).evaluate((box) => {
      const input = /** @type {HTMLInputElement} */ (box);
      return [input.selectionStart, input.selectionEnd];
    }),
    [0, 4],
    "the wrong word is selected",
  );
});

pageTest("a wrong option is named with what was expected, and the database stays as it was", async (page) => {
  await ready(page);
  await command(page, "put a 1");
  await refused(page, "options block_size=7", /block_size.*32/s);
  await refused(page, "options blok_size=4096", /block_size/);
  assert.match(await command(page, "get a"), /^1\b/);
});

pageTest("a key or a value that is too large is refused with the limit, and kept", async (page) => {
  await ready(page);
  // A line of 17 MB takes the browser long to lay out.
  page.setDefaultTimeout(120_000);
  await refused(page, `put ${"k".repeat(70_000)} v`, /65,?535|64 ?K/i);
  await refused(page, `put k ${"v".repeat(17 * 1024 * 1024)}`, /16,?777,?216|16 ?MB/i);
});

pageTest("an option is checked as it is typed, and applied by reopening", async (page) => {
  await ready(page);
  await emptyQueue(page);
  await command(page, "put a 1");
  await page.getByRole("tab", { name: "Options" }).click();
  const field = page.getByRole("textbox", { name: /^write_buffer_entries/ });
  await field.fill("many");
  await page
    .getByRole("region", { name: "Options" })
    .getByText(/expected/)
    .waitFor();
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  const apply = page.getByRole("button", { name: /^Apply/ });
  assert.ok(await apply.isDisabled());
  // What is typed and not applied is still there when one has looked at something else.
  await page.getByRole("tab", { name: "Workload" }).click();
  await page.getByRole("tab", { name: "Options" }).click();
  assert.equal(await field.inputValue(), "many");
  await field.fill("2");
  await apply.click();
  await page
    .getByRole("region", { name: "Memtable" })
    .getByText(/1 of 2 entries/)
    .waitFor();
  await page.getByRole("tab", { name: "Console" }).click();
  await command(page, "put b 2");
  await page
    .getByRole("region", { name: "Level 0" })
    .getByText(/1 table\b/)
    .waitFor();
});

pageTest("the buttons run the same commands, with keys and values of any text", async (page) => {
  await ready(page);
  await page.getByRole("textbox", { name: "Key" }).fill('two "words"');
  await page.getByRole("textbox", { name: "Value" }).fill("a ; b # c");
  await page.getByRole("button", { name: "Put", exact: true }).click();
  await page.getByRole("region", { name: "Memtable" }).getByText('two "words"').waitFor();
  await page.getByRole("button", { name: "Get", exact: true }).click();
  await page.getByRole("status").getByText("a ; b # c").waitFor();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("region", { name: "Memtable" }).getByText("deleted").waitFor({ state: "attached" });
  await page.getByRole("button", { name: "Get", exact: true }).click();
  await page
    .getByRole("status")
    .getByText(/not found/)
    .waitFor();
});

pageTest("history and completion in the console", async (page) => {
  await ready(page);
  await command(page, "put a 1");
  await command(page, "get a");
  const box = page.getByRole("textbox", { name: "Command" });
  await box.fill("sca");
  await box.press("ArrowUp");
  await box.press("ArrowUp");
  assert.equal(await box.inputValue(), "put a 1");
  await box.press("ArrowDown");
  await box.press("ArrowDown");
  assert.equal(await box.inputValue(), "sca", "what was being typed comes back");
  await box.press("Tab");
  assert.equal((await box.inputValue()).trim(), "scan");
  await box.fill("put a");
  await box.press("Tab");
  assert.equal(await box.evaluate((it) => document.activeElement === it), false, "nothing to complete: Tab goes on");
  assert.equal(await box.inputValue(), "put a");
});

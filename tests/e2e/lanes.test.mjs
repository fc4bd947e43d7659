// The real engine's jobs as lanes over virtual time: only where they take their time, and in step with the timeline.

import assert from "node:assert/strict";

import { pageTest } from "./browser.mjs";
import { command, emptyQueue, leaveConsole, ready } from "./page.mjs";

const lanes = (/** @type {import("playwright-core").Page} */ page) => page.getByRole("region", { name: "Jobs over time", exact: true });

pageTest("jobs that run in the background have lanes that can be walked; jobs that run at once have none", async (page) => {
  await ready(page);
  await emptyQueue(page);
  await command(page, "options preset=demo-recipe");
  assert.match(await command(page, "drive 2s write_rate=5000"), /^ok/);
  assert.equal(await lanes(page).count(), 0);
  await command(page, "options preset=demo-recipe job_mode=scheduled device=hdd");
  assert.match(await command(page, "drive 5s write_rate=5000"), /^ok/);
  await leaveConsole(page);
  await lanes(page).waitFor();
  const rows = lanes(page).getByRole("group");
  assert.match((await rows.getAttribute("aria-label")) ?? "", /^\d+ jobs in \d+ rows/);
  await rows.focus();
  await page.keyboard.press("ArrowRight");
  const note = page.getByText(/^Flush \d+, →L0: began at [\d.]+ (s|ms), (took [\d.]+ (s|ms)|still running), .* written$/).first();
  await note.waitFor();
  const first = await note.innerText();
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction((text) => !document.body.innerText.includes(text), first);
});

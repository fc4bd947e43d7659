// The real engine's jobs as lanes over virtual time: only where they take their time, and in step with the timeline.

import assert from "node:assert/strict";

import { pageTest } from "./browser.mjs";
import { command, emptyQueue, leaveConsole, ready, region } from "./page.mjs";

const lanes = (/** @type {import("playwright-core").Page} */ page) =>
  page.getByRole("region", { name: "Jobs over time", exact: true });

pageTest(
  "jobs that run in the background have lanes that can be walked; jobs that run at once have none",
  async (page) => {
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
    const note = page
      .getByText(/^Flush \d+, →L0: began at [\d.]+ (s|ms), (took [\d.]+ (s|ms)|still running), .* written$/)
      .first();
    await note.waitFor();
    const first = await note.innerText();
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction((text) => !document.body.innerText.includes(text), first);
  },
);

/**
 * Steps back until `found` says so.
 * @param {import("playwright-core").Page} page
 * @param {() => Promise<boolean>} found
 */
async function backUntil(page, found) {
  for (let steps = 0; steps < 200; steps += 1) {
    if (await found()) return;
    await page.keyboard.press("ArrowLeft");
  }
  assert.fail("not within 200 events");
}

pageTest(
  "while the device moves the bytes of jobs, the row of the job counts them and says until when",
  async (page) => {
    await ready(page);
    await emptyQueue(page);
    await command(page, "options preset=demo-recipe job_mode=scheduled device=hdd");
    assert.match(await command(page, "drive 5s write_rate=5000"), /^ok/);
    await leaveConsole(page);
    const job = page.getByRole("group", { name: "Job", exact: true });
    const immutable = page.getByRole("region", { name: "Immutable memtables" });
    assert.match(await job.innerText(), /none running/);
    await backUntil(page, async () => /\d running/.test(await job.innerText()));
    assert.match(
      (await job.innerText()).replaceAll(/\s+/g, " "),
      /^Job 1 running flush \d+ memtable \d+ → L0 (planned )?until [\d.]+ (s|ms)$/,
    );
    assert.match(await immutable.innerText(), /being flushed/);
    // Sealed, so its log is durable, though no write was acknowledged with that sync.
    assert.match(await region(page, "WAL"), /^[1-9][\d.]* KB, acknowledged up to ·\d+, durable up to ·\d+/);
    // What is written stands on the stage.
    assert.match(await region(page, "Level 0"), /\d{6}\.sst, not in the tree yet: \d+ entr\w+, \d+ blocks?/);
  },
);

pageTest(
  "where writes have to wait, a small page still shows the levels, the reason, and what it is about",
  async (page) => {
    await page.setViewportSize({ width: 1280, height: 720 });
    await ready(page);
    await emptyQueue(page);
    await command(
      page,
      "options preset=demo-recipe job_mode=scheduled device=hdd max_write_buffer_number=4 max_background_jobs=4",
    );
    assert.match(await command(page, "drive 2s write_rate=200000"), /[1-9]\d* stalls/);
    await leaveConsole(page);
    await page.setViewportSize({ width: 720, height: 480 });
    const story = page.getByRole("region", { name: "Story" });
    await backUntil(page, async () => /has to wait/.test(await story.innerText()));
    await page
      .getByRole("status")
      .getByText(/a write waits: too many/)
      .waitFor();
    const stage = await page.getByRole("region", { name: "Timeline" }).boundingBox();
    const bottom = async (/** @type {import("playwright-core").Locator} */ what) => {
      const box = await what.boundingBox();
      return box ? box.y + box.height : Number.NaN;
    };
    assert.ok((await bottom(lanes(page))) <= (stage?.y ?? 0), "the lanes stick out of the stage");
    const level = await page.getByRole("region", { name: "Level 0" }).locator(".lane-words").boundingBox();
    assert.ok(level && level.y + 40 < (stage?.y ?? 0), "level 0 is out of view");
    // However long the story is, its question is in view; what it answers is, too.
    const why = story.getByRole("button", { name: "Why?" });
    const panel = await story.boundingBox();
    assert.ok(
      (await bottom(why)) <= (panel?.y ?? 0) + (panel?.height ?? 0) + 1,
      "the question is below what is in view",
    );
    await why.click();
    const because = story.getByRole("button", { name: "Because" });
    assert.ok((await bottom(because)) <= (panel?.y ?? 0) + (panel?.height ?? 0) + 40);
    await story.getByText("This is a write stall").waitFor();
  },
  { viewport: { width: 720, height: 480 } },
);

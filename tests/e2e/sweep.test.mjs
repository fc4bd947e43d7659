// Runs of a sweep on the page: a CSV that is dropped or chosen, as points and as a table, by pointer and keys.

import assert from "node:assert/strict";

import { faults } from "./axe.mjs";
import { pageTest } from "./browser.mjs";
import { drop, ready } from "./page.mjs";

/** @typedef {import("playwright-core").Page} Page */

const CSV = `plan,run,seed,compaction_style,write_buffer_size,outcome,seconds,write_amp,read_amp,space_amp,\
stopped_seconds,peak_bytes
p0,0,1,leveled,33554432,done,3600,9.5,4.5,1.1,12,29732184375
p0,1,1,leveled,67108864,done,3600,8,4.25,1.1,0,29732184375
p0,2,1,universal,33554432,done,3600,5,9,1.9,0,37125528658
p0,3,1,universal,67108864,done,3600,4,8,1.8,0,37125528658
p0,4,1,universal,134217728,refused,,,,,,
`;

const chart = (/** @type {Page} */ page) => page.getByRole("slider", { name: "Runs by write amplification" });
const rows = (/** @type {Page} */ page) =>
  page.getByRole("region", { name: "Table of runs" }).getByRole("rowheader").allInnerTexts();

pageTest("a dropped CSV: the runs that no other beats, arrow keys go from run to run", async (page) => {
  await ready(page);
  await drop(page, "rows.csv", CSV);
  const dialog = page.getByRole("dialog", { name: "Runs of a sweep" });
  await dialog.getByText("rows.csv: 2 of 4 runs are beaten by no other").waitFor();
  await dialog.getByText("1 did not come to its end, and is left out.").waitFor();
  assert.deepEqual(await rows(page), ["3 ★", "1 ★"]);
  assert.equal(await dialog.locator("circle.best").count(), 2);
  assert.equal(await dialog.locator("circle.beaten").count(), 2);
  const said = () => chart(page).getAttribute("aria-valuetext");
  assert.match(
    (await said()) ?? "",
    /^run 3, no other beats it: write 4\.00, read 8\.00, space 1\.80; compaction_style uni/,
  );
  await chart(page).focus();
  await page.keyboard.press("ArrowRight");
  assert.match((await said()) ?? "", /^run 2: write 5\.00/);
  await page.keyboard.press("End");
  assert.match((await said()) ?? "", /^run 0: write 9\.50.*write_buffer_size 33554432$/);
  await page.keyboard.press("ArrowRight");
  assert.match((await said()) ?? "", /^run 0/, "there is none behind the last");
  await page.getByLabel("All runs in the table").check();
  assert.deepEqual(await rows(page), ["3 ★", "2", "1 ★", "0"]);
  // The pointer chooses the nearest point.
  const point = await dialog.locator("circle.best").last().boundingBox();
  await page.mouse.move((point?.x ?? 0) + 9, (point?.y ?? 0) + 9);
  assert.match((await said()) ?? "", /no other beats it/);
  assert.equal(await page.getByRole("row", { name: /★/ }).locator("xpath=self::*[@aria-current]").count(), 1);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
});

pageTest("what is no sweep is refused, and another file is taken instead", async (page) => {
  await page.getByRole("button", { name: "Simulate", exact: true }).click();
  await page.getByRole("button", { name: "Sweep", exact: true }).click();
  const file = page.getByLabel("A file", { exact: true });
  await file.setInputFiles({ name: "letter.csv", mimeType: "text/csv", buffer: Buffer.from("<b>Dear</b>,all\n") });
  await page.getByRole("alert").getByText("letter.csv is not a sweep's CSV. Choose a file").waitFor();
  const hostile = CSV.replaceAll("universal", "<img src=x>");
  await file.setInputFiles({ name: "<i>.csv", mimeType: "text/csv", buffer: Buffer.from(hostile) });
  await page.getByText("<i>.csv: 2 of 4 runs are beaten by no other").waitFor();
  assert.equal(await page.locator("dialog img, dialog i").count(), 0, "text of a file is never markup");
});

for (const colorScheme of /** @type {const} */ (["light", "dark"]))
  pageTest(`a sweep, ${colorScheme}: axe finds nothing, wide and on a phone`, async (page) => {
    await page.emulateMedia({ colorScheme });
    await ready(page);
    await drop(page, "rows.csv", CSV);
    await chart(page).waitFor();
    const wide = await faults(page, []);
    await page.setViewportSize({ width: 360, height: 640 });
    assert.deepEqual([...wide, ...(await faults(page, []))], []);
    const over = await page.evaluate(() => {
      const dialog = /** @type {HTMLElement} */ (document.querySelector("dialog[open]"));
      return dialog.scrollWidth - dialog.clientWidth;
    });
    assert.ok(over <= 0, `${over} px stick out`);
  });

// A tree of thousands of tables stays readable: groups that say how many they stand for, a zoom down to single tables,
// and a page that holds no more places than with a few. How long a step takes is measured by `cargo xtask bench page`.

import assert from "node:assert/strict";

import { pageTest } from "./browser.mjs";
import { command, emptyQueue, leaveConsole, position, ready, region, standsAt } from "./page.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** Makes a level 1 of some ten thousand tables. @param {Page} page */
async function manyTables(page) {
  await ready(page);
  await emptyQueue(page);
  const small =
    "target_file_size_base=64 block_size=64 wal_sync=never write_buffer_entries=100000 write_buffer_size=67108864";
  await command(page, `options ${small} max_bytes_for_level_base=1000000000 disable_auto_compactions=true`);
  for (const line of ["fill 60000", "flush", "compact"]) assert.match(await command(page, line), /^ok/);
  await leaveConsole(page);
}

/** How many tables level 1 says it has. @param {Page} page */
async function told(page) {
  return Number(/([\d,]+) tables/.exec(await region(page, "Level 1"))?.[1].replaceAll(",", ""));
}

/** @param {Page} page */
const level = (page) => page.getByRole("region", { name: "Level 1", exact: true });
/** @param {Page} page */
const groups = (page) => level(page).getByRole("button", { name: /^[\d,]+ tables from key\d/ });
/** @param {Page} page */
const tables = (page) => level(page).getByRole("button", { name: /^\d{6}\.sst: / });

pageTest("ten thousand tables are groups that say how many they stand for, and from which key on", async (page) => {
  await manyTables(page);
  const all = await told(page);
  assert.ok(all > 9000, `${all} tables`);
  const words = await groups(page).allInnerTexts();
  const sum = words.reduce((n, said) => n + Number(/^[\d,]+/.exec(said)?.[0].replaceAll(",", "")), 0);
  assert.equal(sum + (await tables(page).count()), all, "every table is in a group or drawn alone");
  assert.match(words[1], /from key\d+ to key\d+/);
});

pageTest(
  "by keyboard: walk the groups, zoom in until tables can be told apart, inspect one, and go back to the whole",
  async (page) => {
    await manyTables(page);
    const before = await position(page);
    await groups(page).nth(3).focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    assert.equal(await position(page), before, "the arrow keys walk the groups, not the timeline");
    for (let i = 0; i < 8 && (await tables(page).count()) < 3; i += 1) {
      await groups(page).first().focus();
      await page.keyboard.press("Enter");
    }
    assert.ok((await tables(page).count()) >= 3, "tables can be told apart");
    await page.getByText(/^1\/[\d,]+ of the keys$/).waitFor();
    assert.ok((await told(page)) > 9000, "the level still says how many it has");
    await tables(page).nth(1).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("region", { name: "Inspector" }).getByText(/\.sst/).first().waitFor();
    await page.getByRole("button", { name: "All keys" }).click();
    await page.getByText(/of the keys$/).waitFor({ state: "detached" });
    assert.equal(await page.getByRole("button", { name: "Zoom out" }).isDisabled(), true);
  },
);

pageTest("the wheel with Ctrl zooms where the pointer is, and time can be stepped meanwhile", async (page) => {
  await manyTables(page);
  const box = await groups(page).first().boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + 2, box.y + 5);
  await page.keyboard.down("Control");
  for (let i = 0; i < 4; i += 1) await page.mouse.wheel(0, -100);
  await page.keyboard.up("Control");
  await page.getByText("1/4 of the keys").waitFor();
  assert.match((await groups(page).first().innerText()) ?? "", /from key0000\d to /, "what was pointed at is in view");
  await page.getByRole("button", { name: "Later keys" }).click();
  await page.waitForFunction(
    () => !/from key0000\d to /.test(document.querySelector('[aria-label="Level 1"]')?.textContent ?? ""),
  );
  const before = await position(page);
  await page.getByRole("button", { name: "Step back", exact: true }).click();
  await standsAt(page, before - 1);
  await page.getByText("1/4 of the keys").waitFor();
});

pageTest("ten thousand tables are no more on the page than its width can tell apart, at every step", async (page) => {
  await manyTables(page);
  const end = await position(page);
  for (let back = 0; back < 6; back += 1) {
    const drawn = await level(page).getByRole("button").count();
    assert.ok(drawn > 0 && drawn <= 40, `${drawn} places in level 1, at event ${end - back}`);
    await page.getByRole("button", { name: "Step back", exact: true }).click();
    await standsAt(page, end - back - 1);
  }
});

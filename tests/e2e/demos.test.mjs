// The demos of two of the source systems, typed into the page's console, with the values that their texts name.

import assert from "node:assert/strict";

import { pageTest } from "./browser.mjs";
import { command, ready, region } from "./page.mjs";

pageTest("twelve keys, a memtable of five, one compaction that merges every table", async (page) => {
  await ready(page);
  await command(page, "options preset=full-merge");
  for (let i = 0; i < 12; i += 1) await command(page, `put key${String(i).padStart(2, "0")} value_${i}`);
  assert.match(await region(page, "Level 0"), /2 tables/, "two memtables of five were flushed");
  assert.match(await region(page, "Memtable"), /^2 of 5 entries/);
  await command(page, "flush");
  assert.match(await region(page, "Level 0"), /3 tables/);

  for (const [key, value] of [
    ["key00", "value_0"],
    ["key05", "value_5"],
    ["key11", "value_11"],
  ]) {
    assert.match(await command(page, `get ${key}`), new RegExp(`^${value}\\b`));
  }
  assert.match(await command(page, "get key99"), /not found/);
  const scanned = await command(page, "scan key03 key07");
  assert.deepEqual(
    [...scanned.matchAll(/value_(\d+)/g)].map(([, n]) => Number(n)),
    [3, 4, 5, 6, 7],
  );

  await command(page, "compact");
  const levels = (await page.getByRole("region", { name: /^Level \d+$/ }).allInnerTexts()).join(" ");
  assert.deepEqual(
    [...levels.matchAll(/(\d+) tables?\b/g)].map(([, n]) => n),
    ["1"],
    "every table was merged into one",
  );

  await command(page, "put key05 updated_value_5");
  await command(page, "put key20 new_value_20");
  assert.match(await command(page, "get key05"), /^updated_value_5\b/);
  assert.match(await command(page, "get key20"), /^new_value_20\b/);
  const stats = await command(page, "stats");
  assert.match(stats, /\b2\b/, "two entries are in the memtable");
  assert.match(await region(page, "Memtable"), /2 of 5 entries/);
});

pageTest("put, delete, flush, overwrite, scan, compact level 0, scan", async (page) => {
  await ready(page);
  await command(page, "options write_buffer_size=1024 write_buffer_entries=0 target_file_size_base=4096");
  await command(page, "put a 1");
  await command(page, "put b 2");
  await command(page, "delete a");
  assert.match(await command(page, "get b"), /^2\b/);
  await command(page, "flush");
  assert.match(await region(page, "Level 0"), /1 table\b/);
  await command(page, "put a 3");
  assert.match(await command(page, "get a"), /^3\b/);
  const pairs = (/** @type {string} */ text) =>
    [...text.matchAll(/^([ab])\b\W+(\d)/gm)].map(([, key, value]) => `${key}=${value}`);
  assert.deepEqual(pairs(await command(page, "scan a z")), ["a=3", "b=2"]);
  await command(page, "compact 0");
  assert.deepEqual(pairs(await command(page, "scan a z")), ["a=3", "b=2"]);
  assert.match(await region(page, "Level 0"), /empty/);
});

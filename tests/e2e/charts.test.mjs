// What is read off the charts: a scale, the values at the pointer, and at a point that the keyboard moves.

import assert from "node:assert/strict";

import { pageTest } from "./browser.mjs";
import { command, cutOff, length, position, ready, region } from "./page.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** Some tables on two levels. @param {Page} page */
async function filled(page) {
  await ready(page);
  for (const line of ["put a 1", "flush", "put b 2", "flush", "put c 3"]) await command(page, line);
}

const surface = (/** @type {Page} */ page) => page.getByRole("slider", { name: "Reading point" });

/** The middle of the charts' height, at a share of their width. @param {Page} page @param {number} share */
async function pointAt(page, share) {
  const box = await surface(page).boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + share * box.width, box.y + box.height / 2);
}

pageTest("the numbers are those at the pointer, and time stays where it is", async (page) => {
  await filled(page);
  const end = await length(page);
  const now = await region(page, "Charts");
  assert.match(now, /2 tables by level/);
  await pointAt(page, 0);
  const start = await region(page, "Charts");
  assert.match(start, /0 B memtable 0 tables by level/);
  assert.match(start, / event 0 /);
  assert.equal(await position(page), end);
  await page.mouse.move(5, 5);
  assert.equal(await region(page, "Charts"), now);
});

pageTest("each chart says what its axis reaches, in letters that can be read", async (page) => {
  await filled(page);
  const scales = page.locator(".scale-top, .scale-zero");
  const seen = await scales.evaluateAll((all) =>
    all.map((e) => ({ text: e.textContent, size: Number.parseFloat(getComputedStyle(e).fontSize) })),
  );
  assert.equal(seen.length, 8);
  assert.deepEqual(
    seen.filter(({ size }) => size < 11),
    [],
  );
  assert.equal(seen[2].text, "4", "the axis of tables");
  assert.equal(seen[3].text, "0");
  // Above the next chart's, each in its own strip.
  const boxes = await scales.evaluateAll((all) => all.map((e) => e.getBoundingClientRect().toJSON()));
  for (let i = 1; i < boxes.length; i += 1)
    assert.ok(boxes[i].top >= boxes[i - 1].bottom - 1, `${seen[i].text} lies over ${seen[i - 1].text}`);
});

pageTest("arrow keys move the reading point, not time; Enter goes there, Escape back to now", async (page) => {
  await filled(page);
  const end = await length(page);
  await surface(page).focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  const read = Number(await surface(page).getAttribute("aria-valuenow"));
  assert.ok(read > 0 && read < end, `${read}`);
  assert.match(
    (await surface(page).getAttribute("aria-valuetext")) ?? "",
    /^event \d+, memtable \d+ B, tables by level 0/,
  );
  assert.equal(await position(page), end);
  await page.keyboard.press("Escape");
  assert.equal(await surface(page).getAttribute("aria-valuenow"), String(end));
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  assert.equal(await position(page), read);
});

pageTest("while what is ahead is hidden, the charts have nothing of it", async (page) => {
  await filled(page);
  await surface(page).focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  const at = await position(page);
  await page.getByRole("tab", { name: "Scripts" }).click();
  await page.getByRole("checkbox", { name: /^Hide what is ahead/ }).check();
  await pointAt(page, 0.999);
  assert.match(await region(page, "Charts"), new RegExp(` event ${at} `));
  assert.equal(await surface(page).getAttribute("aria-valuemax"), String(at));
});

pageTest("dragging zooms into a range of events; keys and the wheel do, and a double click shows all", async (page) => {
  await filled(page);
  const end = await length(page);
  const all = page.getByRole("button", { name: "All events" });
  await pointAt(page, 0.25);
  await page.mouse.down();
  await pointAt(page, 0.75);
  await page.mouse.up();
  await all.waitFor();
  assert.equal(await position(page), end, "a drag is no click");
  const [first, last] = [Math.ceil(end / 4), Math.floor((end * 3) / 4)];
  const said =
    /events (\d+) to (\d+)/
      .exec(await region(page, "Charts"))
      ?.slice(1)
      .map(Number) ?? [];
  assert.ok(Math.abs(said[0] - first) <= 1 && Math.abs(said[1] - last) <= 1, `${said}, not ${first} to ${last}`);
  await pointAt(page, 0.001);
  assert.match(await region(page, "Charts"), new RegExp(` event ${said[0]} `));
  await page.getByRole("button", { name: "Charts as a table" }).click();
  const sample = await page.getByRole("table", { name: "Samples" }).getByRole("cell").first().innerText();
  assert.ok(Number(sample) >= said[0], `the table is of what is in view, not from ${sample}`);
  await page.keyboard.press("Escape");
  await surface(page).focus();
  await page.keyboard.press("0");
  await all.waitFor({ state: "detached" });
  await page.keyboard.press("+");
  await all.waitFor();
  await surface(page).dblclick();
  await all.waitFor({ state: "detached" });
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -100);
  await page.keyboard.up("Control");
  await all.click();
  await all.waitFor({ state: "detached" });
});

pageTest(
  "the charts can be read as a table, with units, and copied",
  async (page) => {
    await filled(page);
    await page.getByRole("button", { name: "Charts as a table" }).click();
    const table = page.getByRole("table", { name: "Samples" });
    await table.waitFor();
    const heads = await table.getByRole("columnheader").allInnerTexts();
    assert.deepEqual(
      heads.slice(0, 3).map((head) => head.replaceAll(/\s+/g, " ")),
      ["event number", "memtable bytes", "tables by level, L0 count"],
    );
    assert.match(heads.join("|"), /write amp\s+ratio/);
    const last = await table.getByRole("row").last().getByRole("cell").allInnerTexts();
    assert.equal(last[2], "2", "tables of level 0 at the end");
    await page.getByRole("button", { name: "Copy as CSV" }).click();
    await page.getByText("Copied.").waitFor();
    const csv = (await page.evaluate(() => navigator.clipboard.readText())).trim().split("\n");
    assert.equal(csv.at(-1)?.split(",")[2], "2");
    assert.equal(csv.length, await table.getByRole("row").count());
    await page.keyboard.press("Escape");
    await table.waitFor({ state: "detached" });
  },
  { permissions: ["clipboard-read", "clipboard-write"] },
);

/** Jobs and writes that take time: seconds of it. @param {Page} page */
async function timed(page) {
  await ready(page);
  await command(page, "options preset=background");
  for (const line of ["fill 40 seed 3", "wait 5s"]) await command(page, line);
}

/** @param {Page} page @param {string} axis */
async function chooseAxis(page, axis) {
  await page.getByRole("button", { name: "Choose charts" }).click();
  await page.getByRole("radio", { name: axis }).click();
  await page.keyboard.press("Escape");
}

/** Where the line for now is, as a share of the charts' width. @param {Page} page */
async function nowShare(page) {
  const [line, box] = [await page.locator(".now-line").boundingBox(), await surface(page).boundingBox()];
  assert.ok(line && box);
  return (line.x - box.x) / box.width;
}

pageTest(
  "the charts go by virtual time, which is remembered, and the line for now stands where the clock does",
  async (page) => {
    await timed(page);
    const end = await length(page);
    await chooseAxis(page, "virtual time");
    const ticks = await page.locator(".axis-labels span").allInnerTexts();
    assert.ok(ticks.length >= 3 && ticks.every((tick) => /^[\d.]+ s$/.test(tick)), ticks.join(", "));
    assert.equal(ticks[0], "0 s");
    // Nothing happens while time passes: five seconds of the axis belong to one event.
    await pointAt(page, 0.999);
    const wide = await region(page, "Charts");
    assert.match(wide, /[\d.]+ s, event \d+/);
    const seen = Number(/s, event ([\d,]+)/.exec(wide)?.[1].replace(",", ""));
    assert.ok(seen > end - 12 && seen <= end, `event ${seen} of ${end}`);
    assert.ok((await nowShare(page)) > 0.99);
    // What is clicked in the middle of the axis is where the line goes: at most a write lies between.
    const box = await surface(page).boundingBox();
    assert.ok(box);
    await page.mouse.click(box.x + box.width * 0.1, box.y + box.height / 2);
    const at = await position(page);
    assert.ok(at > 0 && at < end);
    await page.mouse.move(5, 5);
    const share = await nowShare(page);
    assert.ok(share > 0.02 && share <= 0.105, `${share}`);
    const byTime = at / end;
    await chooseAxis(page, "events");
    assert.ok(Math.abs((await nowShare(page)) - byTime) < 0.01, "by event it stands at its share of the events");
    assert.equal(await page.locator(".axis-labels").count(), 0);
    await chooseAxis(page, "virtual time");
    const next = await page.context().newPage();
    await next.goto(page.url().replace(/#.*/, ""));
    await timed(next);
    await next.locator(".axis-labels span").first().waitFor();
  },
);

pageTest("zooming by time says from when to when; the table has the moments of what is in view", async (page) => {
  await timed(page);
  await chooseAxis(page, "virtual time");
  await pointAt(page, 0.05);
  await page.mouse.down();
  await pointAt(page, 0.15);
  await page.mouse.up();
  await page.getByRole("button", { name: "All of the time" }).waitFor();
  const [, from, to] = /([\d.]+) s to ([\d.]+) s/.exec(await region(page, "Charts")) ?? [];
  assert.ok(Number(from) > 0 && Number(to) > Number(from), `${from} to ${to}`);
  await page.getByRole("button", { name: "Charts as a table" }).click();
  const table = page.getByRole("table", { name: "Samples" });
  await table.waitFor();
  const heads = await table.getByRole("columnheader").allInnerTexts();
  assert.equal(heads[1].replaceAll(/\s+/g, " "), "virtual time s");
  const times = await table.locator("tbody td:nth-child(2)").allInnerTexts();
  assert.ok(times.length > 1);
  for (const time of times) assert.ok(Number(time) >= Number(from) - 0.01 && Number(time) <= Number(to) + 0.01, time);
  await page.keyboard.press("Escape");
  // Another axis shows all of it.
  await chooseAxis(page, "events");
  await page.getByRole("button", { name: "All of the time" }).waitFor({ state: "detached" });
  assert.equal(await page.getByRole("button", { name: "All events" }).count(), 0);
});

pageTest("where jobs take no time, there is none to choose, and the page says why", async (page) => {
  await filled(page);
  await page.getByRole("button", { name: "Choose charts" }).click();
  const choice = page.getByRole("radio", { name: "virtual time" });
  assert.ok(await choice.isDisabled());
  assert.match(
    (await page.locator("label", { has: choice }).getAttribute("title")) ?? "",
    /no virtual time.*job_mode=scheduled/,
  );
  assert.ok(await page.getByRole("radio", { name: "events" }).isChecked());
});

for (const layout of /** @type {const} */ (["panels", "figure"]))
  pageTest(
    `in an embed, ${layout}: one chart, and all of them at a click`,
    async (page) => {
      await ready(page);
      if (layout === "figure") await page.getByRole("button", { name: "Charts", exact: true }).click();
      await page.setViewportSize({ width: 720, height: 480 });
      const charts = page.getByRole("region", { name: "Charts" });
      const strips = charts.locator(".strip-chart");
      await strips.first().waitFor();
      assert.equal(await strips.count(), 1);
      const folded = await charts.boundingBox();
      assert.ok(folded && folded.height <= 30, `${folded?.height}`);
      await page.getByRole("button", { name: "All charts" }).click();
      assert.equal(await strips.count(), 4);
      const play = await page.locator("#play").boundingBox();
      assert.ok(play && play.y + play.height <= 480, "the player is still in view");
      assert.deepEqual(await cutOff(page, ".legend b, .scale-top"), []);
      await page.getByRole("button", { name: "All charts" }).click();
      assert.equal(await strips.count(), 1);
    },
    { layout },
  );

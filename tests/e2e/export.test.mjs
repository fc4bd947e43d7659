// What is taken away: pictures, charts and sessions, read back by other programs.

import assert from "node:assert/strict";

import { pageTest } from "./browser.mjs";
import { LINES, choose, differing, fill, made, open, pixels, run, saved, small } from "./export-page.mjs";
import { command, length, position, ready, stage, standsAt } from "./page.mjs";

pageTest(
  "a picture is a PNG and an SVG of the same, in the size, colours and words that were asked for",
  async (page) => {
    await run(page, LINES);
    await open(page, "Picture");
    await fill(page, "Width", 960);
    await fill(page, "Height", 540);
    await made(page, /\.svg · /);
    const svg = await saved(page);
    const text = svg.bytes.toString();
    assert.equal(svg.name, `lsmscope-event-${await position(page)}.svg`);
    assert.match(text, /^<svg [^>]*width="960" height="540"/);
    assert.match(text, /fill="#fbfaf6"/);
    assert.match(text, />Operation 4 is done<\/text>/);
    assert.match(text, /<g id="tray:table-\d+"/);
    await choose(page, "Format", "PNG");
    await made(page, /\.png · /);
    const png = await saved(page);
    const [ofSvg, ofPng] = [await pixels(page, svg.bytes, "image/svg+xml"), await pixels(page, png.bytes, "image/png")];
    assert.deepEqual([ofPng.width, ofPng.height], [960, 540]);
    // Letters are of other fonts: what is not letters is the same.
    const share = differing(ofSvg.data, ofPng.data, 32);
    assert.ok(share < 0.06, `${share} of the pixels differ`);

    await choose(page, "Pixels", "2 pixels");
    await choose(page, "Colours", "Dark");
    await page.getByRole("checkbox", { name: "With the sentence below" }).uncheck();
    await page.waitForFunction(() => document.querySelector(".export-preview img")?.getAttribute("src") && true);
    await choose(page, "Format", "SVG");
    await made(page, /\.svg · /);
    const dark = (await saved(page)).bytes.toString();
    assert.match(dark, /fill="#12151c"/);
    assert.doesNotMatch(dark, /Operation 4 is done<\/text>/);

    // Where nothing may be saved: the same text, to be copied.
    await page.getByRole("button", { name: "Show the text" }).click();
    assert.equal(await page.getByRole("textbox", { name: "Text to copy" }).inputValue(), dark);
  },
);

pageTest("what is typed into a field stays while previews come in", async (page) => {
  await run(page, LINES);
  await open(page, "Film");
  const width = page.getByRole("dialog").getByLabel("Width", { exact: true });
  await width.fill("7");
  await choose(page, "Colours", "Dark");
  await width.focus();
  await width.fill("72");
  await page.getByRole("checkbox", { name: "With the sentence below" }).dispatchEvent("click");
  assert.equal(await width.inputValue(), "72");
  await page.getByRole("checkbox", { name: "With the sentence below" }).focus();
  assert.equal(await width.inputValue(), "240", "the least, once it is left");
});

pageTest("a filmstrip has as many moments as were asked for, in one SVG", async (page) => {
  await run(page, LINES);
  await open(page, "Filmstrip");
  await small(page);
  await fill(page, "Pictures", 4);
  await fill(page, "Side by side", 4);
  await fill(page, "From event", 1);
  await made(page, /strip\.svg · /);
  await page.waitForFunction(() => {
    const image = /** @type {HTMLImageElement | null} */ (document.querySelector(".export-preview img"));
    return image?.naturalWidth === 4 * 480 + 3 * 4;
  });
  const text = (await saved(page)).bytes.toString();
  assert.deepEqual(
    [...text.matchAll(/<g id="(\d):lane:wal"/g)].map(([, frame]) => frame),
    ["0", "1", "2", "3"],
  );
});

/** Rows of comma-separated values; our names have no commas in them. @param {Buffer} bytes */
function table(bytes) {
  const [head, ...rows] = bytes
    .toString()
    .trimEnd()
    .split("\n")
    .map((row) => row.split(","));
  for (const row of rows) assert.equal(row.length, head.length);
  return rows.map((row) => Object.fromEntries(row.map((cell, i) => [head[i], cell === "" ? null : Number(cell)])));
}

pageTest("a chart is an SVG, a PNG and its numbers; all charts are one table", async (page) => {
  await run(page, [...LINES, "put user:4 Dave", "flush"]);
  await open(page, "Chart");
  await choose(page, "Chart", "tables by level");
  await made(page, /tables\.svg · /);
  const svg = await saved(page);
  assert.match(svg.bytes.toString(), />tables by level<\/text>/);
  const drawn = await pixels(page, svg.bytes, "image/svg+xml");
  assert.deepEqual([drawn.width, drawn.height], [960, 320]);
  await choose(page, "Format", "PNG");
  await made(page, /tables\.png · /);
  assert.equal((await pixels(page, (await saved(page)).bytes, "image/png")).width, 2 * 960);
  await choose(page, "Format", "CSV");
  await made(page, /tables\.csv · /);
  const numbers = table((await saved(page)).bytes);
  assert.equal(numbers[numbers.length - 1]["tables by level L0"], 2, "two flushes, two tables");

  await page.getByRole("tab", { name: "Files" }).click();
  const all = table((await saved(page, "Charts (CSV)")).bytes);
  assert.equal(all.length, numbers.length);
  const end = all[all.length - 1];
  assert.equal(end.tables_l0, 2);
  assert.ok(Number(end.write_rocksdb) >= 1, JSON.stringify(end));
});

pageTest("a session is a file that opens again, dropped or chosen; one that is none is refused", async (page) => {
  await run(page, LINES);
  await page.getByRole("slider", { name: "Position" }).fill("12");
  await standsAt(page, 12);
  const shown = await stage(page);
  await open(page, "Files");
  const file = await saved(page, "Session (JSON)");
  assert.equal(file.name, "lsmscope-session.json");

  const drop = (/** @type {string} */ content) =>
    page.evaluate((text) => {
      const data = new DataTransfer();
      data.items.add(new File([text], "lsmscope-session.json"));
      for (const type of ["dragover", "drop"])
        document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
    }, content);
  await page.keyboard.press("Escape");
  // A command in the past would begin a branch.
  const toTheEnd = async () => {
    const end = await length(page);
    await page.getByRole("slider", { name: "Position" }).fill(String(end));
    await standsAt(page, end);
  };
  await toTheEnd();
  await command(page, "put other 1");
  await drop(file.bytes.toString());
  await page.getByRole("status").filter({ hasText: "Restored: 4 commands ran again." }).waitFor();
  await standsAt(page, 12);
  assert.equal(await stage(page), shown);

  await toTheEnd();
  await command(page, "put another 1");
  await open(page, "Files");
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: "Open a session…" }).click(),
  ]);
  await chooser.setFiles({ name: "mine.json", mimeType: "application/json", buffer: file.bytes });
  await standsAt(page, 12);
  assert.equal(await stage(page), shown);

  await drop('{"kind":"other"}');
  await page.getByRole("status").filter({ hasText: "is not opened: this is not a session of lsmscope" }).waitFor();
  assert.equal(await stage(page), shown);
});

pageTest("the simulator's tree and charts are taken away as well", async (page) => {
  await ready(page);
  await page.getByRole("button", { name: "Simulate" }).click();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByText(/^Done: /).waitFor({ timeout: 60_000 });
  await open(page, "Picture");
  await made(page, /simulation\.svg · /);
  assert.match((await saved(page)).bytes.toString(), /<g id="lane:level-0"/);
  await page.getByRole("tab", { name: "Chart" }).click();
  await choose(page, "Chart", "throughput");
  await made(page, /throughput\.svg · /);
  assert.match((await saved(page)).bytes.toString(), />offered<\/text>/);
  await page.getByRole("tab", { name: "Files" }).click();
  const rows = table((await saved(page, "Charts (CSV)")).bytes);
  assert.ok(rows.length > 10 && Number(rows[rows.length - 1].seconds) > Number(rows[0].seconds));
});

pageTest("the printable page has the stage, the sentences, the script and the options", async (page) => {
  await run(page, LINES);
  await page.evaluate(() => {
    // A print dialog would wait for somebody.
    globalThis.print = () => document.documentElement.setAttribute("data-printed", "");
  });
  await open(page, "Print");
  await page.getByRole("button", { name: "Print…" }).click();
  await page.waitForFunction(() => "printed" in document.documentElement.dataset);
  await page.emulateMedia({ media: "print" });
  const paper = page.locator(".print-page");
  assert.match(await paper.innerText(), /Flush 1 begins\.[\s\S]*put user:3 Carol[\s\S]*write_buffer_entries=4/);
  assert.ok(await paper.getByRole("img").isVisible());
  assert.ok(!(await page.locator(".app").isVisible()), "the page itself is not printed");
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  assert.equal(await paper.count(), 0);
  assert.ok(await page.locator(".figure-box").isVisible(), "without it, the stage is printed");
  assert.ok(!(await page.locator(".foot").isVisible()));
});

pageTest(
  "in a frame that allows no downloads, the text is shown to copy and the picture is in view",
  async (page) => {
    await ready(page);
    await page.evaluate(() => {
      const frame = document.createElement("iframe");
      frame.name = "sandboxed";
      // All that the page needs today; what is not there is allow-downloads.
      frame.sandbox.add("allow-scripts", "allow-same-origin");
      frame.style.cssText = "position:fixed;inset:0;width:100%;height:100%;z-index:99";
      frame.src = location.pathname;
      document.body.append(frame);
    });
    const handle = await page.locator("iframe[name=sandboxed]").elementHandle();
    const frame = /** @type {import("playwright-core").Frame} */ (await handle?.contentFrame());
    await frame.locator("#command:enabled").waitFor();
    await frame.getByRole("button", { name: "Export", exact: true }).click();
    await frame.getByRole("tab", { name: "Picture" }).click();
    await frame.getByRole("status").filter({ hasText: ".svg · " }).waitFor();
    let downloads = 0;
    page.on("download", () => (downloads += 1));
    await frame.getByRole("button", { name: "Save", exact: true }).click();
    await frame.getByRole("button", { name: "Show the text" }).click();
    assert.match(await frame.getByRole("textbox", { name: "Text to copy" }).inputValue(), /^<svg /);
    assert.ok(await frame.getByRole("img", { name: /An LSM-tree after event/ }).isVisible());
    assert.equal(downloads, 0);
  },
  // Chromium's word on such a sandbox, and on the download that it has kept from.
  { complains: /can escape its sandboxing|[Dd]ownload/ },
);

// What is taken away: pictures, films, charts and sessions, read back by other programs.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import { GifReader } from "omggif";

import { pageTest } from "./browser.mjs";
import { command, emptyQueue, length, position, ready, stage, standsAt } from "./page.mjs";

/** @typedef {import("playwright-core").Page} Page */

const SIZE = { width: 480, height: 270 };

/** @param {Page} page @param {string[]} lines */
async function run(page, lines) {
  await page.evaluate(() => {
    // Arrays of numbers would take a minute to come here.
    const base64 = async (/** @type {Uint8ClampedArray<ArrayBuffer>} */ data) => {
      const url = await new Promise((resolve) => {
        const reader = new FileReader();
        reader.onload = () => resolve(reader.result);
        reader.readAsDataURL(new Blob([data]));
      });
      return String(url).split(",")[1];
    };
    Object.assign(globalThis, { base64 });
  });
  await ready(page);
  await emptyQueue(page);
  for (const line of lines) await command(page, line);
}

const LINES = ["put user:1 Alice", "put user:3 Carol", "put user:2 Bob", "flush"];

/** @param {Page} page @param {string} kind */
async function open(page, kind) {
  await page.getByRole("button", { name: "Export", exact: true }).click();
  await page.getByRole("dialog", { name: "Export" }).getByRole("tab", { name: kind, exact: true }).click();
}

/** @param {Page} page @param {string} label @param {number | string} value */
async function fill(page, label, value) {
  const field = page.getByRole("dialog").getByLabel(label, { exact: true });
  await field.fill(String(value));
  await field.press("Tab");
}

/**
 * Chooses the first option that begins with, or matches, `choice`: once it is there, for the browser is asked which
 * films it can make.
 * @param {Page} page
 * @param {string} label
 * @param {string | RegExp} choice
 */
async function choose(page, label, choice) {
  const field = page.getByRole("dialog").getByRole("combobox", { name: label, exact: true });
  const hasText = typeof choice === "string" ? new RegExp(`^\\s*${choice}`) : choice;
  await field.locator("option", { hasText }).first().waitFor({ state: "attached" });
  const options = await field.locator("option").allInnerTexts();
  const found = options.find((text) => (typeof choice === "string" ? text.startsWith(choice) : choice.test(text)));
  assert.ok(found, `${String(choice)} of ${options.join(", ")}`);
  await field.selectOption(found);
}

/** @param {Page} page */
async function small(page) {
  await fill(page, "Width", SIZE.width);
  await fill(page, "Height", SIZE.height);
}

/**
 * The file that a click saves.
 * @param {Page} page
 * @param {string} [button]
 */
async function saved(page, button = "Save") {
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("dialog").getByRole("button", { name: button, exact: true }).click(),
  ]);
  return { name: file.suggestedFilename(), bytes: await readFile(/** @type {string} */ (await file.path())) };
}

/** Waits until a file of this name can be saved. @param {Page} page @param {RegExp} name */
async function made(page, name) {
  await page.getByRole("dialog").getByRole("status").filter({ hasText: name }).waitFor();
}

/**
 * The pixels of a picture, drawn by the browser.
 * @param {Page} page
 * @param {Buffer} bytes
 * @param {string} type
 */
async function pixels(page, bytes, type) {
  const { width, height, data } = await page.evaluate(
    async ({ source, mime }) => {
      const image = new Image();
      image.src = `data:${mime};base64,${source}`;
      await image.decode();
      const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
      const context = canvas.getContext("2d", { willReadFrequently: true });
      context?.drawImage(image, 0, 0);
      const drawn = context?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      return { width: canvas.width, height: canvas.height, data: await /** @type {any} */ (globalThis).base64(drawn) };
    },
    { source: bytes.toString("base64"), mime: type },
  );
  return { width, height, data: Buffer.from(data, "base64") };
}

/**
 * The share of pixels that differ by more than `most` in a colour.
 * @param {ArrayLike<number>} a
 * @param {ArrayLike<number>} b
 * @param {number} most
 */
function differing(a, b, most) {
  assert.equal(a.length, b.length);
  let count = 0;
  for (let i = 0; i < a.length; i += 4) {
    if ([0, 1, 2].some((colour) => Math.abs(a[i + colour] - b[i + colour]) > most)) count += 1;
  }
  return count / (a.length / 4);
}

/**
 * The painter's picture after an event, as the page saves it.
 * @param {Page} page
 * @param {number} event
 */
async function painted(page, event) {
  await page.keyboard.press("Escape");
  await page.getByRole("slider", { name: "Position" }).fill(String(event));
  await standsAt(page, event);
  await open(page, "Picture");
  await choose(page, "Format", "PNG");
  await made(page, new RegExp(`event-${event}\\.png`));
  const { bytes } = await saved(page);
  return pixels(page, bytes, "image/png");
}

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

pageTest("the frames of a GIF are the painter's pictures, for as long as the film says", async (page) => {
  await run(page, LINES);
  const end = await length(page);
  await open(page, "Film");
  await small(page);
  await choose(page, "Frames", "10 ");
  const of = async (/** @type {string} */ label) => Number(await page.getByLabel(label, { exact: true }).inputValue());
  const [from, to] = [await of("From event"), await of("To event")];
  assert.ok(from < to && to === end, `the flush: ${from} to ${to} of ${end}`);
  const told = await page
    .getByRole("dialog")
    .getByText(/\d+ frames, /)
    .innerText();
  await page.getByRole("button", { name: "Make the film" }).click();
  await made(page, /\.gif · /);
  const file = await saved(page);
  assert.equal(file.name, `lsmscope-event-${end}.gif`);

  const gif = new GifReader(new Uint8Array(file.bytes));
  assert.deepEqual([gif.width, gif.height], [SIZE.width, SIZE.height]);
  assert.equal(gif.numFrames(), Number(/\d+/.exec(told)?.[0]));
  const canvas = new Uint8Array(4 * SIZE.width * SIZE.height);
  /** @type {Uint8Array[]} */
  const frames = [];
  for (let i = 0; i < gif.numFrames(); i += 1) {
    assert.ok(gif.frameInfo(i).delay >= 10 && gif.frameInfo(i).delay % 10 === 0, "whole tenths of a second");
    gif.decodeAndBlitFrameRGBA(i, canvas);
    frames.push(canvas.slice());
  }
  assert.ok(differing(frames[0], frames[frames.length - 1], 8) > 0.01, "something has happened");
  // A film leaves the same room for every sentence, a picture as much as its own needs: without one, they are the same.
  const range = await falling(page);
  await page.getByRole("button", { name: "Make the film" }).click();
  await made(page, /\.gif · /);
  const plain = new GifReader(new Uint8Array((await saved(page)).bytes));
  const shown = new Uint8Array(canvas.length);
  plain.decodeAndBlitFrameRGBA(0, shown);
  const first = shown.slice();
  for (let i = 1; i < plain.numFrames(); i += 1) plain.decodeAndBlitFrameRGBA(i, shown);
  for (const [found, event] of /** @type {[Uint8Array, number][]} */ ([
    [shown, range[1]],
    [first, range[0]],
  ])) {
    const { data } = await painted(page, event);
    assert.ok(differing(found, data, 40) < 0.0005, "shades are near");
    assert.ok(differing(found, data, 0) < 0.06, "all but shades are exact");
  }
});

pageTest("the frames of a WebM are the painter's pictures, at the times of the timeline", async (page) => {
  await run(page, LINES);
  await open(page, "Film");
  await small(page);
  await choose(page, "Format", "WebM");
  const range = await falling(page);
  await page.getByRole("button", { name: "Make the film" }).click();
  await made(page, /\.webm · /);
  const { bytes, name } = await saved(page);
  assert.match(name, /\.webm$/);
  assert.equal(bytes.subarray(0, 4).toString("hex"), "1a45dfa3", "EBML");
  const found = await page.evaluate(async (data) => {
    const video = document.createElement("video");
    video.muted = true;
    video.src = `data:video/webm;base64,${data}`;
    await new Promise((loaded, failed) => {
      video.onloadeddata = loaded;
      video.onerror = () => failed(new Error(video.error?.message));
    });
    const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    const frame = async (/** @type {number} */ at) => {
      await new Promise((sought) => {
        video.onseeked = sought;
        video.currentTime = at;
      });
      context?.drawImage(video, 0, 0);
      const { data: drawn } = context?.getImageData(0, 0, video.videoWidth, video.videoHeight) ?? {};
      return /** @type {any} */ (globalThis).base64(drawn);
    };
    const { duration } = video;
    return {
      size: [video.videoWidth, video.videoHeight],
      duration,
      frames: [await frame(0.01), await frame(duration)],
    };
  }, bytes.toString("base64"));
  assert.deepEqual(found.size, [SIZE.width, SIZE.height]);
  assert.ok(found.duration > 0.5 && found.duration < 20, `${found.duration} s`);
  for (const [i, event] of range.entries()) {
    const { data } = await painted(page, event);
    // A codec keeps light better than colour.
    const share = differing(Buffer.from(found.frames[i], "base64"), data, 48);
    assert.ok(share < 0.005, `event ${event}: ${share} of the pixels differ`);
  }
});

pageTest("a film can be cancelled, and made again", async (page) => {
  await run(page, LINES);
  await page.evaluate(() => {
    const { prototype } = CanvasRenderingContext2D;
    const { getImageData } = prototype;
    document.documentElement.dataset.reads = "0";
    prototype.getImageData = function (...area) {
      document.documentElement.dataset.reads = String(Number(document.documentElement.dataset.reads) + 1);
      return getImageData.apply(this, area);
    };
  });
  const reads = () => page.evaluate(() => Number(document.documentElement.dataset.reads));
  await open(page, "Film");
  await fill(page, "From event", 0);
  for (const format of ["GIF", "WebM"]) {
    await choose(page, "Format", format);
    await page.getByRole("button", { name: "Make the film" }).click();
    await page.getByRole("progressbar", { name: "Progress" }).waitFor();
    await page.getByRole("button", { name: "Cancel", exact: true }).click();
    await page.getByRole("progressbar").waitFor({ state: "detached" });
    assert.equal(await page.getByRole("button", { name: "Save", exact: true }).count(), 0);
  }
  // Closed while it is made: nothing goes on, and nothing complains.
  await page.getByRole("button", { name: "Make the film" }).click();
  await page.getByRole("progressbar", { name: "Progress" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await open(page, "Film");
  await small(page);
  await fill(page, "From event", (await length(page)) - 2);
  const frames = Number.parseInt(
    await page
      .getByRole("dialog")
      .getByText(/\d+ frames, /)
      .innerText(),
  );
  const before = await reads();
  await page.getByRole("button", { name: "Make the film" }).click();
  await made(page, /\.gif · /);
  // Six more for its colours.
  assert.ok((await reads()) - before <= frames + 6, "what was cancelled has ended");
});

/**
 * Chooses a film, without a sentence, in which a frame falls onto the tape and its entry into the memtable, in so few
 * steps that a frame too early or too late is another picture.
 * @param {Page} page
 * @returns {Promise<[number, number]>} its range
 */
async function falling(page) {
  await fill(page, "From event", 6);
  await fill(page, "To event", 9);
  await choose(page, "Speed", "four times");
  await choose(page, "Frames", "10 ");
  await page.getByRole("checkbox", { name: "With the sentence below" }).uncheck();
  return [6, 9];
}

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

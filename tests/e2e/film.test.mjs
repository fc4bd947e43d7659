// Films that are taken away, read back by other programs: their frames are the painter's pictures.

import assert from "node:assert/strict";

import { GifReader } from "omggif";

import { pageTest } from "./browser.mjs";
import { LINES, SIZE, choose, differing, fill, made, open, painted, run, saved, small } from "./export-page.mjs";
import { length } from "./page.mjs";

/** @typedef {import("playwright-core").Page} Page */

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

// The export dialog, as the tests of exports use it: what is typed and chosen, what it saves, and the pixels of that.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import { command, emptyQueue, ready, standsAt } from "./page.mjs";

/** @typedef {import("playwright-core").Page} Page */

export const SIZE = { width: 480, height: 270 };

/** @param {Page} page @param {string[]} lines */
export async function run(page, lines) {
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

export const LINES = ["put user:1 Alice", "put user:3 Carol", "put user:2 Bob", "flush"];

/** @param {Page} page @param {string} kind */
export async function open(page, kind) {
  await page.getByRole("button", { name: "Export", exact: true }).click();
  await page.getByRole("dialog", { name: "Export" }).getByRole("tab", { name: kind, exact: true }).click();
}

/** @param {Page} page @param {string} label @param {number | string} value */
export async function fill(page, label, value) {
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
export async function choose(page, label, choice) {
  const field = page.getByRole("dialog").getByRole("combobox", { name: label, exact: true });
  const hasText = typeof choice === "string" ? new RegExp(`^\\s*${choice}`) : choice;
  await field.locator("option", { hasText }).first().waitFor({ state: "attached" });
  const options = await field.locator("option").allInnerTexts();
  const found = options.find((text) => (typeof choice === "string" ? text.startsWith(choice) : choice.test(text)));
  assert.ok(found, `${String(choice)} of ${options.join(", ")}`);
  await field.selectOption(found);
}

/** @param {Page} page */
export async function small(page) {
  await fill(page, "Width", SIZE.width);
  await fill(page, "Height", SIZE.height);
}

/**
 * The file that a click saves.
 * @param {Page} page
 * @param {string} [button]
 */
export async function saved(page, button = "Save") {
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("dialog").getByRole("button", { name: button, exact: true }).click(),
  ]);
  return { name: file.suggestedFilename(), bytes: await readFile(/** @type {string} */ (await file.path())) };
}

/** Waits until a file of this name can be saved. @param {Page} page @param {RegExp} name */
export async function made(page, name) {
  await page.getByRole("dialog").getByRole("status").filter({ hasText: name }).waitFor();
}

/**
 * The pixels of a picture, drawn by the browser.
 * @param {Page} page
 * @param {Buffer} bytes
 * @param {string} type
 */
export async function pixels(page, bytes, type) {
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
export function differing(a, b, most) {
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
export async function painted(page, event) {
  await page.keyboard.press("Escape");
  await page.getByRole("slider", { name: "Position" }).fill(String(event));
  await standsAt(page, event);
  await open(page, "Picture");
  await choose(page, "Format", "PNG");
  await made(page, new RegExp(`event-${event}\\.png`));
  const { bytes } = await saved(page);
  return pixels(page, bytes, "image/png");
}

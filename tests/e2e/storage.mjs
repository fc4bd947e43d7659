// What the tests of stored databases share: opening one, writes whose order can be told from what is left of them, and
// a model of what they leave.

import assert from "node:assert/strict";

import { ready } from "./page.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").BrowserContext} BrowserContext */
/**
 * @typedef {object} Given What tests give to the page: the sandbox, by {@link reach}; functions, by `exposeFunction`.
 * @property {import("../../www/sandbox.js").Sandbox} reached
 * @property {() => Promise<void>} acknowledge
 * @property {(seq: number) => Promise<void>} noteSynced
 * @property {number} written
 * @property {boolean} breakNow
 */
/** @typedef {typeof globalThis & Given} World */

/**
 * A promise with its resolve function.
 * @template [T=void]
 */
export function signal() {
  let settle = /** @type {{ resolve: (value: T) => void, reject: (why: Error) => void }} */ (
    /** @type {unknown} */ (null)
  );
  const promise = new Promise((/** @type {(value: T) => void} */ resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle };
}

/**
 * Opens an IndexedDB database through the dialog, as a person does.
 * @param {Page} page
 * @param {{ name?: string, durability?: "strict" | "relaxed" }} [what]
 */
export async function openIndexedDb(page, { name = "lsmscope", durability = "strict" } = {}) {
  await page.getByRole("button", { name: /^Backend/ }).click();
  await page.getByRole("radio", { name: /IndexedDB/ }).check();
  await page.getByRole("textbox", { name: "Database name" }).fill(name);
  await page.getByRole("combobox", { name: "Durability" }).selectOption(durability);
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await page.getByRole("button", { name: `Backend: IndexedDB · ${durability}` }).waitFor();
  await ready(page);
}

/**
 * The `n`th write of a run, as the console takes it: puts, deletes, and batches of two. Each notes its number under
 * `n`, so what is left tells how far it goes.
 * @param {number} n
 */
export function nthWrite(n) {
  const key = `k${n % 17}`;
  return n % 5 === 4
    ? `batch put n ${n}; del ${key}; put twin${n % 3} ${n}`
    : `batch put n ${n}; put ${key} v${n}; put twin${n % 3} ${n}`;
}

/**
 * What the first `count` writes leave.
 * @param {number} count
 * @returns {Map<string, string>}
 */
export function leftBy(count) {
  /** @type {Map<string, string>} */
  const left = new Map();
  for (let n = 0; n < count; n += 1) {
    const key = `k${n % 17}`;
    left.set("n", String(n));
    if (n % 5 === 4) left.delete(key);
    else left.set(key, `v${n}`);
    left.set(`twin${n % 3}`, String(n));
  }
  return left;
}

const MASK = (1n << 64n) - 1n;

/**
 * What the first `count` puts of `fill TOTAL seed SEED` leave, and after them nothing else: the engine's generator
 * (SplitMix64), written once more.
 * @param {number} total
 * @param {number} seed
 * @param {number} count
 */
export function leftByFill(total, seed, count) {
  let state = BigInt(seed);
  const next = () => {
    state = (state + 0x9e3779b97f4a7c15n) & MASK;
    let z = state;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK;
    return z ^ (z >> 31n);
  };
  const keys = BigInt(Math.max(total, 1000));
  /** @type {Map<string, string>} */
  const left = new Map();
  for (let i = 0; i < count; i += 1) {
    const key = `key${String(next() % keys).padStart(5, "0")}`;
    const length = 8 + Number(next() % 17n);
    left.set(key, Array.from({ length }, () => String.fromCharCode(97 + Number(next() % 26n))).join(""));
  }
  return left;
}

/**
 * Lets a test call the sandbox that the page opens next, as `globalThis.reached`.
 * @param {Page} page
 */
export async function reach(page) {
  await page.evaluate(async () => {
    const address = new URL("./www/sandbox.js", location.href).href;
    const { Sandbox } = await import(address);
    const { open } = Sandbox;
    Sandbox.open = async (/** @type {import("../../lsmscope.js").OpenConfig} */ config) => {
      const opened = await open.call(Sandbox, config);
      Object.assign(globalThis, { reached: opened });
      return opened;
    };
  });
}

/**
 * Everything in the database that the page has open, and its last sequence number.
 * @param {Page} page reached
 * @returns {Promise<{ entries: Map<string, string>, lastSeq: number }>}
 */
export async function everything(page) {
  const { scan, stats } = await page.evaluate(async () => {
    const { reached } = /** @type {World} */ (globalThis);
    const [scan, stats] = [await reached.run("scan limit 1000000"), await reached.run("stats")];
    if (!scan.ok || !stats.ok) throw new Error(scan.error?.message ?? stats.error?.message);
    return { scan: scan.text, stats: stats.text };
  });
  const rows = scan.split("\n").filter((/** @type {string} */ row) => row.includes(" = "));
  const entries = new Map(rows.map((/** @type {string} */ row) => /** @type {[string, string]} */ (row.split(" = "))));
  return { entries, lastSeq: Number(/last seq +(\d+)/.exec(stats)?.[1]) };
}

/**
 * A tab that opens the site, and what it had open at the last visit, with its sandbox within reach.
 * @param {BrowserContext} context
 * @param {string} url
 * @param {(page: Page) => Promise<void>} until What it is waited for.
 */
export async function newTab(context, url, until) {
  const page = await context.newPage();
  await page.setViewportSize({ width: 1280, height: 720 });
  // The database is opened once it can be reached.
  await page.route("**/www/page.js", async (route) => {
    const response = await route.fetch();
    const reach =
      "const { open } = Sandbox;\n" +
      "Sandbox.open = async (config) => (globalThis.reached = await open.call(Sandbox, config));\n";
    const text = await response.text();
    const changed = text.replace("const store =", `${reach}const store =`);
    assert.notEqual(changed, text, "page.js has no store any more");
    await route.fulfill({ response, body: changed });
  });
  await page.goto(url);
  await until(page);
  return page;
}

/**
 * Asserts that `page` holds what a prefix of the writes leaves, and nothing else.
 * @param {Page} page reached
 * @returns {Promise<number>} how many writes that are
 */
export async function prefixOf(page) {
  const { entries } = await everything(page);
  const count = entries.has("n") ? Number(entries.get("n")) + 1 : 0;
  const sorted = (/** @type {Map<string, string>} */ map) => [...map].sort();
  assert.deepEqual(sorted(entries), sorted(leftBy(count)), `what is there is not what the first ${count} writes leave`);
  return count;
}

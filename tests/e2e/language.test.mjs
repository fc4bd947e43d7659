// The page in another language: German where one asks for it; and no sentence that is not in a table.

import assert from "node:assert/strict";

import { pageTest } from "./browser.mjs";
import { cutOff, ready } from "./page.mjs";

/** @typedef {import("playwright-core").Page} Page */

pageTest(
  "in German, the page says, asks and answers in German, and a reload keeps it",
  async (page) => {
    await ready(page);
    assert.equal(await page.locator("html").getAttribute("lang"), "de");
    await page.getByRole("button", { name: "Hilfe" }).waitFor();
    const answers = page.getByRole("log").getByRole("group");
    await page.locator("#command").fill("putt a 1");
    await page.locator("#command").press("Enter");
    await answers.filter({ hasText: /kein Befehl/ }).waitFor();
    await page.reload();
    await page.getByRole("button", { name: "Hilfe" }).waitFor();
  },
  { path: "?lang=de" },
);

pageTest(
  "a lesson is in the reader's language, with the engine's own numbers",
  async (page) => {
    await page.locator('.beat[data-phase="asking"]').waitFor();
    await page.getByRole("button", { name: "Prüfen" }).waitFor();
    assert.match(await page.locator(".lesson-panel").innerText(), /Schritt|Schreib/);
  },
  { path: "?lesson=write&lang=de", layout: "figure" },
);

pageTest(
  "a language that the address asks for is that of the pages its links lead to, in this tab alone",
  async (page) => {
    await page.getByRole("navigation", { name: "Räume" }).getByRole("link", { name: "Kurs" }).click();
    await page.getByRole("heading", { name: "Lektionen" }).waitFor();
    await page.getByRole("link", { name: /^Der Weg eines put/ }).click();
    await page.getByRole("button", { name: "Prüfen" }).waitFor();
    const other = await page.context().newPage();
    await other.goto(new URL(".", page.url()).href);
    await other.getByRole("button", { name: "Help" }).waitFor();
  },
  { path: "?lang=de", layout: "figure" },
);

pageTest(
  "what the engine wrote of a damaged log is told in German, with its remedy",
  async (page) => {
    await ready(page);
    const alert = page.getByRole("alert");
    for (const line of ["put a 1", "put b 2", "flip 000002.log 55", "reopen"]) {
      await page.locator("#command").fill(line);
      await page.locator("#command").press("Enter");
      await page.locator('.exchange[aria-busy="true"]').waitFor({ state: "detached" });
    }
    await alert
      .getByText(/000002\.log.*beschädigt/)
      .first()
      .waitFor();
    await alert.getByRole("button", { name: "Behalten, was davor steht" }).click();
    await alert.getByRole("button", { name: "Behalten, was davor steht" }).waitFor({ state: "detached" });
  },
  { path: "?lang=de" },
);

pageTest(
  "German words have room: the names of charts are whole, and on a phone the folds stand in one row",
  async (page) => {
    await ready(page);
    await page.setViewportSize({ width: 1280, height: 720 });
    for (const line of ["put a 1", "flush", "put b 2", "flush"]) {
      await page.locator("#command").fill(line);
      await page.locator("#command").press("Enter");
      await page.locator('.exchange[aria-busy="true"]').waitFor({ state: "detached" });
    }
    const legend = page.locator(".legend");
    assert.match(await legend.innerText(), /2 Tabellen\/Ebene/);
    assert.deepEqual(await cutOff(page, ".legend, .legend > span"), []);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole("button", { name: "Mehr" }).click();
    await page.getByRole("button", { name: "Bild" }).click();
    const folds = await page
      .locator(".edge button")
      .evaluateAll((all) => all.map((fold) => fold.getBoundingClientRect().toJSON()));
    assert.equal(folds.length, 7);
    assert.equal(new Set(folds.map(({ top }) => Math.round(top))).size, 1, "one row");
    assert.ok(folds.every(({ left, right }) => left >= 0 && right <= 390));
  },
  { path: "?lang=de", layout: "panels" },
);

/** What stands around all that the page says in the pretended language. */
const [OPENS, CLOSES] = ["⟦", "⟧"];

/**
 * Has the page speak a language in which each sentence is marked.
 * @param {Page} page
 */
async function pretend(page) {
  await page.route("**/www/languages/de.js", async (route) => {
    const text = await (await route.fetch()).text();
    const mark = (/** @type {string} */ said) => `${OPENS}${said}${CLOSES}`;
    const marked = text.replace(/= (\{.*\});$/gm, (_, table) => {
      const entries = Object.entries(/** @type {Record<string, string>} */ (JSON.parse(table)));
      const all = entries.map(([key, said]) => {
        // Signs between digits, and the word forms by which the glossary finds its terms.
        if (/^[.,]$|\|\|(forms|endings)$/.test(key)) return [key, said];
        return [key, key.includes("|") && !key.includes("||") ? said.split("|").map(mark).join("|") : mark(said)];
      });
      return `= ${JSON.stringify(Object.fromEntries(all))};`;
    });
    await route.fulfill({ contentType: "text/javascript", body: marked });
  });
}

/** Names that are the same in every language: of the program, of data, of units. */
const NAMES = new Set(
  (
    "lsm scope lsmscope RocksDB LevelDB Cassandra IndexedDB English Deutsch MANIFEST OPTIONS LOG CSV SVG PNG GIF " +
    "WebM Memtable Manifest seed put get scan delete del flush compact batch teaching main WAL Ctrl Enter Esc Tab"
  ).split(" "),
);

/**
 * What a reader sees or hears that is no sentence of the table: texts and names of elements, but for data, which stands
 * in code or has the form of a name.
 * @param {Page} page
 * @returns {Promise<string[]>}
 */
async function unsaid(page) {
  const texts = await page.evaluate(() => {
    /** @type {string[]} */
    const found = [];
    const isData = (/** @type {Element | null} */ element) =>
      element?.closest("code, kbd, pre, option, .mono, textarea, input, [data-said]") !== null;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    // Parts of one sentence may stand in several elements: a block is read as a whole.
    const blocks = new Set();
    while (walker.nextNode()) {
      const parent = walker.currentNode.parentElement;
      if (!parent || !parent.checkVisibility() || isData(parent)) continue;
      let block = parent;
      while (block.parentElement && getComputedStyle(block).display.startsWith("inline")) block = block.parentElement;
      blocks.add(block);
    }
    for (const block of blocks) {
      const copy = block.cloneNode(true);
      for (const data of copy.querySelectorAll("code, kbd, pre, option, .mono, textarea, input, svg")) data.remove();
      found.push(copy.textContent ?? "");
    }
    for (const element of document.querySelectorAll("[aria-label], [title], [placeholder]"))
      for (const name of ["aria-label", "title", "placeholder"]) {
        const text = element.getAttribute(name);
        if (text && element.checkVisibility() && !isData(element)) found.push(text);
      }
    return found;
  });
  const left = texts.flatMap((text) => {
    let rest = text;
    // From the innermost on: a value may be a sentence itself.
    for (let before = ""; before !== rest;) [before, rest] = [rest, rest.replace(/⟦[^⟦⟧]*⟧/g, " ")];
    // Names of options, commands, events and files have signs or digits in them.
    const words = rest.split(/[\s,;:.()·=→–]+/).filter((word) => /^\p{L}{3,}$/u.test(word) && !NAMES.has(word));
    return words.length > 0 ? [`${words.join(" ")}  in  ${text.trim().replace(/\s+/g, " ").slice(0, 120)}`] : [];
  });
  return [...new Set(left)];
}

for (const layout of /** @type {const} */ (["figure", "panels"]))
  pageTest(
    `nothing on the page is said without a table: ${layout}`,
    async (page) => {
      await pretend(page);
      await page.goto(new URL("?lang=de", page.url()).href);
      await page.locator("#play").waitFor();
      assert.deepEqual(await unsaid(page), []);
    },
    { layout, site: "modules" },
  );

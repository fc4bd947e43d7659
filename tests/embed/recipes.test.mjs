// docs/embedding.md quotes the recipes of examples/hosts, each of which a test of tests/hosts opens: what a reader
// copies is what runs.

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { test } from "node:test";

import { HOSTS, embedCode } from "../../www/embed-code.js";
import { frameOf, linkOf, presentLinkOf } from "../../www/lesson/edit/publishing.js";

const ROOT = resolve(import.meta.dirname, "../..");

/** Lines without what all of them are indented by, as a notebook's cells have them. */
const lines = (/** @type {string} */ text) => {
  const all = text.split("\n").filter((line) => line.trim());
  const indent = Math.min(...all.map((line) => line.search(/\S/)));
  return all.map((line) => line.slice(indent));
};

/**
 * The text of a recipe; of a notebook, that of its cells.
 * @param {string} path
 * @returns {Promise<string>}
 */
async function recipe(path) {
  const text = await readFile(path, "utf8");
  if (!path.endsWith(".ipynb")) return text;
  return JSON.parse(text)
    .cells.map((/** @type {{ source: string[] }} */ { source }) => source.join(""))
    .join("\n");
}

/** What stands for the moment in the lines of docs/embedding.md. */
const FRAGMENT = "STATE";
/** @type {Omit<import("../../www/embed-code.js").EmbedChoice, "host">} */
const CHOICE = { controls: "player", isFigure: false, width: 720, height: 540 };

test("docs/embedding.md has the lines of Embed for each host, as the dialog writes them", async () => {
  const text = await readFile(join(ROOT, "docs/embedding.md"), "utf8");
  const section = text.split("\n### The lines of *Embed*\n")[1]?.split("\n### ")[0] ?? "";
  const code = new Map(
    [...section.matchAll(/^For \*([^*]+)\*.*\n\n```html\n([^]*?)\n```/gm)].map(([, a, b]) => [a, b]),
  );
  for (const { host, title } of HOSTS)
    assert.equal(code.get(title), embedCode("https://SITE/", FRAGMENT, { ...CHOICE, host }).trim(), title);
  assert.equal(code.size, HOSTS.length);
});

test("the frame of the mdBook recipe is as Embed writes it", async () => {
  const page = await readFile(join(ROOT, "examples/hosts/mdbook/src/frame.md"), "utf8");
  const fragment = "v=2&script=put+apple+1%0Aput+pear+2%0Aflush";
  const lines = embedCode("https://SITE/", fragment, { ...CHOICE, height: 600, host: "mdbook" });
  assert.ok(page.includes(`\n${lines}\n`), lines);
});

test("docs/authoring.md has the links and the frame that Publish writes", async () => {
  const text = await readFile(join(ROOT, "docs/authoring.md"), "utf8");
  const [site, address] = ["https://YOUR-LSMSCOPE/", "https://YOUR-HOST/overwrite.md"];
  const written = [linkOf(site, address), presentLinkOf(site, address)];
  for (const lines of [...written, frameOf(site, address, "What becomes of an old value")])
    assert.ok(text.includes(`\n${lines}\n`), lines);
});

test("docs/embedding.md quotes the recipes as they are", async () => {
  const text = await readFile(join(ROOT, "docs/embedding.md"), "utf8");
  const named = new Set();
  for (const section of text.split("\n### ").slice(1)) {
    const path = /\]\(\.\.\/(examples\/hosts\/[^)]+)\)/g;
    // A command is not of the recipe.
    const block = /```(?!sh)\w+\n([^]*?)```/g;
    const files = [...section.matchAll(path)].map(([, file]) => file);
    if (files.length === 0) continue;
    for (const file of files) named.add(file.split("/")[2]);
    const texts = await Promise.all(files.map((file) => recipe(join(ROOT, file))));
    for (const [, code] of section.split("\n## ")[0].matchAll(block)) {
      const isQuoted = texts.some((one) => {
        const all = one.split("\n").filter((line) => line.trim());
        const wanted = lines(code);
        return all.some((_, at) => lines(all.slice(at, at + wanted.length).join("\n")).join() === wanted.join());
      });
      assert.ok(isQuoted, `no recipe of ${files} has:\n${code}`);
    }
  }
  const tested = (await readdir(join(ROOT, "tests/hosts"))).filter((name) => name.endsWith(".test.mjs"));
  for (const name of await readdir(join(ROOT, "examples/hosts"))) {
    // The host that drives everything has a test of its own: example.test.mjs.
    if (name === "messages") continue;
    assert.ok(named.has(name), `docs/embedding.md leads to nothing in examples/hosts/${name}`);
    assert.ok(tested.includes(`${name}.test.mjs`), `no test in tests/hosts opens examples/hosts/${name}`);
  }
});

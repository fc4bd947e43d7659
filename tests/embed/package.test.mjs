// The npm package `lsm-scope`: packed, installed without a network, imported without a DOM, and compiled against. Its
// documents name all that the element has.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

import { events, hostTest, ROOT } from "./hosts.mjs";

const run = promisify(execFile);

const CONSUMER = `import "lsm-scope";
import type { LsmScopeElement } from "lsm-scope";
import widget, { type Model } from "lsm-scope/anywidget.js";
export const render: (cell: { model: Model; el: HTMLElement }) => () => void = widget.render;
const scope: LsmScopeElement = document.createElement("lsm-scope");
scope.addEventListener("lsm-step", ({ detail }) => detail.position.toFixed());
// @ts-expect-error There is no such property.
scope.speed = 2;
`;

test("the package is packed, installed and imported; TypeScript finds its types", { timeout: 120_000 }, async () => {
  const cwd = await mkdtemp(join(tmpdir(), "lsm-scope-package-"));
  try {
    const packed = await run("npm", ["pack", "--json", "--pack-destination", cwd], { cwd: join(ROOT, "embed") });
    const [{ filename, version, files }] = JSON.parse(packed.stdout);
    const names = files.map((/** @type {{ path: string }} */ { path }) => path).sort();
    assert.deepEqual(names, [
      "README.md",
      "anywidget.d.ts",
      "anywidget.js",
      "lsm-scope.d.ts",
      "lsm-scope.js",
      "package.json",
      "reveal-plugin.js",
    ]);
    const cargo = await readFile(join(ROOT, "Cargo.toml"), "utf8");
    assert.equal(version, /^version = "(.*)"/m.exec(cargo)?.[1], "embed/package.json has the crate's version");

    await writeFile(join(cwd, "package.json"), '{ "private": true, "type": "module" }');
    await run("npm", ["install", "--offline", "--no-audit", "--no-fund", `./${filename}`], { cwd });
    const script = `await import("lsm-scope"); await import("lsm-scope/reveal-plugin.js");
      const { default: widget } = await import("lsm-scope/anywidget.js"); console.log(Object.keys(widget))`;
    const imported = await run("node", ["--input-type=module", "--eval", script], { cwd });
    assert.equal(imported.stdout, "[ 'render' ]\n");

    await writeFile(join(cwd, "consumer.ts"), CONSUMER);
    const options = ["--noEmit", "--strict", "--target", "es2022", "--lib", "es2022,dom", "--types", ""];
    const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
    await run("node", [tsc, ...options, "--module", "esnext", "--moduleResolution", "bundler", "consumer.ts"], { cwd });
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
});

hostTest(
  "the types and the README name each property, attribute and event",
  "<lsm-scope></lsm-scope>",
  async (page) => {
    const [types, readme] = await Promise.all(
      ["lsm-scope.d.ts", "README.md"].map((name) => readFile(join(ROOT, "embed", name), "utf8")),
    );
    /** @type {{ properties: string[], methods: string[], observed: string[] }} */
    const { properties, methods, observed } = await page.evaluate(() => {
      const { prototype, observedAttributes } = /** @type {any} */ (customElements.get("lsm-scope"));
      const own = Object.entries(Object.getOwnPropertyDescriptors(prototype));
      const named = own.filter(([name]) => !/Callback$|^constructor$/.test(name));
      return {
        properties: named.filter(([, { get }]) => get).map(([name]) => name),
        methods: named.filter(([, { get }]) => !get).map(([name]) => name),
        observed: observedAttributes,
      };
    });
    assert.ok(properties.length > 10 && methods.length === 6, `${properties} ${methods}`);
    for (const name of properties) {
      assert.match(types, new RegExp(`^  ${name}: `, "m"));
      assert.ok(readme.includes(`\`${name}\``), name);
    }
    for (const name of observed) assert.ok(readme.includes(`| \`${name}\``), name);
    for (const name of methods) {
      assert.match(types, new RegExp(`^  ${name}\\(`, "m"));
      assert.ok(readme.includes(`\`${name}(`), name);
    }
    assert.deepEqual(await events(page), []);
  },
);

hostTest(
  "in a deck of reveal.js, an embed is paused when its slide is left, and plays when it is shown",
  '<section id="a"><lsm-scope></lsm-scope></section><section id="b"><lsm-scope start="view"></lsm-scope></section>',
  async (page) => {
    await page.addScriptTag({ path: join(ROOT, "embed/reveal-plugin.js") });
    const calls = await page.evaluate(() => {
      /** @type {string[]} */
      const calls = [];
      for (const scope of document.querySelectorAll("lsm-scope"))
        for (const name of /** @type {const} */ (["play", "pause"]))
          scope[name] = async () => ({ [name]: calls.push(`${name} ${scope.parentElement?.id}`) });
      /** @type {(event: object) => void} */
      let go = () => {};
      globalThis.LsmScopeReveal.init({ on: (event, listener) => event === "slidechanged" && (go = listener) });
      const [a, b] = document.querySelectorAll("section");
      go({ currentSlide: a });
      go({ previousSlide: a, currentSlide: b });
      go({ previousSlide: b, currentSlide: a });
      return calls;
    });
    assert.deepEqual(calls, ["pause a", "play b", "pause b"]);
  },
);

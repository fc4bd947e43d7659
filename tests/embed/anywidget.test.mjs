// The element as an anywidget: a model's values are its attributes, what the frame shows goes back into the model, and
// a host that keeps nothing, as MyST, is served as well.

import assert from "node:assert/strict";
import { join } from "node:path";

import { build } from "esbuild";

import { hears, hostTest, ROOT, say, scope, settled, site, start } from "./hosts.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** The file as it is published: one module, in which the element is. */
const bundled = await build({
  entryPoints: [join(ROOT, "embed/anywidget.js")],
  bundle: true,
  write: false,
  format: "esm",
});
const [{ text: MODULE }] = bundled.outputFiles;

/**
 * A cell of a notebook with the widget: `self.cell` has its model, counts what is kept, and ends it.
 * @param {Page} page
 * @param {Record<string, unknown>} values
 * @param {boolean} [isMyst] Keeps nothing, and cannot stop listening.
 */
async function cell(page, values, isMyst = false) {
  await page.evaluate(
    async ({ module, values, isMyst }) => {
      const url = URL.createObjectURL(new Blob([module], { type: "text/javascript" }));
      const { default: widget } = await import(url);
      const target = new EventTarget();
      const state = new Map(Object.entries(values));
      const refuse = () => {
        throw new Error("not implemented yet");
      };
      const saves = { count: 0 };
      const model = {
        get: (/** @type {string} */ name) => state.get(name),
        set(/** @type {string} */ name, /** @type {unknown} */ value) {
          state.set(name, value);
          target.dispatchEvent(new Event(`change:${name}`));
        },
        save_changes: isMyst ? refuse : () => (saves.count += 1),
        on: target.addEventListener.bind(target),
        off: isMyst ? refuse : target.removeEventListener.bind(target),
      };
      const end = widget.render({ model, el: document.querySelector("main") });
      Object.assign(self, { cell: { model, saves, end } });
    },
    { module: MODULE, values, isMyst },
  );
}

/**
 * @param {Page} page
 * @param {string} name
 * @param {unknown} value
 */
const set = (page, name, value) =>
  page.evaluate(([name, value]) => Reflect.get(self, "cell").model.set(name, value), [name, value]);

/**
 * @param {Page} page
 * @param {string} name
 */
const get = (page, name) => page.evaluate((name) => Reflect.get(self, "cell").model.get(name), name);

const base = () => `${site()}embed/`;

hostTest(
  "a model's values are the element's attributes, at first and when they change",
  "<main></main>",
  async (page) => {
    const script = "\n  # first\n  put a 1\n\n  flush\n";
    await cell(page, { base: base(), script, height: 300, controls: "none", readonly: true, keys: "", title: null });
    const { element } = scope(page);
    assert.equal(
      await element.evaluate((node) => node.outerHTML.includes("keys") || node.outerHTML.includes("title")),
      false,
    );
    const frame = await start(page);
    const url = new URL(frame.url());
    assert.equal(url.hash, "#v=2&script=put+a+1%0Aflush");
    assert.equal(url.searchParams.get("controls"), "none");
    assert.equal(url.searchParams.get("readonly"), "1");
    assert.equal((await element.boundingBox())?.height, 300);
    await set(page, "script", "put b 2");
    await set(page, "height", 420);
    await set(page, "theme", "dark");
    await settled(page);
    assert.equal((await hears(frame, "load"))[0].state, "v=2&script=put+b+2");
    assert.equal((await hears(frame, "theme"))[0].theme, "dark");
    assert.equal((await element.boundingBox())?.height, 420);
  },
);

hostTest("the moment goes into the model and out of it, and is kept", "<main></main>", async (page) => {
  await cell(page, { base: base(), script: "put a 1", moment: "", position: 0, other: 1 });
  const frame = await start(page);
  await say(frame, { type: "step", position: 3, length: 9, moment: "flush:1", title: "a flush" });
  await settled(page);
  assert.equal(await get(page, "moment"), "flush:1");
  assert.equal(await get(page, "position"), 3);
  assert.ok((await page.evaluate(() => Reflect.get(self, "cell").saves.count)) > 0);
  assert.deepEqual(await hears(frame, "seek"), [], "what the frame has said does not lead there again");
  await set(page, "moment", "op:1");
  await settled(page);
  assert.equal((await hears(frame, "seek"))[0].moment, "op:1");
});

hostTest(
  "a host that keeps nothing and cannot stop listening, as MyST, is served as well",
  "<main></main>",
  async (page) => {
    await cell(page, { base: base(), script: "put a 1", moment: "", position: 0 }, true);
    const frame = await start(page);
    await say(frame, { type: "step", position: 3, length: 9, moment: "flush:1", title: "a flush" });
    await settled(page);
    await page.evaluate(() => Reflect.get(self, "cell").end());
    assert.equal(await page.evaluate(() => window.length + document.querySelectorAll("lsm-scope").length), 0);
  },
);

for (const [name, mark, dark, light] of [
  ["JupyterLab", "data-jp-theme-light", "false", "true"],
  ["VS Code", "data-vscode-theme-kind", "vscode-high-contrast", "vscode-light"],
]) {
  hostTest(`the theme is that of ${name}`, "<main></main>", async (page) => {
    const put = (/** @type {string} */ value) =>
      page.evaluate(([name, value]) => document.body.setAttribute(name, value), [mark, value]);
    await put(dark);
    await cell(page, { base: base(), script: "put a 1" });
    const frame = await start(page);
    assert.equal(new URL(frame.url()).searchParams.get("theme"), "dark");
    await put(light);
    await settled(page);
    assert.equal((await hears(frame, "theme"))[0].theme, "light");
  });
}

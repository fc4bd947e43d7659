// VitePress: the element by a line in its configuration; pages are rendered ahead of time, and changed without a load.

import assert from "node:assert/strict";
import { cp } from "node:fs/promises";
import { join } from "node:path";

import { fits, hasTheme, start, steps } from "./frames.mjs";
import { host } from "./hosts.mjs";
import { npm, run } from "./tools.mjs";

const test = host("vitepress", {
  bring: () => npm("vitepress", { vitepress: "1.6.4" }),
  async build({ dir, tool }) {
    // Its packages have to be above the page, as in a project.
    const page = join(tool, "page");
    await cp(dir, page, { recursive: true });
    await run("node", [join(tool, "node_modules/vitepress/bin/vitepress.js"), "build", page], { cwd: tool });
    return join(page, ".vitepress/dist");
  },
});

test("the element steps, and is as high as it needs", async (page, { open }) => {
  await open("flush.html");
  await steps(await start(page));
  await fits(page);
});

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  test(
    `the element follows VitePress's switch, where the reader's system is ${colorScheme}`,
    async (page, { open }) => {
      await open("flush.html");
      const frame = await start(page);
      await hasTheme(frame, colorScheme);
      const other = colorScheme === "dark" ? "light" : "dark";
      const toggle = page.getByRole("switch").first();
      await toggle.click();
      await hasTheme(frame, other);
      await toggle.click();
      await hasTheme(frame, colorScheme);
    },
    { colorScheme },
  );
}

test("it comes and goes with its page, which is changed without a load", async (page, { open }) => {
  await open();
  // Until Vue has taken the page over, a click is no change of it.
  await page.waitForFunction(() => Object.hasOwn(document.getElementById("app") ?? {}, "__vue_app__"));
  await page.getByRole("link", { name: "What a flush does" }).click();
  await steps(await start(page));
  await page.goBack();
  await page.locator("lsm-scope").waitFor({ state: "detached" });
  assert.equal(await page.evaluate(() => window.length), 0);
});

// mdBook: the element by a line in theme/head.hbs, and the iframe as raw HTML.

import { join } from "node:path";

import { fits, hasTheme, seen, start, steps } from "./frames.mjs";
import { host } from "./hosts.mjs";
import { mdbook, run } from "./tools.mjs";

const test = host("mdbook", {
  bring: mdbook,
  async build({ dir, tool }) {
    await run(tool, ["build", dir]);
    return join(dir, "book");
  },
});

test("the element steps, and is as high as it needs", async (page, { open }) => {
  await open("flush.html");
  await steps(await start(page));
  await fits(page);
});

test("the element follows the theme that the reader chooses, a dark or a light one", async (page, { open }) => {
  await open("flush.html");
  const frame = await start(page);
  await page.getByRole("button", { name: "Change theme" }).click();
  for (const [name, theme] of /** @type {const} */ ([
    ["Coal", "dark"],
    ["Rust", "light"],
    ["Navy", "dark"],
    ["Light", "light"],
    ["Ayu", "dark"],
  ])) {
    await page.getByRole("menuitem", { name, exact: true }).click();
    await hasTheme(frame, theme);
  }
});

test("a plain iframe steps", async (page, { open }) => {
  await open("frame.html");
  await steps(await seen(page, "main iframe"));
});

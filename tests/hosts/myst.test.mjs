// MyST: the same module as a notebook's, by the {anywidget} directive, which copies it. MyST's command builds the page,
// and MyST's own components render it; the looks of a theme, which come from the web, are left out.

import assert from "node:assert/strict";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { build } from "esbuild";

import { fits, hasTheme, start, steps } from "./frames.mjs";
import { host } from "./hosts.mjs";
import { npm, run } from "./tools.mjs";

const OURS = join(import.meta.dirname, "myst");
const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>MyST</title><style>main { max-width: 760px; margin: 0 auto }</style>
  <main></main><script type="module" src="page.js"></script></html>`;

const test = host("myst", {
  bring: () =>
    npm("myst", {
      mystmd: "1.8.3",
      "@myst-theme/anywidget": "1.4.1",
      "@myst-theme/providers": "1.4.1",
      "myst-to-react": "1.3.0",
      react: "18.3.1",
      "react-dom": "18.3.1",
    }),
  async build({ dir, tool }) {
    const config = join(dir, "myst.yml");
    const template = JSON.stringify(OURS);
    await writeFile(config, (await readFile(config, "utf8")).replace("book-theme", template));
    const said = await run("node", [join(tool, "node_modules/mystmd/dist/myst.cjs"), "build", "--site"], { cwd: dir });
    assert.ok(!/⚠|⛔/.test(said), said);
    const site = join(dir, "site");
    await mkdir(site);
    await cp(join(dir, "_build/site/public"), site, { recursive: true });
    await cp(join(dir, "_build/site/content/index.json"), join(site, "page.json"));
    await writeFile(join(site, "index.html"), PAGE);
    await build({
      entryPoints: [join(OURS, "page.mjs")],
      nodePaths: [join(tool, "node_modules")],
      outfile: join(site, "page.js"),
      bundle: true,
      format: "esm",
      define: { "process.env.NODE_ENV": '"production"' },
      logLevel: "error",
    });
    return site;
  },
});

test("the element steps, and is as high as it needs", async (page, { open }) => {
  await open();
  await steps(await start(page));
  await fits(page);
});

test("the element follows the theme that the reader chooses", async (page, { open }) => {
  await open();
  const frame = await start(page);
  await hasTheme(frame, "light");
  // What the button of MyST's themes does.
  await page.locator("html").evaluate((html) => html.classList.add("dark"));
  await hasTheme(frame, "dark");
});

// Pictures of the page in the sizes and themes that it must look right in: a tool for looking at it.
//
// Usage: node tests/e2e/screens.mjs OUTDIR [--path '#fragment-or-query'] [--command 'put a 1']… [--press Home]…
//        [--full] [--layout figure]
//
// Commands are typed into the console in the order given, then keys are pressed; each picture starts afresh. In the
// simulator (--path "#v=1&room=simulate&spec=preset%20ten-hours") the experiment is run first.
// Whatever the browser complains about is printed, and makes the exit status 1.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { DIST, choose, launch, watch } from "./browser.mjs";
import { command, leaveConsole, ready, simulated } from "./page.mjs";
import { serve } from "./server.mjs";

const SIZES = [
  { width: 1920, height: 1080 },
  { width: 1280, height: 720 },
  { width: 720, height: 480 },
  { width: 390, height: 844 },
];
const THEMES = /** @type {const} */ (["light", "dark"]);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    path: { type: "string", default: "" },
    command: { type: "string", multiple: true, default: [] },
    press: { type: "string", multiple: true, default: [] },
    full: { type: "boolean", default: false },
    layout: { type: "string", default: "panels" },
  },
});
const outdir = positionals[0];
if (!outdir) {
  console.error(
    "usage: node tests/e2e/screens.mjs OUTDIR [--path P] [--command C]… [--press KEY]… [--full] [--layout L]",
  );
  process.exit(2);
}
mkdirSync(outdir, { recursive: true });

const [server, browser] = await Promise.all([serve(DIST), launch()]);
for (const viewport of SIZES) {
  for (const colorScheme of THEMES) {
    // Commands are typed where there is room for the console; then the window gets its size.
    const context = await browser.newContext({ viewport: SIZES[1], colorScheme, reducedMotion: "reduce" });
    await choose(context, "panels");
    const complaints = watch(context);
    const page = await context.newPage();
    await page.goto(server.url + values.path, { waitUntil: "networkidle" });
    if (values.path.includes("room=simulate")) await simulated(page);
    else await ready(page);
    for (const line of values.command) await command(page, line);
    if (values.command.length > 0) await leaveConsole(page);
    if (values.layout === "figure") await page.getByRole("button", { name: "Figure", exact: true }).click();
    await page.setViewportSize(viewport);
    for (const key of values.press) await page.keyboard.press(key);
    const path = join(outdir, `${viewport.width}x${viewport.height}-${colorScheme}.png`);
    await page.screenshot({ path, fullPage: values.full });
    console.log(path);
    for (const complaint of complaints) {
      console.error(`  ${complaint}`);
      process.exitCode = 1;
    }
    await context.close();
  }
}
await Promise.all([server.close(), browser.close()]);

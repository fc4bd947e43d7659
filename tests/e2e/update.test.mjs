// A newer version of the published site while pages of an older one are open: each is whole, and none is mixed.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";

import { DIST, PUBLISHED } from "./browser.mjs";
import { filesOf, folder, hosted, isKept, opensHelp, runs, versionOf, versions, visit } from "./hosted.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** What the second version says, in a module of the first view and in one that is loaded when it is opened. */
const CHANGES = [
  ["www/views/header.js", '<${Icon} name="help" />${say("Help")}', '<${Icon} name="help" />Guide'],
  ["www/views/help.js", '<${Modal} title=${say("Help")}', '<${Modal} title="Guide"'],
];
const OLD = "Help";
const NEW = "Guide";

/** The second version. */
let second = "";
before(() => {
  const source = folder();
  cpSync(DIST, source, { recursive: true });
  for (const [path, from, to] of CHANGES) {
    const text = readFileSync(join(source, path), "utf8");
    assert.ok(text.includes(from), `${path} has no ${from} any more`);
    writeFileSync(join(source, path), text.replace(from, to));
  }
  second = join(folder(), "published");
  execFileSync(process.execPath, [join(import.meta.dirname, "../../xtask/src/bundle.mjs"), source, second]);
});

/**
 * Waits until these versions are kept, and no others.
 * @param {Page} page
 * @param {string[]} sites
 */
async function keepsOnly(page, sites) {
  await page.waitForFunction((wanted) => {
    const seen = /** @type {{ kept?: string }} */ (globalThis);
    // It is looked at again until it is so; a promise would be taken for the answer.
    caches.keys().then(
      (names) =>
        (seen.kept = names
          .map((name) => name.split(":").at(-1))
          .sort()
          .join()),
    );
    return seen.kept === wanted;
  }, sites.map(versionOf).sort().join());
  const kept = await versions(page);
  for (const site of sites) assert.deepEqual(kept[versionOf(site)], filesOf(site));
}

/** @param {Page} page */
const news = (page) => page.getByText("A new version is there.");

/** @param {Page} page */
const reload = (page) => page.getByRole("button", { name: "Reload" }).click();

test("a new version is offered; open pages stay whole until they are reloaded, then the old one is gone", async () => {
  await hosted(async ({ url, publish, context, complaints }) => {
    const page = await visit(context, url);
    const other = await visit(context, url);
    await runs(page, "put own 1", /own/);
    publish(second);
    // A visit has the browser look for a new worker.
    const next = await context.newPage();
    await next.goto(url);
    for (const each of [page, other, next]) await news(each).waitFor();
    await keepsOnly(page, [PUBLISHED, second]);
    // The server has none of these files any more.
    await opensHelp(page, OLD);
    await opensHelp(next, OLD);
    await next.close();

    await reload(page);
    await page.getByText("Restored: 1 command ran again.").waitFor();
    await opensHelp(page, NEW);
    assert.equal(await news(page).count(), 0);
    await isKept(page);
    // The other page is of the old version still, and opens what it has not opened yet.
    await opensHelp(other, OLD);
    await keepsOnly(page, [PUBLISHED, second]);

    await reload(other);
    await opensHelp(other, NEW);
    await keepsOnly(other, [second]);
    assert.deepEqual(complaints, []);
  });
});

test("a new version can wait: the line goes, and a page that is opened later is of the new one", async () => {
  await hosted(async ({ url, publish, context }) => {
    const page = await visit(context, url);
    publish(second);
    // As when one comes back to a page that was open for days.
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await news(page).waitFor();
    await page.getByRole("button", { name: "Later" }).click();
    assert.equal(await news(page).count(), 0);
    await page.evaluate(() =>
      navigator.serviceWorker.addEventListener("message", () => Object.assign(globalThis, { wasTold: true })),
    );
    const next = await context.newPage();
    await next.goto(url);
    await opensHelp(next, NEW);
    await keepsOnly(next, [PUBLISHED, second]);
    await page.waitForFunction(() => /** @type {{ wasTold?: boolean }} */ (globalThis).wasTold);
    assert.equal(await news(page).count(), 0);
    await page.close();
    await next.reload();
    await keepsOnly(next, [second]);
  });
});

test("of a new version, only what has changed is loaded", async () => {
  await hosted(async ({ url, publish, context, complaints }) => {
    const page = await visit(context, url);
    const without = folder();
    cpSync(second, without, { recursive: true });
    // Neither has changed: the names are those of the first version.
    for (const name of filesOf(second).filter((name) => name.endsWith(".wasm"))) rmSync(join(without, name));
    publish(without);
    await page.reload();
    await news(page).waitFor();
    await reload(page);
    await opensHelp(page, NEW);
    await keepsOnly(page, [second]);
    assert.deepEqual(complaints, []);
  });
});

/**
 * What can be wrong with a version on a server: it is being copied there, say.
 * @type {[string, (site: string) => void][]}
 */
const FAILURES = [
  ["a file is missing", (site) => rmSync(helpOf(site))],
  ["a file has other bytes", (site) => writeFileSync(helpOf(site), "not found")],
  ["the page is another's", (site) => cpSync(join(PUBLISHED, "index.html"), join(site, "index.html"))],
];

/** A file that has changed: what has not is not loaded again. @param {string} site */
function helpOf(site) {
  return join(site, "assets", readdirSync(join(site, "assets")).find((name) => /^help-.*js$/.test(name)) ?? "");
}

for (const [what, change] of FAILURES) {
  test(`a new version of which ${what} leaves the old one whole`, async () => {
    await hosted(async ({ url, publish, context, complaints }) => {
      const page = await visit(context, url);
      const broken = folder();
      cpSync(second, broken, { recursive: true });
      change(broken);
      publish(broken);
      const became = await page.evaluate(async () => {
        const registration = await navigator.serviceWorker.ready;
        const settled = new Promise((resolve) => {
          registration.addEventListener("updatefound", () => {
            const next = registration.installing;
            next?.addEventListener("statechange", () => resolve(next.state));
          });
        });
        await registration.update();
        return settled;
      });
      assert.equal(became, "redundant");
      assert.deepEqual((await versions(page))[versionOf(PUBLISHED)], filesOf(PUBLISHED));
      await page.reload();
      await opensHelp(page, OLD);
      assert.equal(await news(page).count(), 0);
      // When the server has it whole, it comes.
      publish(second);
      await page.reload();
      await news(page).waitFor();
      await reload(page);
      await opensHelp(page, NEW);
      await keepsOnly(page, [second]);
      assert.deepEqual(
        // The worker's own request for the file that is missing.
        complaints.filter((complaint) => !/^404 for .*help-/.test(complaint)),
        [],
      );
    });
  });
}

// The published site without a network.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { DIST, PUBLISHED } from "./browser.mjs";
import { HEADERS, filesOf, hosted, open, opensHelp, runs, versionOf, versions, visit } from "./hosted.mjs";
import { toFlush } from "./page.mjs";
import { serve } from "./server.mjs";

/** The history of a real database. */
const HISTORY = ["MANIFEST-000009", "OPTIONS-000011"].map((name) =>
  join(import.meta.dirname, "../fixtures/rocksdb/manifest/rr_dyn8", name),
);

test("after the first visit, everything opens without a server", async () => {
  await hosted(async ({ url, stop, context, complaints }) => {
    const page = await visit(context, url);
    assert.deepEqual(await versions(page), { [versionOf(PUBLISHED)]: filesOf(PUBLISHED) });
    await stop();
    const response = await page.reload();
    assert.equal(response?.headers()["content-security-policy"], HEADERS["content-security-policy"]);
    await page.locator("canvas.figure").waitFor();
    await runs(page, "put own 1", /own/);
    await opensHelp(page);
    await page.getByRole("button", { name: "Charts" }).click();
    await page.locator(".charts").first().waitFor();
    // The session is restored as ever.
    await page.reload();
    await page.getByText("Restored: 1 command ran again.").waitFor();

    const tour = await open(context, `${url}?theme=dark`);
    assert.ok((await toFlush(tour)) > 0);

    const script = encodeURIComponent("put a 1\nput b 2\nflush\nget a");
    const link = await open(context, `${url}index.html#v=2&script=${script}`);
    await runs(link, "get b", /b = 2/);
    await link.getByRole("button", { name: "Panels" }).click();
    await link.getByRole("button", { name: "History", exact: true }).click();
    await link.getByLabel("History files").setInputFiles(HISTORY);
    await link
      .getByText(/matched 85 of 85/)
      .first()
      .waitFor();
    await link.getByRole("button", { name: "Simulate" }).click();
    await link.getByRole("button", { name: "Run", exact: true }).waitFor();

    await open(context, `${url}embed/?start=now#v=2&script=${script}`);
    assert.deepEqual(
      // Chromium asks no worker for these.
      complaints.filter((complaint) => !complaint.includes("/favicon.")),
      [],
    );
  });
});

test("lessons are kept from when one is opened", async () => {
  const name = readdirSync(join(PUBLISHED, "assets")).find((asset) => asset.startsWith("lsmscope_lesson_bg-"));
  await hosted(async ({ url, stop, context }) => {
    const page = await visit(context, url);
    const loads = () =>
      page.evaluate(async (asset) => (await fetch(asset, { cache: "no-store" })).ok, `assets/${name}`);
    assert.ok(await loads());
    await page.waitForFunction((asset) => {
      const seen = /** @type {{ kept?: boolean }} */ (globalThis);
      // It is looked at again until it is so; a promise would be taken for the answer.
      caches.match(asset).then((found) => (seen.kept = found !== undefined));
      return seen.kept;
    }, `assets/${name}`);
    await stop();
    assert.ok(await loads());
  });
});

test("what is not in the browser yet says so without a network, and comes with it", async () => {
  await hosted(
    async ({ url, context }) => {
      const page = await open(context, url);
      await runs(page, "put own 1", /own/);
      await context.setOffline(true);
      await page.getByRole("button", { name: "Help" }).click();
      await page.getByText("The help could not be loaded: there is no network").waitFor();
      await context.setOffline(false);
      await page.getByRole("button", { name: "Try again" }).click();
      await page.getByRole("dialog", { name: "Help" }).waitFor();
    },
    { serviceWorkers: "block" },
  );
});

test("without a network, the dialog of embeds has its lines, and says why there is no frame", async () => {
  await hosted(async ({ url, context }) => {
    const page = await visit(context, url);
    await context.setOffline(true);
    await page.getByRole("button", { name: "Share" }).click();
    await page.getByRole("button", { name: /Embed it in a page/ }).click();
    await page.getByText("Without a network, the frame is not shown here.").waitFor();
    assert.match(await page.getByRole("textbox", { name: "Lines for the page" }).inputValue(), /<lsm-scope/);
    assert.equal(await page.locator("iframe").count(), 0);
  });
});

test("what is served while it is being changed is not hidden by a site that was published at its address", async () => {
  await hosted(async ({ url, stop, context }) => {
    // At the root, as `cargo xtask serve` has it.
    await stop();
    const { port } = new URL(url);
    let server = await serve(PUBLISHED, { port: Number(port) });
    const page = await visit(context, server.url);
    await server.close();
    server = await serve(DIST, { port: Number(port), live: true });
    await page.reload();
    await page.waitForFunction(() => document.documentElement.dataset.version === undefined);
    assert.deepEqual(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
    await page.close();
    await server.close();
  });
});

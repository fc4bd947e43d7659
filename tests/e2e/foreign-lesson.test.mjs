// A lesson of another site on a published one that sends the policy of docs/embedding.md: what stops it is said, with
// what to do; the file that is dropped instead is the lesson.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { serveHost } from "./embed-host.mjs";
import { hosted } from "./hosted.mjs";
import { drop } from "./page.mjs";

const WRITE = readFileSync(new URL("../../www/lessons/write.md", import.meta.url), "utf8");
const ALLOWED = { "access-control-allow-origin": "*", "content-type": "text/markdown" };

test("a policy that stops a lesson of another site is named, and the dropped file opens", async () => {
  const other = await serveHost(WRITE, ALLOWED);
  try {
    await hosted(async ({ url, context }) => {
      const page = await context.newPage();
      const address = `${other.url}write.md`;
      await page.goto(`${url}?lesson=${encodeURIComponent(address)}`);
      const alert = page.getByRole("alert");
      await alert.waitFor();
      const said = await alert.innerText();
      assert.ok(said.includes(`${address} was not loaded`), said);
      assert.match(said, /Content-Security-Policy\). Save the lesson as a file and drop it onto this page\./);
      assert.ok(said.includes(`allow ${new URL(address).host} in connect-src`), said);
      await drop(page, "write.md", WRITE);
      await page.locator('.beat[data-phase="asking"]').waitFor();
    });
  } finally {
    other.close();
  }
});

test("where the other site is what refuses, that is said, and nothing of a policy", async () => {
  const other = await serveHost(WRITE, { "content-type": "text/markdown" });
  try {
    await hosted(
      async ({ url, context }) => {
        const page = await context.newPage();
        await page.goto(`${url}?lesson=${encodeURIComponent(`${other.url}write.md`)}`);
        const said = await page.getByRole("alert").innerText();
        assert.match(said, /allow other sites to read it \(Access-Control-Allow-Origin\)/);
        assert.doesNotMatch(said, /Content-Security-Policy/);
      },
      { bypassCSP: true },
    );
  } finally {
    other.close();
  }
});

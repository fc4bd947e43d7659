// examples/hosts/messages/index.html, opened from disk: each of its controls does what it says, and the log shows it.

import assert from "node:assert/strict";

import { hears, hostTest, scope, start } from "./hosts.mjs";

const file = "examples/hosts/messages/index.html";

hostTest(
  "the host's example drives everything, from disk",
  "",
  async (page) => {
    const frame = await start(page);
    assert.equal(new URL(frame.url()).hash, "#v=2&script=put+apple+1%0Aput+pear+2%0Aput+plum+3%0Aflush%0Aget+pear");
    const log = page.locator("#log");
    await log.getByText('lsm-ready {"version":"0.1.0"').waitFor();
    await log.getByText('lsm-height {"height":300}').waitFor();
    for (const [name, expected] of /** @type {const} */ ([
      ["Play", "play → {}"],
      ["Pause", "pause → {}"],
      ["Step back", 'step → {"position":-1'],
      ["Step", 'step → {"position":0'],
      ["Next operation", 'step → {"position":1'],
      ["Next job", 'step → {"position":2'],
      ["State", 'state → "v=2&script=put+apple+1'],
      ["Answer", "answer ✗ Nothing is asked."],
    ])) {
      await page.getByRole("button", { name, exact: true }).click();
      await log.getByText(expected).first().waitFor();
    }
    assert.deepEqual(
      (await hears(frame, "step")).map(({ how, backwards }) => how ?? backwards),
      [true, false, "operation", "job"],
    );
    await page.getByLabel("Moment").fill("flush:1");
    await page.getByRole("button", { name: "Seek" }).click();
    await log.getByText('seek → {"position":"flush:1"').waitFor();
    assert.equal((await hears(frame, "seek"))[0].moment, "flush:1");

    await page.getByRole("button", { name: "Load" }).click();
    await page.getByLabel("Theme").selectOption("dark");
    await page.getByLabel("Language").selectOption("de");
    await page.getByLabel("Height").selectOption("600");
    await page.getByRole("button", { name: "State" }).click();
    await log.getByText('state → "v=2&script=put+a+1').waitFor();
    assert.equal((await hears(frame, "load"))[0].state, "v=2&script=put+a+1%0Aflush");
    assert.equal((await hears(frame, "theme"))[0].theme, "dark");
    assert.equal((await hears(frame, "lang"))[0].lang, "de");
    assert.equal((await scope(page).element.boundingBox())?.height, 600);

    await page.getByRole("button", { name: "Take it out" }).click();
    assert.equal(await scope(page).iframe.count(), 0);
    await start(page);
  },
  { file },
);

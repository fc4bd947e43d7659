// A lesson in a frame of a host on another origin: what the host is told, and that it is told no answer before the
// learner has given theirs.

import assert from "node:assert/strict";
import { test } from "node:test";

import { embedded, heard, messages, sites } from "./embedded.mjs";

/** @typedef {import("playwright-core").FrameLocator} FrameLocator */

/**
 * Goes on to the end, with every question shown.
 * @param {FrameLocator} frame
 */
async function toEnd(frame) {
  for (let step = 0; step < 40; step += 1) {
    await frame.locator('.over, .beat:is([data-phase="asking"], [data-phase="told"])').waitFor();
    if ((await frame.locator(".over").count()) > 0) return;
    for (const name of ["Show me", "Go on without it", "No more, to the end", "Go on", "To the end"]) {
      const button = frame.getByRole("button", { name, exact: true });
      if ((await button.count()) === 0) continue;
      await button.click();
      break;
    }
    const skip = frame.getByRole("button", { name: "Skip to the answer" });
    if ((await frame.locator('.beat[data-phase="running"]').count()) > 0) await skip.click().catch(() => {});
  }
  throw new Error("the lesson has no end");
}

for (const [what, site] of /** @type {const} */ ([
  ["by modules", "open"],
  ["by one classic script", "plain"],
])) {
  test(`a sandboxed lesson reports its beats, answers and score, ${what}`, async () => {
    await embedded(sites[site].url, { query: "start=now&lesson=write&step=2", fragment: "" }, async (page, frame) => {
      assert.deepEqual((await heard(page, "ready")).lessons, ["write"]);
      const { beat, of, title } = await heard(page, "step");
      assert.deepEqual({ beat, of, title }, { beat: 1, of: 6, title: "Several writes at once" });
      assert.equal(await frame.locator(".head").count(), 0, "the bar at the top is not its");
      const frames = frame.getByRole("textbox", { name: "A number of frames" });
      await frames.fill("3");
      assert.ok((await messages(page)).every(({ type }) => type !== "answered"));
      await frames.press("Enter");
      const { id, right, attempt, chosen } = await heard(page, "answered");
      assert.deepEqual(
        { id, right, attempt, chosen },
        { id: "frames-of-a-batch", right: false, attempt: 1, chosen: { number: "3" } },
      );
      await toEnd(frame);
      const { score, minutes } = await heard(page, "complete");
      assert.deepEqual({ score, minutes }, { score: 0, minutes: 1 });
    });
  });
}

test("a host hears that there is no such lesson", async () => {
  await embedded(sites.open.url, { query: "start=now&lesson=no-such", fragment: "" }, async (page, frame) => {
    const { code, text } = await heard(page, "error");
    assert.equal(code, "lesson");
    assert.match(text, /no-such/);
    await frame.getByText("There is no lesson “no-such” yet.").waitFor();
  });
});

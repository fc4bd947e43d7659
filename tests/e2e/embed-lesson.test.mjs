// A lesson in a frame of a host on another origin: what the host is told, that it is told no answer before the learner
// has given theirs, and that a learner goes on where they were when the host gives back what it was told.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ask, embedded, frameIn, heard, messages, sites } from "./embedded.mjs";
import { toEnd } from "./learner.mjs";

/** @typedef {import("playwright-core").Page} Page */

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

test("in a frame, a beat has its meters and knobs", async () => {
  await embedded(sites.open.url, { query: "start=now&lesson=cost&step=7", fragment: "" }, async (_page, frame) => {
    await frame.locator(".challenge .bounds").waitFor();
    assert.match(await frame.locator('.meters [data-meter="write"] dd').innerText(), /^\d\.\d\d/);
    const knob = frame.locator('.lesson-knobs [data-knob="bloom_bits_per_key"]');
    await knob.getByRole("textbox").fill("10");
    await frame.getByRole("button", { name: "Set options" }).click();
    await frame.locator(".bounds").getByText("1 line of 3").waitFor();
  });
});

test("a host hears that there is no such lesson", async () => {
  await embedded(sites.open.url, { query: "start=now&lesson=no-such", fragment: "" }, async (page, frame) => {
    const { code, text } = await heard(page, "error");
    assert.equal(code, "lesson");
    assert.match(text, /no-such/);
    await frame.getByText("There is no lesson “no-such” yet.").waitFor();
  });
});

/**
 * What the host has heard last of where the learner is, once that is at the beat.
 * @param {Page} page
 * @param {number} beat
 * @returns {Promise<string>}
 */
function stateAt(page, beat) {
  // waitForFunction takes a promise for an answer, whatever comes of it.
  return page.evaluate(async (wanted) => {
    for (;;) {
      const { state } =
        /** @type {any} */ (globalThis).heard.findLast((/** @type {any} */ m) => m.type === "state") ?? {};
      const letters = state?.replace("progress=", "").replaceAll("-", "+").replaceAll("_", "/");
      if (letters) {
        const bytes = Uint8Array.from(atob(letters), (c) => c.charCodeAt(0));
        const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
        if ((await new Response(stream).json()).beat === wanted) return /** @type {string} */ (state);
      }
      await new Promise(requestAnimationFrame);
    }
  }, beat);
}

test("a learner who comes back goes on where they were, if the host gives back what it was told", async () => {
  const query = "start=now&lesson=write";
  await embedded(sites.open.url, { query, fragment: "" }, async (page, frame) => {
    await frame.getByRole("button", { name: /^2 of 6/ }).click();
    const frames = frame.getByRole("textbox", { name: "A number of frames" });
    await frames.fill("3");
    await frames.press("Enter");
    await heard(page, "answered");
    await frame.getByRole("button", { name: /^3 of 6/ }).click();
    const state = await stateAt(page, 2);
    assert.equal((await ask(page, { type: "state" })).state, state);

    // As the fragment of its address, before what `step` says.
    const second = await frameIn(page, sites.open.url, { query: `${query}&step=1`, fragment: state });
    assert.equal((await heard(page, "step")).beat, 2);
    await second.getByRole("button", { name: /^2 of 6/ }).click();
    await second.locator('.beat[data-phase="told"]').waitFor();
    assert.equal(await second.getByRole("textbox", { name: "A number of frames" }).inputValue(), "3");

    // By a message, into a frame that has begun.
    const third = await frameIn(page, sites.open.url, { query, fragment: "" });
    assert.equal((await heard(page, "step")).beat, 0);
    const from = (await messages(page)).length;
    assert.equal((await ask(page, { type: "load", state })).type, "load");
    assert.equal((await heard(page, "step", from)).beat, 2);
    await third.getByRole("button", { name: /^2 of 6/ }).click();
    await third.locator('.beat[data-phase="told"]').waitFor();

    for (const wrong of ["v=2&script=put+a+1", "progress=AAAA", ""])
      assert.match((await ask(page, { type: "load", state: wrong })).text, /no progress of this lesson/, wrong);
  });
});

test("a lesson that a host has in another language goes on where it was", async () => {
  const query = "start=now&lesson=write";
  await embedded(sites.open.url, { query, fragment: "" }, async (page, frame) => {
    await frame.getByRole("button", { name: /^3 of 6/ }).click();
    await stateAt(page, 2);
    // The step is told before its state, or behind it.
    await page.waitForFunction(() =>
      /** @type {any} */ (globalThis).heard.some((/** @type {any} */ m) => m?.type === "step" && m.beat === 2),
    );
    const from = (await messages(page)).length;
    await ask(page, { type: "lang", lang: "de" });
    const { beat, title } = await heard(page, "step", from);
    assert.equal(beat, 2);
    await frame.getByRole("heading", { name: title }).waitFor();
    assert.equal(await frame.locator("html").getAttribute("lang"), "de");
  });
});

test("an element that gives way to others goes on in its lesson where it was", async () => {
  await embedded(sites.open.url, { query: "start=click&lesson=why", fragment: "" }, async (page) => {
    await page.addScriptTag({ url: `${sites.open.url}lsm-scope.js` });
    /** @param {string} lesson */
    const add = async (lesson) => {
      await page.evaluate((name) => {
        const scope = Object.assign(document.createElement("lsm-scope"), { id: name });
        scope.setAttribute("lesson", name);
        document.body.append(scope);
        scope.scrollIntoView();
      }, lesson);
      await page.locator(`#${lesson} button`).click();
      const iframe = page.locator(`#${lesson} iframe`);
      const frame = await (await iframe.elementHandle())?.contentFrame();
      await frame?.locator('.beat[data-phase="asking"]').waitFor();
      return /** @type {import("playwright-core").Frame} */ (frame);
    };
    const first = await add("write");
    await first.getByRole("button", { name: /^3 of 6/ }).click();
    await first.locator('.beat[data-phase="asking"]').waitFor();
    await add("reads");
    await add("table");
    await page.locator("#write iframe").waitFor({ state: "detached" });
    await page.locator("#write button").click();
    const again = page.frameLocator("#write iframe");
    await again.locator('[aria-current="step"]', { hasText: "3" }).waitFor();
  });
});

// A lesson before an audience: by keys alone and by a clicker; nothing is told before the run, nothing scrolls, no text
// is small, and nothing of the audience is kept.

import assert from "node:assert/strict";

import { SIZES, on, present, press, settled, shown, troubles } from "./audience.mjs";
import { pageTest } from "./browser.mjs";
import { LESSONS, answer, begin, knownOf } from "./learner.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** All that the page holds, for eyes and for a screen reader. @param {Page} page */
async function everything(page) {
  const dom = await page.evaluate(() => {
    const all = [...document.querySelectorAll("#app, #app *")];
    const attributes = all.flatMap((e) => [...e.attributes].map((a) => `${a.name}=${a.value}`));
    return [document.title, location.href, document.body.textContent, ...attributes].join("\n");
  });
  return `${dom}\n${await page.locator("body").ariaSnapshot()}`;
}

pageTest(
  "by keys alone: asked, voted on, talked about, voted on again, run; no answer before the run, both votes after it",
  async (page) => {
    await present(page, "write");
    let asked = 0;
    for (let turn = 0; turn < 80; turn += 1) {
      const { kind, round, id, variant } = await shown(page);
      if (kind === "end") break;
      if (kind === "ask") {
        const known = (await knownOf(page, "write", variant, [id]))[id];
        const secret = known.told.filter((text) => text.length > 12);
        assert.ok(secret.length > 0, `${id} has a text that tells`);
        const hides = async () => {
          const all = await everything(page);
          for (const text of secret) assert.ok(!all.includes(text), `${id} is told: ${text}`);
          assert.equal(await page.locator("[data-right], .present-happened, .present-why").count(), 0);
        };
        await hides();
        await press(page, "v");
        await on(page, "vote", "first");
        const isNamed = (await page.locator(".hands .named").count()) > 0;
        await press(page, ...(isNamed ? ["7", "Enter", "1", "2", "Enter"] : ["1", "2", "Enter", "3", "Enter"]));
        await hides();
        await press(page, "ArrowRight");
        await on(page, "talk");
        assert.equal(await page.locator(".hands input, .hands .bar").count(), 0, "votes are hidden while they talk");
        await hides();
        await press(page, "v");
        await on(page, "vote", "second");
        assert.equal(
          await page.locator(".count").first().inputValue(),
          "",
          "the first vote is not shown with the second",
        );
        if (isNamed) await page.locator(".count").first().focus();
        await press(page, "2", "0");
        await hides();
        asked += 1;
        await press(page, "ArrowRight");
        await settled(page);
        continue;
      }
      if (kind === "told") {
        const known = (await knownOf(page, "write", variant, [id]))[id];
        const told = await page.locator(".present-panel").innerText();
        for (const text of known.told) assert.ok(told.includes(text), `${id} is not told: ${text}`);
        const both = await page.locator(".hands .both").allTextContents();
        assert.ok(
          both.some((text) => /12\s*before\s*20\s*after talking/.test(text)),
          both.join("\n"),
        );
        await press(page, "v");
        assert.equal(await page.locator(".hands .both").count(), 0);
        await press(page, "v");
        assert.ok((await page.locator('.hands .bar[data-round="second"]').count()) > 0);
      }
      assert.notEqual(`${kind} ${round}`, "vote first", "a vote is left by its own key");
      await press(page, "ArrowRight");
      await settled(page);
    }
    assert.equal((await shown(page)).kind, "end");
    assert.equal(asked, 4, "all questions of the beats with a star");
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "the answer never comes with the first vote; back takes the run back; what plays can be cut short",
  async (page) => {
    await present(page, "deletes");
    while ((await shown(page)).kind !== "ask") await press(page, "PageDown");
    await press(page, "v");
    await on(page, "vote", "first");
    await press(page, "s");
    await on(page, "talk");
    await press(page, "s");
    await page.locator('.presenter[data-kind="told"]').waitFor();
    await press(page, "PageDown");
    await on(page, "told");
    const told = await page.locator(".present-why").innerText();
    const sentence = await page.locator(".present-sentence").innerText();
    await press(page, "PageUp");
    await on(page, "vote", "second");
    await page.locator(".present-sentence").waitFor();
    // What was said gives way to what is said of the moment that it is now.
    await page.waitForFunction(
      (text) => !document.querySelector(".sr[aria-live=polite]")?.textContent?.includes(text),
      sentence,
    );
    const before = await everything(page);
    assert.ok(!before.includes(told) && !before.includes(sentence), "what was told is gone");
  },
  { layout: "figure" },
);

pageTest(
  "while it runs, what is told is not seen, but has its room: the stage keeps its size when it comes",
  async (page) => {
    await present(page, "deletes");
    while ((await shown(page)).kind !== "ask") await press(page, "PageDown");
    await press(page, "v");
    await on(page, "vote", "first");
    await page.evaluate(() => {
      /** @type {{ width: number, isSeen: boolean }[]} */
      const looks = [];
      const look = () => {
        const why = document.querySelector(".present-told[data-runs] .present-why");
        const width = document.querySelector(".present-stage")?.clientWidth ?? 0;
        if (why) looks.push({ width, isSeen: why.checkVisibility({ visibilityProperty: true }) });
        requestAnimationFrame(look);
      };
      look();
      Reflect.set(window, "looks", looks);
    });
    await press(page, "s");
    await on(page, "talk");
    await press(page, "s");
    await page.locator(".present-told:not([data-runs]) .present-why").waitFor();
    /** @type {{ width: number, isSeen: boolean }[]} */
    const looks = await page.evaluate(() => Reflect.get(window, "looks"));
    const width = await page.locator(".present-stage").evaluate((e) => e.clientWidth);
    assert.ok(looks.length > 0, "it has run");
    assert.ok(looks.every(({ isSeen }) => !isSeen));
    assert.deepEqual([...new Set(looks.map((one) => one.width))], [width]);
  },
  { layout: "figure" },
);

pageTest(
  "blank, all parts, keys; a reload goes on at its part; Escape leaves, and nothing of the audience is kept",
  async (page) => {
    await begin(page, "write");
    await answer(page, "write", "wrong");
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByRole("heading", { name: "Several writes at once" }).waitFor();
    const kept = () =>
      page.evaluate(() => JSON.stringify({ ...localStorage, seconds: 0 }).replaceAll(/seconds[^,]*/g, ""));
    const before = await kept();
    await page.getByRole("button", { name: "Present" }).click();
    await settled(page);
    assert.match(page.url(), /[?&]present&step=3$/);
    await page.getByText("2 of 3").waitFor();
    await press(page, "b");
    await page.locator(".present-blank").waitFor();
    assert.equal(await page.getByText("When is memory full?").isVisible(), true);
    assert.doesNotMatch(await page.locator("body").ariaSnapshot(), /When is memory full/);
    const at = await shown(page);
    await press(page, "PageDown");
    await page.locator(".present-blank").waitFor({ state: "detached" });
    assert.deepEqual(await shown(page), at, "a key only ends the blank");
    await press(page, "?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await press(page, "?");
    await press(page, "a");
    await page.getByText("3 of 6").waitFor();
    await page.reload();
    await settled(page);
    await page.getByText("2 of 3").waitFor();
    while ((await shown(page)).kind !== "vote") await press(page, "PageDown");
    await press(page, "4", "1");
    await press(page, "Escape");
    assert.equal((await shown(page)).kind, "vote", "Escape leaves the field first");
    await press(page, "Escape");
    await page.getByRole("heading", { name: "Several writes at once" }).waitFor();
    assert.doesNotMatch(page.url(), /present|step/);
    assert.equal(await kept(), before);
    await page.getByRole("button", { name: "Present" }).click();
    await settled(page);
    assert.equal((await shown(page)).kind, "vote", "it goes on where it was left");
    assert.equal(await page.locator(".count").first().inputValue(), "");
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "in a figure, the arrows go from part to part, as it says, and PageDown turns the screen",
  async (page) => {
    await present(page, "write");
    while ((await shown(page)).kind !== "told") await press(page, "PageDown");
    await settled(page);
    const before = await shown(page);
    const part = page.locator(".figure-layer .part[tabindex='0']").first();
    await part.focus();
    const first = await part.getAttribute("data-part");
    await press(page, "ArrowLeft");
    await page.waitForFunction(
      (from) => /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.part !== from,
      first,
    );
    assert.ok(await page.evaluate(() => document.activeElement?.closest(".figure-layer") !== null));
    assert.deepEqual(await shown(page), before);
    await press(page, "PageDown");
    await page.locator(`.presenter:not([data-kind="told"][data-id="${before.id}"])`).waitFor();
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "a challenge is tried as the audience says: its letters are no keys, and it is nobody's attempt",
  async (page) => {
    await present(page, "write");
    await press(page, "a");
    await page.getByText("1 of 6").waitFor();
    while ((await shown(page)).kind !== "try") await press(page, "PageDown");
    const box = page.getByRole("textbox", { name: "Command" });
    await box.click();
    await page.getByText("Letters are written.").waitFor();
    await page.keyboard.type("put bs 1");
    await press(page, ...Array(4).fill("ArrowLeft"), "a");
    assert.equal(await box.inputValue(), "put abs 1");
    await press(page, "Enter");
    await page.getByText("1 line of 7").waitFor();
    assert.equal((await shown(page)).kind, "try");
    await press(page, "PageUp");
    await on(page, "tell");
    assert.ok(!(await everything(page)).includes("abs"), "another screen has a database of its own");
    await press(page, "Escape");
    await page.locator('.beat[data-phase="asking"]').waitFor();
    await page.locator(".lesson-way li button").last().click();
    await page.getByText("0 lines of 7").waitFor();
    assert.equal(await page.locator(".challenge").getAttribute("data-attempts"), "0");
  },
  { reducedMotion: "reduce" },
);

for (const viewport of SIZES)
  for (const id of LESSONS)
    pageTest(
      `${id} at ${viewport.width}x${viewport.height} with a clicker: no screen scrolls, and no text is below 24 pixels`,
      async (page) => {
        await present(page, id);
        let turns = 0;
        for (; (await shown(page)).kind !== "end"; turns += 1) {
          assert.ok(turns < 150, "it has an end");
          const { kind, id: question } = await shown(page);
          let trouble = await page.evaluate(troubles);
          // A stage takes its place a few frames after its text.
          for (let frames = 0; trouble.length > 0 && frames < 20; frames += 1) {
            await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => drawn(null))));
            trouble = await page.evaluate(troubles);
          }
          assert.deepEqual(trouble, [], `${kind} ${question}: ${await page.locator(".present-panel").innerText()}`);
          await press(page, "PageDown");
          await settled(page);
        }
        assert.ok(turns > 3);
      },
      { viewport, reducedMotion: "reduce" },
    );

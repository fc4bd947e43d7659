// Lessons in the browser: what a learner does, sees, and can not see before they have answered.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { pageTest } from "./browser.mjs";
import { LESSONS, answer, begin, known, lessonOf, put, solution, toEnd, told, type } from "./learner.mjs";
import { cutOff } from "./page.mjs";

/** @typedef {import("playwright-core").Page} Page */

const SIZES = [
  { width: 1280, height: 720 },
  { width: 390, height: 844 },
];

/** The step that is now. @param {Page} page */
const now = (page) => page.locator(".lesson-step:last-of-type");

/**
 * Goes through a lesson from where it stands, to its end.
 * @param {Page} page
 * @param {string} id
 * @param {import("./learner.mjs").How} how
 * @param {() => Promise<void>} [look] before and after each step
 */
async function through(page, id, how, look = async () => {}) {
  const next = page.getByRole("button", { name: /^(Go on|To the end)$/ });
  for (let step = 0; step < 100; step += 1) {
    await page.locator('.over, .beat:is([data-phase="asking"], [data-phase="told"])').waitFor();
    if ((await page.locator(".over").count()) > 0) return;
    const isAsking = (await page.locator('.beat[data-phase="asking"]').count()) > 0;
    await look();
    if (isAsking && (await now(page).locator("fieldset").count()) > 0) {
      await answer(page, id, how);
      const verdicts = await now(page).locator(".verdict").allInnerTexts();
      assert.ok(verdicts.length > 0);
      for (const verdict of verdicts) assert.match(verdict, how === "right" ? /^Right\.$/ : /^Not quite\.$/);
    } else if (isAsking && (await now(page).locator(".challenge").count()) > 0) {
      if (how === "wrong") {
        await page.getByRole("button", { name: "Go on without it" }).click();
        continue;
      }
      await type(page, await solution(page, id));
      await page.getByText(/^Done, in \d+ lines?\.$/).waitFor();
    }
    await look();
    await next.click();
  }
  throw new Error(`${id} has no end`);
}

/** Points of the end page. @param {Page} page @returns {Promise<number[]>} points, and of how many */
async function points(page) {
  const found = /(\d+) of (\d+) points?/.exec(await page.locator(".points").innerText());
  return (found ?? []).slice(1).map(Number);
}

for (const viewport of SIZES) {
  const at = `at ${viewport.width}x${viewport.height}`;
  for (const id of LESSONS) {
    pageTest(
      `${id} all right ${at}: every point, nothing cut off, and the next lesson is a link`,
      async (page) => {
        await begin(page, id);
        await through(page, id, "right", async () => {
          // What lies over a figure has no words that are seen.
          const seen = ".lesson-panel :is(button, label, h2):not(.figure-layer *)";
          assert.deepEqual(await cutOff(page, seen), []);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          assert.ok(wide <= 0, `the page is ${wide} pixels too wide`);
        });
        const [won, of] = await points(page);
        assert.ok(of > 5 && won === of, `${won} of ${of}`);
        assert.equal(await page.getByText("What surprised you").count(), 0);
        for (const link of await page.locator(".next-lesson a").all())
          assert.match((await link.getAttribute("href")) ?? "", /^\?lesson=[a-z-]+$/);
      },
      { viewport, reducedMotion: "reduce" },
    );
  }

  pageTest(
    `write all wrong ${at}, then right: asked again with other numbers, and the first answers stand`,
    async (page) => {
      await begin(page, "write");
      const first = await page.locator(".beat").getAttribute("data-variant");
      const again = page.getByText("Once more, with other numbers");
      const next = page.getByRole("button", { name: /^(Go on|To the end)$/ });
      for (let step = 0; (await again.count()) === 0; step += 1) {
        assert.ok(step < 30, "it is asked again");
        await page.locator('.beat:is([data-phase="asking"], [data-phase="told"])').waitFor();
        if ((await now(page).locator(".challenge").count()) > 0) {
          await page.getByRole("button", { name: "Go on without it" }).click();
          await again.waitFor();
        } else {
          if ((await now(page).locator("fieldset").count()) > 0) await answer(page, "write", "wrong");
          await next.click();
        }
      }
      await page.locator('.beat[data-phase="asking"]').waitFor();
      assert.notEqual(await page.locator(".beat").getAttribute("data-variant"), first);
      await through(page, "write", "right");
      const [won] = await points(page);
      assert.equal(won, 0);
      assert.equal(await page.locator(".pairs li").count(), 7, "each first answer, beside what happened");
    },
    { viewport, reducedMotion: "reduce" },
  );
}

pageTest(
  "other numbers are offered where a part has some, and are others then",
  async (page) => {
    await begin(page, "why");
    const variant = () => page.locator(".beat").getAttribute("data-variant");
    const first = await variant();
    await answer(page, "why", "wrong");
    await page.getByRole("button", { name: "Again", exact: true }).click();
    await page.locator('.beat[data-phase="asking"]').waitFor();
    assert.equal(await variant(), first, "the first part is the same for every learner");
    await page.getByRole("button", { name: /^4 of / }).click();
    await page.locator('.beat[data-phase="asking"] fieldset').first().waitFor();
    const lines = () => page.locator(".code-block.lines").innerText();
    const before = await lines();
    await answer(page, "why", "wrong");
    await page.getByRole("button", { name: "Again, other numbers" }).click();
    await page.locator('.beat[data-phase="asking"] fieldset').first().waitFor();
    assert.notEqual(await lines(), before);
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "damage that a lesson makes is told as part of it, without an alarm or a remedy that would answer the next question",
  async (page) => {
    await begin(page, "recovery");
    await page.getByRole("button", { name: /^5 of .*Damage in the middle/ }).click();
    await page.locator('.beat[data-phase="asking"] fieldset').first().waitFor();
    await answer(page, "recovery", "right");
    const notice = page.locator(".troubled");
    await notice.getByText("This is part of the lesson.").waitFor();
    assert.match(await notice.innerText(), /000002\.log is damaged/);
    assert.deepEqual([await notice.getAttribute("role"), await notice.getByRole("button").count()], ["status", 0]);
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "a question about the tree of a card has that tree on the stage, and what is run there instead",
  async (page) => {
    await begin(page, "policies");
    await page.getByRole("button", { name: /^2 of .*Which rule fires/ }).click();
    const tree = page.locator(".lesson-stage .tree-card li");
    await tree.first().waitFor();
    assert.match((await tree.allInnerTexts()).join("; "), /Table 4: a-z\s+300 B;[^]*Table 1: a-z\s+600 B/);
    await page.getByRole("button", { name: /^3 of / }).click();
    await page.locator(".lesson-stage .figure-box").waitFor();
    assert.equal(await tree.count(), 0);
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "what is handed in is graded again to the same score, and bears the learner's name, which is remembered",
  async (page) => {
    await begin(page, "write");
    await answer(page, "write", "wrong");
    await page.getByRole("button", { name: "Go on" }).click();
    await through(page, "write", "right");
    const [won, of] = await points(page);
    const name = page.getByRole("textbox", { name: "Your name" });
    await name.fill("Ada Lovelace");
    await page.reload();
    await toEnd(page);
    assert.equal(await name.inputValue(), "Ada Lovelace");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save for handing in" }).click(),
    ]);
    assert.equal(download.suggestedFilename(), "write-Ada-Lovelace.json");
    const handIn = readFileSync(await download.path(), "utf8");
    assert.equal(JSON.parse(handIn).name, "Ada Lovelace");
    const again = await (
      await lessonOf(page, "write")
    ).evaluate(({ lesson }, text) => lesson.grade_again(text), handIn);
    assert.deepEqual([Number(again.score.points), Number(again.score.of)], [won, of]);
    assert.deepEqual(again.differs, []);
    assert.deepEqual(again.missing, []);
  },
  { reducedMotion: "reduce" },
);

pageTest("a wrong answer is spoken to: its own text, with the run stopped where it was decided", async (page) => {
  await begin(page, "write");
  await page.getByRole("button", { name: /^2 of 6/ }).click();
  const frames = page.getByRole("textbox", { name: "A number of frames" });
  await frames.fill("3");
  await frames.press("Enter");
  await told(page);
  assert.match(await page.locator(".outcome").innerText(), /3 frames[^]*1 frame[^]*One frame holds all 3\./);
  assert.match(await page.locator(".sentence").innerText(), /^Frame appended: 3 records/);
  const position = page.getByRole("slider", { name: "Position" });
  assert.notEqual(await position.inputValue(), await position.getAttribute("max"), "the rest can be stepped to");
  assert.ok(await frames.isDisabled(), "an answer that was given can not be changed");
});

pageTest(
  "who is shown what happens is told why, with the numbers that the figure has",
  async (page) => {
    await begin(page, "table");
    await page.getByRole("button", { name: /^5 of 6/ }).click();
    await page.locator('.beat[data-phase="asking"]').waitFor();
    await page.getByRole("button", { name: "Show me" }).click();
    await told(page);
    const why = await page.locator(".why-text").innerText();
    const [small, large] = [...why.matchAll(/([\d,]+) (?:bytes of 24|of six)/g)].map(([, bytes]) => bytes);
    const tables = await page
      .getByRole("region", { name: "Level 0" })
      .locator("[data-part]")
      .evaluateAll((all) => all.map((one) => /** @type {HTMLElement} */ (one).title));
    const sizes = tables.flatMap((words) => /sst: (\d+ entries), ([\d,]+ B)/.exec(words)?.slice(1).join(", ") ?? []);
    assert.deepEqual(sizes.toSorted(), [`24 entries, ${small} B`, `6 entries, ${large} B`]);
    // The same is there once more after a reload.
    await page.reload();
    await page.locator(".why-text").waitFor();
    assert.equal(await page.locator(".why-text").innerText(), why);
  },
  { reducedMotion: "reduce" },
);

/**
 * Everything that the page holds: texts, attributes, values, and what a screen reader is told.
 * @param {Page} page
 */
async function everything(page) {
  const dom = await page.evaluate(() => {
    const all = [...document.querySelectorAll("#app, #app *")];
    const attributes = all.flatMap((e) => [...e.attributes].map((a) => `${a.name}=${a.value}`));
    const values = all.map((e) => ("value" in e ? String(e.value) : ""));
    return [document.title, location.href, document.body.innerText, ...attributes, ...values].join("\n");
  });
  return `${dom}\n${await page.locator("body").ariaSnapshot()}`;
}

pageTest(
  "before the answer, neither the page nor its accessible text has anything of the window",
  async (page) => {
    await begin(page, "deletes");
    for (const [beat, of] of [
      [1, /·3\b|seq 3|3 of 4/],
      [2, /found: deleted|is not there|0 blocks/],
      [3, /000005|269 B|Flush 2/],
      [4, /2 entries were dropped|000003|283 B/],
    ]) {
      await page.getByRole("button", { name: new RegExp(`^${beat} of `) }).click();
      await page.locator('.beat[data-phase="asking"]').waitFor();
      const around = await page.locator("h2").first().innerText();
      const before = await everything(page);
      const found = /** @type {RegExp} */ (of).exec(before);
      assert.equal(found && before.slice(found.index - 60, found.index + 40), null, `${around}: ${of}`);
      // Nothing is ahead on the timeline either: its end is where the question is asked.
      const position = page.getByRole("slider", { name: "Position" });
      assert.equal(await position.inputValue(), await position.getAttribute("max"));
      await answer(page, "deletes", "right");
      const told = await page.locator(".why-text, .sentence").allInnerTexts();
      assert.equal(told.length, 2);
      for (const text of told) assert.ok(!before.includes(text), `it was there before: ${text}`);
      assert.match(await everything(page), /** @type {RegExp} */ (of), "what was looked for comes with the answer");
    }
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "by keyboard alone: answer, go on, and hear what came of it",
  async (page) => {
    await begin(page, "write");
    await page.getByRole("button", { name: /^3 of 6/ }).focus();
    await page.keyboard.press("Enter");
    await page.locator('.beat[data-phase="asking"]').waitFor();
    await page.getByRole("heading", { name: "When is memory full?" }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), "H2");
    const pressTo = async (/** @type {string} */ selector) => {
      for (let i = 0; i < 40; i += 1) {
        await page.keyboard.press("Tab");
        if (await page.evaluate((s) => document.activeElement?.matches(s), selector)) return;
      }
      throw new Error(`Tab does not come to ${selector}`);
    };
    await pressTo("fieldset input[type=radio]");
    await page.keyboard.press("Space");
    await pressTo("fieldset input[type=text]");
    await page.keyboard.type("1");
    await page.keyboard.press("Enter");
    await told(page);
    const focused = () => page.evaluate(() => document.activeElement?.className);
    await page.waitForFunction(() => document.activeElement?.matches(".outcome"));
    assert.equal(await focused(), "outcome");
    assert.equal(await page.locator(".outcome").count(), 2);
    assert.equal(await page.locator('.outcome[role="status"]').count(), 0, "a verdict with the focus is said once");
    await pressTo(".onward .primary");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "When may the log go?" }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), "H2");
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "a reload keeps the place, the answers and their grades",
  async (page) => {
    await begin(page, "write");
    await answer(page, "write", "wrong");
    const before = await page.locator(".outcome").innerText();
    await page.reload();
    await page.locator('.beat[data-phase="told"]').waitFor();
    assert.equal(await page.locator(".outcome").innerText(), before);
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByRole("heading", { name: "Several writes at once" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Several writes at once" }).waitFor();
    await page.getByRole("button", { name: "Back", exact: true }).waitFor({ state: "detached" });
    await page.getByRole("button", { name: /^1 of 6/ }).click();
    await page.locator('.beat[data-phase="told"]').waitFor();
    assert.equal(await page.locator(".outcome").innerText(), before, "back loses nothing");
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "to be shown counts as not answered",
  async (page) => {
    await begin(page, "write");
    await page.getByRole("button", { name: "Show me" }).click();
    await told(page);
    assert.equal(await page.locator(".verdict").innerText(), "This is what happens.");
    await page.reload();
    await page.locator('.beat[data-phase="told"]').waitFor();
    assert.equal(await page.locator(".verdict").innerText(), "This is what happens.");
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "what is masked covers the name of its lane, all of it",
  async (page) => {
    await begin(page, "deletes");
    const cover = await page.locator(".mask.lane-facts").first().boundingBox();
    const name = await page.getByRole("region", { name: "Memtable", exact: true }).locator("p").boundingBox();
    assert.ok(cover && name && cover.y <= name.y && cover.y + cover.height >= name.y + name.height, "it is not cut");
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "places are clicked in the figure or ticked in the list: both are one answer",
  async (page) => {
    await begin(page, "deletes");
    await page.getByRole("button", { name: /^2 of / }).click();
    await page.locator('.beat[data-phase="asking"] fieldset').waitFor();
    const table = page.getByRole("checkbox", { name: /^table 3/ });
    const part = page
      .locator(".figure-layer [aria-pressed]")
      .filter({ hasText: /^Table 3|000003/ })
      .first();
    await part.click();
    assert.ok(await table.isChecked(), "a click in the figure ticks the list");
    assert.equal(await part.getAttribute("aria-pressed"), "true");
    await table.uncheck();
    assert.equal(await part.getAttribute("aria-pressed"), "false");
    // What is in a place means the place; and a lane is one where it is asked for.
    await page.locator('.figure-layer [data-part^="entry:table-3:"]').first().click();
    assert.ok(await table.isChecked(), "an entry is in its table");
    const memtable = page.getByRole("checkbox", { name: "memtable" });
    await page.locator('.figure-layer [data-part^="entry:memtable-"]').first().click();
    assert.ok(await memtable.isChecked(), "an entry is in its memtable");
    const lane = page.locator('.figure-layer [data-part="lane:memtable"]');
    assert.equal(await lane.getAttribute("aria-pressed"), "true");
    await lane.click({ position: { x: 400, y: 10 } });
    assert.equal(await memtable.isChecked(), false);
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "an answer in another spelling of a number is read, and one that is none is not taken",
  async (page) => {
    await begin(page, "write");
    await page.getByRole("button", { name: /^2 of 6/ }).click();
    const frames = page.getByRole("textbox", { name: "A number of frames" });
    await frames.fill("some");
    await frames.press("Enter");
    await page.getByRole("alert").waitFor();
    assert.ok(await frames.isEnabled());
    await frames.fill("1.0");
    await frames.press("Enter");
    await told(page);
    assert.equal(await page.locator(".verdict").innerText(), "Right.");
  },
  { reducedMotion: "reduce" },
);

pageTest("what is asked can be answered in any order of cards, by buttons", async (page) => {
  await begin(page, "write");
  const all = await known(page, "write");
  const [[name, one]] = Object.entries(all);
  await put(page, name, one, "right");
  assert.deepEqual(
    await page.locator(".cards li").evaluateAll((cards) => cards.map((card) => card.dataset.card)),
    one.right,
  );
});

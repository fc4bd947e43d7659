// The votes of an audience: fields for hands by keys alone, room for all of them, and the text for what most got wrong.

import assert from "node:assert/strict";

import { SIZES, on, present, press, settled, shown, troubles } from "./audience.mjs";
import { pageTest } from "./browser.mjs";
import { lessonOf } from "./learner.mjs";

pageTest(
  "in the second vote on a number, keys go from hands to hands; its link begins at the first part",
  async (page) => {
    await present(page, "write");
    const isOfNumber = async () => (await page.locator(".hands .named").count()) > 0;
    while (!(await isOfNumber())) await press(page, "PageDown", "v");
    await page.locator(".hands .named").first().focus();
    for (const text of ["3", "Enter", "12", "Enter", "4", "Enter", "9"])
      await (text === "Enter" ? page.keyboard.press(text) : page.keyboard.type(text));
    await press(page, "v");
    await on(page, "talk");
    await press(page, "v");
    await on(page, "vote", "second");
    await page.keyboard.type("7");
    await page.keyboard.press("Enter");
    await page.keyboard.type("14");
    await page.keyboard.press("ArrowUp");
    const values = (/** @type {string} */ kind) =>
      page.locator(`.hands .${kind}`).evaluateAll((all) => all.map((one) => Reflect.get(one, "value")));
    assert.deepEqual((await values("named")).slice(0, 2), ["3", "4"]);
    assert.deepEqual((await values("count")).slice(0, 2), ["7", "14"]);
    assert.equal(await page.evaluate(() => Reflect.get(document.activeElement ?? {}, "value")), "7");
    await press(page, "Home");
    await page.locator('.presenter:not([data-kind="vote"], [data-kind="loading"])').waitFor();
    assert.match(await page.locator(".presenter").innerText(), /1 of/);
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "in a field for numbers digits alone are written: letters and arrows are keys, Escape leaves it, and a hint says so",
  async (page) => {
    await present(page, "reads");
    const named = page.locator(".hands .named");
    const hint = page.getByText("Only digits are written.");
    while ((await named.count()) === 0) {
      await press(page, "PageDown");
      await settled(page);
    }
    await hint.waitFor();
    await press(page, "1", ".", "5", "x", "v");
    await on(page, "talk");
    await press(page, "PageUp");
    await on(page, "vote", "first");
    assert.equal(await named.first().inputValue(), "1.5");
    await named.first().focus();
    await press(page, "ArrowRight");
    await on(page, "talk");
    await press(page, "ArrowLeft");
    await on(page, "vote", "first");
    await named.first().focus();
    await press(page, "s");
    await on(page, "talk");
    await press(page, "PageUp");
    await on(page, "vote", "first");
    await named.first().focus();
    await press(page, "Escape");
    await hint.waitFor({ state: "detached" });
    assert.equal((await shown(page)).kind, "vote");
    assert.equal(await named.first().inputValue(), "1.5");
    await press(page, "ArrowRight");
    await on(page, "talk");
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "six numbers are voted on beside the stage as it was, and the most frequent wrong one is answered, all of it whole",
  async (page) => {
    await present(page, "cost");
    const stage = async () => (await page.locator(".present-stage").boundingBox())?.width;
    const before = await stage();
    await press(page, "v");
    await on(page, "vote", "first");
    const words = () => page.locator(".present-words").evaluate((e) => getComputedStyle(e).fontSize);
    const size = await words();
    for (const text of ["0", "1031", "1234", "12", "38.7", "9", "7", "4", "501", "2", "12", "3"]) {
      await page.keyboard.type(text);
      await page.keyboard.press("Enter");
    }
    assert.equal(await words(), size, "text is as large as it was before any answer");
    assert.equal(await page.locator(".hands .named").count(), 6);
    const cut = await page
      .locator(".hands input")
      .evaluateAll((all) => all.filter((e) => e.scrollWidth > e.clientWidth).map((e) => Reflect.get(e, "value")));
    assert.deepEqual(cut, []);
    assert.deepEqual(await page.evaluate(troubles), []);
    await on(page, "vote", "first");
    assert.equal(await stage(), before, "the stage does not jump");
    await press(page, "v", "v");
    await on(page, "vote", "second");
    assert.equal(await stage(), before);
    await page.locator(".count").nth(1).focus();
    await page.keyboard.type("40");
    await page.keyboard.press("Enter");
    await page.keyboard.type("7");
    await press(page, "v");
    await on(page, "told");
    assert.match(await page.locator(".present-happened li").innerText(), /^\d\.\d\d?$/, "rounded");
    const { variant, id } = await shown(page);
    const said = await (
      await lessonOf(page, "cost")
    ).evaluate(
      async ({ lesson }, { variant, id }) => {
        const [beat, block] = lesson.find(id) ?? [0, 0];
        const { text } = await lesson.grade(variant, beat, block, { number: "1234" });
        return text.map((node) => (node.type === "text" || node.type === "value" ? node.text : "")).join("");
      },
      { variant, id },
    );
    assert.equal(await page.locator(".present-not").innerText(), `Why not 1234? ${said}`);
    assert.deepEqual(await page.evaluate(troubles), []);
  },
  { viewport: SIZES[0], reducedMotion: "reduce" },
);

pageTest(
  "in German, with the longest title, the foot of a vote is one line of parts, and ? lists keys of the keyboard",
  async (page) => {
    await present(page, "table", "&lang=de");
    while ((await page.locator(".hands .named").count()) === 0) await press(page, "PageDown");
    await page.getByText("Nur Ziffern werden geschrieben.").waitFor();
    const { line, boxes } = await page.locator(".present-foot").evaluate((foot) => ({
      line: parseFloat(getComputedStyle(foot).lineHeight),
      boxes: [...foot.children].map((one) => one.getBoundingClientRect().toJSON()),
    }));
    for (const { height } of boxes) assert.ok(height < 1.5 * line, `${height} is one line of ${line}`);
    const [title, hint, part] = boxes;
    assert.ok(title.width > 0 && title.right < hint.left && hint.right < part.left && part.right <= SIZES[0].width);
    await press(page, "?");
    await page.getByRole("dialog", { name: "Tasten" }).waitFor();
  },
  { viewport: SIZES[0], reducedMotion: "reduce" },
);

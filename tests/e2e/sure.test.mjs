// How sure a learner is of an answer: asked on demand, remembered, and what was sure and wrong comes first at the end.

import assert from "node:assert/strict";

import { pageTest } from "./browser.mjs";
import { answer, begin, known, put, told } from "./learner.mjs";

pageTest(
  "who wants to be asked how sure they are is; sure and wrong comes first at the end",
  async (page) => {
    await begin(page, "write");
    const setting = page.getByRole("checkbox", { name: "Ask me how sure I am" });
    assert.equal(await setting.isChecked(), false);
    assert.equal(await page.getByRole("radio", { name: "I am sure" }).count(), 0);
    await setting.check();
    await page.reload();
    await page.locator('.beat[data-phase="asking"]').waitFor();
    assert.equal(await setting.isChecked(), true, "it is remembered");
    await page.getByRole("radio", { name: "I am guessing" }).check();
    await answer(page, "write", "wrong");
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByRole("heading", { name: "Several writes at once" }).waitFor();
    await page.locator('.beat[data-phase="asking"]').waitFor();
    const [[name, one]] = Object.entries(await known(page, "write"));
    await put(page, name, one, "wrong");
    await page.getByRole("radio", { name: "I am sure" }).check();
    await page.getByRole("button", { name: "Check" }).click();
    await told(page);
    await page.locator(".lesson-way li button").last().click();
    await page.getByRole("button", { name: "Go on without it" }).click();
    const enough = page.getByRole("button", { name: "No more, to the end" });
    await page.locator('.beat[data-phase="asking"]').waitFor();
    if ((await enough.count()) === 0) await page.getByRole("button", { name: "Show me" }).click();
    await enough.click();
    await page.locator(".over").waitFor();
    const [first, second] = await page.locator(".pairs li").allInnerTexts();
    assert.match(first, /How many frames[^]*You were sure\./);
    assert.doesNotMatch(second, /You were sure\./);
  },
  { reducedMotion: "reduce" },
);

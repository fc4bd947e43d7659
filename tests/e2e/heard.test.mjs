// Lessons and the article for those who hear the page: where the focus is, what the live region says, and what things
// are called.

import assert from "node:assert/strict";

import { pageTest } from "./browser.mjs";
import { answer, begin, known, put, solution, type } from "./learner.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {{ at: number, text: string }} Heard */

/** Keeps what is said, and what has the focus, frame by frame. @param {Page} page */
const listen = (page) =>
  page.evaluate(() => {
    const region = /** @type {HTMLElement} */ (document.querySelector(".sr[aria-live=polite]"));
    /** @type {Heard[]} */
    const heard = [];
    /** @type {string[]} */
    const held = [];
    Object.assign(self, { heard, held });
    new MutationObserver(() => heard.push({ at: performance.now(), text: region.textContent ?? "" })).observe(region, {
      childList: true,
      subtree: true,
      characterData: true,
    });
    const look = () => {
      const now = document.activeElement;
      const words = now?.matches("button") ? now.textContent?.trim() : now?.className;
      const name = now === document.body ? "body" : words || now?.tagName || "";
      if (held.at(-1) !== name) held.push(name);
      requestAnimationFrame(look);
    };
    look();
  });

/** @param {Page} page @returns {Promise<Heard[]>} */
const heard = (page) => page.evaluate(() => Reflect.get(self, "heard"));

/** @param {Page} page @returns {Promise<string[]>} */
const held = (page) => page.evaluate(() => Reflect.get(self, "held"));

/** Waits until a sentence has been said. @param {Page} page @param {string} text */
const says = (page, text) =>
  page.waitForFunction(
    (wanted) => Reflect.get(self, "heard").some((/** @type {Heard} */ one) => one.text.includes(wanted)),
    text,
  );

/**
 * Steps back, and waits until that is said: what waited before has been said by then.
 * @param {Page} page
 */
async function stepBack(page) {
  const slider = page.getByRole("slider", { name: "Position" });
  const before = (await heard(page)).length;
  await slider.press("ArrowLeft");
  await page.waitForFunction(
    ([from, text]) =>
      Reflect.get(self, "heard")
        .slice(from)
        .some((/** @type {Heard} */ one) => one.text.startsWith(text)),
    /** @type {const} */ ([before, `Event ${await slider.inputValue()} of`]),
  );
}

/** @param {Page} page @param {number} part */
async function goTo(page, part) {
  await page.locator(`.lesson-way li:nth-child(${part}) button`).click();
  await page.locator(`.lesson-way li:nth-child(${part}) button[aria-current="step"]`).waitFor();
  await page.locator('.beat[data-phase="asking"]').waitFor();
}

/** Puts the answers to what is asked now in. @param {Page} page @param {import("./learner.mjs").How} how */
async function fill(page, how) {
  for (const [name, one] of Object.entries(await known(page, "write"))) await put(page, name, one, how);
}

for (const name of ["Check", "Show me"])
  pageTest(
    `${name}: the focus goes to the way to skip at once, then to what came of it, and is never lost`,
    async (page) => {
      await begin(page, "write");
      await goTo(page, 2);
      await fill(page, "right");
      await page.getByRole("button", { name, exact: true }).focus();
      await listen(page);
      await page.keyboard.press("Enter");
      await page.locator(".outcome:focus").waitFor();
      assert.deepEqual(await held(page), [name, "Skip to the answer", "outcome"]);
      await stepBack(page);
      assert.equal((await heard(page)).filter(({ text }) => /Right\.|This is what/.test(text)).length, 0, "said once");
    },
  );

pageTest("who has gone elsewhere while the engine runs stays there, and hears the verdict once", async (page) => {
  await begin(page, "write");
  await goTo(page, 2);
  await fill(page, "wrong");
  await listen(page);
  await page.getByRole("button", { name: "Check" }).press("Enter");
  const heading = page.getByRole("button", { name: /^4 of 6/ });
  await heading.focus();
  await page.locator('.beat[data-phase="told"]').waitFor();
  await says(page, "Not quite.");
  assert.ok(await heading.evaluate((one) => one === document.activeElement));
  await stepBack(page);
  assert.equal((await heard(page)).filter(({ text }) => text.includes("Not quite.")).length, 1);
});

pageTest(
  "a step to an end leaves the focus on its button, which does nothing more",
  async (page) => {
    await begin(page, "table");
    await goTo(page, 3);
    const slider = page.getByRole("slider", { name: "Position" });
    await slider.press("End");
    const end = await slider.inputValue();
    await slider.press("ArrowLeft");
    const forward = page.getByRole("button", { name: "Step forward" });
    await forward.focus();
    await listen(page);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Step forward", disabled: true }).waitFor();
    await page.keyboard.press("Enter");
    await says(page, `Event ${end} of ${end}`);
    assert.ok(await forward.evaluate((one) => one === document.activeElement));
    assert.equal(await slider.inputValue(), end, "it does not begin again");
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "Check can be reached before there is an answer, and says what it waits for",
  async (page) => {
    await begin(page, "table");
    await goTo(page, 2);
    await listen(page);
    await page.locator("fieldset input[type=radio]").first().focus();
    const check = page.getByRole("button", { name: "Check" });
    for (let stops = 0; stops < 4 && !(await check.evaluate((one) => one === document.activeElement)); stops += 1)
      await page.keyboard.press("Tab");
    assert.ok(await check.evaluate((one) => one === document.activeElement));
    await page.keyboard.press("Enter");
    await says(page, "Answer first, then it is checked.");
    assert.equal(await page.locator(".beat").getAttribute("data-phase"), "asking");
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "in a lesson, a part of the figure is a button only where a press does something",
  async (page) => {
    await begin(page, "table");
    await page.locator(".figure-layer [data-part]").first().waitFor();
    assert.equal(await page.locator(".figure-layer button.part").count(), 0);
    const frame = page.getByRole("img", { name: /^·?1|^a = 1|frame/ }).first();
    await frame.waitFor();
    await begin(page, "reads");
    // Its first question asks for places.
    await page.locator(".figure-layer button.part[aria-pressed]").first().waitFor();
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "a zoom of the figure is said, and the way back to all keys loses no focus",
  async (page) => {
    await begin(page, "table");
    await goTo(page, 5);
    await page.getByRole("button", { name: "Show me" }).press("Enter");
    await page.locator('.beat[data-phase="told"]').waitFor();
    await listen(page);
    await page.locator(".figure-layer [tabindex='0']").focus();
    await page.keyboard.press("+");
    await says(page, "1/2 of the keys, from 25 % to 75 %");
    const all = page.getByRole("button", { name: "All keys" });
    await all.press("Enter");
    await says(page, "All keys");
    assert.ok(!(await held(page)).includes("body"));
  },
  { reducedMotion: "reduce" },
);

pageTest("what a run plays is said in its order, at most a sentence for each operation and decision", async (page) => {
  await begin(page, "write");
  await goTo(page, 3);
  await fill(page, "right");
  await listen(page);
  await page.getByRole("button", { name: /^Check/ }).press("Enter");
  await page.locator('.beat[data-phase="told"]').waitFor();
  const end = await page.getByRole("slider", { name: "Position" }).inputValue();
  await says(page, `Event ${end} of`);
  const events = (await heard(page)).filter(({ text }) => text.startsWith("Event"));
  const numbers = events.map(({ text }) => Number(/\d+/.exec(text)));
  assert.ok(events.length >= 2, `only ${events.map(({ text }) => text)}`);
  for (const { text } of events.slice(0, -1)) assert.match(text, /: (Operation \d+ is done|Flush \d+ begins)\./);
  assert.deepEqual(
    numbers,
    numbers.toSorted((a, b) => a - b),
  );
  for (const [at, one] of events.slice(1).entries()) assert.ok(one.at - events[at].at > 800, one.text);
});

pageTest(
  "a hint that is asked for has the focus, also the last, whose button is gone",
  async (page) => {
    await begin(page, "write");
    await page.getByRole("button", { name: "Give me a hint" }).press("Enter");
    await page.locator(".hint-text:focus", { hasText: "Imagine that the power goes" }).waitFor();
    await goTo(page, 6);
    for (const text of ["Under which", "And when does it hear"]) {
      await page.getByRole("button", { name: "Give me a hint" }).press("Enter");
      await page.locator(".hint-text:focus", { hasText: text }).waitFor();
    }
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "a card that is moved says its place",
  async (page) => {
    await begin(page, "write");
    await listen(page);
    const first = page.locator(".cards li").first();
    const words = (await first.locator("span").innerText()).trim();
    const of = await page.locator(".cards li").count();
    await first.getByRole("button", { name: /^Move down/ }).press("Space");
    await says(page, `${words}, now 2 of ${of}`);
  },
  { reducedMotion: "reduce" },
);

pageTest("the article: its figures are heard, and the focus of a question goes to what came of it", async (page) => {
  await page.goto(new URL("?lesson=how-an-lsm-tree-works", page.url()).href);
  await page.locator(".article-end").waitFor();
  await listen(page);
  const [first, second] = [page.locator(".own-figure").first(), page.locator(".own-figure").nth(1)];
  // Two play: only the one that was asked last tells, and says which one it is.
  for (const figure of [second, first]) {
    await figure.locator("input[type=range]:enabled").press("Home");
    await figure.getByRole("button", { name: "Play from the beginning" }).press("Enter");
  }
  await says(page, "Each record is appended to the log");
  await page.waitForFunction(
    () => Reflect.get(self, "heard").filter((/** @type {Heard} */ one) => one.text.startsWith("Event")).length >= 2,
  );
  const range = first.getByRole("slider");
  const end = Number(await range.getAttribute("max")) - Number(await range.getAttribute("min"));
  const start = (await heard(page)).findLastIndex(({ text }) => text.startsWith("Each record is appended"));
  for (const { text } of (await heard(page)).slice(start + 1)) assert.match(text, new RegExp(`^Event \\d+ of ${end}:`));
  const check = page.locator(".asked").first().getByRole("button", { name: "Check" });
  await check.focus();
  await page.keyboard.press("Enter");
  await page.locator(".asked .outcome:focus").waitFor();
  assert.ok(!(await held(page)).slice(1).includes("body"));
});

pageTest(
  "the article: a verdict is said, once, where no focus goes to it",
  async (page) => {
    await page.goto(new URL("?lesson=how-an-lsm-tree-works", page.url()).href);
    await page.locator(".article-end").waitFor();
    await listen(page);
    const [first, second] = [page.locator(".asked").first(), page.locator(".asked").nth(1)];
    const elsewhere = page.getByRole("link", { name: "Course" }).first();
    await elsewhere.focus();
    // As in a browser that leaves the focus where it is when a button is clicked.
    await first.getByRole("button", { name: "Check" }).dispatchEvent("click");
    const verdict = (await first.locator(".verdict").innerText()).trim();
    await says(page, verdict);
    assert.ok(await elsewhere.evaluate((one) => one === document.activeElement));
    await second.getByRole("button", { name: "Show me" }).dispatchEvent("click");
    await says(page, (await second.locator(".verdict").innerText()).trim());
    assert.equal((await heard(page)).filter(({ text }) => text.includes(verdict)).length, 1);

    // What was answered before is there, and not said.
    await page.reload();
    await page.locator(".article-end").waitFor();
    await listen(page);
    await first.locator(".outcome").waitFor();
    await page.locator(".own-figure input[type=range]:enabled").first().press("ArrowLeft");
    await says(page, "Event ");
    assert.deepEqual(
      (await heard(page)).filter(({ text }) => text.includes(verdict)),
      [],
    );
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "questions that come once more say why: before the last step is left, and where they begin",
  async (page) => {
    await begin(page, "write");
    await goTo(page, 2);
    await answer(page, "write", "wrong");
    await goTo(page, 6);
    await type(page, await solution(page, "write"));
    await page.getByText("1 question that was not right at first is asked again now, with new numbers.").waitFor();
    assert.equal(await page.getByRole("button", { name: "To the end", exact: true }).count(), 0);
    await page.getByRole("button", { name: "Go on", exact: true }).press("Enter");
    await page.locator('.beat[data-phase="asking"] h2').waitFor();
    await page.locator("h2:focus").waitFor();
    const why = await page.locator("h2").getAttribute("aria-describedby");
    assert.match(await page.locator(`#${why}`).innerText(), /^This was not right at first/);
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "a term says its meaning as its description, and nothing that is said by itself has it",
  async (page) => {
    await begin(page, "write");
    const term = page.locator(".lesson-panel .term button").first();
    await term.focus();
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Tab");
    const box = page.locator(".meaning");
    await box.waitFor();
    assert.equal(await box.getAttribute("aria-hidden"), "true");
    assert.equal(await box.getAttribute("role"), null);
    const description = await page.locator(`#${await term.getAttribute("aria-describedby")}`).textContent();
    assert.ok(description && (await box.innerText()).includes(description.slice(0, 40)));
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "what is hidden is said to be hidden, the figure describes its keys, and fields have names of their own",
  async (page) => {
    await begin(page, "write");
    await goTo(page, 2);
    await page.locator('.figure-layer [aria-label="WAL: hidden until you answer"]').waitFor();
    const layer = page.locator(".figure-layer");
    assert.match((await layer.getAttribute("aria-keyshortcuts")) ?? "", /ArrowLeft/);
    const about = page.locator(`#${await layer.getAttribute("aria-describedby")}`);
    assert.match((await about.textContent()) ?? "", /^The arrow keys go from part to part/);
    await goTo(page, 5);
    const names = await page.locator("fieldset input[type=text]").evaluateAll((all) => all.map((one) => one.ariaLabel));
    assert.equal(names.length, 2);
    assert.equal(new Set(names).size, 2, names.join("; "));
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "each room's link skips to what is there",
  async (page) => {
    for (const [path, name] of [
      ["?lesson", "Skip to the list"],
      ["?lesson=write", "Skip to the text"],
      ["?lesson=how-an-lsm-tree-works", "Skip to the text"],
    ]) {
      await page.goto(new URL(path, page.url()).href);
      const link = page.getByRole("link", { name });
      await page.locator(".course-list, .beat[data-phase=asking], .article-end").waitFor();
      await link.press("Enter");
      assert.equal(await page.evaluate(() => document.activeElement?.id), "content", path);
      // What comes next by Tab is within it.
      await page.keyboard.press("Tab");
      assert.ok(await page.evaluate(() => document.activeElement?.closest("#content") !== null), path);
    }
  },
  { reducedMotion: "reduce" },
);

pageTest("what leads up to a question plays unsaid, and so do figures that nobody asked to play", async (page) => {
  await begin(page, "table");
  await goTo(page, 3);
  await listen(page);
  await page.getByRole("button", { name: "Play", exact: true }).waitFor();
  assert.deepEqual(await heard(page), []);
  await stepBack(page);
  await page.goto(new URL("?lesson=how-an-lsm-tree-works", page.url()).href);
  await page.locator(".article-end").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.id), "content");
  await listen(page);
  const figure = page.locator(".own-figure").first();
  await figure.scrollIntoViewIfNeeded();
  await figure.getByRole("button", { name: "Play from the beginning" }).waitFor();
  assert.deepEqual(
    (await heard(page)).filter(({ text }) => text.startsWith("Event")),
    [],
  );
});

pageTest("by Tab, a figure is at rest until it is asked to play, and its arrows step", async (page) => {
  await page.goto(new URL("?lesson=how-an-lsm-tree-works", page.url()).href);
  await page.locator(".article-end").waitFor();
  const play = page.locator(".own-figure").first().getByRole("button", { name: "Play from the beginning" });
  for (let stops = 0; stops < 40 && !(await play.evaluate((one) => one === document.activeElement)); stops += 1)
    await page.keyboard.press("Tab");
  assert.ok(await play.evaluate((one) => one === document.activeElement));
  const slider = page.locator(".own-figure").first().getByRole("slider");
  const start = Number(await slider.getAttribute("min"));
  assert.equal(Number(await slider.inputValue()), start);
  await listen(page);
  await page.keyboard.press("ArrowRight");
  await says(page, "Event 1 of");
  assert.equal(Number(await slider.inputValue()), start + 1);
});

pageTest(
  "all that takes the focus in a lesson has a role and a name, and what was run is done only when it is told",
  async (page) => {
    await begin(page, "table");
    await goTo(page, 2);
    for (const [name, one] of Object.entries(await known(page, "table"))) await put(page, name, one, "right");
    await page.evaluate(() => {
      const look = () => {
        const phase = /** @type {HTMLElement | null} */ (document.querySelector(".beat"))?.dataset.phase;
        const name = document.querySelector(".lesson-way [aria-current]")?.getAttribute("title") ?? "";
        if (phase === "running" && name.endsWith("done")) Object.assign(self, { isTooEarly: true });
        requestAnimationFrame(look);
      };
      look();
    });
    await page.getByRole("button", { name: "Check" }).press("Enter");
    await page.locator('.beat[data-phase="told"]').waitFor();
    assert.equal(await page.evaluate(() => Reflect.get(self, "isTooEarly") ?? false), false);
    await page.getByRole("button", { name: /^2 of 6: .*, done$/ }).waitFor();
    const session = await page.context().newCDPSession(page);
    const { nodes } = await session.send("Accessibility.getFullAXTree");
    const bare = nodes.filter(
      ({ role, properties }) =>
        role?.value === "generic" && properties?.some(({ name, value }) => name === "focusable" && value.value),
    );
    const panel = await Promise.all(
      bare.map(async ({ backendDOMNodeId }) => {
        const { node } = await session.send("DOM.describeNode", { backendNodeId: backendDOMNodeId });
        return node.attributes?.join(" ") ?? "";
      }),
    );
    assert.deepEqual(
      panel.filter((one) => /code-block|outcome|lesson-step|hint/.test(one)),
      [],
    );
  },
  { reducedMotion: "reduce" },
);

pageTest(
  "a term is a stop of Tab once in a part, also where the answer has it again",
  async (page) => {
    await begin(page, "table");
    await answer(page, "table", "wrong");
    await page.locator(".why-text").waitFor();
    await page.locator(".lesson-panel .term button").first().waitFor();
    const terms = await page
      .locator(".lesson-panel .term button")
      .evaluateAll((all) => all.map((one) => one.getAttribute("aria-describedby")));
    assert.deepEqual(terms, [...new Set(terms)]);
  },
  { reducedMotion: "reduce" },
);

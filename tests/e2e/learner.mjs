// A learner who does a lesson: all right, or all wrong. What is right they know from the engine, as there is no answer
// in a lesson: they ask the grader, beside the page.

import { readFileSync, readdirSync } from "node:fs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {"right" | "wrong"} How */
/**
 * A question on the page, with an answer of each kind.
 * @typedef {object} Known
 * @property {string} kind
 * @property {any} right
 * @property {any} wrong
 * @property {string[]} happened What happens, in words.
 * @property {string[]} told What is said to a right answer, in parts.
 */

const FOLDER = new URL("../../www/lessons/", import.meta.url);

/** The names of all lessons, in English; articles are in article.test.mjs. */
export const LESSONS = readdirSync(FOLDER)
  .filter(
    (name) => /^[a-z0-9-]+\.md$/.test(name) && !/^kind: article$/m.test(readFileSync(new URL(name, FOLDER), "utf8")),
  )
  .map((name) => name.replace(".md", ""));

/**
 * Opens a lesson and waits for its first beat.
 * @param {Page} page
 * @param {string} id
 */
export async function begin(page, id) {
  await page.goto(new URL(`?lesson=${id}`, page.url()).href);
  await page.locator('.beat[data-phase="asking"]').waitFor();
}

/**
 * Asks the grader for a right and a wrong answer to each question that is asked now.
 * @param {Page} page
 * @param {string} id of the lesson
 * @returns {Promise<Record<string, Known>>}
 */
export async function known(page, id) {
  const variant = Number(await page.locator(".beat").getAttribute("data-variant"));
  const names = await page
    .locator(".lesson-step:last-of-type fieldset")
    .evaluateAll((all) => all.map((one) => /** @type {HTMLElement} */ (one).dataset.id ?? ""));
  return knownOf(page, id, variant, names);
}

/**
 * A lesson beside the page, as a grader has it.
 * @param {Page} page
 * @param {string} id
 */
export function lessonOf(page, id) {
  return page.evaluateHandle(async (id) => {
    const base = document.baseURI.split(/[?#]/)[0];
    /** @type {typeof import("../../lsmscope_lesson.js")} */
    const { default: load, Lesson } = await import(`${base}lsmscope_lesson.js`);
    await load();
    const text = await (await fetch(`${base}www/lessons/${id}.md`)).text();
    const { lesson } = Lesson.read(text);
    if (!lesson) throw new Error(`${id} is no lesson`);
    return { text, lesson };
  }, id);
}

/**
 * The same of questions by their names.
 * @param {Page} page
 * @param {string} id of the lesson
 * @param {number} variant
 * @param {string[]} names
 * @returns {Promise<Record<string, Known>>}
 */
export async function knownOf(page, id, variant, names) {
  return (await lessonOf(page, id)).evaluate(
    async ({ lesson }, { variant, names }) => {
      /** @type {(nodes: any) => string[]} */
      const words = (nodes) =>
        nodes.flatMap((/** @type {any} */ node) => [
          ...(node.type === "text" ? [node.text.trim()] : []),
          ...words(node.children ?? []),
        ]);
      /** @type {Record<string, Known>} */
      const found = {};
      for (const name of names) {
        const [beat, block] = lesson.find(name) ?? [0, 0];
        const { items } = await lesson.present(variant, beat);
        const item = items.find((one) => one.type === "block" && one.id === name);
        const question = item?.type === "block" && item.content.type === "predict" ? item.content : null;
        if (!question) throw new Error(`${name} is no question`);
        const values = question.choices.map(({ value }) => value);
        const { kind } = question;
        const make = (/** @type {any} */ value) => {
          const key = kind === "choice" && question.several ? "choices" : kind;
          const reason = question.reasons.length > 0 ? { why: 0 } : {};
          return /** @type {import("../../lsmscope_lesson.js").LessonAnswer} */ ({ [key]: value, ...reason });
        };
        const first = {
          choice: question.several ? [values[0]] : values[0],
          number: "0",
          order: question.cards.map(({ value }) => value),
          click: [],
          scan: [],
        }[kind];
        const { truth, happened } = await lesson.grade(variant, beat, block, make(first));
        const sets = values.reduce(
          (all, value) => [...all, ...all.map((one) => [...one, value])],
          /** @type {string[][]} */ ([[]]),
        );
        /** @type {any[]} */
        const tries = {
          choice: question.several ? sets.filter((one) => one.length > 0) : values,
          number: [String(truth), String(Number(truth) + 1), "12345"],
          order: [truth, Array.isArray(truth) && truth.toReversed()],
          click: [truth, ...question.places.map(({ place }) => [place])],
          scan: [truth, []],
        }[kind];
        /** @type {any} */
        const known = { kind, happened: happened.map((nodes) => JSON.stringify(nodes)) };
        for (const value of tries) {
          const { outcome, text } = await lesson.grade(variant, beat, block, make(value));
          known[outcome === "wrong" ? "wrong" : "right"] ??= value;
          if (outcome !== "wrong") known.told ??= words(text);
        }
        found[name] = known;
      }
      lesson.free();
      return found;
    },
    { variant, names },
  );
}

/**
 * Puts an answer in, as a learner does.
 * @param {Page} page
 * @param {string} name of the question
 * @param {Known} known
 * @param {How} how
 */
export async function put(page, name, known, how) {
  const field = page.locator(`fieldset[data-id="${name}"]`);
  const value = known[how];
  if (value === undefined) throw new Error(`no ${how} answer to ${name} is known`);
  switch (known.kind) {
    case "choice":
      for (const one of [value].flat()) await field.locator(`.answers:not(.reasons) input[value="${one}"]`).check();
      break;
    case "number":
      await field.getByRole("textbox").fill(value);
      break;
    case "order":
      await arrange(field, value);
      break;
    default:
      for (const one of value) await field.getByRole("checkbox", { name: one }).first().check();
  }
  const why = field.locator(".reasons input");
  if ((await why.count()) > 0) await why.first().check();
}

/**
 * @param {import("playwright-core").Locator} field
 * @param {string[]} wanted
 */
async function arrange(field, wanted) {
  for (const [at, name] of wanted.entries()) {
    const card = field.locator(`li[data-card="${name}"]`);
    for (;;) {
      const now = await field
        .locator("li")
        .evaluateAll(
          (all, card) => all.findIndex((one) => /** @type {HTMLElement} */ (one).dataset.card === card),
          name,
        );
      if (now === at) break;
      await card.getByRole("button", { name: /^Move up/ }).click();
    }
  }
}

/**
 * Answers what is asked now, and waits until the engine has shown it.
 * @param {Page} page
 * @param {string} id of the lesson
 * @param {How} how
 */
export async function answer(page, id, how) {
  const all = await known(page, id);
  for (const [name, one] of Object.entries(all)) await put(page, name, one, how);
  await page.getByRole("button", { name: /^Check/ }).click();
  await told(page);
  return all;
}

/**
 * Waits until what happened is told, without waiting for all of the run.
 * @param {Page} page
 */
export async function told(page) {
  const skip = page.getByRole("button", { name: "Skip to the answer" });
  await page.locator('.beat:is([data-phase="told"], [data-phase="running"])').waitFor();
  while ((await page.locator('.beat[data-phase="running"]').count()) > 0) {
    await skip.click({ timeout: 500 }).catch(() => {});
  }
  await page.locator('.beat[data-phase="told"]').waitFor();
}

/**
 * Types the lines of a challenge, until it is passed.
 * @param {Page} page
 * @param {string[]} lines
 */
export async function type(page, lines) {
  for (const line of lines) {
    if ((await page.locator('.beat[data-phase="told"]').count()) > 0) return;
    await typeLine(page, line);
  }
}

/**
 * Types a line at the challenge that is now, and waits until it is graded.
 * @param {Page} page
 * @param {string} line
 */
export async function typeLine(page, line) {
  const challenge = page.locator(".challenge").last();
  const before = await challenge.getAttribute("data-attempts");
  const box = challenge.getByRole("textbox", { name: "Command" });
  await box.fill(line);
  await box.press("Enter");
  await page.waitForFunction(
    (attempts) =>
      /** @type {HTMLElement} */ ([...document.querySelectorAll(".challenge")].at(-1)).dataset.attempts !== attempts,
    before,
  );
}

/**
 * The solution of the challenge that is now, as it stands in the file, with the values of the learner's variant.
 * @param {Page} page
 * @param {string} id of the lesson
 * @returns {Promise<string[]>}
 */
export async function solution(page, id) {
  const name = await page.locator(".challenge").last().getAttribute("data-id");
  const variant = Number(await page.locator(".beat").getAttribute("data-variant"));
  const { text, values } = await (
    await lessonOf(page, id)
  ).evaluate(({ text, lesson }, variant) => {
    const { values } = lesson.variant(variant);
    lesson.free();
    return { text, values };
  }, variant);
  const block = text.slice(text.indexOf(`\n\`\`\`challenge id=${name}`));
  const [, found] = /\nsolution: (.*(?:\n {2}.*)*)\n/.exec(block) ?? [];
  if (!found) throw new Error(`${name} has no solution`);
  return found
    .split("|")
    .map((line) => line.trim().replace(/\{\{(\w+)\}\}/g, (_, variable) => String(values[variable])));
}

/**
 * Goes on to the end, with every question shown.
 * @param {import("playwright-core").FrameLocator | import("playwright-core").Frame | Page} frame
 */
export async function toEnd(frame) {
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

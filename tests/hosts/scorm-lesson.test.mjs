// SCORM 1.2: a lesson as a package of `cargo xtask scorm`, in a platform that is scorm-again: each first answer, the
// score, the end, and that a learner who comes back is where they were.

import assert from "node:assert/strict";
import { cp, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";

import { PUBLISHED } from "../e2e/browser.mjs";
import { toEnd } from "../e2e/learner.mjs";
import { host } from "./hosts.mjs";
import { activity, called, calls, close, kept, scorm, unpack } from "./scorm.mjs";
import { npm } from "./tools.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").Frame} Frame */

const { BUILT = resolve(import.meta.dirname, "../../build") } = process.env;
const FROM = ["--built", BUILT, "--site", PUBLISHED];

/** A lesson of a teacher's own. */
const OWN = `---
lesson: 1
id: own
title: "A teacher's <own> & only"
minutes: 3
goals: [See that it is packaged]
preset: teaching
lang: en
keep: It is packaged.
---
## One write

A write goes to the log first.

\`\`\`predict number id=frames
ask: How many frames does the log have?
run: put a 1
truth: count(wal_appended)
unit: frames
right: "One write, one frame."
\`\`\`
`;

let dir = "";

const test = host("scorm", {
  copy: "scorm-lesson",
  bring: () => npm("scorm-lesson", { "scorm-again": "3.4.3", yauzl: "3.4.0" }),
  async build(made) {
    ({ dir } = made);
    const own = join(dir, "own.md");
    await writeFile(own, OWN);
    for (const [name, args] of Object.entries({
      lesson: ["--lesson", "write"],
      german: ["--lesson", "write", "--lang", "de"],
      own: ["--lesson", own],
    })) {
      await scorm(...args, ...FROM, "--out", join(dir, `${name}.zip`));
      await unpack(made.tool, join(dir, `${name}.zip`), join(dir, name));
    }
    await cp(join(made.tool, "node_modules/scorm-again/dist/scorm12.min.js"), join(dir, "scorm12.min.js"));
    return dir;
  },
});

/** Opens the package, once its beat asks or tells. @param {Page} page @param {string} name */
const lesson = (page, name) => activity(page, name, '.beat:is([data-phase="asking"], [data-phase="told"])');

/** Answers the question of the second beat. @param {Frame} frame @param {string} number */
async function answerSecond(frame, number) {
  await frame.getByRole("button", { name: /^2 of 6/ }).click();
  const frames = frame.getByRole("textbox", { name: "A number of frames" });
  await frames.fill(number);
  await frames.press("Enter");
}

test("an answer is reported and committed, and a second visit goes on where it was given", async (page, { open }) => {
  await open("platform.html?page=lesson/index.html");
  const first = await lesson(page, "lesson");
  await answerSecond(first, "1");
  await called(page, "LMSSetValue cmi.interactions.0.result correct");
  await called(page, "LMSCommit");
  const { "cmi.suspend_data": data, "cmi.core.lesson_status": status } = await kept(page);
  assert.match(data, /^1;-r;progress=[\w-]+$/, "what is committed with an answer has the answer");
  assert.equal(status, "incomplete");
  await close(page);
  await called(page, "LMSFinish");

  await open("platform.html?page=lesson/index.html");
  const second = await lesson(page, "lesson");
  await second.locator('.beat[data-phase="told"]').waitFor();
  assert.equal(await second.getByRole("textbox", { name: "A number of frames" }).inputValue(), "1");
  await toEnd(second);
  await called(page, "LMSSetValue cmi.core.lesson_status completed");
  const [, points, of] = /(\d+) of (\d+)/.exec(await second.locator(".points").innerText()) ?? [];
  assert.equal(points, "1", "the answer of the first visit counts");
  const all = await kept(page);
  assert.equal(all["cmi.core.score.raw"], String(Math.round(10_000 / Number(of)) / 100));
  assert.deepEqual([all["cmi.core.score.min"], all["cmi.core.score.max"]], ["0", "100"]);
  assert.ok(all["cmi.suspend_data"].length <= 4096);
  assert.deepEqual(
    (await calls(page)).filter((call) => !call.endsWith("error 0")),
    [],
    "the platform took all of it",
  );
});

test("a line on the way to passing a challenge is no wrong answer", async (page, { open }) => {
  await open("platform.html?page=lesson/index.html");
  const frame = await lesson(page, "lesson");
  await frame.getByRole("button", { name: /^6 of 6/ }).click();
  const challenge = frame.locator(".challenge");
  const lines = ["options wal_sync=never", ..."abcde".split("").map((key) => `put ${key} 1`)];
  for (const [at, line] of lines.entries()) {
    await challenge.getByRole("textbox", { name: "Command" }).fill(line);
    await page.keyboard.press("Enter");
    await frame.locator(`.challenge[data-attempts="${at + 1}"]`).waitFor();
  }
  await called(page, "LMSSetValue cmi.interactions.0.result correct");
  assert.equal((await calls(page)).filter((call) => /SetValue cmi.interactions.*result/.test(call)).length, 1);
});

test("a package has one activity: no link leads out of it, in the language that it was made in", async (page, made) => {
  await made.open("platform.html?page=german/index.html");
  const frame = await lesson(page, "german");
  assert.equal(await frame.locator("html").getAttribute("lang"), "de");
  await frame.getByRole("heading", { name: "Ein put, Schritt für Schritt" }).waitFor();
  await made.open("platform.html?page=lesson/index.html");
  const english = await lesson(page, "lesson");
  await toEnd(english);
  assert.equal(await english.locator('a[href*="lesson"]').count(), 0);
});

test("a teacher's own file is packaged as well", async (page, { open }) => {
  await open("platform.html?page=own/index.html");
  const frame = await lesson(page, "own");
  await frame.getByText("A teacher's <own> & only").first().waitFor();
  await frame.getByRole("textbox").first().fill("1");
  await page.keyboard.press("Enter");
  await called(page, "LMSSetValue cmi.interactions.0.result correct");
  await toEnd(frame);
  await called(page, "LMSSetValue cmi.core.score.raw 100");
});

test("a lesson that is none, or has faults, is named with a remedy", async () => {
  const faulty = join(dir, "faulty.md");
  await writeFile(faulty, OWN.replace("truth: count(wal_appended)", "truth: cuont(wal_appended)"));
  const out = ["--out", join(dir, "x.zip")];
  /** @type {[string[], RegExp][]} */
  const wrong = [
    [["--check", "--lesson", "nope", ...out], /--lesson nope is no lesson of the course\n {2}remedy: it has cost, /],
    [["--check", "--lesson", "nope.md", ...out], /nope\.md can not be read: there is no such file/],
    [["--check", "--lesson", "write", "--lang", "fr", ...out], /--lang fr is no language of the page/],
    [
      ["--lesson", faulty, ...FROM, ...out],
      /faulty\.md:18:8: there is no call cuont\n {2}remedy: Did you mean count\?/,
    ],
  ];
  for (const [args, said] of wrong)
    await assert.rejects(
      scorm(...args),
      (/** @type {any} */ { code, stderr }) => code === 1 && said.test(stderr),
      args.join(" "),
    );
});

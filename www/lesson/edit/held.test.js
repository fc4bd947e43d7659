// A lesson that several use: it has all that a lesson has, and is freed when nothing of it is used any more.

import assert from "node:assert/strict";
import { test } from "node:test";

import { held } from "./held.js";

/** A lesson whose run ends when it is told to. */
function fakeLesson() {
  /** @type {(beat: string) => void} */
  let end = () => {};
  const run = new Promise((resolve) => (end = resolve));
  const lesson = {
    freed: 0,
    title: "flush",
    outline() {
      return this.title;
    },
    present: () => run,
    free() {
      this.freed += 1;
    },
  };
  return { lesson, end };
}

/** @param {any} lesson */
const of = (lesson) => held(/** @type {import("../../../lsmscope_lesson.js").Lesson} */ (lesson));

test("whatever a lesson has can be called through it", async () => {
  const { lesson, end } = fakeLesson();
  const { file } = of(lesson);
  assert.equal(file.outline(), "flush");
  end("a beat");
  assert.equal(await file.present(0, 0), "a beat");
});

test("it is freed when its last user has left and nothing of it runs", async () => {
  const { lesson, end } = fakeLesson();
  const { file, take } = of(lesson);
  const other = take();
  const running = other.present(0, 0);
  file.free();
  other.free();
  assert.equal(lesson.freed, 0, "it runs");
  end("a beat");
  await running;
  assert.equal(lesson.freed, 1);
});

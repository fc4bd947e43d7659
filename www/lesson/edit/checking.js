// Reads and checks a text while it is typed.
//
// In: a text, whenever it changes. Out: its findings. It is read at once, and run after a pause: one variant first,
// then all of them, which may take long. Of a text that has changed meanwhile, no result is told.

import { held } from "./held.js";

/** @typedef {import("../../../lsmscope_lesson.js").PlacedFinding} Finding */
/** @typedef {ReturnType<typeof held>} Held */

/** Milliseconds without a change, before a text is run. */
const PAUSE = 700;

/**
 * @typedef {object} Checked
 * @property {Finding[]} findings
 * @property {"read" | "running" | "done"} check `read`: no more than the text was looked at; `running`: variants of it
 *   run.
 * @property {number} variants How many run, or have.
 */

/**
 * @param {object} world
 * @param {(text: string) => { lesson?: import("./held.js").LessonFile, findings: Finding[] }} world.read
 * @param {(lesson: Held | null, text: string) => void} world.arrived A text that is a lesson, or is none.
 * @param {(checked: Checked) => void} world.tell
 * @param {(act: () => void, milliseconds: number) => () => void} world.wait Calls `act` later; the function that comes
 *   back says that it should not.
 */
export function createChecking({ read, arrived, tell, wait }) {
  let text = "";
  /** @type {Held | null} */
  let lesson = null;
  let stop = () => {};
  /** The check of all variants that runs, if one does: a second one waits for it. @type {Promise<void>} */
  let last = Promise.resolve();

  /** @param {string} next */
  function change(next) {
    text = next;
    stop();
    lesson?.file.free();
    const found = read(next);
    lesson = found.lesson ? held(found.lesson) : null;
    tell({ findings: found.findings, check: lesson ? "read" : "done", variants: 0 });
    arrived(lesson, next);
    if (lesson) stop = wait(() => void run(next), PAUSE);
  }

  /** @param {string} of */
  async function run(of) {
    const file = lesson?.take();
    if (!file) return;
    const isCurrent = () => text === of;
    try {
      const { variants } = file.outline();
      tell({ findings: [], check: "running", variants: 1 });
      const first = await file.check(1);
      if (!isCurrent()) return;
      tell({ findings: first, check: variants > 1 ? "running" : "done", variants });
      if (variants === 1) return;
      last = last.then(async () => {
        if (!isCurrent()) return;
        const findings = await file.check(variants);
        if (isCurrent()) tell({ findings, check: "done", variants });
      });
      await last;
    } finally {
      file.free();
    }
  }

  return { change, lesson: () => lesson };
}

// What a learner hands in: their answers and lines as JSON, in the form that `lsmscope lesson check --report` grades
// again (src/lesson/hand_in.rs); and where challenges are reported, the numbers and the learner's sentences. A name is
// in it if the learner wrote one: it is for people, and in no other place that leaves this browser.
// Variants count from 1 there, as an author reads them, and from 0 in the progress and in hand-ins without a version.

import { score } from "./progress.js";

const VERSION = 2;

/** The most characters of a name. */
export const MAX_NAME = 100;

/**
 * What the file of a hand-in is called: those of a class lie in one folder.
 * @param {string} lesson
 * @param {string} name of the learner; empty if there is none
 */
export function handInFile(lesson, name) {
  const words = name.normalize().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return `${[lesson, ...words].join("-")}.json`;
}

/**
 * @param {{ questions: string[], challenges: string[] }} asked
 * @param {import("./progress.js").Progress} progress
 * @param {import("./reports.js").Reported[]} [reports]
 * @param {string} [name] of the learner
 * @returns {string}
 */
export function handInOf(asked, progress, reports = [], name = "") {
  const { points, of } = score(asked, progress);
  const answers = asked.questions.flatMap((id) => {
    const tries = progress.tries[id] ?? [];
    // To be shown first counts as not answered.
    if (tries[0]?.outcome === "shown") return [];
    return tries.flatMap(({ answer, outcome, variant }) =>
      answer ? [{ id, answer, outcome, variant: variant + 1 }] : [],
    );
  });
  const challenges = asked.challenges.flatMap((id) => {
    const found = progress.challenges[id];
    if (!found) return [];
    const report = reports.find((one) => one.id === id)?.report;
    const reported = report ? { report, sentences: progress.sentences?.[id] ?? "" } : {};
    return [{ id, lines: found.lines, passed: found.passed, variant: found.variant + 1, ...reported }];
  });
  const { lesson } = progress;
  const variant = progress.variant + 1;
  const named = name.trim() === "" ? {} : { name: name.trim() };
  const handIn = { v: VERSION, lesson, ...named, variant, score: { points, of }, answers, challenges };
  return `${JSON.stringify(handIn, null, 2)}\n`;
}

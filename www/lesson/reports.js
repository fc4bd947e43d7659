// What a learner reports of the challenges that ask for it: options, memory and numbers, before and after; those that
// passed first, and among them those that need the least memory.
//
// In: the lesson's file and a learner's progress. Out: a report for each of these challenges that was tried. Errors:
// none; lines that do not run any more are left out.

/** @typedef {import("../../lsmscope_lesson.js").ChallengeReport} ChallengeReport */
/** @typedef {{ id: string, title: string, lines: string[], passed: boolean, report: ChallengeReport }} Reported */

/**
 * @param {Pick<import("./lesson-context.js").LessonFile, "find" | "report">} file
 * @param {import("../../lsmscope_lesson.js").LessonOutline} outline
 * @param {import("./progress.js").Progress} progress
 * @returns {Promise<Reported[]>}
 */
export async function reportsOf(file, outline, progress) {
  const found = [];
  for (const [id, { lines, passed, variant }] of Object.entries(progress.challenges)) {
    const place = file.find(id);
    if (!place) continue;
    const [beat, block] = place;
    const report = await file.report(variant, beat, block, lines).catch(() => undefined);
    if (report) found.push({ id, title: outline.beats[beat].title, lines, passed, report });
  }
  return found.sort((a, b) => Number(b.passed) - Number(a.passed) || memoryOf(a) - memoryOf(b));
}

/** @param {Reported} reported */
function memoryOf({ report }) {
  const after = report.memory?.after;
  return typeof after === "number" ? after : Number.MAX_VALUE;
}

// An answer that was graded, on record: in the learner's progress, and told to a host.

import { said, wordsOf } from "./answers.js";
import { tried } from "./progress.js";

/**
 * @param {import("./lesson-context.js").LessonContext} context
 * @param {import("./steps.js").Question} asked
 * @param {import("./lesson-state.js").Grade} grade
 * @param {import("./answers.js").Answer | null} answer null where the learner wanted to be shown
 */
export function noteAnswer(context, { id, question }, grade, answer) {
  const { drafts, progress, variant } = context.state();
  const outcome = answer === null ? "shown" : grade.outcome;
  const between = question.kind === "order" ? " → " : ", ";
  const next = tried(progress, id, {
    variant,
    answer,
    outcome,
    ask: wordsOf(question.ask),
    said: answer === null ? "" : said(question, drafts[id]).join(between),
    happened: grade.happened.map((nodes) => wordsOf(nodes)).join(between),
    tag: answer === null ? "" : (grade.tag ?? ""),
    sure: drafts[id]?.sure ?? null,
  });
  context.advance(next);
  const attempt = next.tries[id].length;
  context.tell({ type: "answered", id, right: outcome === "right", attempt, chosen: answer });
}

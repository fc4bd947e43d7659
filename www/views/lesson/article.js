// An article: prose with figures that play when they are seen, and questions where they stand.

import { ItemView } from "./items.js";
import { NextLesson, ToCourse } from "./next-lesson.js";
import { Nodes } from "./nodes.js";
import { CheckButton, Question, byEnter } from "./question.js";
import { tellUnread } from "./unread.js";
import { WORDS } from "./words.js";
import { answerOf } from "../../lesson/answers.js";
import { lastTry } from "../../lesson/progress.js";
import { useBegunFocus, useHeldFocus } from "../focus.js";
import { html, useLayoutEffect, useRef } from "../ui.js";

/** @typedef {Pick<import("./props.js").LessonProps, "lesson" | "lessons" | "within">} ArticleProps */

/** @param {ArticleProps} props */
export function Article({ lesson, lessons, within = false }) {
  const { outline, parts } = lesson;
  const seen = new Set();
  const content = useBegunFocus(!within);
  return html`<${within ? "div" : "main"} class="main course scroll">
    <article class="article" id=${within ? null : "content"} tabindex="-1" ref=${content} lang=${outline.lang}>
      <h2 class="article-title">${outline.title}</h2>
      ${outline.minutes == null ? null : html`<p class="quiet">${WORDS.minutesToRead(Number(outline.minutes))}</p>`}
      ${parts.map(
        (part, beat) => html`<section key=${beat}>
          ${part.title.length > 0 ? html`<h3 id=${`part-${beat}`}><${Nodes} nodes=${part.title} plain /></h3>` : null}
          ${part.problems.map(
            ({ message, line }) => html`<p class="error" role="alert">${WORDS.fault(line, message)}</p>`,
          )}
          ${part.steps.map(
            (step) => html`
              ${step.items.map((item) => html`<${ItemView} item=${item} seen=${seen} lessons=${lessons} changes />`)}
              ${step.questions.map(
                (asked) =>
                  html`<${Asked}
                    key=${asked.id}
                    lesson=${lesson}
                    lessons=${lessons}
                    beat=${beat}
                    asked=${asked}
                    seen=${seen}
                  />`,
              )}
              ${step.after.map((item) => html`<${ItemView} item=${item} seen=${seen} lessons=${lessons} changes />`)}
            `,
          )}
        </section>`,
      )}
      ${
        parts.length < outline.beats.length
          ? html`<p class="empty" role="status">${WORDS.preparing}</p>`
          : html`<footer class="article-end">
              <blockquote class="keep"><${Nodes} nodes=${outline.keep} /></blockquote>
              <${NextLesson} next=${outline.next} />
              <p class="lesson-acts"><${ToCourse} /></p>
            </footer>`
      }
    </article>
  <//>`;
}

/** @param {ArticleProps & { beat: number, asked: import("../../lesson/steps.js").Question, seen: Set<any> }} props */
function Asked({ lesson, lessons, beat, asked, seen }) {
  const { id, question } = asked;
  const draft = lesson.drafts[id];
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  /** Whether it is answered in this visit: what was answered before is not said again. */
  const isAnswered = useRef(false);
  const grade = lesson.grades[id] ?? null;
  useHeldFocus(box, () => box.current?.querySelector(".outcome"));
  useLayoutEffect(() => {
    // A browser may leave the focus off a button that is clicked, and a reader goes on while the answer is graded.
    if (grade && isAnswered.current && box.current) tellUnread(box.current);
  }, [grade]);
  if (!draft) return null;
  const commit = (/** @type {{ shows?: boolean }} */ how = {}) => {
    isAnswered.current = true;
    return lessons.reading.commit(beat, asked, how);
  };
  return html`<div class="asked" ref=${box} onKeyDown=${byEnter(() => commit())}>
    <${Question}
      asked=${asked}
      draft=${draft}
      still=${grade !== null}
      grade=${grade}
      shown=${lastTry(lesson.progress, id, lesson.variant)?.outcome === "shown"}
      hints=${lesson.hints[id] ?? 0}
      asksSure=${false}
      put=${(/** @type {Partial<import("../../lesson/answers.js").Draft>} */ patch) => lessons.reading.draft(id, patch)}
      hint=${() => lessons.hint(id)}
      seen=${seen}
    />
    ${
      grade
        ? null
        : html`<p class="lesson-acts">
            <${CheckButton} isAnswered=${answerOf(question, draft) !== null} commit=${() => commit()}>
              ${WORDS.check}
            <//>
            <button type="button" class="plain" onClick=${() => commit({ shows: true })}>${WORDS.showMe}</button>
          </p>`
    }
    ${lesson.wrong && !grade ? html`<p class="error" role="alert">${lesson.wrong}</p>` : null}
  </div>`;
}

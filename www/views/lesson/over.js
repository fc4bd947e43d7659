// The end of a lesson: the sentence to keep, the score, and each answer that was not right beside what happened.

import { NextLesson, ToCourse } from "./next-lesson.js";
import { Nodes } from "./nodes.js";
import { WORDS } from "./words.js";
import { handInOf } from "../../lesson/hand-in.js";
import { score, surprises } from "../../lesson/progress.js";
import { askedBy } from "../../lesson/steps.js";
import { save } from "../save.js";
import { html } from "../ui.js";

/** @param {Pick<import("./props.js").LessonProps, "lesson" | "lessons">} props */
export function Over({ lesson, lessons }) {
  const { outline, progress } = lesson;
  const asked = askedBy(outline);
  const { points, of } = score(asked, progress);
  const missed = surprises(asked.questions, progress);
  const handIn = () => save(`${outline.id}.json`, "application/json", handInOf(asked, progress));
  return html`<div class="over">
    <h2 tabindex="-1">${WORDS.theEnd}</h2>
    <blockquote class="keep"><${Nodes} nodes=${outline.keep} /></blockquote>
    ${of > 0 ? html`<p class="points"><strong>${WORDS.points(points, of)}</strong>, ${WORDS.pointsAbout}</p>` : null}
    <${NextLesson} next=${outline.next} />
    ${
      missed.length > 0
        ? html`<h3>${WORDS.surprised}</h3>
            <ul class="pairs">
              ${missed.map(
                ({ id, first }) => html`<li key=${id}>
                  <p>${first.ask}</p>
                  <dl class="said">
                    <div>
                      <dt>${WORDS.youSaid}</dt>
                      <dd>
                        ${first.outcome === "shown" ? WORDS.wantedShown : first.said}
                        ${first.sure ? html`<p class="were-sure">${WORDS.wereSure}</p>` : null}
                      </dd>
                    </div>
                    <div><dt>${WORDS.happened}</dt><dd>${first.happened}</dd></div>
                  </dl>
                </li>`,
              )}
            </ul>`
        : null
    }
    <p class="lesson-acts">
      <${ToCourse} />
      <button onClick=${() => print()}>${WORDS.print}</button>
      <button onClick=${handIn}>${WORDS.handIn}</button>
      <button class="plain" onClick=${lessons.restart}>${WORDS.restart}</button>
    </p>
  </div>`;
}

// The end of a lesson: the sentence to keep, the score, each answer that was not right beside what happened, and the
// report of challenges that have one.

import { NextLesson, ToCourse } from "./next-lesson.js";
import { Nodes } from "./nodes.js";
import { Reports } from "./reports.js";
import { WORDS } from "./words.js";
import { MAX_NAME, handInFile, handInOf } from "../../lesson/hand-in.js";
import { score, surprises } from "../../lesson/progress.js";
import { askedBy } from "../../lesson/steps.js";
import { readPrefs, writePrefs } from "../../prefs.js";
import { save } from "../save.js";
import { html, useEffect, useState } from "../ui.js";

/** @param {Pick<import("./props.js").LessonProps, "lesson" | "lessons">} props */
export function Over({ lesson, lessons }) {
  const { outline, progress } = lesson;
  const asked = askedBy(outline);
  const { points, of } = score(asked, progress);
  const missed = surprises(asked.questions, progress);
  const [reports, setReports] = useState(/** @type {import("../../lesson/reports.js").Reported[] | null} */ (null));
  useEffect(() => void lessons.reports().then(setReports), []);
  const [name, setName] = useState(() => readPrefs().learner);
  const putName = (/** @type {import("../ui.js").FieldEvent} */ { currentTarget: { value } }) => {
    setName(value);
    writePrefs({ learner: value.trim() });
  };
  const handIn = async () => {
    const text = handInOf(asked, progress, reports ?? (await lessons.reports()), name);
    save(handInFile(outline.id, name), "application/json", text);
  };
  return html`<div class="over">
    ${name.trim() === "" ? null : html`<p class="on-paper">${WORDS.handedInBy(name.trim())}</p>`}
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
    ${reports?.length ? html`<${Reports} lesson=${lesson} lessons=${lessons} reports=${reports} />` : null}
    <p class="hand-in-name">
      <label for="hand-in-name">${WORDS.yourName}</label>
      <input
        id="hand-in-name"
        type="text"
        autocomplete="name"
        maxlength=${MAX_NAME}
        aria-describedby="hand-in-name-about"
        value=${name}
        onInput=${putName}
      />
      <small id="hand-in-name-about">${WORDS.yourNameAbout}</small>
    </p>
    <p class="lesson-acts">
      <${ToCourse} />
      <button onClick=${() => print()}>${WORDS.print}</button>
      <button onClick=${handIn}>${WORDS.handIn}</button>
      <button class="plain" onClick=${lessons.restart}>${WORDS.restart}</button>
    </p>
  </div>`;
}

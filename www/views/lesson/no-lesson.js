// In the place of a lesson: that it is being loaded, or why there is none, fault by fault.

import { ToCourse } from "./next-lesson.js";
import { WORDS } from "./words.js";
import { html } from "../ui.js";

/** Faults that are shown: the first ones are mended first. */
const MAX_SHOWN = 20;

/** @param {{ opening: import("../../state.js").State["lessonOpening"] }} props */
export function NoLesson({ opening }) {
  if (!opening || opening.busy)
    return html`<main class="main course"><p class="empty loading" role="status">${WORDS.loading}</p></main>`;
  const { findings, problem } = opening;
  return html`<main class="main course scroll">
    <div class="course-page" role="alert">
      <h2>${WORDS.cannotBegin}</h2>
      <p>${problem}</p>
      <ul class="faults">
        ${findings.slice(0, MAX_SHOWN).map(
          ({ line, column, message, remedy }) => html`<li key=${`${line} ${column} ${message}`}>
            <strong>${WORDS.at(line, column)}</strong>: ${message}. ${remedy}
          </li>`,
        )}
      </ul>
      <p><${ToCourse} /></p>
    </div>
  </main>`;
}

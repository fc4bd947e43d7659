// The start page: the ways to all parts, and the lessons of the course with their goals, minutes, and how far one is.

import { Doors } from "./doors.js";
import { WORDS } from "./words.js";
import { useBegunFocus } from "../focus.js";
import { farAlong } from "../../lesson/course-entry.js";
import { say } from "../../words.js";
import { Icon, html } from "../ui.js";

/** @typedef {import("../../lesson/course-entry.js").CourseEntry} CourseEntry */

/** @param {{ course: CourseEntry[] }} props */
export function CourseList({ course }) {
  const articles = course.filter(({ kind }) => kind === "article");
  const lessons = course.filter(({ kind }) => kind !== "article");
  const content = useBegunFocus();
  return html`<main class="main course scroll">
    <div class="course-page" id="content" tabindex="-1" ref=${content}>
      <h2>lsmscope</h2>
      <p class="course-intro">${WORDS.startIntro}</p>
      <${Doors} article=${articles[0]?.id ?? ""} lessons=${lessons.length} />
      <h3 id="lessons">${WORDS.lessons}</h3>
      <p class="course-intro">${WORDS.courseIntro}</p>
      <ol class="course-list">
        ${lessons.map((entry) => html`<${Entry} key=${entry.id} entry=${entry} />`)}
      </ol>
      <${Own} />
    </div>
  </main>`;
}

/** @param {{ entry: CourseEntry }} props */
function Entry({ entry }) {
  const { id, title, lesson, minutes, goals } = entry;
  const far = farAlong(entry);
  const isThrough = far !== null && far.of > 0 && far.done === far.of;
  const words = isThrough ? WORDS.allDone : far && far.of > 0 ? WORDS.doneOf(far.done, far.of) : "";
  return html`<li>
    <a class="course-entry" href=${`?lesson=${id}`} data-through=${isThrough ? "" : null}>
      <b class="course-number" aria-hidden="true">${isThrough ? html`<${Icon} name="check" />` : (lesson ?? "·")}</b>
      <span class="course-words">
        <strong>${title}</strong>
        ${goals.length > 0 ? html`<span class="course-goals">${goals.join(". ")}.</span>` : null}
      </span>
      <span class="course-facts">
        ${minutes === null ? null : html`<span>${WORDS.minutes(minutes)}</span>`}
        ${words ? html`<span class="course-far">${words}</span>` : null}
      </span>
      ${words && !isThrough ? html`<progress max=${far?.of} value=${far?.done} aria-hidden="true"></progress>` : null}
    </a>
  </li>`;
}

/** The way to a lesson of another author: a form that the browser sends as the address. */
function Own() {
  return html`<section class="course-own">
    <h3>${WORDS.own}</h3>
    <p>${WORDS.ownAbout}</p>
    <form method="get" action="">
      <input type="url" name="lesson" required placeholder="https://…/lesson.md" aria-label=${WORDS.ownAddress} />
      <button>${WORDS.open}</button>
    </form>
    <p class="edit-way">${say("Or write one: beside the text you see what a learner sees.")}</p>
    <p><a class="button" href="?edit">${say("Open the editor")}</a></p>
  </section>`;
}

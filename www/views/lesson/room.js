// A lesson: the stage at one side, what is told and asked at the other; below each other where there is little room,
// and the stage stays in view.

import { Article } from "./article.js";
import { Beat } from "./beat.js";
import { Over } from "./over.js";
import { LessonStage } from "./lesson-stage.js";
import { Presenter } from "./presenter.js";
import { WORDS } from "./words.js";
import { isDone } from "../../lesson/progress.js";
import { html, useLayoutEffect, useRef } from "../ui.js";

/** @typedef {import("./props.js").LessonProps} LessonProps */
/** @typedef {import("./props.js").LessonState} LessonState */

/** @param {LessonProps} props */
export function LessonRoom(props) {
  const { lesson } = props;
  if (lesson.show) return html`<${Presenter} ...${props} show=${lesson.show} />`;
  return lesson.phase === "reading" ? html`<${Article} ...${props} />` : html`<${Beats} ...${props} />`;
}

/** @param {LessonProps} props */
function Beats(props) {
  const { lesson, lessons, state, within } = props;
  const panel = useRef(/** @type {HTMLElement | null} */ (null));
  // A new beat begins at its top, and a screen reader at its heading; beside an editor, an author goes on typing.
  useLayoutEffect(() => {
    panel.current?.scrollTo(0, 0);
    if (!within) panel.current?.querySelector("h2")?.focus({ preventScroll: true });
  }, [lesson.beat, lesson.variant, lesson.phase === "over"]);
  // Beside the text of an editor it is a part of the page.
  return html`<${props.within ? "div" : "main"} class="main lesson" data-over=${lesson.phase === "over" ? "" : null}>
    <${LessonStage} ...${props} />
    <section
      class="lesson-panel scroll"
      id=${within ? null : "content"}
      tabindex="-1"
      ref=${panel}
      aria-label=${lesson.outline.title}
    >
      <${Way}
        lesson=${lesson}
        go=${lessons.enter}
        present=${state.frame || props.within ? null : lessons.presenting.begin}
      />
      ${
        lesson.phase === "over"
          ? html`<${Over} lesson=${lesson} lessons=${lessons} />`
          : html`<${Beat} key=${`${lesson.beat} ${lesson.variant}`} ...${props} />`
      }
    </section>
  <//>`;
}

/**
 * The beats, and where the learner is.
 * @param {{ lesson: LessonState, go: (beat: number) => void, present: (() => unknown) | null }} props `present`: shows
 *   it to an audience; null in a frame, and beside an editor, which have no room for one
 */
function Way({ lesson, go, present }) {
  const { outline, beat, phase, again, progress } = lesson;
  const total = outline.beats.length;
  const isThrough = (/** @type {number} */ at) => {
    const asked = outline.beats[at].blocks.filter(({ id, name }) => id && /^(predict|challenge)/.test(name));
    return asked.length > 0 && asked.every(({ id }) => isDone(progress, id ?? ""));
  };
  return html`<nav class="lesson-way" aria-label=${WORDS.beats}>
    <span class="lesson-name">${outline.title}</span>
    <ol>
      ${outline.beats.map(({ title }, at) => {
        // The answer that is being run counts from when it is told.
        const done = isThrough(at) && !(at === beat && phase === "running");
        const words = WORDS.beatOf(at + 1, total, title);
        return html`<li key=${at}>
          <button
            class="plain"
            data-done=${done ? "" : null}
            aria-current=${at === beat && phase !== "over" ? "step" : null}
            title=${done ? `${words}, ${WORDS.beatDone}` : words}
            onClick=${() => go(at)}
          >
            <span aria-hidden="true">${at + 1}</span>
          </button>
        </li>`;
      })}
    </ol>
    ${
      present
        ? html`<button class="plain present" title=${WORDS.presentTitle} onClick=${present}>${WORDS.present}</button>`
        : null
    }
    ${again.length > 0 ? html`<span class="quiet once-more">${WORDS.onceMore}</span>` : null}
  </nav>`;
}

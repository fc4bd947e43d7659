// A beat: what has been told so far, and what is asked now.

import { BeatControls } from "./beat-controls.js";
import { Challenge, Typed } from "./challenge.js";
import { ItemView } from "./items.js";
import { Nodes } from "./nodes.js";
import { Question, byEnter } from "./question.js";
import { WORDS } from "./words.js";
import { Prompt } from "../console.js";
import { lastTry } from "../../lesson/progress.js";
import { html, useLayoutEffect, useRef } from "../ui.js";

/** @typedef {import("./props.js").LessonProps} LessonProps */
/** @typedef {import("../../lesson/steps.js").Step} Step */

/** @param {LessonProps} props */
export function Beat(props) {
  const { lesson, lessons, controller, state } = props;
  const { presented, steps, step, outline, beat, phase } = lesson;
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useFocus(box, lesson);
  const seen = new Set();
  return html`<div class="beat" ref=${box} data-phase=${phase} data-variant=${lesson.variant}>
    <h2 tabindex="-1">
      ${presented ? html`<${Nodes} nodes=${presented.title} plain />` : outline.beats[beat]?.title}
    </h2>
    ${presented?.problems.map(
      ({ message, line }) => html`<p class="error" role="alert">${WORDS.fault(line, message)}</p>`,
    )}
    ${presented === null ? html`<p class="empty" role="status">${WORDS.preparing}</p>` : null}
    ${steps
      .slice(0, step + 1)
      .map((one, at) => html`<${StepView} key=${at} ...${props} one=${one} isNow=${at === step} seen=${seen} />`)}
    <${BeatControls} ...${props} />
    <${Onward} lesson=${lesson} lessons=${lessons} />
    <${OffPath} lesson=${lesson} lessons=${lessons} controller=${controller} player=${props.player} state=${state} />
    ${steps[step]?.questions.length > 0 ? html`<${AskSure} lesson=${lesson} lessons=${lessons} />` : null}
  </div>`;
}

/**
 * What is new comes into view, in every layout, and the focus goes along when what had it is gone: a step when all of
 * it is there, and what came of an answer.
 * @param {{ current: HTMLElement | null }} box
 * @param {import("../../lesson/lesson-state.js").LessonState} lesson
 */
function useFocus(box, { step, phase }) {
  const last = useRef({ step, phase, isNew: false });
  useLayoutEffect(() => {
    const before = last.current;
    // A step begins without its questions: they come when its lines have run.
    const isNew = before.isNew || step !== before.step;
    last.current = { step, phase, isNew: isNew && phase === "preparing" };
    const now = /** @type {HTMLElement | null} */ (box.current?.querySelector(".lesson-step:last-of-type") ?? null);
    const isTold = phase === "told" && !isNew && ["running", "asking"].includes(before.phase);
    const isBegun = phase === "asking" && isNew;
    if (!now || !(isTold || isBegun)) return;
    const target = isTold ? /** @type {HTMLElement | null} */ (now.querySelector(".outcome, .verdict")) : now;
    const isLost = document.activeElement === document.body || box.current?.contains(document.activeElement);
    if (isLost) target?.focus({ preventScroll: true });
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    target?.scrollIntoView({ block: "start", behavior: still ? "instant" : "smooth" });
  }, [step, phase]);
}

/** @param {LessonProps & { one: Step, isNow: boolean, seen: Set<any> }} props */
function StepView({ one, isNow, seen, ...props }) {
  const { lesson, lessons } = props;
  const done = !isNow || lesson.phase === "told";
  return html`<div class="lesson-step" tabindex="-1">
    ${one.items.map((item) => html`<${ItemView} item=${item} seen=${seen} lessons=${lessons} />`)}
    ${
      one.questions.length > 0
        ? html`<div class="asked" onKeyDown=${byEnter(() => lessons.commit())}>
            ${one.questions.map(
              (asked) => html`<${Asked} key=${asked.id} ...${props} asked=${asked} isNow=${isNow} />`,
            )}
            ${isNow ? html`<${Commit} lesson=${lesson} lessons=${lessons} />` : null}
          </div>`
        : null
    }
    ${one.typed ? html`<${Typed} ...${props} lines=${one.typed.lines} isNow=${isNow} />` : null}
    ${one.challenge ? html`<${Challenge} ...${props} challenge=${one.challenge} isNow=${isNow} />` : null}
    ${done ? one.after.map((item) => html`<${ItemView} item=${item} seen=${seen} lessons=${lessons} />`) : null}
  </div>`;
}

/** @param {LessonProps & { asked: import("../../lesson/steps.js").Question, isNow: boolean }} props */
function Asked({ lesson, lessons, asked, isNow }) {
  const { id } = asked;
  const draft = lesson.drafts[id];
  if (!draft) return null;
  const told = !isNow || lesson.phase === "told";
  return html`<${Question}
    asked=${asked}
    draft=${draft}
    still=${!isNow || lesson.phase !== "asking"}
    grade=${told ? (lesson.grades[id] ?? null) : null}
    shown=${lastTry(lesson.progress, id, lesson.variant)?.outcome === "shown"}
    hints=${lesson.hints[id] ?? 0}
    asksSure=${lesson.asksSure}
    put=${(/** @type {Partial<import("../../lesson/answers.js").Draft>} */ patch) => lessons.draft(id, patch)}
    hint=${() => lessons.hint(id)}
  />`;
}

/** Answers are given at once, for all questions of a window. @param {Pick<LessonProps, "lesson" | "lessons">} props */
function Commit({ lesson, lessons }) {
  const { phase, wrong, steps, step } = lesson;
  if (phase === "running")
    return html`<p class="lesson-acts">
      <span role="status" class="running-now">${WORDS.runs}</span>
      <button type="button" onClick=${lessons.skip}>${WORDS.skip}</button>
    </p>`;
  if (phase !== "asking") return null;
  const several = steps[step].questions.length > 1;
  return html`
    ${wrong ? html`<p class="error" role="alert">${wrong}</p>` : null}
    <p class="lesson-acts">
      <button class="primary" disabled=${!lessons.isAnswered()} onClick=${() => lessons.commit()}>
        ${several ? WORDS.checkAll : WORDS.check}
      </button>
      <button type="button" class="plain" title=${WORDS.showMeTitle} onClick=${() => lessons.commit({ shows: true })}>
        ${WORDS.showMe}
      </button>
    </p>
  `;
}

/** @param {Pick<LessonProps, "lesson" | "lessons">} props */
function Onward({ lesson, lessons }) {
  const { steps, step, beat, outline, again, grades, phase } = lesson;
  if (steps.length === 0 || !lessons.isThrough()) return null;
  const missed = steps[step].questions.some(({ id }) => grades[id] && grades[id].outcome !== "right");
  const last = step + 1 >= steps.length && beat + 1 >= outline.beats.length && again.length === 0;
  return html`<p class="lesson-acts onward">
    <button class="primary" onClick=${lessons.next}>${last ? WORDS.toEnd : WORDS.next}</button>
    ${
      missed && phase === "told"
        ? html`<button onClick=${lessons.retry}>${outline.variants > 1 ? WORDS.retryOther : WORDS.retry}</button>`
        : null
    }
    ${again.length > 0 && !last ? html`<button class="plain" onClick=${lessons.end}>${WORDS.enough}</button>` : null}
    ${
      beat > 0 && again.length === 0
        ? html`<button class="plain back" onClick=${lessons.back}>${WORDS.back}</button>`
        : null
    }
  </p>`;
}

/** Whether it is asked how sure one is. @param {Pick<LessonProps, "lesson" | "lessons">} props */
function AskSure({ lesson, lessons }) {
  return html`<label class="ask-sure">
    <input
      type="checkbox"
      checked=${lesson.asksSure}
      onChange=${(/** @type {import("../ui.js").FieldEvent} */ e) => lessons.askSure(e.currentTarget.checked)}
    />
    ${WORDS.askSure}
  </label>`;
}

/**
 * Something of the learner's own, and the way back.
 * @param {Pick<LessonProps, "lesson" | "lessons" | "controller" | "player" | "state">} props
 */
function OffPath({ lesson, lessons, controller, player, state }) {
  // What is asked has not happened: a line of one's own would tell it.
  if (lesson.phase !== "told" || lesson.steps[lesson.step]?.challenge) return null;
  if (!lesson.mine)
    return html`<p class="off-path">
      <button class="link" onClick=${lessons.leavePath}>${WORDS.off}</button>
      <button class="link" onClick=${lessons.retry}>${WORDS.partAgain}</button>
    </p>`;
  return html`<div class="off-path">
    <p>${WORDS.offNow}</p>
    <${Prompt}
      controller=${controller}
      draft=${state.forms.command}
      ready=${state.phase === "open"}
      busy=${state.busy}
      run=${player.show}
    />
    <p class=${state.status.bad ? "status error" : "status"} role="status">${state.status.text}</p>
    <button onClick=${lessons.resume}>${WORDS.onPath}</button>
  </div>`;
}

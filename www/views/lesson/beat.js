// A beat: what has been told so far, and what is asked now.

import { BeatControls } from "./beat-controls.js";
import { Challenge, Typed, WholeAnswer } from "./challenge.js";
import { ItemView } from "./items.js";
import { Nodes } from "./nodes.js";
import { CheckButton, Question, byEnter } from "./question.js";
import { OUTCOME, tellUnread } from "./unread.js";
import { WORDS } from "./words.js";
import { Prompt } from "../console.js";
import { useHeldFocus } from "../focus.js";
import { problemWords } from "../../lesson/lesson-context.js";
import { lastTry } from "../../lesson/progress.js";
import { wordsOf } from "../../lesson/answers.js";
import { html, useLayoutEffect, useRef } from "../ui.js";

/** @typedef {import("./props.js").LessonProps} LessonProps */
/** @typedef {import("./props.js").LessonState} LessonState */
/** @typedef {import("../../lesson/steps.js").Step} Step */

/** The id of what says why a beat comes once more. */
const AGAIN = "asked-again";

/** @param {LessonProps} props */
export function Beat(props) {
  const { lesson, lessons, controller, state } = props;
  const { presented, steps, step, outline, beat, phase, again } = lesson;
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useFocus(box, lesson);
  const seen = new Set();
  const isAgain = again.length > 0 && (outline.beats[beat]?.blocks.some(({ id }) => id === again[0]) ?? false);
  return html`<div class="beat" ref=${box} data-phase=${phase} data-variant=${lesson.variant}>
    <h2 tabindex="-1" aria-describedby=${isAgain ? AGAIN : null}>
      ${presented ? html`<${Nodes} nodes=${presented.title} plain />` : outline.beats[beat]?.title}
    </h2>
    ${isAgain ? html`<p id=${AGAIN} class="quiet">${WORDS.isAgain}</p>` : null}
    ${presented?.problems.map(
      ({ message, line }) => html`<p class="error" role="alert">${WORDS.fault(line, message)}</p>`,
    )}
    ${presented === null ? html`<p class="empty" role="status">${WORDS.preparing}</p>` : null}
    ${steps
      .slice(0, step + 1)
      .map((one, at) => html`<${StepView} key=${at} ...${props} one=${one} isNow=${at === step} seen=${seen} />`)}
    ${
      // On a slow line, the text is there before the engine.
      presented !== null && phase === "preparing" && state.phase === "opening"
        ? html`<p class="empty" role="status">${WORDS.preparing}</p>`
        : null
    }
    ${
      // Without the engine, the text can still be read.
      state.phase === "refused" && state.problem
        ? html`<p class="error" role="alert">${problemWords(state.problem)}</p>`
        : null
    }
    <${BeatControls} ...${props} />
    <${Onward} lesson=${lesson} lessons=${lessons} />
    <${OffPath} lesson=${lesson} lessons=${lessons} controller=${controller} player=${props.player} state=${state} />
    ${steps[step]?.questions.length > 0 ? html`<${AskSure} lesson=${lesson} lessons=${lessons} />` : null}
  </div>`;
}

/**
 * What is new comes into view, in every layout: a step when all of it is there, and what came of an answer. The focus
 * goes along when what had it is gone: with a button that was pressed, or a field that is not to be changed any more.
 * @param {{ current: HTMLElement | null }} box
 * @param {LessonState} lesson
 */
function useFocus(box, lesson) {
  const { step, phase } = lesson;
  const last = useRef({ step, phase, isNew: false });
  useHeldFocus(box, () => heirIn(box.current, lesson));
  useLayoutEffect(() => {
    const before = last.current;
    // A step begins without its questions: they come when its lines have run.
    const isNew = before.isNew || step !== before.step;
    last.current = { step, phase, isNew: isNew && phase === "preparing" };
    const now = stepIn(box.current);
    const isTold = phase === "told" && !isNew && ["running", "asking"].includes(before.phase);
    const isBegun = phase === "asking" && isNew;
    if (!now || !(isTold || isBegun)) return;
    if (isTold) tellUnread(now);
    const target = isTold ? now.querySelector(OUTCOME) : now;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    target?.scrollIntoView({ block: "start", behavior: still ? "instant" : "smooth" });
  }, [step, phase]);
}

/** The step that is now. @param {HTMLElement | null} box */
const stepIn = (box) => [...(box?.querySelectorAll(".lesson-step") ?? [])].at(-1);

/**
 * What gets the focus of what is gone: beside a run, the way to skip it; then what came of the answer.
 * @param {HTMLElement | null} box
 * @param {LessonState} lesson
 */
function heirIn(box, { phase, mine, wrong }) {
  const step = stepIn(box);
  const start = step ?? box?.querySelector("h2");
  if (phase === "told" && mine) return box?.querySelector(".off-path input");
  if (phase === "told") return step?.querySelector(OUTCOME) ?? start;
  if (phase === "running") return step?.querySelector(".lesson-acts button");
  // An answer that could not be graded can be given again.
  return (wrong && step?.querySelector(".lesson-acts button:enabled")) || start;
}

/** @param {LessonProps & { one: Step, isNow: boolean, seen: Set<any> }} props */
function StepView({ one, isNow, seen, ...props }) {
  const { lesson, lessons } = props;
  const done = !isNow || lesson.phase === "told";
  // The focus may begin here: it is called what is asked, and its buttons are no part of that.
  const [first] = one.questions;
  const name = first ? wordsOf(first.question.ask).trim() : one.challenge ? WORDS.challenge : null;
  return html`<div class="lesson-step" tabindex="-1" role=${name ? "group" : null} aria-label=${name}>
    ${one.items.map((item) => html`<${ItemView} item=${item} seen=${seen} lessons=${lessons} />`)}
    ${
      one.questions.length > 0
        ? html`<div class="asked" onKeyDown=${byEnter(() => lessons.commit())}>
            ${one.questions.map(
              (asked) => html`<${Asked} key=${asked.id} ...${props} asked=${asked} isNow=${isNow} seen=${seen} />`,
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

/** @param {LessonProps & { asked: import("../../lesson/steps.js").Question, isNow: boolean, seen: Set<any> }} props */
function Asked({ lesson, lessons, asked, isNow, seen }) {
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
    seen=${seen}
  />`;
}

/** Answers are given at once, for all questions of a window. @param {Pick<LessonProps, "lesson" | "lessons">} props */
function Commit({ lesson, lessons }) {
  const { phase, wrong, steps, step } = lesson;
  if (phase === "running")
    return html`<p key="running" class="lesson-acts">
      <span role="status" class="running-now">${WORDS.runs}</span>
      <button type="button" onClick=${lessons.skip}>${WORDS.skip}</button>
    </p>`;
  if (phase !== "asking") return null;
  const several = steps[step].questions.length > 1;
  return html`
    ${wrong ? html`<p class="error" role="alert">${wrong}</p>` : null}
    <p key="asking" class="lesson-acts">
      <${CheckButton} isAnswered=${lessons.isAnswered()} commit=${() => lessons.commit()}>
        ${several ? WORDS.checkAll : WORDS.check}
      <//>
      <button type="button" class="plain" title=${WORDS.showMeTitle} onClick=${() => lessons.commit({ shows: true })}>
        ${WORDS.showMe}
      </button>
    </p>
  `;
}

/** @param {Pick<LessonProps, "lesson" | "lessons">} props */
function Onward({ lesson, lessons }) {
  const { steps, step, beat, outline, again, grades, phase, varies } = lesson;
  if (steps.length === 0 || !lessons.isThrough()) return null;
  const missed = steps[step].questions.some(({ id }) => grades[id] && grades[id].outcome !== "right");
  const last = step + 1 >= steps.length && beat + 1 >= outline.beats.length && again.length === 0;
  const open = last ? lessons.missed().length : 0;
  return html`${open > 0 ? html`<p class="quiet">${WORDS.comesAgain(open)}</p>` : null}
  <p class="lesson-acts onward">
    <button class="primary" onClick=${lessons.next}>${last && open === 0 ? WORDS.toEnd : WORDS.next}</button>
    ${
      missed && phase === "told"
        ? html`<button onClick=${lessons.retry}>${varies ? WORDS.retryOther : WORDS.retry}</button>`
        : null
    }
    ${open > 0 || again.length > 0 ? html`<button class="plain" onClick=${lessons.end}>${WORDS.enough}</button>` : null}
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
    <${WholeAnswer} exchange=${state.status.bad ? undefined : state.stage.log.at(-1)} />
    <button onClick=${lessons.resume}>${WORDS.onPath}</button>
  </div>`;
}

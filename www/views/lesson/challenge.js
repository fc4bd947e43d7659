// A state to be reached by lines of one's own, and a line to be typed.

import { Hints } from "./question.js";
import { Nodes } from "./nodes.js";
import { valueWords } from "./value-words.js";
import { WORDS } from "./words.js";
import { Prompt, Refusal, shortened } from "../console.js";
import { clip } from "../../format.js";
import { isDone } from "../../lesson/progress.js";
import { say } from "../../words.js";
import { Icon, html } from "../ui.js";

/** @typedef {import("./props.js").LessonProps} LessonProps */

/**
 * @param {LessonProps & { challenge: NonNullable<import("../../lesson/steps.js").Step["challenge"]>, isNow: boolean }}
 *   props
 */
export function Challenge({ lesson, lessons, controller, state, challenge: { id, challenge }, isNow }) {
  const { attempt } = lesson;
  const hints = lesson.hints[id] ?? 0;
  const passed = lesson.phase === "told" && isNow;
  const before = !passed && isDone(lesson.progress, id);
  const { attempts = 0 } = lesson.progress.challenges[id] ?? {};
  const isSpent = !passed && isNow && (attempt?.lines ?? 0) >= challenge.lines;
  return html`<section
    class="question challenge"
    data-id=${id}
    data-attempts=${attempts}
    data-outcome=${passed ? "right" : null}
    aria-label=${WORDS.challenge}
  >
    <p class="kicker">${WORDS.challenge}</p>
    <${Nodes} nodes=${challenge.ask} plain />
    <p class="quiet"><${Rules} challenge=${challenge} /></p>
    ${before ? html`<p class="quiet">${WORDS.passedBefore}</p>` : null}
    ${
      passed
        ? html`<p class="verdict" tabindex="-1">
            <${Icon} name="check" /> <strong>${WORDS.passed(attempt?.lines ?? 0)}</strong>
          </p>`
        : html`<${Line}
            controller=${controller}
            lesson=${lesson}
            lessons=${lessons}
            state=${state}
            allow=${challenge.allow}
          />`
    }
    ${lesson.wrong && isNow ? html`<p class="error" role="alert">${lesson.wrong}</p>` : null}
    ${isSpent ? html`<p class="error" role="alert">${WORDS.spent}</p>` : null}
    ${isNow ? html`<${Bounds} attempt=${attempt} begun=${lesson.begun} challenge=${challenge} />` : null}
    ${passed ? null : html`<${Hints} hints=${challenge.hints} count=${hints} />`}
    ${
      passed
        ? null
        : html`<p class="lesson-acts">
            ${
              hints < challenge.hints.length
                ? html`<button onClick=${() => lessons.hint(id)}>${WORDS.hint}</button>`
                : null
            }
            <button class=${isSpent ? "primary" : null} onClick=${lessons.resume}>${WORDS.fromBegin}</button>
            <button class="plain" onClick=${lessons.next}>${WORDS.without}</button>
          </p>`
    }
  </section>`;
}

/**
 * How many lines may be used, and which commands.
 * @param {{ challenge: import("../../lesson/steps.js").Challenge }} props
 */
export function Rules({ challenge: { lines, allow } }) {
  const allowed = allow?.map((word) => html`<code key=${word}>${word}</code> `);
  return html`${WORDS.atMost(lines)}${allowed ? html` ${WORDS.allowed} ${allowed}` : null}`;
}

/**
 * Where the learner types, and what the engine answered.
 * @param {Pick<LessonProps, "controller" | "lesson" | "lessons" | "state"> & { allow?: string[] | null }} props
 *   `allow`: commands that may be used; all, if left out
 */
export function Line({ controller, lesson, lessons, state, allow = null }) {
  const { status, stage } = state;
  const last = stage.log.at(-1);
  // A line that the engine does not read made no event: it was never an attempt, and is reported all the same. One that
  // ran, such as a power cut that was asked for, is an attempt.
  const { outcome } = last ?? {};
  const error = lesson.wrong === "" && outcome?.first === outcome?.last ? outcome?.error : null;
  const answered = lesson.attempt !== null && last !== undefined && lesson.wrong === "" && !error;
  return html`<div class="own-line">
    <${Prompt}
      controller=${controller}
      draft=${state.forms.command}
      ready=${lesson.phase === "asking" || lesson.show !== null}
      busy=${state.busy}
      run=${lesson.show ? lessons.presenting.type : lessons.type}
      placeholder=${allow ? allow.join(", ") : undefined}
    />
    ${
      last && error
        ? html`<div class="exchange" role="alert">
            <div class="line"><i aria-hidden="true">›</i> <b>${clip(last.line, 120)}</b></div>
            <${Refusal} line=${last.line} error=${error} />
          </div>`
        : null
    }
    <p class=${status.bad ? "status error" : "status"} role="status">${answered ? status.text : ""}</p>
    <${WholeAnswer} exchange=${answered ? last : undefined} />
  </div>`;
}

/**
 * The answer to a line, where it has more lines than the status says: of `help`, `options`, a scan.
 * @param {{ exchange: import("../../state.js").Exchange | undefined }} props
 */
export function WholeAnswer({ exchange }) {
  const text = exchange?.outcome?.text ?? "";
  const lines = text.split("\n").length;
  if (lines < 2) return null;
  return html`<details key=${exchange?.id} class="whole-answer">
    <summary>${say("all {n} lines", { n: lines })}</summary>
    <pre class="scroll" tabindex="0" role="group" aria-label=${say("The whole answer")}>${shortened(text)}</pre>
  </details>`;
}

/** @typedef {import("../../../lsmscope_lesson.js").Attempt} Attempt */

/**
 * What is to be reached, and what of it holds. What held before the first line is no achievement, and is not ticked
 * before all of it is done. Its parts are said in words, where the lesson has them, and else as they are checked.
 * @param {{
 *   attempt: Attempt | null,
 *   begun: Attempt | null,
 *   challenge: import("../../lesson/steps.js").Challenge,
 * }} props
 */
export function Bounds({ attempt, begun, challenge: { lines, goals } }) {
  const now = attempt ?? begun;
  if (!now) return null;
  const { passed } = now;
  return html`<div role="status">
    <ul class="bounds">
      ${now.parts.map(({ source, holds, left }, at) => {
        const held = begun?.parts[at]?.holds ?? false;
        const isDone = holds && (passed || !held);
        // What is seen says the rest.
        const words = isDone ? WORDS.goalDone : holds ? "" : held ? WORDS.goalLost : WORDS.goalOpen;
        return html`<li key=${source} data-holds=${isDone ? "" : null} data-lost=${held && !holds ? "" : null}>
          <${Icon} name=${isDone ? "check" : held && !holds ? "cross" : "ring"} />
          <span class="sr">${words}</span> ${" "}
          ${goals[at] ? html`<${Nodes} nodes=${goals[at]} plain />` : html`<code>${source}</code>`}
          ${
            left === undefined || left === null
              ? null
              : html`<${Pause} /> <small>${WORDS.now(valueWords(left))}</small>`
          }
          ${isDone ? null : holds ? html`<${Pause} /> <small>${WORDS.goalHeld}</small>` : null}
          ${goals[at] ? html`<${GoalCode} source=${source} />` : null}
        </li>`;
      })}
      <li data-holds=${passed ? "" : null}>
        <${Icon} name=${passed ? "check" : "ring"} /> ${WORDS.linesOf(attempt?.lines ?? 0, lines)}
      </li>
    </ul>
  </div>`;
}

/** Between two facts that only their look divides: one sentence, for those who hear it. */
const Pause = () => html`<span class="sr">,</span>`;

/** How a goal that is said in words is checked. @param {{ source: string }} props */
function GoalCode({ source }) {
  return html`<details class="goal-code">
    <summary>${WORDS.goalCode}</summary>
    <code>${source}</code>
  </details>`;
}

/** @param {LessonProps & { lines: string[], isNow: boolean }} props */
export function Typed({ lesson, lessons, controller, state, lines, isNow }) {
  const done = !isNow || lesson.phase === "told";
  return html`<section class="question typed" data-outcome=${done ? "right" : null}>
    <p>${WORDS.type} ${lines.map((line) => html`<code key=${line}>${line}</code> `)}</p>
    ${
      done
        ? html`<p class="verdict" tabindex="-1">
            <${Icon} name="check" /> <strong>${WORDS.typed}</strong>
          </p>`
        : html`<${Line} controller=${controller} lesson=${lesson} lessons=${lessons} state=${state} />`
    }
    ${
      lesson.attempt && !lesson.attempt.passed && isNow
        ? html`<p class="error" role="alert">
            ${WORDS.typedOther} <button onClick=${lessons.resume}>${WORDS.takeBack}</button>
          </p>`
        : null
    }
  </section>`;
}

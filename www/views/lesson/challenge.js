// A state to be reached by lines of one's own, and a line to be typed.

import { Hint } from "./question.js";
import { Nodes } from "./nodes.js";
import { WORDS } from "./words.js";
import { Prompt } from "../console.js";
import { isDone } from "../../lesson/progress.js";
import { number } from "../../format.js";
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
  return html`<section
    class="question challenge"
    data-id=${id}
    data-attempts=${attempts}
    data-outcome=${passed ? "right" : null}
    aria-label=${WORDS.challenge}
  >
    <p class="kicker">${WORDS.challenge}</p>
    <${Nodes} nodes=${challenge.ask} plain />
    <p class="quiet">
      ${WORDS.atMost(challenge.lines)}
      ${
        challenge.allow
          ? html` ${WORDS.allowed} ${challenge.allow.map((word) => html`<code key=${word}>${word}</code> `)}`
          : null
      }
    </p>
    ${before ? html`<p class="quiet">${WORDS.passedBefore}</p>` : null}
    ${
      passed
        ? html`<p class="verdict" role="status" tabindex="-1">
            <${Icon} name="check" /> <strong>${WORDS.passed(attempt?.lines ?? 0)}</strong>
          </p>`
        : html`<${Line} controller=${controller} lesson=${lesson} lessons=${lessons} state=${state} />`
    }
    <${Bounds} attempt=${attempt} of=${challenge.lines} />
    ${lesson.wrong ? html`<p class="error" role="alert">${lesson.wrong}</p>` : null}
    ${passed ? null : challenge.hints.slice(0, hints).map((nodes) => html`<${Hint} nodes=${nodes} />`)}
    ${
      passed
        ? null
        : html`<p class="lesson-acts">
            ${
              hints < challenge.hints.length
                ? html`<button onClick=${() => lessons.hint(id)}>${WORDS.hint}</button>`
                : null
            }
            <button onClick=${lessons.resume}>${WORDS.fromBegin}</button>
            <button class="plain" onClick=${lessons.next}>${WORDS.without}</button>
          </p>`
    }
  </section>`;
}

/**
 * Where the learner types, and what the engine answered.
 * @param {Pick<LessonProps, "controller" | "lesson" | "lessons" | "state">} props
 */
function Line({ controller, lesson, lessons, state }) {
  const { status, stage } = state;
  const answered = lesson.attempt !== null && stage.log.length > 0;
  return html`<div class="own-line">
    <${Prompt}
      controller=${controller}
      draft=${state.forms.command}
      ready=${lesson.phase === "asking"}
      busy=${state.busy}
      run=${lessons.type}
    />
    <p class=${status.bad ? "status error" : "status"} role="status">${answered ? status.text : ""}</p>
  </div>`;
}

/**
 * What holds already, and what is wrong with lines.
 * @param {{ attempt: import("../../../lsmscope_lesson.js").Attempt | null, of: number }} props
 */
function Bounds({ attempt, of }) {
  if (!attempt) return null;
  return html`<ul class="bounds" role="status">
    ${attempt.parts.map(
      ({ source, holds, left }) => html`<li key=${source} data-holds=${holds ? "" : null}>
        <${Icon} name=${holds ? "check" : "cross"} /> <code>${source}</code>
        ${left === undefined || left === null ? null : html`<small>${WORDS.now(valueWords(left))}</small>`}
      </li>`,
    )}
    <li data-holds=${attempt.lines <= of ? "" : null}>
      <${Icon} name=${attempt.lines <= of ? "check" : "cross"} /> ${WORDS.linesOf(attempt.lines, of)}
    </li>
    ${attempt.errors.map(
      ({ line, message, remedy }) => html`<li class="error">${WORDS.inLine(line + 1)} ${message}. ${remedy}</li>`,
    )}
  </ul>`;
}

/** @param {import("../../../lsmscope_lesson.js").LessonValue} value @returns {string} */
function valueWords(value) {
  // Of a fraction, no more digits than tell something.
  if (typeof value === "number") return Number.isInteger(value) ? number(value) : String(Number(value.toPrecision(3)));
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** @param {LessonProps & { lines: string[], isNow: boolean }} props */
export function Typed({ lesson, lessons, controller, state, lines, isNow }) {
  const done = !isNow || lesson.phase === "told";
  return html`<section class="question typed" data-outcome=${done ? "right" : null}>
    <p>${WORDS.type} ${lines.map((line) => html`<code key=${line}>${line}</code> `)}</p>
    ${
      done
        ? html`<p class="verdict" role="status" tabindex="-1">
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

// The report of a lesson: for each challenge that asks for one, its numbers before and after, and the learner's
// sentences. It is printed and handed in with the rest.

import { WORDS } from "./words.js";
import { valueWords } from "./value-words.js";
import { html } from "../ui.js";

/** Characters that a hand-in takes. */
const MAX_SENTENCES = 2000;

/**
 * @param {Pick<import("./props.js").LessonProps, "lesson" | "lessons"> & {
 *   reports: import("../../lesson/reports.js").Reported[],
 * }} props
 */
export function Reports({ lesson, lessons, reports }) {
  return html`<section class="reports">
    <h3>${WORDS.report}</h3>
    <p class="quiet">${WORDS.reportAbout}</p>
    ${reports.map(
      (one) => html`<${Report}
        key=${one.id}
        one=${one}
        sentences=${lesson.progress.sentences?.[one.id] ?? ""}
        put=${(/** @type {string} */ text) => lessons.writeSentences(one.id, text)}
      />`,
    )}
  </section>`;
}

/**
 * @param {{
 *   one: import("../../lesson/reports.js").Reported,
 *   sentences: string,
 *   put: (text: string) => void,
 * }} props
 */
function Report({ one: { id, title, lines, passed, report }, sentences, put }) {
  const { memory, numbers, options, variant, trace } = report;
  const field = `sentences-${id}`;
  const values = Object.entries(variant.values).map(([name, value]) => `${name} = ${value}`);
  return html`<article class="report" data-id=${id}>
    <h4>${title}${passed ? null : html` <small>${WORDS.notPassed}</small>`}</h4>
    <table>
      <thead>
        <tr><td></td><th scope="col">${WORDS.before}</th><th scope="col">${WORDS.after}</th></tr>
      </thead>
      <tbody>
        ${memory ? html`<${Row} name=${WORDS.memory} before=${memory.before} after=${memory.after} />` : null}
        ${numbers.map((row) => html`<${Row} key=${row.name} ...${row} />`)}
        ${options.map(
          ({ name, before, after }) => html`<tr key=${name}>
            <th scope="row"><code>${name}</code></th>
            <td>${before}</td>
            <td>${after}</td>
          </tr>`,
        )}
      </tbody>
    </table>
    <pre
      class="code-block"
      tabindex="0"
      role="group"
      aria-label=${WORDS.commands}
    ><code>${lines.join("\n")}</code></pre>
    <label for=${field}>${WORDS.sentences}</label>
    <textarea
      id=${field}
      rows="3"
      maxlength=${MAX_SENTENCES}
      value=${sentences}
      onInput=${(/** @type {import("../ui.js").AreaEvent} */ e) => put(e.currentTarget.value)}
    ></textarea>
    <p class="on-paper">${sentences}</p>
    <p class="quiet">${WORDS.reportTrace(values.join(", "))} <code>${trace}</code></p>
  </article>`;
}

/** @typedef {import("../../../lsmscope_lesson.js").LessonValue} LessonValue */

/** @param {{ name: string, before: LessonValue, after: LessonValue }} props */
function Row({ name, before, after }) {
  return html`<tr>
    <th scope="row">${name}</th>
    <td>${valueWords(before)}</td>
    <td>${valueWords(after)}</td>
  </tr>`;
}

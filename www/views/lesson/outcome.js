// What was said beside what happened, and why.

import { Nodes } from "./nodes.js";
import { WORDS } from "./words.js";
import { said } from "../../lesson/answers.js";
import { Icon, html } from "../ui.js";

const OUTCOMES = {
  right: { icon: "check", text: WORDS.right },
  partly: { icon: "alert", text: WORDS.partly },
  wrong: { icon: "cross", text: WORDS.wrong },
};

/**
 * @param {{
 *   asked: import("../../lesson/steps.js").Question,
 *   draft: import("../../lesson/answers.js").Draft,
 *   grade: import("../../../lsmscope_lesson.js").Grade,
 *   shown: boolean,
 *   seen?: import("./nodes.js").Seen,
 * }} props `shown`: the learner asked to be shown, and said nothing; `seen`: terms that need no button any more
 */
export function Outcome({ asked: { id, question }, draft, grade, shown, seen }) {
  const { icon, text } = OUTCOMES[grade.outcome];
  const isOrder = question.kind === "order";
  const list = (/** @type {unknown[]} */ items) =>
    isOrder
      ? html`<ol>${items.map((item) => html`<li>${item}</li>`)}</ol>`
      : html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;
  const happened = list(grade.happened.map((nodes) => html`<${Nodes} nodes=${nodes} plain />`));
  const compares = !shown && grade.outcome !== "right";
  const name = `outcome-${id}`;
  return html`<div class="outcome" id=${name} tabindex="-1" role="group" aria-labelledby=${name}>
    <p class="verdict">
      ${shown ? null : html`<${Icon} name=${icon} />`} <strong>${shown ? WORDS.shown : text}</strong>
    </p>
    ${
      compares
        ? html`<dl class="said">
            <div><dt>${WORDS.youSaid}</dt><dd>${list(said(question, draft, WORDS.none))}</dd></div>
            <div><dt>${WORDS.happened}</dt><dd>${happened}</dd></div>
          </dl>`
        : null
    }
    ${shown ? html`<div class="said"><div>${happened}</div></div>` : null}
    ${grade.text.length > 0 ? html`<div class="why-text"><${Nodes} nodes=${grade.text} seen=${seen} /></div>` : null}
    ${
      !shown && grade.outcome === "partly"
        ? html`<p>${WORDS.reason} <${Nodes} nodes=${grade.reason} plain /></p>`
        : null
    }
  </div>`;
}

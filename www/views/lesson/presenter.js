// A lesson before an audience: one screen at a time, which keys or a clicker turn. Text is as large as there is room
// for.

import { Bounds, Line, Rules } from "./challenge.js";
import { ItemView } from "./items.js";
import { Nodes } from "./nodes.js";
import { NextLesson } from "./next-lesson.js";
import { PresenterKeys, useWritten } from "./presenter-keys.js";
import { PresenterStage } from "./presenter-stage.js";
import { CountHands, Votes, letter } from "./votes.js";
import { useFit } from "./fit.js";
import { WORDS } from "./words.js";
import { optionsOf } from "../../lesson/screens.js";
import { hasVotes, noVotes } from "../../lesson/votes.js";
import { html, useEffect, useRef } from "../ui.js";

/** @typedef {import("./props.js").LessonProps} LessonProps */
/** @typedef {import("../../lesson/lesson-state.js").Show} Show */
/** @typedef {import("../../lesson/screens.js").Screen} Screen */
/** @typedef {import("../../lesson/steps.js").Question} Asked */
/** @typedef {LessonProps & { show: Show }} PresenterProps */

/** @param {PresenterProps} props */
export function Presenter(props) {
  const { lesson, show } = props;
  const { outline, beat } = lesson;
  const { screens, at, blank } = show;
  const screen = screens[at];
  const panel = useRef(/** @type {HTMLElement | null} */ (null));
  useFit(panel, [screen, show, lesson.attempt, lesson.begun, lesson.wrong]);
  useEffect(() => {
    // In a vote, its first field has it.
    if (screen?.kind !== "vote") panel.current?.focus({ preventScroll: true });
  }, [screen]);
  const written = useWritten();
  const isWide = screen?.wide || screen?.kind === "end";
  return html`<main
    class="main presenter"
    data-kind=${screen?.kind ?? "loading"}
    data-variant=${lesson.variant}
    data-id=${screen?.asked?.id ?? null}
    data-round=${screen?.kind === "vote" ? screen.round : null}
    data-running=${show.isRunning ? "" : null}
    data-wide=${isWide ? "" : null}
    lang=${outline.lang}
  >
    <div class="present-screen" inert=${blank} aria-hidden=${blank ? "true" : null}>
      ${isWide ? null : html`<${PresenterStage} ...${props} screen=${screen} />`}
      <section class="present-panel" ref=${panel} tabindex="-1" aria-label=${outline.title}>
        <div class="present-words">${screen ? html`<${ScreenView} ...${props} screen=${screen} />` : null}</div>
      </section>
    </div>
    <footer class="present-foot" inert=${blank} aria-hidden=${blank ? "true" : null}>
      <span>${outline.title}</span>
      <span class="present-written" role="status">
        ${written === "numbers" ? WORDS.writesNumbers : written === "words" ? WORDS.writesWords : ""}
      </span>
      <span>${WORDS.beatCount(show.beats.indexOf(beat) + 1, show.beats.length)}</span>
    </footer>
    ${blank ? html`<div class="present-blank" role="status" aria-label=${WORDS.blank}></div>` : null}
    <${PresenterKeys} presenting=${props.lessons.presenting} show=${show} letters=${props.state.letterKeys} />
  </main>`;
}

/** @param {PresenterProps & { screen: Screen }} props */
function ScreenView(props) {
  const { screen, lesson } = props;
  const { asked } = screen;
  const title = html`<h2><${Nodes} nodes=${lesson.presented?.title ?? []} plain /></h2>`;
  switch (screen.kind) {
    case "tell":
      return html`${title}<${Items} ...${props} />`;
    case "try":
      return html`${title}<${Try} ...${props} />`;
    case "end":
      return html`<h2>${WORDS.theEnd}</h2>
        <blockquote class="keep"><${Nodes} nodes=${lesson.outline.keep} plain /></blockquote>
        <${NextLesson} next=${lesson.outline.next} />`;
    default:
      return asked ? html`<${QuestionView} ...${props} asked=${asked} title=${title} />` : null;
  }
}

/** @param {PresenterProps & { screen: Screen }} props */
function Items({ screen, lessons }) {
  const seen = new Set();
  return screen.items.map((item) => html`<${ItemView} item=${item} seen=${seen} lessons=${lessons} plain />`);
}

/** @param {PresenterProps & { screen: Screen, asked: Asked, title: import("../ui.js").Children }} props */
function QuestionView(props) {
  const { screen, show, asked, title, lessons } = props;
  const { id, question } = asked;
  const ask = html`<p class="present-ask"><${Nodes} nodes=${question.ask} plain /></p>`;
  const votes = show.votes[id] ?? noVotes(question);
  switch (screen.kind) {
    case "ask":
      return html`${title}<${Items} ...${props} />${ask}<${Options} question=${question} />`;
    case "vote":
      return html`<p class="present-kicker">
          ${screen.round === "first" ? WORDS.voteFirst : WORDS.voteSecond}
          ${question.kind === "order" ? html`<small>${WORDS.firstOfOrder}</small>` : null}
          ${optionsOf(question) ? null : html`<small>${WORDS.answersAndHands}</small>`}
        </p>
        ${ask}
        <${CountHands}
          key=${`${id} ${screen.round}`}
          question=${question}
          votes=${votes}
          round=${screen.round}
          put=${(/** @type {number} */ row, /** @type {Partial<import("../../lesson/votes.js").Row>} */ patch) =>
            lessons.presenting.count(id, row, patch)}
        />`;
    case "talk":
      return html`<p class="present-kicker">${WORDS.talk}</p>
        ${ask}<${Options} question=${question} />
        <p class="present-about">${WORDS.talkAbout}</p>`;
    default:
      return html`${ask}<${Told} show=${show} asked=${asked} votes=${votes} />`;
  }
}

/** @param {{ question: import("../../lesson/steps.js").Prediction }} props */
function Options({ question }) {
  const options = optionsOf(question);
  return html`${
    options
      ? html`<ol class="hands">
          ${options.map(
            ({ value, words }, at) => html`<li key=${value}><b>${letter(at)}</b><span>${words}</span></li>`,
          )}
        </ol>`
      : null
  }${
    question.reasons.length > 0
      ? html`<p>${WORDS.why}</p>
          <ul class="present-reasons">
            ${question.reasons.map((text, at) => html`<li key=${at}><${Nodes} nodes=${text} plain /></li>`)}
          </ul>`
      : null
  }`;
}

/**
 * What happened, beside what the audience thought.
 * @param {{ show: Show, asked: Asked, votes: import("../../lesson/votes.js").Row[] }} props
 */
function Told({ show, asked: { id, question }, votes }) {
  const found = show.rights[id];
  const runs = html`<p class="present-kicker">${WORDS.runs}</p>`;
  if (!found) return html`<div class="present-told" role="status">${runs}</div>`;
  const { grade } = found;
  const isListed = optionsOf(question) !== null;
  const isCounted = show.showsVotes && hasVotes(votes);
  return html`<div class="present-told" role="status" data-runs=${show.isRunning ? "" : null}>
    ${show.isRunning ? runs : null}
    ${isListed && found.answer ? null : html`<${Happened} grade=${grade} isOrder=${question.kind === "order"} />`}
    ${
      isListed || isCounted
        ? html`<${Votes}
            question=${question}
            votes=${votes}
            isCounted=${isCounted}
            right=${found}
          />`
        : null
    }
    <div class="present-why"><${Nodes} nodes=${found.answer ? grade.text : []} plain /></div>
    ${grade.reason.length > 0 ? html`<p>${WORDS.reason} <${Nodes} nodes=${grade.reason} plain /></p>` : null}
    ${found.wrong ? html`<${WhyNot} question=${question} votes=${votes} wrong=${found.wrong} />` : null}
  </div>`;
}

/**
 * What the lesson says to the wrong answer of most.
 * @param {{
 *   question: import("../../lesson/steps.js").Prediction,
 *   votes: import("../../lesson/votes.js").Row[],
 *   wrong: import("../../lesson/wrong-answer.js").Wrong,
 * }} props
 */
function WhyNot({ question, votes, wrong: { answer, text } }) {
  const options = optionsOf(question);
  const at = votes.findIndex((row) => row.answer === answer);
  // An order is shown as it was: its cards have numbers there.
  const isOrder = question.kind === "order";
  const name = isOrder ? (options?.[at].words ?? answer) : options ? letter(at) : answer.trim();
  return html`<div class="present-not">
    <strong>${isOrder ? WORDS.whyNotFirst(name) : WORDS.whyNot(name)}</strong> <${Nodes} nodes=${text} plain />
  </div>`;
}

/** @param {{ grade: import("../../../lsmscope_lesson.js").Grade, isOrder: boolean }} props */
function Happened({ grade, isOrder }) {
  const items = grade.happened.map((nodes) => html`<li><${Nodes} nodes=${nodes} plain /></li>`);
  return html`<div class="present-happened">
    <p class="present-kicker">${WORDS.happened}</p>
    ${isOrder ? html`<ol>${items}</ol>` : html`<ul>${items}</ul>`}
  </div>`;
}

/**
 * What is to be reached by lines of one's own, as the audience says; or the line that is run next.
 * @param {PresenterProps & { screen: Screen }} props
 */
function Try({ screen, lesson, lessons, controller, state }) {
  const step = lesson.steps[screen.step];
  if (step.typed)
    return html`<p class="present-kicker">${WORDS.line}</p>
      <pre class="code-block"><code>${step.typed.lines.join("\n")}</code></pre>`;
  const challenge = step.challenge?.challenge;
  if (!challenge) return null;
  const { attempt, begun, wrong } = lesson;
  return html`<p class="present-kicker">${WORDS.challenge}</p>
    <div class="present-ask"><${Nodes} nodes=${challenge.ask} plain /></div>
    <p><${Rules} challenge=${challenge} /></p>
    <${Line} controller=${controller} lesson=${lesson} lessons=${lessons} state=${state} allow=${challenge.allow} />
    ${wrong ? html`<p class="error" role="alert">${wrong}</p>` : null}
    <${Bounds} attempt=${attempt} begun=${begun} challenge=${challenge} />`;
}

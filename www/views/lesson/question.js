// A question: its kinds of fields, hints, and what came of the answer.

import { Nodes } from "./nodes.js";
import { Outcome } from "./outcome.js";
import { WORDS } from "./words.js";
import { wordsOf } from "../../lesson/answers.js";
import { say } from "../../words.js";
import { tell } from "../live-region.js";
import { html, useLayoutEffect, useRef } from "../ui.js";

/** @typedef {import("../../lesson/steps.js").Question} Asked */
/** @typedef {import("../../lesson/answers.js").Draft} Draft */
/** @typedef {import("../ui.js").FieldEvent} FieldEvent */
/**
 * @typedef {object} FieldProps
 * @property {Asked} asked
 * @property {Draft} draft
 * @property {boolean} still Whether nothing can be changed any more.
 * @property {(patch: Partial<Draft>) => void} put
 */
/**
 * @typedef {object} QuestionProps
 * @property {Asked} asked
 * @property {Draft} draft
 * @property {boolean} still
 * @property {import("../../../lsmscope_lesson.js").Grade | null} grade Once it may be told.
 * @property {boolean} shown Whether the learner asked to be shown.
 * @property {number} hints How many are shown.
 * @property {boolean} asksSure
 * @property {(patch: Partial<Draft>) => void} put
 * @property {() => void} hint
 * @property {import("./nodes.js").Seen} [seen] Terms that need no button any more.
 */

/** What is dragged, where cards are. */
const CARD = "text/x-card";
const KINDS = { choice: Choice, number: NumberField, order: Order, click: Ticks, scan: Ticks };

/** @param {QuestionProps} props */
export function Question({ asked, draft, still, grade, shown, hints, asksSure, put, hint, seen }) {
  const { question } = asked;
  const Field = KINDS[question.kind];
  const more = !still && hints < question.hints.length;
  // An order that was not right stands below, beside the one that is.
  const compares = question.kind === "order" && grade !== null && !shown && grade.outcome !== "right";
  const outcome = grade && (shown ? "shown" : grade.outcome);
  return html`<fieldset class="question" data-id=${asked.id} data-outcome=${outcome}>
    <legend><${Nodes} nodes=${question.ask} plain /></legend>
    ${compares ? null : html`<${Field} asked=${asked} draft=${draft} still=${still} put=${put} />`}
    ${question.reasons.length > 0 ? html`<${Reasons} asked=${asked} draft=${draft} still=${still} put=${put} />` : null}
    ${asksSure && !still ? html`<${Sure} id=${asked.id} draft=${draft} put=${put} />` : null}
    ${still ? null : html`<${Hints} hints=${question.hints} count=${hints} />`}
    ${more ? html`<button type="button" class="link hint-button" onClick=${hint}>${WORDS.hint}</button>` : null}
    ${grade ? html`<${Outcome} asked=${asked} draft=${draft} grade=${grade} shown=${shown} seen=${seen} />` : null}
  </fieldset>`;
}

/**
 * Enter in a field gives the answer. It is no form: a sandboxed frame may not submit one.
 * @param {() => unknown} commit
 */
export const byEnter = (commit) => (/** @type {KeyboardEvent} */ event) => {
  if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
  event.preventDefault();
  commit();
};

/**
 * Gives the answer. Before there is one it can be reached, and says what it waits for.
 * @param {{ isAnswered: boolean, commit: () => unknown, children?: import("../ui.js").Children }} props
 */
export function CheckButton({ isAnswered, commit, children }) {
  return html`<button
    class="primary"
    aria-disabled=${isAnswered ? null : "true"}
    title=${isAnswered ? null : WORDS.answerFirst}
    onClick=${() => (isAnswered ? commit() : tell("commit", WORDS.answerFirst))}
  >
    ${children}
  </button>`;
}

/**
 * The hints that were asked for. One that has just been asked for gets the focus, as the button for it may be gone.
 * @param {{ hints: import("./nodes.js").Node[][], count: number }} props `count`: how many are shown
 */
export function Hints({ hints, count }) {
  const newest = useRef(/** @type {HTMLElement | null} */ (null));
  const before = useRef(count);
  useLayoutEffect(() => {
    const isAsked = count > before.current;
    before.current = count;
    if (isAsked) newest.current?.focus();
  }, [count]);
  return hints.slice(0, count).map(
    (nodes, at) => html`<div
      key=${at}
      class="hint-text"
      role="note"
      aria-label=${WORDS.aHint}
      tabindex="-1"
      ref=${at === count - 1 ? newest : null}
    >
      <${Nodes} nodes=${nodes} />
    </div>`,
  );
}

/** @param {FieldProps} props */
function Choice({ asked: { id, question }, draft, still, put }) {
  const type = question.several ? "checkbox" : "radio";
  const chosen = (/** @type {string} */ value) =>
    Array.isArray(draft.value) ? draft.value.includes(value) : draft.value === value;
  const choose = (/** @type {string} */ value) =>
    put({ value: Array.isArray(draft.value) ? toggled(draft.value, value) : value });
  return html`<div class="answers">
    ${question.choices.map(
      ({ value, text }) => html`<label key=${value} data-chosen=${chosen(value) ? "" : null}>
        <input
          type=${type}
          name=${`answer-${id}`}
          value=${value}
          checked=${chosen(value)}
          disabled=${still}
          onChange=${() => choose(value)}
        />
        <span><${Nodes} nodes=${text} plain /></span>
      </label>`,
    )}
  </div>`;
}

/** @param {FieldProps} props */
function NumberField({ asked: { question }, draft, still, put }) {
  return html`<label class="number-answer">
    <input
      type="text"
      inputmode="decimal"
      size="7"
      autocomplete="off"
      aria-label=${`${WORDS.aNumber(question.unit)}: ${wordsOf(question.ask).trim()}`}
      value=${draft.value}
      disabled=${still}
      onInput=${(/** @type {FieldEvent} */ e) => put({ value: e.currentTarget.value })}
    />
    ${question.unit}
  </label>`;
}

/** @param {FieldProps} props */
function Order({ asked: { question }, draft, still, put }) {
  const order = /** @type {string[]} */ (draft.value);
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const pressed = useRef(/** @type {HTMLElement | null} */ (null));
  // A card that moves in the page loses the focus of its buttons.
  useLayoutEffect(() => {
    if (pressed.current && list.current?.contains(pressed.current)) pressed.current.focus({ preventScroll: true });
    pressed.current = null;
  }, [order]);
  const textOf = (/** @type {string} */ name) => question.cards.find(({ value }) => value === name)?.text ?? [];
  const move = (/** @type {number} */ at, /** @type {number} */ to) => {
    const isWithin = to >= 0 && to < order.length;
    tell("order", WORDS.cardAt(wordsOf(textOf(order[at])), (isWithin ? to : at) + 1, order.length));
    if (!isWithin) return;
    const next = [...order];
    next.splice(to, 0, ...next.splice(at, 1));
    put({ value: next });
  };
  const button = (/** @type {number} */ at, /** @type {-1 | 1} */ by, /** @type {string} */ words) =>
    html`<button
      type="button"
      class="square"
      title=${words}
      aria-disabled=${at + by < 0 || at + by >= order.length ? "true" : null}
      onClick=${(/** @type {Event} */ event) => {
        pressed.current = /** @type {HTMLElement} */ (event.currentTarget);
        move(at, at + by);
      }}
    >
      <i aria-hidden="true">${by < 0 ? "↑" : "↓"}</i>
    </button>`;
  return html`<ol class="cards" ref=${list}>
    ${order.map((name, at) => {
      const words = wordsOf(textOf(name));
      return html`<li
        key=${name}
        data-card=${name}
        draggable=${!still}
        onDragStart=${(/** @type {DragEvent} */ e) => e.dataTransfer?.setData(CARD, String(at))}
        onDragOver=${(/** @type {DragEvent} */ e) => e.dataTransfer?.types.includes(CARD) && e.preventDefault()}
        onDrop=${(/** @type {DragEvent} */ e) => {
          e.preventDefault();
          const from = e.dataTransfer?.getData(CARD) ?? "";
          if (from !== "") move(Number(from), at);
        }}
      >
        <b aria-hidden="true">${at + 1}</b>
        <span><${Nodes} nodes=${textOf(name)} plain /></span>
        ${still ? null : [button(at, -1, WORDS.up(words)), button(at, 1, WORDS.down(words))]}
      </li>`;
    })}
  </ol>`;
}

/** Places of the stage, which can be clicked there as well; or rows. @param {FieldProps} props */
function Ticks({ asked: { question }, draft, still, put }) {
  const value = /** @type {string[]} */ (draft.value);
  const isClick = question.kind === "click";
  const options = isClick
    ? question.places.map(({ place, smallest, largest, level }) => ({
        value: place,
        about:
          smallest && largest
            ? say("{smallest} … {largest}, level {level}", { smallest, largest, level: level ?? 0 })
            : "",
      }))
    : question.rows.map(({ row, place }) => ({ value: row, about: place }));
  return html`
    ${isClick && !still ? html`<p class="quiet">${WORDS.clickToo}</p>` : null}
    <div class="answers ticks">
      ${options.map(
        ({ value: one, about }) => html`<label key=${`${one} ${about}`} data-chosen=${value.includes(one) ? "" : null}>
          <input
            type="checkbox"
            checked=${value.includes(one)}
            disabled=${still}
            onChange=${() => put({ value: toggled(value, one) })}
          />
          <span>${one}${about ? html` <small>${about}</small>` : null}</span>
        </label>`,
      )}
    </div>
  `;
}

/** @param {FieldProps} props */
function Reasons({ asked: { id, question }, draft, still, put }) {
  return html`<div class="answers reasons" role="group" aria-label=${WORDS.why}>
    <p>${WORDS.why}</p>
    ${question.reasons.map(
      (text, at) => html`<label key=${at} data-chosen=${draft.why === at ? "" : null}>
        <input
          type="radio"
          name=${`why-${id}`}
          checked=${draft.why === at}
          disabled=${still}
          onChange=${() => put({ why: at })}
        />
        <span><${Nodes} nodes=${text} plain /></span>
      </label>`,
    )}
  </div>`;
}

/** @param {{ id: string, draft: Draft, put: (patch: Partial<Draft>) => void }} props */
function Sure({ id, draft, put }) {
  const option = (/** @type {boolean} */ sure, /** @type {string} */ text) =>
    html`<label>
      <input type="radio" name=${`sure-${id}`} checked=${draft.sure === sure} onChange=${() => put({ sure })} /> ${text}
    </label>`;
  return html`<div class="sure" role="group" aria-label=${WORDS.sureLegend}>
    ${option(true, WORDS.sure)} ${option(false, WORDS.guessing)}
  </div>`;
}

/**
 * @param {string[]} list
 * @param {string} one
 */
const toggled = (list, one) => (list.includes(one) ? list.filter((other) => other !== one) : [...list, one]);

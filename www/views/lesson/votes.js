// Hands of an audience: counted answer by answer, and both votes as bars beside each other.

import { WORDS } from "./words.js";
import { optionsOf } from "../../lesson/screens.js";
import { isRight } from "../../lesson/right-answer.js";
import { mostHands } from "../../lesson/votes.js";
import { Icon, html, useEffect, useRef } from "../ui.js";

/** @typedef {import("../../lesson/votes.js").Row} Row */
/** @typedef {import("../../lesson/steps.js").Prediction} Prediction */
/** @typedef {import("../../lesson/right-answer.js").Right} Right */
/** @typedef {import("../ui.js").FieldEvent} FieldEvent */

/** The most characters of a number that is voted on. */
const MAX_NUMBER = 12;

/** The letter of an option. @param {number} at */
export const letter = (at) => String.fromCharCode(65 + at);

/**
 * Fields for the hands of one vote. Enter and the arrows go from one to the next.
 * @param {{
 *   question: Prediction,
 *   votes: Row[],
 *   round: "first" | "second",
 *   put: (row: number, patch: Partial<Row>) => void,
 * }} props
 */
export function CountHands({ question, votes, round, put }) {
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const options = optionsOf(question);
  // What each field of a number is for is said above them: there is no room in them.
  const isNumber = question.kind === "number";
  useEffect(() => {
    const fields = fieldsOf(list.current, round);
    (fields.find(({ value }) => value === "") ?? fields[0])?.focus({ preventScroll: true });
  }, []);
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => walk(event, round);
  return html`<ol class="hands counting" data-numbers=${isNumber ? "" : null} ref=${list} onKeyDown=${onKeyDown}>
    ${votes.map((row, at) => {
      const words = options ? options[at].words : "";
      return html`<li key=${at}>
        <b>${letter(at)}</b>
        ${
          options
            ? html`<span>${words}</span>`
            : html`<input
                type="text"
                class="named"
                inputmode=${isNumber ? "decimal" : "text"}
                autocomplete="off"
                aria-label=${WORDS.namedAnswer}
                maxlength=${isNumber ? MAX_NUMBER : null}
                placeholder=${isNumber ? null : WORDS.answerHere}
                value=${row.answer}
                onInput=${(/** @type {FieldEvent} */ e) => {
                  if (isNumber) e.currentTarget.value = e.currentTarget.value.replaceAll(/[^\d.,-]/g, "");
                  put(at, { answer: e.currentTarget.value });
                }}
              />`
        }
        <input
          type="text"
          class="count"
          inputmode="numeric"
          autocomplete="off"
          aria-label=${WORDS.handsFor(words || row.answer || letter(at))}
          placeholder=${isNumber ? null : WORDS.handsHere}
          value=${row[round]}
          onInput=${(/** @type {FieldEvent} */ e) => {
            put(at, { [round]: e.currentTarget.value });
            // What is no digit goes from the field, also where nothing else changes.
            e.currentTarget.value = e.currentTarget.value.replaceAll(/\D/g, "");
          }}
        />
        <${Bar} votes=${votes} row=${row} round=${round} />
      </li>`;
    })}
  </ol>`;
}

/**
 * The fields that are still to be filled: answers that were named in the first vote stand in the second.
 * @param {Element | null} list
 * @param {"first" | "second"} round
 * @param {string} [kind] a class, of which they are
 */
const fieldsOf = (list, round, kind = round === "second" ? "count" : "") =>
  [...(list?.querySelectorAll("input") ?? [])].filter((field) => kind === "" || field.classList.contains(kind));

/**
 * Enter: the next field that is to be filled; the arrows: the one below, or above.
 * @param {KeyboardEvent} event
 * @param {"first" | "second"} round
 */
function walk(event, round) {
  const by = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  const { currentTarget: list, target } = event;
  if (by === undefined || !(list instanceof HTMLElement) || !(target instanceof HTMLElement)) return;
  event.preventDefault();
  const fields = event.key === "Enter" ? fieldsOf(list, round) : fieldsOf(list, round, target.className);
  fields[fields.findIndex((field) => field === target) + by]?.focus();
}

/**
 * The answers with the hands of both votes; of an order, as it was, with the hands for what comes first.
 * @param {{ question: Prediction, votes: Row[], isCounted: boolean, right: Right }} props
 */
export function Votes({ question, votes, isCounted, right }) {
  const options = optionsOf(question);
  const { answer } = right;
  const order = answer && "order" in answer ? answer.order : null;
  const lettered = votes.map((row, at) => ({ ...row, letter: letter(at), words: options?.[at].words ?? row.answer }));
  const rows = order
    ? order.flatMap((name) => lettered.filter((row) => row.answer === name))
    : // An empty row is none.
      lettered.filter((row) => options || (row.answer.trim() !== "" && (row.first || row.second)));
  const rounds = /** @type {const} */ (["first", "second"]).filter((round) => rows.some((row) => row[round] !== ""));
  return html`${isCounted && rounds.length > 1 ? html`<${Legend} />` : null}
  <ol
    class="hands told"
    data-short=${options ? null : ""}
    data-numbers=${question.kind === "number" ? "" : null}
    aria-label=${WORDS.votes}
  >
    ${rows.map((row, at) => {
      const holds = !order && isRight(right, row.answer);
      return html`<li key=${row.letter} data-right=${holds ? "" : null} data-order=${order ? "" : null}>
        <b>${holds ? html`<${Icon} name="check" />` : order ? at + 1 : row.letter}</b>
        <span>${row.words}</span>
        ${
          isCounted
            ? html`<span class="both">
                ${rounds.map(
                  (round) =>
                    html`<${Bar} key=${round} votes=${votes} row=${row} round=${round} />
                      <i>${row[round] || 0} <span class="sr">${nameOf(round)}</span></i>`,
                )}
              </span>`
            : null
        }
      </li>`;
    })}
  </ol>`;
}

/** Which bar is of which vote. */
function Legend() {
  const bar = (/** @type {"first" | "second"} */ round) => html`<span key=${round}>
    <span class="bar" data-round=${round}><u style="width:100%"></u></span> ${nameOf(round)}
  </span>`;
  return html`<p class="votes-legend" aria-hidden="true">${bar("first")} ${bar("second")}</p>`;
}

/** What a vote is called. @param {"first" | "second"} round */
const nameOf = (round) => (round === "first" ? WORDS.firstVote : WORDS.secondVote);

/** @param {{ votes: Row[], row: Row, round: "first" | "second" }} props */
function Bar({ votes, row, round }) {
  const share = Number(row[round]) / mostHands(votes);
  return html`<span class="bar" data-round=${round} aria-hidden="true"><u style=${`width:${share * 100}%`}></u></span>`;
}

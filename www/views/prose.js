// Sentences in which `backticks` are code, and the field's terms are buttons that show what they mean.

import { termsIn } from "../glossary.js";
import { TermButton } from "./term.js";
import { html } from "./ui.js";

/** @typedef {import("../glossary.js").Term} Term */

/**
 * Text in which `backticks` are code, and each term is a button where it first stands.
 * @param {{ text: string, seen?: Set<Term> }} props `seen`: terms that need no button any more.
 */
export function Prose({ text, seen = new Set() }) {
  return text.split("`").map((part, i) => (i % 2 ? html`<code>${part}</code>` : terms(part, seen)));
}

/**
 * The title and the text of a story: a term is a button once in both.
 * @param {{ told: import("./story.js").Story }} props
 */
export function Told({ told }) {
  /** @type {Set<Term>} */
  const seen = new Set();
  // A title is plain: the names in it may have backticks of their own.
  return html`<strong>${terms(told.title, seen)}.</strong> ${Prose({ text: told.text, seen })}`;
}

/** What stands right before a word without a space, and right behind one. */
export const MARKS_BEFORE = /[^\s\p{L}\p{N}–—-]*$/u;
export const MARKS_BEHIND = /^[^\s\p{L}\p{N}–—(-]*/u;

/**
 * A browser breaks a line before and behind a button: a mark beside a term stays with it.
 * @param {string} text
 * @param {Set<Term>} seen
 */
function terms(text, seen) {
  /** @type {import("./ui.js").Children[]} */
  const parts = [];
  let at = 0;
  for (const { term, from, to } of termsIn(text, seen)) {
    const [before] = MARKS_BEFORE.exec(text.slice(at, from)) ?? [""];
    const [behind] = MARKS_BEHIND.exec(text.slice(to)) ?? [""];
    parts.push(text.slice(at, from - before.length));
    // Another text is another button: what is open over it closes.
    parts.push(
      html`<span key=${`${from} ${text}`} class="with-marks"
        >${before}<${TermButton} term=${term} text=${text.slice(from, to)} />${behind}</span
      >`,
    );
    at = to + behind.length;
  }
  return [...parts, text.slice(at)];
}

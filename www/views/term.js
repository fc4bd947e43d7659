// A term of the field in a sentence: a click, or the keyboard's focus, shows its meaning beside it; Escape, or anything
// outside, closes it. For those who hear the page, the meaning is the description of the word, and what is shown is not
// there: a sentence that is said when it changes would be said again, with every meaning.

import { useDismissal } from "./popover.js";
import { Code, html, useLayoutEffect, useRef, useState } from "./ui.js";

/** From the box to the word, and to the edges of the window. */
const GAP = 6;

/**
 * `label`: what it is called where its text alone says too little; `part`, `stop`, `onFocus`: its place in a walk by
 * the arrow keys, where it is in one.
 * @param {{
 *   term: import("../glossary.js").Term,
 *   text: import("./ui.js").Children,
 *   label?: string,
 *   part?: string,
 *   stop?: boolean,
 *   onFocus?: () => void,
 * }} props
 */
export function TermButton({ term, text, label, part, stop = true, onFocus }) {
  const [open, setOpen] = useState(false);
  const whole = useRef(/** @type {HTMLElement | null} */ (null));
  const button = useRef(/** @type {HTMLElement | null} */ (null));
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useDismissal(open, () => setOpen(false), whole);
  useLayoutEffect(() => {
    if (!open || !box.current || !button.current) return;
    // Above everything that scrolls or cuts off around the sentence.
    box.current.showPopover?.();
    const { left, top } = place(button.current, box.current);
    box.current.style.left = `${left}px`;
    box.current.style.top = `${top}px`;
  }, [open]);
  const focus = () => {
    onFocus?.();
    if (button.current?.matches(":focus-visible")) setOpen(true);
  };
  useLayoutEffect(() => describe(term), [term]);
  return html`<span class="term" ref=${whole}><button
      ref=${button}
      type="button"
      aria-label=${label ?? null}
      aria-describedby=${meaningId(term)}
      data-part=${part ?? null}
      tabindex=${stop ? null : -1}
      aria-expanded=${open ? "true" : "false"}
      onPointerDown=${keepFocus}
      onFocus=${focus}
      onClick=${() => setOpen(!open)}
    >${text}</button>${
      open
        ? html`<span class="meaning" popover="manual" aria-hidden="true" ref=${box}
            ><b>${term.name}.</b> <${Code} text=${term.meaning}
          /></span>`
        : null
    }</span>`;
}

/** @param {import("../glossary.js").Term} term */
const meaningId = ({ name }) => `meaning-of-${name.toLowerCase().replace(/[^\p{L}\d]+/gu, "-")}`;

/**
 * Puts the meaning of a term into the page, once, where nothing is seen or said of it but as a description.
 * @param {import("../glossary.js").Term} term
 */
function describe(term) {
  const id = meaningId(term);
  if (document.getElementById(id)) return;
  const text = document.createElement("div");
  text.id = id;
  text.hidden = true;
  text.textContent = term.meaning.replaceAll("`", "");
  document.body.append(text);
}

/**
 * A click leaves the focus where it is, so that keys go on to step through time.
 * @param {Event} event
 */
function keepFocus(event) {
  event.preventDefault();
}

/** What is to be pressed next, in a lesson: a meaning does not lie on it. */
const ONWARD = ".lesson-panel .lesson-acts";

/**
 * The height of the window above what `box` would lie on.
 * @param {number} top where the box would begin
 * @param {number} height
 */
function roomBelow(top, height) {
  const acts = [...document.querySelectorAll(ONWARD)].map((one) => one.getBoundingClientRect());
  const covered = acts.filter((one) => one.height > 0 && one.top < top + height && one.bottom > top);
  return Math.min(innerHeight, ...covered.map((one) => one.top));
}

/**
 * Below the word, or above it where there is no room; within the window.
 * @param {HTMLElement} word
 * @param {HTMLElement} box
 */
function place(word, box) {
  const at = word.getClientRects()[0] ?? word.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const below = at.bottom + GAP;
  return {
    left: Math.max(GAP, Math.min(at.left, innerWidth - width - GAP)),
    top: below + height + GAP <= roomBelow(below, height) ? below : Math.max(GAP, at.top - height - GAP),
  };
}

// The keys of a presentation, and buttons for them, which are seen when the pointer moves. A clicker has two keys,
// PageUp and PageDown; the rest is at the keyboard.

import { WORDS } from "./words.js";
import { types, typesSign } from "../../keys.js";
import { KeyList } from "../key-list.js";
import { Icon, html, useEffect, useRef, useState } from "../ui.js";

/** @typedef {import("../../lesson/presenting.js").Presenting} Presenting */

/** How long the buttons stay after the pointer has moved, in milliseconds. */
const SEEN = 2500;

/**
 * @param {{ presenting: Presenting, show: import("../../lesson/lesson-state.js").Show, letters: boolean }} props
 *   `letters`: whether keys that type a sign do something
 */
export function PresenterKeys({ presenting, show, letters }) {
  const isSeen = usePointer();
  const latest = useRef({ presenting, letters });
  latest.current = { presenting, letters };
  useEffect(() => {
    const press = (/** @type {KeyboardEvent} */ event) => {
      if (typesSign(event) && !latest.current.letters) return;
      const act = intent(event, latest.current.presenting);
      if (!act || document.querySelector("dialog[open]")) return;
      // The page's own keys rest meanwhile.
      event.preventDefault();
      event.stopPropagation();
      act();
    };
    addEventListener("keydown", press, true);
    return () => removeEventListener("keydown", press, true);
  }, []);
  const button = (
    /** @type {string} */ label,
    /** @type {() => unknown} */ act,
    pressed = /** @type {boolean | null} */ (null),
  ) => html`<button type="button" aria-pressed=${pressed === null ? null : String(pressed)} onClick=${act}>
    ${label}
  </button>`;
  return html`<div
      class="present-controls"
      role="group"
      aria-label=${WORDS.presentControls}
      data-seen=${isSeen ? "" : null}
    >
      ${button(WORDS.presentBack, presenting.back)} ${button(WORDS.presentNext, presenting.next)}
      ${button(WORDS.presentVote, presenting.vote)} ${button(WORDS.presentShow, presenting.reveal)}
      ${button(WORDS.presentBlank, presenting.blank, show.blank)}
      ${button(WORDS.presentAll, presenting.toggleAll, show.all)}
      ${button(WORDS.presentKeys, presenting.keys, show.showsKeys)}
      ${button(WORDS.presentLeave, presenting.leave)}
    </div>
    ${show.showsKeys ? html`<${List} close=${presenting.keys} />` : null}`;
}

/** @param {{ close: () => void }} props */
function List({ close }) {
  return html`<div class="present-keys" role="dialog" aria-label=${WORDS.presentKeys}>
    <${KeyList} of=${WORDS.presentShortcuts} />
    <button type="button" class="square" aria-label=${WORDS.presentLeaveKeys} onClick=${close}>
      <${Icon} name="cross" />
    </button>
  </div>`;
}

/**
 * What a key does.
 * @param {KeyboardEvent} event
 * @param {Presenting} presenting
 * @returns {(() => unknown) | null}
 */
function intent({ key, shiftKey, ctrlKey, altKey, metaKey, target }, presenting) {
  if (ctrlKey || altKey || metaKey) return null;
  const field = fieldOf(target);
  const written = field ? writtenIn(field) : "";
  // In what is written, arrows move; in a figure, they go from part to part.
  const moves = (written === "words" && field?.value !== "") || inFigure(target);
  switch (key) {
    case "PageDown":
      return presenting.next;
    case "PageUp":
      return presenting.back;
    case "Home":
      return moves ? null : presenting.home;
    case "Escape":
      return field ? leaveField : presenting.escape;
    case "ArrowRight":
      if (moves) return null;
      return shiftKey ? () => presenting.step(1) : presenting.next;
    case "ArrowLeft":
      if (moves) return null;
      return shiftKey ? () => presenting.step(-1) : presenting.back;
    case " ":
      return written === "words" || (target instanceof Element && target.closest("button, a, summary"))
        ? null
        : presenting.next;
    default:
      if (written === "words" || (field?.inputMode === "decimal" && MARKS.includes(key))) return null;
      return LETTERS[key.toLowerCase()]?.(presenting) ?? null;
  }
}

/** @typedef {"numbers" | "words" | ""} Written */

/** What stands in a number beside digits. */
const MARKS = [".", ",", "-"];

/**
 * What a field takes. In one for numbers, letters and arrows are keys of the presentation; in one for words (an answer
 * that the audience names, a command), letters are written, and the arrows move in what is there.
 * @param {HTMLInputElement} field
 * @returns {Written}
 */
const writtenIn = ({ inputMode }) => (inputMode === "numeric" || inputMode === "decimal" ? "numbers" : "words");

/** The field that a key is typed into, if any. @param {unknown} target */
const fieldOf = (target) => (target instanceof HTMLInputElement && types(target) ? target : null);

/** Whether the focus is on a part of a figure. @param {unknown} target */
const inFigure = (target) => target instanceof Element && target.closest(".figure-layer") !== null;

function leaveField() {
  const panel = /** @type {HTMLElement | null} */ (document.querySelector(".present-panel"));
  panel?.focus({ preventScroll: true });
}

/** What the field takes that has the focus; empty if none has it. @returns {Written} */
export function useWritten() {
  const [written, setWritten] = useState(/** @type {Written} */ (""));
  useEffect(() => {
    const look = () => {
      const field = fieldOf(document.activeElement);
      setWritten(field ? writtenIn(field) : "");
    };
    look();
    addEventListener("focusin", look);
    addEventListener("focusout", look);
    return () => {
      removeEventListener("focusin", look);
      removeEventListener("focusout", look);
    };
  }, []);
  return written;
}

/** @type {Record<string, (presenting: Presenting) => () => unknown>} */
const LETTERS = {
  b: (presenting) => presenting.blank,
  ".": (presenting) => presenting.blank,
  v: (presenting) => presenting.vote,
  s: (presenting) => presenting.reveal,
  a: (presenting) => presenting.toggleAll,
  f: () => toggleFullscreen,
  "?": (presenting) => presenting.keys,
};

function toggleFullscreen() {
  const change = document.fullscreenElement
    ? document.exitFullscreen()
    : document.documentElement.requestFullscreen?.();
  // A browser may refuse it; the page is as large as its window then.
  change?.catch(() => {});
}

/** Whether the pointer has moved a moment ago. */
function usePointer() {
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const move = () => {
      setSeen(true);
      clearTimeout(timer);
      timer = setTimeout(() => setSeen(false), SEEN);
    };
    addEventListener("pointermove", move);
    return () => {
      removeEventListener("pointermove", move);
      clearTimeout(timer);
    };
  }, []);
  return isSeen;
}

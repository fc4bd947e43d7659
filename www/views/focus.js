// The focus stays where it is, or goes at once to what has come in the place of what had it. A button that is off for
// now keeps it, and its place in the order of Tab.

import { useLayoutEffect, useRef } from "./ui.js";

/**
 * Moves the focus when a drawing has taken away, or switched off, what had it (a step to an end switches its button
 * off): within the same drawing, and never otherwise, so that nothing takes it from where a reader has gone meanwhile.
 * For a view whose owner draws it.
 * @param {{ current: HTMLElement | null }} box Where it has to have been.
 * @param {() => Element | null | undefined} heir What gets it.
 */
export function useHeldFocus(box, heir) {
  const held = document.activeElement;
  const isWithin = held !== null && box.current?.contains(held);
  useLayoutEffect(() => {
    const { activeElement: now } = document;
    const isFree = now === document.body || now === held;
    if (isWithin && isFree && isGone(held))
      /** @type {HTMLElement | null | undefined} */ (heir())?.focus({ preventScroll: true });
  });
}

/**
 * A page that is entered begins at its text, as long as nothing else has the focus.
 * @param {boolean} [begins] Not where the text is a part of another page.
 * @returns {{ current: HTMLElement | null }} where the text is
 */
export function useBegunFocus(begins = true) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => {
    if (begins && document.activeElement === document.body) box.current?.focus({ preventScroll: true });
  }, []);
  return box;
}

/**
 * Properties of a button that is off for now, such as a step forward at the end: it does nothing, and can be reached.
 * @param {boolean} off
 * @param {() => unknown} act
 */
export const pressable = (off, act) => ({
  "aria-disabled": off ? "true" : null,
  onClick: off ? undefined : () => act(),
});

/** @param {Element} element */
const isGone = (element) => !element.isConnected || element.matches(":disabled");

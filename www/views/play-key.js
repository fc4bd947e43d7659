// The key that plays and pauses: Space, wherever in a room the focus is, but for what takes a Space itself.

import { useEffect } from "./ui.js";

/** What takes a Space itself. Charts do not scroll by it: a click on them has chosen the moment to play from. */
const TAKES = "button, summary, a, select, textarea, [role=tab], .scroll:not(.sim-plots), input:not([type=range])";

/**
 * A key that is held down acts once.
 * @param {() => void} toggle
 */
export function usePlayKey(toggle) {
  useEffect(() => {
    const press = (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== " " || event.defaultPrevented) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (document.querySelector("dialog[open]")) return;
      const target = /** @type {HTMLElement} */ (event.target);
      if (target.closest(TAKES)) return;
      event.preventDefault();
      if (!event.repeat) toggle();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [toggle]);
}

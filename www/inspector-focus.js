// The way of the focus from a part of the figure to the inspector, and back: a part that is pressed by key leads there.

/** The part that the focus came from; empty where a pointer opened the inspector. */
let origin = "";
/** Whether the inspector is to have the focus once it is there. */
let isAwaited = false;

/** A part was pressed by key: the inspector, which this opens, gets the focus. @param {string} part its id */
export function goToInspector(part) {
  origin = part;
  isAwaited = true;
}

/** Gives the inspector the focus, where a key has opened it. @param {HTMLElement | null} inspector */
export function giveAwaitedFocus(inspector) {
  if (!isAwaited || !inspector) return;
  isAwaited = false;
  inspector.focus();
}

/**
 * Back from the inspector to the part that led there, or else to the figure. A small window has a figure only when the
 * inspector is gone.
 * @param {HTMLElement} from what has the focus
 */
export function leaveInspector(from) {
  if (!from.closest(".inspector")) return;
  const back = () => {
    const parts = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".figure-layer [data-part]")]);
    const to = parts.find(({ dataset }) => dataset.part === origin) ?? parts.find(({ tabIndex }) => tabIndex === 0);
    to?.focus();
    return to !== undefined && to === document.activeElement;
  };
  if (!back()) requestAnimationFrame(back);
}

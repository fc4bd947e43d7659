// Text as large as its box has room for: a hall reads what is 24 pixels at least, and nothing scrolls.

import { useLayoutEffect } from "../ui.js";

/** The least size of text, in pixels. */
const LEAST = 24;
/** The largest, of the height of the window. */
const SHARE = 0.052;

/**
 * @param {{ current: HTMLElement | null }} box with one element, its content
 * @param {unknown[]} shown What it shows: with another, or in a window of another size, it is measured anew.
 */
export function useFit(box, shown) {
  useLayoutEffect(() => {
    const { current } = box;
    if (!current) return undefined;
    const again = () => fit(current);
    again();
    addEventListener("resize", again);
    // What is loaded later has no size yet.
    const watcher = new ResizeObserver(again);
    if (current.firstElementChild) watcher.observe(current.firstElementChild);
    return () => {
      removeEventListener("resize", again);
      watcher.disconnect();
    };
  }, shown);
}

/**
 * The largest text with which the content fits beside the stage; else with less of the stage; else the least, and the
 * content is scaled.
 * @param {HTMLElement} box
 */
function fit(box) {
  const content = /** @type {HTMLElement} */ (box.firstElementChild);
  const screen = /** @type {HTMLElement} */ (box.parentElement);
  content.style.zoom = "";
  const most = Math.max(LEAST, Math.floor(innerHeight * SHARE));
  // A number that is voted on is read by all, also in its field.
  const fields = [...content.querySelectorAll(".hands[data-numbers] input")];
  const isWhole = (/** @type {Element} */ one) => one.scrollWidth <= one.clientWidth;
  const fits = () => content.offsetHeight <= inner(box) && isWhole(content) && fields.every(isWhole);
  for (const tight of ["", "less", "least"]) {
    if (tight) screen.dataset.tight = tight;
    else delete screen.dataset.tight;
    for (let size = most; size >= LEAST; size -= 1) {
      box.style.fontSize = `${size}px`;
      if (fits()) return;
    }
  }
  // A zoomed box is wider inside: its lines are longer, and it needs less height than the share says.
  for (let zoom = 0.95; zoom > 0.4 && !fits(); zoom -= 0.05) {
    content.style.zoom = String(zoom);
    if (content.offsetHeight * zoom <= inner(box)) return;
  }
}

/** The height that a box has for its content. @param {HTMLElement} box */
function inner(box) {
  const { paddingTop, paddingBottom } = getComputedStyle(box);
  return box.clientHeight - parseFloat(paddingTop) - parseFloat(paddingBottom);
}

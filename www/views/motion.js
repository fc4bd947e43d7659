// Movement that shows causality. After each step, what has moved glides from where it was (FLIP), and what has
// appeared comes from its cause: a frame from the command, a memtable entry from its frame, a flushed table from its
// memtable, a merged table from the level above. Never longer than 250 ms, and not at all under reduced motion, on
// seeks, or when there is too much on the stage to follow anyway.

import { useLayoutEffect, useRef } from "./ui.js";

/** @typedef {import("../timeline.js").View} View */
/** @typedef {Map<string, DOMRect>} Places */

const LONGEST = 240;
/** Running animations. @type {Set<Animation>} */
const moving = new Set();
const MAX_ELEMENTS = 200;

/**
 * @param {{ current: HTMLElement | null }} stage
 * @param {View | null} view
 */
export function useMotion(stage, view) {
  const before = useRef({ position: -1, places: /** @type {Places} */ (new Map()) });
  useLayoutEffect(() => {
    if (!stage.current || !view) return;
    const last = before.current;
    if (view.position === last.position) return;
    const stepped = view.position - last.position === 1;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const elements = /** @type {HTMLElement[]} */ ([...stage.current.querySelectorAll("[data-flip]")]);
    // Measuring costs a layout: it is not done where nothing will move.
    const places = still || elements.length > MAX_ELEMENTS ? new Map() : placesOf(stage.current);
    if (!still && Math.abs(view.position - last.position) === 1)
      move(elements, last.places, places, stepped ? view : null);
    before.current = { position: view.position, places };
  });
}

/**
 * Where everything that can move, or be a cause of movement, is now. Running animations do not count: they are finished
 * first.
 * @param {HTMLElement} stage
 * @returns {Places}
 */
function placesOf(stage) {
  const places = new Map();
  for (const animation of moving) animation.cancel();
  moving.clear();
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (
    stage.querySelectorAll("[data-flip], [data-flip-source]")
  )) {
    const name = element.dataset.flip ?? element.dataset.flipSource ?? "";
    places.set(name, element.getBoundingClientRect());
  }
  return places;
}

/**
 * @param {HTMLElement[]} elements
 * @param {Places} before
 * @param {Places} now
 * @param {View | null} view The view after a step forward: only then do things come from their causes.
 */
function move(elements, before, now, view) {
  for (const element of elements) {
    const name = /** @type {string} */ (element.dataset.flip);
    const to = now.get(name);
    if (!to || to.width === 0) continue;
    const from = before.get(name);
    if (from) glide(element, from, to);
    else if (view) appear(element, causeOf(name, view, before), to);
  }
}

/**
 * Where a new thing comes from.
 * @param {string} name
 * @param {View} view
 * @param {Places} before
 */
function causeOf(name, view, before) {
  const event = view.now;
  if (!event) return undefined;
  if (event.type === "wal_appended" && name.startsWith("frame:")) return before.get("operation");
  if (event.type === "memtable_inserted" && name.startsWith("entry:")) {
    const frame = view.wals.at(-1)?.frames.find((f) => f.records.some((r) => r.seq === event.record.seq));
    return frame && before.get(`frame:${view.wals.at(-1)?.wal}:${frame.offset}`);
  }
  if (name.startsWith("memtable:") && event.type === "memtable_sealed") return before.get(`memtable:${event.memtable}`);
  if (name.startsWith("table:")) {
    if (view.job?.kind === "flush") return before.get(`memtable:${view.job.memtables[0]}`);
    if (view.job?.compaction) return before.get(`level:${view.job.compaction.inputs[0]?.level}`);
  }
  return undefined;
}

/**
 * @param {HTMLElement} element
 * @param {DOMRect} from
 * @param {DOMRect} to
 */
function glide(element, from, to) {
  const dx = from.left - to.left;
  const dy = from.top - to.top;
  const stretch = from.width / to.width;
  if (Math.abs(dx) < 1 && Math.abs(dy) < 1 && Math.abs(stretch - 1) < 0.02) return;
  // Text is not squeezed: only where a thing is, not how wide it is, is animated for narrow changes.
  const scale = stretch > 0.5 && stretch < 2 ? stretch : 1;
  run(element, [
    { transform: `translate(${dx}px, ${dy}px) scaleX(${scale})`, transformOrigin: "0 0" },
    { transform: "none", transformOrigin: "0 0" },
  ]);
}

/**
 * Lets a copy fly from the cause to the new thing, above everything, so that no scrolled box cuts it off.
 * @param {HTMLElement} element
 * @param {DOMRect | undefined} cause
 * @param {DOMRect} to
 */
function appear(element, cause, to) {
  if (!cause) {
    run(element, [
      { opacity: 0, transform: "translateY(-4px)" },
      { opacity: 1, transform: "none" },
    ]);
    return;
  }
  const copy = /** @type {HTMLElement} */ (element.cloneNode(true));
  copy.removeAttribute("data-flip");
  copy.setAttribute("aria-hidden", "true");
  copy.inert = true;
  copy.classList.add("flying", ...hueOf(element));
  Object.assign(copy.style, {
    left: `${to.left}px`,
    top: `${to.top}px`,
    width: `${to.width}px`,
    height: `${to.height}px`,
  });
  document.body.append(copy);
  const dx = cause.left + Math.min(cause.width, 80) / 2 - (to.left + Math.min(to.width, 80) / 2);
  const dy = cause.top + cause.height / 2 - (to.top + to.height / 2);
  run(element, [{ opacity: 0 }, { opacity: 0, offset: 0.95 }, { opacity: 1 }]);
  const flight = run(copy, [
    { opacity: 0.3, transform: `translate(${dx}px, ${dy}px)` },
    { opacity: 1, transform: "none" },
  ]);
  flight.onfinish = flight.oncancel = () => copy.remove();
}

/**
 * The class that gives a table its level's colours stands on its row; a copy needs it too.
 * @param {HTMLElement} element
 */
function hueOf(element) {
  const row = element.closest(".level");
  return row ? [...row.classList].filter((name) => name.startsWith("hue-")) : [];
}

/**
 * @param {HTMLElement} element
 * @param {Keyframe[]} frames
 */
function run(element, frames) {
  const animation = element.animate(frames, { duration: LONGEST, easing: "cubic-bezier(.2,.7,.3,1)" });
  moving.add(animation);
  animation.addEventListener("finish", () => moving.delete(animation));
  return animation;
}

// The figure: the engine at the position as a picture, and the way from one event to the next.
//
// One event forward or back moves; anything further is shown at rest, and so is everything where motion is reduced.

import { draw } from "../figure/canvas.js";
import { THEME_CHANGE, prepare, theme } from "./canvas.js";
import { letters } from "./story.js";
import { html, memo, useEffect, useLayoutEffect, useRef } from "./ui.js";

/** @typedef {import("../timeline.js").Figure} Figure */
/** @typedef {NonNullable<ReturnType<Figure["selectionAt"]>>} Selection */

/** The longest that a motion takes, in milliseconds at speed 1; the rest of an event's time is for reading. */
const LONGEST = 1400;
const SHORTEST = 220;

/**
 * @param {{ controller: import("../controller.js").Controller, position: number, length: number, speed: number, label: string, pick: (selection: Selection) => void }} props
 */
function FigureView({ controller, position, length, speed, label, pick }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const shown = useRef({ position, motion: /** @type {Motion | null} */ (null) });
  const at = (/** @type {MouseEvent} */ event) =>
    shown.current.motion?.selectionAt(event.offsetX, event.offsetY) ?? null;
  const select = (/** @type {MouseEvent} */ event) => {
    const found = at(event);
    if (found) pick(found);
  };
  const point = (/** @type {MouseEvent} */ event) => {
    if (canvas.current) canvas.current.style.cursor = at(event) ? "pointer" : "";
  };
  const resting = useRef(() => {});
  resting.current = () => {
    shown.current.motion?.stop();
    shown.current.motion = rest(canvas.current, controller, position);
  };

  useLayoutEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const redraw = () => resting.current();
    const watcher = new ResizeObserver(redraw);
    watcher.observe(element);
    addEventListener(THEME_CHANGE, redraw);
    return () => {
      watcher.disconnect();
      removeEventListener(THEME_CHANGE, redraw);
      shown.current.motion?.stop();
    };
  }, []);

  useEffect(() => {
    const by = position - shown.current.position;
    shown.current.position = position;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (still || (by !== 1 && by !== -1)) return resting.current();
    shown.current.motion?.stop();
    shown.current.motion = move(canvas.current, controller, position, by, speed);
  }, [controller, position, length]);

  return html`<canvas class="figure" ref=${canvas} role="img" aria-label=${label} onClick=${select} onPointerMove=${point}></canvas>`;
}

export const FigureStage = memo(FigureView);

/** @typedef {{ stop: () => void, selectionAt: Figure["selectionAt"] }} Motion */

/**
 * @param {HTMLCanvasElement | null} canvas
 * @param {import("../controller.js").Controller} controller
 * @param {number} position
 * @returns {Motion | null}
 */
function rest(canvas, controller, position) {
  const figure = canvas && controller.figure(position, canvas.clientWidth, canvas.clientHeight);
  if (!figure) return null;
  frame(canvas, figure, 1);
  canvas.dataset.at = String(position);
  return { stop: () => figure.free(), selectionAt: (x, y) => figure.selectionAt(x, y) };
}

/**
 * Plays the event that leads to the position, or, backwards, the one that led away from it.
 * @param {HTMLCanvasElement | null} canvas
 * @param {import("../controller.js").Controller} controller
 * @param {number} position
 * @param {1 | -1} by
 * @param {number} speed
 * @returns {Motion | null}
 */
function move(canvas, controller, position, by, speed) {
  const event = by === 1 ? position : position + 1;
  const figure = canvas && controller.figure(event, canvas.clientWidth, canvas.clientHeight);
  if (!figure) return null;
  const time = Math.min(LONGEST, Math.max(SHORTEST, controller.seconds(event, letters) * 600)) / speed;
  let begin = 0;
  let next = requestAnimationFrame(function step(now) {
    begin ||= now;
    const share = Math.min(1, (now - begin) / time);
    frame(canvas, figure, by === 1 ? share : 1 - share);
    if (share < 1) {
      next = requestAnimationFrame(step);
      return;
    }
    canvas.dataset.at = String(position);
  });
  return {
    stop() {
      cancelAnimationFrame(next);
      figure.free();
    },
    selectionAt: (x, y) => figure.selectionAt(x, y),
  };
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Figure} figure
 * @param {number} progress
 */
function frame(canvas, figure, progress) {
  const { context } = prepare(canvas);
  if (!context) return;
  // The strings are complete once the frame is there.
  const records = figure.frame(progress);
  draw(context, records, figure.strings, figure.colours(theme()));
}

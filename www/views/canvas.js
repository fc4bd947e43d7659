// What canvases share: colours of the theme, hatching, sharpness, and when to paint.

import { THEME_CHANGE } from "../theme.js";
import { useLayoutEffect, useRef } from "./ui.js";

/**
 * The colour that a custom property means where `element` is, in the current theme, as a canvas takes it.
 * @param {HTMLElement} element
 * @param {string} name
 */
export function cssColor(element, name) {
  const before = element.style.color;
  element.style.color = `var(${name})`;
  const { color } = getComputedStyle(element);
  element.style.color = before;
  return color;
}

/**
 * Hatching, for what is busy and what has to wait: diagonal lines, `gap` pixels apart; where there is no canvas to make
 * them on, the colour itself.
 * @param {CanvasRenderingContext2D} context
 * @param {string} colour
 * @param {number} gap
 */
export function hatching(context, colour, gap) {
  const tile = new OffscreenCanvas(gap, gap);
  const c = tile.getContext("2d");
  if (!c) return colour;
  c.strokeStyle = colour;
  c.lineWidth = 1.4;
  c.beginPath();
  for (const shift of [-gap, 0, gap]) {
    c.moveTo(shift, gap);
    c.lineTo(shift + gap, 0);
  }
  c.stroke();
  return context.createPattern(tile, "repeat") ?? colour;
}

/**
 * Makes the canvas as sharp as the screen, and cleans it.
 * @param {HTMLCanvasElement} canvas
 * @param {{ width: number, height: number }} [size] Its size in the page, where that is known: asking the browser makes
 *   it lay the page out.
 */
export function prepare(canvas, { width, height } = { width: canvas.clientWidth, height: canvas.clientHeight }) {
  // Where a part of the page is enlarged, its pixels are smaller.
  const scale = (devicePixelRatio || 1) * (canvas.currentCSSZoom ?? 1);
  const [across, down] = [width, height].map((length) => Math.max(1, Math.round(length * scale)));
  const context = canvas.getContext("2d");
  // A new size makes new memory for the pixels, also where it is the same.
  if (canvas.width === across && canvas.height === down) context?.reset();
  else [canvas.width, canvas.height] = [across, down];
  context?.scale(scale, scale);
  return { context, width, height };
}

/**
 * Gives the pixels of a canvas back: a browser keeps those of one that is gone until it collects garbage.
 * @param {HTMLCanvasElement} canvas
 */
export function release(canvas) {
  canvas.width = 0;
}

/**
 * Draws into an element when it appears, when what it shows changes, when its size does, and when the colours do: at
 * most once a frame, however often that is.
 * @template {HTMLElement} E
 * @param {(element: E) => void} draw
 * @param {unknown[]} shown What it shows.
 */
export function useDrawing(draw, shown) {
  const element = useRef(/** @type {E | null} */ (null));
  const latest = useRef({ draw, frame: 0 });
  latest.current.draw = draw;
  const again = useRef(() => {
    cancelAnimationFrame(latest.current.frame);
    latest.current.frame = requestAnimationFrame(() => {
      if (element.current) latest.current.draw(element.current);
    });
  });
  useLayoutEffect(() => {
    if (!element.current) return;
    const redraw = again.current;
    // It reports once at the start.
    const watcher = new ResizeObserver(redraw);
    watcher.observe(element.current);
    addEventListener(THEME_CHANGE, redraw);
    return () => {
      watcher.disconnect();
      removeEventListener(THEME_CHANGE, redraw);
      cancelAnimationFrame(latest.current.frame);
    };
  }, []);
  useLayoutEffect(() => again.current(), shown);
  return element;
}

/**
 * Paints a canvas as {@link useDrawing} says.
 * @param {(canvas: HTMLCanvasElement) => void} paint
 * @param {unknown[]} shown What it shows.
 */
export const usePaint = (paint, shown) => useDrawing(paint, shown);

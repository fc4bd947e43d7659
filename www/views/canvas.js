// What canvases share: colours of the theme, hatching, sharpness, and when to paint.

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
 */
export function prepare(canvas) {
  const scale = devicePixelRatio || 1;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext("2d");
  context?.scale(scale, scale);
  return { context, width, height };
}

/**
 * The theme in use: the one that was chosen, or the system's.
 * @returns {"light" | "dark"}
 */
export function theme() {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** The event of the window when the colours change. */
export const THEME_CHANGE = "themechange";

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

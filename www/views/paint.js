// What canvases share: colours of the theme, sharpness, and when to paint.

import { useLayoutEffect, useRef } from "./ui.js";

/**
 * The colour that a custom property means where `element` is, in the theme at hand, as a canvas takes it.
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

/** Told to the window when the colours change. */
export const THEME_CHANGE = "themechange";

/**
 * Paints a canvas when it appears, when what it shows changes, when its size does, and when the colours do.
 * @param {(canvas: HTMLCanvasElement) => void} paint
 * @param {unknown[]} shown What it shows.
 */
export function usePaint(paint, shown) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  useLayoutEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const draw = () => paint(element);
    // It reports once at the start, which is the first painting.
    const watcher = new ResizeObserver(draw);
    watcher.observe(element);
    addEventListener(THEME_CHANGE, draw);
    return () => {
      watcher.disconnect();
      removeEventListener(THEME_CHANGE, draw);
    };
  }, shown);
  return canvas;
}

// What canvases share.

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

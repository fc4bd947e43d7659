// Hatching for canvases: what is busy, and what has to wait.

/**
 * Diagonal lines, `gap` pixels apart; where there is no canvas to make them on, the colour itself.
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

// A GIF, by gifenc: one table of colours for all frames, and of each frame what is other than in the one before.
//
// The colours of the theme are exact; the shades at the edges of letters are chosen from samples.

import { GIFEncoder, applyPalette, quantize } from "gifenc";

/** The index of a pixel that stays. */
const STAYS = 255;
/** Pixels of the samples that are looked at: every so many. */
const LOOKED_AT = 400_000;

/**
 * @param {number} width
 * @param {number} height
 * @param {string[]} colours that are exact: `#rrggbb`
 * @param {Uint8ClampedArray[]} samples
 */
export function createGif(width, height, colours, samples) {
  const encoder = GIFEncoder();
  const exact = colours.map((colour) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)));
  const shades = quantize(thinned(samples), STAYS - exact.length, { format: "rgb565" });
  const palette = [...exact, ...shades.map((shade) => shade.slice(0, 3))].slice(0, STAYS);
  const table = [...palette, ...Array.from({ length: 256 - palette.length }, () => [0, 0, 0])];
  // gifenc rounds before it looks for the nearest: a colour of the theme is never taken for its neighbour.
  const ofTheme = new Map(exact.map(([red, green, blue], i) => [(255 << 24) | (blue << 16) | (green << 8) | red, i]));
  /** @type {Uint8Array | null} */
  let before = null;

  /**
   * @param {Uint8ClampedArray} pixels
   * @param {number} seconds
   */
  function add(pixels, seconds) {
    const indices = applyPalette(pixels, palette, "rgb565");
    const whole = new Int32Array(pixels.buffer);
    for (let i = 0; i < indices.length; i += 1) indices[i] = ofTheme.get(whole[i]) ?? indices[i];
    const changed = indices.slice();
    if (before) for (let i = 0; i < indices.length; i += 1) if (indices[i] === before[i]) changed[i] = STAYS;
    encoder.writeFrame(changed, width, height, {
      palette: before ? undefined : table,
      delay: seconds * 1000,
      transparent: true,
      transparentIndex: STAYS,
      dispose: 1,
      repeat: 0,
    });
    before = indices;
  }

  return {
    add,
    finish: () => {
      encoder.finish();
      return new Blob([encoder.bytes()], { type: "image/gif" });
    },
    cancel: () => {},
  };
}

/** @param {Uint8ClampedArray[]} samples */
function thinned(samples) {
  const pixels = samples.reduce((sum, { length }) => sum + length / 4, 0);
  const step = Math.max(1, Math.floor(pixels / LOOKED_AT));
  const all = new Uint32Array(samples.reduce((sum, { length }) => sum + Math.ceil(length / 4 / step), 0));
  let end = 0;
  for (const sample of samples) {
    const whole = new Uint32Array(sample.buffer, sample.byteOffset, sample.length / 4);
    for (let i = 0; i < whole.length; i += step) all[end++] = whole[i];
  }
  return new Uint8Array(all.buffer);
}

// How far two colours of a page stand apart, as WCAG counts it.

/**
 * @typedef {object} Colours
 * @property {(colour: string) => number[]} rgb With its opacity: four numbers of 0 to 255.
 * @property {(one: number[], other: number[]) => number} contrast 1 to 21.
 * @property {(element: Element | null) => number[]} ground The nearest background that is one colour.
 */
/** What a page has, once `putColours` has run in it. @typedef {typeof globalThis & { colours: Colours }} Coloured */

/** Runs in the page. */
export function putColours() {
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (
    new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })
  );
  const rgb = (/** @type {string} */ colour) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data];
  };
  const light = (/** @type {number[]} */ colour) => {
    const [r, g, b] = colour.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (/** @type {number[]} */ one, /** @type {number[]} */ other) => {
    const [a, b] = [light(one), light(other)];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  const ground = (/** @type {Element | null} */ start) => {
    for (let element = start; element; element = element.parentElement) {
      const colour = rgb(getComputedStyle(element).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return rgb(getComputedStyle(document.body).backgroundColor);
  };
  Object.assign(globalThis, { colours: { rgb, contrast, ground } });
}

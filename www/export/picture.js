// Pictures of the stage to take away: a figure with its sentence, as SVG or as pixels.
//
// In: what makes a figure of a position, and how it should look. Out: the text of an SVG, or a canvas. Both are the
// painter's: the SVG is written where the shapes are, the canvas draws the same shapes.

import { draw } from "../figure/canvas.js";
import { engine, guarded } from "../wasm.js";
import { say } from "../words.js";

/** @typedef {import("../timeline.js").Figure} Figure */
/** @typedef {import("../timeline.js").FilmFrame} FilmFrame */
/** @typedef {{ title: string, text: string }} Told */
/**
 * What a picture is of.
 * @typedef {object} Subject
 * @property {(position: number, width: number, height: number) => Figure | null} figure
 * @property {(position: number) => Told} told
 * @property {(position: number) => string} title What the picture is, for those who do not see it.
 */
/** @typedef {{ width: number, height: number, theme: "light" | "dark", sentence: boolean }} Look */

/**
 * How high the sentences of these positions are, at most: a film does not jump.
 * @param {Subject} subject
 * @param {Iterable<number>} positions
 * @param {Look} look
 */
export function captionRoom(subject, positions, look) {
  if (!look.sentence) return 0;
  let room = 0;
  for (const position of positions) {
    const { title, text } = subject.told(position);
    room = Math.max(
      room,
      guarded(() => engine().caption_height(title, text, look.width)),
    );
  }
  return room;
}

/**
 * The figure of a position, with its sentence below it where that is wanted. It must be freed.
 * @param {Subject} subject
 * @param {number} position
 * @param {Look} look
 * @param {number} room for the sentence
 */
export function figureOf(subject, position, look, room) {
  const figure = subject.figure(position, look.width, look.height - room);
  if (!figure) throw new Error(say("There is nothing to draw: open a database first."));
  if (look.sentence) {
    const { title, text } = subject.told(position);
    figure.tell(title, text, look.width, look.height - room);
  }
  return figure;
}

/**
 * Pictures as one SVG, `columns` of them side by side.
 * @param {Subject} subject
 * @param {Pick<FilmFrame, "position" | "progress">[]} frames
 * @param {Look} look
 * @param {number} [columns]
 */
export function svgOf(subject, frames, look, columns = 1) {
  const positions = new Set(frames.map(({ position }) => position));
  const room = captionRoom(subject, positions, look);
  const sheet = guarded(() => new (engine().PictureSheet)(look.width, look.height));
  try {
    for (const { position, progress } of frames) {
      const figure = figureOf(subject, position, look, room);
      figure.addTo(sheet, progress);
      figure.free();
    }
    const title = subject.title(frames[frames.length - 1].position);
    return guarded(() => sheet.svg(look.theme, title, columns)) ?? "";
  } finally {
    sheet.free();
  }
}

/**
 * As many frames, evenly over the events from one position to another.
 * @param {number} from
 * @param {number} to
 * @param {number} count
 */
export function evenly(from, to, count) {
  return Array.from({ length: count }, (_, i) => {
    const at = count === 1 ? to : from + ((to - from) * i) / (count - 1);
    const position = Math.ceil(at);
    return { position, progress: 1 - (position - at) };
  });
}

/** A canvas that frames of one look are drawn on. The figure of the last position is kept for its next frame. */
export class Screen {
  #subject;
  #look;
  #room;
  /** @type {{ position: number, figure: Figure } | null} */
  #last = null;

  /**
   * @param {Subject} subject
   * @param {Look} look
   * @param {Iterable<number>} positions that will be drawn
   * @param {number} [scale] Pixels for each unit.
   */
  constructor(subject, look, positions, scale = 1) {
    this.#subject = subject;
    this.#look = look;
    this.#room = captionRoom(subject, positions, look);
    this.canvas = document.createElement("canvas");
    this.canvas.width = Math.round(look.width * scale);
    this.canvas.height = Math.round(look.height * scale);
    const context = this.canvas.getContext("2d", { alpha: false, willReadFrequently: true });
    if (!context)
      throw new Error(say("The browser has no memory for a picture as large as this: choose a smaller one."));
    context.scale(scale, scale);
    this.context = context;
  }

  /** @param {Pick<FilmFrame, "position" | "progress">} frame */
  draw({ position, progress }) {
    if (this.#last?.position !== position) {
      this.#last?.figure.free();
      this.#last = { position, figure: figureOf(this.#subject, position, this.#look, this.#room) };
    }
    const { figure } = this.#last;
    const colours = figure.colours(this.#look.theme);
    this.context.fillStyle = colours[0];
    this.context.fillRect(0, 0, this.#look.width, this.#look.height);
    const records = figure.frame(progress);
    draw(this.context, records, figure.strings, colours);
  }

  /** The colours of the look, by tone. */
  colours() {
    return this.#last?.figure.colours(this.#look.theme) ?? [];
  }

  pixels() {
    return this.context.getImageData(0, 0, this.canvas.width, this.canvas.height).data;
  }

  free() {
    this.#last?.figure.free();
    this.#last = null;
  }
}

/**
 * A picture as PNG.
 * @param {Subject} subject
 * @param {Pick<FilmFrame, "position" | "progress">} frame
 * @param {Look} look
 * @param {number} scale
 */
export async function pngOf(subject, frame, look, scale) {
  const screen = new Screen(subject, look, [frame.position], scale);
  try {
    screen.draw(frame);
    return await blobOf(screen.canvas);
  } finally {
    screen.free();
  }
}

/**
 * An SVG as PNG, drawn by the browser.
 * @param {string} svg
 * @param {number} scale
 */
export async function rasterized(svg, scale) {
  const image = new Image();
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.naturalWidth * scale);
    canvas.height = Math.round(image.naturalHeight * scale);
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await blobOf(canvas);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {Promise<Blob>}
 */
function blobOf(canvas) {
  return new Promise((resolve, reject) => {
    const tooLarge = () =>
      reject(new Error(say("The browser makes no picture as large as this: choose a smaller one.")));
    canvas.toBlob((blob) => (blob ? resolve(blob) : tooLarge()), "image/png");
  });
}

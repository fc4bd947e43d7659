// Draws a figure's frame: the records of numbers that `figure/buffer.rs` writes, on a canvas.
//
// In: a frame, its strings, the colours by tone. Out: pixels. Nothing is decided here: what is where is the painter's.

/** The number of numbers of each kind of record; a path has as many as it says. */
const LENGTHS = [6, 1, 9, 8, 0, 8];
const DASH = [4, 3];
const MONO = 'ui-monospace, "SF Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace';
const SANS = 'system-ui, "Segoe UI", "DejaVu Sans", sans-serif';
const ANCHORS = /** @type {const} */ (["left", "center", "right"]);

/**
 * @param {CanvasRenderingContext2D} context whose unit is that of the picture
 * @param {Float32Array} frame
 * @param {string[]} strings
 * @param {string[]} colours by tone
 */
export function draw(context, frame, strings, colours) {
  context.textBaseline = "alphabetic";
  asMeasured(context);
  let at = 0;
  while (at < frame.length) {
    const kind = frame[at];
    if (kind === 0) begin(context, frame, at);
    else if (kind === 1) context.restore();
    else if (kind === 2) rectangle(context, frame, at, colours);
    else if (kind === 3) line(context, frame, at, colours);
    else if (kind === 4) path(context, frame, at, colours);
    else text(context, frame, at, strings, colours);
    at += kind === 4 ? 4 + 2 * frame[at + 1] : LENGTHS[kind];
  }
}

/**
 * Words are as wide as they were measured, also where a reader sets the letters of the page wider: a canvas inherits
 * that, and its words would lie on each other.
 * @param {CanvasRenderingContext2D} context
 */
export function asMeasured(context) {
  context.letterSpacing = "0px";
  context.wordSpacing = "0px";
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Float32Array} f
 * @param {number} at
 */
function begin(context, f, at) {
  context.save();
  context.globalAlpha *= f[at + 2];
  if (f[at + 3] === 0) return;
  context.translate(f[at + 4], f[at + 5]);
  context.rotate((f[at + 3] * Math.PI) / 180);
  context.translate(-f[at + 4], -f[at + 5]);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Float32Array} f
 * @param {number} at
 * @param {string[]} colours
 */
function rectangle(context, f, at, colours) {
  context.beginPath();
  context.roundRect(f[at + 1], f[at + 2], f[at + 3], f[at + 4], Math.min(f[at + 5], f[at + 3] / 2, f[at + 4] / 2));
  paint(context, f[at + 6], f[at + 7], f[at + 8] === 1, colours);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Float32Array} f
 * @param {number} at
 * @param {string[]} colours
 */
function line(context, f, at, colours) {
  context.beginPath();
  context.moveTo(f[at + 1], f[at + 2]);
  context.lineTo(f[at + 3], f[at + 4]);
  context.strokeStyle = colours[f[at + 5]];
  context.lineWidth = f[at + 6];
  context.setLineDash(f[at + 7] === 1 ? DASH : []);
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Float32Array} f
 * @param {number} at
 * @param {string[]} colours
 */
function path(context, f, at, colours) {
  context.beginPath();
  for (let i = 0; i < f[at + 1]; i += 1) context.lineTo(f[at + 4 + 2 * i], f[at + 5 + 2 * i]);
  context.closePath();
  paint(context, f[at + 2], f[at + 3], false, colours);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} fill
 * @param {number} border
 * @param {boolean} dashed
 * @param {string[]} colours
 */
function paint(context, fill, border, dashed, colours) {
  if (fill >= 0) {
    context.fillStyle = colours[fill];
    context.fill();
  }
  if (border < 0) return;
  context.strokeStyle = colours[border];
  context.lineWidth = 1.5;
  context.setLineDash(dashed ? DASH : []);
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Float32Array} f
 * @param {number} at
 * @param {string[]} strings
 * @param {string[]} colours
 */
function text(context, f, at, strings, colours) {
  const style = f[at + 6];
  context.font = `${style & 2 ? "bold " : ""}${f[at + 3]}px ${style & 1 ? MONO : SANS}`;
  context.textAlign = ANCHORS[f[at + 5]];
  context.fillStyle = colours[f[at + 4]];
  const words = strings[f[at + 7]];
  context.fillText(words, f[at + 1], f[at + 2]);
  if (!(style & 4)) return;
  const width = context.measureText(words).width;
  const y = f[at + 2] - 0.3 * f[at + 3];
  context.fillRect(f[at + 1], y, width, 1.5);
}

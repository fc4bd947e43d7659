// A chart as SVG, with axes, a legend and a title: what the page's charts leave to their surroundings.
//
// In: a model: lines over a common axis, colours already those of the theme. Out: the text of an SVG.

/**
 * `values`: null where there is no point. `fill`: the area below it.
 * @typedef {{
 *   name: string,
 *   colour: string,
 *   fill: string | null,
 *   dashed: boolean,
 *   values: ArrayLike<number | null>,
 * }} ChartLine
 */
/**
 * Lines that are stacked come from the top of the stack to its bottom, each with what is below it.
 * @typedef {object} ChartModel
 * @property {string} title
 * @property {string} about
 * @property {ArrayLike<number>} x Ascending.
 * @property {{ from: number, to: number, name: string, written: (n: number) => string, marks: number[] }} axis
 * @property {number} top What the y axis reaches at least.
 * @property {(n: number) => string} written A value.
 * @property {boolean} bytes Whether values are bytes: their round numbers are those of 1,024.
 * @property {boolean} stepped A value holds until the next.
 * @property {ChartLine[]} lines
 */
/** @typedef {{ paper: string, ink: string, quiet: string, grid: string }} Inks */

const FAMILY = "DejaVu Sans, sans-serif";
/** Marks on an axis, about. */
const TICKS = 5;

/**
 * @param {ChartModel} model
 * @param {{ width: number, height: number }} size
 * @param {Inks} inks
 */
export function chartSvg(model, { width, height }, inks) {
  const letter = Math.max(11, Math.min(18, width / 64));
  const highest = model.lines.reduce((most, { values }) => Math.max(most, largest(values)), model.top);
  const unit = model.bytes && highest >= 1 ? 1024 ** Math.floor(Math.log(highest) / Math.log(1024)) : 1;
  const rows = ticks(0, (highest * 1.02) / unit, TICKS, unit === 1 && model.bytes).map((n) => n * unit);
  const room = Math.max(...rows.map((n) => model.written(n).length)) * 0.62 * letter;
  const names = model.lines.length > 1 ? [...model.lines].reverse() : [];
  const plot = {
    left: room + 1.6 * letter,
    top: 2.6 * letter + (names.length > 0 ? 1.6 * letter : 0),
    right: width - letter,
    bottom: height - 3.2 * letter,
  };
  const { from, to } = model.axis;
  const x = (/** @type {number} */ n) => plot.left + ((n - from) / (to - from || 1)) * (plot.right - plot.left);
  const y = (/** @type {number} */ n) => plot.bottom - (n / (highest * 1.02)) * (plot.bottom - plot.top);
  const text = (
    /** @type {number} */ left,
    /** @type {number} */ base,
    /** @type {string} */ words,
    /** @type {string} */ more,
  ) => `<text x="${round(left)}" y="${round(base)}" font-size="${round(letter)}" ${more}>${escaped(words)}</text>`;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
      `role="img" font-family="${FAMILY}">`,
    `<title>${escaped(model.title)}</title>`,
    `<desc>${escaped(model.about)}</desc>`,
    `<rect width="${width}" height="${height}" fill="${inks.paper}"/>`,
    text(letter, 1.7 * letter, model.title, `font-weight="bold" fill="${inks.ink}"`),
    ...legend(names, { left: plot.left, base: 3.4 * letter, letter }, inks),
    ...rows.map(
      (n) =>
        `<line x1="${round(plot.left)}" x2="${round(plot.right)}" y1="${round(y(n))}" y2="${round(y(n))}" ` +
        `stroke="${inks.grid}"/>` +
        text(
          plot.left - 0.5 * letter,
          y(n) + 0.36 * letter,
          model.written(n),
          `text-anchor="end" fill="${inks.quiet}"`,
        ),
    ),
    ...model.axis.marks.map(
      (n) =>
        `<line x1="${round(x(n))}" x2="${round(x(n))}" y1="${round(plot.bottom)}" y2="${round(plot.bottom + 4)}" ` +
        `stroke="${inks.quiet}"/>` +
        text(x(n), plot.bottom + 1.4 * letter, model.axis.written(n), `text-anchor="middle" fill="${inks.quiet}"`),
    ),
    text(
      (plot.left + plot.right) / 2,
      height - 0.6 * letter,
      model.axis.name,
      `text-anchor="middle" fill="${inks.quiet}"`,
    ),
    ...model.lines.flatMap((line) => drawn(line, model, x, y)),
    `<path d="M${round(plot.left)} ${round(plot.top)}V${round(plot.bottom)}H${round(plot.right)}" fill="none" ` +
      `stroke="${inks.quiet}"/>`,
    "</svg>",
  ];
  return `${parts.join("\n")}\n`;
}

/**
 * The names of the lines in a row; what does not fit is left out.
 * @param {ChartLine[]} lines
 * @param {{ left: number, base: number, letter: number }} place
 * @param {Inks} inks
 */
function legend(lines, { left, base, letter }, inks) {
  let x = left;
  return lines.map(({ name, colour, dashed }) => {
    const from = x;
    x += (name.length * 0.62 + 3.2) * letter;
    return (
      `<path d="M${round(from)} ${round(base - 0.36 * letter)}h${round(1.4 * letter)}" stroke="${colour}" ` +
      `stroke-width="3"${dashed ? ' stroke-dasharray="5 3"' : ""}/>` +
      `<text x="${round(from + 1.8 * letter)}" y="${round(base)}" font-size="${round(letter)}" fill="${inks.quiet}">` +
      `${escaped(name)}</text>`
    );
  });
}

/**
 * A line, and the area below it. A gap in the values is a gap in both.
 * @param {ChartLine} line
 * @param {ChartModel} model
 * @param {(n: number) => number} x
 * @param {(n: number) => number} y
 */
function drawn({ colour, fill, dashed, values }, model, x, y) {
  const runs = [];
  /** @type {{ from: number, to: number, path: string } | null} */
  let run = null;
  for (let i = 0; i < model.x.length; i += 1) {
    const value = values[i];
    if (value == null || Number.isNaN(value)) {
      run = null;
      continue;
    }
    const [left, height] = [round(x(model.x[i])), round(y(value))];
    if (!run) {
      run = { from: left, to: left, path: `M${left} ${height}` };
      runs.push(run);
    } else {
      run.path += model.stepped ? `H${left}V${height}` : `L${left} ${height}`;
      run.to = left;
    }
  }
  const floor = round(y(0));
  return runs.flatMap(({ from, to, path }) => [
    ...(fill ? [`<path d="${path}L${to} ${floor}H${from}Z" fill="${fill}"/>`] : []),
    `<path d="${path}" fill="none" stroke="${colour}" stroke-width="1.5"${dashed ? ' stroke-dasharray="5 3"' : ""}/>`,
  ]);
}

/** @param {ArrayLike<number | null>} values */
function largest(values) {
  let most = 0;
  for (let i = 0; i < values.length; i += 1) most = Math.max(most, values[i] || 0);
  return most;
}

/**
 * Round numbers from `from` to `to`, about `count` of them: 1, 2 or 5 times a power of ten apart.
 * @param {number} from
 * @param {number} to
 * @param {number} count
 * @param {boolean} whole
 */
export function ticks(from, to, count, whole) {
  const span = to - from;
  if (!(span > 0)) return [from];
  const power = 10 ** Math.floor(Math.log10(span / count));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => span / n <= count) ?? 10 * power;
  const apart = whole ? Math.max(1, Math.round(step)) : step;
  const first = Math.ceil(from / apart);
  return Array.from({ length: Math.floor(to / apart) - first + 1 }, (_, i) => (first + i) * apart);
}

/** @param {number} n */
const round = (n) => Math.round(n * 100) / 100;

/** @param {string} text */
export const escaped = (text) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

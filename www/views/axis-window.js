// The part of an axis that is in view: from 0 to 1.

/** @typedef {{ from: number, to: number }} AxisWindow */

/** @type {AxisWindow} */
export const ALL = { from: 0, to: 1 };
/** The narrowest: a millionth of the axis. */
const MIN_SPAN = 1e-6;
/** The part of the window that one key press moves by. */
const STEP = 0.25;

/**
 * The window `factor` times as wide (half is twice as near), with what was at `at` (of 1, in the window) still there.
 * @param {AxisWindow} window
 * @param {number} factor
 * @param {number} [at]
 * @returns {AxisWindow}
 */
export function zoomed({ from, to }, factor, at = 0.5) {
  const span = Math.min(1, Math.max(MIN_SPAN, (to - from) * factor));
  const fixed = from + at * (to - from);
  return within(fixed - at * span, span);
}

/**
 * The window, moved by `by` of its own width.
 * @param {AxisWindow} window
 * @param {number} by
 */
export function panned({ from, to }, by) {
  return within(from + by * (to - from), to - from);
}

/**
 * The window in which what is between `left` and `right` (of 1, in the window) has the middle four fifths.
 * @param {AxisWindow} window
 * @param {number} left
 * @param {number} right
 */
export function around({ from, to }, left, right) {
  const span = Math.min(1, Math.max(MIN_SPAN, ((right - left) * (to - from)) / 0.8));
  return within(from + ((left + right) / 2) * (to - from) - span / 2, span);
}

/**
 * @param {number} from
 * @param {number} span
 * @returns {AxisWindow}
 */
function within(from, span) {
  const start = Math.min(Math.max(0, from), 1 - span);
  return span >= 1 ? ALL : { from: start, to: start + span };
}

/**
 * What a key does to a window; undefined where it is no key of a window.
 * @param {string} key
 * @returns {((now: AxisWindow) => AxisWindow) | undefined}
 */
export function keyed(key) {
  /** @type {Record<string, (now: AxisWindow) => AxisWindow>} */
  const keys = {
    "+": (now) => zoomed(now, 0.5),
    "=": (now) => zoomed(now, 0.5),
    "-": (now) => zoomed(now, 2),
    0: () => ALL,
    "<": (now) => panned(now, -STEP),
    ">": (now) => panned(now, STEP),
  };
  return keys[key];
}

/**
 * What the wheel does to a window: with Ctrl or Cmd it zooms where the pointer is, as in a map; sideways it moves along
 * the axis. Else nothing: the page scrolls, as everywhere.
 * @param {WheelEvent} event
 * @param {number} at Where the pointer is, of 1.
 * @param {number} width of the window, in pixels.
 * @returns {((now: AxisWindow) => AxisWindow) | undefined}
 */
export function wheeled(event, at, width) {
  const sideways = event.shiftKey ? event.deltaY : event.deltaX;
  if (event.ctrlKey || event.metaKey) return (now) => zoomed(now, 2 ** (Math.sign(event.deltaY) * 0.5), at);
  const moves = Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY);
  return moves ? (now) => panned(now, sideways / width) : undefined;
}

/**
 * The window that a range of events is, of `length` events; all of them where the range lies behind the last one, as
 * when what is ahead has been hidden.
 * @param {{ from: number, to: number } | null} range
 * @param {number} length
 * @returns {AxisWindow}
 */
export function windowOf(range, length) {
  if (!range || range.from >= length) return ALL;
  return within(range.from / length, (Math.min(length, range.to) - range.from) / length);
}

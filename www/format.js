// How numbers, sizes, times and names are written, everywhere on the page.

import { decimal, number, say, sayCount } from "./words.js";

export { number };

const UNITS = ["B", "KB", "MB", "GB", "TB", "PB"];

/**
 * `412 B`, `1.7 KB`, `64 MB`: powers of 1,024, two digits that count.
 * @param {number} n
 */
export function bytes(n) {
  let unit = 0;
  while (n >= 1024 && unit < UNITS.length - 1) {
    n /= 1024;
    unit += 1;
  }
  const digits =
    unit === 0 || n >= 100 || Number.isInteger(n) ? Math.round(n).toString() : n.toFixed(1).replace(/\.0$/, "");
  return `${decimal(digits)} ${UNITS[unit]}`;
}

/**
 * `1 entry`, `2 entries`, `12,000 entries`.
 * @param {number} n
 * @param {string} one
 * @param {string} [many]
 */
export function count(n, one, many = `${one}s`) {
  return sayCount(n, `{n} ${one}`, `{n} ${many}`);
}

/**
 * A score or an amplification: two decimals, none above 100; `–` where it is not defined, as by nothing.
 * @param {number | undefined} n
 */
export function ratio(n) {
  if (n === undefined || !Number.isFinite(n)) return "–";
  return n >= 100 ? Math.round(n).toString() : decimal(n.toFixed(2));
}

/**
 * About how long something takes, for a person who waits: `4 s`, `9 min`, `1.5 h`.
 * @param {number} seconds
 */
export function duration(seconds) {
  if (seconds < 59.5) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 3570) return `${Math.round(seconds / 60)} min`;
  return `${decimal((seconds / 3600).toFixed(1).replace(/\.0$/, ""))} h`;
}

/**
 * How long something takes that is only estimated: no finer than the estimate is good for.
 * @param {number} seconds
 */
export function roughly(seconds) {
  if (seconds < 7.5) return say("a few seconds");
  return say("about {time}", { time: coarse(seconds) });
}

/** @param {number} seconds */
function coarse(seconds) {
  if (seconds < 55) return `${Math.max(1, Math.round(seconds / 10)) * 10} s`;
  const minutes = seconds / 60;
  if (minutes < 9.5) return `${Math.round(minutes)} min`;
  return minutes < 57.5 ? `${Math.round(minutes / 5) * 5} min` : duration(Math.round(minutes / 30) * 1800);
}

/**
 * A table's or a log's number as its file's name has it: `000007`.
 * @param {number} id
 */
export function file(id) {
  return String(id).padStart(6, "0");
}

/**
 * At most `limit` characters, with `…` where something was cut: whole words, if there are several.
 * @param {string} text
 * @param {number} limit
 */
export function clip(text, limit) {
  if (text.length <= limit) return text;
  // What ends where the limit is ends with a whole word, too.
  const words = text.slice(0, limit).replace(/\s+\S*$/, "");
  return `${words.length < limit ? words : text.slice(0, limit - 1)}…`;
}

/**
 * `a`, `a and b`, `a, b and c`; long lists end in `and 7 more`.
 * @param {string[]} items
 * @param {number} [limit]
 */
export function list(items, limit = 4) {
  const more = items.length - limit;
  const shown = more > 0 ? [...items.slice(0, limit - 1), sayCount(more + 1, "{n} more", "{n} more")] : items;
  if (shown.length < 2) return shown.join("");
  return say("{a} and {b}", { a: shown.slice(0, -1).join(", "), b: String(shown.at(-1)) });
}

/**
 * `850 ms`, `12.5 s`, `3 min 20 s`, `10 h 5 min`, `2 d`: a moment or a length of virtual time.
 * @param {number} seconds
 */
export function time(seconds) {
  if (seconds < 0.9995)
    return seconds === 0 ? "0 s" : seconds < 0.001 ? `${Math.round(seconds * 1e6)} µs` : `${trim(seconds * 1000)} ms`;
  if (seconds < 59.95) return `${trim(seconds)} s`;
  const whole = Math.round(seconds);
  const [d, h, m, s] = [
    Math.floor(whole / 86400),
    Math.floor(whole / 3600) % 24,
    Math.floor(whole / 60) % 60,
    whole % 60,
  ];
  const parts =
    d > 0
      ? [
          [d, "d"],
          [h, "h"],
        ]
      : h > 0
        ? [
            [h, "h"],
            [m, "min"],
          ]
        : [
            [m, "min"],
            [s, "s"],
          ];
  return parts
    .filter(([n], i) => i === 0 || n !== 0)
    .map(([n, unit]) => `${n} ${unit}`)
    .join(" ");
}

/** @param {number} n */
function trim(n) {
  return n >= 100 ? String(Math.round(n)) : decimal(n.toFixed(n >= 10 ? 1 : 2).replace(/\.?0+$/, ""));
}

// The values of an option that varies: as they are typed, as a row of a sweep has them, and some to begin with.
//
// In: text that the engine takes for the option (src/options/value.rs). Out: the text of the same value without a unit:
// sizes in bytes, times as the option counts them.

import { sizeText } from "../options.js";

/** @typedef {import("../catalog.js").Knob} Knob */

/** Suffixes of sizes and counts: powers of 1,024. */
const SCALES = ["", "K", "M", "G", "T", "P"];

/** Suffixes of times, in seconds. */
const TIMES = /** @type {Record<string, number>} */ ({
  us: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 7 * 86_400,
});

/** @param {string} text values with commas between; none of an option's own values has one */
export const typedValues = (text) =>
  text
    .split(",")
    .map((value) => value.trim())
    .filter(Boolean);

/**
 * @param {Knob} knob
 * @param {string} text one that the engine takes
 * @returns {string} of any other text, it may be `NaN`
 */
export function plainValue(knob, text) {
  if (knob.unit === "switch") return String(["true", "on", "yes", "1"].includes(text));
  if (knob.unit === "choice" || text.includes(":")) return text.replaceAll(" ", "");
  const digits = text.replaceAll("_", "");
  // A seed may have more digits than a number of JavaScript's.
  if (/^\+?\d+$/.test(digits)) return digits.replace(/^\+?0*(?=\d)/, "");
  if (digits !== "" && Number.isFinite(Number(digits))) return String(Number(digits));
  const [, number = "", suffix = ""] = /^([\d.]+)\s*([a-z]+)$/i.exec(digits) ?? [];
  if (knob.unit === "seconds") return String(rounded(Number(number) * TIMES[suffix]));
  if (knob.unit === "milliseconds") return String(rounded(Number(number) * TIMES[suffix] * 1000));
  const scale = SCALES.indexOf(suffix.toUpperCase().replace(/I?B$/, ""));
  return String(scale < 0 ? Number.NaN : Math.trunc(Number(number || Number.NaN) * 1024 ** scale));
}

/** Without what a product of floats has too much. @param {number} number */
const rounded = (number) => Number(number.toPrecision(12));

/**
 * Values around the one that an option has now; all, if it is one of a few.
 * @param {Knob} knob
 * @param {string} now without a unit
 * @param {(value: string) => boolean} takes whether the engine takes it
 * @returns {string} as it may be typed
 */
export function suggestedValues(knob, now, takes) {
  const number = Number(now || Number.NaN);
  const values =
    knob.unit === "switch" ? ["false", "true"] : knob.choices.length > 0 ? knob.choices : numbersAround(knob, number);
  const taken = [...new Set(values)].filter(takes);
  return (taken.length > 0 ? taken : [now]).join(", ");
}

/**
 * @param {Knob} knob
 * @param {number} number
 */
function numbersAround({ unit, min, max }, number) {
  if (!Number.isFinite(number)) return [];
  const around = number === 0 ? [0, 1, 2] : [number / 2, number, number * 2];
  const within = around.map((one) => Math.min(max ?? one, Math.max(min ?? one, one)));
  // Where half of it is no whole number, the engine may want one.
  const whole = Number.isInteger(number) ? within.map(Math.floor) : within;
  return whole.map((one) => (unit === "bytes" ? sizeText(String(one)) : String(one)));
}

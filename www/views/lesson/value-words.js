// A value of the lesson's language, as a person reads it.

import { decimal, number } from "../../words.js";

/** @param {import("../../../lsmscope_lesson.js").LessonValue} value @returns {string} */
export function valueWords(value) {
  // Of a fraction, no more digits than tell something.
  if (typeof value === "number")
    return Number.isInteger(value) ? number(value) : decimal(String(Number(value.toPrecision(3))));
  if (value === null) return "–";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

// How fast the time of a run or of a log passes: seconds of it in a second, and how that is said.

import { say } from "./words.js";

/** @type {readonly (readonly [number, string])[]} */
export const PACES = [
  [1, say("as in life")],
  [10, say("10 s a second")],
  [60, say("1 min a second")],
  [600, say("10 min a second")],
  [3600, say("1 h a second")],
  [21_600, say("6 h a second")],
  [86_400, say("1 day a second")],
  [604_800, say("1 week a second")],
];

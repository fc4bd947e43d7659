// A link to a moment: preset, script and position in the URL's fragment, which is not sent to the server.
//
//   #v=1&preset=teaching&script=put%20a%201%0Aflush&next=get%20a&at=12
//
// `script` are the lines that have run, `next` those that are queued; `at` is the position on the timeline.

import { lines } from "./command-lines.js";

/**
 * @typedef {object} Moment
 * @property {string} preset
 * @property {string[]} script Lines that were run.
 * @property {string[]} next Lines that are queued.
 * @property {number | null} at The position; null is the end.
 */

/**
 * @param {Moment} moment
 * @returns {string} a fragment with its `#`
 */
export function encode(moment) {
  const fields = new URLSearchParams({ v: "1", preset: moment.preset, script: moment.script.join("\n") });
  if (moment.next.length > 0) fields.set("next", moment.next.join("\n"));
  if (moment.at !== null) fields.set("at", String(moment.at));
  return `#${fields}`;
}

/**
 * @param {string} fragment
 * @returns {Moment | null} null if the fragment is no moment
 */
export function decode(fragment) {
  const fields = new URLSearchParams(fragment.replace(/^#/, ""));
  // A link with a room is the simulator's: see sim/experiment.js.
  if (fields.get("v") !== "1" || fields.has("room")) return null;
  const at = Number.parseInt(fields.get("at") ?? "", 10);
  return {
    preset: fields.get("preset") || "teaching",
    script: lines(fields.get("script") ?? ""),
    next: lines(fields.get("next") ?? ""),
    at: Number.isSafeInteger(at) && at >= 0 ? at : null,
  };
}

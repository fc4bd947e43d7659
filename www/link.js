// A link to a moment: preset, script and position in the URL's fragment, which is not sent to the server.
//
//   #v=1&preset=teaching&script=put%20a%201%0Aflush&next=get%20a&at=12
//
// `script` are the lines that have run, `next` those that are queued; `at` is the position on the timeline. With
// `past=only`, what happens after the position is hidden.

import { lines } from "./command-lines.js";

/** The version of links that this page reads, and makes: both kinds of links have it. */
const VERSION = 1;

/**
 * @typedef {object} Moment
 * @property {string} preset
 * @property {string[]} script Lines that were run.
 * @property {string[]} next Lines that are queued.
 * @property {number | null} at The position; null is the end.
 * @property {boolean} [pastOnly] Whether what happens after it is hidden.
 */

/**
 * @param {Moment} moment
 * @returns {string} a fragment with its `#`
 */
export function encode(moment) {
  const fields = new URLSearchParams({ v: String(VERSION), preset: moment.preset, script: moment.script.join("\n") });
  if (moment.next.length > 0) fields.set("next", moment.next.join("\n"));
  if (moment.pastOnly) fields.set("past", "only");
  if (moment.at !== null) fields.set("at", String(moment.at));
  return `#${fields}`;
}

/**
 * Which kind of link a fragment is. The version comes first: what a newer link opens is not known.
 * @param {string} fragment
 * @returns {"moment" | "experiment" | "newer" | null} null if it is none
 */
export function linkKind(fragment) {
  const fields = fieldsOf(fragment);
  if (isNewer(fields)) return "newer";
  if (fields.get("room") === "simulate") return "experiment";
  return decode(fragment) && "moment";
}

/**
 * Why a link of a newer version is not followed, and what helps.
 * @param {string} fragment
 */
export function refusal(fragment) {
  const version = fieldsOf(fragment).get("v");
  const known = `The link has version ${version}; this page reads version ${VERSION}.`;
  return `${known} Reload the page: a newer one may be there.`;
}

/** @param {string} fragment */
function fieldsOf(fragment) {
  return new URLSearchParams(fragment.replace(/^#/, ""));
}

/** @param {URLSearchParams} fields */
function isNewer(fields) {
  const version = fields.get("v") ?? "";
  return /^[0-9]+$/.test(version) && Number(version) > VERSION;
}

/**
 * @param {string} fragment
 * @returns {Moment | null} null if the fragment is no moment
 */
export function decode(fragment) {
  const fields = fieldsOf(fragment);
  // A link with a room is the simulator's: see sim/experiment.js.
  if (fields.get("v") !== String(VERSION) || fields.has("room")) return null;
  const at = Number.parseInt(fields.get("at") ?? "", 10);
  return {
    preset: fields.get("preset") || "teaching",
    script: lines(fields.get("script") ?? ""),
    next: lines(fields.get("next") ?? ""),
    at: Number.isSafeInteger(at) && at >= 0 ? at : null,
    ...(fields.get("past") === "only" ? { pastOnly: true } : {}),
  };
}

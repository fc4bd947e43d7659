// Progress as a fragment: what a host keeps of a lesson in a frame, and gives back at the next visit.
//
//   progress=LETTERS   JSON, deflated as in a link (link/deflate.js): `progress.js` has its fields, `v` its version
//
// In: progress, or a fragment. Out: the other of the two. Words that the page says again by itself are left out: of a
// try, only the end of a lesson shows them, and only of a first one that was not right. Errors: a fragment that has no
// progress gives null; whether it is of the lesson is for `readProgress` to say.

import { canDeflate, deflate, inflate } from "../link/deflate.js";
import { MAX_FRAGMENT } from "../link/bounds.js";

/** @typedef {import("./progress.js").Progress} Progress */
/** @typedef {import("./progress.js").Try} Try */

/**
 * @param {Progress} progress
 * @param {number} longest In characters.
 * @returns {Promise<string>} a fragment without its `#`; empty if it would be longer
 */
export async function progressLink(progress, longest) {
  if (!canDeflate()) return "";
  const tries = Object.fromEntries(Object.entries(progress.tries).map(([id, list]) => [id, list.map(shortened)]));
  const fragment = `progress=${await deflate(JSON.stringify({ ...progress, tries }))}`;
  return fragment.length <= longest ? fragment : "";
}

/**
 * @param {Try} one
 * @param {number} at Which one it is.
 * @returns {Try}
 */
const shortened = (one, at) =>
  at === 0 && one.outcome !== "right" ? one : { ...one, ask: "", said: "", happened: "" };

/**
 * @param {string} fragment
 * @returns {Promise<unknown>} what may be progress; null if there is none
 */
export async function readProgressLink(fragment) {
  const [, letters] = /^#?progress=([\w-]+)$/.exec(fragment.slice(0, MAX_FRAGMENT)) ?? [];
  if (!letters) return null;
  return await inflate(letters)
    .then((text) => JSON.parse(text))
    .catch(() => null);
}

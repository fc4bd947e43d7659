// Asks for what the first view waits for, before the modules of the page have come: index.html loads this file by
// itself, beside the others. A link needs the engine; a lesson, or its editor, what grades it, and the engine after
// that; the list of lessons none; a first visit, the recorded tour. A reload may restore a session, and has the files
// in the browser's cache.

import { ENGINE, IS_RECORDED, LESSON, PLAYER, TOUR } from "./assets.js";

/** @type {Map<string, Promise<Response>>} */
const asked = new Map();

/**
 * The answer for `url`: the one that was asked for early, once, or a new one.
 * @param {URL} url
 */
export function fetched(url) {
  const answer = asked.get(url.href) ?? fetch(url);
  asked.delete(url.href);
  return answer;
}

/** @param {URL} url */
function ask(url) {
  const answer = fetch(url);
  // Who takes it hears of it.
  answer.catch(() => {});
  asked.set(url.href, answer);
}

const [visit] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
const query = new URLSearchParams(location.search);
const wanted = (() => {
  if (query.get("lesson") || query.has("edit")) return [LESSON];
  if (query.has("lesson")) return [];
  return location.hash.length > 1 ? [ENGINE] : [PLAYER, TOUR];
})();
// The single file fetches nothing.
if (IS_RECORDED && visit?.type !== "reload") wanted.filter((one) => one instanceof URL).forEach(ask);

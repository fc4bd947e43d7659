// Verdicts that are said because no focus goes to them.

import { tell } from "../live-region.js";

/** What came of an answer, of a challenge, of a line. */
export const OUTCOME = ".outcome, .verdict";

/**
 * Says the verdicts that the focus did not go to: of a second question, or all where a reader has gone elsewhere.
 * @param {Element} within
 */
export function tellUnread(within) {
  const unread = [...within.querySelectorAll(OUTCOME)].filter((one) => one.parentElement?.closest(OUTCOME) === null);
  const words = unread
    .filter((one) => one !== document.activeElement)
    .map((one) => {
      const verdict = one.matches(".verdict") ? one : one.querySelector(".verdict");
      return [one.closest("fieldset")?.querySelector("legend"), verdict].map((part) => part?.textContent?.trim() ?? "");
    });
  if (words.length > 0) tell("verdict", words.flat().filter(Boolean).join(" "));
}

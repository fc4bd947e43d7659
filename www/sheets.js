// The style sheets that no first view needs: index.html links them, disabled, so that no browser asks for them yet.

import { once } from "./once.js";
import { say } from "./words.js";

/**
 * Has the rest of the styles, before what they are of is drawn. Where all is in one file, it is there.
 * Rejects with what did not come, and may be asked again.
 */
export const restOfStyles = once(async () => {
  /** @type {NodeListOf<HTMLLinkElement>} */
  const links = document.querySelectorAll("link[data-later]");
  await Promise.all([...links].filter((link) => link.disabled).map(enabled));
});

/** @param {HTMLLinkElement} link */
function enabled(link) {
  return new Promise((resolve, reject) => {
    link.onload = resolve;
    link.onerror = () => {
      link.disabled = true;
      reject(new Error(say("its styles did not come")));
    };
    link.disabled = false;
  });
}

// The place of what a question hides: a question mark for the eye, and words for the ear.

import { say } from "../words.js";
import { html } from "./ui.js";

/** How it is seen. */
export const MASK = "?";
/** How it is said. */
export const MASK_SAID = say("hidden until you answer");

export function Hidden() {
  return html`<span role="img" aria-label=${MASK_SAID}>${MASK}</span>`;
}

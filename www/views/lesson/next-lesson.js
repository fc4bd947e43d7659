// What comes next: the words of the lesson, with its link; where it is but the name of a lesson, a link to that; and
// the way to the list of lessons. A package for a learning platform has no other lesson to go to.

import { Nodes } from "./nodes.js";
import { WORDS } from "./words.js";
import { wordsOf } from "../../lesson/answers.js";
import { isPackage } from "../../site-address.js";
import { html } from "../ui.js";

/** @param {{ next: import("./nodes.js").Node[] }} props */
export function NextLesson({ next }) {
  const name = wordsOf(next).trim();
  const isName = /^[a-z0-9-]+$/.test(name);
  if (name === "" || (isName && isPackage())) return null;
  return html`<div class="next-lesson">
    ${isName ? html`<p><a href=${`?lesson=${name}`}>${WORDS.nextLesson}</a></p>` : html`<${Nodes} nodes=${next} />`}
  </div>`;
}

/** The way to the list of lessons. */
export const ToCourse = () => (isPackage() ? null : html`<a class="button" href="?lesson">${WORDS.toCourse}</a>`);

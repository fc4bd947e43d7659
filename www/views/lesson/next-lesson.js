// What comes next: the words of the lesson, with its link; where it is but the name of a lesson, a link to that.

import { Nodes } from "./nodes.js";
import { WORDS } from "./words.js";
import { wordsOf } from "../../lesson/answers.js";
import { html } from "../ui.js";

/** @param {{ next: import("./nodes.js").Node[] }} props */
export function NextLesson({ next }) {
  const name = wordsOf(next).trim();
  if (name === "") return null;
  return html`<div class="next-lesson">
    ${
      /^[a-z0-9-]+$/.test(name)
        ? html`<p><a href=${`?lesson=${name}`}>${WORDS.nextLesson}</a></p>`
        : html`<${Nodes} nodes=${next} />`
    }
  </div>`;
}

// What a beat shows besides its questions: texts, commands, cards, lives of keys, and figures of their own.

import { Figures } from "./figures.js";
import { Nodes } from "./nodes.js";
import { WORDS } from "./words.js";
import { lifeText } from "../key-life.js";
import { html } from "../ui.js";

/** @typedef {import("../../lesson/steps.js").Item} Item */

/** Commands that stand in one column; more stand in several, so that what is asked is not far below. */
const LONG = 7;

/**
 * @param {{
 *   item: Item,
 *   seen: Set<any>,
 *   lessons: import("../../lesson/lesson.js").LessonController,
 *   changes?: boolean,
 *   plain?: boolean,
 * }} props `changes`: what a figure runs can be changed; `plain`: terms are no buttons
 */
export function ItemView({ item, seen, lessons, changes = false, plain = false }) {
  if (item.type === "text") return html`<${Nodes} nodes=${item.nodes} seen=${seen} plain=${plain} />`;
  const { content } = item;
  switch (content.type) {
    case "lines":
      return html`<pre
        class="code-block lines"
        data-long=${content.lines.length > LONG ? "" : null}
        tabindex="0"
        role="group"
        aria-label=${WORDS.commands}
      ><code>${wrapped(content.lines)}</code></pre>`;
    case "policy":
      return html`<pre class="code-block" tabindex="0" role="group" aria-label=${WORDS.tree}
        ><code>${wrapped(content.text.split("\n"))}</code></pre>`;
    case "life":
      return html`<${Life} name=${content.key} steps=${lessons.keyLife(content.key)} />`;
    case "compare":
    case "fork":
    case "figure":
      return html`<${Figures} content=${content} stageOf=${lessons.stageOf} changes=${changes} />`;
    default:
      return null;
  }
}

/**
 * Lines of which one that is too long goes on below.
 * @param {string[]} lines
 */
const wrapped = (lines) => lines.map((line, at) => html`<span class="wrapped" key=${at}>${line}${"\n"}</span>`);

/**
 * What has happened to a key so far.
 * @param {{ name: string, steps: import("../key-life.js").LifeStep[] }} props
 */
function Life({ name, steps }) {
  return html`<div class="life-box">
    <p class="kicker">${WORDS.life(name)}</p>
    <ol>
      ${steps.map((step, at) => html`<li key=${at}>${lifeText(step)}</li>`)}
    </ol>
  </div>`;
}

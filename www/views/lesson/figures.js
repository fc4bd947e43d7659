// Figures with a database of their own, in a text: one, or two side by side. Each plays once it is seen, and can be
// scrubbed.

import { Nodes } from "./nodes.js";
import { OwnFigure } from "./own-figure.js";
import { WORDS } from "./words.js";
import { wordsOf } from "../../lesson/answers.js";
import { html } from "../ui.js";

/** @typedef {import("../../../lsmscope_lesson.js").PresentedBlock} Block */
/** @typedef {import("./own-figure.js").StageOf} StageOf */

/** @typedef {Extract<Block, { type: "compare" | "fork" | "figure" }>} WithStage */

/** @param {{ content: WithStage, stageOf: StageOf, changes: boolean }} props */
export function Figures({ content, stageOf, changes }) {
  switch (content.type) {
    case "figure":
      return html`<${OwnFigure}
        stageOf=${stageOf}
        wanted=${content}
        changes=${changes}
        about=${wordsOf(content.caption)}
        caption=${content.caption.length > 0 ? html`<${Nodes} nodes=${content.caption} />` : null}
      />`;
    case "fork": {
      const options = Object.entries(content.opening.options).map(([name, value]) => `${name}=${value}`);
      return html`<${OwnFigure} stageOf=${stageOf} wanted=${content} caption=${WORDS.whatIf(options.join(", "))} />`;
    }
    case "compare": {
      const { opening, left_title, left, right_title, right, from, show } = content;
      const side = (/** @type {string[]} */ lines, /** @type {import("./nodes.js").Node[]} */ title) =>
        html`<${OwnFigure}
          stageOf=${stageOf}
          wanted=${{ opening, lines, from }}
          show=${show}
          title=${html`<${Nodes} nodes=${title} plain />`}
          name=${wordsOf(title)}
        />`;
      return html`<div class="compared">${side(left, left_title)}${side(right, right_title)}</div>`;
    }
  }
}

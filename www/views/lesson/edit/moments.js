// The moments that the block at the cursor can name: of a question's window, of a figure's run.

import { say } from "../../../words.js";
import { Code, html } from "../../ui.js";
import { story } from "../../story.js";

/**
 * @param {{
 *   state: import("../../../lesson/edit/editing.js").EditingState,
 *   choose: (name: string) => void,
 * }} props
 */
export function Moments({ state: { isLesson, names, moments }, choose }) {
  if (!isLesson)
    return html`<p class="quiet">
      ${say("Moments are those of a run, and a text with errors does not run: mend what the problems say first.")}
    </p>`;
  if (names === "")
    return html`<p class="quiet">
      ${say("Put the cursor into a question or a figure: the moments of its run are listed here.")}
    </p>`;
  if (moments.length === 0) return html`<p class="quiet">${say("Nothing runs here yet.")}</p>`;
  return html`
    <p class="quiet">
      ${
        names === "stop"
          ? say("For stop: of this question. A click writes the name there.")
          : say(
              "A click writes the name to from or to of this figure: to the one at the cursor, else to the missing " +
                "one.",
            )
      }
    </p>
    <ol class="edit-moments" aria-label=${say("Moments")}>
      ${moments.map(
        ({ name, event }) =>
          html`<li key=${name}>
            <button class="plain" onClick=${() => choose(name)}>
              <code>${name}</code>
              <span><${Code} text=${story(event).title} /></span>
            </button>
          </li>`,
      )}
    </ol>
  `;
}

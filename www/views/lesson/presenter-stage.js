// The stage of a lesson before an audience: the figure and its sentence, without controls. What a question masks is
// hidden until its window has run.

import { LessonFigure } from "./lesson-figure.js";
import { Meters } from "./meters.js";
import { Driving } from "../driving.js";
import { PowerOff } from "../power-off.js";
import { toldOf } from "../story.js";
import { WORDS } from "./words.js";
import { hiddenNow, masksOf } from "../../lesson/masks.js";
import { cardOf } from "../../lesson/screens.js";
import { controlsOf } from "../../lesson/steps.js";
import { Code, html, useMemo } from "../ui.js";

/**
 * @param {import("./props.js").LessonProps & {
 *   show: import("../../lesson/lesson-state.js").Show,
 *   screen?: import("../../lesson/screens.js").Screen,
 * }} props
 */
export function PresenterStage({ controller, player, lesson, show, state, screen }) {
  const { view } = state.shown;
  const told = toldOf(view);
  const hidden = hiddenNow(lesson);
  const masks = useMemo(() => masksOf(hidden), [hidden]);
  const { presented } = lesson;
  const hasMeters = useMemo(() => presented && controlsOf(presented.items)?.includes("meters"), [presented]);
  // What is taken back is not on the page any more.
  if (!screen || show.isBack)
    return html`<div class="present-stage"></div>
      <p class="present-sentence"></p>`;
  const card = cardOf(lesson.steps[screen.step]);
  if (card !== null)
    return html`<div class="present-stage">
      <pre class="code-block" aria-label=${WORDS.tree}><code>${card}</code></pre>
    </div>`;
  return html`<div class="present-stage first-stage">
      ${view ? html`<${PowerOff} controller=${controller} view=${view} busy=${true} atEnd=${false} />` : null}
      <${LessonFigure} controller=${controller} player=${player} state=${state} masks=${masks} />
      ${hasMeters && view ? html`<${Meters} view=${view} masks=${masks} />` : null}
      ${state.drive ? html`<${Driving} controller=${controller} drive=${state.drive} />` : null}
    </div>
    <p class="present-sentence">
      ${masks.story ? WORDS.sayFirst : html`<strong>${told.title}.</strong> <${Code} text=${told.text} />`}
    </p>`;
}

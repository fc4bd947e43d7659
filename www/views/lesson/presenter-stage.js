// The stage of a lesson before an audience: the figure and its sentence, without controls. What a question masks is
// hidden until its window has run.

import { FigureStage } from "../figure.js";
import { Driving } from "../driving.js";
import { PowerOff } from "../plug.js";
import { before, CLOSED, letters, story } from "../story.js";
import { WORDS } from "./words.js";
import { masksOf } from "../../lesson/masks.js";
import { cardOf } from "../../lesson/screens.js";
import { Code, html, useCallback, useMemo } from "../ui.js";

/**
 * @param {import("./props.js").LessonProps & {
 *   show: import("../../lesson/lesson-state.js").Show,
 *   screen?: import("../../lesson/screens.js").Screen,
 * }} props
 */
export function PresenterStage({ controller, player, lesson, show, state, screen }) {
  const { stage, shown } = state;
  const { view } = shown;
  const told = view?.now ? story(view.now) : view ? before(view.start) : CLOSED;
  const seconds = useCallback((/** @type {number} */ position) => controller.seconds(position, letters), [controller]);
  const isHidden = screen?.asked && screen.kind !== "told";
  const step = screen && lesson.steps[screen.step];
  const masks = useMemo(() => masksOf(isHidden && step ? step.hide : []), [isHidden, step]);
  // What is taken back is not on the page any more.
  if (!screen || show.isBack)
    return html`<div class="present-stage"></div>
      <p class="present-sentence"></p>`;
  const card = cardOf(step);
  if (card !== null)
    return html`<div class="present-stage">
      <pre class="code-block" aria-label=${WORDS.tree}><code>${card}</code></pre>
    </div>`;
  return html`<div class="present-stage first-stage">
      ${view ? html`<${PowerOff} controller=${controller} view=${view} busy=${true} atEnd=${false} />` : null}
      <${FigureStage}
        paint=${controller.figure}
        position=${stage.position}
        shown=${shown}
        label=${masks.story ? WORDS.masked : WORDS.stage(stage.position, told.title)}
        seconds=${seconds}
        speed=${player.speed()}
        zoom=${state.zoom}
        setZoom=${controller.zoom}
        masks=${masks}
      />
      ${state.drive ? html`<${Driving} controller=${controller} drive=${state.drive} />` : null}
    </div>
    <p class="present-sentence">
      ${masks.story ? WORDS.sayFirst : html`<strong>${told.title}.</strong> <${Code} text=${told.text} />`}
    </p>`;
}

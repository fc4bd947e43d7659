// The figure of a lesson: as it is played, with what a question asks about hidden.

import { FigureStage } from "../figure.js";
import { letters, toldOf } from "../story.js";
import { WORDS } from "./words.js";
import { html, useCallback } from "../ui.js";

/**
 * @param {Pick<import("./props.js").LessonProps, "controller" | "player" | "state"> & {
 *   masks: import("../../lesson/masks.js").Masks,
 *   act?: import("../figure-layer.js").Act,
 *   acts?: import("../figure-layer.js").Acts,
 *   places?: import("../figure-layer.js").Places,
 * }} props `act`: what a click on a part does, `acts`: on which; `places`: the parts that can be chosen, and whether
 *   they are
 */
export function LessonFigure({ controller, player, state, masks, act, acts, places }) {
  const { stage, shown, zoom } = state;
  const seconds = useCallback((/** @type {number} */ position) => controller.seconds(position, letters), [controller]);
  return html`<${FigureStage}
    paint=${controller.figure}
    position=${stage.position}
    shown=${shown}
    label=${masks.story ? WORDS.masked : WORDS.stage(stage.position, toldOf(shown.view).title)}
    seconds=${seconds}
    speed=${player.speed()}
    zoom=${zoom}
    setZoom=${controller.zoom}
    act=${act}
    acts=${acts}
    places=${places}
    masks=${masks}
  />`;
}

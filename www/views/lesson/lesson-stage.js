// The stage of a lesson: the figure as large as there is room for, its sentence, and the way through time. What a
// question masks is hidden in the picture and in its words until the answer is given. Where a question is about the
// tree of a card, and nothing has run, the stage shows that tree: an empty database would say nothing.

import { WORDS } from "./words.js";
import { Meters } from "./meters.js";
import { LessonFigure } from "./lesson-figure.js";
import { TreeCard } from "./tree-card.js";
import { Driving } from "../driving.js";
import { pressable } from "../focus.js";
import { PowerOff } from "../power-off.js";
import { Told } from "../prose.js";
import { toldOf } from "../story.js";
import { cardOf } from "../../lesson/screens.js";
import { controlsOf } from "../../lesson/steps.js";
import { hiddenNow, masksOf } from "../../lesson/masks.js";
import { placeOf } from "../../lesson/places.js";
import { Icon, html, useCallback, useMemo } from "../ui.js";

/** @typedef {import("./props.js").LessonProps} LessonProps */
/** @typedef {import("../figure-layer.js").Part} Part */

/** @param {LessonProps} props */
export function LessonStage({ controller, player, lesson, lessons, state }) {
  const { stage, shown, playing } = state;
  const { view, length } = shown;
  const told = toldOf(view);
  const { phase, steps, step, presented } = lesson;
  const now = steps[step];
  const isAsking = phase === "asking" || phase === "preparing";
  const hidden = hiddenNow(lesson);
  const masks = useMemo(() => masksOf(hidden), [hidden]);
  const controls = useMemo(() => presented && controlsOf(presented.items), [presented]);
  const clicked = isAsking ? now?.questions.find(({ question }) => question.kind === "click") : undefined;
  const draft = clicked && lesson.drafts[clicked.id];
  const pick = useCallback(
    (/** @type {Part} */ part, /** @type {string} */ lane) => {
      const place = clicked && placeOf(clicked.question.places, part.id, lane);
      if (!clicked || !draft || place === undefined) return;
      const value = /** @type {string[]} */ (draft.value);
      const next = value.includes(place) ? value.filter((one) => one !== place) : [...value, place];
      lessons.draft(clicked.id, { value: next });
    },
    [clicked, draft],
  );
  const acts = useCallback(
    (/** @type {Part} */ part, /** @type {string} */ lane) =>
      clicked !== undefined && placeOf(clicked.question.places, part.id, lane) !== undefined,
    [clicked],
  );
  const places = useMemo(() => {
    const value = Array.isArray(draft?.value) ? draft.value : [];
    return clicked && new Map(clicked.question.places.map(({ place, part }) => [part, value.includes(place)]));
  }, [clicked, draft]);
  const card = cardOf(now);
  if (card !== null && stage.script.length === 0)
    return html`<div class="first-stage lesson-stage"><${TreeCard} text=${card} /></div>`;
  const has = (/** @type {string} */ control) => controls === null || controls.includes(control);
  return html`<div class="first-stage lesson-stage">
    ${view ? html`<${PowerOff} controller=${controller} view=${view} busy=${state.busy} atEnd=${true} />` : null}
    <${LessonFigure}
      controller=${controller}
      player=${player}
      state=${state}
      act=${clicked ? pick : undefined}
      acts=${acts}
      places=${places}
      masks=${masks}
    />
    ${
      // Where lines are typed, it is what they did.
      ["story", "timeline", "console"].some(has)
        ? html`<p class="sentence" tabindex="0">${masks.story ? WORDS.sayFirst : html`<${Told} told=${told} />`}</p>`
        : null
    }
    ${controls?.includes("meters") && view ? html`<${Meters} view=${view} masks=${masks} />` : null}
    ${
      length > 0 && phase !== "over"
        ? html`<${Bar}
            controller=${controller}
            player=${player}
            view=${view}
            playing=${playing}
            stage=${stage}
            length=${length}
          />`
        : null
    }
    ${state.drive ? html`<${Driving} controller=${controller} drive=${state.drive} />` : null}
  </div>`;
}

/**
 * The way through what has happened.
 * @param {Pick<LessonProps, "controller" | "player"> & {
 *   view: import("../../state.js").State["shown"]["view"],
 *   playing: boolean,
 *   stage: import("../../state.js").Stage,
 *   length: number,
 * }} props
 */
function Bar({ controller, player, view, playing, stage: { position }, length }) {
  const start = view?.start ?? 0;
  const button = (
    /** @type {string} */ label,
    /** @type {string} */ icon,
    /** @type {boolean} */ off,
    /** @type {number} */ to,
  ) => html`<button
    class="square"
    title=${label}
    ...${pressable(off, () => {
      player.pause();
      controller.seek(to);
    })}
  >
    <${Icon} name=${icon} />
  </button>`;
  return html`<div class="stage-bar" role="group" aria-label=${WORDS.timeline}>
    ${button(WORDS.stepBack, "back", position <= start, position - 1)}
    <button class="square" data-act="play" aria-label=${playing ? WORDS.pause : WORDS.play} onClick=${player.toggle}>
      <${Icon} name=${playing ? "pause" : "play"} />
    </button>
    ${button(WORDS.stepOn, "forward", position >= length, position + 1)}
    <input
      type="range"
      aria-label=${WORDS.position}
      aria-valuetext=${WORDS.eventOf(position, length)}
      min=${start}
      max=${length}
      value=${position}
      onInput=${(/** @type {import("../ui.js").FieldEvent} */ e) => {
        player.pause();
        controller.seek(e.currentTarget.valueAsNumber);
      }}
    />
  </div>`;
}

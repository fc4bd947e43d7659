// Options of a beat as knobs. They can be set where the learner types lines of their own: at a challenge, as one of its
// lines, and when what was asked has been told, off the path. Before that they are only to be read.

import { catalog } from "../../catalog.js";
import { assignment } from "../../command-lines.js";
import { optionTexts, readable } from "../../options.js";
import { Knobs } from "../knobs.js";
import { GROUPS } from "../options.js";
import { WORDS } from "./words.js";
import { html, useMemo, useState } from "../ui.js";

/** @typedef {import("./props.js").LessonProps} LessonProps */

/** @param {LessonProps & { names: string[] }} props `names`: of the options; all if empty */
export function LessonKnobs({ lesson, lessons, player, state, names }) {
  const all = useMemo(() => catalog.options(), []);
  const knobs = useMemo(() => (names.length > 0 ? all.filter(({ name }) => names.includes(name)) : all), [all, names]);
  const [draft, setDraft] = useState(/** @type {Record<string, string>} */ ({}));
  const current = readable(all, optionTexts(state.shown.options));
  const changes = Object.fromEntries(Object.entries(draft).filter(([name, value]) => value !== current[name]));
  const problems = state.shown.options ? catalog.check("teaching", { ...current, ...changes }) : [];
  const way = wayOf(lesson);
  const isChanged = Object.keys(changes).length > 0;
  const apply = async () => {
    const line = `options ${Object.entries(changes)
      .map(([name, value]) => assignment(name, value))
      .join(" ")}`;
    if (way === "free") lessons.leavePath();
    if (await (way === "free" ? player.show(line) : lessons.type(line))) setDraft({});
  };
  const groups = [...new Set(knobs.map(({ group }) => group))];
  return html`<fieldset class="lesson-knobs" disabled=${way === null}>
    <legend class="sr">${WORDS.options}</legend>
    ${way === null ? html`<p class="quiet">${WORDS.knobsLater}</p>` : null}
    <${Knobs}
      id="lesson-option"
      knobs=${knobs}
      groups=${GROUPS}
      values=${{ ...current, ...draft }}
      changed=${changes}
      problems=${problems}
      set=${(/** @type {string} */ name, /** @type {string} */ value) => setDraft({ ...draft, [name]: value })}
      open=${names.length > 0 ? groups : []}
    />
    ${
      isChanged
        ? html`<p class="lesson-acts">
            <button class="primary" disabled=${state.busy || problems.length > 0} onClick=${apply}>
              ${WORDS.setOptions}
            </button>
            <button type="button" class="plain" onClick=${() => setDraft({})}>${WORDS.asItWas}</button>
          </p>`
        : null
    }
  </fieldset>`;
}

/**
 * How options are set now: as a line of the challenge, off the path, or not at all.
 * @param {LessonProps["lesson"]} lesson
 * @returns {"challenge" | "free" | null}
 */
export function wayOf({ phase, steps, step }) {
  const now = steps[step];
  if (!now) return null;
  const { challenge } = now;
  const allow = challenge?.challenge.allow ?? null;
  if (phase === "asking" && challenge) return allow === null || allow.includes("options") ? "challenge" : null;
  return phase === "told" && !challenge ? "free" : null;
}

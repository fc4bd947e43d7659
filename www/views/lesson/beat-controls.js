// What a beat shows below its questions because it names it (`show`): the list of tables, and options as knobs.

import { MOST_ROWS, TableList } from "./table-list.js";
import { WORDS } from "./words.js";
import { masksNow } from "../../lesson/masks.js";
import { controlsOf, knobsOf } from "../../lesson/steps.js";
import { say } from "../../words.js";
import { lazy, withEngine } from "../lazy.js";
import { html, useMemo } from "../ui.js";

// The engine, which a beat may come before, describes its options.
const LessonKnobs = lazy(
  say("the options"),
  withEngine(async () => (await import("./lesson-knobs.js")).LessonKnobs),
);

/** @param {import("./props.js").LessonProps} props */
export function BeatControls(props) {
  const { presented } = props.lesson;
  const controls = useMemo(() => (presented && controlsOf(presented.items)) ?? [], [presented]);
  const names = useMemo(() => (presented ? knobsOf(presented.items) : []), [presented]);
  return html`
    ${controls.includes("tables") ? html`<${Tables} ...${props} />` : null}
    ${
      controls.includes("options")
        ? html`<details class="beat-control" open>
            <summary>${WORDS.options}</summary>
            <${LessonKnobs} ...${props} names=${names} />
          </details>`
        : null
    }
  `;
}

/** @param {import("./props.js").LessonProps} props */
function Tables({ lesson, controller, state }) {
  const { view } = state.shown;
  const tables = useMemo(() => (view ? controller.tables(MOST_ROWS) : []), [view, controller]);
  if (!view) return null;
  const count = view.levels.reduce((sum, level) => sum + level.count, 0);
  return html`<details class="beat-control" open>
    <summary>${WORDS.tables}</summary>
    <${TableList} tables=${tables} count=${count} masks=${masksNow(lesson)} />
  </details>`;
}

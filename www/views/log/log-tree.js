// The tree of a database at a moment of its log: how much each level had, not which tables.

import { treeAt } from "../../sim/sampled-tree.js";
import { say } from "../../words.js";
import { FigureStage } from "../figure.js";
import { html, memo, useCallback, useMemo } from "../ui.js";

/** @typedef {import("../../log/log-film.js").LogFilm} LogFilm */
/** @typedef {import("../figure.js").Paint} Paint */

/** @param {{ film: LogFilm, moment: number, clock: import("../over-time.js").Clock }} props */
function LogTreeView({ film, moment, clock }) {
  const { at, levels } = useMemo(() => treeAt(film.samples, moment), [film, moment]);
  const shown = useMemo(() => ({ film, at }), [film, at]);
  const paint = useCallback(
    /** @type {Paint} */
    (_position, width, height) => film.paint(levels, width, height),
    [shown],
  );
  const lanes = levels.filter(({ level, share }) => level === 0 || share !== null).length;
  return html`<section class="sim-tree" style=${`--lanes:${lanes}`} role="region" aria-label=${say("Tree")}>
    <${FigureStage} paint=${paint} position=${0} shown=${shown} label=${say("The tree")} isFixed=${true} />
    <p class="sim-about">
      ${say("As it was at {time}. A bar is full where the level has the most that it had in this log.", {
        time: clock.moment(at),
      })}
    </p>
  </section>`;
}

export const LogTree = memo(LogTreeView);

// The tree of a run: at its end, table by table; at an earlier moment that is looked at, what samples tell of it: bars,
// how much each level had. Both stand in the same lanes, so that nothing moves when one points at a chart and away
// again.

import { treeAt } from "../../sim/sampled-tree.js";
import { time } from "../../format.js";
import { say } from "../../words.js";
import { FigureStage } from "../figure.js";
import { html, memo, useCallback, useMemo } from "../ui.js";

/** @typedef {import("../../sim/engine.js").Results} Results */
/** @typedef {import("../figure.js").Paint} Paint */

/** @param {{ results: Results, moment: number | null }} props `moment`: null at the end of what was run. */
function SimTreeView({ results, moment }) {
  const sampled = useMemo(() => (moment === null ? null : treeAt(results.samples, moment)), [results.samples, moment]);
  const paint = useCallback(
    /** @type {Paint} */
    (_position, width, height, window) => results.paint(sampled?.levels ?? null, width, height, window),
    [results, sampled],
  );
  const about = sampled
    ? say("At {time}: what samples tell. A bar is full where the level has the most that it had in this run.", {
        time: time(sampled.at),
      })
    : say("Every table where its keys are. Hatched: several tables too narrow to be drawn alone.");
  return html`<${FigureStage} paint=${paint} position=${0} shown=${results} label=${say("The tree")} />
    <p class="sim-about">${about}</p>`;
}

export const SimTree = memo(SimTreeView);

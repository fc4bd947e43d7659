// The tree of a run: at its end, table by table; at an earlier moment that is looked at, what samples tell of it: bars, how
// much each level had. Both stand in the same rows, so that nothing moves when one points at a chart and away again.

import { treeAt } from "../../sim/sampled-tree.js";
import { bytes, count, time } from "../../format.js";
import { DenseLabel, Levels } from "../levels/levels.js";
import { html, memo, useEffect, useMemo, useState } from "../ui.js";

/** @typedef {import("../../sim/engine.js").Results} Results */

/** How high a level is, in pixels: with two lines of words beside it, or with one where the window is low. */
const HIGH = 30;
const LOW = 19;
const SHORT = "(max-height: 600px)";

/** @param {{ results: Results, moment: number | null }} props `moment`: null at the end of what was run. */
function SimTreeView({ results, moment }) {
  const high = useHeight();
  return moment === null
    ? html`<${Levels} tree=${results.tree} pick=${nothing} high=${high} />`
    : html`<${Sampled} results=${results} moment=${moment} high=${high} />`;
}

export const SimTree = memo(SimTreeView);

function nothing() {}

function useHeight() {
  const [short, setShort] = useState(() => matchMedia(SHORT).matches);
  useEffect(() => {
    const query = matchMedia(SHORT);
    const change = () => setShort(query.matches);
    query.addEventListener("change", change);
    return () => query.removeEventListener("change", change);
  }, []);
  return short ? LOW : HIGH;
}

/** @param {{ results: Results, moment: number, high: number }} props */
function Sampled({ results, moment, high }) {
  const { at, levels } = useMemo(() => treeAt(results.samples, moment), [results.samples, moment]);
  return html`<div class="levels-box">
    <div class="levels dense scroll">
      ${levels.map((level) => html`<${SampledRow} key=${level.level} level=${level} high=${high} />`)}
      <div class="row axis">
        <div class="label">at ${time(at)}</div>
        <div class="sampled-about" title="Samples tell how much each level had, not its single tables: those are drawn for the end of the run. A bar is full where the level has the most that it had in this run.">bytes of each level, of its most in this run; no single tables</div>
      </div>
    </div>
  </div>`;
}

/** @param {{ level: import("../../sim/sampled-tree.js").SampledLevel, high: number }} props */
function SampledRow({ level, high }) {
  const shown = { level: level.level, count: level.tables, bytes: level.bytes, note: "", noteTitle: "", due: false };
  const holds = `${count(level.tables, "table")}, ${bytes(level.bytes)}`;
  const percent = level.share === null ? null : Math.round(level.share * 100);
  return html`<section class=${`row level hue-${Math.min(level.level, 4)}`} role="region" aria-label=${`Level ${level.level}`}>
    <${DenseLabel} level=${shown} />
    <div class="bed sampled" style=${`height:${high}px`} title=${percent === null ? `${holds}; level ${level.level} never had any` : `${holds}: ${percent} % of the most that level ${level.level} had`}>
      ${level.share ? html`<i class="sampled-bar" style=${`width:${level.share * 100}%`}></i>` : null}
      <span class="sampled-share">${percent === null ? "–" : `${percent} %`}</span>
    </div>
  </section>`;
}

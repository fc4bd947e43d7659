// The simulator's charts, the lanes of its jobs, and the slider of its time.

import { CHARTS } from "../../sim/series.js";
import { Lanes } from "../lanes/lanes.js";
import { say } from "../../words.js";
import { lanesOf } from "../lanes/layout.js";
import { ChartRow, Pointer, TimeBar, VIRTUAL } from "../over-time.js";
import { html, memo, useCallback, useMemo } from "../ui.js";
import { RUNS } from "./chart.js";

/** @typedef {import("../../sim/simulator.js").SimulatorState} SimulatorState */
/** @typedef {import("../../sim/simulator.js").Simulator} Simulator */
/** @typedef {import("../../jobs.js").Range} Range */
/** @typedef {import("../../sim/engine.js").Results} Results */

/** @param {{ simulator: Simulator, state: SimulatorState }} props */
export function SimCharts({ simulator, state }) {
  const { results, duration, at } = state;
  const end = Math.max(duration, 1e-9);
  const range = useMemo(() => state.range ?? { from: 0, to: end }, [state.range, end]);
  const moment = state.cursor ?? at;
  const samples = useMemo(() => results.map((one) => one.samples), [results]);
  const choose = useCallback(
    (/** @type {import("../../jobs.js").Span} */ { began }) => simulator.look(began),
    [simulator],
  );
  const names = results.length > 1 ? RUNS.map((run) => run.name) : [""];
  const row = (/** @type {import("../../sim/series.js").Chart} */ chart) =>
    html`<${ChartRow}
      key=${chart.name}
      ...${{ chart, samples, names, range, moment }}
      colour=${legendColour(chart.name)}
      stalls=${chart.name === "throughput" ? (results[0]?.stalls ?? NONE) : NONE}
      now=${at}
    />`;
  return html`<section class="sim-charts" role="region" aria-label=${say("Charts")}>
    <${TimeBar}
      control=${simulator}
      range=${range}
      whole=${!state.range}
      all=${say("Whole run")}
      moment=${moment}
      duration=${duration}
      clock=${VIRTUAL}
    />
    <div class="sim-plots scroll" tabindex="0" aria-label=${say("Charts and jobs")} role="group">
      <${Pointer} control=${simulator} range=${range} moment=${moment} shown=${at > 0}>
        ${row(CHARTS[0])}
        ${results.map(
          (one, i) =>
            html`<${Jobs} key=${`jobs ${i}`} results=${one} ...${{ range, choose }} now=${at} whose=${names[i]} />`,
        )}
        ${CHARTS.slice(1).map(row)}
      <//>
    </div>
  </section>`;
}

/** @type {never[]} */
const NONE = [];

/** @param {string} name */
function legendColour(name) {
  return (
    {
      throughput: "--wal",
      memtables: "--mem",
      tables: "--l1",
      bytes: "--l2",
      write: "--l4",
      space: "--imm",
      read: "--wal",
      pending: "--dead",
      latency: "--l3",
      device: "--l1",
    }[name] ?? "--ink"
  );
}

/**
 * `whose`: of which configuration, where there are two.
 * @param {{
 *   results: Results,
 *   range: Range,
 *   now: number,
 *   whose: string,
 *   choose: (span: import("../../jobs.js").Span) => void,
 * }} props
 */
function JobsView({ results, range, now, whose, choose }) {
  const lanes = useMemo(
    () => lanesOf(results.spans).map((lane) => (whose ? { ...lane, name: `${whose} ${lane.name}` } : lane)),
    [results, whose],
  );
  return html`<${Lanes}
    lanes=${lanes}
    stalls=${results.stalls}
    range=${range}
    now=${now}
    choose=${choose}
    label=${whose ? say("Jobs {run}", { run: whose }) : say("Jobs")}
  />`;
}

const Jobs = memo(JobsView);

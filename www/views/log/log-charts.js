// The charts of a log and the lanes of its jobs, over the log's own time.

import { heldUp } from "../../log/at-moment.js";
import { chartsOf, rateSaid } from "../../log/log-charts.js";
import { limitsOf } from "../../log/limits.js";
import { filmPlayer } from "../../log/the-film.js";
import { bytes, time } from "../../format.js";
import { say } from "../../words.js";
import { route } from "../lanes/labels.js";
import { Lanes } from "../lanes/lanes.js";
import { lanesOf } from "../lanes/layout.js";
import { ChartRow, Pointer, TimeBar } from "../over-time.js";
import { html, memo, useCallback, useMemo } from "../ui.js";

/** @typedef {import("../../log/log-film.js").LogFilm} LogFilm */
/** @typedef {import("../../log/log-film.js").LogSpan} LogSpan */
/** @typedef {import("../../jobs.js").Range} Range */
/** @typedef {import("../over-time.js").Clock} Clock */

/** @type {never[]} */
const NONE = [];
const ONE = [""];
/** @param {import("../../jobs.js").Span} span */
const GO = ({ began }) => filmPlayer.go(began);
/** The most rows of flushes, and of compactions. */
const MAX_LANES = 16;

/**
 * @param {{
 *   film: LogFilm,
 *   state: import("../../log/film-player.js").FilmState,
 *   moment: number,
 *   clock: Clock,
 * }} props
 */
export function LogCharts({ film, state, moment, clock }) {
  const end = Math.max(film.duration, 1e-6);
  const range = useMemo(() => state.range ?? { from: 0, to: end }, [state.range, end]);
  const samples = useMemo(() => [film.samples], [film]);
  const { heldUp: held, charts } = useMemo(() => chartsOf(film), [film]);
  const limits = useMemo(
    () => ({
      level0: limitsOf(film.report, "level0", state.family),
      pending: limitsOf(film.report, "pending", state.family),
    }),
    [film, state.family],
  );
  const row = (/** @type {(typeof charts)[number]} */ { chart, colour }) =>
    html`<${ChartRow}
      key=${chart.name}
      ...${{ chart, colour, samples, range, moment }}
      names=${ONE}
      stalls=${NONE}
      now=${end}
      limits=${limits[/** @type {"level0"} */ (chart.name)] ?? NONE}
    />`;
  return html`<section class="sim-charts" role="region" aria-label=${say("Charts")}>
    <${TimeBar}
      control=${filmPlayer}
      range=${range}
      whole=${!state.range}
      all=${say("Whole log")}
      moment=${moment}
      duration=${film.duration}
      clock=${clock}
      note=${rateSaid(film.report, range.to - range.from)}
    />
    <div class="sim-plots scroll" tabindex="0" aria-label=${say("Charts and jobs")} role="group">
      <${Pointer} control=${filmPlayer} range=${range} moment=${moment} shown=${true}>
        ${row({ chart: held, colour: "--dead" })}
        <${Jobs} film=${film} family=${state.family} range=${range} clock=${clock} />
        ${charts.map(row)}
      <//>
    </div>
  </section>`;
}

/** @param {{ film: LogFilm, family: number | null, range: Range, clock: Clock }} props */
function JobsView({ film, family, range, clock }) {
  const lanes = useMemo(
    () => lanesOf(family === null ? film.spans : film.spans.filter((span) => span.family === family), MAX_LANES),
    [film, family],
  );
  const tell = useCallback(
    (/** @type {import("../../jobs.js").Span} */ span) => jobSaid(film, /** @type {LogSpan} */ (span), clock),
    [film, clock],
  );
  const tellStall = useCallback(
    (/** @type {import("../../jobs.js").Stall} */ stall) =>
      `${clock.moment(stall.began)}: ${heldUp(film.report, film.report.stalls.episodes[film.stalls.indexOf(stall)])}`,
    [film, clock],
  );
  return html`<${Lanes}
    lanes=${lanes}
    stalls=${film.stalls}
    range=${range}
    now=${film.duration}
    tell=${tell}
    tellStall=${tellStall}
    choose=${GO}
  />`;
}

const Jobs = memo(JobsView);

/**
 * `15:50:43 compaction 14, L0→L5, LevelL0FilesNum: 37.6 MB read, 37.5 MB written, 6.5 s`.
 * @param {LogFilm} film
 * @param {LogSpan} span
 * @param {Clock} clock
 */
export function jobSaid({ report }, span, clock) {
  const { kind, began, ended, read, written, reason, family, isUnfinished } = span;
  const about = [reason, report.families.length > 1 ? report.families[family]?.name : ""].filter(Boolean);
  const values = {
    time: clock.moment(began),
    job: [span.job, ...about].join(", "),
    route: route(span),
    length: isUnfinished || ended === null ? say("its end is not in the log") : time(ended - began),
    read: bytes(read),
    written: bytes(written),
  };
  if (kind === "flush") return say("{time}, flush {job}: {written} written, {length}", values);
  if (kind === "move") return say("{time}, move {route}, {job}: {written} moved", values);
  return say("{time}, compaction {route}, {job}: {read} read, {written} written, {length}", values);
}

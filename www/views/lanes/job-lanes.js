// The real engine's jobs over virtual time, around the moment on the stage: where jobs take their time, there are
// lanes.

import { CAUSES, JOBS_AROUND, NANO, spanOf } from "../../jobs.js";
import { Lanes } from "./lanes.js";
import { time } from "../../format.js";
import { say } from "../../words.js";
import { laneName } from "./labels.js";
import { firstAfter } from "./layout.js";
import { html, memo, useMemo } from "../ui.js";

/** @typedef {import("../../timeline.js").Lanes} EngineLanes */
/** @typedef {import("../../jobs.js").Span} Span */
/** @typedef {import("../../jobs.js").Stall} Stall */

/**
 * Spans and stalls as lanes take them; none of a database whose jobs take no time.
 * @param {EngineLanes} engineLanes
 * @returns {{ spans: Span[], stalls: Stall[] }}
 */
export function spansOf({ jobs, stalls }) {
  const spans = jobs.map(spanOf);
  if (!spans.some((span) => span.ended === null || span.ended > span.began)) return { spans: [], stalls: [] };
  return {
    spans,
    stalls: stalls.map((stall) => ({
      kind: stall.stopped ? "stopped" : "slowed",
      reason: CAUSES[stall.reason] ?? stall.reason,
      began: stall.from * NANO,
      ended: stall.to == null ? null : stall.to * NANO,
    })),
  };
}

/**
 * The rows, as many as there ever were at once, each with its spans: the engine says which row a job is in.
 * @param {Pick<EngineLanes, "flush_rows" | "other_rows"> &
 *   { jobs: Pick<EngineLanes["jobs"][number], "row">[] }} engineLanes
 * @param {Span[]} spans
 * @returns {import("./layout.js").Lane[]}
 */
export function rowsOf({ jobs, flush_rows, other_rows }, spans) {
  const rows = (/** @type {import("./layout.js").Lane["kind"]} */ kind, /** @type {number} */ count) =>
    Array.from({ length: Math.max(1, count) }, (_, row) => ({
      name: laneName(kind, row + 1, count),
      kind,
      spans: spans.filter((span, i) => (span.kind === "flush") === (kind === "flush") && jobs[i].row === row),
    }));
  return [...rows("flush", flush_rows), ...rows("compaction", other_rows)];
}

/**
 * The stretch of time in view: some jobs before `now` and some after it.
 * @param {Span[]} spans In order of their beginning.
 * @param {number} now
 */
export function rangeAround(spans, now) {
  const next = firstAfter(spans, now);
  const first = spans[Math.max(0, next - JOBS_AROUND)];
  const last = spans[Math.min(spans.length - 1, next + JOBS_AROUND)];
  const from = Math.min(first?.began ?? now, now);
  const to = Math.max(last?.ended ?? last?.began ?? now, now);
  // A margin on both sides, so that what begins or ends there can be seen to.
  const margin = Math.max((to - from) * 0.03, 1e-6);
  return { from: Math.max(0, from - margin), to: to + margin };
}

/** @param {{ engineLanes: EngineLanes | null, now: number }} props `now`: the moment on the stage, in nanoseconds. */
function JobLanesView({ engineLanes, now }) {
  const { spans, stalls } = useMemo(
    () => (engineLanes ? spansOf(engineLanes) : { spans: [], stalls: [] }),
    [engineLanes],
  );
  const lanes = useMemo(() => (engineLanes ? rowsOf(engineLanes, spans) : []), [engineLanes, spans]);
  const seconds = now * NANO;
  const range = useMemo(() => rangeAround(spans, seconds), [spans, seconds]);
  if (!engineLanes || spans.length === 0) return null;
  const place = (seconds - range.from) / (range.to - range.from);
  return html`<div class="job-lanes">
    <${Lanes}
      lanes=${lanes}
      stalls=${stalls}
      range=${range}
      now=${engineLanes.now * NANO}
      label=${say("Jobs over time")}
    />
    <div class="sim-over" aria-hidden="true">
      <i class="sim-now" style=${`left:${place * 100}%`}></i>
      <b style=${`left:${place * 100}%`} class=${place > 0.8 ? "left" : ""}>${time(seconds)}</b>
    </div>
  </div>`;
}

export const JobLanes = memo(JobLanesView);

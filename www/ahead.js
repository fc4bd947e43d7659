// What is shown up to where. An answer comes with the last event of its command, when the stage has reached that. While
// what is ahead is hidden, nothing that happens after the position on the stage is on the page: a lesson asks what
// comes next.
//
// In: the state. Out: the state that views draw, and the first event that the timeline does not tell them. Views get
// their state from `createAhead` and their events through the viewer, so each of them hides what is ahead without
// knowing that anything is hidden.

import { isWrongLine } from "./problem.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./state.js").Stage} Stage */
/** @typedef {import("./state.js").Shown} Shown */

/** In the place of lines that are queued. */
const HIDDEN_LINE = "…";

/**
 * Whether what is ahead is hidden: not of the history of a real database, which is compared as a whole.
 * @param {Pick<State, "pastOnly" | "stage">} state
 */
export function hidesAhead({ pastOnly, stage }) {
  return pastOnly && stage.history === null;
}

/**
 * The first event that is not shown.
 * @param {Pick<State, "pastOnly" | "stage" | "shown">} state
 */
export function shownUpTo(state) {
  return hidesAhead(state) ? state.stage.position : state.shown.length;
}

/**
 * A function from the state to what of it is drawn. What has not changed is the same object again, so that views need
 * not draw it again.
 */
export function createAhead() {
  const shown = remembered(shownBefore);
  const stage = remembered(stageBefore);
  const played = remembered(stagePlayed);
  return (/** @type {State} */ state) => {
    if (!hidesAhead(state)) {
      const { reached } = state.stage;
      const isPlayed = state.status.at === undefined || state.status.at <= reached;
      const own = state.stage.log.some((exchange) => waits(exchange, reached)) ? played(state.stage, reached) : null;
      if (isPlayed && !own) return state;
      const status = isPlayed ? state.status : { text: state.status.note ?? "", bad: false };
      return { ...state, stage: own ?? state.stage, status };
    }
    const { position } = state.stage;
    return {
      ...state,
      shown: shown(state.shown, position),
      stage: stage(state.stage, position),
      ...wordsBefore(state),
    };
  };
}

/**
 * @param {Shown} shown
 * @param {number} position
 * @returns {Shown}
 */
function shownBefore(shown, position) {
  const ahead = shown.length > position;
  const { view, track, samples, lanes, fullAt, trouble } = shown;
  return {
    ...shown,
    ahead,
    view: view && { ...view, length: position },
    length: position,
    track: track && trackBefore(track, position),
    samples: samples && samplesBefore(samples, position),
    lanes: lanes && lanesBefore(lanes, position, view?.now_nanos ?? 0),
    options: shown.optionsThen ?? shown.options,
    fullAt: fullAt !== null && fullAt <= position ? fullAt : null,
    driven: shown.driven && !ahead,
    // That another tab has the database is no event of it.
    trouble: ahead && !trouble?.lost ? null : trouble,
  };
}

/**
 * @param {NonNullable<Shown["track"]>} track
 * @param {number} position
 */
function trackBefore({ kinds, begins, ends }, position) {
  const marks = [...begins.keys()].filter((i) => begins[i] < position);
  return {
    kinds: Uint8Array.from(marks, (i) => kinds[i]),
    begins: Float64Array.from(marks, (i) => begins[i]),
    ends: Float64Array.from(marks, (i) => Math.min(ends[i], position - 1)),
    count: marks.length,
  };
}

/**
 * @param {NonNullable<Shown["samples"]>} samples
 * @param {number} position
 */
function samplesBefore(samples, position) {
  const count = Array.from(samples.events).filter((event) => event <= position).length;
  const columns = Object.entries(samples).map(([name, column]) => [
    name,
    Array.isArray(column) && typeof column[0] === "object"
      ? column.map((line) => line.slice(0, count))
      : column.slice(0, count),
  ]);
  return /** @type {NonNullable<Shown["samples"]>} */ (Object.fromEntries(columns));
}

/**
 * @param {NonNullable<Shown["lanes"]>} lanes
 * @param {number} position
 * @param {number} now
 */
function lanesBefore(lanes, position, now) {
  const jobs = lanes.jobs
    .filter((job) => job.event < position)
    .map((job) => (job.ended != null && job.ended > now ? { ...job, ended: undefined, installed: false } : job));
  const stalls = lanes.stalls
    .filter((stall) => stall.event < position)
    .map((stall) => (stall.to != null && stall.to > now ? { ...stall, to: undefined } : stall));
  const rows = (/** @type {boolean} */ flush) =>
    Math.max(0, ...jobs.filter((job) => (job.kind === "flush") === flush).map((job) => job.row + 1));
  return { now, jobs, stalls, flush_rows: rows(true), other_rows: rows(false) };
}

/**
 * @param {Stage} stage
 * @param {number} position
 * @returns {Stage}
 */
function stageBefore(stage, position) {
  return {
    ...stage,
    log: stage.log.flatMap((exchange) => exchangeBefore(exchange, position)),
    queue: stage.queue.length > 0 ? [HIDDEN_LINE] : [],
    selection: stage.selectedAt <= position ? stage.selection : null,
  };
}

/**
 * Whether the stage has not reached the event with which an answer comes.
 * @param {import("./state.js").Exchange} exchange
 * @param {number} reached
 */
function waits(exchange, reached) {
  const { outcome } = exchange;
  return outcome !== null && outcome.last > Math.max(outcome.first, reached) && !isWrongLine(exchange);
}

/**
 * @param {Stage} stage
 * @param {number} reached
 * @returns {Stage}
 */
function stagePlayed(stage, reached) {
  const log = stage.log.map((exchange) => {
    const { outcome } = exchange;
    if (!outcome || !waits(exchange, reached)) return exchange;
    return { ...exchange, outcome: { ...outcome, text: "", error: undefined }, waits: outcome.last };
  });
  return { ...stage, log };
}

/**
 * A command line whose answer is ahead is shown once it has begun; one that could not be understood is no event.
 * @param {import("./state.js").Exchange} exchange
 * @param {number} position
 * @returns {import("./state.js").Exchange[]}
 */
function exchangeBefore(exchange, position) {
  const { outcome } = exchange;
  if (!outcome || outcome.last <= position || isWrongLine(exchange)) return [exchange];
  return outcome.first < position ? [{ ...exchange, outcome: { ...outcome, text: "…", error: undefined } }] : [];
}

/**
 * The words beside the stage: an answer is ahead while its events are.
 * @param {State} state
 */
function wordsBefore({ status, shown, stage, branches }) {
  const ahead = shown.length > stage.position;
  const last = stage.log.at(-1);
  return {
    status: ahead && !(status.bad && isWrongLine(last)) ? { text: "", bad: false } : status,
    branches: branches.map(({ id, title }) => ({ id, title: id === 1 ? title : `branch ${id - 1}` })),
  };
}

/**
 * Remembers what came of the last call.
 * @template T
 * @param {(whole: T, position: number) => T} make
 */
function remembered(make) {
  let last = /** @type {{ whole: T, position: number, made: T } | null} */ (null);
  return (/** @type {T} */ whole, /** @type {number} */ position) => {
    if (last?.whole !== whole || last.position !== position) last = { whole, position, made: make(whole, position) };
    return last.made;
  };
}

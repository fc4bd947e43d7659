// The report of a panic: one file of JSON lines, saved by the user.
//
//   {"report":{"lsmscope":"0.1.0","stopped":"panicked at …","running":"get k1","script":[…],…,"events":512}}
//   {"index":0,…}    the events, one a line, as the trace is exported; none where they can not be read any more
//
// The first line is made of the page's state. The events are read from the memory of the wasm, which a panic leaves as
// it was; if reading them panics again, the script reproduces them: the engine is deterministic.

/** @typedef {import("./state.js").State} State */
/**
 * @typedef {Pick<State, "config">
 *   & Pick<State["stage"], "script" | "queue" | "backend" | "position">
 *   & Pick<State["shown"], "options" | "length">
 *   & { draft: string }} Kept
 * @typedef {{ lsmscope: string, browser: string, time: string }} Where
 * @typedef {Kept & Where & { stopped: string, running: string | null, events: number | null }} Said The first line.
 */

/**
 * The report's lines, and how many events are among them (null: they can not be read any more).
 * @param {State} state
 * @param {Pick<import("./timeline.js").Timeline, "rescue"> | null} timeline What was on the stage.
 * @param {{ version: string, browser: string, time: string }} where
 * @returns {{ parts: string[], events: number | null }}
 */
export function report(state, timeline, where) {
  const { stage, shown } = state;
  const { parts, events } = rescued(timeline);
  /** @type {Said} */
  const said = {
    lsmscope: where.version,
    browser: where.browser,
    time: where.time,
    stopped: state.problem?.message ?? "",
    running: running(stage),
    script: stage.script,
    queue: stage.queue,
    draft: state.forms.command,
    config: state.config,
    backend: stage.backend,
    options: shown.options,
    position: stage.position,
    length: shown.length,
    events,
  };
  return { parts: [`${JSON.stringify({ report: said })}\n`, ...parts], events };
}

/**
 * The command that was running when the engine stopped.
 * @param {Pick<State["stage"], "log">} stage
 */
export function running({ log }) {
  return log.filter((exchange) => exchange.outcome === null).at(-1)?.line ?? null;
}

/**
 * @param {Pick<import("./timeline.js").Timeline, "rescue"> | null} timeline
 * @returns {{ parts: string[], events: number | null }}
 */
function rescued(timeline) {
  const parts = [];
  let [from, events] = [0, 0];
  for (;;) {
    const rows = timeline?.rescue(from) ?? null;
    const last = rows?.at(-1);
    // If reading panics again, the report has the events read before that.
    if (rows === null) return { parts, events: events > 0 ? events : null };
    if (last === undefined) return { parts, events };
    parts.push(rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    events += rows.length;
    from = last.index + 1;
  }
}

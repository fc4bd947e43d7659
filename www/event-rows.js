// Rows of the event list: an event each, but a run of ticks of the clock is one row. Both ways by binary search, so
// that a list of 200,000 events costs what is in view.

import { time } from "./format.js";
import { sayCount } from "./words.js";

/** @typedef {import("../lsmscope.js").TickRun} TickRun */

/**
 * @param {number} length How many events there are.
 * @param {TickRun[]} runs In order.
 */
export function eventRows(length, runs) {
  // The row of each run: its first event, less what the runs before it have folded away.
  const rows = new Float64Array(runs.length);
  let folded = 0;
  runs.forEach((run, i) => {
    rows[i] = run.first - folded;
    folded += run.last - run.first;
  });

  /**
   * The last run for which `at` is not beyond `place`; -1 if there is none.
   * @param {(run: number) => number} at
   * @param {number} place
   */
  const lastUpTo = (at, place) => {
    let [low, high] = [0, runs.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at(middle) <= place) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  };

  /**
   * The events of a row: first and last; and the run, if it is one.
   * @param {number} row
   * @returns {{ first: number, last: number, run: TickRun | null }}
   */
  function at(row) {
    const i = lastUpTo((run) => rows[run], row);
    if (i < 0) return { first: row, last: row, run: null };
    const run = runs[i];
    if (rows[i] === row) return { first: run.first, last: run.last, run };
    const event = run.last + (row - rows[i]);
    return { first: event, last: event, run: null };
  }

  /**
   * The row of an event.
   * @param {number} event
   */
  function rowOf(event) {
    const i = lastUpTo((run) => runs[run].first, event);
    if (i < 0) return event;
    return event <= runs[i].last ? rows[i] : rows[i] + (event - runs[i].last);
  }

  return { count: length - folded, at, rowOf };
}

/**
 * `clock: 412 ticks, 3.1 s`.
 * @param {TickRun} run
 */
export function tickTitle({ first, last, seconds }) {
  return sayCount(last - first + 1, "clock: {n} tick, {time}", "clock: {n} ticks, {time}", { time: time(seconds) });
}

// What a log tells only when a job ends, over the time in which the job ran: what it wrote, spread evenly; and the
// estimate of bytes to compact, which holds until the next job makes another one.
//
// In: the samples of a log and all of its jobs. Out: columns of `Samples`. Of a log that lists only its longest jobs,
// the samples stay as they are.

/** @typedef {import("../sim/series.js").Samples} Samples */
/** @typedef {import("../jobs.js").Span} Span */

/**
 * @param {Samples} samples
 * @param {Span[]} spans all jobs
 * @returns {Samples}
 */
export function withRunningJobs(samples, spans) {
  const { at, pending } = samples.columns;
  const flushed = spread(
    at,
    spans.filter(({ kind }) => kind === "flush"),
  );
  const compacted = spread(
    at,
    spans.filter(({ kind }) => kind === "compaction"),
  );
  return { ...samples, columns: { ...samples.columns, flushed, compacted, pending: held(at, pending, spans) } };
}

/**
 * MB (10⁶ bytes) a second in each period.
 * @param {ArrayLike<number>} at when each period begins; the last is the end
 * @param {Span[]} spans
 */
function spread(at, spans) {
  const periods = at.length - 1;
  const column = new Array(at.length).fill(0);
  for (const { began, ended, written } of spans) {
    const end = ended ?? at[periods];
    const length = Math.max(end - began, 1e-6);
    for (let period = periodOf(at, began); period < periods && (at[period] < end || at[period] <= began); period += 1) {
      const [from, to] = [at[period], at[period + 1]];
      // A moment's job is in one period as a whole.
      const share = end - began < 1e-6 ? 1 : Math.max(0, Math.min(end, to) - Math.max(began, from)) / length;
      column[period] += (share * written) / 1e6 / Math.max(to - from, 1e-6);
      if (share === 1) break;
    }
  }
  if (periods > 0) column[periods] = column[periods - 1];
  return column;
}

/**
 * @param {ArrayLike<number>} at
 * @param {ArrayLike<number>} pending
 * @param {Span[]} spans
 */
function held(at, pending, spans) {
  const isTold = new Array(at.length).fill(false);
  for (const { ended } of spans) if (ended !== null) isTold[periodOf(at, ended)] = true;
  const column = Array.from(pending);
  for (let i = 1; i < column.length; i += 1) if (column[i] === 0 && !isTold[i]) column[i] = column[i - 1];
  return column;
}

/**
 * The period in which a moment is.
 * @param {ArrayLike<number>} at
 * @param {number} moment
 */
function periodOf(at, moment) {
  let low = 0;
  let high = at.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (at[middle] <= moment) low = middle;
    else high = middle - 1;
  }
  return Math.min(low, Math.max(0, at.length - 2));
}

// Where a finding is to be seen: the job or the moment that its sentence names.
//
// In: a film and a finding of its report. Out: a moment, and the stretch of time around it that is to be in view; null:
// all of the log. Nothing for findings that are of no moment.

import { secondOf } from "./log-time.js";

/** @typedef {import("./log-film.js").LogFilm} LogFilm */
/** @typedef {import("../../lsmscope.js").LogFinding} LogFinding */
/** @typedef {import("../jobs.js").Range} Range */
/** @typedef {{ moment: number, range: Range | null }} Place */

/** What is the worst where writes are held up by something. @type {Record<string, string>} */
const WORST_OF = { level0: "level0", pending_bytes: "pending" };

/**
 * @param {LogFilm} film
 * @param {LogFinding} finding
 * @returns {Place | null}
 */
export function whereFound(film, { kind, from, until }) {
  const { report, duration } = film;
  const second = (/** @type {number} */ micros) => secondOf(report, micros);
  const stretch = { from: second(from), to: second(until) };
  const isPart = from > report.from || until < report.until;
  const range = isPart ? stretch : null;
  switch (kind) {
    case "too_few_jobs":
    case "compactions_wait":
    case "one_thread":
    case "flushes_behind":
      return { moment: worstStall(film, stretch), range };
    case "level0_high":
    case "compactions_off":
      return { moment: worstMoment(film, [["level0", 1]], stretch), range };
    case "tombstones":
    case "write_amplification":
      return { moment: duration, range: null };
    default:
      return isPart ? { moment: (stretch.from + stretch.to) / 2, range } : null;
  }
}

/**
 * The worst moment of the stretch in which writes were held up the most.
 * @param {LogFilm} film
 * @param {Range} stretch
 */
export const worstHeldUp = (film, stretch) =>
  worstMoment(
    film,
    [
      ["stopped", 4],
      ["limited", 1],
    ],
    stretch,
  );

/**
 * Within the worst stall of a stretch: while the job ran that is named beside it, the worst moment. A second of a stop
 * counts as four of a limit, as in the report.
 * @param {LogFilm} film
 * @param {Range} stretch
 */
export function worstStall(film, stretch) {
  const { report } = film;
  const second = (/** @type {number} */ micros) => secondOf(report, micros);
  const [worst] = report.stalls.episodes
    .filter(({ from, until }) => second(from) <= stretch.to && second(until) >= stretch.from)
    .sort((a, b) => weight(b) - weight(a));
  if (!worst) return worstHeldUp(film, stretch);
  const { beside } = worst;
  const within = {
    from: Math.max(second(worst.from), second(beside?.from ?? worst.from)),
    to: Math.min(second(worst.until), second(beside?.until ?? worst.until)),
  };
  const column = WORST_OF[worst.cause];
  return column ? worstMoment(film, [[column, 1]], within) : worstHeldUp(film, within);
}

/** @param {import("../../lsmscope.js").StallEpisode} episode */
const weight = ({ stopped_micros: stopped, delayed_micros: delayed }) => 4 * stopped + delayed;

/**
 * The middle of the period with the largest value, as far as it is in the stretch; the first of several.
 * @param {LogFilm} film
 * @param {[string, number][]} columns each with its weight
 * @param {Range} stretch
 */
function worstMoment({ samples, duration }, columns, { from, to }) {
  const { at } = samples.columns;
  let [most, moment] = [-1, (from + to) / 2];
  for (let i = 0; i < at.length; i += 1) {
    const [begins, ends] = [Math.max(from, at[i]), Math.min(to, at[i + 1] ?? duration)];
    if (begins >= ends) continue;
    const value = columns.reduce((sum, [name, weight]) => sum + weight * (samples.columns[name]?.[i] ?? 0), 0);
    if (value > most) [most, moment] = [value, (begins + ends) / 2];
  }
  return moment;
}

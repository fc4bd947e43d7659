// What went on in a database at a moment of its log: the jobs that ran, and whether writes were held up.

import { bytes, list, time } from "../format.js";
import { say } from "../words.js";
import { route } from "../views/lanes/labels.js";
import { causeSaid } from "./limits.js";

/** @typedef {import("./log-film.js").LogFilm} LogFilm */
/** @typedef {import("./log-film.js").LogSpan} LogSpan */
/** @typedef {import("../../lsmscope.js").LogReport} LogReport */

/**
 * The jobs that ran at a moment, the one that began first before the others.
 * @param {LogSpan[]} spans in order of their beginning
 * @param {number} moment
 */
export function runningAt(spans, moment) {
  /** @type {LogSpan[]} */
  const running = [];
  for (const span of spans) {
    if (span.began > moment) break;
    if ((span.ended ?? Number.POSITIVE_INFINITY) > moment) running.push(span);
  }
  return running;
}

/** The most jobs that are named. */
const NAMED = 4;

/**
 * What went on, in sentences.
 * @param {LogFilm} film
 * @param {number} moment
 */
export function saidAt(film, moment) {
  const { spans, report, stalls } = film;
  const several = report.families.length > 1;
  const running = runningAt(spans, moment).map((span) => {
    const values = {
      route: route(span),
      read: bytes(span.read),
      since: time(moment - span.began),
      family: several ? ` [${report.families[span.family]?.name ?? ""}]` : "",
    };
    return span.kind === "flush"
      ? say("a flush{family} for {since}", values)
      : say("a compaction {route}{family} of {read} for {since}", values);
  });
  const jobs = running.length > 0 ? say("Runs: {jobs}.", { jobs: list(running, NAMED) }) : say("No job runs.");
  const at = stalls.findIndex(({ began, ended }) => began <= moment && (ended ?? Number.POSITIVE_INFINITY) > moment);
  return { jobs, held: at < 0 ? "" : heldUp(report, report.stalls.episodes[at]) };
}

/**
 * What was opened, and the worst that went wrong.
 * @param {LogReport} report
 * @param {string} name of the files
 */
export function openedSaid({ database, release, from, until, findings }, name) {
  const opened = say("{name} is open: {database}, {length} of log.", {
    name,
    database: release ? `${database} ${release}` : database,
    length: time((until - from) / 1e6),
  });
  const rest = findings.length - 1;
  const worst = findings[0]?.says ?? say("No rule found a fault.");
  return `${opened} ${worst}${rest > 0 ? ` ${say("Findings besides: {n}.", { n: rest })}` : ""}`;
}

/**
 * Why writes are held up, by which limits, and for how long in all.
 * @param {LogReport} report
 * @param {import("../../lsmscope.js").StallEpisode} episode
 */
export function heldUp(report, episode) {
  const { stopped_micros: stopped, delayed_micros: delayed, from, until } = episode;
  const values = {
    length: time((until - from) / 1e6),
    stopped: time(stopped / 1e6),
    limited: time(delayed / 1e6),
    why: causeSaid(report, episode),
  };
  // LevelDB's log does not tell of limits.
  return report.database === "LevelDB"
    ? say("Writes are held up: {why} (within {length}, stopped {stopped}).", values)
    : say("Writes are held up: {why} (within {length}, stopped {stopped}, limited {limited}).", values);
}

// The LOG of a real database as a film: read in pieces by the wasm, none of which is kept, and then data for charts,
// lanes and a tree. Times are seconds from the beginning of the log.
//
// In: files, packed or not, in order of time, and the text of an OPTIONS file. Out: a `LogFilm`. Errors: none of the
// files is a log, or one cannot be unpacked: `{ kind, message, remedy }`, thrown.

import { nextOf, unpacked } from "../history-files.js";
import { problem } from "../problem.js";
import { columnsOf } from "../sim/sampled-tree.js";
import { inSlices } from "../slices.js";
import { withRunningJobs } from "./at-work.js";
import { Figure } from "../timeline.js";
import { engine, guarded } from "../wasm.js";
import { say } from "../words.js";

/** @typedef {import("../../lsmscope.js").LogReport} LogReport */
/** @typedef {import("../../lsmscope.js").LogJob} LogJob */
/** @typedef {import("../sim/series.js").Samples} Samples */
/** @typedef {import("../sim/sampled-tree.js").SampledLevel} SampledLevel */
/** @typedef {import("../jobs.js").Stall} Stall */
/**
 * `isUnfinished`: its end is not in the log; it is over with its session, or with the log.
 * @typedef {import("../jobs.js").Span & { reason: string, family: number, isUnfinished: boolean }} LogSpan
 */
/** @typedef {import("../history-files.js").LogFile} LogFile */

/**
 * @typedef {object} LogFilm
 * @property {LogReport} report
 * @property {number} duration Seconds.
 * @property {Samples} samples
 * @property {import("../history.js").MeasuredStalls | null} measuredStalls How long writers waited, as far as it is
 *   counted.
 * @property {boolean} hasAllJobs Whether all jobs are listed, and `samples` have what they wrote while they ran.
 * @property {LogSpan[]} spans In order of their beginning.
 * @property {Stall[]} stalls
 * @property {(levels: SampledLevel[], width: number, height: number) => Figure | null} paint
 * @property {() => void} free
 */

/** The most bytes that are read before the time is looked at. */
const PIECE = 256 << 10;
const MICRO = 1e-6;

/**
 * @param {{ logs: readonly LogFile[], options?: string }} files
 * @param {(done: number) => void} tell the bytes of the files that are read
 * @param {() => boolean} isWanted
 * @returns {Promise<LogFilm | null>} null: it was not wanted any more
 */
export async function readLog({ logs, options }, tell, isWanted) {
  const { LogReader } = engine();
  const log = guarded(() => new LogReader());
  let done = 0;
  const pieces = piecesOf(logs, (bytes) => (done += bytes));
  try {
    if (options !== undefined) guarded(() => log.read_options(options));
    const isRead = await inSlices(
      async () => {
        const next = await pieces.next();
        if (next.done) return true;
        guarded(() => (next.value ? log.push(next.value) : log.end_file()));
        return false;
      },
      () => tell(done),
      isWanted,
    );
    return isRead ? filmOf(guarded(() => log.film())) : null;
  } finally {
    await pieces.return();
    guarded(() => log.free());
  }
}

/**
 * The bytes of files in pieces; null at the end of each.
 * @param {readonly LogFile[]} logs
 * @param {(bytes: number) => void} tell is told how many bytes of a file, as it lies there, were read
 * @returns {AsyncGenerator<Uint8Array | null, void, void>}
 */
async function* piecesOf(logs, tell) {
  for (const { file } of logs) {
    const reader = unpacked(file, tell).getReader();
    try {
      for (;;) {
        const { done, value } = await nextOf(reader, file);
        if (done) break;
        for (let at = 0; at < value.length; at += PIECE) yield value.subarray(at, at + PIECE);
      }
    } finally {
      reader.cancel().catch(() => {});
    }
    yield null;
  }
}

/**
 * @param {import("../../lsmscope.js").LogFilm} film
 * @returns {LogFilm}
 */
function filmOf(film) {
  const report = guarded(() => film.report());
  const isOfDatabase = report.release || report.database === "LevelDB" || report.lines.events + report.job_count > 0;
  if (!isOfDatabase) {
    guarded(() => film.free());
    throw problem(
      say("No line of it is one of a database's LOG"),
      say("Choose the file LOG in the database's directory, and LOG.old files if there are any."),
    );
  }
  const duration = (report.until - report.from) * MICRO;
  const spans = report.jobs.map((job) => spanOf(job, report.from));
  const hasAllJobs = report.job_count === spans.length;
  /** @type {Samples} */
  const samples = guarded(() => film.over_time());
  let freed = false;
  return {
    report,
    duration,
    samples: hasAllJobs ? withRunningJobs(samples, spans) : samples,
    measuredStalls: guarded(() => film.measured_stalls()) ?? null,
    hasAllJobs,
    spans,
    stalls: report.stalls.episodes.map((episode) => ({
      kind: episode.stopped_micros > 0 ? "stopped" : "slowed",
      reason: episode.cause,
      began: (episode.from - report.from) * MICRO,
      ended: (episode.until - report.from) * MICRO,
    })),
    paint: (levels, width, height) => {
      if (freed) return null;
      return guarded(() => new Figure(film.figure(...columnsOf(levels), width, height)));
    },
    free: () => {
      freed = true;
      guarded(() => film.free());
    },
  };
}

/**
 * @param {LogJob} job
 * @param {number} start when the log begins, in microseconds
 * @returns {LogSpan}
 */
function spanOf(job, start) {
  const { kind, from_level, level, from, until, is_unfinished: isUnfinished, read_bytes, bytes, reason, family } = job;
  return {
    job: job.job,
    kind,
    from: from_level ?? null,
    to: isUnfinished && kind !== "flush" ? null : level,
    began: (from - start) * MICRO,
    ended: (until - start) * MICRO,
    read: read_bytes,
    written: bytes,
    reason,
    family,
    isUnfinished,
  };
}

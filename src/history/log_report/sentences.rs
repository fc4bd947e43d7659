//! What a report says in sentences: each from what was counted.

use super::{
    LogDatabase, LogReport, LogStallCause, LogWorst, StallEpisode, clock,
    stall_ledger::{StallLine, weight},
};
use crate::{
    figure::label::size,
    plural::{counted, grouped_count},
    words::{places, say},
};

const SECOND: u64 = 1_000_000;

/// A length of time: `41 s`, `0.3 s`, `12 min`, `3.5 h`, `8 d`.
pub fn duration(micros: u64) -> String {
    let seconds = micros as f64 / SECOND as f64;
    let short = |n: f64| places(n, usize::from(n < 9.95));
    match seconds {
        s if s < 0.0995 => say!("{n} ms", n = places(s * 1e3, usize::from(s < 0.00995))),
        s if s < 119.5 => say!("{n} s", n = short(s)),
        s if s < 7_170.0 => say!("{n} min", n = short(s / 60.0)),
        s if s < 172_000.0 => say!("{n} h", n = short(s / 3_600.0)),
        s => say!("{n} d", n = short(s / 86_400.0)),
    }
}

/// A share of a whole: `43 %`.
pub(super) fn percent(part: u64, whole: u64) -> String {
    say!("{n} %", n = places(100.0 * part as f64 / whole.max(1) as f64, 0))
}

/// The database was opened.
pub(super) fn opened(release: Option<&str>) -> String {
    match release {
        Some(release) => say!("the database is opened by RocksDB {release}", release),
        None => say!("the database is opened"),
    }
}

/// The database was closed.
pub(super) fn closed() -> String {
    say!("the database is closed")
}

/// An error.
pub(super) fn error(text: &str) -> String {
    say!("an error: {text}", text)
}

/// Writes are held up from now on.
pub(super) fn held_up(line: &StallLine) -> String {
    let why = amount(line.cause, line.amount);
    if line.stops {
        say!("writes are stopped: {why}", why)
    } else {
        say!("writes are limited to {rate} a second: {why}", rate = size(line.rate), why)
    }
}

/// Writes go on.
pub(super) fn goes_on(micros: u64, line: &StallLine) -> String {
    let time = duration(micros);
    if line.stops {
        say!("writes go on after a stop of {time}", time)
    } else {
        say!("writes go on without a limit after {time}", time)
    }
}

/// `36 tables on level 0`.
fn amount(cause: LogStallCause, n: u64) -> String {
    match cause {
        LogStallCause::Memtables => say!("{memtables} waited for their flush", memtables = counted(n, "full memtable")),
        LogStallCause::Level0 => say!("{tables} on level 0", tables = counted(n, "table")),
        LogStallCause::PendingBytes => say!("{bytes} were estimated to be compacted", bytes = size(n)),
        LogStallCause::Other => say!("the reason is not known here"),
    }
}

/// How long writes were stopped, delayed, or both.
fn held(stopped: u64, delayed: u64) -> String {
    let (stop, delay) = (duration(stopped), duration(delayed));
    match (stopped, delayed) {
        (_, 0) => say!("Writes were stopped for {stop}", stop),
        (0, _) => say!("Writes were limited for {delay}", delay),
        _ => say!("Writes were stopped for {stop} and limited for {delay}", stop, delay),
    }
}

/// The stall in which writes were held up for the longest: what was counted, and what ran beside it.
pub(super) fn worst_stall(report: &LogReport, episode: &StallEpisode) -> String {
    let clock = report.clock();
    let held = held(episode.stopped_micros, episode.delayed_micros);
    let (from, until) = (clock.time(episode.from), clock.time(episode.until));
    let amount = amount(episode.cause, episode.peak);
    let mut said = match episode.cause {
        LogStallCause::Other => say!("{held} from {from} to {until}: {amount}", held, from, until, amount),
        _ if from == until => say!("{held} at {from}: {amount}", held, from, amount),
        _ => say!("{held} from {from} to {until}: up to {amount}", held, from, until, amount),
    };
    if let Some(beside) = &episode.beside {
        let (bytes, level, time) =
            (size(beside.read_bytes), beside.level_name(), duration(beside.until.saturating_sub(beside.from)));
        let slots = episode.slots;
        said += &match slots {
            Some(1) => {
                say!(", while a compaction of {bytes} into {level} held the only slot for {time}", bytes, level, time)
            }
            _ => say!(", while a compaction of {bytes} into {level} ran for {time}", bytes, level, time),
        };
        if let Some(slots) = slots.filter(|slots| *slots > 1) {
            let length = episode.stopped_micros.saturating_add(episode.delayed_micros).max(1) as f64;
            // Manual compactions run beside those that have slots.
            let n = places((episode.compacting_micros as f64 / length).min(slots as f64), 1);
            said += &say!("; {n} of {slots} slots were busy on average", n, slots);
        }
    }
    said.push('.');
    if episode.is_open_ended {
        said += " ";
        said += &say!("The log does not tell when it ended.");
    }
    said
}

/// All stalls together, and what the database counted itself.
pub(super) fn all_stalls(report: &LogReport) -> Vec<String> {
    let stalls = &report.stalls;
    let mut said = Vec::new();
    if stalls.episode_count > 1 {
        let held = held(stalls.stopped_micros, stalls.delayed_micros);
        let (all, times) = (duration(report.span()), grouped_count(stalls.episode_count, "stall"));
        said.push(say!("{held} of {all} in all, in {times}.", held, all, times));
    }
    if let Some(counted) = stalls.counted_micros.filter(|micros| *micros > 0) {
        let (waited, until) = (duration(counted), report.clock().time(stalls.counted_until));
        said.push(say!("RocksDB itself counted {waited} for which writers waited, up to {until}.", waited, until));
    }
    said
}

/// The hour that went wrong; of a short log the minute.
pub(super) fn worst_hour(report: &LogReport) -> Option<String> {
    let LogWorst { seconds, period: worst } = report.worst.as_ref()?;
    let held = held(worst.stopped_micros, worst.stalled_micros.saturating_sub(worst.stopped_micros));
    let from = report.clock().time(worst.from);
    let (flushed, compacted) = (size(worst.flushed_bytes), size(worst.compacted_bytes));
    let tables = counted(worst.level0_max, "table");
    let jobs = say!(
        "Flushes wrote {flushed}, compactions {compacted}; level 0 had up to {tables}.",
        flushed,
        compacted,
        tables
    );
    let worst = if *seconds == 3_600 {
        say!("The worst hour is the one from {from} on. {held} in it.", from, held)
    } else {
        say!("The worst minute is the one from {from} on. {held} in it.", from, held)
    };
    Some(format!("{worst} {jobs}"))
}

/// The longest of the stalls that are listed; a stop counts for more than a delay.
pub(super) fn worst_episode(report: &LogReport) -> Option<&StallEpisode> {
    report.stalls.episodes.iter().rev().max_by_key(|episode| weight(episode))
}

/// What the log is of.
fn coverage(report: &LogReport) -> String {
    let clock = report.clock();
    let (from, until) = (clock.time(report.from), clock.time(report.until));
    let (date, span) = (clock::date(report.from), duration(report.span()));
    if report.database == LogDatabase::LevelDb {
        return say!("LevelDB: {span} of log from {date}, {from} to {until}.", span, date, from, until);
    }
    let release = report.release.clone().unwrap_or_else(|| say!("of an unknown release"));
    let families = counted(report.families.len(), "column family");
    say!(
        "RocksDB {release}, {families}: {span} of log from {date}, {from} to {until}.",
        release,
        families,
        span,
        date,
        from,
        until
    )
}

/// What flushes and compactions wrote.
fn totals(report: &LogReport) -> String {
    let sum = |of: fn(&super::LogFamily) -> u64| report.families.iter().map(of).fold(0, u64::saturating_add);
    let flushed = sum(|family| family.flushed_bytes);
    let compacted = sum(|family| family.compacted_bytes);
    let flushes = grouped_count(sum(|family| family.flushes), "flush");
    let compactions = grouped_count(sum(|family| family.compactions), "compaction");
    let moves = grouped_count(sum(|family| family.moves), "move");
    let (flushed_size, compacted_size) = (size(flushed), size(compacted));
    let mut said = say!(
        "{flushes} wrote {flushed}, {compactions} wrote {compacted}, {moves} wrote nothing.",
        flushes,
        flushed = flushed_size,
        compactions,
        compacted = compacted_size,
        moves
    );
    if flushed > 0 {
        let times = places(flushed.saturating_add(compacted) as f64 / flushed as f64, 1);
        said += " ";
        said += &say!("So each byte that was flushed was written {times} times, without the WAL.", times);
    }
    said
}

/// What no log of LevelDB tells.
fn untold_by_leveldb(report: &LogReport) -> Vec<String> {
    let slow = report.families.iter().map(|family| family.level0_slow_micros).fold(0, u64::saturating_add);
    let mut said = Vec::new();
    if slow > 0 {
        said.push(say!(
            "Level 0 had 8 tables or more for {time}: LevelDB delays each write by a millisecond then, and has no line \
             for that.",
            time = duration(slow)
        ));
    }
    said.push(say!("LevelDB's log has no options, no entries and no deletions of tables."));
    said
}

/// What this log does not tell.
pub(super) fn untold(report: &LogReport) -> Vec<String> {
    let mut said = Vec::new();
    if report.sessions.first().is_none_or(|session| !session.is_opened) {
        said.push(say!("The log begins within a session: tables and jobs that are older are not in it."));
    }
    if report.families.iter().flat_map(|family| &family.levels).any(|level| level.tables > 0 && level.bytes.is_none()) {
        said.push(say!("It does not have the bytes of tables that are older than it: a MANIFEST has."));
    }
    let is_leveldb = report.database == LogDatabase::LevelDb;
    if is_leveldb {
        said.extend(untold_by_leveldb(report));
    } else if report.options.is_empty() {
        said.push(say!("It has no options: the head of the file is missing."));
    }
    if !is_leveldb && report.stalls.episode_count > 0 && report.stalls.counted_micros.is_none() {
        said.push(say!(
            "It has no statistics: for how long a limit held is known, not how long a writer waited for it."
        ));
    }
    if report.job_count > report.jobs.len() as u64 {
        let listed = grouped_count(report.jobs.len() as u64, "job");
        said.push(say!("It has more jobs than can be listed: the longest {listed} are.", listed));
    }
    let lines = report.lines.cut + report.lines.foreign;
    if lines > 0 {
        said.push(say!("Passed over, because nothing in it is known: {lines}.", lines = grouped_count(lines, "line")));
    }
    said.push(say!("No log has reads, or how busy processors and device were."));
    said
}

impl LogReport {
    /// The report in sentences, the most important first: of what it is; what went wrong, why, and what would change
    /// it; how much was written; and what the log does not tell.
    pub fn sentences(&self) -> Vec<String> {
        let mut said = vec![coverage(self)];
        if self.findings.is_empty() {
            said.push(say!("Nothing in it points to trouble."));
        }
        for finding in &self.findings {
            let parts = [&finding.says, &finding.cause, &finding.remedy];
            said.push(
                parts.map(String::as_str).into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "),
            );
        }
        said.push(totals(self));
        said.extend(self.untold.iter().cloned());
        said
    }
}

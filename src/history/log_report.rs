//! What happened in a RocksDB or LevelDB database, told by its info log, the file `LOG`.
//!
//! In: the bytes of `LOG.old.*` and `LOG`, in order of time, in pieces of any size ([`LogReader::push`]). Out: a
//! [`LogReport`] ([`LogReader::report`], at any time): flushes, compactions, stalls and levels of each column family
//! and over time, the longest stalls with the compaction that ran beside them, and [`LogFinding`]s: what went wrong,
//! the likely cause, and an option that would change it. Errors: none. A line that is not understood is counted and
//! passed over, whichever release or program wrote it.
//!
//! ```text
//! bytes ──> reader ──line──> fold ──┬─> job_ledger     jobs that run, jobs that ended
//!                                   ├─> stall_ledger   stalls, and what ran beside them
//!                                   ├─> live_tables    tables by level: bytes, entries, deletions
//!                                   ├─> counted_levels tables by level, as the log counts them
//!                                   ├─> periods        all of it by time
//!                                   └─> stats_dump     what the database counted itself
//!                        report ──> findings
//! ```
//!
//! # Memory
//!
//! The log is read as a stream, and none of it is kept. What is kept is bounded: [`MAX_PERIODS`] periods, which grow
//! longer with the log; the [`MAX_JOBS`] longest jobs and the [`MAX_EPISODES`] longest stalls; a million live tables as
//! a few numbers each, and as many of jobs that run; [`MAX_FAMILIES`] column families. A line of more than 1 MiB is
//! counted as cut. A line costs no more in a log of many families, jobs or periods than in a small one.
//!
//! # When a stall ends
//!
//! RocksDB evaluates the conditions of a stall whenever a column family gets a new version or memtable
//! (`ColumnFamilyData::RecalculateWriteStallConditions`, `db/column_family.cc`), and writes a line if one holds. It
//! writes none when writes go on. So a stall lasts from its first line to the first flush, compaction or move of the
//! family after which no such line was written: that is the moment at which RocksDB itself took note. A log that is cut
//! before such a moment does not tell the end; such a stall is counted up to the last line, and marked.
//!
//! A *stop* holds every write up. During a *delay*, writes go on at a limited rate: its length says how long the limit
//! was in force, not how long a writer waited. How long writers waited is counted by RocksDB and is in its dumps of
//! statistics, if there are any ([`LogStalls::counted_micros`]).
//!
//! LevelDB writes a line when a writer begins to wait, and wakes it when a flush or a compaction ends: there, a stop
//! ends as well. `fold/leveldb.rs` says what else its log does not tell, and from what it is told.
//!
//! # What a log says of other people
//!
//! Paths, in errors: they are left out ([`LogPaths::LeaveOut`]) unless they are asked for. The line with the name of
//! the host is not read; a host that an error names stays in it. So do names of column families.

use std::collections::BTreeMap;

use serde::Serialize;

mod clock;
mod counted_levels;
mod findings;
mod fold;
mod from_manifest;
mod job_ledger;
mod live_tables;
mod options_in_force;
mod over_time;
mod periods;
mod reader;
mod sentences;
mod stall_ledger;
mod stats_dump;
#[cfg(test)]
mod tests;
mod without_paths;

pub use clock::LogClock;
pub use findings::{LogFinding, LogFindingKind, LogSuggestion};
pub use job_ledger::{LogJob, LogJobKind, LogSlots};
pub use over_time::LogOverTime;
pub use reader::{LogNews, LogPaths, LogReader};
pub use sentences::duration;
pub use stall_ledger::{LogStallCause, LogStalls, StallEpisode};

/// The most periods that a report has.
pub const MAX_PERIODS: usize = 10_000;

/// The most jobs that a report lists: the longest.
pub const MAX_JOBS: usize = 20_000;

/// The most stalls that a report lists: the longest.
pub const MAX_EPISODES: usize = 200;

/// The most column families that are told apart; what is said of further ones is counted as of the last.
pub const MAX_FAMILIES: usize = 1_000;

/// The most errors, sessions and changes of options that are listed, each.
pub const MAX_LISTED: usize = 100;

/// Adds to a sum. A log may be damaged, and its numbers of any size: no sum overflows.
fn add(sum: &mut u64, n: u64) {
    *sum = sum.saturating_add(n);
}

impl LogReport {
    /// Writes its times.
    pub const fn clock(&self) -> LogClock {
        LogClock::of(self.from, self.until)
    }

    /// How long the log is, in microseconds.
    pub const fn span(&self) -> u64 {
        self.until - self.from
    }
}

/// Which database wrote a log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum LogDatabase {
    /// RocksDB.
    #[default]
    #[serde(rename = "RocksDB")]
    RocksDb,
    /// LevelDB: one column family, one thread for flushes and compactions, and no options in the log.
    #[serde(rename = "LevelDB")]
    LevelDb,
}

/// What a LOG told. Times are in microseconds since 1970 of the local time of the machine that wrote it; durations are
/// in microseconds, sizes in bytes.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LogReport {
    /// The database that wrote it.
    pub database: LogDatabase,
    /// The release that wrote it last: `9.8.4`.
    pub release: Option<String>,
    /// When the first line was written.
    pub from: u64,
    /// When the last line was written.
    pub until: u64,
    /// How many lines were read.
    pub lines: LogLines,
    /// Openings of the database, the first [`MAX_LISTED`].
    pub sessions: Vec<LogSession>,
    /// How many openings there were.
    pub session_count: u64,
    /// Options of the database in force at the end, those that matter here.
    pub options: BTreeMap<String, String>,
    /// Options that changed within the log, the first [`MAX_LISTED`].
    pub changes: Vec<LogOptionChange>,
    /// Every column family of which it tells, in the order in which they appear.
    pub families: Vec<LogFamily>,
    /// The length of a period, in seconds.
    pub period_seconds: u64,
    /// Everything by time, without gaps. Each begins at a multiple of its length, the first one maybe before the log.
    pub periods: Vec<LogPeriod>,
    /// When writes were held up the most; none of a log of less than six minutes, or if they never were.
    pub worst: Option<LogWorst>,
    /// Stalls.
    pub stalls: LogStalls,
    /// How many compactions ran at once.
    pub slots: LogSlots,
    /// Flushes, compactions and moves, by their beginning: the longest [`MAX_JOBS`].
    pub jobs: Vec<LogJob>,
    /// How many there were.
    pub job_count: u64,
    /// Errors, the first [`MAX_LISTED`].
    pub errors: Vec<LogError>,
    /// How many there were.
    pub error_count: u64,
    /// Ingestions of tables that another program wrote.
    pub ingested: u64,
    /// What went wrong, the worst first; nothing if nothing did.
    pub findings: Vec<LogFinding>,
    /// What this log does not tell, in sentences.
    pub untold: Vec<String>,
}

/// How many lines were read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LogLines {
    /// All.
    pub read: u64,
    /// Those with an event as JSON.
    pub events: u64,
    /// Those without a time that belong to no dump of statistics: foreign, damaged, or not text.
    pub foreign: u64,
    /// Those of more than 1 MiB, and those whose event does not end.
    pub cut: u64,
}

/// From an opening of the database to the next.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LogSession {
    /// When it was opened; where the log begins later, when that begins.
    pub from: u64,
    /// When the last line of it was written.
    pub until: u64,
    /// The release.
    pub release: Option<String>,
    /// Whether its opening is in the log.
    pub is_opened: bool,
    /// Whether it was closed; if not, the process ended without, or runs still.
    pub is_closed: bool,
}

/// An option that changed: by a call of `SetOptions`, or at an opening.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LogOptionChange {
    /// When.
    pub at: u64,
    /// Of which column family; none if it is the database's.
    pub family: Option<String>,
    /// The option.
    pub name: String,
    /// What it was.
    pub old: String,
    /// What it is from then on.
    pub new: String,
}

/// What a LOG told of a column family.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LogFamily {
    /// Its name.
    pub name: String,
    /// Its options in force at the end, those that matter here.
    pub options: BTreeMap<String, String>,
    /// Flushes.
    pub flushes: u64,
    /// Bytes of the tables that they wrote.
    pub flushed_bytes: u64,
    /// Entries in those tables.
    pub flushed_entries: u64,
    /// Deletions among them.
    pub flushed_deletions: u64,
    /// Flushes by reason, in RocksDB's words.
    pub flush_reasons: BTreeMap<String, u64>,
    /// Compactions that merged.
    pub compactions: u64,
    /// Trivial moves: each may move several tables.
    pub moves: u64,
    /// Bytes that compactions read.
    pub read_bytes: u64,
    /// Bytes that they wrote.
    pub compacted_bytes: u64,
    /// Entries that they read.
    pub input_records: u64,
    /// Entries that they wrote.
    pub output_records: u64,
    /// How long they took, all together.
    pub compaction_micros: u64,
    /// Compactions by reason, in RocksDB's words.
    pub compaction_reasons: BTreeMap<String, u64>,
    /// Compactions of which RocksDB says whether a snapshot was held.
    pub asked_of_snapshots: u64,
    /// Those for which one was.
    pub with_snapshot: u64,
    /// Compactions by output level.
    pub by_level: Vec<LogOutputLevel>,
    /// (flushed + compacted) / flushed, as RocksDB counts write amplification; none before a flush.
    pub write_amp: Option<f64>,
    /// The levels at the end.
    pub levels: Vec<LogLevel>,
    /// The most tables on level 0.
    pub level0_max: u64,
    /// For half of the time, level 0 had at least as many tables.
    pub level0_median: u64,
    /// How long level 0 had 8 tables or more, if it is of LevelDB, which delays each write by a millisecond then; its
    /// log has no line for that.
    pub level0_slow_micros: u64,
    /// The most bytes that were estimated to be compacted.
    pub pending_max: u64,
    /// How long its conditions stopped writes.
    pub stopped_micros: u64,
    /// How long they delayed writes.
    pub delayed_micros: u64,
}

/// Compactions that wrote to a level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LogOutputLevel {
    /// The level.
    pub level: usize,
    /// Compactions that merged.
    pub compactions: u64,
    /// Trivial moves.
    pub moves: u64,
    /// Bytes read.
    pub read_bytes: u64,
    /// Bytes written.
    pub compacted_bytes: u64,
    /// How long they took, all together.
    pub micros: u64,
}

/// A level at the end of a log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LogLevel {
    /// The level.
    pub level: usize,
    /// Its tables.
    pub tables: u64,
    /// Their bytes; none where the log does not have them: tables that are older than it.
    pub bytes: Option<u64>,
    /// Whether the bytes are those of the last dump of statistics, which are rounded, and may be some minutes old.
    pub is_of_dump: bool,
    /// Entries of the tables of which the log tells.
    pub entries: u64,
    /// Deletions among them.
    pub deletions: u64,
}

/// What happened in a period, all column families together.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LogPeriod {
    /// When it begins.
    pub from: u64,
    /// Flushes that ended in it.
    pub flushes: u64,
    /// Bytes that they wrote.
    pub flushed_bytes: u64,
    /// Compactions that ended in it.
    pub compactions: u64,
    /// Trivial moves.
    pub moves: u64,
    /// Bytes that its compactions read.
    pub read_bytes: u64,
    /// Bytes that they wrote.
    pub compacted_bytes: u64,
    /// How long writes were stopped in it.
    pub stopped_micros: u64,
    /// How long writes were stopped or delayed in it.
    pub stalled_micros: u64,
    /// How long compactions ran in it, all together.
    pub compacting_micros: u64,
    /// How long flushes ran in it, all together.
    pub flushing_micros: u64,
    /// The most tables on level 0 of any column family.
    pub level0_max: u64,
    /// As many as there were at its end.
    pub level0_last: u64,
    /// The most bytes that were estimated to be compacted, of any column family.
    pub pending_max: u64,
    /// Errors.
    pub errors: u64,
    /// Deletions in the tables that flushes wrote.
    pub flushed_deletions: u64,
    /// Entries that its compactions read and did not write again.
    pub dropped_entries: u64,
    /// Entries at its end, of the tables of which the log tells.
    pub entries: u64,
    /// Deletions among them.
    pub deletions: u64,
    /// Bytes on each level at its end, of the tables of which the log tells.
    pub level_bytes: Vec<u64>,
    /// Tables on each level at its end, all column families together: as RocksDB counts them, older ones too.
    pub level_tables: Vec<u64>,
}

/// The hour of a log in which writes were held up the most; of a log of less than six hours the minute.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LogWorst {
    /// Its length, in seconds.
    pub seconds: u64,
    /// What happened in it.
    pub period: LogPeriod,
}

/// Something that the database calls an error.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LogError {
    /// When.
    pub at: u64,
    /// What it says; paths in it are left out unless they were asked for. Text of a stranger: never HTML.
    pub text: String,
}

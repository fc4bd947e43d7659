//! RocksDB's info log, the file `LOG`: what the database said of itself while it ran.
//!
//! In: its bytes; those of `LOG.old.*` first, in order. Out: [`LoggedJobs`]: each compaction as the log has it, with
//! the version on which it was decided, and what each table holds, which a `MANIFEST` does not tell. Nothing in a log
//! is an error: what is not understood is passed over. All times are microseconds of the writer's local clock, made
//! such that it does not go back.
//!
//! A database counts its jobs and its versions from the beginning whenever it is opened: a *session*. It also begins a
//! new manifest then, so that what the sessions before it did is in older ones. But an opening may fail before it gets
//! so far, and then the manifest is still that of the session before:
//!
//! ```text
//! Recovering from manifest file: MANIFEST-000005      a session begins
//! Creating manifest 9                                 MANIFEST-000009 is its own; what was before is forgotten
//! … Compacting … Compacting …
//! Creating manifest 31                                rolled: from here on, MANIFEST-000031
//! ```

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use self::{
    clock::Clock,
    event::{Contents, EventLine},
    line::{Line, Said},
};
use super::{CompactionCause, Edit};
use crate::version::TableId;

pub(super) mod clock;
pub(super) mod event;
pub(super) mod leveldb_jobs;
pub(super) mod leveldb_line;
pub(super) mod line;
#[cfg(test)]
mod tests;

/// A compaction, or a trivial move, as a `LOG` has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct LoggedJob {
    /// Its number within its session.
    pub job: u64,
    /// How many openings of the database come before it in the log.
    pub session: u64,
    /// Its place among all of the log, in the order in which they were decided, as far as the log tells.
    pub order: u64,
    /// No later than this was it decided, in microseconds.
    pub decided: u64,
    /// Its thread was busy with something else until then: it was decided after.
    pub idle_until: u64,
    /// The number of the version on which it was decided; a log says it of a merge.
    pub base: Option<u64>,
    /// Its inputs. Their levels are 0, where it is a move.
    pub inputs: Vec<(usize, TableId)>,
    /// Where it moves its inputs to, if it is a move.
    pub moves_to: Option<usize>,
    /// Where it writes to, if it is a merge.
    pub output_level: Option<usize>,
    /// Why, in the database's words: `LevelL0FilesNum`. A log says it of a merge.
    pub reason: String,
    /// Whether a person or a program asked for the move.
    pub is_manual: bool,
}

impl LoggedJob {
    /// What asked for it, where no score did (`GetCompactionReasonString` in RocksDB's
    /// `db/compaction/compaction_job.cc`).
    pub fn cause(&self) -> Option<CompactionCause> {
        match &*self.reason {
            _ if self.is_manual => Some(CompactionCause::Manual),
            "ManualCompaction" | "RefitLevel" => Some(CompactionCause::Manual),
            "FilesMarkedForCompaction" => Some(CompactionCause::MarkedFiles),
            "BottommostFiles" => Some(CompactionCause::BottommostFiles),
            "Ttl" | "RoundRobinTtl" => Some(CompactionCause::Ttl),
            "PeriodicCompaction" => Some(CompactionCause::Periodic),
            "ExternalSstIngestion" => Some(CompactionCause::Ingestion),
            "ForcedBlobGC" | "ChangeTemperature" | "ReadTriggered" => Some(CompactionCause::OtherThanScores),
            _ => None,
        }
    }
}

/// Versions whose numbers can be compared: the session, and how many changes of options come before.
pub(super) type Numbering = (u64, usize);

/// A table as a `LOG` has it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct LoggedTable {
    /// What it holds.
    pub contents: Contents,
    /// When it was written.
    pub written: u64,
}

/// What a `LOG` says of jobs and tables.
#[derive(Clone, Debug, Default)]
pub(super) struct LoggedJobs {
    /// Compactions and moves, in the log's order.
    pub jobs: Vec<LoggedJob>,
    /// What each table holds, and when it was written.
    pub tables: BTreeMap<TableId, LoggedTable>,
    /// When the compaction with this session and number had changed the tree, or failed.
    pub ended: BTreeMap<(u64, u64), u64>,
    /// When a table that was flushed was in the tree.
    pub flushed: BTreeMap<TableId, u64>,
    /// What each compaction read or wrote, whichever was more, and its microseconds.
    pub speeds: Vec<(u64, u64)>,
    /// Whether writes waited for flushes.
    pub waits_for_flushes: bool,
    /// When options were changed: the session, and the time.
    pub options_changed: Vec<(u64, u64)>,
    /// When the manifest was rolled last: the session, and the time. What was decided before is decided on versions
    /// that the new one does not have.
    pub rolled: Option<(u64, u64)>,
}

/// The log says up to this much later, in microseconds, that options were changed.
const CHANGE_IS_LOGGED_WITHIN: u64 = 1_000_000;

impl LoggedJobs {
    /// Reads a log.
    pub fn read(bytes: &[u8]) -> LoggedJobs {
        let (mut reading, mut clock) = (Reading::default(), Clock::default());
        for mut line in bytes.split(|byte| *byte == b'\n').filter_map(line::line) {
            clock.set(&mut line);
            reading.line(&line);
        }
        reading.found
    }

    /// When what each flush of `edits` wrote was in the tree, as far as it is known: by its edit.
    pub fn flush_times(&self, edits: &[Edit]) -> BTreeMap<usize, u64> {
        let time = |edit: &Edit| edit.added.iter().filter_map(|added| self.flushed.get(&added.table.id)).max().copied();
        let flushes = edits.iter().enumerate().filter(|(_, edit)| edit.is_flush());
        flushes.filter_map(|(at, edit)| Some((at, time(edit)?))).collect()
    }

    /// Which numbers of versions can be compared with that of a decision between these times; none where options may
    /// have been changed between them.
    pub fn numbering(&self, session: u64, earliest: u64, latest: u64) -> Option<Numbering> {
        let changes = |until: u64| self.options_changed.partition_point(|changed| *changed <= (session, until));
        let least = changes(earliest);
        (least == changes(latest.saturating_add(CHANGE_IS_LOGGED_WITHIN))).then_some((session, least))
    }

    /// Fills in what a `MANIFEST` does not tell of the tables of `edits`; returns of how many the log does not tell
    /// either.
    pub fn fill(&self, edits: &mut [Edit]) -> usize {
        let mut unknown = BTreeSet::new();
        for added in edits.iter_mut().flat_map(|edit| &mut edit.added) {
            match self.tables.get(&added.table.id) {
                Some(LoggedTable { contents, .. }) => {
                    let table = Rc::make_mut(&mut added.table);
                    (table.entries, table.tombstones) = (contents.num_entries, contents.num_deletions);
                }
                None => {
                    unknown.insert(added.table.id);
                }
            }
        }
        unknown.len()
    }
}

/// What was read so far.
#[derive(Default)]
struct Reading {
    found: LoggedJobs,
    session: u64,
    /// Whether the database is being opened, and has no manifest of its own yet.
    is_opening: bool,
    threads: BTreeMap<String, Thread>,
}

/// What a thread is about.
#[derive(Default)]
struct Thread {
    /// When it wrote last.
    wrote: u64,
    /// When its last event was.
    event: u64,
    /// The compaction that it has begun.
    begun: LoggedJob,
    /// The compaction that runs on it, with the bytes that it reads.
    reads: Option<(u64, u64)>,
    /// The tables that it is moving.
    moving: Option<LoggedJob>,
    /// Whether its last line says that a manual compaction begins.
    is_manual: bool,
}

impl Reading {
    fn line(&mut self, line: &Line<'_>) {
        if !self.threads.contains_key(line.thread) {
            self.threads.insert(line.thread.to_string(), Thread::default());
        }
        let Some(thread) = self.threads.get_mut(line.thread) else { return };
        let session = self.session;
        match &line.said {
            Said::Compacting { job, output_level, .. } => {
                thread.begun = LoggedJob {
                    job: *job,
                    session,
                    decided: line.micros,
                    idle_until: thread.wrote,
                    output_level: *output_level,
                    ..LoggedJob::default()
                };
            }
            Said::Base { version } => thread.begun.base = Some(*version),
            Said::Moving { table, level, .. } => {
                let is_manual = std::mem::take(&mut thread.is_manual);
                let moving = thread.moving.get_or_insert_with(|| LoggedJob {
                    session,
                    is_manual,
                    decided: line.micros,
                    // What it says in between is written before its buffer is.
                    idle_until: thread.event.min(line.micros),
                    moves_to: Some(*level),
                    ..LoggedJob::default()
                });
                moving.inputs.push((0, *table));
            }
            Said::Recovering => {
                (self.session, self.is_opening) = (session + 1, true);
                self.threads.clear();
                return;
            }
            Said::NewManifest => self.new_manifest(line.micros),
            Said::OptionsChanged => self.found.options_changed.push((session, line.micros)),
            Said::Committed { table } => {
                self.found.flushed.insert(*table, line.micros);
            }
            Said::Stall { why, .. } => self.found.waits_for_flushes |= why.contains("immutable memtables"),
            Said::Event(event) => self.event(line, event),
            _ => {}
        }
        if let Some(thread) = self.threads.get_mut(line.thread) {
            thread.wrote = line.written;
            thread.is_manual = matches!(line.said, Said::ManualCompaction);
            if matches!(line.said, Said::Event(_)) {
                thread.event = line.micros;
            }
        }
    }

    fn new_manifest(&mut self, micros: u64) {
        if std::mem::take(&mut self.is_opening) {
            let tables = std::mem::take(&mut self.found.tables);
            self.found = LoggedJobs { tables, ..LoggedJobs::default() };
        } else {
            self.found.rolled = Some((self.session, micros));
        }
    }

    fn event(&mut self, line: &Line<'_>, event: &EventLine) {
        let Some(thread) = self.threads.get_mut(line.thread) else { return };
        if event.event == "compaction_started" {
            thread.reads = Some((event.job, event.bytes));
        }
        let begun = match event.event.as_str() {
            "table_file_creation" => {
                if let Some((_, table)) = event.tables.first() {
                    let logged = LoggedTable { contents: event.contents, written: line.micros };
                    self.found.tables.insert(*table, logged);
                }
                return;
            }
            "compaction_finished" => {
                self.found.ended.insert((self.session, event.job), line.micros);
                if let Some((_, read)) = thread.reads.take().filter(|(job, _)| *job == event.job) {
                    self.found.speeds.push((read.max(event.bytes), event.micros));
                }
                return;
            }
            "trivial_move" => {
                self.found.ended.insert((self.session, event.job), line.micros);
                let Some(moving) = thread.moving.take() else { return };
                LoggedJob { job: event.job, ..moving }
            }
            "compaction_started" if thread.begun.job == event.job => LoggedJob {
                inputs: event.tables.clone(),
                reason: event.reason.clone(),
                ..std::mem::take(&mut thread.begun)
            },
            _ => return,
        };
        let order = self.found.jobs.len() as u64;
        self.found.jobs.push(LoggedJob { order, ..begun });
    }
}

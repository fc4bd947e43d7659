//! RocksDB's info log, the file `LOG`: what the database said of itself while it ran.
//!
//! In: its bytes; those of `LOG.old.*` first, in order. Out: [`LoggedJobs`]: each compaction as the log has it, with
//! the version on which it was decided, and what each table holds, which a `MANIFEST` does not tell. Nothing in a log
//! is an error: what is not understood is passed over.

use std::{collections::BTreeMap, rc::Rc};

use self::{
    event::{Contents, EventLine},
    line::{Line, Said},
};
use super::Edit;
use crate::version::TableId;

mod event;
pub(super) mod line;

/// A compaction, or a trivial move, as a `LOG` has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct LoggedJob {
    /// Its number.
    pub job: u64,
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
    /// Why, in the database's words: `LevelL0FilesNum`.
    pub reason: String,
}

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
    /// When the compaction with this number had changed the tree.
    pub ended: BTreeMap<u64, u64>,
    /// When a table that was flushed was in the tree.
    pub flushed: BTreeMap<TableId, u64>,
    /// What each compaction read or wrote, whichever was more, and its microseconds.
    pub speeds: Vec<(u64, u64)>,
    /// Whether writes waited for flushes.
    pub waits_for_flushes: bool,
}

impl LoggedJobs {
    /// Reads a log.
    pub fn read(bytes: &[u8]) -> LoggedJobs {
        let mut reading = Reading::default();
        bytes.split(|byte| *byte == b'\n').filter_map(line::line).for_each(|line| reading.line(&line));
        reading.found
    }

    /// When what each flush of `edits` wrote was in the tree, as far as it is known: by its edit.
    pub fn flush_times(&self, edits: &[Edit]) -> BTreeMap<usize, u64> {
        let time = |edit: &Edit| edit.added.iter().filter_map(|added| self.flushed.get(&added.table.id)).max().copied();
        let flushes = edits.iter().enumerate().filter(|(_, edit)| edit.is_flush());
        flushes.filter_map(|(at, edit)| Some((at, time(edit)?))).collect()
    }

    /// Fills in what a `MANIFEST` does not tell of the tables of `edits`.
    pub fn fill(&self, edits: &mut [Edit]) {
        for added in edits.iter_mut().flat_map(|edit| &mut edit.added) {
            if let Some(LoggedTable { contents, .. }) = self.tables.get(&added.table.id) {
                let table = Rc::make_mut(&mut added.table);
                (table.entries, table.tombstones) = (contents.num_entries, contents.num_deletions);
            }
        }
    }
}

/// What was read so far.
#[derive(Default)]
struct Reading {
    found: LoggedJobs,
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
}

impl Reading {
    fn line(&mut self, line: &Line<'_>) {
        if !self.threads.contains_key(line.thread) {
            self.threads.insert(line.thread.to_string(), Thread::default());
        }
        let Some(thread) = self.threads.get_mut(line.thread) else { return };
        match &line.said {
            Said::Compacting { job, .. } => {
                thread.begun =
                    LoggedJob { job: *job, decided: line.micros, idle_until: thread.wrote, ..LoggedJob::default() };
            }
            Said::Base { version } => thread.begun.base = Some(*version),
            Said::Moving { table, level, .. } => {
                let moving = thread.moving.get_or_insert_with(|| LoggedJob {
                    decided: line.micros,
                    // What it says in between is written before its buffer is.
                    idle_until: thread.event.min(line.micros),
                    moves_to: Some(*level),
                    ..LoggedJob::default()
                });
                moving.inputs.push((0, *table));
            }
            Said::Recovering => {
                // Jobs are counted anew, and so are versions: what the sessions before it did is in older manifests.
                let tables = std::mem::take(&mut self.found.tables);
                *self = Reading { found: LoggedJobs { tables, ..LoggedJobs::default() }, ..Reading::default() };
            }
            Said::Committed { table } => {
                self.found.flushed.insert(*table, line.micros);
            }
            Said::Stall { why, .. } => self.found.waits_for_flushes |= why.contains("immutable memtables"),
            Said::Event(event) => self.event(line, event),
            _ => {}
        }
        if let Some(thread) = self.threads.get_mut(line.thread) {
            thread.wrote = line.written;
            if matches!(line.said, Said::Event(_)) {
                thread.event = line.micros;
            }
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
                self.found.ended.insert(event.job, line.micros);
                if let Some((_, read)) = thread.reads.take().filter(|(job, _)| *job == event.job) {
                    self.found.speeds.push((read.max(event.bytes), event.micros));
                }
                return;
            }
            "trivial_move" => {
                self.found.ended.insert(event.job, line.micros);
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

//! LevelDB's lines, told as the jobs and levels that [`Fold`] knows.
//!
//! In: what a line of LevelDB says. Out: the same changes as RocksDB's events make. LevelDB has one thread for flushes
//! and compactions, one column family, and no options in its log; it says less, and some of that later:
//!
//! | not said | told from |
//! | --- | --- |
//! | that the database is opened | `Creating DB`, or the first `Recovering log` behind other lines |
//! | the inputs of a compaction, by number | tables that are deleted behind it, if they are as many; else the average |
//! | the level to which a flush writes: 0, 1 or 2 | the counts of the next level summary ([`FlushesSince`]) |
//! | when a flush is in the tree | the deletion of its log of writes, behind it |
//! | why | `Manual compaction`; nothing else |
//!
//! So a job that has ended is kept back until a line that deletes nothing comes. Entries and deletions of tables are
//! not told at all.

use flush_levels::{DEEPEST_FLUSH, FlushesSince, TreeBefore, UnplacedFlush};

use super::*;
use crate::history::{
    info_log::{
        event::EventLine,
        leveldb_line::{LEVELS, LevelCounts, LevelDbLine},
    },
    log_report::{LogDatabase, LogJob, LogStallCause, add, job_ledger::RunningJob, live_tables::LiveTable},
};

mod flush_levels;

/// LevelDB's only column family, by the name that RocksDB's first one has.
const FAMILY: &str = "default";

/// `config::kL0_CompactionTrigger`, `config::kL0_StopWritesTrigger`.
const TRIGGER: u64 = 4;
const STOP: u64 = 12;

/// What was read of a LevelDB.
#[derive(Clone, Debug, Default)]
pub(super) struct LevelDbFold {
    is_known: bool,
    is_opening: bool,
    /// Whether the last line says that what is compacted next was asked for.
    is_manual: bool,
    /// The number of the last job; LevelDB has none.
    job: u64,
    /// The flush that runs, and when it began.
    flush: Option<(u64, u64)>,
    merge: Option<Merge>,
    ended: Option<Ended>,
    flushes: FlushesSince,
}

/// A compaction that runs.
#[derive(Clone, Copy, Debug, Default)]
struct Merge {
    job: u64,
    level: usize,
    /// Inputs of the level, and of the one below it.
    inputs: [u64; 2],
    /// Tables written.
    outputs: u64,
    /// Bytes of all, once all are written.
    bytes: Option<u64>,
    /// How long flushes took meanwhile.
    flushing_micros: u64,
}

/// A job that has ended, with what was deleted since.
#[derive(Clone, Debug)]
struct Ended {
    thread: String,
    from: u64,
    until: u64,
    /// The merge, with the counts behind it; none for a flush.
    merge: Option<(Merge, LevelCounts)>,
    job: u64,
    deleted: u64,
    deleted_bytes: u64,
}

impl Fold {
    /// Whether the log is of LevelDB.
    pub(super) fn database(&self) -> LogDatabase {
        if self.leveldb.is_known { LogDatabase::LevelDb } else { LogDatabase::RocksDb }
    }

    /// Whether a session begins with `said`. A line of RocksDB that looks like one of LevelDB is none.
    pub(super) fn begins_leveldb(&self, said: &Said<'_>) -> bool {
        let Said::LevelDb(said) = said else { return false };
        matches!(said, LevelDbLine::Created | LevelDbLine::Recovering) && !self.leveldb.is_opening && self.is_leveldb()
    }

    /// How long LevelDB delayed each write (`config::kL0_SlowdownWritesTrigger`): `level0` is for how long level 0 had
    /// how many tables.
    pub(super) fn slow_micros(&self, level0: &[u64]) -> u64 {
        const SLOWDOWN: usize = 8;
        let slow = level0.get(SLOWDOWN..).filter(|_| self.leveldb.is_known).unwrap_or_default();
        slow.iter().copied().fold(0, u64::saturating_add)
    }

    fn is_leveldb(&self) -> bool {
        self.leveldb.is_known || (self.release.is_none() && self.lines.events == 0)
    }

    /// Reads a line of LevelDB.
    pub(super) fn leveldb(&mut self, line: &Line<'_>, said: LevelDbLine<'_>) {
        if !self.is_leveldb() || (!self.leveldb.is_known && said == LevelDbLine::Failed) {
            return self.other(line);
        }
        if !self.leveldb.is_known {
            self.leveldb.is_known = true;
            self.slots = Some(1);
        }
        if self.begins_leveldb(&Said::LevelDb(said)) {
            self.opened(line.micros);
            (self.leveldb.is_opening, self.leveldb.merge, self.leveldb.flush) = (true, None, None);
        }
        self.session(line.micros);
        let family = self.family(FAMILY);
        let is_of_opening = matches!(
            said,
            LevelDbLine::Created
                | LevelDbLine::Recovering
                | LevelDbLine::FlushBegins
                | LevelDbLine::Flushed { .. }
                | LevelDbLine::Failed
        );
        self.leveldb.is_opening &= is_of_opening;
        let is_manual = std::mem::replace(&mut self.leveldb.is_manual, said == LevelDbLine::Manual);
        match said {
            LevelDbLine::Created => {
                self.live.clear();
                self.leveldb.flushes = FlushesSince { counts: Some([0; LEVELS]), ..FlushesSince::default() };
                self.has_levels(family, line.micros, &[0; LEVELS]);
                self.levels_are(line.micros);
            }
            LevelDbLine::FlushBegins => {
                let reason = if self.leveldb.is_opening { "Recovery" } else { "" };
                // Of one thread, one flush runs.
                if let Some((job, _)) = self.leveldb.flush.take() {
                    self.fails(job, line.micros);
                }
                let flush = LogJob { kind: LogJobKind::Flush, reason: reason.into(), ..LogJob::default() };
                self.leveldb.flush = Some((self.begin_leveldb(line, family, flush), line.micros));
            }
            LevelDbLine::Flushed { table, bytes, status } => self.flushed(line, family, table, bytes, status),
            LevelDbLine::Compacting { level, tables, below } => {
                let reason = if is_manual { "Manual" } else { "" };
                self.merge_begins(line, family, level, [tables, below], reason);
            }
            LevelDbLine::Generated { table, bytes } => {
                if let Some(merge) = &mut self.leveldb.merge {
                    merge.outputs += 1;
                    let job = merge.job;
                    self.written(job, table, LiveTable { family, bytes, ..LiveTable::default() });
                }
            }
            LevelDbLine::Compacted { bytes } => {
                if let Some(merge) = &mut self.leveldb.merge {
                    merge.bytes = Some(bytes);
                }
            }
            LevelDbLine::CompactedTo { levels } => self.merge_ends(line, family, &levels),
            LevelDbLine::Moved { table, level, bytes, levels } => {
                let mut changed = [0; LEVELS];
                changed[level] = 1;
                changed[level.saturating_sub(1)] -= 1;
                self.place_flushes(family, line.micros, &levels, &changed);
                self.leveldb.job += 1;
                self.thread(line.thread).moving.push(table);
                let event = EventLine {
                    job: self.leveldb.job,
                    family: Some(FAMILY.into()),
                    output_level: Some(level),
                    bytes,
                    ..EventLine::default()
                };
                self.moved(line, &event);
            }
            LevelDbLine::TableDeleted { table } => {
                let bytes = self.live.removed(table).map_or(0, |table| table.bytes);
                if let Some(ended) = &mut self.leveldb.ended {
                    ended.deleted += 1;
                    add(&mut ended.deleted_bytes, bytes);
                    ended.until = ended.until.max(line.micros);
                }
            }
            LevelDbLine::OtherDeleted => {
                if let Some(ended) = &mut self.leveldb.ended {
                    ended.until = ended.until.max(line.micros);
                }
            }
            LevelDbLine::MemtablesFull | LevelDbLine::Level0Full => {
                let (cause, amount) = match said {
                    LevelDbLine::MemtablesFull => (LogStallCause::Memtables, 2),
                    _ => (LogStallCause::Level0, STOP),
                };
                self.stalled(line, FAMILY, StallLine { stops: true, cause, amount, rate: 0 });
            }
            LevelDbLine::Recovering | LevelDbLine::Manual => {}
            LevelDbLine::Failed => self.error(line.micros, line.message),
        }
    }

    /// A job begins. Returns its number.
    fn begin_leveldb(&mut self, line: &Line<'_>, family: usize, job: LogJob) -> u64 {
        self.leveldb.job += 1;
        let job = LogJob { job: self.leveldb.job, family, from: line.micros, ..job };
        self.jobs.begin(RunningJob { job, is_of_family: true, ..RunningJob::default() });
        self.leveldb.job
    }

    /// The job has written a table.
    fn written(&mut self, job: u64, id: u64, table: LiveTable) {
        self.live.written(id, table);
        self.jobs.writes(job, id);
    }

    fn flushed(&mut self, line: &Line<'_>, family: usize, table: u64, bytes: u64, status: &str) {
        // Its beginning may be before the log.
        let (job, from) = self.leveldb.flush.take().unwrap_or_else(|| {
            let job = self.begin_leveldb(line, family, LogJob { kind: LogJobKind::Flush, ..LogJob::default() });
            (job, line.micros)
        });
        if status != "OK" {
            self.fails(job, line.micros);
            return self.error(line.micros, line.message);
        }
        // A memtable without entries makes no table.
        if bytes > 0 {
            self.written(job, table, LiveTable { family, bytes, ..LiveTable::default() });
            if self.leveldb.flushes.flushes.is_empty() {
                let tables = self.level_tables();
                let bytes = self.live.level_bytes(&tables);
                self.leveldb.flushes.before = TreeBefore { tables, bytes };
            }
            self.leveldb.flushes.add(UnplacedFlush { at: line.micros, table, bytes });
        }
        self.leveldb.ended = Some(Ended { job, from, ..Ended::new(line) });
    }

    fn merge_begins(&mut self, line: &Line<'_>, family: usize, level: usize, inputs: [u64; 2], reason: &str) {
        // Of one thread, one merge runs.
        if let Some(merge) = self.leveldb.merge.take() {
            self.fails(merge.job, line.micros);
        }
        // The average of each level, until what is deleted tells it.
        let levels = self.live.levels(family);
        let bytes = |(at, count): (usize, &u64)| {
            let found = levels.get(level + at).copied().unwrap_or_default();
            found.bytes.saturating_mul(*count) / found.tables.max(1)
        };
        let read_bytes = inputs.iter().enumerate().map(bytes).fold(0, u64::saturating_add);
        let job = LogJob {
            kind: LogJobKind::Compaction,
            reason: reason.into(),
            from_level: Some(level),
            level: level + 1,
            tables: inputs[0].saturating_add(inputs[1]),
            read_bytes,
            ..LogJob::default()
        };
        let job = self.begin_leveldb(line, family, job);
        self.leveldb.merge = Some(Merge { job, level, inputs, ..Merge::default() });
    }

    fn merge_ends(&mut self, line: &Line<'_>, family: usize, levels: &LevelCounts) {
        let Some(merge) = self.leveldb.merge.take() else {
            // It began before the log: what it changed is not known.
            self.leveldb.flushes = FlushesSince { counts: Some(*levels), ..FlushesSince::default() };
            self.has_levels(family, line.micros, levels);
            return self.levels_are(line.micros);
        };
        let from = self.jobs.running(merge.job).map_or(line.micros, |running| running.job.from);
        self.leveldb.ended = Some(Ended { job: merge.job, from, merge: Some((merge, *levels)), ..Ended::new(line) });
    }

    /// Keeps the job that has ended, when a line comes that deletes nothing.
    pub(super) fn settle_leveldb(&mut self, said: Option<&Said<'_>>) {
        if let Some(Said::LevelDb(LevelDbLine::TableDeleted { .. } | LevelDbLine::OtherDeleted)) = said {
            return;
        }
        let Some(ended) = self.leveldb.ended.take() else { return };
        let line = ended.line();
        let Some((merge, levels)) = ended.merge else {
            if let Some(merge) = &mut self.leveldb.merge {
                add(&mut merge.flushing_micros, ended.until.saturating_sub(ended.from));
            }
            let event = EventLine { job: ended.job, ..EventLine::default() };
            self.flush_finished(&line, &event);
            let family = self.family(FAMILY);
            return self.goes_on(&ended.thread, family, ended.until);
        };
        let family = self.family(FAMILY);
        let Some(bytes) = merge.bytes else {
            self.fails(ended.job, ended.until);
            self.place_flushes(family, ended.until, &levels, &[0; LEVELS]);
            return;
        };
        let mut changed = [0; LEVELS];
        changed[merge.level] = -i128::from(merge.inputs[0]);
        changed[merge.level + 1] = i128::from(merge.outputs) - i128::from(merge.inputs[1]);
        self.place_flushes(family, ended.until, &levels, &changed);
        if let Some(running) = self.jobs.running(ended.job)
            && ended.deleted == running.job.tables
        {
            running.job.read_bytes = ended.deleted_bytes;
        }
        let event = EventLine {
            job: ended.job,
            family: Some(FAMILY.into()),
            output_level: Some(merge.level + 1),
            bytes,
            micros: ended.until.saturating_sub(ended.from).saturating_sub(merge.flushing_micros),
            ..EventLine::default()
        };
        self.compaction_finished(&line, &event);
    }

    /// A job has failed, or the database was closed meanwhile.
    fn fails(&mut self, job: u64, at: u64) {
        let Some(running) = self.jobs.end(job) else { return };
        for table in running.outputs {
            self.live.removed(table);
        }
        let until = at.max(running.job.from);
        self.jobs.keep(LogJob { until, is_unfinished: true, ..running.job });
    }

    /// A level summary: puts the flushes before it on their levels.
    fn place_flushes(&mut self, family: usize, at: u64, after: &LevelCounts, changed: &[i128; LEVELS]) {
        let levels = self.leveldb.flushes.levels(after, changed);
        self.put_flushes(family, at, &levels);
        self.leveldb.flushes.counts = Some(*after);
        self.has_levels(family, at, after);
        self.levels_are(at);
    }

    /// Puts flushes on their levels, which are told at `until`: the tree had them from each flush on.
    fn put_flushes(&mut self, family: usize, until: u64, levels: &[usize]) {
        let FlushesSince { counts: mut counted, flushes, before: mut tree } = std::mem::take(&mut self.leveldb.flushes);
        let ends = flushes.iter().skip(1).map(|next| next.at).chain([until]);
        for ((UnplacedFlush { at, table, bytes }, end), level) in flushes.iter().copied().zip(ends).zip(levels) {
            // It may be merged already.
            if self.live.get(table).is_some_and(|table| table.level == Some(0)) {
                self.live.placed(table, *level);
            }
            if let Some(counts) = &mut counted {
                add(&mut counts[*level], 1);
                self.has_levels(family, at, counts);
            }
            tree.add(*level, bytes);
            self.periods.had_levels(at, end, &tree.tables, &tree.bytes);
        }
        self.leveldb.flushes.counts = counted;
    }

    /// The levels have as many tables from `at` on, which may be some time ago.
    fn has_levels(&mut self, family: usize, at: u64, counts: &LevelCounts) {
        let fold = &mut self.families[family];
        fold.pass(at.max(fold.level0_until));
        fold.report.level0_max = fold.report.level0_max.max(counts[0]);
        self.counts_are(family, counts);
        let period = self.periods.at(at);
        period.level0_max = period.level0_max.max(counts[0]);
        period.level0_last = counts[0];
    }

    /// The same as it would be if the log went on with another line: with the job that has ended, and the flushes since
    /// the last level summary on the levels on which they are likely to be; none if there is nothing to add.
    pub(super) fn settled_leveldb(&self) -> Option<Fold> {
        let LevelDbFold { ended, flushes, .. } = &self.leveldb;
        if ended.is_none() && flushes.flushes.is_empty() {
            return None;
        }
        let mut fold = self.clone();
        fold.settle_leveldb(None);
        let counts = fold.leveldb.flushes.counts;
        let n = fold.leveldb.flushes.flushes.len();
        // With as many tables on level 0, a compaction would run.
        let level0 = counts.map_or(0, |counts| counts[0]).saturating_add(n as u64);
        let is_deeper =
            counts.is_some() && level0 >= TRIGGER && fold.leveldb.merge.is_none() && !fold.leveldb.is_opening;
        let family = fold.family(FAMILY);
        fold.put_flushes(family, fold.now, &vec![if is_deeper { DEEPEST_FLUSH } else { 0 }; n]);
        Some(fold)
    }
}

impl Ended {
    fn new(line: &Line<'_>) -> Ended {
        Ended {
            thread: line.thread.into(),
            from: line.micros,
            until: line.micros,
            merge: None,
            job: 0,
            deleted: 0,
            deleted_bytes: 0,
        }
    }

    /// A line that says that it has ended.
    fn line(&self) -> Line<'_> {
        let (micros, written, thread) = (self.until, self.until, self.thread.as_str());
        Line { micros, written, thread, said: Said::Other, message: "", is_error: false }
    }
}

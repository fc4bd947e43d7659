//! The jobs of a log: those that run, and those that ended.
//!
//! In: their beginnings and ends, in the log's order. Out: [`LogJob`]s, at most `2 * MAX_JOBS` at a time, of which the
//! shortest are dropped; and for how long how many compactions ran at once ([`LogSlots`]).

use std::collections::BTreeMap;

use serde::Serialize;

use super::{MAX_JOBS, add};
use crate::{history::info_log::clock::MAX_DISORDER, words::say};

/// How many compactions ran at once.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LogSlots {
    /// How many the options in force at the end allow, under pressure; none if the log has no options.
    pub compactions: Option<u64>,
    /// The most that ran at once.
    pub max_running: u64,
    /// The share of the time for which all slots had a compaction, from 0 to 1.
    pub busy_share: Option<f64>,
    /// The same of the time in which writes were stalled for compactions: by level 0 or by pending bytes.
    pub busy_share_while_stalled: Option<f64>,
}

/// What a job did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum LogJobKind {
    /// It wrote memtables to a table.
    Flush,
    /// It merged tables.
    #[default]
    Compaction,
    /// It moved tables to another level.
    Move,
}

/// A flush, a compaction or a move.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LogJob {
    /// Its number; they begin anew with each opening.
    pub job: u64,
    /// What it did.
    pub kind: LogJobKind,
    /// Its column family: an index of [`super::LogReport::families`].
    pub family: usize,
    /// When it began.
    pub from: u64,
    /// When it ended.
    pub until: u64,
    /// Why, in RocksDB's words.
    pub reason: String,
    /// The level of its first inputs; of a flush none.
    pub from_level: Option<usize>,
    /// The level to which it wrote.
    pub level: usize,
    /// How many tables it read.
    pub tables: u64,
    /// Bytes read; of a flush 0.
    pub read_bytes: u64,
    /// Bytes written or moved.
    pub bytes: u64,
    /// Whether its end is not in the log: it failed, or was cut off.
    pub is_unfinished: bool,
}

impl LogJob {
    /// The level to which it writes, in words; of a compaction that runs it is not known.
    pub fn level_name(&self) -> String {
        if self.is_unfinished { say!("a deeper level") } else { say!("level {level}", level = self.level) }
    }
}

/// The most jobs that run at once, as far as a log has it; a job that never ends is forgotten for a newer one.
const MAX_RUNNING: usize = 4_096;

/// The most tables that are kept of all jobs that run, about 8 MB.
const MAX_RUNNING_TABLES: usize = 1 << 20;

/// A job that runs. Of which kind it is does not change while it does.
#[derive(Clone, Debug, Default)]
pub(super) struct RunningJob {
    /// What is known of it.
    pub job: LogJob,
    /// Whether its family is known.
    pub is_of_family: bool,
    /// Whether its kind is not known: it began before the log, and has written a table.
    pub is_of_unknown_kind: bool,
    /// The tables that it merges.
    pub inputs: Vec<u64>,
    /// The tables that it has written.
    pub outputs: Vec<u64>,
}

/// The jobs of a log.
#[derive(Clone, Debug, Default)]
pub(super) struct JobLedger {
    running: BTreeMap<u64, RunningJob>,
    /// How many tables are kept of those.
    tables: usize,
    done: Vec<LogJob>,
    count: u64,
    /// How many compactions run.
    compacting: u64,
    all: BusyTime,
    /// The time in which writes were stalled for compactions.
    stalled: BusyTime,
    max_running: u64,
}

impl RunningJob {
    /// The most tables that are kept of a job, each of inputs and outputs.
    const MAX_TABLES: usize = 10_000;

    /// It merges `tables`.
    pub fn merging(mut self, tables: impl Iterator<Item = u64>) -> RunningJob {
        self.inputs.extend(tables.take(RunningJob::MAX_TABLES));
        self
    }

    fn tables(&self) -> usize {
        self.inputs.len() + self.outputs.len()
    }

    fn is_compaction(&self) -> bool {
        self.job.kind == LogJobKind::Compaction && !self.is_of_unknown_kind
    }
}

/// How much of a time all slots were busy.
#[derive(Clone, Copy, Debug, Default)]
struct BusyTime {
    micros: u64,
    busy_micros: u64,
}

impl BusyTime {
    fn pass(&mut self, micros: u64, is_busy: bool) {
        add(&mut self.micros, micros);
        add(&mut self.busy_micros, if is_busy { micros } else { 0 });
    }

    fn share(self) -> Option<f64> {
        (self.micros > 0).then(|| self.busy_micros as f64 / self.micros as f64)
    }
}

impl JobLedger {
    /// The job with this number, if it runs.
    pub fn running(&mut self, job: u64) -> Option<&mut RunningJob> {
        self.running.get_mut(&job)
    }

    /// A job has begun.
    pub fn begin(&mut self, mut job: RunningJob) {
        // One with the same number has ended, without a line.
        self.end(job.job.job);
        if self.running.len() >= MAX_RUNNING
            && let Some((_, forgotten)) = self.running.pop_first()
        {
            self.runs_no_more(&forgotten);
        }
        job.inputs.truncate(MAX_RUNNING_TABLES - self.tables);
        job.inputs.shrink_to_fit();
        job.outputs.truncate(MAX_RUNNING_TABLES - self.tables - job.inputs.len());
        self.tables += job.tables();
        self.compacting += u64::from(job.is_compaction());
        self.running.insert(job.job.job, job);
        self.max_running = self.max_running.max(self.compacting);
    }

    /// A job that runs has written a table.
    pub fn writes(&mut self, job: u64, table: u64) {
        let Some(running) = self.running.get_mut(&job) else { return };
        if running.outputs.len() < RunningJob::MAX_TABLES && self.tables < MAX_RUNNING_TABLES {
            running.outputs.push(table);
            self.tables += 1;
        }
    }

    /// A job has ended: what is known of it, for the caller to complete and [`JobLedger::keep`].
    pub fn end(&mut self, job: u64) -> Option<RunningJob> {
        let ended = self.running.remove(&job)?;
        self.runs_no_more(&ended);
        Some(ended)
    }

    fn runs_no_more(&mut self, job: &RunningJob) {
        self.tables -= job.tables();
        self.compacting -= u64::from(job.is_compaction());
    }

    /// Keeps a job that has ended.
    pub fn keep(&mut self, job: LogJob) {
        self.count += 1;
        self.done.push(job);
        if self.done.len() >= 2 * MAX_JOBS {
            drop_shortest(&mut self.done);
        }
    }

    /// The process is gone: what ran has no end.
    pub fn abandon(&mut self, at: u64) {
        for RunningJob { job, is_of_unknown_kind, .. } in std::mem::take(&mut self.running).into_values() {
            if is_of_unknown_kind {
                continue;
            }
            self.keep(LogJob { until: at.max(job.from), is_unfinished: true, ..job });
        }
        (self.compacting, self.tables) = (0, 0);
    }

    /// Time passes with the compactions that run, of `slots` that are allowed, if that is known.
    pub fn pass(&mut self, micros: u64, slots: Option<u64>, is_stalled_for_compactions: bool) {
        let Some(slots) = slots else { return };
        let is_busy = self.compacting >= slots;
        self.all.pass(micros, is_busy);
        if is_stalled_for_compactions {
            self.stalled.pass(micros, is_busy);
        }
    }

    /// How long compactions ran from one moment until another, all together, and the one that ran for the longest, the
    /// largest of those. Jobs that ended are looked at from the last one on, as far as they are near.
    pub fn beside(&self, from: u64, until: u64) -> (u64, Option<LogJob>) {
        const NEAR: usize = 2_000;
        let is_compaction = |job: &&LogJob| job.kind == LogJobKind::Compaction;
        let overlap = |job: &LogJob, end: u64| end.min(until).saturating_sub(job.from.max(from));
        let near = self.done.iter().rev().take(NEAR).take_while(|job| job.until.saturating_add(MAX_DISORDER) >= from);
        let done = near.map(|job| (job, overlap(job, job.until)));
        let running = self.running.values().filter(|running| !running.is_of_unknown_kind);
        let running = running.map(|running| (&running.job, overlap(&running.job, until)));
        let (mut all, mut longest): (u64, Option<(u64, u64, &LogJob)>) = (0, None);
        for (job, micros) in running.chain(done).filter(|(job, micros)| is_compaction(job) && *micros > 0) {
            add(&mut all, micros);
            let candidate = (micros, job.read_bytes, job);
            if longest.is_none_or(|(micros, bytes, _)| (micros, bytes) < (candidate.0, candidate.1)) {
                longest = Some(candidate);
            }
        }
        // Of one that still runs, the end is not known yet.
        let longest = longest.map(|(_, _, job)| job.clone());
        (all, longest.map(|job| if job.until == 0 { LogJob { until, is_unfinished: true, ..job } } else { job }))
    }

    /// The job as it ended, if it has, and is among those that are kept.
    pub fn ended(&self, job: &LogJob) -> Option<&LogJob> {
        self.done.iter().rev().find(|done| (done.job, done.from) == (job.job, job.from))
    }

    /// The longest jobs, by their beginning, and how many there were. Those that run are told of up to `now`.
    pub fn listed(&self, now: u64) -> (Vec<LogJob>, u64) {
        let running = self.running.values().filter(|running| !running.is_of_unknown_kind);
        let running = running.map(|running| &running.job).map(|job| LogJob {
            until: now.max(job.from),
            is_unfinished: true,
            ..job.clone()
        });
        let mut jobs: Vec<LogJob> = self.done.iter().cloned().chain(running).collect();
        drop_shortest(&mut jobs);
        jobs.sort_by_key(|job| (job.from, job.job));
        let count = self.running.values().filter(|running| !running.is_of_unknown_kind).count();
        (jobs, self.count + count as u64)
    }

    /// How many compactions ran at once, of `slots`.
    pub fn slots(&self, slots: Option<u64>) -> LogSlots {
        LogSlots {
            compactions: slots,
            max_running: self.max_running,
            busy_share: self.all.share(),
            busy_share_while_stalled: self.stalled.share(),
        }
    }
}

/// Keeps the longest of `jobs`, at most [`MAX_JOBS`].
fn drop_shortest(jobs: &mut Vec<LogJob>) {
    if jobs.len() > MAX_JOBS {
        jobs.select_nth_unstable_by_key(MAX_JOBS, |job| std::cmp::Reverse(job.until.saturating_sub(job.from)));
        jobs.truncate(MAX_JOBS);
        jobs.sort_by_key(|job| (job.until, job.job));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Jobs that begin again, end twice, are forgotten and abandoned, of a log that names millions of tables.
    #[test]
    fn what_runs_is_counted_and_its_tables_are_bounded() {
        let mut jobs = JobLedger::default();
        for n in 0..20_000_u64 {
            let (kind, is_of_unknown_kind) = match n % 3 {
                0 => (LogJobKind::Flush, false),
                n => (LogJobKind::Compaction, n == 1),
            };
            let job = LogJob { job: n * 7_919 % 9_000, kind, ..LogJob::default() };
            let begun = RunningJob { job, is_of_unknown_kind, ..RunningJob::default() };
            jobs.begin(begun.merging(0..20_000));
            (0..300).for_each(|table| jobs.writes(n * 7_919 % 9_000, table));
            jobs.end(n * 31 % 9_000);
            if n == 10_000 {
                jobs.abandon(5);
            }
            let running = jobs.running.values();
            assert_eq!(jobs.compacting, running.clone().filter(|job| job.is_compaction()).count() as u64);
            let tables: usize = running.clone().map(|job| job.inputs.len() + job.outputs.len()).sum();
            assert!(tables == jobs.tables && tables <= MAX_RUNNING_TABLES, "{tables}");
            assert!(running.len() <= MAX_RUNNING);
        }
    }
}

//! The life of one job, from its begin to its end.
//!
//! A job *begins* by claiming its inputs: sealed memtables, or tables of the tree. They never change, so it is
//! *executed* at once ([`super::execute`]): its outputs are written, but are not part of the tree. From then on it is
//! *running* ([`JobState`]). Any number of jobs run at once, and readers see the tree as it was. A job *ends* when its
//! edit is [installed](super::install), in one step: at once, or when the device has moved its bytes in virtual time.
//! If it fails, its outputs are deleted and the tree is unchanged.
//!
//! Why its outputs are still correct when they are installed later, although they were merged from an older tree:
//!
//! - No other job takes its inputs: a memtable belongs to one flush, and a policy knows which tables are claimed
//!   ([`Running`]).
//! - It dropped only versions that no snapshot needed when it began. A snapshot taken since then sees newer versions.
//! - A tombstone that it dropped hid nothing outside of its inputs. Entries that came into the tree since are newer,
//!   because flushes are installed in the order of their memtables' age.
//!
//! That order is RocksDB's (`MemTableList::TryInstallMemtableFlushResults`), and recovery relies on it too: everything
//! up to the newest write in a table is in tables, so logs are needed only from the oldest memtable on that is not
//! flushed.

use std::rc::Rc;

use super::{
    Engine, Mem, emit,
    execute::{Plan, Rest, job_sources},
    source::Source,
};
use crate::{
    entry::{MAX_SEQ, SeqNo},
    error::{Error, Result},
    policy::{Action, Compaction, Cutter, Horizon, Reason, Running},
    runtime::device::Work as Cost,
    storage::{FileId, Storage},
    trace::{Event, JobReport, JobTimes, OutputReport, Tracer},
    version::{TableId, TableMeta, Times, VersionEdit},
};

/// Tables with their levels.
type Placed = Vec<(usize, Rc<TableMeta>)>;

/// The state of a running job.
#[derive(Debug)]
pub(super) struct JobState {
    pub work: Work,
    /// What it writes.
    pub outputs: Vec<OutputReport>,
    /// What it takes out of the tree.
    pub removed: Placed,
    /// What it brings into the tree; none while it is being executed.
    pub added: Option<Placed>,
    /// Under virtual time: its begin and its planned end.
    pub span: Option<JobTimes>,
    /// Under virtual time: the device has moved its bytes.
    pub is_done: bool,
}

/// What a job works on.
#[derive(Clone, Debug)]
pub(super) enum Work {
    /// These memtables become a table of level 0.
    Flush(Vec<u64>),
    /// Tables become other tables.
    Compaction(Rc<Compaction>),
}

impl JobState {
    pub fn new(work: Work) -> JobState {
        JobState { work, outputs: Vec::new(), removed: Vec::new(), added: None, span: None, is_done: false }
    }

    /// The memtables that it writes, oldest first; none for a compaction.
    pub fn memtables(&self) -> &[u64] {
        match &self.work {
            Work::Flush(memtables) => memtables,
            Work::Compaction(_) => &[],
        }
    }

    pub fn compaction(&self) -> Option<&Rc<Compaction>> {
        match &self.work {
            Work::Flush(_) => None,
            Work::Compaction(compaction) => Some(compaction),
        }
    }

    /// Whether it only changes the level of tables.
    pub fn is_move(&self) -> bool {
        self.compaction().is_some_and(|c| c.action == Action::Move)
    }

    /// The work of the device for it, on a number of threads; none for a move, and for tables that are dropped unread.
    pub fn cost(&self, threads: impl FnOnce(&Compaction, u64) -> u64) -> Cost {
        if self.compaction().is_some_and(|c| c.action != Action::Merge) {
            return Cost::default();
        }
        let sum = |tables: &Placed| tables.iter().map(|(_, t)| t.bytes).sum();
        let read = sum(&self.removed);
        Cost {
            read,
            written: self.added.as_ref().map_or(0, sum),
            syncs: self.outputs.len() as u64,
            threads: self.compaction().map_or(1, |compaction| threads(compaction, read)),
        }
    }

    pub fn report(&self, job: u64) -> JobReport {
        JobReport { job, outputs: self.outputs.clone(), span: self.span }
    }
}

impl<S: Storage, T: Tracer> Engine<S, T> {
    /// What a pick must know of this moment: the running compactions, and the time.
    pub(super) fn running(&self) -> Running {
        let mut running = Running { horizon: self.horizon(), ..Running::at(self.state.time()) };
        for compaction in self.state.jobs.values().filter_map(JobState::compaction) {
            // A pick needs the claimed tables, not the reasons.
            let taken = Compaction { reason: Reason::default(), ..(**compaction).clone() };
            running.start(taken, &*self.state.version);
        }
        running
    }

    fn horizon(&self) -> Horizon {
        let oldest = self.state.snapshots.values().min();
        Horizon { oldest: oldest.copied().unwrap_or(MAX_SEQ), released: self.state.released, aged: self.aged() }
    }

    /// The last sequence number whose tombstones are old enough to be dropped (`tombstone_retention_seconds`).
    fn aged(&self) -> SeqNo {
        match self.options.tombstone_retention_seconds {
            0 => MAX_SEQ,
            seconds => self.state.time().checked_sub(seconds).map_or(0, |time| self.state.ages.written_by(time)),
        }
    }

    fn begin_job(&mut self, work: Work) -> u64 {
        let job = self.state.next_job;
        self.state.next_job += 1;
        self.state.jobs.insert(job, JobState::new(work));
        job
    }

    /// Begins to write the oldest sealed memtables that no flush has claimed, into one table of level 0; returns the
    /// job. None if there are no such memtables.
    pub(super) async fn begin_flush(&mut self) -> Result<Option<u64>> {
        let memtables: Vec<Mem> = self.state.unclaimed().cloned().collect();
        if memtables.is_empty() {
            return Ok(None);
        }
        let ids: Vec<u64> = memtables.iter().map(|m| m.id).collect();
        let job = self.begin_job(Work::Flush(ids.clone()));
        emit!(self, Jobs, Event::FlushBegan { job, memtables: ids });
        let plan = Plan {
            job,
            level: 0,
            bottom: None,
            aged: 0,
            times: Times {
                oldest: memtables.iter().filter_map(|m| m.times.oldest).min(),
                newest: memtables.iter().filter_map(|m| m.times.newest).max(),
            },
        };
        let sources = memtables.iter().map(Source::memtable).collect();
        match self.merge(&plan, Cutter::by_size(u64::MAX), sources).await {
            Ok(tables) => self.executed(job, 0, tables),
            Err(error) => return Err(self.fail_job(job, error).await),
        }
        Ok(Some(job))
    }

    /// Begins to do what `compaction` says; returns the job.
    pub(super) async fn begin_compaction(&mut self, compaction: Compaction) -> Result<u64> {
        let compaction = Rc::new(compaction);
        let job = self.begin_job(Work::Compaction(compaction.clone()));
        emit!(self, Jobs, Event::CompactionPicked { job, compaction: compaction.clone() });
        match self.carry_out(job, &compaction).await {
            Ok(tables) => self.executed(job, compaction.output_level, tables),
            Err(error) => return Err(self.fail_job(job, error).await),
        }
        Ok(job)
    }

    fn executed(&mut self, job: u64, level: usize, tables: Vec<Rc<TableMeta>>) {
        if let Some(job) = self.state.jobs.get_mut(&job) {
            job.added = Some(tables.into_iter().map(|t| (level, t)).collect());
        }
    }

    /// Does what `compaction` says; returns its outputs.
    async fn carry_out(&mut self, job: u64, compaction: &Compaction) -> Result<Vec<Rc<TableMeta>>> {
        let version = self.state.version.clone();
        let removed = compaction.resolve(&*version);
        let is_missing = |(level, id): &(usize, TableId)| !removed.iter().any(|(on, t)| (on, t.id) == (level, *id));
        if removed.len() < compaction.tables().count()
            && let Some((level, id)) = compaction.tables().find(is_missing)
        {
            return Err(Error::invalid(format!("the compaction takes table {id}, which is not on level {level}")));
        }
        let inputs: Vec<_> = removed.iter().map(|(_, t)| t.clone()).collect();
        if let Some(job) = self.state.jobs.get_mut(&job) {
            job.removed = removed.clone();
        }
        match compaction.action {
            Action::Move => return Ok(inputs),
            Action::Drop => return Ok(Vec::new()),
            Action::Merge => {}
        }
        let times = Times::of(inputs.iter().map(|t| &**t));
        let cutter = Cutter::new(compaction, &version);
        let plan = Plan {
            job,
            level: compaction.output_level,
            bottom: Some(Rest {
                version: version.clone(),
                start: compaction.start_level(),
                inputs: inputs.iter().map(|t| t.id).collect(),
            }),
            aged: self.aged(),
            times,
        };
        self.merge(&plan, cutter, job_sources(job, &removed)).await
    }

    /// Ends a job that was executed: installs what it brings.
    pub(super) async fn finish_job(&mut self, job: u64) -> Result<()> {
        let Some(edit) = self.edit_of(job) else {
            return Ok(());
        };
        let flushed = self.state.jobs.get(&job).map(|j| j.memtables().to_vec()).unwrap_or_default();
        if let Err(error) = self.install(job, edit, flushed).await {
            return Err(self.fail_job(job, error).await);
        }
        self.end_job(job);
        Ok(())
    }

    /// What a job that was executed changes.
    fn edit_of(&self, job: u64) -> Option<VersionEdit> {
        let job = self.state.jobs.get(&job)?;
        let mut edit =
            VersionEdit { removed: job.removed.clone(), added: job.added.clone()?, ..VersionEdit::default() };
        match &job.work {
            Work::Flush(memtables) => edit.log_number = Some(self.state.oldest_log_without(memtables)),
            Work::Compaction(compaction) => {
                edit.cursors = compaction.cursor_edit(self.state.version.cursor(compaction.start_level()));
            }
        }
        Some(edit)
    }

    /// The job's edit is installed: it is over.
    fn end_job(&mut self, number: u64) {
        let Some(job) = self.state.jobs.remove(&number) else { return };
        let (cost, moved) = (job.cost(|_, _| 1), job.is_move());
        let added = job.added.unwrap_or_default();
        let counters = &mut self.state.counters;
        match job.work {
            Work::Flush(_) => {
                counters.flushes += 1;
                counters.flush_bytes += cost.written;
                emit!(self, Jobs, {
                    let tables = added.iter().map(|(_, t)| t.id).collect();
                    Event::FlushEnded { job: number, tables, bytes: cost.written }
                });
            }
            Work::Compaction(compaction) => {
                counters.compactions += 1;
                counters.moves += u64::from(moved);
                counters.compaction_bytes_read += cost.read;
                counters.compaction_bytes_written += cost.written;
                let entries = |tables: &Placed| tables.iter().map(|(_, t)| t.entries).sum::<u64>();
                emit!(
                    self,
                    Jobs,
                    Event::CompactionEnded {
                        job: number,
                        bytes_read: cost.read,
                        bytes_written: cost.written,
                        entries_in: entries(&job.removed),
                        entries_out: entries(&added),
                        moved,
                    }
                );
                if compaction.action == Action::Drop {
                    self.break_snapshots(number, &job.removed);
                }
            }
        }
    }

    /// Tables were dropped unread: reports which live snapshots saw entries of them.
    fn break_snapshots(&mut self, job: u64, dropped: &Placed) {
        for (snapshot, seq) in self.state.snapshots.clone() {
            let seen: Vec<&Rc<TableMeta>> =
                dropped.iter().map(|(_, table)| table).filter(|table| table.smallest_seq <= seq).collect();
            if seen.is_empty() {
                continue;
            }
            *self.state.broken.entry(snapshot).or_default() += seen.len() as u64;
            emit!(self, Jobs, {
                let (tables, entries) = (seen.iter().map(|t| t.id).collect(), seen.iter().map(|t| t.entries).sum());
                Event::SnapshotBroken { job, snapshot, tables, entries }
            });
        }
    }

    /// A job is over, in failure: its inputs are as they were, and its outputs are deleted.
    pub(super) async fn fail_job(&mut self, number: u64, error: Error) -> Error {
        let Some(job) = self.state.jobs.remove(&number) else {
            return error;
        };
        if let Some(runtime) = &mut self.runtime {
            runtime.cancel(number);
        }
        emit!(self, Jobs, Event::JobFailed { job: number, what: error.message.clone() });
        // If writes are stopped, the edit may be durable, and then the outputs are part of the tree. Otherwise nothing
        // refers to them. One that was not finished is not there.
        if self.state.stopped.is_none() {
            let finished = job.outputs.iter().filter(|o| o.finished).map(|o| FileId::table(o.table));
            self.state.orphans.extend(finished);
            self.remove_orphans().await;
        }
        (self.state.job_error, self.state.failed_job) = (Some(error.clone()), Some(number));
        // Not again before the next memtable is sealed.
        self.state.jobs_unclear = false;
        error
    }
}

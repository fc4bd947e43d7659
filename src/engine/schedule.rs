//! Jobs and writes under virtual time: `job_mode=scheduled`.
//!
//! A job is executed when it begins ([`super::job`]), and installed when the [runtime](crate::runtime) says that the
//! device has moved its bytes. In between, readers see the tree as it was. Time passes only where something takes time:
//!
//! - writes take time ([`super::admission`]);
//! - [`Engine::advance_to`] lets it pass; [`Engine::flush`], [`Engine::compact`] and [`Engine::close`] let it pass
//!   until their jobs are installed.
//!
//! Jobs end in the order of the runtime. Whenever one ends, it is installed, the stall condition is computed again, and
//! due jobs begin in the free slots: flushes before compactions, as in RocksDB
//! (`DBImpl::MaybeScheduleFlushOrCompaction`). Reads take no time: [`Engine::read_time`] says how long they would take,
//! for a caller that counts it.

use std::rc::Rc;

use super::{
    Engine, emit,
    job::{JobState, Work},
};
use crate::{
    error::{Error, ErrorKind, Result},
    options::JobMode,
    policy::{Compaction, Explanation},
    runtime::{
        Runtime, WorkKind,
        clock::{END, Nanos, SECOND, later},
        device::Work as Cost,
        jobs::subcompactions,
    },
    storage::Storage,
    trace::{Event, JobTimes, Tracer},
};

/// The status of a job that is running under virtual time.
#[derive(Clone, Debug)]
pub struct JobStatus {
    /// Its number.
    pub job: u64,
    /// The memtables that it writes; none for a compaction.
    pub memtables: Vec<u64>,
    /// For a compaction: what is done, and why.
    pub compaction: Option<Rc<Compaction>>,
    /// Bytes of tables that it reads.
    pub bytes_read: u64,
    /// Bytes that it writes.
    pub bytes_written: u64,
    /// When it began.
    pub began: Nanos,
    /// When the device will have moved its bytes, if no other job begins; none if it has, or if virtual time ends
    /// before.
    pub ends: Option<Nanos>,
    /// Whether the device has moved its bytes: it waits for an older flush.
    pub is_done: bool,
}

/// The number of a running log write among the runtime's jobs. No flush or compaction has it.
pub(super) const LOG: u64 = u64::MAX;

/// The message at the end of time.
const OVER: &str =
    "virtual time is at its end, after 292 years: nothing can take any time now, and no job ends any more";

/// More jobs than can begin at one moment; a policy that starts more loops.
const MAX_JOBS: usize = 10_000;

impl<S: Storage, T: Tracer> Engine<S, T> {
    pub(super) fn is_scheduled(&self) -> bool {
        self.runtime.is_some()
    }

    /// The database is open: virtual time goes on from where the files say, and what is due begins.
    pub(super) async fn begin_schedule(&mut self) {
        debug_assert_eq!(self.options.job_mode, JobMode::Scheduled);
        let mut runtime = Runtime::new(&self.options);
        runtime.advance(self.state.now);
        self.runtime = Some(runtime.into());
        self.look_at_pressure();
        self.begin_due().await;
    }

    /// The running jobs, in the order in which they began.
    pub fn running_jobs(&self) -> Vec<JobStatus> {
        let status = |(number, job): (&u64, &JobState)| {
            let cost = job.cost(|_, _| 1);
            JobStatus {
                job: *number,
                memtables: job.memtables().to_vec(),
                compaction: job.compaction().cloned(),
                bytes_read: cost.read,
                bytes_written: cost.written,
                began: job.span.map_or(self.state.now, |span| span.began),
                ends: self.runtime.as_ref().and_then(|runtime| runtime.planned_end(*number)),
                is_done: job.is_done,
            }
        };
        self.state.jobs.iter().map(status).collect()
    }

    /// How long the device would take now for `requests` that read `bytes` together, beside the jobs that use it; 0
    /// where nothing takes any time.
    pub fn read_time(&self, requests: u64, bytes: u64) -> Nanos {
        self.runtime.as_ref().map_or(0, |runtime| runtime.read_time(requests, bytes))
    }

    // --- time -------------------------------------------------------------------------------------------------------

    /// Lets virtual time pass until `to`. What ends until then is installed, and what becomes due begins. If a job
    /// fails, [`job_error`](Engine::job_error) says so.
    ///
    /// # Errors
    /// `to` is past the [end of time](END): no time has passed.
    pub async fn advance_to(&mut self, to: Nanos) -> Result<()> {
        self.advance(to.saturating_sub(self.state.now)).await
    }

    /// Lets `seconds` of virtual time pass.
    ///
    /// # Errors
    /// As [`advance_to`](Engine::advance_to).
    pub async fn advance_time(&mut self, seconds: u64) -> Result<()> {
        self.advance(seconds.saturating_mul(SECOND)).await
    }

    async fn advance(&mut self, length: Nanos) -> Result<()> {
        let to = later(self.state.now, length)?;
        let before = self.state.time();
        self.run_until(to).await;
        self.set_now(to);
        self.tell_time();
        if self.lets_tombstones_go(before, self.state.time()) {
            self.state.jobs_unclear |= self.state.job_error.is_none();
            self.run_due().await;
        }
        Ok(())
    }

    /// Whether a tombstone may get old enough to go from one second to another. Expired tables (`ttl`) go at the next
    /// chance, as in RocksDB: with the next job.
    fn lets_tombstones_go(&self, from: u64, to: u64) -> bool {
        from < to && (1..=to).contains(&self.options.tombstone_retention_seconds)
    }

    /// Whether what takes time can be done. Always, where nothing takes any.
    ///
    /// # Errors
    /// [`TimeOver`](ErrorKind::TimeOver): virtual time is at its [end](END), or what is running would end after it.
    pub fn has_time(&self) -> Result<()> {
        let is_late = |runtime: &Runtime| !runtime.jobs().is_empty() && runtime.next_end().is_none();
        match &self.runtime {
            Some(runtime) if self.state.now >= END || is_late(runtime) => Err(Error::new(ErrorKind::TimeOver, OVER)),
            _ => Ok(()),
        }
    }

    /// What ends until `to` ends.
    pub(super) async fn run_until(&mut self, to: Nanos) {
        while let Some(at) = self.next_end().filter(|at| *at <= to) {
            self.pass(at).await;
        }
    }

    pub(super) fn next_end(&self) -> Option<Nanos> {
        self.runtime.as_ref()?.next_end()
    }

    pub(super) fn set_now(&mut self, now: Nanos) {
        if let Some(runtime) = &mut self.runtime {
            runtime.advance(now);
        }
        self.state.now = now;
    }

    fn tell_time(&mut self) {
        emit!(self, Jobs, Event::TimeAdvanced { now: self.state.time(), nanos: self.state.now });
    }

    /// Time moves on to `at`, which is when the next job ends; what ends there is installed, and what is due begins.
    pub(super) async fn pass(&mut self, at: Nanos) {
        let ended = self.runtime.as_mut().map(|runtime| runtime.advance(at)).unwrap_or_default();
        let has_moved = std::mem::replace(&mut self.state.now, at) < at;
        if has_moved && ended.iter().any(|ended| ended.job != LOG) {
            self.tell_time();
        }
        let mut is_due = false;
        for ended in ended.iter().filter(|ended| ended.job != LOG) {
            self.job_is_done(ended.job).await;
            is_due = true;
        }
        if is_due {
            self.start_due().await;
        }
    }

    // --- jobs -------------------------------------------------------------------------------------------------------

    /// The device has moved the job's bytes.
    async fn job_is_done(&mut self, number: u64) {
        let Some(job) = self.state.jobs.get_mut(&number) else { return };
        job.is_done = true;
        match job.work {
            Work::Flush(_) => self.install_flushes(number).await,
            Work::Compaction(_) => self.install_now(number).await,
        }
    }

    async fn install_now(&mut self, job: u64) {
        if self.state.stopped.is_none() {
            emit!(self, Jobs, Event::InstallBegan { job });
            // The engine keeps the error of a failed job.
            let _ = self.finish_job(job).await;
        }
    }

    /// Flushes are installed in the order of their memtables' age: this one, if it is the oldest, and those that were
    /// done before it and waited for it.
    async fn install_flushes(&mut self, done: u64) {
        let flush_of = |engine: &Self, memtable: u64| {
            let mut jobs = engine.state.jobs.iter();
            jobs.find(|(_, job)| job.memtables().contains(&memtable)).map(|(number, job)| (*number, job.is_done))
        };
        while let Some(oldest) = self.state.immutables.front().map(|m| m.id) {
            let Some((job, true)) = flush_of(self, oldest) else { break };
            self.install_now(job).await;
            if self.state.immutables.front().is_some_and(|m| m.id == oldest) {
                // It has failed.
                break;
            }
        }
        if let Some(behind) =
            self.state.immutables.front().map(|m| m.id).filter(|_| self.state.jobs.contains_key(&done))
        {
            emit!(self, Jobs, Event::JobWaits { job: done, behind });
        }
    }

    /// Begins everything that is due, and ends what takes no time: moves.
    pub(super) async fn begin_due(&mut self) {
        self.start_due().await;
        self.run_until(self.state.now).await;
    }

    /// Begins everything that is due, as far as there are slots. What a failure leaves is tried again when the next
    /// memtable is sealed or the next job is installed.
    async fn start_due(&mut self) {
        let met_damage = self.state.job_error.as_ref().is_some_and(|e| e.kind == ErrorKind::Corruption);
        for _ in 0..MAX_JOBS {
            if self.state.stopped.is_some() || !self.state.jobs_unclear {
                return;
            }
            if self.may_begin(WorkKind::Flush) && !self.state.hold_flushes && self.is_flush_due() {
                if let Ok(Some(job)) = self.begin_flush().await {
                    self.schedule(job);
                }
                continue;
            }
            let may_compact = !self.options.disable_auto_compactions && !met_damage && !self.state.hold_compactions;
            let due = match may_compact && self.may_begin(WorkKind::Compaction) {
                true => self.policy().pick(&*self.state.version, &self.options, &self.running(), Explanation::Full),
                false => None,
            };
            match due {
                Some(compaction) => {
                    if let Ok(job) = self.begin_compaction(compaction).await {
                        self.schedule(job);
                    }
                }
                None => {
                    self.state.jobs_unclear = false;
                    self.state.job_error.take_if(|_| !met_damage);
                }
            }
        }
    }

    fn may_begin(&self, kind: WorkKind) -> bool {
        self.runtime.as_ref().is_some_and(|runtime| runtime.has_room(kind))
    }

    /// Whether enough memtables wait for a flush to begin, or one that was asked for.
    fn is_flush_due(&self) -> bool {
        let waiting = self.state.unclaimed().count() as u64;
        let asked = self.state.unclaimed().next().is_some_and(|m| m.id <= self.state.flush_upto);
        asked
            || waiting >= self.options.min_write_buffer_number_to_merge
            || (waiting > 0 && self.memory_at(self.options.soft_limit_percent))
    }

    /// A job that was executed takes its time from now on.
    fn schedule(&mut self, number: u64) {
        let policy = self.policy();
        let (Some(runtime), Some(job)) = (&mut self.runtime, self.state.jobs.get_mut(&number)) else { return };
        let options = &self.options;
        let cost = job.cost(|compaction, bytes| subcompactions(policy, options, compaction, bytes));
        let kind = if job.compaction().is_some() { WorkKind::Compaction } else { WorkKind::Flush };
        runtime.start(number, kind, &cost);
        let began = self.state.now;
        let ends = runtime.planned_end(number).unwrap_or(began.max(END));
        job.span = Some(JobTimes { began, ends });
        let Cost { read: bytes_read, written: bytes_written, .. } = cost;
        emit!(self, Jobs, Event::JobScheduled { job: number, bytes_read, bytes_written, began, ends });
    }

    /// Lets time pass until `is_over`. Returns `false` early if no running job could bring that about.
    async fn wait_until(&mut self, is_over: impl Fn(&Self) -> bool) -> bool {
        while !is_over(self) {
            match self.next_end().filter(|_| self.state.stopped.is_none()) {
                Some(at) => self.pass(at).await,
                None => return false,
            }
        }
        true
    }

    /// For an operation that began while writes were taken: why they have been stopped since, if they have.
    pub(super) fn still_writable(&self) -> Result<()> {
        self.state.stopped.clone().map_or(Ok(()), Err)
    }

    /// Lets time pass until `job` is over, in success or in failure.
    async fn wait_for(&mut self, job: u64) -> Result<()> {
        self.wait_until(|engine| !engine.state.jobs.contains_key(&job)).await;
        match &self.state.job_error {
            Some(error) if self.state.failed_job == Some(job) => Err(error.clone()),
            _ if self.state.jobs.contains_key(&job) => self.has_time().and(self.still_writable()),
            _ => self.still_writable(),
        }
    }

    /// Flushes everything that is sealed, and lets time pass until it is in the tree.
    pub(super) async fn flush_in_time(&mut self) -> Result<()> {
        let last = self.state.immutables.back().map_or(0, |m| m.id);
        self.state.flush_upto = last;
        self.state.jobs_unclear = true;
        self.begin_due().await;
        let is_flushed = |engine: &Self| engine.state.immutables.front().is_none_or(|m| m.id > last);
        self.wait_until(|engine| is_flushed(engine) || engine.flush_has_failed()).await;
        self.begin_due().await;
        match &self.state.job_error {
            Some(error) if !is_flushed(self) => Err(error.clone()),
            _ if !is_flushed(self) => self.has_time().and(self.still_writable()),
            _ => self.still_writable(),
        }
    }

    /// Whether the oldest memtable is no flush's, because that has failed.
    fn flush_has_failed(&self) -> bool {
        let is_left = self.state.immutables.front().is_some_and(|m| !self.state.is_claimed(m.id));
        is_left && self.state.job_error.is_some() && !self.state.jobs_unclear
    }

    /// Runs a manual compaction, and lets time pass until it is in the tree. It waits for the running compactions, and
    /// no other begins meanwhile, as in RocksDB (`exclusive_manual_compaction`).
    pub(super) async fn compact_in_time(&mut self, level: Option<usize>) -> Result<bool> {
        self.state.hold_compactions = true;
        let done = self.compact_alone(level).await;
        self.state.hold_compactions = false;
        self.state.jobs_unclear |= done.is_ok();
        self.begin_due().await;
        done
    }

    async fn compact_alone(&mut self, level: Option<usize>) -> Result<bool> {
        self.wait_until(|engine| !engine.state.jobs.values().any(|job| job.compaction().is_some())).await;
        self.has_time()?;
        self.still_writable()?;
        let picked = self.policy().pick_manual(&*self.state.version, &self.options, &self.running(), level);
        let Some(compaction) = picked else { return Ok(false) };
        let job = self.begin_compaction(compaction).await?;
        self.schedule(job);
        self.wait_for(job).await?;
        Ok(true)
    }

    /// Before a close: running jobs end, and no other begins. Jobs that cannot end any more are cancelled.
    pub(super) async fn finish_jobs(&mut self) {
        (self.state.hold_compactions, self.state.hold_flushes) = (true, true);
        self.wait_until(|engine| engine.state.jobs.is_empty()).await;
        for job in self.state.jobs.keys().copied().collect::<Vec<_>>() {
            self.fail_job(job, Error::new(ErrorKind::Closed, "the database was closed before it was installed")).await;
        }
    }
}

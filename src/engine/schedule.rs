//! Jobs and writes under virtual time: `job_mode=scheduled`.
//!
//! A job is executed when it begins ([`super::job`]), and installed when the [runtime](crate::runtime) says that the device
//! has moved its bytes. In between, everybody sees the tree as it was. Time stands still but for what takes some:
//!
//! - a write takes as long as its bytes and syncs of the log take, on a device that jobs use at the same time
//!   ([`Engine::spend`]); a delayed write pays for its bytes, and one that meets a stop waits for jobs to end
//!   ([`Engine::make_room_in_time`]). The sync of a log that is sealed is left out: RocksDB does none there.
//! - [`Engine::advance_to`] lets it pass; [`Engine::flush`], [`Engine::compact`] and [`Engine::close`] let it pass until their
//!   jobs are installed.
//!
//! Whenever a job ends, in the order in which they do, it is installed, what has piled up is looked at anew, and what is due
//! begins in the slots that are free: flushes before compactions, as in RocksDB (`DBImpl::MaybeScheduleFlushOrCompaction`).
//! Reads take no time.

use super::{Engine, emit, job::Work, report::Span};
use crate::{
    error::{Error, ErrorKind, Result},
    metrics::Counters,
    options::JobMode,
    runtime::{
        Kind, Runtime,
        clock::{Nanos, SECOND},
        device::Work as Cost,
        jobs::subcompactions,
        stall::{Admission, Condition, Pressure, Why},
    },
    storage::Storage,
    trace::{Event, SealReason, StallReason, Tracer},
};

/// The write to the log under way, among the runtime's jobs. No flush or compaction has this number.
const LOG: u64 = u64::MAX;

/// More jobs than can begin at one moment; past it, the policy is asking in circles.
const MOST_JOBS: usize = 10_000;

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

    /// The jobs in flight with the times at which they end, if no other job begins.
    pub fn planned_ends(&self) -> Vec<(u64, Nanos)> {
        let Some(runtime) = &self.runtime else { return Vec::new() };
        let end = |job: &u64| Some((*job, runtime.planned_end(*job)?));
        self.state.jobs.keys().filter_map(end).collect()
    }

    // --- time -------------------------------------------------------------------------------------------------------

    /// Lets virtual time pass until `to`. What ends until then is installed, and what becomes due begins. If a job fails,
    /// [`job_error`](Engine::job_error) says so.
    pub async fn advance_to(&mut self, to: Nanos) {
        let to = to.max(self.state.now);
        self.run_until(to).await;
        self.set_now(to);
        self.tell_time();
    }

    /// Lets `seconds` of virtual time pass.
    pub async fn advance_time(&mut self, seconds: u64) {
        self.advance_to(self.state.now.saturating_add(seconds.saturating_mul(SECOND))).await;
    }

    /// What ends until `to` ends.
    async fn run_until(&mut self, to: Nanos) {
        while let Some(at) = self.next_end().filter(|at| *at <= to) {
            self.pass(at).await;
        }
    }

    fn next_end(&self) -> Option<Nanos> {
        self.runtime.as_ref()?.next_end()
    }

    fn set_now(&mut self, now: Nanos) {
        if let Some(runtime) = &mut self.runtime {
            runtime.advance(now);
        }
        self.state.now = now;
    }

    fn tell_time(&mut self) {
        emit!(self, Jobs, Event::TimeAdvanced { now: self.state.time(), nanos: self.state.now });
    }

    /// Time moves on to `at`, which is when the next job ends; what ends there is installed, and what is due begins.
    async fn pass(&mut self, at: Nanos) {
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
            // A failure is kept in mind by itself.
            let _ = self.finish_job(job).await;
        }
    }

    /// Flushes are installed in the order of their memtables' age: this one, if it is the oldest, and those that were done
    /// before it and waited for it.
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

    /// Begins everything that is due, as far as there are slots. What a failure leaves is tried again when the next memtable
    /// is sealed or the next job is installed.
    async fn start_due(&mut self) {
        let met_damage = self.state.job_error.as_ref().is_some_and(|e| e.kind == ErrorKind::Corruption);
        for _ in 0..MOST_JOBS {
            if self.state.stopped.is_some() || !self.state.jobs_unclear {
                return;
            }
            if self.may_begin(Kind::Flush) && !self.state.hold_flushes && self.is_flush_due() {
                if let Ok(Some(job)) = self.begin_flush().await {
                    self.schedule(job);
                }
                continue;
            }
            let may_compact = !self.options.disable_auto_compactions && !met_damage && !self.state.hold_compactions;
            let due = match may_compact && self.may_begin(Kind::Compaction) {
                true => self.policy().pick(&self.state.version, &self.options, &self.running()),
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

    fn may_begin(&self, kind: Kind) -> bool {
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
        let (Some(runtime), Some(job)) = (&mut self.runtime, self.state.jobs.get_mut(&number)) else { return };
        let options = &self.options;
        let cost = job.cost(|compaction, bytes| subcompactions(options, compaction, bytes));
        let kind = if job.compaction().is_some() { Kind::Compaction } else { Kind::Flush };
        runtime.start(number, kind, &cost);
        let began = self.state.now;
        let ends = runtime.planned_end(number).unwrap_or(began);
        job.span = Some(Span { began, ends });
        let Cost { read: bytes_read, written: bytes_written, .. } = cost;
        emit!(self, Jobs, Event::JobScheduled { job: number, bytes_read, bytes_written, began, ends });
    }

    /// Lets time pass until `is_over`. Ends early, and says `false`, where nothing is under way that could bring that about.
    async fn wait_until(&mut self, is_over: impl Fn(&Self) -> bool) -> bool {
        while !is_over(self) {
            match self.next_end().filter(|_| self.state.stopped.is_none()) {
                Some(at) => self.pass(at).await,
                None => return false,
            }
        }
        true
    }

    /// Lets time pass until `job` is over, in success or in failure.
    async fn wait_for(&mut self, job: u64) -> Result<()> {
        self.wait_until(|engine| !engine.state.jobs.contains_key(&job)).await;
        match &self.state.job_error {
            Some(error) if self.state.failed_job == Some(job) => Err(error.clone()),
            _ => self.check_writable(),
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
            _ => self.check_writable(),
        }
    }

    /// Whether the oldest memtable is no flush's, because that has failed.
    fn flush_has_failed(&self) -> bool {
        let is_left = self.state.immutables.front().is_some_and(|m| !self.state.is_claimed(m.id));
        is_left && self.state.job_error.is_some() && !self.state.jobs_unclear
    }

    /// Runs a compaction that somebody asked for, and lets time pass until it is in the tree. As RocksDB does it
    /// (`exclusive_manual_compaction`), it waits for those in flight, and no other begins meanwhile.
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
        self.check_writable()?;
        let picked = self.policy().pick_manual(&self.state.version, &self.options, &self.running(), level);
        let Some(compaction) = picked else { return Ok(false) };
        let job = self.begin_compaction(compaction).await?;
        self.schedule(job);
        self.wait_for(job).await?;
        Ok(true)
    }

    /// Before a close: what is in flight ends, and nothing else begins. What cannot end any more is given up.
    pub(super) async fn finish_jobs(&mut self) {
        (self.state.hold_compactions, self.state.hold_flushes) = (true, true);
        self.wait_until(|engine| engine.state.jobs.is_empty()).await;
        for job in self.state.jobs.keys().copied().collect::<Vec<_>>() {
            self.fail_job(job, Error::new(ErrorKind::Closed, "the database was closed before it was installed")).await;
        }
    }

    // --- writes -----------------------------------------------------------------------------------------------------

    /// Something has piled up, or was cleared away: whether writes go on, are slowed down or wait.
    pub(super) fn look_at_pressure(&mut self) {
        let Some(runtime) = &mut self.runtime else { return };
        let pressure = Pressure::of(&self.state.version, &self.options, self.state.immutables.len() as u64);
        runtime.set_memory(self.state.memtable_bytes());
        runtime.reevaluate(&pressure, &self.options);
        self.tell_condition();
    }

    fn tell_condition(&mut self) {
        let Some(now) = self.runtime.as_ref().map(|runtime| runtime.condition()) else { return };
        if !is_alike(&self.state.condition, &now) {
            self.state.condition = now;
            emit!(self, Jobs, Event::StallConditionsChanged { condition: now });
        }
    }

    /// What becomes of writes now.
    fn condition(&mut self) -> Condition {
        if let Some(runtime) = &mut self.runtime {
            runtime.set_memory(self.state.memtable_bytes());
        }
        self.tell_condition();
        self.state.condition
    }

    /// Waits until a write of `bytes` may go on.
    pub(super) async fn make_room_in_time(&mut self, bytes: u64) -> Result<()> {
        if let Some(reason) = self.seal_due() {
            self.seal(reason).await?;
            self.begin_due().await;
        }
        let condition = self.condition();
        let admission = self.runtime.as_mut().map(|runtime| runtime.write(bytes));
        if let (Condition::Delayed { rate, .. }, Some(Admission::At(until))) = (condition, admission)
            && until > self.state.now
        {
            self.delay(bytes, rate, until).await;
        }
        match self.condition() {
            Condition::Stopped { why } => self.wait_for_room(why).await,
            _ => self.check_writable(),
        }
    }

    /// A write is slowed down: it goes on at `until`, or as soon as no write is slowed down any more.
    async fn delay(&mut self, bytes: u64, rate: u64, until: Nanos) {
        let began = self.state.now;
        while let Some(at) = self.next_end().filter(|at| *at <= until) {
            self.pass(at).await;
            if !self.condition().is_delayed() {
                break;
            }
        }
        if self.condition().is_delayed() {
            self.set_now(until);
        }
        let waited = self.state.now - began;
        self.state.counters.delays += 1;
        self.state.counters.stall_nanos += waited;
        emit!(self, Operations, Event::WriteDelayed { bytes, rate, waited, nanos: self.state.now });
    }

    /// A write waits until what has piled up is cleared away.
    async fn wait_for_room(&mut self, why: Why) -> Result<()> {
        let (reason, began) = (StallReason::from(why.cause), self.state.now);
        self.state.counters.stalls += 1;
        emit!(self, Jobs, Event::Stalled { reason, why: Some(why) });
        let result = self.clear_away().await;
        let waited = self.state.now - began;
        self.state.counters.stall_nanos += waited;
        emit!(self, Jobs, Event::StallEnded { reason, waited });
        result
    }

    async fn clear_away(&mut self) -> Result<()> {
        while let Condition::Stopped { why } = self.condition() {
            self.check_writable()?;
            if reason_is_memory(&why) && self.state.unclaimed().next().is_none() && self.state.active.len() > 0 {
                self.seal(SealReason::SoftLimit).await?;
                self.start_due().await;
            }
            if self.next_end().is_none() {
                // A job that failed is tried once more before the write is refused.
                self.state.jobs_unclear = true;
                self.start_due().await;
            }
            match self.next_end() {
                Some(at) => self.pass(at).await,
                None => return Err(self.state.job_error.clone().unwrap_or_else(|| stalled_for_ever(&why))),
            }
        }
        self.check_writable()
    }

    /// A write that was made takes the time that the device needs for its log: what was written and synced since `before`.
    pub(super) async fn spend(&mut self, before: &Counters) {
        let Some(runtime) = &mut self.runtime else { return };
        let after = &self.state.counters;
        let (written, syncs) = (after.wal_bytes - before.wal_bytes, after.wal_syncs - before.wal_syncs);
        runtime.start(LOG, Kind::Log, &Cost { written, syncs, ..Cost::default() });
        let is_written = |engine: &Self| {
            engine.runtime.as_ref().is_none_or(|runtime| runtime.jobs().iter().all(|job| job.job != LOG))
        };
        while let Some(at) = self.next_end().filter(|_| !is_written(self)) {
            self.pass(at).await;
        }
    }
}

fn reason_is_memory(why: &Why) -> bool {
    StallReason::from(why.cause) == StallReason::Memory
}

/// Whether there is nothing new to tell: the number that reached its limit may have changed, but nothing else.
fn is_alike(a: &Condition, b: &Condition) -> bool {
    match (a, b) {
        (Condition::Normal, Condition::Normal) => true,
        (Condition::Stopped { why: a }, Condition::Stopped { why: b }) => a.cause == b.cause,
        (Condition::Delayed { why: a, rate: of_a }, Condition::Delayed { why: b, rate: of_b }) => {
            a.cause == b.cause && of_a == of_b
        }
        _ => false,
    }
}

fn stalled_for_ever(why: &Why) -> Error {
    let message =
        format!("the write would wait for ever: {why}, and no flush or compaction is due that would change that");
    Error::new(ErrorKind::Stalled, message)
}

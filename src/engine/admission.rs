//! Write stalls: under virtual time, a write is delayed, stopped, and takes as long as the device needs for its log.
//!
//! In: a write, and the compaction backlog ([`Pressure`]). Out: the moment at which it goes on. Errors: it would wait
//! for ever. The rules are in [`runtime::stall`](crate::runtime::stall); this module applies them to the engine:
//!
//! - The stall condition is computed again after every install and every sealed memtable, as in RocksDB
//!   (`RecalculateWriteStallConditions`); the memory of all memtables is checked with every write. A change is reported
//!   as [`Event::StallConditionsChanged`].
//! - A delayed write pays for its bytes ([`Event::WriteDelayed`]). A stopped write waits until jobs end and clear the
//!   stop ([`Event::Stalled`], [`Event::StallEnded`]). If no job is running and none is due, it would wait for ever, so
//!   it is refused.
//! - An admitted write takes as long as its bytes and syncs of the log do, on a device that jobs use at the same time.
//!   Only then is it acknowledged. The sync of a sealed log takes no time: RocksDB does none there.

use super::{Engine, emit, schedule::LOG};
use crate::{
    error::{Error, ErrorKind, Result},
    metrics::Counters,
    runtime::{
        WorkKind,
        clock::{END, Nanos},
        device::Work as Cost,
        stall::{Admission, Cause, Condition, Pressure, Why},
    },
    storage::Storage,
    trace::{Event, SealReason, StallReason, Tracer},
};

impl<S: Storage, T: Tracer> Engine<S, T> {
    /// Computes the stall condition from the backlog: whether writes go on, are slowed down or wait.
    pub(super) fn look_at_pressure(&mut self) {
        let policy = self.policy();
        let Some(runtime) = &mut self.runtime else { return };
        let pressure = Pressure::of(&*self.state.version, policy, &self.options, self.state.immutables.len() as u64);
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

    /// The stall condition of writes now.
    fn condition(&mut self) -> Condition {
        if let Some(runtime) = &mut self.runtime {
            runtime.set_memory(self.state.memtable_bytes());
        }
        self.tell_condition();
        self.state.condition
    }

    /// Waits until a write of `bytes` may go on.
    pub(super) async fn make_room_in_time(&mut self, bytes: u64) -> Result<()> {
        self.has_time()?;
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
            self.has_time()?;
        }
        match self.condition() {
            Condition::Stopped { why } => self.wait_for_room(why).await,
            _ => self.still_writable(),
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
            self.set_now(until.min(END));
        }
        let waited = self.state.now - began;
        self.state.counters.delays += 1;
        self.state.counters.stall_nanos += waited;
        emit!(self, Operations, Event::WriteDelayed { bytes, rate, waited, nanos: self.state.now });
    }

    /// Makes a write wait until its stop is cleared.
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
        let mut has_retried = false;
        while let Condition::Stopped { why } = self.condition() {
            self.still_writable()?;
            if why.cause == Cause::Memory && self.state.unclaimed().next().is_none() && self.state.active.len() > 0 {
                self.seal(SealReason::SoftLimit).await?;
                self.begin_due().await;
            }
            match self.next_end() {
                Some(at) => self.pass(at).await,
                None if has_retried => {
                    self.has_time()?;
                    return Err(self.state.job_error.clone().unwrap_or_else(|| stalled_for_ever(&why)));
                }
                None => {
                    // A job that failed is tried once more before the write is refused.
                    has_retried = true;
                    self.state.jobs_unclear = true;
                    self.begin_due().await;
                }
            }
        }
        self.still_writable()
    }

    /// A write that was made takes the time that the device needs for its log: what was written and synced since
    /// `before`.
    pub(super) async fn spend(&mut self, before: &Counters) {
        let Some(runtime) = &mut self.runtime else { return };
        let after = &self.state.counters;
        let (written, syncs) = (after.wal_bytes - before.wal_bytes, after.wal_syncs - before.wal_syncs);
        runtime.start(LOG, WorkKind::Log, &Cost { written, syncs, ..Cost::default() });
        let is_written = |engine: &Self| {
            engine.runtime.as_ref().is_none_or(|runtime| runtime.jobs().iter().all(|job| job.job != LOG))
        };
        while let Some(at) = self.next_end().filter(|_| !is_written(self)) {
            self.pass(at).await;
        }
        if !is_written(self) {
            // Its time goes on after the end of time: this write is the last.
            self.set_now(END);
            if let Some(runtime) = &mut self.runtime {
                runtime.cancel(LOG);
            }
        }
    }
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
        format!("the write would wait forever: {why}, and no flush or compaction is due that would change that");
    Error::new(ErrorKind::Stalled, message)
}

//! A run in virtual time: flushes at the times of the history, compactions beside them, as slots allow.
//!
//! In: a run, and the history's [`Pace`]. Out: how long writes were stalled. Errors: a policy asked for what cannot be.
//!
//! A compaction takes as long as the history's took for their bytes, each on a thread of its own (or as the options
//! say: [`Speed`]). How many run, and when writes are slowed down or stopped, are the rules of the
//! [`runtime`](crate::runtime). A flush that is held up holds up all after it by as much: the writers wait, and then go
//! on as they did. Memtables are not counted: a flush is in the tree at its time, or when writes may go on. Only where
//! the `LOG` says that writes waited for flushes, compactions have all their slots throughout, as RocksDB gives them
//! while writes are held up (`WriteController::NeedSpeedupCompaction`).

use std::rc::Rc;

use super::{
    Speed,
    outcome::StalledSeconds,
    run::Run,
    writes::{Pace, RecordedFlush},
};
use crate::{
    Options,
    error::Result,
    options::DeviceChoice,
    policy::{Action, Horizon, RunningCompaction},
    runtime::{
        Ended, Runtime, WorkKind,
        clock::{self, MICROSECOND, Nanos, SECOND},
        device::{MB, Work},
        jobs::{self, subcompactions},
        stall::{Condition, Pressure},
    },
    version::TableMeta,
};

/// A device that is never what is waited for, in MB a second.
const NO_LIMIT: f64 = 1e6;

/// `options` with the history's speed, if that is wanted.
fn timed_options(options: &Options, pace: Pace, speed: Speed) -> Options {
    if speed == Speed::OfOptions {
        return options.clone();
    }
    Options {
        device: DeviceChoice::Custom,
        device_read_mb_per_s: NO_LIMIT,
        device_write_mb_per_s: NO_LIMIT,
        device_latency_us: 0.0,
        device_fsync_us: 0.0,
        table_build_mb_per_s: pace.speed.bytes_per_second / MB,
        compression_mb_per_s: 0.0,
        ..options.clone()
    }
}

/// A run, and the jobs that run beside its flushes.
pub(super) struct TimedRun {
    pub run: Run,
    options: Options,
    runtime: Runtime,
    /// The outputs of each running compaction, with its number.
    jobs: Vec<(u64, Vec<Rc<TableMeta>>)>,
    number: u64,
    speed: Speed,
    /// How many bytes each compaction takes as long for as for itself, whatever it merges.
    fixed: u64,
    /// Whether writers were held up by flushes: compactions have all their slots then.
    is_pressed: bool,
    /// When the last flush was due, in the history.
    last: Option<u64>,
    /// By how much everything is later than in the history.
    late: Nanos,
    stopped: Nanos,
    delayed: Nanos,
    /// Scratch buffer, reused.
    ended: Vec<Ended>,
}

impl TimedRun {
    pub fn new(mut run: Run, pace: Pace, speed: Speed) -> TimedRun {
        let options = timed_options(&run.options, pace, speed);
        run.running.horizon = Horizon::OPEN;
        TimedRun {
            runtime: Runtime::new(&options),
            options,
            run,
            jobs: Vec::new(),
            number: 0,
            speed,
            fixed: if speed == Speed::AsRecorded { pace.speed.fixed_bytes() } else { 0 },
            is_pressed: pace.is_pressed,
            last: None,
            late: 0,
            stopped: 0,
            delayed: 0,
            ended: Vec::new(),
        }
    }

    /// Flushes at its time, or when writes may go on; what is due then begins.
    pub fn flush_on_time(&mut self, flush: &RecordedFlush) -> Result<()> {
        self.wait_for(flush)?;
        self.last = Some(flush.micros);
        self.run.flush(flush)?;
        self.look_around()
    }

    /// Waits for all jobs.
    ///
    /// # Errors
    /// A policy asked for what cannot be.
    pub fn end(&mut self) -> Result<StalledSeconds> {
        while let Some(next) = self.runtime.next_change() {
            self.change(next)?;
        }
        let seconds = |nanos: Nanos| nanos as f64 / SECOND as f64;
        Ok(StalledSeconds { stopped: seconds(self.stopped), delayed: seconds(self.delayed) })
    }

    /// Advances to the time at which `flush` may be in the tree.
    fn wait_for(&mut self, flush: &RecordedFlush) -> Result<()> {
        if let Condition::Delayed { rate, .. } = self.runtime.condition() {
            // Its bytes come no faster than the delayed rate.
            let since = flush.micros.saturating_sub(self.last.unwrap_or(flush.micros)).saturating_mul(MICROSECOND);
            let slowed = (flush.bytes as f64 / rate.max(1) as f64 * SECOND as f64) as Nanos;
            self.late = self.late.saturating_add(slowed.saturating_sub(since));
            self.delayed = self.delayed.saturating_add(slowed.saturating_sub(since));
        }
        self.advance_to(flush.micros.saturating_mul(MICROSECOND).saturating_add(self.late).min(clock::END))?;
        let stopped_at = self.runtime.now();
        while self.runtime.condition().is_stopped() {
            // Without a job, nothing would ever change: writes go on, as if a person had helped.
            let Some(next) = self.runtime.next_change() else { break };
            self.advance_to(next)?;
        }
        let stopped = self.runtime.now() - stopped_at;
        self.late = self.late.saturating_add(stopped);
        self.stopped = self.stopped.saturating_add(stopped);
        Ok(())
    }

    fn advance_to(&mut self, to: Nanos) -> Result<()> {
        while let Some(next) = self.runtime.next_change().filter(|next| *next <= to) {
            self.change(next)?;
        }
        self.runtime.pass(to.max(self.runtime.now()));
        Ok(())
    }

    fn change(&mut self, at: Nanos) -> Result<()> {
        let mut ended = std::mem::take(&mut self.ended);
        self.runtime.change(at, &mut ended);
        for job in ended.drain(..) {
            let Some(place) = self.jobs.iter().position(|(number, _)| *number == job.job) else { continue };
            let (_, outputs) = self.jobs.remove(place);
            let RunningCompaction { compaction, tables } = self.run.running.end(place);
            self.run.install(&compaction, tables, outputs)?;
            self.look_around()?;
        }
        self.ended = ended;
        Ok(())
    }

    /// The tree has changed: stalls and slots are looked at, and what is due begins.
    fn look_around(&mut self) -> Result<()> {
        self.reevaluate();
        self.run.running.time = self.runtime.now() / SECOND;
        while self.has_room() {
            let Some(compaction) = self.run.pick() else { break };
            let removed = compaction.resolve(&self.run.tree);
            let outputs = self.run.outputs(&compaction, &removed);
            if compaction.action != Action::Merge {
                self.run.install(&compaction, removed, outputs)?;
                self.reevaluate();
                continue;
            }
            let bytes = |tables: &mut dyn Iterator<Item = &Rc<TableMeta>>| tables.map(|table| table.bytes).sum();
            let read: u64 = bytes(&mut removed.iter().map(|(_, table)| table));
            let work = Work {
                read: read.max(bytes(&mut outputs.iter())).saturating_add(self.fixed),
                written: bytes(&mut outputs.iter()),
                syncs: outputs.len() as u64,
                // The history's times are those of whole jobs, however many threads each had.
                threads: match self.speed {
                    Speed::AsRecorded => 1,
                    Speed::OfOptions => subcompactions(self.run.policy, &self.options, &compaction, read),
                },
            };
            self.number += 1;
            self.runtime.start(self.number, WorkKind::Compaction, &work);
            self.jobs.push((self.number, outputs));
            self.run.running.compactions.push(RunningCompaction { compaction, tables: removed });
        }
        Ok(())
    }

    fn has_room(&self) -> bool {
        if self.is_pressed {
            return self.runtime.running(WorkKind::Compaction) < jobs::split(&self.options).1;
        }
        self.runtime.has_room(WorkKind::Compaction)
    }

    fn reevaluate(&mut self) {
        let pressure = Pressure::of(&self.run.tree, self.run.policy, &self.options, 0);
        self.runtime.reevaluate(&pressure, &self.options);
    }
}

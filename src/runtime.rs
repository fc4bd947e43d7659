//! Virtual time: when jobs end, and how long writes are stalled.
//!
//! In: jobs that begin, with the bytes that each moves; writes; the compaction backlog. Out: when each job ends, how
//! many may run, when a write may go on. Errors: none; nothing ends after the [end of time](clock::END). The runtime
//! knows neither engine nor storage and has no thread of its own: the caller starts jobs and advances the time. The
//! engine uses it with real tables, the simulator with tables without bytes.
//!
//! # The model
//!
//! | part | what it models |
//! | --- | --- |
//! | [`clock`] | time as an integer of nanoseconds |
//! | [`device`] | how long a job takes on the device, and on its threads, if it runs alone |
//! | [`share`] | how concurrent users share one resource |
//! | [`jobs`] | how many flushes and compactions may run |
//! | [`stall`] | when writes are slowed down or stopped |
//!
//! A job uses three resources at the same time, and ends when it is done with all of them:
//!
//! ```text
//! the device      shared in equal parts by all its users, WAL writes included
//! its threads     never shared: end = begin + thread time
//! the limiter     written bytes / rate_limiter_bytes_per_sec, shared by flushes and compactions, nine to one:
//!                 RocksDB's limiter lets a compaction go first one time in ten
//! ```
//!
//! WAL writes are modelled in one of two ways. The engine writes one batch at a time, and each is a job of
//! [`WorkKind::Log`]. The simulator writes bytes at a rate, and sets the share of the device that this takes
//! ([`Runtime::set_foreground`]); the jobs share the rest.
//!
//! # How to use it
//!
//! ```
//! use lsmscope::{Options, runtime::{Runtime, WorkKind, device::Work}};
//!
//! let mut runtime = Runtime::new(&Options::default());
//! runtime.start(1, WorkKind::Flush, &Work { written: 64 << 20, syncs: 1, ..Work::default() });
//! // Whatever is to happen before the job ends, start it before this:
//! let end = runtime.next_end().expect("a job is running");
//! let ended = runtime.advance(end);
//! assert_eq!((ended[0].job, ended[0].ended), (1, end));
//! ```
//!
//! Never advance past [`next_end`](Runtime::next_end) if the end of that job starts another one: that one would begin
//! late. After each install, [`reevaluate`](Runtime::reevaluate) the backlog, then fill the [`slots`](Runtime::slots).
//!
//! Not modelled: how threads share the processor's cores (each thread has its own), `io_uring`, direct I/O, and more
//! than one column family.

use serde::Serialize;

use crate::options::Options;

pub mod clock;
pub mod device;
pub mod jobs;
pub mod share;
pub mod stall;

use clock::Nanos;
pub use device::Device;
use device::{Processor, Work};
use jobs::Slots;
use share::Share;
use stall::{Admission, Condition, Pressure, Stall};

/// The largest share of the device that WAL writes can take from the jobs.
const MAX_FOREGROUND: f64 = 0.95;

/// The weight of a flush in the limiter; that of a compaction is 1.
const FLUSH_WEIGHT: f64 = 9.0;

/// The kind of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkKind {
    /// A write to the WAL: it takes neither slot nor limiter.
    Log,
    /// Writes memtables into a table.
    Flush,
    /// Merges tables into other tables.
    Compaction,
}

/// A running job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimedJob {
    /// Its number.
    pub job: u64,
    /// Its kind.
    pub kind: WorkKind,
    /// When it began.
    pub began: Nanos,
    /// The time at which its threads are done.
    threads_until: Nanos,
    on_device: bool,
    on_limiter: bool,
}

impl TimedJob {
    fn is_done(&self, now: Nanos) -> bool {
        !self.on_device && !self.on_limiter && self.threads_until <= now
    }
}

/// A job that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Its number.
    pub job: u64,
    /// Its kind.
    pub kind: WorkKind,
    /// When it began.
    pub began: Nanos,
    /// When it ended.
    pub ended: Nanos,
}

/// Virtual time, and everything that takes time.
#[derive(Clone, Debug)]
pub struct Runtime {
    now: Nanos,
    device: Device,
    processor: Processor,
    /// Bytes a second; 0 for no limit.
    limit: u64,
    disk: Share,
    limiter: Share,
    /// Running jobs, in the order in which they began.
    jobs: Vec<TimedJob>,
    stall: Stall,
    pressure: Pressure,
    /// The slots for flushes, and for compactions under pressure and without.
    slots: (u64, u64),
    behind: Option<stall::Why>,
}

impl Runtime {
    /// A runtime at time 0, without jobs.
    pub fn new(options: &Options) -> Runtime {
        Runtime {
            now: 0,
            device: Device::of(options),
            processor: Processor::of(options),
            limit: options.rate_limiter_bytes_per_sec,
            disk: Share::new(),
            limiter: Share::new(),
            jobs: Vec::new(),
            stall: Stall::new(options),
            pressure: Pressure::default(),
            slots: jobs::split(options),
            behind: jobs::falls_behind(options, &Pressure::default()),
        }
    }

    /// The current time.
    pub fn now(&self) -> Nanos {
        self.now
    }

    /// The device.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// Starts `job` now. The caller chooses its number, which no other running job has.
    pub fn start(&mut self, job: u64, kind: WorkKind, work: &Work) {
        debug_assert!(self.jobs.iter().all(|other| other.job != job), "job {job} is running");
        let alone = if kind == WorkKind::Log { self.device.log_time(work) } else { self.device.job_time(work) };
        let limited = if kind == WorkKind::Log { None } else { self.limited(work) };
        let threads = if kind == WorkKind::Log { 0 } else { self.processor.job_time(work) };
        let weight = if kind == WorkKind::Flush { FLUSH_WEIGHT } else { 1.0 };
        if alone > 0 {
            self.disk.begin(job, alone, 1.0);
        }
        if let Some(limited) = limited {
            self.limiter.begin(job, limited, weight);
        }
        self.jobs.push(TimedJob {
            job,
            kind,
            began: self.now,
            threads_until: self.now.saturating_add(threads),
            on_device: alone > 0,
            on_limiter: limited.is_some(),
        });
    }

    /// How long the limiter takes for the bytes of one job, alone.
    fn limited(&self, work: &Work) -> Option<Nanos> {
        let nanos = || work.written as f64 / self.limit as f64 * clock::SECOND as f64;
        (self.limit > 0 && work.written > 0).then(|| clock::rounded_up(nanos()))
    }

    /// Cancels `job`: it is removed as if it had ended, but its end is not reported.
    pub fn cancel(&mut self, job: u64) {
        self.disk.end(job);
        self.limiter.end(job);
        self.jobs.retain(|other| other.job != job);
    }

    /// The running jobs, in the order in which they began.
    pub fn jobs(&self) -> &[TimedJob] {
        &self.jobs
    }

    /// How many of `kind` are running.
    pub fn running(&self, kind: WorkKind) -> u64 {
        self.jobs.iter().filter(|job| job.kind == kind).count() as u64
    }

    /// The time of the next change if no job begins before: a job ends, or is done with one of its resources. None if
    /// that is past the [end of time](clock::END).
    pub fn next_change(&self) -> Option<Nanos> {
        let mut next: Option<Nanos> = None;
        let mut sooner = |at: Nanos| next = Some(next.map_or(at, |next| next.min(at)));
        self.jobs.iter().filter(|job| !job.on_device && !job.on_limiter).for_each(|job| sooner(job.threads_until));
        [&self.disk, &self.limiter].into_iter().filter_map(Share::next).for_each(|(at, _)| sooner(at));
        next.map(|at| at.max(self.now)).filter(|at| *at <= clock::END)
    }

    /// When the next job ends if no job begins before.
    pub fn next_end(&self) -> Option<Nanos> {
        if self.is_plain() {
            return self.next_change();
        }
        self.clone().run_until(|_| true)
    }

    /// When `job` ends if no job begins before.
    pub fn planned_end(&self, job: u64) -> Option<Nanos> {
        self.jobs.iter().find(|running| running.job == job)?;
        self.clone().run_until(|ended| ended.job == job)
    }

    /// Whether every job ends as soon as it is done with the device.
    fn is_plain(&self) -> bool {
        self.limiter.users() == 0 && self.jobs.iter().all(|job| job.threads_until <= self.now)
    }

    fn run_until(mut self, mut is_it: impl FnMut(&Ended) -> bool) -> Option<Nanos> {
        while let Some(at) = self.next_change() {
            if let Some(ended) = self.advance(at).into_iter().find(&mut is_it) {
                return Some(ended.ended);
            }
        }
        None
    }

    /// Advances the time to `to`. Returns the jobs that have ended by then, in order; of those that end together, the
    /// first to begin comes first.
    pub fn advance(&mut self, to: Nanos) -> Vec<Ended> {
        let mut ended = Vec::new();
        self.advance_into(to, &mut ended);
        ended
    }

    /// Like [`advance`](Runtime::advance), but appends the jobs to `ended`.
    pub fn advance_into(&mut self, to: Nanos, ended: &mut Vec<Ended>) {
        while let Some(at) = self.next_change().filter(|at| *at <= to) {
            self.change(at, ended);
        }
        self.pass(to.max(self.now));
    }

    /// Advances the time to `at`, the time of the [next change](Runtime::next_change). Appends the jobs that end there
    /// to `ended`.
    pub fn change(&mut self, at: Nanos, ended: &mut Vec<Ended>) {
        debug_assert_eq!(self.next_change(), Some(at));
        self.pass(at);
        self.release();
        self.jobs.retain(|job| {
            let done = job.is_done(at);
            if done {
                ended.push(Ended { job: job.job, kind: job.kind, began: job.began, ended: at });
            }
            !done
        });
    }

    /// Advances the time to `to`, which is before the [next change](Runtime::next_change).
    pub fn pass(&mut self, to: Nanos) {
        self.disk.advance(to);
        if self.limit > 0 {
            self.limiter.advance(to);
        }
        self.now = to;
    }

    /// Removes the jobs that are done with the device or the limiter from it.
    fn release(&mut self) {
        while let Some(job) = self.disk.take_done() {
            self.jobs.iter_mut().filter(|other| other.job == job).for_each(|job| job.on_device = false);
        }
        while let Some(job) = self.limiter.take_done() {
            self.jobs.iter_mut().filter(|other| other.job == job).for_each(|job| job.on_limiter = false);
        }
    }

    /// Sets the share of the device that the foreground takes from now on: at most 0.95, because jobs would never end
    /// otherwise.
    pub fn set_foreground(&mut self, part: f64) {
        self.disk.set_available(1.0 - part.clamp(0.0, MAX_FOREGROUND));
    }

    /// The share of the device that the foreground leaves to jobs.
    pub fn available(&self) -> f64 {
        self.disk.available()
    }

    /// How long the device was busy so far, in nanoseconds; time in which only the foreground used it counts by its
    /// share.
    pub fn device_busy(&self) -> f64 {
        self.disk.busy()
    }

    /// The number of jobs that use the device.
    pub fn device_users(&self) -> usize {
        self.disk.users()
    }

    /// How long a reader's `requests`, which read `bytes` in total, would take now, beside the jobs that use the
    /// device.
    pub fn read_time(&self, requests: u64, bytes: u64) -> Nanos {
        device::beside(self.device.read_time(requests, bytes), self.device_users(), self.available())
    }

    /// Computes the stall condition and the slots from the backlog, after an install or a sealed memtable.
    pub fn reevaluate(&mut self, pressure: &Pressure, options: &Options) {
        self.pressure = *pressure;
        self.stall.reevaluate(pressure);
        self.behind = jobs::falls_behind(options, pressure);
    }

    /// The backlog as of the last [`reevaluate`](Runtime::reevaluate).
    pub fn pressure(&self) -> &Pressure {
        &self.pressure
    }

    /// Sets the total bytes of all memtables.
    pub fn set_memory(&mut self, bytes: u64) -> Condition {
        self.stall.set_memory(bytes);
        self.condition()
    }

    /// The stall condition of writes.
    pub fn condition(&self) -> Condition {
        self.stall.condition()
    }

    /// The stall state of writes: their condition, and the rate.
    pub fn stall(&self) -> &Stall {
        &self.stall
    }

    /// Admits a write of `bytes` that arrives now: says when it may go on.
    pub fn write(&mut self, bytes: u64) -> Admission {
        self.stall.admit(self.now, bytes)
    }

    /// The numbers of jobs that may run.
    pub fn slots(&self) -> Slots {
        let pressure = self.condition().why().or(self.behind);
        Slots { flushes: self.slots.0, compactions: self.compaction_slots(), pressure }
    }

    /// Whether a job of `kind` may start.
    pub fn has_room(&self, kind: WorkKind) -> bool {
        match kind {
            WorkKind::Log => true,
            WorkKind::Flush => self.running(kind) < self.slots.0,
            WorkKind::Compaction => self.running(kind) < self.compaction_slots(),
        }
    }

    fn compaction_slots(&self) -> u64 {
        let is_behind = self.behind.is_some() || !self.stall.is_normal();
        if is_behind { self.slots.1 } else { 1 }
    }
}

#[cfg(test)]
mod tests;

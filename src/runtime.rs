//! The runtime: what happens when, under virtual time.
//!
//! In: jobs that begin, each with the bytes it moves; writes; what has piled up. Out: when each job ends, how many may
//! run, when a write may go on. It knows neither engine nor storage and does nothing by itself: whoever uses it asks
//! and tells. The engine runs real tables on it, the simulator tables without bytes.
//!
//! # The model
//!
//! | part | what it says |
//! | --- | --- |
//! | [`clock`] | time is a whole number of nanoseconds |
//! | [`device`] | how long a job would have the device, and its threads, if it were alone |
//! | [`share`] | how several use one thing at the same time |
//! | [`jobs`] | how many flushes and compactions may run |
//! | [`stall`] | when writes are slowed down or wait |
//!
//! A job uses three things at the same time, and ends when it is done with all of them:
//!
//! ```text
//! the device      shared in equal parts by all who use it, writes to the WAL among them
//! its threads     nobody else's: begin + thread time
//! the limiter     written bytes / rate_limiter_bytes_per_sec, shared by flushes and compactions, nine to one:
//!                 RocksDB's limiter lets a compaction go first one time in ten
//! ```
//!
//! The WAL comes in either of two ways. The engine, which writes one batch at a time, lets each be a job of
//! [`WorkKind::Log`]. The simulator, which writes bytes at a rate, says which part of the device that takes
//! ([`Runtime::set_foreground`]); the jobs share the rest.
//!
//! # How to use it
//!
//! ```
//! use lsmscope::{Options, runtime::{WorkKind, Runtime, device::Work}};
//!
//! let mut runtime = Runtime::new(&Options::default());
//! runtime.start(1, WorkKind::Flush, &Work { written: 64 << 20, syncs: 1, ..Work::default() });
//! // Whatever else is to happen, happens before this:
//! let end = runtime.next_end().expect("a job is running");
//! let ended = runtime.advance(end);
//! assert_eq!((ended[0].job, ended[0].ended), (1, end));
//! ```
//!
//! Never advance past [`next_end`](Runtime::next_end) if what ends there starts something new: that would then begin
//! late. After each install, [`reevaluate`](Runtime::reevaluate) what has piled up, then fill the
//! [`slots`](Runtime::slots).
//!
//! Left out: how the processor's cores are shared (each thread has one), `io_uring` and direct I/O, several column
//! families.

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

/// The largest part of the device that writes to the WAL can take from the jobs.
const MOST_FOREGROUND: f64 = 0.95;

/// How much more of the limiter a flush gets than a compaction.
const FLUSH_WEIGHT: f64 = 9.0;

/// What kind of job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkKind {
    /// A write to the WAL: it takes neither slot nor limiter.
    Log,
    /// Memtables become a table.
    Flush,
    /// Tables become other tables.
    Compaction,
}

/// A job that is running.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimedJob {
    /// Its number.
    pub job: u64,
    /// Its kind.
    pub kind: WorkKind,
    /// When it began.
    pub began: Nanos,
    /// Until when its threads are busy.
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

/// Virtual time, and everything that takes some.
#[derive(Clone, Debug)]
pub struct Runtime {
    now: Nanos,
    device: Device,
    processor: Processor,
    /// Bytes a second; 0 for no limit.
    limit: u64,
    disk: Share,
    limiter: Share,
    /// In the order in which they began.
    jobs: Vec<TimedJob>,
    stall: Stall,
    pressure: Pressure,
    /// The slots for flushes, and for compactions under pressure and without.
    slots: (u64, u64),
    behind: Option<stall::Why>,
}

impl Runtime {
    /// At time 0, with nothing to do.
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

    /// The time.
    pub fn now(&self) -> Nanos {
        self.now
    }

    /// The device.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// `job` begins now. Its number is the caller's, and no other running job's.
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

    /// How long the limiter takes to let a job's bytes pass, alone.
    fn limited(&self, work: &Work) -> Option<Nanos> {
        let nanos = || work.written as f64 / self.limit as f64 * clock::SECOND as f64;
        (self.limit > 0 && work.written > 0).then(|| clock::rounded_up(nanos()))
    }

    /// `job` is given up: it is as if it had ended, but nobody hears of it.
    pub fn cancel(&mut self, job: u64) {
        self.disk.end(job);
        self.limiter.end(job);
        self.jobs.retain(|other| other.job != job);
    }

    /// The jobs that are running, in the order in which they began.
    pub fn jobs(&self) -> &[TimedJob] {
        &self.jobs
    }

    /// How many of `kind` are running.
    pub fn running(&self, kind: WorkKind) -> u64 {
        self.jobs.iter().filter(|job| job.kind == kind).count() as u64
    }

    /// When something changes next if nothing begins before: a job may end, or be done with one of the things it uses.
    /// None if that is past the [end of time](clock::END).
    pub fn next_change(&self) -> Option<Nanos> {
        let mut next: Option<Nanos> = None;
        let mut sooner = |at: Nanos| next = Some(next.map_or(at, |next| next.min(at)));
        self.jobs.iter().filter(|job| !job.on_device && !job.on_limiter).for_each(|job| sooner(job.threads_until));
        [&self.disk, &self.limiter].into_iter().filter_map(Share::next).for_each(|(at, _)| sooner(at));
        next.map(|at| at.max(self.now)).filter(|at| *at <= clock::END)
    }

    /// When the next job ends if nothing begins before.
    pub fn next_end(&self) -> Option<Nanos> {
        if self.is_plain() {
            return self.next_change();
        }
        self.clone().run_until(|_| true)
    }

    /// When `job` ends if nothing begins before.
    pub fn planned_end(&self, job: u64) -> Option<Nanos> {
        self.jobs.iter().find(|running| running.job == job)?;
        self.clone().run_until(|ended| ended.job == job)
    }

    /// Whether each job ends as soon as it is done with the device.
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

    /// Time moves on to `to`. Who has ended by then, in order; at the same time, who began first.
    pub fn advance(&mut self, to: Nanos) -> Vec<Ended> {
        let mut ended = Vec::new();
        self.advance_into(to, &mut ended);
        ended
    }

    /// The same, behind what is in `ended` already.
    pub fn advance_into(&mut self, to: Nanos, ended: &mut Vec<Ended>) {
        while let Some(at) = self.next_change().filter(|at| *at <= to) {
            self.change(at, ended);
        }
        self.pass(to.max(self.now));
    }

    /// Time moves on to `at`, when something changes [next](Runtime::next_change). Those that end there, behind what is
    /// in `ended` already.
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

    /// Time moves on to `to`, which is before anything changes [next](Runtime::next_change).
    pub fn pass(&mut self, to: Nanos) {
        self.disk.advance(to);
        if self.limit > 0 {
            self.limiter.advance(to);
        }
        self.now = to;
    }

    /// Takes those off the device and the limiter who are done with it by now.
    fn release(&mut self) {
        while let Some(job) = self.disk.take_done() {
            self.jobs.iter_mut().filter(|other| other.job == job).for_each(|job| job.on_device = false);
        }
        while let Some(job) = self.limiter.take_done() {
            self.jobs.iter_mut().filter(|other| other.job == job).for_each(|job| job.on_limiter = false);
        }
    }

    /// Which part of the device the foreground takes from now on: at most 0.95 of it, lest nothing else ever end.
    pub fn set_foreground(&mut self, part: f64) {
        self.disk.set_available(1.0 - part.clamp(0.0, MOST_FOREGROUND));
    }

    /// Which part of the device the foreground leaves.
    pub fn available(&self) -> f64 {
        self.disk.available()
    }

    /// How long the device was in use so far, in nanoseconds; while only the foreground used it, its part of them.
    pub fn device_busy(&self) -> f64 {
        self.disk.busy()
    }

    /// How many use the device.
    pub fn device_users(&self) -> usize {
        self.disk.users()
    }

    /// How long `requests` of a reader that read `bytes` together would take now, beside those that use the device.
    pub fn read_time(&self, requests: u64, bytes: u64) -> Nanos {
        device::beside(self.device.read_time(requests, bytes), self.device_users(), self.available())
    }

    /// Something was installed, or a memtable was sealed: looks at what has piled up.
    pub fn reevaluate(&mut self, pressure: &Pressure, options: &Options) {
        self.pressure = *pressure;
        self.stall.reevaluate(pressure);
        self.behind = jobs::falls_behind(options, pressure);
    }

    /// What had piled up when it was looked at last.
    pub fn pressure(&self) -> &Pressure {
        &self.pressure
    }

    /// All memtables hold so many bytes together.
    pub fn set_memory(&mut self, bytes: u64) -> Condition {
        self.stall.set_memory(bytes);
        self.condition()
    }

    /// What becomes of writes.
    pub fn condition(&self) -> Condition {
        self.stall.condition()
    }

    /// Writes: their condition, and the rate.
    pub fn stall(&self) -> &Stall {
        &self.stall
    }

    /// When a write of `bytes` may go on that comes now.
    pub fn write(&mut self, bytes: u64) -> Admission {
        self.stall.admit(self.now, bytes)
    }

    /// How many jobs may run.
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

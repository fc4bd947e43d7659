//! The rate of writes between two events: the offered one, or what a stall, a job or the device leaves of it.
//!
//! In: the offered rate, the stall's condition, whether writes wait for jobs, which part of the device the reads take.
//! Out: the entries that come and that are written in a nanosecond, until the next event. The first that applies holds
//! them back:
//!
//! ```text
//! jobs       none, while one runs and `job_mode` is inline
//! a stall    none, or the delayed write rate
//! device     0.95 of it to reads and WAL together, and a hundredth of it to the WAL whatever the reads take
//! ```

use super::Simulation;
use crate::{
    options::JobMode,
    runtime::{
        clock::{Nanos, SECOND},
        device::MB,
    },
};

/// The largest part of the device that writes to the WAL, and reads, can have.
const MAX_FOREGROUND: f64 = 0.95;

/// How fast writes come and are written until the next event: entries in a nanosecond.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct WriteRate {
    pub offered: f64,
    pub written: f64,
    /// The share of the time that writers wait.
    waiting: f64,
    /// When the offered rate changes.
    pub until: Nanos,
    /// What the device takes beside the reads.
    most: f64,
    bounds: Bounds,
}

/// What holds writes back.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Bounds {
    /// The bytes a second that a stall leaves; none if there is none.
    stall: Option<u64>,
    /// They wait until no job runs.
    jobs: bool,
    /// Which part of the device the reads take.
    read_part: f64,
}

impl Simulation {
    /// Time passes until `to`, in which writes flow.
    pub(super) fn pass(&mut self, to: Nanos) {
        let passed = (to - self.runtime.now()) as f64;
        self.memtables.add(self.write_rate.written * passed);
        let waited = self.write_rate.waiting * passed;
        self.sampler.pass(&self.write_rate, passed, waited, self.stalled.is_some_and(|(is_stop, _)| is_stop));
        if self.stalled.is_some() || waited > 0.0 {
            let other = if self.write_rate.bounds.jobs { "job_mode" } else { "device" };
            self.stalls.pass(&self.runtime.condition(), other, passed, waited);
        }
    }

    /// How fast writes flow from now on.
    pub(super) fn set_write_rate(&mut self) {
        let now = self.runtime.now();
        let bounds = Bounds {
            stall: self.runtime.stall().limit(),
            jobs: self.followed.job_mode == JobMode::Inline && !self.runtime.jobs().is_empty(),
            read_part: self.read_part,
        };
        if now >= self.write_rate.until {
            self.write_rate.offered = self.rate.at(now) / self.entry.user / SECOND as f64;
            self.write_rate.until = self.rate.until(now);
        } else if bounds == self.write_rate.bounds {
            return;
        }
        let offered = self.write_rate.offered;
        let allowed = match bounds.stall {
            _ if bounds.jobs => 0.0,
            Some(rate) => self.write_rate.most.min(rate as f64 / self.entry.user / SECOND as f64),
            None => self.write_rate.most,
        };
        self.write_rate.written = offered.min(allowed);
        self.write_rate.waiting = if offered > 0.0 { 1.0 - self.write_rate.written / offered } else { 0.0 };
        self.write_rate.bounds = bounds;
        let log = self.write_rate.written * self.entry.log / self.bytes_a_nano();
        self.runtime.set_foreground(bounds.read_part + log);
    }

    /// Which part of the device the reads take from now on.
    pub(super) fn set_read_part(&mut self, part: f64) {
        self.read_part = part;
        // The WAL's bytes pass through the device, which has to leave something for the jobs.
        self.write_rate.most = (MAX_FOREGROUND - part).max(0.01) * self.bytes_a_nano() / self.entry.log;
    }

    /// How many bytes the device writes in a nanosecond.
    fn bytes_a_nano(&self) -> f64 {
        self.runtime.device().write_mb_per_s * MB / SECOND as f64
    }
}

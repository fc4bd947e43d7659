//! The record of a run: samples, marks, falls, totals, latencies, and amplification beside its formulas.

use serde::Serialize;

use super::{DriveMark, DriveMarkKind};
use crate::metrics::{Amplification, Counters, compared::Comparison, latency::Latency};

/// The counts of one interval, and the state at its end.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct DriveSample {
    /// The end of the interval: milliseconds since the run began.
    pub ts_ms: u64,
    /// What was done in the interval.
    pub ops: Ops,
    /// Bytes of all memtables.
    pub memtable_bytes: u64,
    /// Memtables that wait for their flush.
    pub immutables: u64,
    /// Tables of each level.
    pub level_tables: Vec<u64>,
    /// Bytes of each level.
    pub level_bytes: Vec<u64>,
    /// What was done since the run began.
    pub counters: Counters,
    /// The amplifications by now.
    pub amplification: Amplification,
}

/// Operations by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Ops {
    /// Puts, those of a read-modify-write included.
    pub put: u64,
    /// Gets, those of a read-modify-write included.
    pub get: u64,
    /// Deletes.
    pub del: u64,
    /// Scans.
    pub scan: u64,
    /// Of the gets, those that found a value.
    pub found: u64,
    /// Entries that scans returned.
    pub scanned: u64,
}

impl Ops {
    /// All operations.
    pub fn total(&self) -> u64 {
        self.put + self.get + self.del + self.scan
    }
}

/// A fall of the memtables' bytes: a flush took them away, between two samples or more often.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Fall {
    /// When: milliseconds since the run began.
    pub ms: f64,
    /// Bytes before.
    pub from: u64,
    /// Bytes after.
    pub to: u64,
}

/// A run, so far or complete.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct DriveRun {
    /// Virtual milliseconds that have passed.
    pub millis: f64,
    /// Whether it came to its end.
    pub complete: bool,
    /// In order of time.
    pub samples: Vec<DriveSample>,
    /// Flushes, compactions and stalls, in the order in which they ended.
    pub marks: Vec<DriveMark>,
    /// Where the memtables' bytes fell. Samples alone would draw another saw than there was, where flushes are as
    /// frequent.
    pub falls: Vec<Fall>,
    /// Puts that were made before the time began.
    pub loaded: u64,
    /// All operations.
    pub ops: Ops,
    /// What the engine has done, the loading included.
    pub counters: Counters,
    /// The amplifications at the end.
    pub amplification: Amplification,
    /// How long operations took; nothing where none takes any time ([`job_mode`](crate::Options::job_mode)).
    pub latencies: Latencies,
    /// The amplifications at the end, with those that formulas expect. Nothing before the end.
    pub compared: Comparison,
}

/// How long operations took, from when each was due to when it returned: what they waited for the operations before
/// them, for stalls, for the log and for blocks of tables. The processor's time does not count.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Latencies {
    /// Puts, those of a read-modify-write included.
    pub put: Latency,
    /// Gets, those of a read-modify-write included.
    pub get: Latency,
    /// Scans.
    pub scan: Latency,
    /// Deletes.
    pub delete: Latency,
}

impl Latencies {
    /// The kinds that there were, by name.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, &Latency)> {
        let all = [("put", &self.put), ("get", &self.get), ("scan", &self.scan), ("delete", &self.delete)];
        all.into_iter().filter(|(_, latency)| !latency.is_empty())
    }
}

impl DriveRun {
    /// How many marks there are of `kind`.
    pub fn count(&self, kind: DriveMarkKind) -> usize {
        self.marks.iter().filter(|mark| mark.kind == kind).count()
    }
}

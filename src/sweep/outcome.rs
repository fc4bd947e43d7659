//! What one run of a sweep came to: the numbers of its row.
//!
//! In: a [`Simulation`] that has ended. Out: a [`SweepOutcome`].

use super::axis::ColumnType;
use crate::sim::Simulation;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SweepEnd {
    /// It came to its end.
    Done,
    /// Writes stopped for good before its end, and nothing was due that would have changed that: its numbers are of the
    /// time before.
    Standstill,
    /// Its options exclude each other, or it cannot be estimated: it was not run, and has no numbers.
    Refused,
}

impl SweepEnd {
    /// Every end with its name in a row.
    pub const NAMES: [(&'static str, SweepEnd); 3] =
        [("done", SweepEnd::Done), ("standstill", SweepEnd::Standstill), ("refused", SweepEnd::Refused)];

    /// Its name in a row.
    pub fn name(self) -> &'static str {
        SweepEnd::NAMES.iter().find(|(_, end)| *end == self).map_or("", |(name, _)| name)
    }
}

/// Of which sweeps a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberOf {
    /// Of each.
    Any,
    /// Of those of a workload.
    Workload,
    /// Of those of a history.
    History,
}

/// A number of an outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SweepNumber {
    /// Its name.
    pub name: &'static str,
    /// How it is stored.
    pub column: ColumnType,
    /// Of which sweeps it is.
    pub of: NumberOf,
    /// What it is, and in which unit.
    pub about: &'static str,
}

macro_rules! numbers {
    ( $( $name:ident : $type:ident, $of:ident, $about:literal; )* ) => {
        /// What a run came to. A number that is not defined is NaN: empty in a row.
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct SweepOutcome {
            /// How it ended.
            pub end: SweepEnd,
            $( #[doc = $about] pub $name: f64, )*
        }

        impl SweepOutcome {
            /// What the numbers are, in the order of a row.
            pub const NUMBERS: &'static [SweepNumber] = &[$( SweepNumber {
                name: stringify!($name), column: ColumnType::$type, of: NumberOf::$of, about: $about,
            }, )*];

            /// Without numbers.
            pub fn empty(end: SweepEnd) -> SweepOutcome {
                SweepOutcome { end, $( $name: f64::NAN, )* }
            }

            /// The numbers, in the order of [`NUMBERS`](SweepOutcome::NUMBERS).
            pub fn numbers(&self) -> Vec<f64> {
                vec![$( self.$name, )*]
            }
        }
    };
}

numbers! {
    seconds: Number, Workload, "Seconds of virtual time that it ran.";
    write_amp: Number, Any,
        "Write amplification as RocksDB counts it: bytes that flushes and compactions wrote, by bytes that flushes \
         wrote.";
    write_amp_least: Number, History,
        "The least write amplification of a draw of keys; the row is that of the median draw.";
    write_amp_most: Number, History, "The most write amplification of a draw of keys.";
    write_amp_user: Number, Workload,
        "Write amplification as the literature counts it: bytes written, the WAL's included, by bytes of keys and \
         values.";
    read_amp: Number, Any,
        "Read amplification: sorted runs that a read may have to look into, the mean of all samples; of a history, of \
         the moments before each flush.";
    space_amp: Number, Any,
        "Space amplification as RocksDB counts it: bytes of all tables by bytes of the last level that has data, the \
         mean of all samples.";
    space_amp_live: Number, Workload,
        "Space amplification as the literature counts it: bytes of all tables by bytes of what a reader can see of \
         them, the mean of all samples.";
    flushed_bytes: Whole, Any, "Bytes of tables that flushes wrote.";
    compacted_bytes: Whole, Any, "Bytes of tables that compactions wrote.";
    compaction_read_bytes: Whole, Workload, "Bytes of tables that compactions read.";
    peak_bytes: Whole, Any,
        "The most bytes of all tables in a sample; outputs of compactions that still run do not count. Of a history, \
         the most at any time, with outputs beside inputs.";
    end_bytes: Whole, Any, "Bytes of all tables at the end.";
    flushes: Whole, Workload, "Flushes.";
    compactions: Whole, Any, "Compactions, moves included.";
    moves: Whole, Any, "Compactions that moved tables unread.";
    stalls: Whole, Workload, "How many times writes began to be slowed down or stopped.";
    stopped_seconds: Number, Any, "Seconds that writers waited while writes were stopped.";
    delayed_seconds: Number, Any,
        "Seconds that writers waited while writes were slowed down, or while the device or a job held them up.";
    peak_level0_tables: Whole, Workload, "The most tables on level 0 in a sample.";
    peak_pending_bytes: Whole, Workload,
        "The most bytes in a sample that compactions had to rewrite until every level was within its target.";
    device_use: Number, Workload, "The share of the time that the device was in use, from 0 to 1.";
    sustainable_mb_per_s: Number, Workload,
        "MB (1,048,576 bytes) of keys and values a second that the device could sustain.";
    read_p50_us: Number, Workload, "Median latency of gets in microseconds, the mean of all samples.";
    read_p99_us: Number, Workload, "99th percentile of the latency of gets in microseconds, the mean of all samples.";
}

impl SweepOutcome {
    /// Of a simulation that has ended.
    pub(super) fn of(simulation: &Simulation) -> SweepOutcome {
        let summary = simulation.summary();
        let (counters, samples) = (&summary.counters, simulation.samples());
        let waited = |stopped: bool| {
            // Not `sum`, which begins at -0.
            let rows = summary.stalls.iter().filter(|row| row.is_stop == stopped);
            rows.fold(0.0, |sum, row| sum + row.sum.waited_seconds)
        };
        let all_tables: Vec<f64> =
            (0..samples.at.len()).map(|at| samples.bytes.iter().map(|level| level[at]).sum()).collect();
        let or_nan = |number: Option<f64>| number.unwrap_or(f64::NAN);
        SweepOutcome {
            end: if summary.standstill.is_some() { SweepEnd::Standstill } else { SweepEnd::Done },
            seconds: summary.seconds,
            write_amp: or_nan(summary.amplification.write_rocksdb),
            write_amp_least: f64::NAN,
            write_amp_most: f64::NAN,
            write_amp_user: or_nan(summary.amplification.write_user),
            read_amp: mean(&samples.runs),
            space_amp: mean(&samples.space_amplification),
            space_amp_live: mean(&samples.space_amplification_live),
            flushed_bytes: counters.flush_bytes as f64,
            compacted_bytes: counters.compaction_bytes_written as f64,
            compaction_read_bytes: counters.compaction_bytes_read as f64,
            peak_bytes: most(&all_tables),
            end_bytes: summary.levels.iter().map(|level| level.bytes).sum::<u64>() as f64,
            flushes: counters.flushes as f64,
            compactions: counters.compactions as f64,
            moves: counters.moves as f64,
            stalls: counters.stalls as f64,
            stopped_seconds: waited(true),
            delayed_seconds: waited(false),
            peak_level0_tables: samples.tables.first().map_or(f64::NAN, |tables| most(tables)),
            peak_pending_bytes: most(&samples.pending_bytes),
            device_use: or_nan(summary.device_use),
            sustainable_mb_per_s: or_nan(summary.sustainable_mb_per_s),
            read_p50_us: mean(&samples.read_p50_us),
            read_p99_us: mean(&samples.read_p99_us),
        }
    }
}

/// The mean of those that are defined.
fn mean(numbers: &[f64]) -> f64 {
    let (sum, count) = numbers.iter().filter(|n| !n.is_nan()).fold((0.0, 0), |(sum, count), n| (sum + n, count + 1));
    if count > 0 { sum / f64::from(count) } else { f64::NAN }
}

fn most(numbers: &[f64]) -> f64 {
    numbers.iter().copied().fold(f64::NAN, f64::max)
}

//! What a simulation leaves behind: samples, the spans of its jobs and stalls, and sums by level.
//!
//! Samples are columns, one number for each moment, as charts and files want them. Spans are kept up to a bound, the
//! oldest go first; sums are kept of all.

use std::collections::VecDeque;

use serde::Serialize;

use crate::{
    metrics::ratio,
    runtime::{WorkKind, clock::Nanos, stall::Cause},
    version::TableMeta,
};

/// How many spans of each kind are kept.
pub const MOST_SPANS: usize = 200_000;

macro_rules! columns {
    ( $( $name:ident : $about:literal; )* ) => {
        /// Samples by column; in each, one number for each moment of `at`. A ratio that is not defined is no number
        /// (NaN): empty in a CSV, and no point of a chart.
        #[derive(Clone, Debug, Default, PartialEq, Serialize)]
        pub struct Samples {
            $( #[doc = $about] pub $name: Vec<f64>, )*
            /// For each level, its tables.
            pub tables: Vec<Vec<f64>>,
            /// For each level, its bytes.
            pub bytes: Vec<Vec<f64>>,
        }

        /// One moment's numbers.
        #[derive(Clone, Copy, Debug, Default, PartialEq)]
        pub(super) struct Sample {
            $( pub $name: f64, )*
        }

        impl Samples {
            /// The columns that are not by level: name, what it is, numbers.
            pub fn columns(&self) -> Vec<(&'static str, &'static str, &[f64])> {
                vec![ $( (stringify!($name), $about, &self.$name[..]), )* ]
            }

            pub(super) fn push(&mut self, sample: &Sample, tables: impl Iterator<Item = u64>, bytes: &[u64]) {
                $( self.$name.push(sample.$name); )*
                self.tables.resize(bytes.len(), Vec::new());
                self.bytes.resize(bytes.len(), Vec::new());
                for (level, (tables, bytes)) in tables.zip(bytes).enumerate() {
                    self.tables[level].push(tables as f64);
                    self.bytes[level].push(*bytes as f64);
                }
            }
        }
    };
}

columns! {
    at: "The moment, in seconds.";
    offered_mb_per_s: "MB a second of keys and values that came since the sample before.";
    written_mb_per_s: "MB a second of them that were written; the others waited.";
    waited_share: "The share of the time since the sample before that a writer waited.";
    stopped_share: "The part of it in which writes were stopped.";
    delayed_write_mb_per_s: "What writes are slowed down to, in MB a second; 0 where they are not.";
    memtable_bytes: "Bytes in all memtables.";
    immutables: "Sealed memtables.";
    pending_bytes: "Bytes that compactions have to rewrite until every level is within its target.";
    flushes: "Flushes running.";
    compactions: "Compactions running.";
    device_use: "The share of the time since the sample before that the device was in use.";
    write_amplification: "Bytes that flushes and compactions wrote so far, by bytes that flushes wrote (RocksDB's).";
    write_amplification_user: "Bytes written so far, the WAL's included, by bytes of keys and values (the \
                               literature's).";
    space_amplification: "Bytes of all tables by bytes of the last level (RocksDB's).";
    space_amplification_live: "Bytes of all tables by bytes of what a reader can see of them (the literature's).";
    runs: "Sorted runs that a read may have to look into.";
    read_p50_us: "Half of all gets take no longer than so many microseconds.";
    read_p99_us: "One get in a hundred takes longer than so many microseconds.";
    read_p999_us: "One get in a thousand takes longer than so many microseconds.";
}

/// A flush, a compaction or a move, from its begin to its installation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct JobSpan {
    /// Its number.
    pub job: u64,
    /// Flush or compaction.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "'flush' | 'compaction'"))]
    pub kind: WorkKind,
    /// Whether its tables only changed their level; it takes no time then.
    pub is_move: bool,
    /// Where its inputs were; none of a flush.
    pub from_level: Option<usize>,
    /// Where its outputs are.
    pub to_level: usize,
    /// When it began, in nanoseconds.
    pub began: Nanos,
    /// When it was installed; none while it runs.
    pub ended: Option<Nanos>,
    /// Bytes of tables that it read.
    pub read: u64,
    /// Bytes of tables that it wrote.
    pub written: u64,
    /// Tables, or memtables, that went in.
    pub inputs: u64,
    /// Tables that came out.
    pub outputs: u64,
    /// The rule that picked it; `flush` of a flush.
    pub rule: &'static str,
}

/// A time in which writes were slowed down or stopped.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct StallSpan {
    /// Whether they were stopped; otherwise slowed down.
    pub is_stop: bool,
    /// What had piled up.
    pub cause: Cause,
    /// The option that sets its limit.
    pub option: &'static str,
    /// When it began, in nanoseconds.
    pub began: Nanos,
    /// When it ended; none while it lasts.
    pub ended: Option<Nanos>,
}

/// The last so many of a growing list, each with its number since the beginning.
#[derive(Clone, Debug, PartialEq)]
pub struct Last<T> {
    kept: VecDeque<T>,
    dropped: u64,
}

impl<T> Last<T> {
    pub(super) fn new() -> Last<T> {
        Last { kept: VecDeque::new(), dropped: 0 }
    }

    pub(super) fn push(&mut self, value: T) {
        if self.kept.len() == MOST_SPANS {
            self.kept.pop_front();
            self.dropped += 1;
        }
        self.kept.push_back(value);
    }

    pub(super) fn last_mut(&mut self) -> Option<&mut T> {
        self.kept.back_mut()
    }

    /// Those from number `from` on that are still kept.
    pub fn since(&self, from: u64) -> impl Iterator<Item = &T> {
        self.kept.iter().skip(from.saturating_sub(self.dropped) as usize)
    }

    /// How many there were, those that were dropped included.
    pub fn count(&self) -> u64 {
        self.dropped + self.kept.len() as u64
    }
}

/// Sums over the jobs that wrote into one level, as RocksDB's statistics have them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LevelSums {
    /// Bytes read from other levels; of level 0, bytes that were flushed.
    pub read_upper: u64,
    /// Bytes read from the level itself.
    pub read_own: u64,
    /// Bytes written.
    pub written: u64,
    /// Bytes that came without being rewritten.
    pub moved: u64,
    /// Flushes and compactions, without moves.
    pub jobs: u64,
    /// Moves.
    pub moves: u64,
    /// How long the jobs took together, in nanoseconds.
    pub busy: Nanos,
    /// Entries that went in, and that came out.
    pub entries_in: u64,
    /// Entries that came out.
    pub entries_out: u64,
}

impl LevelSums {
    pub(super) fn flush(&mut self, table: Option<&TableMeta>, span: &JobSpan) {
        self.jobs += 1;
        self.read_upper += span.written;
        self.written += span.written;
        self.busy += span.ended.unwrap_or(span.began) - span.began;
        self.entries_out += table.map_or(0, |t| t.entries);
    }

    /// Both together.
    pub(super) fn plus(self, other: &LevelSums) -> LevelSums {
        LevelSums {
            read_upper: self.read_upper + other.read_upper,
            read_own: self.read_own + other.read_own,
            written: self.written + other.written,
            moved: self.moved + other.moved,
            jobs: self.jobs + other.jobs,
            moves: self.moves + other.moves,
            busy: self.busy + other.busy,
            entries_in: self.entries_in + other.entries_in,
            entries_out: self.entries_out + other.entries_out,
        }
    }

    /// How many times what came into the level was written in it; none where nothing came.
    pub fn write_amplification(&self) -> Option<f64> {
        ratio(self.written, self.read_upper)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_ones_are_kept_with_their_numbers() {
        let mut last = Last::new();
        (0..MOST_SPANS + 10).for_each(|i| last.push(i));
        assert_eq!((last.count(), last.since(0).next()), (MOST_SPANS as u64 + 10, Some(&10)));
        assert_eq!(last.since(15).next(), Some(&15));
        assert_eq!(last.since(MOST_SPANS as u64 + 9).count(), 1);
    }
}

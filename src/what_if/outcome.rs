//! What a set of options came to: the same sums of a recorded history and of an estimate of it.
//!
//! In: the levels' bytes before each flush, and what each edit adds. Out: a [`WhatIfOutcome`]. Errors: none.

use serde::Serialize;

use crate::{
    metrics::{Counters, ratio},
    version::{TableMeta, Version},
};

/// What a set of options came to, or is estimated to come to. Bytes are those of tables, compressed as they are.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct WhatIfOutcome {
    /// Bytes that flushes and compactions wrote, for each byte flushed: as RocksDB counts it, 1 or more.
    pub write_amp: f64,
    /// Sorted runs that a read of a key may have to look into (tables of level 0, and levels with data): the mean of
    /// the moments just before each flush.
    pub read_amp: f64,
    /// Bytes of all tables by bytes of the last level that has data, as RocksDB counts it: the mean of the same
    /// moments.
    pub space_amp: f64,
    /// Bytes that flushes wrote.
    pub flushed: f64,
    /// Bytes that compactions wrote.
    pub compacted: f64,
    /// The most bytes of tables at a time: those of the tree, with the outputs of a compaction beside its inputs.
    pub peak_bytes: f64,
    /// Each level's bytes at the end, from level 0 on.
    pub levels: Vec<f64>,
    /// Each level's tables at the end.
    pub tables: Vec<f64>,
    /// The share of deletions among the entries at the end, from 0 to 1.
    pub deletion_share: f64,
    /// How many compactions merged tables.
    pub compactions: f64,
    /// How many moved tables unread.
    pub moves: f64,
    /// For how many seconds writes were stopped, and slowed down; none where the writer waits for compactions. What the
    /// database itself came to has it only if the reader of its `LOG` puts it there.
    pub stalled: Option<StalledSeconds>,
}

/// How long writes were stalled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct StalledSeconds {
    /// Seconds in which no write went on.
    pub stopped: f64,
    /// Seconds by which writes took longer than they came, at the delayed rate.
    pub delayed: f64,
}

/// Sums over a history.
#[derive(Clone, Debug, Default)]
pub(super) struct OutcomeSums {
    pub counters: Counters,
    /// Before how many flushes the tree was looked at, and before how many of them it had any table.
    looks: (u64, u64),
    runs: f64,
    space: f64,
    peak: u64,
}

impl OutcomeSums {
    /// Looks at the tree just before a flush: the bytes of its levels, and its sorted runs.
    pub fn before_flush(&mut self, levels: &[u64], runs: usize) {
        let amplification = self.counters.amplification_of(levels, runs);
        self.looks.0 += 1;
        self.runs += amplification.read_runs as f64;
        if let Some(space) = amplification.space_rocksdb {
            self.looks.1 += 1;
            self.space += space;
        }
    }

    /// Tables are written beside those of a tree with these levels.
    pub fn beside(&mut self, levels: &[u64], written: u64) {
        // Sizes may be those of a damaged file.
        self.peak = self.peak.max(levels.iter().copied().fold(written, u64::saturating_add));
    }

    /// What it came to, with the tree at the end.
    pub fn outcome(&self, end: &Version, stalled: Option<StalledSeconds>) -> WhatIfOutcome {
        let Counters { flush_bytes, compaction_bytes_written, compactions, moves, .. } = self.counters;
        // Entries may be those of a damaged log: no sum overflows.
        let all =
            |of: fn(&TableMeta) -> u64| end.levels.iter().flatten().map(|table| of(table)).fold(0, u64::saturating_add);
        let (deletions, entries) = (all(|table| table.tombstones), all(|table| table.entries));
        let mean = |sum: f64, looks: u64| if looks > 0 { sum / looks as f64 } else { 0.0 };
        WhatIfOutcome {
            write_amp: self.counters.write_rocksdb().unwrap_or(1.0),
            read_amp: mean(self.runs, self.looks.0),
            space_amp: mean(self.space, self.looks.1),
            flushed: flush_bytes as f64,
            compacted: compaction_bytes_written as f64,
            peak_bytes: self.peak as f64,
            levels: (0..end.levels.len()).map(|level| end.level_bytes(level) as f64).collect(),
            tables: end.levels.iter().map(|level| level.len() as f64).collect(),
            deletion_share: ratio(deletions, entries).unwrap_or(0.0),
            compactions: compactions as f64,
            moves: moves as f64,
            stalled,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sizes of a damaged file may be of any size: sums of them are as large as numbers are.
    #[test]
    fn no_sum_begins_anew_where_numbers_end() {
        let mut sums = OutcomeSums::default();
        sums.counters.flush_bytes = u64::MAX;
        sums.counters.compaction_bytes_written = u64::MAX;
        sums.beside(&[u64::MAX, 5], u64::MAX);
        sums.before_flush(&[u64::MAX, 5], 2);
        let outcome = sums.outcome(&Version::new(2), None);
        assert_eq!((outcome.peak_bytes, outcome.write_amp), (u64::MAX as f64, 1.0));
        assert!(outcome.space_amp > 1e18, "{}", outcome.space_amp);
    }
}

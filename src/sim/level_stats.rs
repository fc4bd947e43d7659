//! What flushes and compactions did to one level: RocksDB's compaction statistics (`InternalStats::CompactionStats`).
//!
//! In: each job that ended. Out: sums, and the write amplification that follows from them.

use serde::Serialize;

use super::recent_spans::SimulatedJob;
use crate::{metrics::ratio, runtime::clock::Nanos, version::TableMeta};

/// Sums over the jobs that wrote into one level, as RocksDB's statistics have them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LevelCompactionStats {
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

impl LevelCompactionStats {
    pub(super) fn flush(&mut self, table: Option<&TableMeta>, span: &SimulatedJob) {
        self.jobs += 1;
        self.read_upper += span.written;
        self.written += span.written;
        self.busy += span.ended.unwrap_or(span.began) - span.began;
        self.entries_out += table.map_or(0, |t| t.entries);
    }

    /// Both together.
    pub(super) fn plus(self, other: &LevelCompactionStats) -> LevelCompactionStats {
        LevelCompactionStats {
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

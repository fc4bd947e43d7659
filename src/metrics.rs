//! Counters, and the amplifications computed from them.
//!
//! *Write amplification* is counted in two ways, both named, because both are in use: as RocksDB prints it (bytes that
//! flushes and compactions wrote, by bytes that flushes wrote: neither WAL nor moves count), and as the literature
//! does (tables and WAL, by the bytes that the user wrote). [`Counters::written_rocksdb`] and
//! [`Counters::written_user`] are the two numerators; the manifest counts in neither.

use serde::Serialize;

use crate::{
    plural::{grouped, grouped_count},
    version::Version,
    words::{places, say},
};

pub mod compared;
pub mod latency;

/// What has been done since counting began: by an engine since its open, by a
/// [`Session`](crate::session::Session) since its first one. Bytes are bytes of files, but for `user_bytes`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, borsh::BorshSerialize, borsh::BorshDeserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Counters {
    /// Writes (puts and deletes).
    pub writes: u64,
    /// Bytes of keys and values in them.
    pub user_bytes: u64,
    /// Bytes appended to logs.
    pub wal_bytes: u64,
    /// Syncs of logs.
    pub wal_syncs: u64,
    /// Flushes done.
    pub flushes: u64,
    /// Bytes of tables that flushes wrote.
    pub flush_bytes: u64,
    /// Compactions done, moves included.
    pub compactions: u64,
    /// Of these, moves.
    pub moves: u64,
    /// Bytes of tables that compactions read.
    pub compaction_bytes_read: u64,
    /// Bytes of tables that compactions wrote.
    pub compaction_bytes_written: u64,
    /// Bytes of version edits written to manifests, whole new manifests among them.
    pub manifest_bytes: u64,
    /// Writes that had to wait.
    pub stalls: u64,
    /// Writes that were slowed down.
    pub delays: u64,
    /// How long writes have waited and been slowed down, in nanoseconds of virtual time.
    #[serde(serialize_with = "crate::float::as_float")]
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number"))]
    pub stall_nanos: u64,
}

/// How many times over things are written, read and stored. A ratio by nothing is not defined, and there is none: in
/// JSON `null`, in a chart no point, as text `–` ([`ratio_text`]).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Amplification {
    /// RocksDB's write amplification: (flushed + compacted bytes) / flushed bytes. None before the first flush.
    pub write_rocksdb: Option<f64>,
    /// The literature's: (log + flushed + compacted bytes) / user bytes. None before the first write.
    pub write_user: Option<f64>,
    /// Sorted runs that a read of a key may have to look into: tables of level 0, and levels with data.
    pub read_runs: u64,
    /// RocksDB's space amplification: bytes of all tables / bytes of the last level that has data. None without tables,
    /// never below 1 otherwise.
    pub space_rocksdb: Option<f64>,
}

impl Counters {
    /// What was done since these were `earlier`.
    pub fn since(&self, earlier: &Counters) -> Counters {
        Counters {
            writes: self.writes - earlier.writes,
            user_bytes: self.user_bytes - earlier.user_bytes,
            wal_bytes: self.wal_bytes - earlier.wal_bytes,
            wal_syncs: self.wal_syncs - earlier.wal_syncs,
            flushes: self.flushes - earlier.flushes,
            flush_bytes: self.flush_bytes - earlier.flush_bytes,
            compactions: self.compactions - earlier.compactions,
            moves: self.moves - earlier.moves,
            compaction_bytes_read: self.compaction_bytes_read - earlier.compaction_bytes_read,
            compaction_bytes_written: self.compaction_bytes_written - earlier.compaction_bytes_written,
            manifest_bytes: self.manifest_bytes - earlier.manifest_bytes,
            stalls: self.stalls - earlier.stalls,
            delays: self.delays - earlier.delays,
            stall_nanos: self.stall_nanos - earlier.stall_nanos,
        }
    }

    /// The amplifications, given the shape of the tree.
    pub fn amplification(&self, version: &Version) -> Amplification {
        let levels: Vec<u64> = (0..version.levels.len()).map(|l| version.level_bytes(l)).collect();
        self.amplification_of(&levels, version.sorted_runs())
    }

    /// The amplifications of a tree with these bytes on each level, and `runs` sorted runs.
    pub fn amplification_of(&self, levels: &[u64], runs: usize) -> Amplification {
        let last = levels.iter().rev().find(|b| **b > 0).copied().unwrap_or(0);
        Amplification {
            write_rocksdb: self.write_rocksdb(),
            write_user: self.write_user(),
            read_runs: runs as u64,
            space_rocksdb: ratio(levels.iter().copied().fold(0, u64::saturating_add), last),
        }
    }

    /// [`Amplification::write_rocksdb`], which needs no look at the tree.
    pub fn write_rocksdb(&self) -> Option<f64> {
        ratio(self.written_rocksdb(), self.flush_bytes)
    }

    /// What RocksDB counts as written: by flushes and compactions.
    pub fn written_rocksdb(&self) -> u64 {
        self.flush_bytes.saturating_add(self.compaction_bytes_written)
    }

    /// What the literature counts as written: by flushes and compactions, and to the log.
    pub fn written_user(&self) -> u64 {
        self.wal_bytes + self.written_rocksdb()
    }

    /// [`write_rocksdb`](Counters::write_rocksdb) as a fraction with its bytes.
    pub fn fraction_rocksdb(&self) -> String {
        let (flushed, compacted) = (grouped(self.flush_bytes), grouped(self.compaction_bytes_written));
        say!("({flushed} flushed + {compacted} compacted) / {flushed} flushed bytes", flushed, compacted)
    }

    /// [`write_user`](Counters::write_user) as a fraction with its bytes.
    pub fn fraction_user(&self) -> String {
        let (flushed, compacted) = (grouped(self.flush_bytes), grouped(self.compaction_bytes_written));
        let (logged, user) = (grouped(self.wal_bytes), grouped(self.user_bytes));
        say!(
            "({logged} logged + {flushed} flushed + {compacted} compacted) / {user} bytes of keys and values",
            logged,
            flushed,
            compacted,
            user
        )
    }

    /// What neither fraction counts.
    pub fn uncounted(&self) -> String {
        let manifest = grouped_count(self.manifest_bytes, "byte");
        let moves = grouped_count(self.moves, "move");
        say!("{manifest} of the manifest; {moves}, which rewrote no table", manifest, moves)
    }

    /// [`Amplification::write_user`], which needs no look at the tree.
    pub fn write_user(&self) -> Option<f64> {
        ratio(self.written_user(), self.user_bytes)
    }
}

/// `a` by `b`; none where `b` is 0.
pub fn ratio(a: u64, b: u64) -> Option<f64> {
    (b > 0).then(|| a as f64 / b as f64)
}

/// A ratio with two places, or `–` where it is not defined.
pub fn ratio_text(ratio: Option<f64>) -> String {
    ratio.map_or("–".into(), |ratio| places(ratio, 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_done_is_no_amplification() {
        let a = Counters::default().amplification(&Version::new(3));
        assert_eq!(a, Amplification::default());
        assert_eq!((a.write_rocksdb, ratio_text(a.space_rocksdb)), (None, "–".into()));
        // After a reopen, compactions may come before any flush.
        let c = Counters { compaction_bytes_written: 220, ..Counters::default() };
        assert_eq!((c.write_rocksdb(), c.write_user()), (None, None));
    }

    #[test]
    fn write_amplification_is_counted_both_ways() {
        let c = Counters {
            user_bytes: 100,
            wal_bytes: 130,
            flush_bytes: 110,
            compaction_bytes_written: 220,
            ..Counters::default()
        };
        let a = c.amplification(&Version::new(3));
        assert_eq!((a.write_rocksdb, a.write_user), (Some(3.0), Some(4.6)));
        assert_eq!(c.fraction_rocksdb(), "(110 flushed + 220 compacted) / 110 flushed bytes");
        assert_eq!(c.fraction_user(), "(130 logged + 110 flushed + 220 compacted) / 100 bytes of keys and values");
    }
}

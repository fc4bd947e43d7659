//! The circumstances of a pick: the running compactions, the time, and the versions that no reader needs any more.
//!
//! In: the compactions that were picked, each with the tree that it was picked on. Out: their input tables, which no
//! other compaction may take.

use std::rc::Rc;

use super::{Compaction, Levels};
use crate::{
    entry::{MAX_SEQ, SeqNo},
    version::{TableId, TableMeta},
};

/// The circumstances of a pick.
#[derive(Clone, Debug, Default)]
pub struct Running {
    /// In the order in which they were started.
    pub compactions: Vec<RunningCompaction>,
    /// The virtual time, in seconds.
    pub time: u64,
    /// What no reader needs any more.
    pub horizon: Horizon,
}

/// A compaction that is running.
#[derive(Clone, Debug, PartialEq)]
pub struct RunningCompaction {
    /// What it does.
    pub compaction: Compaction,
    /// Its input tables, each with its level.
    pub tables: Vec<(usize, Rc<TableMeta>)>,
}

/// Up to which sequence numbers nothing but the newest version of a key is of use: what a merge on the last level
/// drops. All 0, as by default: it is not known, and nothing is to be gained.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Horizon {
    /// Every live snapshot sees all writes up to this one: the oldest snapshot's number, or [`MAX_SEQ`] if there is
    /// none.
    pub oldest: SeqNo,
    /// What that was, at most the last write, when a snapshot was last released; 0 before. RocksDB's
    /// `VersionStorageInfo::oldest_snapshot_seqnum_`.
    pub released: SeqNo,
    /// Tombstones up to this one are older than `tombstone_retention_seconds`; [`MAX_SEQ`] if that is 0.
    pub aged: SeqNo,
}

impl Horizon {
    /// No snapshot was ever taken, and tombstones need not get old.
    pub const OPEN: Horizon = Horizon { oldest: MAX_SEQ, released: 0, aged: MAX_SEQ };
}

impl Running {
    /// No compaction, at `time`.
    pub fn at(time: u64) -> Running {
        Running { time, ..Running::default() }
    }

    /// Starts a compaction that was picked on `tree`.
    pub fn start(&mut self, compaction: Compaction, tree: &dyn Levels) -> &RunningCompaction {
        let tables = compaction.resolve(tree);
        self.compactions.push_mut(RunningCompaction { compaction, tables })
    }

    /// Ends the compaction that is number `at`; the others keep their order.
    pub fn end(&mut self, at: usize) -> RunningCompaction {
        self.compactions.remove(at)
    }

    /// Whether `table` is an input of a running compaction.
    pub fn is_busy(&self, table: TableId) -> bool {
        self.compactions.iter().flat_map(|running| &running.tables).any(|(_, input)| input.id == table)
    }
}

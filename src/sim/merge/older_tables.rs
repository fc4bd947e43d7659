//! The tables that a merge leaves where they are, asked for entries that its tombstones hide.
//!
//! In: the tree, the inputs, and the newest sequence number among them; then ranges of positions. Out: whether the
//! tombstones of a range must stay. RocksDB asks the same of levels (`Compaction::KeyNotExistsBeyondOutputLevel`).

use std::rc::Rc;

use crate::{entry::SeqNo, indexed::IndexedLevels, policy::Levels, version::TableMeta};

/// The tables outside of a merge.
pub(super) struct OlderTables<'a> {
    pub tree: &'a IndexedLevels,
    pub inputs: &'a [(usize, Rc<TableMeta>)],
    /// The newest sequence number that is merged.
    pub newest: SeqNo,
}

impl OlderTables<'_> {
    /// Whether one of them may hold an older entry of a key in `from..=to`. Those above the inputs' first level hold
    /// newer entries only, and the other tables on it, below level 0, hold other keys.
    pub fn may_hold(&self, from: u64, to: u64) -> bool {
        let (from, to) = (from.to_be_bytes(), to.to_be_bytes());
        let is_older = |table: &Rc<TableMeta>| {
            table.smallest_seq < self.newest && !self.inputs.iter().any(|(_, input)| input.id == table.id)
        };
        let start = self.inputs.iter().map(|(level, _)| *level).min().unwrap_or(0);
        (start == 0 && self.tree.level_0().iter().any(|t| t.overlaps(&from, &to) && is_older(t)))
            || (start + 1..self.tree.count()).any(|level| self.tree.overlapping(level, &from, &to).any(is_older))
    }
}

//! What a pick would otherwise count anew each time: sums over each level.
//!
//! In: a version, once; then each edit. Out: the totals of each level, as a version keeps them, beside a
//! [`Tree`](super::Tree), whose levels lie in blocks.

use crate::version::{Level, LevelTotals, Version, VersionEdit};

/// The numbers of one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Census {
    pub sums: Vec<LevelTotals>,
    /// Of these, the bytes.
    bytes: Vec<u64>,
}

impl Census {
    /// That of `version`.
    pub fn of(version: &Version) -> Census {
        let sums: Vec<LevelTotals> = version.levels.iter().map(Level::totals).copied().collect();
        Census { bytes: sums.iter().map(|sum| sum.bytes).collect(), sums }
    }

    /// The bytes of each level.
    pub fn bytes(&self) -> &[u64] {
        &self.bytes
    }

    /// Counts what `edit` has changed.
    pub fn follow(&mut self, edit: &VersionEdit) {
        edit.removed.iter().for_each(|(level, table)| self.sums[*level].subtract(table));
        edit.added.iter().for_each(|(level, table)| self.sums[*level].add(table));
        self.sums.iter().zip(&mut self.bytes).for_each(|(sum, bytes)| *bytes = sum.bytes);
    }
}

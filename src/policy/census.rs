//! What a pick would otherwise count anew each time: sums over each level.
//!
//! In: a version, once; then each edit. Out: the same numbers as counted from scratch, in time that depends on the edit and
//! not on the tree. The engine picks seldom and counts ([`Census::of`]); a simulator picks half a million times a second and
//! keeps a [`Tree`](super::Tree), which carries the census along.

use crate::version::{Level, TableMeta, Version, VersionEdit};

/// Sums over one level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sum {
    pub tables: u64,
    pub bytes: u64,
    pub entries: u64,
    /// Tombstones beyond half of its entries, of each table that has more.
    pub surplus: u64,
    pub tombstones: u64,
    /// What its tables' range deletions cover.
    pub range_deletions: u64,
}

/// The tombstones of `table` beyond half of its entries.
pub(super) fn surplus(table: &TableMeta) -> u64 {
    (table.tombstones * 2).saturating_sub(table.entries)
}

impl Sum {
    fn of(level: &Level) -> Sum {
        let mut sum = Sum::default();
        level.iter().for_each(|table| sum.add(table));
        sum
    }

    fn add(&mut self, table: &TableMeta) {
        self.tables += 1;
        self.bytes += table.bytes;
        self.entries += table.entries;
        self.surplus += surplus(table);
        self.tombstones += table.tombstones;
        self.range_deletions += table.range_deletion_bytes;
    }

    /// Takes a table out again.
    pub fn take(&mut self, table: &TableMeta) {
        self.tables -= 1;
        self.bytes -= table.bytes;
        self.entries -= table.entries;
        self.surplus -= surplus(table);
        self.tombstones -= table.tombstones;
        self.range_deletions -= table.range_deletion_bytes;
    }
}

/// The numbers of one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Census {
    pub sums: Vec<Sum>,
    /// Of these, the bytes.
    bytes: Vec<u64>,
}

impl Census {
    /// Counts `version`.
    pub fn of(version: &Version) -> Census {
        let sums: Vec<Sum> = version.levels.iter().map(Sum::of).collect();
        Census { bytes: sums.iter().map(|sum| sum.bytes).collect(), sums }
    }

    /// The bytes of each level.
    pub fn bytes(&self) -> &[u64] {
        &self.bytes
    }

    /// Counts what `edit` has changed.
    pub fn follow(&mut self, edit: &VersionEdit) {
        edit.removed.iter().for_each(|(level, table)| self.sums[*level].take(table));
        edit.added.iter().for_each(|(level, table)| self.sums[*level].add(table));
        self.sums.iter().zip(&mut self.bytes).for_each(|(sum, bytes)| *bytes = sum.bytes);
    }
}

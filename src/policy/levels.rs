//! The view of a tree that a decision has: its levels, and where keys lie on them.
//!
//! In: questions about places and key ranges. Out: tables, totals and targets, without a copy. A [`Version`] answers
//! them by searches over its tables. A tree that is picked on very often may keep more beside its tables and answer
//! sooner; the answers are the same.
//!
//! A *place* is the position of a table in its level's order, from 0. *Sorted* levels are those from level 1 on.

use std::{borrow::Cow, ops::Range, rc::Rc};

use super::{
    Targets,
    overlap::{KeyRange, TableList, count_leading},
};
use crate::{
    entry::Bytes,
    options::Options,
    version::{Level, LevelTotals, TableMeta, Version},
};

/// The levels of a tree, as a policy sees them.
pub trait Levels {
    /// The tree in one piece. It may take a while where the levels are not kept that way.
    fn version(&self) -> &Version;

    /// The number of levels.
    fn count(&self) -> usize;

    /// The tables of level 0, newest first.
    fn level_0(&self) -> &Level;

    /// The totals of `level`.
    fn totals(&self, level: usize) -> &LevelTotals;

    /// The bytes of each level.
    fn sizes(&self) -> Cow<'_, [u64]>;

    /// The key at which the next round-robin compaction of `level` begins.
    fn cursor(&self, level: usize) -> Option<&Bytes>;

    /// The table at a place of `level`.
    fn table(&self, level: usize, place: usize) -> Option<&Rc<TableMeta>>;

    /// The tables of a sorted `level` at `places`.
    fn run(&self, level: usize, places: Range<usize>) -> TableList<'_>;

    /// The number of tables of a sorted `level` that end before `key`.
    fn end_before(&self, level: usize, key: &Bytes) -> usize;

    /// The places of the tables of a sorted `level` that overlap `range`.
    fn span(&self, level: usize, range: KeyRange<'_>) -> Range<usize>;

    /// Whether neighbours of a sorted `level` may share a boundary key. Those of our engine never do, but those of a
    /// real database's history may.
    fn may_share_keys(&self, _level: usize) -> bool {
        true
    }

    /// What each level should hold.
    fn targets(&self, options: &Options) -> Rc<Targets> {
        Rc::new(Targets::of_sizes(&self.sizes(), options))
    }

    /// The table of a sorted `level` with the smallest ratio of overlapped bytes of the next level to its own bytes, or
    /// the next one `after` another; the one with the smaller place among equals. None as well
    /// where the ratios are not kept.
    fn least_overlapping(&self, _level: usize, _after: Option<LeastOverlap>) -> Option<LeastOverlap> {
        None
    }
}

/// A table by its overlap with the next level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeastOverlap {
    /// 1024 × overlapped bytes / bytes, as [`compaction_pri`](crate::options::CompactionPri) counts them.
    pub ratio: u64,
    /// Its place.
    pub place: usize,
}

impl dyn Levels + '_ {
    /// The number of tables of `level`.
    pub(super) fn len(&self, level: usize) -> usize {
        self.totals(level).tables as usize
    }

    /// The sorted runs that a read of any key may have to look into: each table of level 0, and each other level with
    /// tables.
    pub fn sorted_runs(&self) -> usize {
        self.level_0().len() + (1..self.count()).filter(|level| self.len(*level) > 0).count()
    }

    /// The last level with tables.
    pub(super) fn last_with_tables(&self) -> Option<usize> {
        (0..self.count()).rfind(|level| self.len(*level) > 0)
    }

    /// `places` of a sorted `level` with every neighbour that shares a boundary key, so that all versions of a key stay
    /// together.
    pub(super) fn cut_cleanly(&self, level: usize, places: Range<usize>) -> Range<usize> {
        if !self.may_share_keys(level) {
            return places;
        }
        let Range { mut start, mut end } = places;
        // Whether the tables at `place` and behind it share a key.
        let share = |place: usize| match (self.table(level, place), self.table(level, place + 1)) {
            (Some(left), Some(right)) => !left.ends_before(right),
            _ => false,
        };
        while start < end && start > 0 && share(start - 1) {
            start -= 1;
        }
        while start < end && share(end - 1) {
            end += 1;
        }
        start..end
    }
}

impl Levels for Version {
    fn version(&self) -> &Version {
        self
    }

    fn count(&self) -> usize {
        self.levels.len()
    }

    fn level_0(&self) -> &Level {
        &self.levels[0]
    }

    fn totals(&self, level: usize) -> &LevelTotals {
        self.levels[level].totals()
    }

    fn sizes(&self) -> Cow<'_, [u64]> {
        self.levels.iter().map(|level| level.totals().bytes).collect()
    }

    fn cursor(&self, level: usize) -> Option<&Bytes> {
        self.cursor(level)
    }

    fn table(&self, level: usize, place: usize) -> Option<&Rc<TableMeta>> {
        self.levels.get(level)?.get(place)
    }

    fn run(&self, level: usize, places: Range<usize>) -> TableList<'_> {
        let place = places.start;
        TableList::Run { tables: &self.levels[level][places], place }
    }

    fn end_before(&self, level: usize, key: &Bytes) -> usize {
        self.levels[level].partition_point(|table| table.largest.is_before(key))
    }

    fn span(&self, level: usize, range: KeyRange<'_>) -> Range<usize> {
        let from = self.end_before(level, range.smallest);
        let begins = |table: &TableMeta| !range.largest.is_before(&table.smallest);
        from..from + count_leading(&self.levels[level][from..], begins)
    }
}

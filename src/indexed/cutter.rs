//! A [`Cutter`] whose keys are positions, and which need not be called for each key.
//!
//! In: a compaction that was picked on [`IndexedLevels`], whose rows tell its grandparents; then positions, and the
//! number of entries that the open output has there. Out: where it may end next, and from which size on it does.

use std::ops::Range;

use super::{IndexedLevels, rows::Row};
use crate::{
    entry::Bytes,
    policy::{Boundaries, Compaction, Cutter, Grandparents},
};

/// From this number of crossed boundaries on, the size at which an output ends does not change any more.
pub const MAX_CROSSED: usize = 7;

/// The boundaries of grandparents whose keys are positions.
#[derive(Clone, Debug, Default)]
pub struct Positions {
    tables: Vec<Grandparent>,
    /// The bytes of all of them.
    bytes: u64,
    /// How far the first key of the narrowest one is from its last.
    narrowest: u64,
}

/// A table below the output level.
#[derive(Clone, Debug)]
struct Grandparent {
    /// Its boundaries.
    smallest: u64,
    largest: u64,
    /// The bytes of those before it.
    before: u64,
}

impl Positions {
    /// Those of `rows`, of which there are `count`.
    fn refill<'a>(&mut self, count: usize, rows: impl Iterator<Item = &'a [Row]>) {
        // Those of the merge before are written over.
        self.tables.resize(count, Grandparent { smallest: 0, largest: 0, before: 0 });
        let (mut places, mut before, mut narrowest) = (&mut self.tables[..], 0, u64::MAX);
        for rows in rows {
            let (here, rest) = places.split_at_mut(rows.len());
            for (grandparent, row) in here.iter_mut().zip(rows) {
                *grandparent = Grandparent { smallest: row.first, largest: row.last, before };
                before += row.bytes;
                narrowest = narrowest.min(row.last - row.first);
            }
            places = rest;
        }
        (self.bytes, self.narrowest) = (before, narrowest);
    }

    /// The bytes of those before `at`.
    fn before(&self, at: usize) -> u64 {
        self.tables.get(at).map_or(self.bytes, |table| table.before)
    }
}

impl Boundaries for Positions {
    type Key = u64;
    type Cursor = u64;

    fn len(&self) -> usize {
        self.tables.len()
    }

    #[inline]
    fn ended_before(&self, from: usize, key: &u64) -> usize {
        from + self.tables[from..].iter().take_while(|table| table.largest < *key).count()
    }

    #[inline]
    fn has_begun(&self, at: usize, key: &u64) -> bool {
        self.tables.get(at).is_some_and(|table| table.smallest <= *key)
    }

    #[inline]
    fn bytes(&self, which: Range<usize>, _: u64) -> u64 {
        self.before(which.end) - self.before(which.start)
    }

    #[inline]
    fn reaches(key: &u64, cursor: &u64) -> bool {
        cursor <= key
    }
}

impl Cutter<Positions> {
    /// Starts again, as `compaction`, which was picked on `tree`, says. Its memory is reused.
    pub fn restart(&mut self, compaction: &Compaction, tree: &IndexedLevels) {
        let cuts = &compaction.cuts;
        self.target = compaction.target_file_size;
        (self.limit, self.at) = (cuts.max_compaction_bytes, cuts.at.as_ref().map(Bytes::beginning));
        (self.begun, self.passed, self.passed_at_first) = (false, 0, 0);
        match &cuts.grandparents {
            Some(Grandparents { level, places }) => {
                self.grandparents.refill(places.len(), tree.rows(*level).from(places.start).slices(places.len()));
            }
            None => self.grandparents.refill(0, [].into_iter()),
        }
        self.most = self.most_above();
    }

    /// The size at which an output ends, whatever comes.
    pub fn full_at(&self) -> u64 {
        self.most
    }

    /// An output that is not full may end next before the first key that is at this position or behind it. None if
    /// nothing but the size is left to cut by.
    pub fn next_boundary(&self) -> Option<u64> {
        match (self.at, self.boundary(self.passed)) {
            (Some(at), Some(boundary)) => Some(at.min(boundary)),
            (at, boundary) => at.or(boundary),
        }
    }

    /// The first position behind boundary `n`, or at it; none if no position is.
    #[inline]
    fn boundary(&self, n: usize) -> Option<u64> {
        let table = self.grandparents.tables.get(n / 2)?;
        if n.is_multiple_of(2) { Some(table.smallest) } else { table.largest.checked_add(1) }
    }

    /// Whether an output below [`large_from`](Cutter::large_from) can only end where a walk [`ahead`](Cutter::ahead)
    /// stops: at `max_compaction_bytes`, or where a grandparent that may hold no key is skipped whole.
    pub fn waits_for_size(&self) -> bool {
        self.at.is_none() && self.limit >= self.most
    }

    /// Ends the open output before `key`, for a caller that already knows the answer of this cutter.
    pub fn cut_before(&mut self, key: u64) {
        self.pass(&key);
        self.begin();
    }

    /// The size from which on an output that has crossed `crossed` boundaries, up to [`MAX_CROSSED`], ends at the next
    /// one.
    pub fn large_from(&self, crossed: usize) -> u64 {
        self.large_enough(crossed as u64 + 1)
    }

    /// What lies ahead of the open output, where neighbouring keys are at most so far apart.
    #[inline]
    pub fn ahead(&self, apart: u64) -> Ahead<'_> {
        let Positions { tables, bytes, narrowest } = &self.grandparents;
        let first = self.passed_at_first;
        let most = self.grandparents.before(first / 2).saturating_add(self.limit.saturating_sub(self.most));
        let narrow = if *narrowest < apart { apart } else { 0 };
        Ahead { grandparents: tables, bytes: *bytes, passed: self.passed, first, most, narrow }
    }

    /// The last key that was asked about, or walked to, lies behind `passed` boundaries.
    pub fn passes(&mut self, passed: usize) {
        self.passed = passed;
    }
}

/// The boundaries ahead of an output, past which one can walk while it is too small to end.
#[derive(Clone, Copy, Debug)]
pub struct Ahead<'a> {
    grandparents: &'a [Grandparent],
    /// The bytes of all of them.
    bytes: u64,
    passed: usize,
    first: usize,
    /// While there are no more bytes of grandparents before a boundary, the output cannot have reached
    /// `max_compaction_bytes` there.
    most: u64,
    /// Grandparents that are narrower may hold no key; 0 if there are none.
    narrow: u64,
}

impl Ahead<'_> {
    /// How many boundaries lie before the last key, or at it.
    pub fn passed(&self) -> usize {
        self.passed
    }

    /// How many of them the open output has crossed.
    #[inline]
    pub fn crossed(&self) -> usize {
        self.passed - self.first
    }

    /// Walks to `key`, before which the output is not large enough, with no question about the keys on the way. Stays
    /// where it is if it may end there all the same: whether it walked.
    #[inline]
    pub fn walks_to(&mut self, key: u64) -> bool {
        let from = self.passed / 2;
        let at = ended_before(self.grandparents, from, key);
        let inside = self.grandparents.get(at).is_some_and(|table| table.smallest <= key);
        let passed = 2 * at + usize::from(inside);
        if passed != self.passed {
            let before = self.grandparents.get(at + usize::from(inside)).map_or(self.bytes, |table| table.before);
            if before > self.most || (self.narrow > 0 && skips(&self.grandparents[from..at], self.narrow)) {
                return false;
            }
            self.passed = passed;
        }
        true
    }
}

/// How many of `tables` end before `key`, when the first `at` do.
#[inline]
fn ended_before(tables: &[Grandparent], mut at: usize, key: u64) -> usize {
    // Four at once, branch-free: avoids a misprediction.
    while let Some(four) = tables.get(at..at + 4) {
        let ended = four.iter().map(|table| usize::from(table.largest < key)).sum::<usize>();
        at += ended;
        if ended < 4 {
            return at;
        }
    }
    at + tables[at..].iter().take_while(|table| table.largest < key).count()
}

/// Whether any of `tables` is narrower.
#[cold]
fn skips(tables: &[Grandparent], narrow: u64) -> bool {
    tables.iter().any(|table| table.largest - table.smallest < narrow)
}

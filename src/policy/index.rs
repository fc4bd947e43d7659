//! Where keys lie in a [`Tree`](super::Tree), and what its tables are ranked by, without a look at the tables.
//!
//! In: what edits change. Out: how many tables of a level end before a key, which ones overlap a range, and each level's
//! [`Rows`], whose ranks are `1024 × overlapped bytes of the next level / bytes`. Tables are only looked at where the first
//! eight bytes of two keys are the same.
//!
//! ```text
//! level 1  [ a─d ][ e─h ][ i─m ]       an edit in c..f of level 2: of the ranks of level 1 only those of a─d and e─h,
//! level 2  [ b─c ][ d─f ][ g─k ]       which overlap it, have to be counted anew
//! ```

use std::{cmp::Reverse, ops::Range, rc::Rc};

use super::{
    overlap::KeyRange,
    rows::{Row, Rows},
};
use crate::{
    entry::Bytes,
    version::{Changed, Level, TableMeta, Version},
};

/// The rows of every level but level 0, which is not sorted.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    levels: Vec<Rows>,
    /// Kept for the sake of its memory.
    scratch: Vec<Row>,
    ranges: Vec<(u64, u64)>,
}

impl PartialEq for Index {
    fn eq(&self, other: &Index) -> bool {
        self.levels == other.levels
    }
}

impl Index {
    /// Of `version`.
    pub fn of(version: &Version) -> Index {
        let mut index = Index { levels: vec![Rows::default(); version.levels.len()], ..Index::default() };
        let mut all: Vec<Changed> = (1..version.levels.len()).map(|level| index.whole(version, level)).collect();
        index.follow(version, &mut all);
        index
    }

    /// The rows of `level`.
    pub fn rows(&self, level: usize) -> &Rows {
        &self.levels[level]
    }

    /// How many of `tables`, which are those of the sorted `level`, end before `key`.
    #[inline]
    pub fn end_before(&self, level: usize, tables: &[Rc<TableMeta>], key: &Bytes) -> usize {
        let (mut place, begin_alike) = self.levels[level].end_before(key.beginning());
        if begin_alike {
            place += tables[place..].iter().take_while(|t| t.largest.is_before(key)).count();
        }
        place
    }

    /// Which of `tables`, which are those of the sorted `level`, overlap `range`.
    #[inline]
    pub fn span(&self, level: usize, tables: &[Rc<TableMeta>], range: KeyRange<'_>) -> Range<usize> {
        let from = self.end_before(level, tables, range.smallest);
        let (mut to, begin_alike) = self.levels[level].begin_before(from, range.largest.beginning());
        if begin_alike {
            to += tables[to..].iter().take_while(|t| !range.largest.is_before(&t.smallest)).count();
        }
        from..to
    }

    /// Takes in what has `changed`, which has made `version`: no level twice.
    pub fn follow(&mut self, version: &Version, changed: &mut [Changed]) {
        // From below, so that what a level is ranked by is as it is now.
        changed.sort_unstable_by_key(|change| Reverse(change.level));
        let mut ranges = std::mem::take(&mut self.ranges);
        ranges.clear();
        ranges.extend(changed.iter().map(|change| self.put(version, change)));
        // Then those above, whose overlap has changed.
        for (Changed { level, .. }, range) in changed.iter().zip(&ranges).filter(|(change, _)| change.level > 1) {
            self.rank_anew(version, level - 1, self.levels[level - 1].touching(*range));
        }
        self.ranges = ranges;
    }

    /// The same of a level of which nobody knows where it has changed.
    pub fn whole(&self, version: &Version, level: usize) -> Changed {
        Changed { level, place: 0, removed: self.levels[level].len(), added: version.levels[level].len() }
    }

    /// Tables have taken the place of others; from where to where that is.
    fn put(&mut self, version: &Version, change: &Changed) -> (u64, u64) {
        let Changed { level, place, removed, added } = *change;
        let now = place..place + added;
        let mut rows = std::mem::take(&mut self.scratch);
        rows.clear();
        rows.extend(version.levels[level][now.clone()].iter().map(|table| Row::of(table)));
        self.rank(version, level, now, &mut rows);
        let (before, after) = (ends(self.levels[level].from(place).take(removed)), ends(&rows));
        self.levels[level].replace(place..place + removed, &rows);
        self.scratch = rows;
        (before.0.min(after.0), before.1.max(after.1))
    }

    /// What the tables `which` of `level` overlap has changed.
    fn rank_anew(&mut self, version: &Version, level: usize, which: Range<usize>) {
        let mut rows = std::mem::take(&mut self.scratch);
        rows.clear();
        rows.extend(self.levels[level].from(which.start).take(which.len()));
        self.rank(version, level, which.clone(), &mut rows);
        self.levels[level].rank(which.start, &rows);
        self.scratch = rows;
    }

    /// Ranks `rows`, which are those of the tables `which` of `level`, as [`ranked_overlap`](super::overlap::ranked_overlap)
    /// counts what they overlap.
    fn rank(&self, version: &Version, level: usize, which: Range<usize>, rows: &mut [Row]) {
        let tables = &version.levels[level][which];
        let (Some(first), Some(next)) = (tables.first(), version.levels.get(level + 1)) else { return };
        let mut place = if next.is_empty() { 0 } else { self.end_before(level + 1, next, &first.smallest) };
        let mut walk = self.levels[level + 1].from(place);
        for (row, table) in rows.iter_mut().zip(tables) {
            let mut overlap = 0;
            while let Some(other) = walk.peek()
                && before((other.last, row.first), (place, next), |t| (&t.largest, &table.smallest))
            {
                (_, place) = (walk.next(), place + 1);
            }
            while let Some(other) = walk.peek()
                && before((other.first, row.last), (place, next), |t| (&t.smallest, &table.largest))
            {
                overlap += other.bytes;
                if !before((other.last, row.last), (place, next), |t| (&t.largest, &table.largest)) {
                    break;
                }
                (_, place) = (walk.next(), place + 1);
            }
            row.rank = ratio(overlap, row.bytes);
        }
    }
}

/// From where to where some neighbours reach.
fn ends<'a>(rows: impl IntoIterator<Item = &'a Row>) -> (u64, u64) {
    rows.into_iter().fold((u64::MAX, 0), |(from, to), row| (from.min(row.first), to.max(row.last)))
}

/// Whether one key is before another, given what they begin with; where that is the same, what `keys` says they are, one of them
/// of the table at a place of a level.
#[inline(always)]
fn before<'a>(
    (a, b): (u64, u64),
    (place, level): (usize, &'a Level),
    keys: impl FnOnce(&'a TableMeta) -> (&'a Bytes, &'a Bytes),
) -> bool {
    if a != b {
        return a < b;
    }
    let (a, b) = keys(&level[place]);
    a.is_before(b)
}

/// `1024 × overlap / size`.
pub(super) fn ratio(overlap: u64, size: u64) -> u64 {
    let size = size.max(1);
    match overlap.checked_mul(1024) {
        Some(product) => product / size,
        None => u64::try_from(u128::from(overlap) * 1024 / u128::from(size)).unwrap_or(u64::MAX),
    }
}

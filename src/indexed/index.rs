//! The key ranges and ranks of the tables on [`IndexedLevels`](super::IndexedLevels), found with hardly any access to
//! the tables.
//!
//! In: what edits change. Out: how many tables of a level end before a key, which ones overlap a range, and each
//! level's [`Rows`], whose ranks are `1024 × overlapped bytes of the next level / bytes`. Tables are only looked at
//! where the first eight bytes of two keys are the same.
//!
//! ```text
//! level 1  [ a─d ][ e─h ][ i─m ]       after an edit in c..f of level 2, only those tables of level 1 that overlap it,
//! level 2  [ b─c ][ d─f ][ g─k ]       a─d and e─h, are ranked again
//! ```

use std::{ops::Range, rc::Rc};

use super::rows::{Row, Rows};
use crate::{
    entry::Bytes,
    policy::{KeyRange, overlap_ratio},
    version::{TableMeta, Version},
};

/// The tables of every level but level 0, which is not sorted.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    levels: Vec<Rows>,
    /// Whether some neighbours of a level have ever shared a key, or the beginnings of keys.
    have_shared: Vec<bool>,
    /// Of tables that are about to come, not ranked yet.
    coming: Vec<Row>,
    /// Scratch buffer, reused by every edit.
    scratch: Vec<Row>,
    ranges: Vec<(u64, u64)>,
}

/// A change of a sorted level: at `place`, `removed` tables are replaced by `added` others.
#[derive(Clone, Copy, Debug)]
pub(super) struct Changed {
    pub level: usize,
    pub place: usize,
    pub removed: usize,
    pub added: usize,
}

impl PartialEq for Index {
    fn eq(&self, other: &Index) -> bool {
        self.levels == other.levels
    }
}

impl Index {
    /// Of `version`.
    pub fn of(version: &Version) -> Index {
        let mut index = Index {
            levels: vec![Rows::default(); version.levels.len()],
            have_shared: vec![false; version.levels.len()],
            ..Index::default()
        };
        index.refill(version, (1..version.levels.len()).rev());
        index
    }

    /// How many levels there are.
    pub fn levels(&self) -> usize {
        self.levels.len()
    }

    /// The tables of `level`, with their rows.
    pub fn rows(&self, level: usize) -> &Rows {
        &self.levels[level]
    }

    /// Whether neighbours of `level` may share a key.
    pub fn may_share(&self, level: usize) -> bool {
        self.have_shared[level]
    }

    /// How many tables of `level` end before `key`.
    #[inline]
    pub fn end_before(&self, level: usize, key: &Bytes) -> usize {
        let rows = &self.levels[level];
        let (mut place, begin_alike) = rows.end_before(key.beginning());
        if begin_alike {
            place += rows.tables(place).take_while(|t| t.largest.is_before(key)).count();
        }
        place
    }

    /// Which tables of `level` overlap `range`.
    #[inline]
    pub fn span(&self, level: usize, range: KeyRange<'_>) -> Range<usize> {
        let rows = &self.levels[level];
        let from = self.end_before(level, range.smallest);
        let (mut to, begin_alike) = rows.begin_before(from, range.largest.beginning());
        if begin_alike {
            to += rows.tables(to).take_while(|t| !range.largest.is_before(&t.smallest)).count();
        }
        from..to
    }

    /// Makes the rows of the tables that `change` brings. Whether these fit in its place, in this order.
    pub fn prepare<'t>(&mut self, change: &Changed, came: impl Iterator<Item = &'t Rc<TableMeta>> + Clone) -> bool {
        let Changed { level, place, removed, .. } = *change;
        let mut here = self.levels[level].from(place.saturating_sub(1));
        let left = if place > 0 { here.next() } else { None };
        let (mut last, mut alike) = (left.map_or(0, |row| row.last), false);
        self.coming.clear();
        for table in came.clone() {
            let row = Row::of(table);
            alike |= last >= row.first;
            last = row.last;
            self.coming.push(row);
        }
        alike |= here.nth(removed).is_some_and(|right| last >= right.first);
        self.have_shared[level] |= alike;
        !alike || self.fit(change, came)
    }

    /// The same by all of their keys.
    #[cold]
    fn fit<'t>(&self, change: &Changed, came: impl Iterator<Item = &'t Rc<TableMeta>>) -> bool {
        let Changed { level, place, removed, .. } = *change;
        let rows = &self.levels[level];
        let left = place.checked_sub(1).and_then(|left| rows.get(left));
        let right = rows.get(place + removed);
        let all: Vec<_> = left.cloned().into_iter().chain(came.cloned()).chain(right.cloned()).collect();
        all.windows(2).all(|pair| pair[0].ends_before(&pair[1]))
    }

    /// Takes in what has `changed`: no level twice, from below, so that what a level is ranked by is as it is now.
    /// `came` lists the tables of the one that has added some, for which all is [prepared](Index::prepare).
    pub fn follow<'t>(&mut self, changed: &[Changed], came: impl ExactSizeIterator<Item = &'t Rc<TableMeta>> + Clone) {
        let mut ranges = std::mem::take(&mut self.ranges);
        ranges.clear();
        for change in changed {
            ranges.push(self.put(change, came.clone().take(change.added)));
        }
        // Then those above, whose overlap has changed.
        for (Changed { level, .. }, range) in changed.iter().zip(&ranges).filter(|(change, _)| change.level > 1) {
            self.rank_anew(level - 1, self.levels[level - 1].touching(*range));
        }
        self.ranges = ranges;
    }

    /// Indexes some `levels` again from the lowest up, when it is unknown where they have changed.
    pub fn refill(&mut self, version: &Version, levels: impl Iterator<Item = usize>) {
        for level in levels {
            let tables = &version.levels[level];
            let change = Changed { level, place: 0, removed: self.levels[level].len(), added: tables.len() };
            self.prepare(&change, tables.iter());
            self.follow(&[change], tables.iter());
        }
    }

    /// Tables take the place of others; from where to where that is.
    fn put<'t>(
        &mut self,
        change: &Changed,
        came: impl ExactSizeIterator<Item = &'t Rc<TableMeta>> + Clone,
    ) -> (u64, u64) {
        let Changed { level, place, removed, added } = *change;
        let mut coming = std::mem::take(&mut self.coming);
        let rows = &mut coming[..added];
        self.rank(level, rows, &|at| came.clone().nth(at));
        let mut going = self.levels[level].from(place);
        let first = going.peek().filter(|_| removed > 0);
        let last = if removed > 0 { going.nth(removed - 1) } else { None };
        let range = (
            first.into_iter().chain(rows.first()).map(|row| row.first).min().unwrap_or(u64::MAX),
            last.into_iter().chain(rows.last()).map(|row| row.last).max().unwrap_or(0),
        );
        self.levels[level].replace(place..place + removed, rows, came);
        self.coming = coming;
        range
    }

    /// What the tables `which` of `level` overlap has changed.
    fn rank_anew(&mut self, level: usize, which: Range<usize>) {
        let mut rows = std::mem::take(&mut self.scratch);
        rows.clear();
        rows.extend(self.levels[level].from(which.start).take(which.len()));
        self.rank(level, &mut rows, &|at| self.levels[level].get(which.start + at));
        self.levels[level].rank(which.start, &rows);
        self.scratch = rows;
    }

    /// Ranks `rows`, which are those of neighbours of `level`, as `policy/overlap`'s `ranked_overlap` counts what
    /// they overlap. `table` is the one of a row.
    fn rank<'t>(&self, level: usize, rows: &mut [Row], table: &dyn Fn(usize) -> Option<&'t Rc<TableMeta>>) {
        let (Some(first), Some(next)) = (rows.first(), self.levels.get(level + 1)) else { return };
        let (mut place, begin_alike) = next.end_before(first.first);
        if let (true, Some(first)) = (begin_alike, table(0)) {
            place = self.end_before(level + 1, &first.smallest);
        }
        let mut walk = next.from(place);
        for (at, row) in rows.iter_mut().enumerate() {
            let tables = |place| Some((&**next.get(place)?, &**table(at)?));
            let mut overlap = 0;
            while let Some(other) = walk.peek()
                && before((other.last, row.first), || tables(place).map(|(other, own)| (&other.largest, &own.smallest)))
            {
                (_, place) = (walk.next(), place + 1);
            }
            while let Some(other) = walk.peek()
                && before((other.first, row.last), || tables(place).map(|(other, own)| (&other.smallest, &own.largest)))
            {
                overlap += other.bytes;
                if !before((other.last, row.last), || tables(place).map(|(other, own)| (&other.largest, &own.largest)))
                {
                    break;
                }
                (_, place) = (walk.next(), place + 1);
            }
            row.rank = overlap_ratio(overlap, row.bytes);
        }
    }
}

/// Whether one key is before another, given what they begin with; where that is the same, what `keys` says they are.
#[inline(always)]
fn before<'a>((a, b): (u64, u64), keys: impl FnOnce() -> Option<(&'a Bytes, &'a Bytes)>) -> bool {
    if a != b { a < b } else { keys().is_some_and(|(a, b)| a.is_before(b)) }
}

//! Where keys lie in a [`Tree`](super::Tree), and what its tables are ranked by, without a look at the tables.
//!
//! In: each edit. Out: how many tables of a level end before a key, which ones overlap a range, and each level's [`Rows`], whose
//! ranks are `1024 × overlapped bytes of the next level / bytes`. Tables are only looked at where the first eight bytes of two
//! keys are the same.
//!
//! ```text
//! level 1  [ a─d ][ e─h ][ i─m ]       an edit in c..f of level 2: of the ranks of level 1 only those of a─d and e─h,
//! level 2  [ b─c ][ d─f ][ g─k ]       which overlap it, have to be counted anew
//! ```

use std::{ops::Range, rc::Rc};

use super::{
    overlap::{KeyRange, reach},
    rows::{Row, Rows},
};
use crate::{
    entry::Bytes,
    version::{Level, TableMeta, Version, VersionEdit},
};

/// The rows of every level but level 0, which is not sorted.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    levels: Vec<Rows>,
    /// Kept for the sake of its memory.
    scratch: Vec<Row>,
}

impl PartialEq for Index {
    fn eq(&self, other: &Index) -> bool {
        self.levels == other.levels
    }
}

impl Index {
    /// Of `version`.
    pub fn of(version: &Version) -> Index {
        let mut index = Index { levels: vec![Rows::default(); version.levels.len()], scratch: Vec::new() };
        for level in (1..version.levels.len()).rev() {
            index.put(version, level, 0..version.levels[level].len());
        }
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

    /// Takes in what `edit`, which has made `version`, has changed. As usual means that the tables that it lists of a sorted level
    /// are neighbours there, listed in order.
    pub fn follow(&mut self, edit: &VersionEdit, version: &Version, as_usual: bool) {
        // From below, so that what a level is ranked by is as it is now.
        let mut changes = changes(edit, as_usual);
        changes.sort_unstable_by_key(|change| std::cmp::Reverse(change.level));
        for Change { level, range, added } in &changes {
            // What ends before the range has not changed.
            let tables = &version.levels[*level];
            let from = self.end_before(*level, tables, range.smallest);
            let many = if as_usual { *added } else { reach(&tables[from..], range.largest) };
            self.put(version, *level, from..from + many);
        }
        // Then those above, whose overlap has changed.
        for Change { level, range, .. } in changes.iter().filter(|change| change.level > 1) {
            self.rank_anew(version, level - 1, self.span(level - 1, &version.levels[level - 1], *range));
        }
    }

    /// The tables `now` of `level` have taken the place of others; those around them are as they were.
    fn put(&mut self, version: &Version, level: usize, now: Range<usize>) {
        let tables = &version.levels[level];
        let before = now.start..self.levels[level].len() - (tables.len() - now.end);
        let mut rows = std::mem::take(&mut self.scratch);
        rows.clear();
        rows.extend(tables[now.clone()].iter().map(|table| Row::of(table)));
        self.rank(version, level, now, &mut rows);
        self.levels[level].replace(before, &rows);
        self.scratch = rows;
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
                (walk.next(), place += 1);
            }
            while let Some(other) = walk.peek()
                && before((other.first, row.last), (place, next), |t| (&t.smallest, &table.largest))
            {
                overlap += other.bytes;
                if !before((other.last, row.last), (place, next), |t| (&t.largest, &table.largest)) {
                    break;
                }
                (walk.next(), place += 1);
            }
            row.rank = ratio(overlap, row.bytes);
        }
    }
}

/// Where a level has changed.
struct Change<'a> {
    level: usize,
    range: KeyRange<'a>,
    /// How many tables came.
    added: usize,
}

/// Of each sorted level that `edit` changes, the range in which it does: one or two as a rule.
fn changes(edit: &VersionEdit, as_usual: bool) -> Vec<Change<'_>> {
    let mut changes: Vec<Change<'_>> = Vec::with_capacity(2);
    let mut join = |level: usize, range, added: usize| match changes.iter_mut().find(|c| c.level == level) {
        Some(change) => {
            change.range = change.range.union(range);
            change.added += added;
        }
        None => changes.push(Change { level, range, added }),
    };
    for (mut tables, is_added) in [(&edit.removed[..], false), (&edit.added[..], true)] {
        while let Some((level, first)) = tables.first() {
            // All of a level that are listed one after the other, or each by itself.
            let same = if as_usual { tables.iter().position(|(other, _)| other != level) } else { Some(1) };
            let (here, rest) = tables.split_at(same.unwrap_or(tables.len()));
            tables = rest;
            if *level > 0 {
                let last = &here[here.len() - 1].1;
                let range = KeyRange { smallest: &first.smallest, largest: &last.largest };
                join(*level, range, if is_added { here.len() } else { 0 });
            }
        }
    }
    changes
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

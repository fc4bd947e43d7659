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

use std::{ops::Range, rc::Rc};

use super::{
    overlap::KeyRange,
    rows::{Row, Rows},
};
use crate::{
    entry::Bytes,
    version::{TableMeta, Version},
};

/// The tables of every level but level 0, which is not sorted.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    levels: Vec<Rows>,
    /// Whether some neighbours of a level have ever shared a key, or the beginnings of keys.
    have_shared: Vec<bool>,
    /// Kept for the sake of its memory.
    scratch: Vec<Row>,
    ranges: Vec<(u64, u64)>,
}

/// Where a sorted level changes: at this place there were so many tables, and come so many others.
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

    /// Takes in what has `changed`: no level twice, from below, so that what a level is ranked by is as it is now. Of each, `came`
    /// lists the tables that come.
    pub fn follow<'t, I>(&mut self, changed: &[Changed], came: impl Fn(&Changed) -> I)
    where
        I: ExactSizeIterator<Item = &'t Rc<TableMeta>> + Clone,
    {
        let mut ranges = std::mem::take(&mut self.ranges);
        ranges.clear();
        ranges.extend(changed.iter().map(|change| self.put(change, came(change))));
        // Then those above, whose overlap has changed.
        for (Changed { level, .. }, range) in changed.iter().zip(&ranges).filter(|(change, _)| change.level > 1) {
            self.rank_anew(level - 1, self.levels[level - 1].touching(*range));
        }
        self.ranges = ranges;
    }

    /// Takes in all of some `levels`, from below, of which nobody knows where they have changed.
    pub fn refill(&mut self, version: &Version, levels: impl Iterator<Item = usize>) {
        let whole = |level: usize| {
            let (removed, added) = (self.levels[level].len(), version.levels[level].len());
            Changed { level, place: 0, removed, added }
        };
        let changed: Vec<Changed> = levels.map(whole).collect();
        self.follow(&changed, |change| version.levels[change.level].iter());
    }

    /// Tables take the place of others; from where to where that is.
    fn put<'t>(
        &mut self,
        change: &Changed,
        came: impl ExactSizeIterator<Item = &'t Rc<TableMeta>> + Clone,
    ) -> (u64, u64) {
        let Changed { level, place, removed, .. } = *change;
        let mut rows = std::mem::take(&mut self.scratch);
        rows.clear();
        rows.extend(came.clone().map(|table| Row::of(table)));
        self.rank(level, &mut rows, |at| came.clone().nth(at));
        let rows_here = &self.levels[level];
        let left = place.checked_sub(1).and_then(|left| rows_here.from(left).peek());
        let right = rows_here.from(place + removed).peek();
        let mut neighbours = left.into_iter().chain(&rows).chain(right);
        let mut last = neighbours.next().map(|row| row.last);
        self.have_shared[level] |= neighbours.any(|row| last.replace(row.last).is_some_and(|last| last >= row.first));
        let (before, after) = (ends(self.levels[level].from(place).take(removed)), ends(&rows));
        self.levels[level].replace(place..place + removed, &rows, came);
        self.scratch = rows;
        (before.0.min(after.0), before.1.max(after.1))
    }

    /// What the tables `which` of `level` overlap has changed.
    fn rank_anew(&mut self, level: usize, which: Range<usize>) {
        let mut rows = std::mem::take(&mut self.scratch);
        rows.clear();
        rows.extend(self.levels[level].from(which.start).take(which.len()));
        self.rank(level, &mut rows, |at| self.levels[level].get(which.start + at));
        self.levels[level].rank(which.start, &rows);
        self.scratch = rows;
    }

    /// Ranks `rows`, which are those of neighbours of `level`, as [`ranked_overlap`](super::overlap::ranked_overlap) counts what
    /// they overlap. `table` is the one of a row.
    #[inline(always)]
    fn rank<'t>(&self, level: usize, rows: &mut [Row], table: impl Fn(usize) -> Option<&'t Rc<TableMeta>>) {
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
            row.rank = ratio(overlap, row.bytes);
        }
    }
}

/// From where to where some neighbours reach.
fn ends<'a>(rows: impl IntoIterator<Item = &'a Row>) -> (u64, u64) {
    rows.into_iter().fold((u64::MAX, 0), |(from, to), row| (from.min(row.first), to.max(row.last)))
}

/// Whether one key is before another, given what they begin with; where that is the same, what `keys` says they are.
#[inline(always)]
fn before<'a>((a, b): (u64, u64), keys: impl FnOnce() -> Option<(&'a Bytes, &'a Bytes)>) -> bool {
    if a != b { a < b } else { keys().is_some_and(|(a, b)| a.is_before(b)) }
}

/// `1024 × overlap / size`.
pub(super) fn ratio(overlap: u64, size: u64) -> u64 {
    let size = size.max(1);
    match overlap.checked_mul(1024) {
        Some(product) => product / size,
        None => u64::try_from(u128::from(overlap) * 1024 / u128::from(size)).unwrap_or(u64::MAX),
    }
}

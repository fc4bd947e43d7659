//! Where a key lies in each level of a [`Tree`](super::Tree), found without a look at the tables.
//!
//! In: each edit's tables; then keys. Out: how many tables of a level end before a key. The answer is in a column of the
//! beginnings of the tables' last keys; tables are only looked at where these are the same. What was found last is looked at
//! first, for a simulator comes back to the same few tables again and again, to pick, merge and replace them.

use std::{cell::Cell, ops::Range, rc::Rc};

use super::column::Column;
use crate::{
    entry::Bytes,
    version::{Level, TableMeta},
};

/// The last keys of each level's tables.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    lasts: Vec<Column>,
    /// What was found last on each level.
    marks: Vec<Cell<Mark>>,
}

/// A place, and the beginnings of keys that lie there: larger than the first, smaller than the second.
#[derive(Clone, Copy, Debug, Default)]
struct Mark {
    place: usize,
    after: u64,
    before: u64,
}

impl Index {
    /// Of `levels`.
    pub fn of(levels: &[Level]) -> Index {
        let lasts = levels.iter().map(|tables| Column::of(tables.iter().map(|t| t.largest.beginning()).collect()));
        Index { lasts: lasts.collect(), marks: vec![Cell::default(); levels.len()] }
    }

    /// The tables `before` of `level`, a sorted one, have become these.
    pub fn replace(&mut self, level: usize, before: Range<usize>, tables: &[Rc<TableMeta>], scratch: &mut Vec<u64>) {
        scratch.clear();
        scratch.extend(tables.iter().map(|t| t.largest.beginning()));
        self.lasts[level].splice(before, scratch);
        self.marks[level].set(Mark::default());
    }

    /// How many of `tables`, which are those of the sorted `level`, end before `key`.
    #[inline]
    pub fn end_before(&self, level: usize, tables: &[Rc<TableMeta>], key: &Bytes) -> usize {
        let (number, mark) = (key.beginning(), self.marks[level].get());
        if mark.after < number && number < mark.before {
            return mark.place;
        }
        let (mut place, (after, before)) = self.lasts[level].rank(number);
        self.marks[level].set(Mark { place, after, before });
        if before == number {
            // Such that begin alike.
            while place < tables.len() && tables[place].largest.is_before(key) {
                place += 1;
            }
        }
        place
    }
}

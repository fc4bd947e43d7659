//! Where a key lies in each level of a [`Tree`](super::Tree), found without a look at the tables.
//!
//! In: each edit's tables; then keys. Out: how many tables of a level end before a key. What was found last is looked at first,
//! for a simulator comes back to the same few tables again and again, to pick, merge and replace them. Otherwise the answer is in
//! a column of the beginnings of the tables' last keys, and tables are only looked at where these are the same.

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
    /// What was found last.
    marks: Vec<Cell<usize>>,
}

impl Index {
    /// Of `levels`.
    pub fn of(levels: &[Level]) -> Index {
        let lasts = levels.iter().map(|tables| Column::of(tables.iter().map(|t| t.largest.beginning()).collect()));
        Index { lasts: lasts.collect(), marks: vec![Cell::new(0); levels.len()] }
    }

    /// The tables `before` of `level`, a sorted one, have become these.
    pub fn replace(&mut self, level: usize, before: Range<usize>, tables: &[Rc<TableMeta>], scratch: &mut Vec<u64>) {
        scratch.clear();
        scratch.extend(tables.iter().map(|t| t.largest.beginning()));
        self.lasts[level].splice(before, scratch);
    }

    /// How many of `tables`, which are those of the sorted `level`, end before `key`.
    #[inline]
    pub fn end_before(&self, level: usize, tables: &[Rc<TableMeta>], key: &Bytes) -> usize {
        let ends_before = |at: usize| tables[at].largest.is_before(key);
        let mark = self.marks[level].get();
        if mark <= tables.len() && (mark == 0 || ends_before(mark - 1)) && (mark == tables.len() || !ends_before(mark))
        {
            return mark;
        }
        let mut place = self.lasts[level].rank(key.beginning());
        while place < tables.len() && ends_before(place) {
            place += 1;
        }
        self.marks[level].set(place);
        place
    }
}

//! A block of a level's tables, with their rows; and walks from one block to the next.
//!
//! In: what takes the place of some of them. Out: where the block begins, its last key, and its smallest rank, all kept
//! up without a look at the tables.

use std::{ops::Range, rc::Rc};

use super::Row;
use crate::version::TableMeta;

/// Some neighbours; never empty.
#[derive(Clone, Debug)]
pub(in crate::indexed) struct Block<T> {
    pub rows: Vec<Row>,
    /// One for each row.
    pub tables: Vec<T>,
    /// How many rows are in the blocks before it.
    pub start: usize,
    /// Of its last row, the last key.
    pub last: u64,
    /// The smallest rank, and its place in the block: the first of several.
    pub least: (u64, usize),
}

impl<T: Clone> Block<T> {
    pub fn of(rows: Vec<Row>, tables: Vec<T>, start: usize) -> Block<T> {
        let mut block = Block { rows, tables, start, last: 0, least: (0, 0) };
        block.find_least();
        block.last = block.rows.last().map_or(0, |row| row.last);
        block
    }

    pub fn find_least(&mut self) {
        let mut least = (u64::MAX, 0);
        for (at, row) in self.rows.iter().enumerate() {
            if row.rank < least.0 {
                least = (row.rank, at);
            }
        }
        self.least = least;
    }

    /// Puts `rows`, which are those of `tables`, in the place of `range`.
    pub fn replace<'t>(&mut self, range: Range<usize>, rows: &[Row], mut tables: impl Iterator<Item = &'t T>)
    where
        T: 't,
    {
        let (at, new_end) = (self.least.1, range.start + rows.len());
        let (len, new_len) = (self.rows.len(), self.rows.len() - range.len() + rows.len());
        if new_len != len {
            // The same as a `splice`, which takes several times as long for a few rows.
            self.rows.resize(len.max(new_len), Row::default());
            self.rows.copy_within(range.end..len, new_end);
            self.rows.truncate(new_len);
        }
        self.rows[range.start..new_end].copy_from_slice(rows);
        let kept = range.end.min(new_end);
        for (old, new) in self.tables[range.start..kept].iter_mut().zip(&mut tables) {
            *old = new.clone();
        }
        self.tables.drain(kept..range.end);
        for (at, table) in (kept..).zip(tables) {
            self.tables.insert(at, table.clone());
        }
        self.last = self.rows.last().map_or(0, |row| row.last);
        if range.contains(&at) {
            return self.find_least();
        }
        let moved = if at < range.start { at } else { at + new_end - range.end };
        self.least.1 = moved;
        for (at, row) in (range.start..).zip(rows) {
            self.least = self.least.min((row.rank, at));
        }
    }
}

/// Rows one after the other.
#[derive(Clone, Copy)]
pub(in crate::indexed) struct Walk<'a, T = Rc<TableMeta>> {
    /// Empty at the end only.
    pub here: &'a [Row],
    pub rest: &'a [Block<T>],
}

impl<'a, T> Walk<'a, T> {
    /// The next one.
    #[inline]
    pub fn peek(&self) -> Option<&'a Row> {
        self.here.first()
    }

    /// The next `many`, or as many as there are, block by block.
    pub fn slices(self, mut many: usize) -> impl Iterator<Item = &'a [Row]> {
        let blocks = self.rest.iter().map(|block| &block.rows[..]);
        std::iter::once(self.here).chain(blocks).map_while(move |rows| {
            let some = &rows[..many.min(rows.len())];
            many -= some.len();
            (!some.is_empty()).then_some(some)
        })
    }
}

impl<'a, T> Iterator for Walk<'a, T> {
    type Item = &'a Row;

    #[inline]
    fn next(&mut self) -> Option<&'a Row> {
        let (row, here) = self.here.split_first()?;
        self.here = here;
        if let ([], Some((block, rest))) = (here, self.rest.split_first()) {
            (self.here, self.rest) = (&block.rows, rest);
        }
        Some(row)
    }
}

/// Tables one after the other.
#[derive(Clone)]
pub(in crate::indexed) struct TableWalk<'a, T> {
    pub here: std::slice::Iter<'a, T>,
    pub rest: &'a [Block<T>],
}

impl<'a, T> Iterator for TableWalk<'a, T> {
    type Item = &'a T;

    #[inline]
    fn next(&mut self) -> Option<&'a T> {
        if let Some(table) = self.here.next() {
            return Some(table);
        }
        let (block, rest) = self.rest.split_first()?;
        (self.here, self.rest) = (block.tables.iter(), rest);
        self.here.next()
    }
}

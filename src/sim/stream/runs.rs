//! The tables of a merge as sorted runs, each an unbroken row of *parts* in which entries lie evenly.
//!
//! In: tables, newest first, those of a sorted level from left to right. Tables that lie one behind the other are one
//! run: no more than one table of a run is at any place, so that a merge of two levels is a walk along two rows. Out: a
//! [`Cursor`] for each run, newest first.
//!
//! ```text
//! tables     [      a      ]           a comes from one level, b, c and d from the next
//!         [  b  ][   c   ]     [ d ]
//! runs     -[      a      ]----------  where a run has no table, a part of no entries
//!         [  b  |   c   ]-----[ d ]
//! ```
//!
//! Between two tables of a level that were cut from one merge lies a gap as wide as their entries lie apart: `n`
//! entries take `n` such widths, the last of them up to where the next table begins. So a part goes on to the next
//! table of its run if that is no more than two of them away, and a walk has half as many steps.

use crate::{
    float::float,
    sim::{
        ages::Ages,
        shapes::{Shape, Shapes},
    },
    version::TableMeta,
};

use super::{larger, log2};

/// A gap no wider than so many times the distance between two entries is part of the table before it.
const NARROW: f64 = 2.0;

/// A range in which the entries of one run lie evenly.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    /// Behind its last position; it begins where the one before it ends.
    pub end: u64,
    /// Entries for each position.
    pub density: f64,
    /// Its entries; while a cursor is in it, those that are left.
    pub entries: f64,
    /// Of its entries, the share that are tombstones.
    pub tombstones: f64,
    /// The logarithm of how far its entries are apart.
    pub apart: f64,
}

impl Part {
    /// Nothing up to `end`.
    const fn gap(end: u64) -> Part {
        Part { end, density: 0.0, entries: 0.0, tombstones: 0.0, apart: 0.0 }
    }

    /// So many `entries` in so many positions up to `end`.
    #[inline]
    fn of(end: u64, width: f64, entries: u64, tombstones: f64) -> Part {
        let entries = float(entries);
        // By the same rule as those that are written: the logarithm is a rough one, and roughness must cancel out.
        Part { end, density: entries / width, entries, tombstones, apart: log2(width / entries) }
    }
}

/// A run, and how far a walk along it has come.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'a> {
    /// The part that it is in.
    pub part: Part,
    /// Those behind it.
    behind: &'a [Part],
}

impl Cursor<'_> {
    /// The entries of the next `width` positions, at `to`, which is not behind the end of the part. It is there then.
    #[inline(always)]
    pub fn take(&mut self, to: u64, width: f64) -> f64 {
        let Part { end, density, entries: left, .. } = self.part;
        if end == to {
            self.advance();
            return left;
        }
        let taken = width * density;
        // Not less than nothing, whatever rounding does.
        self.part.entries = larger(left - taken, 0.0);
        taken
    }

    /// Goes on to the next part: behind the last one there is nothing.
    #[inline(always)]
    fn advance(&mut self) {
        self.part = match self.behind.split_first() {
            Some((part, behind)) => {
                self.behind = behind;
                *part
            }
            None => Part::gap(u64::MAX),
        };
    }
}

/// The runs. Kept from one merge to the next, for the sake of their memory.
#[derive(Clone, Debug, Default)]
pub(super) struct Runs {
    parts: Vec<Part>,
    /// Where each run begins in the parts, newest first.
    begins: Vec<usize>,
    /// The first position, and behind the last one.
    pub smallest: u64,
    pub end: u64,
    /// Whether any entry is a tombstone.
    pub have_tombstones: bool,
}

impl Runs {
    /// Of `tables`. What is known of how they are spread, and how old they are, is moved here from `shapes`, and to
    /// `ages`.
    #[inline(never)]
    pub fn fill<'a>(&mut self, mut tables: impl Iterator<Item = &'a TableMeta>, shapes: &mut Shapes, ages: &mut Ages) {
        self.parts.clear();
        self.begins.clear();
        (self.smallest, self.end, self.have_tombstones) = (u64::MAX, 0, false);
        let begins = |table: Option<&TableMeta>| table.map_or(0, |table| table.smallest.beginning());
        let mut next = tables.next();
        let (mut from, mut run_end) = (begins(next), u64::MAX);
        while let Some(table) = next {
            next = tables.next();
            let next_from = begins(next);
            let end = table.largest.beginning().saturating_add(1);
            (self.smallest, self.end) = (self.smallest.min(from), self.end.max(end));
            let begins_run = from < run_end || self.begins.is_empty();
            if begins_run {
                self.begins.push(self.parts.len());
                // Nothing before its first table, at the first position of all or behind it.
                self.parts.push(Part::gap(from));
            } else if from > run_end {
                self.parts.push(Part::gap(from));
            }
            run_end = self.add(table, from, end, next_from, shapes.take(table.id));
            ages.add(table, begins_run);
            from = next_from;
        }
        ages.end_run();
    }

    /// Adds a table to a run, part by part where its `shape` is not even. Where the last part ends: at `end`, or where
    /// the next table begins.
    #[inline(always)]
    fn add(&mut self, table: &TableMeta, from: u64, end: u64, next: u64, shape: Option<&Shape>) -> u64 {
        let mut share = 0.0;
        if table.tombstones > 0 {
            share = float(table.tombstones) / float(table.entries);
            self.have_tombstones = true;
        }
        let (mut at, mut left) = (from, table.entries);
        if let Some(shape) = shape {
            for knot in shape.knots() {
                self.parts.push(Part::of(knot.end, (knot.end - at) as f64, knot.entries, share));
                (at, left) = (knot.end, left - knot.entries);
            }
        }
        let width = (end - at).max(1) as f64;
        if next > end {
            let gap = (next - end) as f64;
            if gap * float(left) <= width * NARROW {
                self.parts.push(Part::of(next, width + gap, left, share));
                return next;
            }
        }
        self.parts.push(Part::of(end, width, left, share));
        end
    }

    /// How many runs there are.
    pub fn len(&self) -> usize {
        self.begins.len()
    }

    /// How many parts they have together.
    pub fn parts(&self) -> usize {
        self.parts.len()
    }

    /// Run `run` from the first position of all on.
    #[inline]
    pub fn cursor(&self, run: usize) -> Cursor<'_> {
        let end = self.begins.get(run + 1).copied().unwrap_or(self.parts.len());
        let parts = &self.parts[self.begins[run]..end];
        let mut cursor = Cursor { part: parts[0], behind: &parts[1..] };
        if cursor.part.end == self.smallest {
            cursor.advance();
        }
        cursor
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(id: u64, from: u64, to: u64, entries: u64) -> TableMeta {
        TableMeta {
            id,
            bytes: 0,
            entries,
            tombstones: 0,
            smallest: from.to_be_bytes()[..].into(),
            largest: to.to_be_bytes()[..].into(),
            smallest_seq: 1,
            largest_seq: 9,
            ..TableMeta::default()
        }
    }

    /// Each run from the first position on: where its parts end, and their entries.
    fn runs(tables: &[TableMeta]) -> Vec<Vec<(u64, f64)>> {
        let mut runs = Runs::default();
        runs.fill(tables.iter(), &mut Shapes::default(), &mut Ages::default());
        let parts = |run: usize| {
            let mut cursor = runs.cursor(run);
            let mut parts = Vec::new();
            while cursor.part.end < u64::MAX {
                parts.push((cursor.part.end, cursor.part.entries));
                cursor.advance();
            }
            parts
        };
        (0..runs.len()).map(parts).collect()
    }

    #[test]
    fn tables_behind_each_other_are_one_run_and_such_that_overlap_are_not() {
        let upper = table(1, 250, 1649, 10);
        let lower = [table(2, 0, 999, 10), table(3, 1000, 1999, 10)];
        let expected = [vec![(250, 0.0), (1650, 10.0)], vec![(1000, 10.0), (2000, 10.0)]];
        assert_eq!(runs(&[upper, lower[0].clone(), lower[1].clone()]), expected);
        // Tables of level 0, newest first, of which the second begins behind the first, and the third before the
        // second.
        let level_0 = [table(1, 0, 99, 1), table(2, 500, 599, 1), table(3, 200, 299, 1)];
        assert_eq!(runs(&level_0), [vec![(100, 1.0), (500, 0.0), (600, 1.0)], vec![(200, 0.0), (300, 1.0)]]);
        assert!(runs(&[]).is_empty());
    }

    #[test]
    fn a_table_goes_on_to_the_next_one_unless_entries_are_missing_between() {
        // 10 entries in 900 positions are 90 apart.
        let before = |gap: u64| runs(&[table(1, 0, 899, 10), table(2, 900 + gap, 1999, 10)]).remove(0);
        for narrow in [0, 1, 100, 180] {
            assert_eq!(before(narrow), [(900 + narrow, 10.0), (2000, 10.0)]);
        }
        assert_eq!(before(181), [(900, 10.0), (1081, 0.0), (2000, 10.0)]);
    }
}

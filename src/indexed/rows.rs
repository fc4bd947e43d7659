//! The tables of a sorted level, each with a row of numbers: where it begins and ends, its bytes, and its rank.
//!
//! In: what an edit replaces. Out: the place of a key; the rows and the tables from a place on; the smallest rank and
//! its place, the first of several. Rows lie in blocks, each of which knows where it begins, its last key and its
//! smallest rank, so that neither an edit nor a question takes long on a level of thousands, or looks at a table:
//!
//! ```text
//! ranks     7 3 5 9 | 4 8 6 | 3 9 9 8        an edit of the second block leaves the others' rows as they are
//! smallest  3       | 4     | 3              the smallest of all is the first 3
//! ```
//!
//! A row has only the first eight bytes of a key ([`beginning`](Bytes::beginning)). Where these are equal, the caller
//! compares the keys of the tables.

use std::{cell::Cell, ops::Range, rc::Rc};

use crate::{entry::Bytes, version::TableMeta};

mod block;

use block::{Block, TableWalk, Walk};

/// A block of twice as many rows is split.
const BLOCK: usize = 64;

/// One table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// What its first and its last key begin with.
    pub first: u64,
    pub last: u64,
    pub bytes: u64,
    /// What it is ranked by.
    pub rank: u64,
}

impl Row {
    /// Of `table`, which is not ranked yet.
    pub fn of(table: &TableMeta) -> Row {
        let key = Bytes::beginning;
        Row { first: key(&table.smallest), last: key(&table.largest), bytes: table.bytes, rank: 0 }
    }
}

/// The tables of one level, in its order, with their rows.
#[derive(Clone, Debug)]
pub(super) struct Rows<T = Rc<TableMeta>> {
    blocks: Vec<Block<T>>,
    len: usize,
    /// The last row found, which is tried first: a simulator returns to the same few tables again and again, to pick,
    /// merge and replace them.
    mark: Cell<Mark>,
}

/// A place, and the beginnings of keys that lie there: larger than the first, smaller than the second.
#[derive(Clone, Copy, Debug, Default)]
struct Mark {
    place: usize,
    /// Its block.
    block: usize,
    after: u64,
    before: u64,
}

impl<T: Clone> Rows<T> {
    /// Of `tables`, whose `rows` these are.
    pub fn of(rows: &[Row], tables: &[T]) -> Rows<T> {
        let parts = rows.chunks(BLOCK).zip(tables.chunks(BLOCK)).zip(0..);
        let blocks = parts.map(|((rows, tables), n)| Block::of(rows.to_vec(), tables.to_vec(), n * BLOCK));
        Rows { len: rows.len(), blocks: blocks.collect(), mark: Cell::default() }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// How many rows end before a key that begins with `key`; and whether the next one ends with a key that begins the
    /// same.
    #[inline]
    pub fn end_before(&self, key: u64) -> (usize, bool) {
        let mark = self.mark.get();
        if mark.after < key && key < mark.before { (mark.place, false) } else { self.find(key) }
    }

    fn find(&self, key: u64) -> (usize, bool) {
        let at = self.blocks.partition_point(|block| block.last < key);
        let left = at.checked_sub(1).map_or(0, |left| self.blocks[left].last);
        let mark = match self.blocks.get(at) {
            None => Mark { place: self.len, block: at, after: left, before: u64::MAX },
            Some(block) => self.mark_of(at, block.rows.partition_point(|row| row.last < key)),
        };
        self.mark.set(mark);
        (mark.place, mark.before == key && mark.place < self.len)
    }

    /// The mark of a row.
    fn mark_of(&self, block: usize, within: usize) -> Mark {
        let Block { rows, start, .. } = &self.blocks[block];
        let after = match (within, block) {
            (0, 0) => 0,
            (0, _) => self.blocks[block - 1].last,
            _ => rows[within - 1].last,
        };
        Mark { place: start + within, block, after, before: rows[within].last }
    }

    /// The block of the row at `place`, and its place there; at the end, behind the last row of the last block.
    #[inline]
    fn locate(&self, place: usize) -> (usize, usize) {
        let mark = self.mark.get();
        if let Some(block) = self.blocks.get(mark.block)
            && (block.start..block.start + block.rows.len()).contains(&place)
        {
            return (mark.block, place - block.start);
        }
        self.search(place)
    }

    fn search(&self, place: usize) -> (usize, usize) {
        let at = self.blocks.partition_point(|block| block.start <= place).saturating_sub(1);
        (at, place - self.blocks.get(at).map_or(0, |block| block.start))
    }

    /// The place of the first row from `place` on that begins with `key` or behind it; and whether it begins with it.
    pub fn begin_before(&self, place: usize, key: u64) -> (usize, bool) {
        let (at, mut within) = self.locate(place);
        for block in &self.blocks[at..] {
            if block.last >= key {
                // There are few rows left: a linear scan is faster than a search.
                if let Some(more) = block.rows[within..].iter().position(|row| row.first >= key) {
                    let found = within + more;
                    return (block.start + found, block.rows[found].first == key);
                }
            }
            within = 0;
        }
        (self.len, false)
    }

    /// The rows that have a key which begins with a number of `first..=last`, or may have one.
    pub fn touching(&self, (first, last): (u64, u64)) -> Range<usize> {
        let (from, _) = self.end_before(first);
        let (to, begins_alike) = self.begin_before(from, last);
        from..if begins_alike { self.begin_before(to, last.saturating_add(1)).0 } else { to }
    }

    /// The rows from `place` on.
    #[inline]
    pub fn from(&self, place: usize) -> Walk<'_, T> {
        let (at, within) = self.locate(place);
        match self.blocks[at..].split_first() {
            Some((block, rest)) if within < block.rows.len() => Walk { here: &block.rows[within..], rest },
            _ => Walk { here: &[], rest: &[] },
        }
    }

    /// The table at `place`.
    pub fn get(&self, place: usize) -> Option<&T> {
        let (at, within) = self.locate(place);
        self.blocks.get(at)?.tables.get(within)
    }

    /// The tables at `span`, if they lie in one block.
    #[inline]
    pub fn together(&self, span: &Range<usize>) -> Option<&[T]> {
        let (at, within) = self.locate(span.start);
        self.blocks.get(at)?.tables.get(within..within + span.len())
    }

    /// The tables from `place` on.
    #[inline]
    pub fn tables(&self, place: usize) -> TableWalk<'_, T> {
        let (at, within) = self.locate(place);
        match self.blocks[at..].split_first() {
            Some((block, rest)) if within < block.rows.len() => TableWalk { here: block.tables[within..].iter(), rest },
            _ => TableWalk { here: [].iter(), rest: &[] },
        }
    }

    /// Puts `tables`, whose rows are `rows`, in the place of `range`.
    pub fn replace<'t>(&mut self, range: Range<usize>, rows: &[Row], tables: impl Iterator<Item = &'t T>)
    where
        T: 't,
    {
        let (at, start) = self.locate(range.start);
        self.mark.set(Mark::default());
        self.len = self.len - range.len() + rows.len();
        let Some(block) = self.blocks.get_mut(at) else {
            self.blocks.push(Block::of(rows.to_vec(), tables.cloned().collect(), 0));
            self.tidy(at);
            return;
        };
        let here = (start + range.len()).min(block.rows.len());
        let mut beyond = start + range.len() - here;
        let stay = beyond == 0 && range.len() == rows.len();
        block.replace(start..here, rows, tables);
        // What is replaced may go on in the blocks behind it.
        while beyond > 0 {
            let next = &mut self.blocks[at + 1];
            let many = beyond.min(next.rows.len());
            next.replace(0..many, &[], [].iter());
            beyond -= many;
            if next.rows.is_empty() {
                self.blocks.remove(at + 1);
            }
        }
        if stay || self.tidy(at) {
            // The next lookup is likely to be near this change.
            if start < self.blocks[at].rows.len() {
                self.mark.set(self.mark_of(at, start));
            }
        }
    }

    /// Splits the block at `at` if it is too long, drops it if it is empty, and computes again where the blocks behind
    /// it begin. Returns whether it has stayed as it is.
    fn tidy(&mut self, at: usize) -> bool {
        let len = self.blocks[at].rows.len();
        let stays = (1..2 * BLOCK).contains(&len);
        if len == 0 {
            self.blocks.remove(at);
        } else if !stays {
            let parts = Rows::of(&self.blocks[at].rows, &self.blocks[at].tables).blocks;
            self.blocks.splice(at..=at, parts);
        }
        let mut start = at.checked_sub(1).map_or(0, |left| self.blocks[left].start + self.blocks[left].rows.len());
        for block in &mut self.blocks[at..] {
            block.start = start;
            start += block.rows.len();
        }
        stays
    }

    /// Sets the ranks of the rows from `place` on to those of `rows`, which are the same otherwise.
    pub fn rank(&mut self, place: usize, rows: &[Row]) {
        let (mut at, mut within) = self.locate(place);
        let mut ranks = rows.iter().map(|row| row.rank).peekable();
        while ranks.peek().is_some() {
            let block = &mut self.blocks[at];
            let mut finds = false;
            for (row, rank) in block.rows[within..].iter_mut().zip(&mut ranks) {
                row.rank = rank;
                // The smallest has become larger, or it is another one.
                finds |= within == block.least.1 || (rank, within) < block.least;
                within += 1;
            }
            if finds {
                block.find_least();
            }
            (at, within) = (at + 1, 0);
        }
    }

    /// The smallest rank with its place.
    pub fn least(&self) -> Option<(u64, usize)> {
        let mut least: Option<(u64, usize)> = None;
        for block in &self.blocks {
            if least.is_none_or(|(least, _)| block.least.0 < least) {
                least = Some((block.least.0, block.start + block.least.1));
            }
        }
        least
    }

    /// The smallest one behind `last`, which was the smallest until now: at a later place, or larger.
    pub fn least_after(&self, last: (u64, usize)) -> Option<(u64, usize)> {
        self.from(0).map(|row| row.rank).zip(0..).filter(|next| *next > last).min()
    }
}

impl<T> Default for Rows<T> {
    fn default() -> Rows<T> {
        Rows { blocks: Vec::new(), len: 0, mark: Cell::default() }
    }
}

impl<T: Clone> PartialEq for Rows<T> {
    fn eq(&self, other: &Rows<T>) -> bool {
        self.from(0).eq(other.from(0))
    }
}

impl<T: Clone> Eq for Rows<T> {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    /// Ranks in any order, keys in order.
    fn assert_same(rows: &Rows<u64>, plain: &[Row]) {
        assert_eq!(rows.len(), plain.len());
        assert!(rows.from(0).eq(plain));
        // What stands for a table here is its last key.
        assert!(rows.tables(0).copied().eq(plain.iter().map(|row| row.last)));
        let some = plain.len() / 3;
        assert!(rows.from(some).eq(&plain[some..]));
        assert!(rows.tables(some).copied().eq(plain[some..].iter().map(|row| row.last)));
        assert_eq!(rows.get(some).copied(), plain.get(some).map(|row| row.last));
        assert_eq!(rows.get(plain.len()), None);
        let few = some..plain.len().min(some + 5);
        let same = |here: &[u64]| here.iter().eq(plain[few.clone()].iter().map(|row| &row.last));
        assert!(rows.together(&few).is_none_or(same));
        let mut in_order: Vec<(u64, usize)> = plain.iter().map(|row| row.rank).zip(0..).collect();
        in_order.sort_unstable();
        assert_eq!(rows.least(), in_order.first().copied());
        assert!(in_order.windows(2).take(3).all(|pair| rows.least_after(pair[0]) == Some(pair[1])));
        let key = plain.get(some).map_or(7, |row| row.last);
        for key in [key.saturating_sub(1), key, key, key + 1, 0, u64::MAX] {
            let place = plain.partition_point(|row| row.last < key);
            let same = plain.get(place).is_some_and(|row| row.last == key);
            assert_eq!(rows.end_before(key), (place, same), "{key}");
            let place = some.max(plain.partition_point(|row| row.first < key));
            let same = plain.get(place).is_some_and(|row| row.first == key);
            assert_eq!(rows.begin_before(some, key), (place, same), "{key}");
        }
        assert!(rows.blocks.iter().all(|block| !block.rows.is_empty() && block.rows.len() < 2 * BLOCK));
    }

    #[test]
    fn it_knows_its_rows_and_the_smallest_whatever_is_replaced() {
        let mut random = Random::new(3);
        let (mut rows, mut plain) = (Rows::<u64>::default(), Vec::<Row>::new());
        let (mut most, mut split) = (0, 0);
        for round in 0..5000 {
            // It grows for a while, then it shrinks.
            let (out, into) = if round % 1000 < 700 { (8, 11) } else { (40, 12) };
            let start = random.below(plain.len() as u64 + 1) as usize;
            let end = plain.len().min(start + random.below(out) as usize);
            // Between the neighbours: in order, some of them the same.
            let from = start.checked_sub(1).map_or(0, |left| plain[left].last);
            let to = plain.get(end).map_or(u64::MAX / 2, |right| right.last);
            let mut keys: Vec<u64> = (0..random.below(into)).map(|_| from + random.below(to - from + 1)).collect();
            keys.sort_unstable();
            let row = |last: &u64| Row { first: *last, last: *last, bytes: random.below(9), rank: random.below(1000) };
            let with: Vec<Row> = keys.iter().map(row).collect();
            rows.replace(start..end, &with, keys.iter());
            plain.splice(start..end, with);
            assert_same(&rows, &plain);
            let from = random.below(plain.len() as u64 + 1) as usize;
            let to = plain.len().min(from + random.below(20) as usize);
            plain[from..to].iter_mut().for_each(|row| row.rank = random.below(1000));
            rows.rank(from, &plain[from..to]);
            assert_same(&rows, &plain);
            most = most.max(plain.len());
            split = split.max(rows.blocks.len());
        }
        assert!(most > 500 && split > 5 && rows.least_after((u64::MAX, 0)).is_none(), "{most} {split}");
    }

    #[test]
    fn without_rows_every_key_is_at_the_beginning() {
        let rows = Rows::<u64>::default();
        assert_eq!((rows.end_before(7), rows.least()), ((0, false), None));
        assert_eq!((rows.from(0).count(), rows.tables(0).count(), rows.get(0)), (0, 0, None));
    }
}

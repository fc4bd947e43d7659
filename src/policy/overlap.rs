//! Overlap on the key axis: the tables that a compaction must take in, so that no older version of a key overtakes a
//! newer one.
//!
//! In: the tree, and the running jobs. Out: lists of tables, each in its level's order, without a copy.
//! All ranges are of user keys and include both ends.

use std::{ops::Range, rc::Rc};

use super::{Levels, Running};
use crate::{
    entry::Bytes,
    version::{TableId, TableMeta},
};

/// Tables in a list of its own.
pub(super) type List<'a> = Vec<&'a TableMeta>;

/// Tables of one level, in its order.
#[derive(Clone, Debug)]
pub enum TableList<'a> {
    /// Neighbours of a sorted level: what they reach from and to is known by the first and the last of them.
    Run {
        /// In the level's order.
        tables: &'a [Rc<TableMeta>],
        /// Where the first of them is in its level.
        place: usize,
    },
    /// The same, where they do not lie together.
    Scattered {
        /// In the level's order.
        tables: Vec<&'a TableMeta>,
        /// Where the first of them is in its level.
        place: usize,
    },
    /// Of level 0.
    List(Vec<&'a TableMeta>),
}

impl<'a> TableList<'a> {
    /// None.
    pub const NONE: TableList<'static> = TableList::Run { tables: &[], place: 0 };

    /// The number of tables.
    pub fn len(&self) -> usize {
        match self {
            TableList::Run { tables, .. } => tables.len(),
            TableList::Scattered { tables, .. } | TableList::List(tables) => tables.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The one at a position among them.
    pub fn get(&self, at: usize) -> Option<&'a TableMeta> {
        match self {
            TableList::Run { tables, .. } => tables.get(at).map(|t| &**t),
            TableList::Scattered { tables, .. } | TableList::List(tables) => tables.get(at).copied(),
        }
    }

    /// The one at a place that there is.
    pub fn at(&self, at: usize) -> &'a TableMeta {
        self.get(at).expect("a place among them")
    }

    /// Each of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &'a TableMeta> {
        (0..self.len()).filter_map(|at| self.get(at))
    }

    /// Their numbers.
    pub fn ids(&self) -> Vec<TableId> {
        let mut ids = Vec::with_capacity(self.len());
        ids.extend(self.iter().map(|t| t.id));
        ids
    }

    /// Where they are in their level; nowhere if that is not sorted.
    pub fn place(&self) -> Range<usize> {
        match self {
            TableList::Run { place, .. } | TableList::Scattered { place, .. } => *place..*place + self.len(),
            TableList::List(_) => 0..0,
        }
    }

    /// Their bytes.
    pub fn bytes(&self) -> u64 {
        self.iter().map(|t| t.bytes).sum()
    }

    /// Whether they have more than `most` bytes; it looks at no more tables than it takes to know.
    pub fn has_more_than(&self, most: u64) -> bool {
        let mut sum = 0_u64;
        self.iter().any(|table| {
            sum = sum.saturating_add(table.bytes);
            sum > most
        })
    }

    /// The smallest range that holds all of them; none without tables.
    pub fn range(&self) -> Option<KeyRange<'a>> {
        match self {
            TableList::List(tables) => tables.iter().map(|t| KeyRange::of(t)).reduce(KeyRange::union),
            TableList::Run { .. } | TableList::Scattered { .. } => {
                let last = self.get(self.len().checked_sub(1)?)?;
                Some(KeyRange { smallest: &self.get(0)?.smallest, largest: &last.largest })
            }
        }
    }
}

/// A range of user keys, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyRange<'a> {
    /// The first key.
    pub smallest: &'a Bytes,
    /// The last key.
    pub largest: &'a Bytes,
}

impl<'a> KeyRange<'a> {
    /// The range of one table.
    pub fn of(table: &'a TableMeta) -> KeyRange<'a> {
        KeyRange { smallest: &table.smallest, largest: &table.largest }
    }

    /// The smallest range that holds both.
    pub fn union(self, other: KeyRange<'a>) -> KeyRange<'a> {
        KeyRange {
            smallest: if other.smallest.is_before(self.smallest) { other.smallest } else { self.smallest },
            largest: if self.largest.is_before(other.largest) { other.largest } else { self.largest },
        }
    }

    /// Whether a key may be in both.
    pub fn overlaps(self, other: KeyRange<'_>) -> bool {
        !other.largest.is_before(self.smallest) && !self.largest.is_before(other.smallest)
    }

    /// Whether all of `other` is in it.
    pub fn holds(self, other: KeyRange<'_>) -> bool {
        self.smallest <= other.smallest && other.largest <= self.largest
    }
}

/// The tables of a sorted `level` (1 or deeper) that overlap `range`.
pub(super) fn in_sorted<'a>(tree: &'a dyn Levels, level: usize, range: KeyRange<'_>) -> TableList<'a> {
    tree.run(level, tree.span(level, range))
}

/// Whether any table of a sorted `level` overlaps `range`.
pub(super) fn any_in_sorted(tree: &dyn Levels, level: usize, range: KeyRange<'_>) -> bool {
    let first = tree.end_before(level, range.smallest);
    tree.table(level, first).is_some_and(|t| !range.largest.is_before(&t.smallest))
}

/// The tables of level 0 that overlap `range`, and those that overlap these, until there are no more: taking a table
/// down and leaving an older one with the same key behind would let the old version win.
pub(super) fn closure_in_level_0<'a>(tree: &'a dyn Levels, range: KeyRange<'a>) -> TableList<'a> {
    let level_0 = tree.level_0();
    let mut range = range;
    loop {
        let of_level = level_0.iter().map(|t| &**t);
        let tables = TableList::List(of_level.filter(|t| KeyRange::of(t).overlaps(range)).collect());
        let wider = tables.range().map_or(range, |r| r.union(range));
        if wider == range {
            return tables;
        }
        range = wider;
    }
}

/// The tables of `level` that a compaction of `range` must take in, with every neighbour that shares a boundary key.
pub(super) fn overlapping<'a>(tree: &'a dyn Levels, level: usize, range: KeyRange<'a>) -> TableList<'a> {
    if level == 0 {
        return closure_in_level_0(tree, range);
    }
    tree.run(level, tree.cut_cleanly(level, tree.span(level, range)))
}

/// The tables of `level` at `span`, with every neighbour that shares a boundary key; in level 0, as they are.
pub(super) fn clean_cut<'a>(tree: &'a dyn Levels, level: usize, span: Range<usize>) -> TableList<'a> {
    match level {
        0 => TableList::List(tree.level_0()[span].iter().map(|t| &**t).collect()),
        _ => tree.run(level, tree.cut_cleanly(level, span)),
    }
}

/// All tables of `level`.
pub(super) fn all<'a>(tree: &'a dyn Levels, level: usize) -> TableList<'a> {
    match level {
        0 => TableList::List(tree.level_0().iter().map(|t| &**t).collect()),
        _ => tree.run(level, 0..tree.len(level)),
    }
}

/// The tables of a sorted level that lie wholly inside `range`.
pub(super) fn inside<'a>(tree: &'a dyn Levels, level: usize, range: KeyRange<'_>) -> TableList<'a> {
    let Range { mut start, mut end } = tree.span(level, range);
    // Only the first and the last of those that overlap it may reach out of it.
    let reaches_out = |place| tree.table(level, place).is_some_and(|t| !range.holds(KeyRange::of(t)));
    while start < end && reaches_out(start) {
        start += 1;
    }
    while start < end && reaches_out(end - 1) {
        end -= 1;
    }
    tree.run(level, start..end)
}

/// Whether no two of `tables` overlap.
pub(super) fn are_disjoint<'a>(tables: impl Iterator<Item = &'a TableMeta>) -> bool {
    let mut ranges: Vec<_> = tables.map(KeyRange::of).collect();
    ranges.sort_by_key(|r| r.smallest);
    ranges.windows(2).all(|pair| pair[0].largest < pair[1].smallest)
}

/// For each table of `level`, the bytes of the next level that RocksDB counts as overlapping when it ranks them.
///
/// It walks both levels once, from left to right, as `SortFileByOverlappingRatio` does. Two consequences are kept
/// because the ranking hangs on them: in level 0, whose tables are in order of age, the walk never goes back to the
/// left; and a next-level table that only shares the table's *largest* key does not count (internal keys with the
/// same user key sort newest first, so the deeper one comes after the end).
pub(crate) fn ranked_overlap(tree: &dyn Levels, level: usize) -> Vec<u64> {
    let next = if level + 1 < tree.count() { all(tree, level + 1) } else { TableList::NONE };
    let mut at = 0;
    let walk = |table: &TableMeta| {
        let mut bytes = 0;
        at = first_from(at, next.len(), |at| next.at(at).largest >= table.smallest);
        while at < next.len() && next.at(at).smallest < table.largest {
            bytes += next.at(at).bytes;
            if next.at(at).largest >= table.largest {
                // It reaches past this table: the next one may overlap it too.
                break;
            }
            at += 1;
        }
        bytes
    };
    all(tree, level).iter().map(walk).collect()
}

/// The first place of `from..to` that `is_there`, as are all after it; `to` where none is. In steps that double: a
/// level of few tables is ranked in a time that hardly depends on how many the next level has.
fn first_from(from: usize, to: usize, is_there: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut step) = (from, 1);
    while low + step <= to && !is_there(low + step - 1) {
        low += step;
        step *= 2;
    }
    let mut high = (low + step - 1).min(to);
    while low < high {
        let middle = low + (high - low) / 2;
        if is_there(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// The running jobs: the tables and key ranges that the next job must not touch.
pub(super) struct Jobs<'a> {
    /// Their inputs by number, each with its level.
    busy: Vec<(usize, &'a TableMeta)>,
    outputs: Vec<(usize, KeyRange<'a>)>,
    /// Whether one of them takes tables out of level 0.
    pub from_level_0: bool,
}

impl<'a> Jobs<'a> {
    /// Those of `running`.
    pub fn new(running: &'a Running) -> Jobs<'a> {
        let mut jobs = Jobs { busy: Vec::new(), outputs: Vec::new(), from_level_0: false };
        for job in &running.compactions {
            let tables = || job.tables.iter().map(|(level, table)| (*level, &**table));
            jobs.busy.extend(tables());
            jobs.from_level_0 |= job.compaction.start_level() == 0;
            let range = tables().map(|(_, table)| KeyRange::of(table)).reduce(KeyRange::union);
            jobs.outputs.extend(range.map(|range| (job.compaction.output_level, range)));
        }
        jobs.busy.sort_unstable_by_key(|(_, table)| table.id);
        jobs
    }

    /// Their inputs on `level`.
    pub fn busy_on(&self, level: usize) -> impl Iterator<Item = &'a TableMeta> {
        self.busy.iter().filter(move |(l, _)| *l == level).map(|(_, table)| *table)
    }

    /// Whether no job is running.
    pub fn is_idle(&self) -> bool {
        self.busy.is_empty()
    }

    /// Whether `table` is an input of one.
    pub fn is_busy(&self, table: &TableMeta) -> bool {
        self.busy.binary_search_by_key(&table.id, |(_, t)| t.id).is_ok()
    }

    /// Whether any of `tables` is an input of one.
    pub fn any_busy<'t>(&self, mut tables: impl Iterator<Item = &'t TableMeta>) -> bool {
        !self.is_idle() && tables.any(|t| self.is_busy(t))
    }

    /// Whether one of them will put tables on `level` that may overlap `range`: two writers of one range would break
    /// the level's order.
    pub fn write_into(&self, level: usize, range: KeyRange<'_>) -> bool {
        self.outputs.iter().any(|(output, theirs)| *output == level && theirs.overlaps(range))
    }
}

/// The number of `tables`, which are in order, before the first that `holds` is false for. It is small as a rule: the
/// search gallops from the first table on.
pub(super) fn count_leading(tables: &[Rc<TableMeta>], holds: impl Fn(&TableMeta) -> bool) -> usize {
    let (mut from, mut to) = (0, 1);
    while to < tables.len() && holds(&tables[to]) {
        (from, to) = (to, to * 4);
    }
    from + tables[from..to.min(tables.len())].partition_point(|table| holds(table))
}

/// `1024 × overlap / size`: what `min_overlapping_ratio` ranks a table by.
pub(crate) fn overlap_ratio(overlap: u64, size: u64) -> u64 {
    let size = size.max(1);
    match overlap.checked_mul(1024) {
        Some(product) => product / size,
        None => u64::try_from(u128::from(overlap) * 1024 / u128::from(size)).unwrap_or(u64::MAX),
    }
}

#[cfg(test)]
mod tests;

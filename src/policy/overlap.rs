//! Which tables lie where on the key axis: what a compaction must take in so that no version of a key is overtaken by
//! an older one.
//!
//! In: the tree, and the jobs under way. Out: lists of tables, each in its level's order, without a copy.
//! All ranges are of user keys and include both ends.

use std::{ops::Range, rc::Rc};

use super::{Running, index::Index, rows::Rows};
use crate::{
    entry::Bytes,
    version::{Level, TableId, TableMeta, Version},
};

/// Tables in a list of its own.
pub(super) type List<'a> = Vec<&'a TableMeta>;

/// Tables of one level, in its order.
#[derive(Clone, Debug)]
pub(super) enum Tables<'a> {
    /// Neighbours of a sorted level: what they reach from and to is known by the first and the last of them.
    Run {
        tables: &'a [Rc<TableMeta>],
        /// Where the first of them is in its level.
        place: usize,
    },
    /// Of level 0.
    List(List<'a>),
}

impl<'a> Tables<'a> {
    /// None.
    pub const NONE: Tables<'static> = Tables::Run { tables: &[], place: 0 };

    /// Those at `span` of a sorted level.
    pub fn run(level: &'a Level, span: Range<usize>) -> Tables<'a> {
        Tables::Run { place: span.start, tables: &level[span] }
    }

    /// All of `level`.
    pub fn all(version: &'a Version, level: usize) -> Tables<'a> {
        let tables = &version.levels[level];
        if level == 0 {
            Tables::List(tables.iter().map(|t| &**t).collect())
        } else {
            Tables::run(tables, 0..tables.len())
        }
    }

    pub fn len(&self) -> usize {
        match self {
            Tables::Run { tables, .. } => tables.len(),
            Tables::List(tables) => tables.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn get(&self, at: usize) -> Option<&'a TableMeta> {
        match self {
            Tables::Run { tables, .. } => tables.get(at).map(|t| &**t),
            Tables::List(tables) => tables.get(at).copied(),
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = &'a TableMeta> {
        (0..self.len()).filter_map(|at| self.get(at))
    }

    /// Their numbers.
    pub fn ids(&self) -> Vec<TableId> {
        let mut ids = Vec::with_capacity(self.len());
        ids.extend(self.iter().map(|t| t.id));
        ids
    }

    /// Their bytes.
    pub fn bytes(&self) -> u64 {
        self.iter().map(|t| t.bytes).sum()
    }

    /// The smallest range that holds all of them; none without tables.
    pub fn range(&self) -> Option<KeyRange<'a>> {
        match self {
            Tables::Run { tables, .. } => {
                Some(KeyRange { smallest: &tables.first()?.smallest, largest: &tables.last()?.largest })
            }
            Tables::List(tables) => tables.iter().map(|t| KeyRange::of(t)).reduce(KeyRange::union),
        }
    }
}

/// A range of user keys, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct KeyRange<'a> {
    pub smallest: &'a Bytes,
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

/// A tree to look things up in, with an index where somebody keeps one.
#[derive(Clone, Copy)]
pub(super) struct Lookup<'a> {
    pub version: &'a Version,
    index: Option<&'a Index>,
}

impl<'a> From<&'a Version> for Lookup<'a> {
    fn from(version: &'a Version) -> Lookup<'a> {
        Lookup { version, index: None }
    }
}

impl<'a> Lookup<'a> {
    /// With an index.
    pub fn indexed(version: &'a Version, index: &'a Index) -> Lookup<'a> {
        Lookup { version, index: Some(index) }
    }

    /// How many tables of a sorted `level` end before `key`.
    pub fn end_before(self, level: usize, key: &Bytes) -> usize {
        let tables = &self.version.levels[level];
        match self.index {
            Some(index) => index.end_before(level, tables, key),
            None => tables.partition_point(|t| t.largest.is_before(key)),
        }
    }

    /// Which tables of a sorted `level` overlap `range`.
    pub fn span(self, level: usize, range: KeyRange<'_>) -> Range<usize> {
        let tables = &self.version.levels[level];
        match self.index {
            Some(index) => index.span(level, tables, range),
            None => {
                let from = self.end_before(level, range.smallest);
                from..from + reach(&tables[from..], range.largest)
            }
        }
    }

    /// The rows of a sorted `level`, where somebody keeps them.
    pub fn rows(self, level: usize) -> Option<&'a Rows> {
        self.index.map(|index| index.rows(level)).filter(|_| level > 0)
    }
}

/// How many of `tables`, which are in order, begin at or before `key`: few as a rule, so that it looks at the first ones first.
pub(super) fn reach(tables: &[Rc<TableMeta>], key: &Bytes) -> usize {
    let begins = |t: &Rc<TableMeta>| !key.is_before(&t.smallest);
    let (mut from, mut to) = (0, 1);
    while to < tables.len() && begins(&tables[to]) {
        (from, to) = (to, to * 4);
    }
    from + tables[from..to.min(tables.len())].partition_point(begins)
}

/// `span` with every neighbour that shares a boundary key, so that all versions of each key come along.
fn cut_cleanly(tables: &Level, span: Range<usize>) -> Range<usize> {
    let Range { mut start, mut end } = span;
    while start < end && start > 0 && !tables[start - 1].largest.is_before(&tables[start].smallest) {
        start -= 1;
    }
    while start < end && end < tables.len() && !tables[end - 1].largest.is_before(&tables[end].smallest) {
        end += 1;
    }
    start..end
}

/// The tables of a sorted `level` (1 or deeper) that overlap `range`.
pub(super) fn in_sorted<'a>(tree: impl Into<Lookup<'a>>, level: usize, range: KeyRange<'_>) -> Tables<'a> {
    let tree = tree.into();
    Tables::run(&tree.version.levels[level], tree.span(level, range))
}

/// Whether any table of a sorted `level` overlaps `range`.
pub(super) fn any_in_sorted(tree: Lookup<'_>, level: usize, range: KeyRange<'_>) -> bool {
    let first = tree.end_before(level, range.smallest);
    tree.version.levels[level].get(first).is_some_and(|t| !range.largest.is_before(&t.smallest))
}

/// The tables of level 0 that overlap `range`, and those that overlap these, until there are no more: taking a table
/// down and leaving an older one with the same key behind would let the old version win.
pub(super) fn closure_in_level_0<'a>(version: &'a Version, range: KeyRange<'a>) -> Tables<'a> {
    let mut range = range;
    loop {
        let of_level = version.levels[0].iter().map(|t| &**t);
        let tables = Tables::List(of_level.filter(|t| KeyRange::of(t).overlaps(range)).collect());
        let wider = tables.range().map_or(range, |r| r.union(range));
        if wider == range {
            return tables;
        }
        range = wider;
    }
}

/// The tables of `level` that a compaction of `range` must take in, with every neighbour that shares a boundary key.
pub(super) fn overlapping<'a>(tree: impl Into<Lookup<'a>>, level: usize, range: KeyRange<'a>) -> Tables<'a> {
    let tree = tree.into();
    if level == 0 {
        return closure_in_level_0(tree.version, range);
    }
    let tables = &tree.version.levels[level];
    Tables::run(tables, cut_cleanly(tables, tree.span(level, range)))
}

/// The tables of `level` at `span`, with every neighbour that shares a boundary key; in level 0, as they are.
pub(super) fn clean_cut(version: &Version, level: usize, span: Range<usize>) -> Tables<'_> {
    let tables = &version.levels[level];
    match level {
        0 => Tables::List(tables[span].iter().map(|t| &**t).collect()),
        _ => Tables::run(tables, cut_cleanly(tables, span)),
    }
}

/// The tables of a sorted level that lie wholly inside `range`.
pub(super) fn inside<'a>(tree: impl Into<Lookup<'a>>, level: usize, range: KeyRange<'_>) -> Tables<'a> {
    let tree = tree.into();
    let tables = &tree.version.levels[level];
    let Range { start, end } = tree.span(level, range);
    // Only the first and the last of those that overlap it may reach out of it.
    let reaches_out = |t: &Rc<TableMeta>| !range.holds(KeyRange::of(t));
    let start = start + tables[start..end].iter().take_while(|t| reaches_out(t)).count();
    let end = end - tables[start..end].iter().rev().take_while(|t| reaches_out(t)).count();
    Tables::run(tables, start..end)
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
/// because the ranking hangs on them: in level 0, whose tables are in order of age, the walk never goes back to the left;
/// and a next-level table that only shares the table's *largest* key does not count (internal keys with the
/// same user key sort newest first, so the deeper one comes after the end).
pub(super) fn ranked_overlap(version: &Version, level: usize) -> Vec<u64> {
    let next = version.levels.get(level + 1).map_or(&[][..], |tables| &tables[..]);
    let mut at = 0;
    let walk = |table: &Rc<TableMeta>| {
        let mut bytes = 0;
        while at < next.len() && next[at].largest < table.smallest {
            at += 1;
        }
        while at < next.len() && next[at].smallest < table.largest {
            bytes += next[at].bytes;
            if next[at].largest >= table.largest {
                // It reaches past this table: the next one may overlap it too.
                break;
            }
            at += 1;
        }
        bytes
    };
    version.levels[level].iter().map(walk).collect()
}

/// The jobs under way, as far as the next one must keep out of their way.
pub(super) struct Jobs<'a> {
    /// Their inputs by number, each with its level.
    busy: Vec<(usize, &'a TableMeta)>,
    outputs: Vec<(usize, KeyRange<'a>)>,
    /// Whether one of them takes tables out of level 0.
    pub from_level_0: bool,
}

impl<'a> Jobs<'a> {
    /// The jobs of `running`, with the key ranges that their tables have in `version`.
    pub fn new(version: &'a Version, running: &'a Running) -> Jobs<'a> {
        let mut jobs = Jobs { busy: Vec::new(), outputs: Vec::new(), from_level_0: false };
        for (at, job) in running.compactions.iter().enumerate() {
            let before = jobs.busy.len();
            match running.held(at) {
                Some(held) => jobs.busy.extend(held.iter().map(|(level, table)| (*level, &**table))),
                None => jobs.busy.extend(
                    job.tables().filter_map(|(_, id)| version.find(id)).map(|(level, table)| (level, &**table)),
                ),
            }
            jobs.from_level_0 |= job.start_level() == 0;
            let ranges = jobs.busy[before..].iter().map(|(_, table)| KeyRange::of(table));
            jobs.outputs.extend(ranges.reduce(KeyRange::union).map(|range| (job.output_level, range)));
        }
        jobs.busy.sort_unstable_by_key(|(_, table)| table.id);
        jobs
    }

    /// Their inputs on `level`.
    pub fn busy_on(&self, level: usize) -> impl Iterator<Item = &'a TableMeta> {
        self.busy.iter().filter(move |(l, _)| *l == level).map(|(_, table)| *table)
    }

    /// Whether nothing is under way.
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

    /// Whether one of them will put tables on `level` that may overlap `range`: two writers of one range would break the
    /// level's order.
    pub fn write_into(&self, level: usize, range: KeyRange<'_>) -> bool {
        self.outputs.iter().any(|(output, theirs)| *output == level && theirs.overlaps(range))
    }
}

#[cfg(test)]
mod tests;

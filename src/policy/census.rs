//! What a pick would otherwise count anew each time: sums over each level.
//!
//! In: a version, once; then each edit. Out: the same numbers as counted from scratch, in time that depends on the edit and
//! not on the tree. The engine picks seldom and counts ([`Census::of`]); a simulator picks half a million times a second and
//! keeps a [`Tree`], which carries the census along, and an index (`index`) of the tables' keys and of what they are ranked by.

use std::{collections::BTreeSet, rc::Rc};

use super::{Compaction, Inputs, Targets, index::Index, overlap::Lookup, rows::Rows, targets::LastTargets};
use crate::{
    entry::Bytes,
    error::Result,
    options::Options,
    version::{Changed, Level, TableId, TableMeta, Version, VersionEdit},
};

/// Sums over one level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sum {
    pub tables: u64,
    pub bytes: u64,
    pub entries: u64,
    /// Tombstones beyond half of its entries, of each table that has more.
    pub surplus: u64,
}

/// The tombstones of `table` beyond half of its entries.
pub(super) fn surplus(table: &TableMeta) -> u64 {
    (table.tombstones * 2).saturating_sub(table.entries)
}

impl Sum {
    fn of(level: &Level) -> Sum {
        let mut sum = Sum::default();
        level.iter().for_each(|table| sum.add(table));
        sum
    }

    fn add(&mut self, table: &TableMeta) {
        self.tables += 1;
        self.bytes += table.bytes;
        self.entries += table.entries;
        self.surplus += surplus(table);
    }

    /// Takes a table out again.
    pub fn take(&mut self, table: &TableMeta) {
        self.tables -= 1;
        self.bytes -= table.bytes;
        self.entries -= table.entries;
        self.surplus -= surplus(table);
    }
}

/// The numbers of one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Census {
    pub sums: Vec<Sum>,
    /// Of these, the bytes.
    bytes: Vec<u64>,
}

impl Census {
    /// Counts `version`.
    pub fn of(version: &Version) -> Census {
        let sums: Vec<Sum> = version.levels.iter().map(Sum::of).collect();
        Census { bytes: sums.iter().map(|sum| sum.bytes).collect(), sums }
    }

    /// The bytes of each level.
    pub fn bytes(&self) -> &[u64] {
        &self.bytes
    }

    /// Counts what `edit` has changed.
    fn follow(&mut self, edit: &VersionEdit) {
        edit.removed.iter().for_each(|(level, table)| self.sums[*level].take(table));
        edit.added.iter().for_each(|(level, table)| self.sums[*level].add(table));
        self.sums.iter().zip(&mut self.bytes).for_each(|(sum, bytes)| *bytes = sum.bytes);
    }
}

/// A version that changes, and what picks need to know of it: for a simulator, which picks all the time.
#[derive(Clone, Debug)]
pub struct Tree {
    version: Version,
    pub(super) census: Census,
    /// By a table's number, what its first key begins with: so that a table whose number is all that is known is searched
    /// for by its key.
    begins: Vec<u64>,
    index: Index,
    targets: LastTargets,
    /// Kept for the sake of its memory.
    changed: Vec<Changed>,
}

/// Tables with higher numbers are looked for one by one: who numbers them so has few of them.
const MOST_BEGINS: TableId = 1 << 24;

impl Tree {
    /// Of `version`, to begin with.
    pub fn new(version: Version) -> Tree {
        let (census, index) = (Census::of(&version), Index::of(&version));
        let mut tree = Tree {
            census,
            begins: Vec::new(),
            index,
            targets: LastTargets::default(),
            changed: Vec::new(),
            version: Version::new(0),
        };
        version.tables().for_each(|(_, table)| tree.note(table));
        Tree { version, ..tree }
    }

    fn note(&mut self, table: &TableMeta) {
        if table.id < MOST_BEGINS {
            let at = table.id as usize;
            if self.begins.len() <= at {
                self.begins.resize(at + 1, 0);
            }
            self.begins[at] = table.smallest.beginning();
        }
    }

    /// The input tables of `compaction`, each with its level: [`Compaction::resolve`], found by their keys.
    pub fn resolve(&self, compaction: &Compaction) -> Vec<(usize, Rc<TableMeta>)> {
        let mut found = Vec::with_capacity(compaction.inputs.iter().map(|inputs| inputs.tables.len()).sum());
        for Inputs { level, tables } in &compaction.inputs {
            let begin = tables.first().and_then(|id| self.begins.get(*id as usize));
            let near = match begin {
                Some(begin) if *level > 0 => {
                    let first = Bytes::from(&begin.to_be_bytes()[..]);
                    self.lookup().end_before(*level, &first)
                }
                _ => 0,
            };
            let neighbours = self.version.levels[*level].get(near..near + tables.len()).unwrap_or_default();
            if !neighbours.is_empty() && neighbours.iter().zip(tables).all(|(t, id)| t.id == *id) {
                found.extend(neighbours.iter().map(|table| (*level, table.clone())));
            } else {
                found.extend(self.version.among(*level, tables).map(|table| (*level, table.clone())));
            }
        }
        found
    }

    /// The same, to look things up in.
    pub(super) fn lookup(&self) -> Lookup<'_> {
        Lookup::indexed(&self.version, &self.index)
    }

    /// The rows of a sorted `level`.
    pub(super) fn rows(&self, level: usize) -> &Rows {
        self.index.rows(level)
    }

    /// The shape as it is now.
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// What each level should hold.
    pub(super) fn targets(&self, options: &Options) -> Rc<Targets> {
        self.targets.of(self.census.bytes(), options)
    }

    /// The bytes of each level.
    pub fn level_bytes(&self) -> &[u64] {
        self.census.bytes()
    }

    /// The entries of each level.
    pub fn level_entries(&self) -> Vec<u64> {
        self.census.sums.iter().map(|sum| sum.entries).collect()
    }

    /// Makes `edit`. After an error the tree is no longer one to be used.
    ///
    /// # Errors
    /// As [`Version::change`].
    pub fn apply(&mut self, edit: &VersionEdit) -> Result<()> {
        edit.added.iter().for_each(|(_, table)| self.note(table));
        self.targets.forget();
        let index = &self.index;
        let find = |level, tables: &Level, first: &TableMeta| index.end_before(level, tables, &first.smallest);
        let mut changed = std::mem::take(&mut self.changed);
        if !self.version.change_found(edit, find, &mut changed)? {
            let levels: BTreeSet<usize> = edit.removed.iter().chain(&edit.added).map(|(level, _)| *level).collect();
            let whole = levels.into_iter().filter(|level| *level > 0).map(|level| index.whole(&self.version, level));
            changed = whole.collect();
        }
        self.census.follow(edit);
        self.index.follow(&self.version, &mut changed);
        self.changed = changed;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        policy::{
            index::ratio,
            overlap::{KeyRange, ranked_overlap},
        },
        random::Random,
    };

    fn table(id: u64, from: u64, to: u64, random: &mut Random) -> Rc<TableMeta> {
        Rc::new(TableMeta {
            id,
            bytes: 1 + random.below(1000),
            entries: 10,
            tombstones: random.below(11),
            smallest: (&from.to_be_bytes()[..]).into(),
            largest: (&to.to_be_bytes()[..]).into(),
            smallest_seq: id,
            largest_seq: id,
            newest_time: 0,
        })
    }

    /// Tables that fill the gaps of `level` in `from..to`, with gaps of their own.
    fn tables(first: u64, from: u64, to: u64, random: &mut Random) -> Vec<Rc<TableMeta>> {
        let mut out = Vec::new();
        let mut at = from;
        while at < to {
            let end = (at + random.below(60)).min(to);
            out.push(table(first + out.len() as u64, at, end, random));
            at = end + 1 + random.below(20);
        }
        out
    }

    /// An edit that replaces what a random range of a random level overlaps, often together with that of the level above.
    fn edit(version: &Version, next: u64, random: &mut Random) -> VersionEdit {
        let level = 1 + random.below(4) as usize;
        let from = random.below(2000);
        let to = from + random.below(400);
        let (a, b) = (from.to_be_bytes(), to.to_be_bytes());
        let of = |level| version.overlapping(level, &a, &b).map(move |t| (level, t.clone())).collect::<Vec<_>>();
        let here = of(level);
        let number = |bytes: &[u8]| u64::from_be_bytes(bytes.try_into().unwrap());
        let hull = here.iter().map(|(_, t)| KeyRange::of(t)).reduce(KeyRange::union);
        let (from, to) = hull.map_or((from, to), |h| (number(h.smallest).min(from), number(h.largest).max(to)));
        let above = if level > 1 && random.one_in(2) { of(level - 1) } else { Vec::new() };
        let added = tables(next, from, to, random).into_iter().map(|t| (level, t)).collect();
        VersionEdit { removed: above.into_iter().chain(here).collect(), added, ..VersionEdit::default() }
    }

    #[test]
    fn it_follows_every_edit_as_if_counted_anew() {
        let mut random = Random::new(7);
        let mut tree = Tree::new(Version::new(5));
        let (mut next, mut large) = (1, 0);
        for _ in 0..2000 {
            let edit = edit(&tree.version, next, &mut random);
            next += edit.added.len() as u64;
            tree.apply(&edit).unwrap();
            assert_eq!(tree.census, Census::of(&tree.version));
            assert_eq!(tree.index, Index::of(&tree.version));
            for level in 1..5 {
                let tables = tree.version.levels[level].iter().zip(ranked_overlap(&tree.version, level));
                let ratios: Vec<u64> = tables.map(|(t, overlap)| ratio(overlap, t.bytes)).collect();
                assert!(tree.index.rows(level).from(0).map(|row| row.rank).eq(ratios), "level {level}");
            }
            large += u64::from(tree.version.tables().count() > 60);
        }
        assert!(large > 1000, "the trees are too small to be worth a test: {large}");
    }
}

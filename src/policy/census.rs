//! What a pick would otherwise count anew each time: sums over each level, and what its tables are ranked by.
//!
//! In: a version, once; then each edit. Out: the same numbers as counted from scratch, in time that depends on the edit and
//! not on the tree. The engine picks seldom and counts ([`Census::of`]); a simulator picks half a million times a second and
//! keeps a [`Tree`], which carries the census along, and an index of the tables' keys.
//!
//! ```text
//! level 1  [ a─d ][ e─h ][ i─m ]       an edit in c..f of level 2: of the ranks of level 1 only those of a─d and e─h,
//! level 2  [ b─c ][ d─f ][ g─k ]       which overlap it, have to be counted anew
//! ```

use std::{ops::Range, rc::Rc};

use super::{
    Compaction, Inputs, Targets,
    column::Column,
    index::Index,
    overlap::{KeyRange, Lookup},
    targets::LastTargets,
};
use crate::{
    entry::Bytes,
    error::Result,
    options::Options,
    version::{Level, TableId, TableMeta, Version, VersionEdit},
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
    /// For each table from level 1 on, `1024 × overlapped bytes of the next level / bytes`; where nobody keeps them up,
    /// empty.
    ratios: Vec<Column>,
}

impl Census {
    /// Counts `version`, without ratios.
    pub fn of(version: &Version) -> Census {
        let sums: Vec<Sum> = version.levels.iter().map(Sum::of).collect();
        Census { bytes: sums.iter().map(|sum| sum.bytes).collect(), sums, ratios: Vec::new() }
    }

    /// The ratios of `level`, if they are kept.
    pub fn ratios(&self, level: usize) -> Option<&Column> {
        self.ratios.get(level).filter(|_| level > 0)
    }

    /// The bytes of each level.
    pub fn bytes(&self) -> &[u64] {
        &self.bytes
    }

    fn with_ratios(version: &Version) -> Census {
        let mut ratios = vec![Column::default(); version.levels.len()];
        let mut scratch = Vec::new();
        for (level, column) in ratios.iter_mut().enumerate().skip(1) {
            column.splice(0..0, ratios_of(version.into(), level, 0..version.levels[level].len(), &mut scratch));
        }
        Census { ratios, ..Census::of(version) }
    }

    /// Counts what `edit`, which has made `version`, has changed.
    fn follow(&mut self, edit: &VersionEdit, version: &Version, index: &mut Index, scratch: &mut Vec<u64>) {
        edit.removed.iter().for_each(|(level, table)| self.sums[*level].take(table));
        edit.added.iter().for_each(|(level, table)| self.sums[*level].add(table));
        self.sums.iter().zip(&mut self.bytes).for_each(|(sum, bytes)| *bytes = sum.bytes);
        // Of each level that changes, the range in which it does: one or two as a rule.
        let mut changed: Vec<(usize, KeyRange<'_>)> = Vec::with_capacity(2);
        for (level, table) in edit.removed.iter().chain(&edit.added).filter(|(level, _)| *level > 0) {
            let range = KeyRange::of(table);
            match changed.iter_mut().find(|(other, _)| other == level) {
                Some((_, wider)) => *wider = wider.union(range),
                None => changed.push((*level, range)),
            }
        }
        // First the levels that changed, so that every table has its place again. What ends before the range has not changed, so
        // the index still knows how many these are.
        let places: Vec<(usize, Range<usize>)> = changed
            .iter()
            .map(|(level, range)| {
                let tables = &version.levels[*level];
                let now = Lookup::indexed(version, index).span(*level, *range);
                index.replace(*level, self.before(*level, &now, tables.len()), &tables[now.clone()], scratch);
                (*level, now)
            })
            .collect();
        let tree = Lookup::indexed(version, index);
        for (level, now) in places {
            let before = self.before(level, &now, version.levels[level].len());
            self.ratios[level].splice(before, ratios_of(tree, level, now, scratch));
        }
        // Then those above, whose overlap did.
        for (level, range) in changed.iter().filter(|(level, _)| *level > 1) {
            let above = tree.span(level - 1, *range);
            self.ratios[level - 1].splice(above.clone(), ratios_of(tree, level - 1, above, scratch));
        }
    }

    /// Where the ratios are of what has become the tables `now` of a level, which has `len` of them.
    fn before(&self, level: usize, now: &Range<usize>, len: usize) -> Range<usize> {
        now.start..self.ratios[level].len() - (len - now.end)
    }
}

/// What the tables `which` of a sorted `level` are ranked by, as [`ranked_overlap`](super::overlap::ranked_overlap) counts
/// what they overlap. They are put into `scratch`.
fn ratios_of<'a>(tree: Lookup<'_>, level: usize, which: Range<usize>, scratch: &'a mut Vec<u64>) -> &'a [u64] {
    let version = tree.version;
    let tables = &version.levels[level][which];
    let next: &[Rc<TableMeta>] = version.levels.get(level + 1).map_or(&[], |tables| tables);
    let mut at = match tables.first() {
        Some(first) if !next.is_empty() => tree.end_before(level + 1, &first.smallest),
        _ => 0,
    };
    let ratio = |table: &Rc<TableMeta>| {
        let mut overlap = 0;
        while at < next.len() && next[at].largest.is_before(&table.smallest) {
            at += 1;
        }
        while at < next.len() && next[at].smallest.is_before(&table.largest) {
            overlap += next[at].bytes;
            if !next[at].largest.is_before(&table.largest) {
                break;
            }
            at += 1;
        }
        ratio(overlap, table.bytes)
    };
    scratch.clear();
    scratch.extend(tables.iter().map(ratio));
    scratch
}

/// `1024 × overlap / size`.
pub(super) fn ratio(overlap: u64, size: u64) -> u64 {
    let size = size.max(1);
    match overlap.checked_mul(1024) {
        Some(product) => product / size,
        None => u64::try_from(u128::from(overlap) * 1024 / u128::from(size)).unwrap_or(u64::MAX),
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
    scratch: Vec<u64>,
}

/// Tables with higher numbers are looked for one by one: who numbers them so has few of them.
const MOST_BEGINS: TableId = 1 << 24;

impl Tree {
    /// Of `version`, to begin with.
    pub fn new(version: Version) -> Tree {
        let census = Census::with_ratios(&version);
        let index = Index::of(&version.levels);
        let mut tree = Tree {
            census,
            begins: Vec::new(),
            index,
            targets: LastTargets::default(),
            scratch: Vec::new(),
            version: Version::new(0),
        };
        version.tables().for_each(|(_, table)| tree.note(table));
        Tree { version, ..tree }
    }

    fn note(&mut self, table: &TableMeta) {
        if table.id < MOST_BEGINS {
            let at = table.id as usize;
            self.begins.resize(self.begins.len().max(at + 1), 0);
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
            found.extend(self.version.among_from(*level, tables, near).map(|table| (*level, table.clone())));
        }
        found
    }

    /// The same, to look things up in.
    pub(super) fn lookup(&self) -> Lookup<'_> {
        Lookup::indexed(&self.version, &self.index)
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
        self.version.change_found(edit, |level, tables, first| index.end_before(level, tables, &first.smallest))?;
        self.census.follow(edit, &self.version, &mut self.index, &mut self.scratch);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{policy::overlap::ranked_overlap, random::Random};

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
            assert_eq!(tree.census, Census::with_ratios(&tree.version));
            for level in 1..5 {
                let tables = tree.version.levels[level].iter().zip(ranked_overlap(&tree.version, level));
                let ratios: Vec<u64> = tables.map(|(t, overlap)| ratio(overlap, t.bytes)).collect();
                assert!(tree.census.ratios(level).unwrap().iter().eq(ratios), "level {level}");
            }
            large += u64::from(tree.version.tables().count() > 60);
        }
        assert!(large > 1000, "the trees are too small to be worth a test: {large}");
    }
}

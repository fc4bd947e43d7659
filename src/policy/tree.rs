//! A tree that changes, and what picks need to know of it: for a simulator, which picks all the time.
//!
//! In: edits. Out: what a [`Version`] tells, and sums ([`Census`]), places and ranks ([`Index`]) besides, each in time that depends
//! on the edit and not on the tree. The tables of a sorted level lie in blocks there ([`Rows`]), so that an edit does not move
//! thousands of them. A whole version, with each level in one piece, is only made when somebody asks for one: a page that shows
//! it now and then, or a policy that looks at it with every pick. For the latter's sake it is kept, and changed in place, as long
//! as somebody has asked between one edit and the next.

use std::{
    cell::{Cell, OnceCell},
    cmp::Reverse,
    iter::repeat,
    ops::Range,
    rc::Rc,
};

use super::{
    Decided, Inputs, Targets,
    census::Census,
    index::{Changed, Index},
    rows::Rows,
    targets::LastTargets,
};
use crate::{
    entry::Bytes,
    error::Result,
    options::Options,
    version::{Level, TableMeta, Version, VersionEdit, put_cursor},
};

/// A version that changes, and what picks need to know of it: for a simulator, which picks all the time.
#[derive(Clone, Debug)]
pub struct Tree {
    /// The tables of level 0, newest first.
    level_0: Level,
    /// Of all other levels.
    index: Index,
    /// Where round-robin compactions go on, as [`Version::cursors`].
    cursors: Vec<Option<Bytes>>,
    pub(super) census: Census,
    /// All of it in one piece, if somebody has asked for that; and whether they have since the last edit.
    version: OnceCell<Version>,
    is_asked_for: Cell<bool>,
    targets: LastTargets,
    /// Kept for the sake of its memory.
    changed: Vec<Changed>,
}

impl Tree {
    /// Of `version`, to begin with.
    pub fn new(version: Version) -> Tree {
        Tree {
            level_0: version.levels.first().cloned().unwrap_or_default(),
            index: Index::of(&version),
            cursors: version.cursors.clone(),
            census: Census::of(&version),
            version: OnceCell::new(),
            is_asked_for: Cell::new(false),
            targets: LastTargets::default(),
            changed: Vec::new(),
        }
    }

    /// The input tables of what was decided, each with its level.
    pub fn resolve(&self, Decided { compaction, places }: &Decided) -> Vec<(usize, Rc<TableMeta>)> {
        let listed = compaction.inputs.iter().map(|inputs| inputs.tables.len()).sum::<usize>();
        let mut found = Vec::with_capacity(listed + places[0].len() + places[1].len());
        // A compaction of more levels than two lists its tables.
        for (Inputs { level, tables }, place) in compaction.inputs.iter().zip(places.iter().chain(repeat(&(0..0)))) {
            if !place.is_empty() {
                found.extend(self.at(*level, place).map(|table| (*level, table.clone())));
            } else if *level == 0 {
                found.extend(self.level_0.among(tables).map(|table| (0, table.clone())));
            } else {
                found.extend(self.version().among(*level, tables).map(|table| (*level, table.clone())));
            }
        }
        found
    }

    /// The tables of a sorted `level` at a place.
    pub(super) fn at(&self, level: usize, place: &Range<usize>) -> impl Iterator<Item = &Rc<TableMeta>> {
        self.rows(level).tables(place.start).take(place.len())
    }

    /// The tables of a sorted `level`, with their rows.
    pub(super) fn rows(&self, level: usize) -> &Rows {
        self.index.rows(level)
    }

    /// Where keys lie in the sorted levels.
    pub(super) fn index(&self) -> &Index {
        &self.index
    }

    /// How many levels there are.
    pub fn levels(&self) -> usize {
        self.index.levels()
    }

    /// The tables of level 0, newest first.
    pub fn level_0(&self) -> &Level {
        &self.level_0
    }

    /// How many tables each level has.
    pub fn level_tables(&self) -> impl Iterator<Item = u64> {
        self.census.sums.iter().map(|sum| sum.tables)
    }

    /// As [`Version::sorted_runs`].
    pub fn sorted_runs(&self) -> usize {
        self.level_0.len() + self.level_tables().skip(1).filter(|tables| *tables > 0).count()
    }

    /// The tables of a sorted `level` that may hold a key of `smallest..=largest`.
    pub fn overlapping<'a>(
        &'a self,
        level: usize,
        smallest: &[u8],
        largest: &'a [u8],
    ) -> impl Iterator<Item = &'a Rc<TableMeta>> {
        let first = self.index.end_before(level, &smallest.into());
        self.rows(level).tables(first).take_while(move |table| *table.smallest <= *largest)
    }

    /// The shape as it is now, in one piece: which takes a while the first time after an edit.
    pub fn version(&self) -> &Version {
        self.is_asked_for.set(true);
        self.version.get_or_init(|| {
            let sorted = (1..self.levels()).map(|level| self.rows(level).tables(0).cloned().collect());
            Version {
                levels: std::iter::once(self.level_0.clone()).chain(sorted).take(self.levels()).collect(),
                cursors: self.cursors.clone(),
            }
        })
    }

    /// As [`Version::cursor`].
    pub fn cursor(&self, level: usize) -> Option<&Bytes> {
        self.cursors.get(level)?.as_ref()
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
        self.targets.forget();
        if self.plan(edit) {
            match self.version.get_mut().filter(|_| self.is_asked_for.take()) {
                Some(version) => version.change(edit)?,
                None => drop(self.version.take()),
            }
            self.exchange(edit)?;
            self.census.follow(edit);
            return Ok(());
        }
        self.version();
        let mut version = self.version.take().expect("it is made when it is asked for");
        version.change(edit)?;
        self.census.follow(edit);
        let mut levels: Vec<usize> = edit.removed.iter().chain(&edit.added).map(|(level, _)| *level).collect();
        levels.sort_unstable_by_key(|level| Reverse(*level));
        levels.dedup();
        self.level_0.clone_from(&version.levels[0]);
        self.cursors.clone_from(&version.cursors);
        self.index.refill(&version, levels.into_iter().filter(|level| *level > 0));
        (self.version, self.is_asked_for) = (OnceCell::from(version), Cell::new(false));
        Ok(())
    }

    /// Finds out where `edit` changes the sorted levels. Whether it is one of the usual kind: what leaves a level are neighbours
    /// there, listed in order, and what comes, all on one level, fits in their place or between two others.
    fn plan(&mut self, edit: &VersionEdit) -> bool {
        self.changed.clear();
        let mut left = &edit.removed[..];
        while let Some((level, first)) = left.first() {
            let (here, rest) = left.split_at(left.iter().take_while(|(other, _)| other == level).count());
            left = rest;
            if *level == 0 && self.changed.is_empty() {
                continue;
            }
            if *level == 0 || *level >= self.levels() || self.changed.iter().any(|change| change.level == *level) {
                return false;
            }
            let place = self.index.end_before(*level, &first.smallest);
            let found = self.rows(*level).tables(place).zip(here).take_while(|(a, (_, b))| a.id == b.id).count();
            if found < here.len() {
                return false;
            }
            self.changed.push(Changed { level: *level, place, removed: here.len(), added: 0 });
        }
        let fits = self.plan_added(&edit.added);
        self.changed.sort_unstable_by_key(|change| Reverse(change.level));
        fits
    }

    fn plan_added(&mut self, added: &[(usize, Rc<TableMeta>)]) -> bool {
        let Some((level, first)) = added.first() else { return true };
        if *level >= self.levels() || added.iter().any(|(other, _)| other != level) {
            return false;
        }
        if *level == 0 {
            return true;
        }
        let change = match self.changed.iter_mut().find(|change| change.level == *level) {
            Some(change) => change,
            None => {
                let place = self.index.end_before(*level, &first.smallest);
                self.changed.push(Changed { level: *level, place, removed: 0, added: 0 });
                self.changed.last_mut().expect("just added")
            }
        };
        change.added = added.len();
        let change = *change;
        self.index.prepare(&change, added.iter().map(|(_, table)| table))
    }

    /// Makes an edit of the usual kind, as planned.
    fn exchange(&mut self, edit: &VersionEdit) -> Result<()> {
        for (_, table) in edit.removed.iter().take_while(|(level, _)| *level == 0) {
            self.level_0.remove(0, table, 0)?;
        }
        for (_, table) in edit.added.iter().filter(|(level, _)| *level == 0) {
            self.level_0.insert_by_age(table);
        }
        self.index.follow(&self.changed, edit.added.iter().map(|(_, table)| table));
        edit.cursors.iter().for_each(|cursor| put_cursor(&mut self.cursors, cursor.level, cursor.to.clone()));
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
            ..TableMeta::default()
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
        let mut whole = Version::new(5);
        let mut tree = Tree::new(whole.clone());
        let (mut next, mut large) = (1, 0);
        for round in 0..2000 {
            let edit = edit(&whole, next, &mut random);
            next += edit.added.len() as u64;
            tree.apply(&edit).unwrap();
            whole.change(&edit).unwrap();
            assert_eq!(tree.census, Census::of(&whole));
            assert_eq!(tree.index, Index::of(&whole));
            for level in 1..5 {
                assert!(tree.rows(level).tables(0).eq(&whole.levels[level]));
                let tables = whole.levels[level].iter().zip(ranked_overlap(&whole, level));
                let ratios: Vec<u64> = tables.map(|(t, overlap)| ratio(overlap, t.bytes)).collect();
                assert!(tree.index.rows(level).from(0).map(|row| row.rank).eq(ratios), "level {level}");
            }
            // It is asked for a few times in a row, then for a while it is not.
            if round % 7 < 3 {
                assert_eq!(*tree.version(), whole);
            }
            large += u64::from(whole.tables().count() > 60);
        }
        assert!(large > 1000, "the trees are too small to be worth a test: {large}");
    }
}

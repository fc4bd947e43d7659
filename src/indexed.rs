//! The levels of a tree, indexed for the simulator, which picks half a million times a second.
//!
//! In: edits. Out: what a [`Version`] gives a policy ([`Levels`]), in time that depends on the edit and not on the
//! tree. Each level's totals are kept. The tables of a sorted level lie in blocks (`indexed/rows`) with their places
//! and ranks (`indexed/index`), so that an edit does not move thousands of them. A whole version, with each level in
//! one piece, is only made on demand: for a page that shows it now and then, or for a policy that reads it with every
//! pick. For such a policy it is cached, and changed in place, as long as it is asked for between one edit and the
//! next.
//!
//! Its obvious twin is the [`Version`]: the tests compare each answer, and `tests/policy_speed.rs` each decision.

use std::{
    borrow::Cow,
    cell::{Cell, OnceCell, RefCell},
    cmp::Reverse,
    ops::Range,
    rc::Rc,
};

use crate::{
    entry::Bytes,
    error::Result,
    options::Options,
    policy::{KeyRange, LeastOverlap, Levels, TableList, Targets},
    version::{Level, LevelTotals, TableMeta, Version, VersionEdit, put_cursor},
};

mod cutter;
mod index;
mod rows;

pub use cutter::{Ahead, MAX_CROSSED, Positions};
use index::{Changed, Index};
use rows::Rows;

/// Levels that change, with what picks need to know of them.
#[derive(Clone, Debug)]
pub struct IndexedLevels {
    /// The tables of level 0, newest first.
    level_0: Level,
    /// Of all other levels.
    index: Index,
    /// Where round-robin compactions go on, as [`Version::cursors`].
    cursors: Vec<Option<Bytes>>,
    totals: Vec<LevelTotals>,
    /// The bytes of each level.
    bytes: Vec<u64>,
    /// All of it in one piece, if the caller has asked for that; and whether it has since the last edit.
    version: OnceCell<Version>,
    is_asked_for: Cell<bool>,
    targets: LastTargets,
    /// Scratch buffer, reused.
    changed: Vec<Changed>,
}

impl IndexedLevels {
    /// Of `version`, to begin with.
    pub fn new(version: Version) -> IndexedLevels {
        let totals: Vec<LevelTotals> = version.levels.iter().map(Level::totals).copied().collect();
        IndexedLevels {
            level_0: version.levels.first().cloned().unwrap_or_default(),
            index: Index::of(&version),
            cursors: version.cursors.clone(),
            bytes: totals.iter().map(|level| level.bytes).collect(),
            totals,
            version: OnceCell::new(),
            is_asked_for: Cell::new(false),
            targets: LastTargets::default(),
            changed: Vec::new(),
        }
    }

    /// The tables of a sorted `level`, with their rows.
    fn rows(&self, level: usize) -> &Rows {
        self.index.rows(level)
    }

    /// How many tables each level has.
    pub fn level_tables(&self) -> impl Iterator<Item = u64> {
        self.totals.iter().map(|level| level.tables)
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

    /// The entries of each level.
    pub fn level_entries(&self) -> Vec<u64> {
        self.totals.iter().map(|level| level.entries).collect()
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
            self.count_changes(edit);
            return Ok(());
        }
        self.version();
        let mut version = self.version.take().expect("it is made when it is asked for");
        version.change(edit)?;
        self.count_changes(edit);
        let mut levels: Vec<usize> = edit.removed.iter().chain(&edit.added).map(|(level, _)| *level).collect();
        levels.sort_unstable_by_key(|level| Reverse(*level));
        levels.dedup();
        self.level_0.clone_from(&version.levels[0]);
        self.cursors.clone_from(&version.cursors);
        self.index.refill(&version, levels.into_iter().filter(|level| *level > 0));
        (self.version, self.is_asked_for) = (OnceCell::from(version), Cell::new(false));
        Ok(())
    }

    fn count_changes(&mut self, edit: &VersionEdit) {
        edit.removed.iter().for_each(|(level, table)| self.totals[*level].subtract(table));
        edit.added.iter().for_each(|(level, table)| self.totals[*level].add(table));
        self.totals.iter().zip(&mut self.bytes).for_each(|(totals, bytes)| *bytes = totals.bytes);
    }

    /// Finds out where `edit` changes the sorted levels. Whether it is one of the usual kind: what leaves a level are
    /// neighbours there, listed in order, and what comes, all on one level, fits in their place or between two others.
    fn plan(&mut self, edit: &VersionEdit) -> bool {
        self.changed.clear();
        let mut left = &edit.removed[..];
        while let Some((level, first)) = left.first() {
            let (here, rest) = left.split_at(left.iter().take_while(|(other, _)| other == level).count());
            left = rest;
            if *level == 0 && self.changed.is_empty() {
                continue;
            }
            if *level == 0 || *level >= self.count() || self.changed.iter().any(|change| change.level == *level) {
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
        if *level >= self.count() || added.iter().any(|(other, _)| other != level) {
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

impl Levels for IndexedLevels {
    fn version(&self) -> &Version {
        self.is_asked_for.set(true);
        self.version.get_or_init(|| {
            let sorted = (1..self.count()).map(|level| self.rows(level).tables(0).cloned().collect());
            Version {
                levels: std::iter::once(self.level_0.clone()).chain(sorted).take(self.count()).collect(),
                cursors: self.cursors.clone(),
            }
        })
    }

    fn count(&self) -> usize {
        self.index.levels()
    }

    fn level_0(&self) -> &Level {
        &self.level_0
    }

    fn totals(&self, level: usize) -> &LevelTotals {
        &self.totals[level]
    }

    fn sizes(&self) -> Cow<'_, [u64]> {
        Cow::Borrowed(&self.bytes)
    }

    fn cursor(&self, level: usize) -> Option<&Bytes> {
        self.cursors.get(level)?.as_ref()
    }

    #[inline]
    fn table(&self, level: usize, place: usize) -> Option<&Rc<TableMeta>> {
        if level > 0 { self.rows(level).get(place) } else { self.level_0.get(place) }
    }

    fn run(&self, level: usize, places: Range<usize>) -> TableList<'_> {
        let place = places.start;
        match self.rows(level).together(&places) {
            Some(tables) => TableList::Run { tables, place },
            None => {
                let tables = self.rows(level).tables(place).take(places.len()).map(|table| &**table);
                TableList::Scattered { tables: tables.collect(), place }
            }
        }
    }

    fn end_before(&self, level: usize, key: &Bytes) -> usize {
        self.index.end_before(level, key)
    }

    fn span(&self, level: usize, range: KeyRange<'_>) -> Range<usize> {
        self.index.span(level, range)
    }

    fn may_share_keys(&self, level: usize) -> bool {
        self.index.may_share(level)
    }

    fn targets(&self, options: &Options) -> Rc<Targets> {
        self.targets.of(&self.bytes, options)
    }

    fn least_overlapping(&self, level: usize, after: Option<LeastOverlap>) -> Option<LeastOverlap> {
        let rows = self.rows(level);
        let found = match after {
            None => rows.least(),
            Some(LeastOverlap { ratio, place }) => rows.least_after((ratio, place)),
        };
        found.map(|(ratio, place)| LeastOverlap { ratio, place })
    }
}

/// What each level should hold, as it was calculated last: the simulator asks twice at each step.
#[derive(Clone, Debug, Default)]
struct LastTargets(RefCell<Option<(Sizing, Rc<Targets>)>>);

/// The options that say how levels are sized.
type Sizing = (bool, u64, f64);

impl LastTargets {
    /// The targets of levels of `sizes` bytes.
    fn of(&self, sizes: &[u64], options: &Options) -> Rc<Targets> {
        let sizing = (
            options.level_compaction_dynamic_level_bytes,
            options.max_bytes_for_level_base,
            options.max_bytes_for_level_multiplier,
        );
        let mut last = self.0.borrow_mut();
        match &*last {
            Some((same, targets)) if *same == sizing => targets.clone(),
            _ => last.insert((sizing, Rc::new(Targets::of_sizes(sizes, options)))).1.clone(),
        }
    }

    /// The sizes have changed.
    fn forget(&mut self) {
        // Static targets do not depend on them.
        self.0.get_mut().take_if(|((is_dynamic, ..), _)| *is_dynamic);
    }
}

#[cfg(test)]
mod tests;

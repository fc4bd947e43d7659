//! The tables of one level, with their totals.
//!
//! In: tables that come and leave. Out: the tables in the level's order, as a slice, and [`LevelTotals`], which are
//! kept up with each change: a pick reads them, and the cost of a pick must not grow with the number of tables.
//!
//! Level 0 is in the order of age, newest first; the others are in the order of their keys.

use std::{
    ops::{Deref, Range},
    rc::Rc,
};

use serde::Serialize;

use super::{TableId, TableMeta, unfit};
use crate::error::Result;

/// Sums over the tables of one level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LevelTotals {
    /// The number of tables.
    pub tables: u64,
    /// The bytes of their files.
    pub bytes: u64,
    /// Their entries, tombstones included.
    pub entries: u64,
    /// Their tombstones.
    pub tombstones: u64,
    /// Tombstones beyond half of the entries of each table, in twice their number.
    pub surplus_tombstones: u64,
    /// The sum of [`TableMeta::range_deletion_bytes`].
    pub range_deletion_bytes: u64,
}

impl LevelTotals {
    /// Of `tables` together.
    pub fn of<'a>(tables: impl IntoIterator<Item = &'a Rc<TableMeta>>) -> LevelTotals {
        let mut totals = LevelTotals::default();
        tables.into_iter().for_each(|table| totals.add(table));
        totals
    }

    /// Counts one table more.
    pub(crate) fn add(&mut self, table: &TableMeta) {
        self.tables += 1;
        self.bytes += table.bytes;
        self.entries += table.entries;
        self.tombstones += table.tombstones;
        self.surplus_tombstones += table.surplus_tombstones();
        self.range_deletion_bytes += table.range_deletion_bytes;
    }

    /// Counts one table less: one that was counted.
    pub(crate) fn subtract(&mut self, table: &TableMeta) {
        self.tables -= 1;
        self.bytes -= table.bytes;
        self.entries -= table.entries;
        self.tombstones -= table.tombstones;
        self.surplus_tombstones -= table.surplus_tombstones();
        self.range_deletion_bytes -= table.range_deletion_bytes;
    }
}

/// The tables of one level, in its order. Read as a slice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Level {
    tables: Vec<Rc<TableMeta>>,
    #[serde(skip)]
    totals: LevelTotals,
}

impl Deref for Level {
    type Target = [Rc<TableMeta>];

    fn deref(&self) -> &[Rc<TableMeta>] {
        &self.tables
    }
}

impl<'a> IntoIterator for &'a Level {
    type Item = &'a Rc<TableMeta>;
    type IntoIter = std::slice::Iter<'a, Rc<TableMeta>>;

    fn into_iter(self) -> Self::IntoIter {
        self.tables.iter()
    }
}

impl From<Vec<Rc<TableMeta>>> for Level {
    fn from(tables: Vec<Rc<TableMeta>>) -> Level {
        Level { totals: LevelTotals::of(&tables), tables }
    }
}

impl FromIterator<Rc<TableMeta>> for Level {
    fn from_iter<I: IntoIterator<Item = Rc<TableMeta>>>(tables: I) -> Level {
        tables.into_iter().collect::<Vec<_>>().into()
    }
}

impl Level {
    /// The sums over all of its tables.
    pub fn totals(&self) -> &LevelTotals {
        &self.totals
    }

    /// The tables called `ids`, given in this level's order. Usually they are neighbours: then only the first is
    /// searched for. Those that are not here are left out.
    pub fn among<'a, 'i>(&'a self, ids: &'i [TableId]) -> impl Iterator<Item = &'a Rc<TableMeta>> + use<'a, 'i> {
        let is_first = |t: &Rc<TableMeta>| Some(&t.id) == ids.first();
        let first = self.iter().position(is_first).unwrap_or(self.len());
        let rest = &self[first..];
        let are_neighbours = rest.len() >= ids.len() && rest.iter().zip(ids).all(|(t, id)| t.id == *id);
        let within = if are_neighbours { &rest[..ids.len()] } else { &self[..] };
        within.iter().filter(move |t| are_neighbours || ids.contains(&t.id))
    }

    /// Puts `table` at the place `at`, whatever the order.
    pub(crate) fn insert(&mut self, at: usize, table: &Rc<TableMeta>) {
        self.totals.add(table);
        self.tables.insert(at, table.clone());
    }

    /// Puts `tables` before all others, whatever the order.
    pub(crate) fn prepend(&mut self, tables: Vec<Rc<TableMeta>>) {
        tables.iter().for_each(|table| self.totals.add(table));
        self.tables.splice(..0, tables);
    }

    /// Takes out the tables that `stays` is false for; it is called for each once, in order.
    pub(crate) fn retain(&mut self, mut stays: impl FnMut(&Rc<TableMeta>) -> bool) {
        let totals = &mut self.totals;
        self.tables.retain(|table| {
            let stays = stays(table);
            if !stays {
                totals.subtract(table);
            }
            stays
        });
    }

    /// Puts `table` into level 0: newest first, by the newest write in it, then by number.
    pub(crate) fn insert_by_age(&mut self, table: &Rc<TableMeta>) {
        let at = self.partition_point(|t| (t.largest_seq, t.id) > (table.largest_seq, table.id));
        self.insert(at, table);
    }

    /// Puts `table` into sorted level `level`, at `near` if it belongs there; returns its place.
    ///
    /// # Errors
    /// It overlaps another.
    pub(super) fn insert_by_key(&mut self, level: usize, table: &Rc<TableMeta>, near: usize) -> Result<usize> {
        let at = self.place_for(table, near);
        // The level was in order before: only the new neighbours can break it.
        let left = at.checked_sub(1).and_then(|left| self.get(left)).filter(|t| !t.ends_before(table));
        let right = self.get(at).filter(|t| !table.ends_before(t));
        if let Some((a, b)) = left.map(|t| (t.id, table.id)).or(right.map(|t| (table.id, t.id))) {
            return Err(unfit(format!("tables {a} and {b} overlap on level {level}")));
        }
        self.insert(at, table);
        Ok(at)
    }

    /// Takes the tables at `span` out.
    pub(crate) fn remove_span(&mut self, span: Range<usize>) {
        for table in self.tables.drain(span) {
            self.totals.subtract(&table);
        }
    }

    /// Takes `table` out of this level, which is `level`: from `near` if it is there. Returns the place where it was.
    ///
    /// # Errors
    /// It is not here.
    pub(crate) fn remove(&mut self, level: usize, table: &TableMeta, near: usize) -> Result<usize> {
        let at = if level == 0 { None } else { self.place_of(table, near) };
        let at = at.or_else(|| self.iter().position(|t| t.id == table.id));
        let at = at.ok_or_else(|| unfit(format!("table {} is not on level {level}", table.id)))?;
        self.remove_span(at..at + 1);
        Ok(at)
    }

    /// Puts `with` in the place of `span`: as `splice` does, which takes several times as long for a few tables.
    pub(super) fn replace(&mut self, span: Range<usize>, with: &[(usize, Rc<TableMeta>)]) {
        let (first, rest) = with.split_at(span.len().min(with.len()));
        let at = span.start + first.len();
        for (old, (_, new)) in self.tables[span.start..at].iter_mut().zip(first) {
            self.totals.subtract(old);
            self.totals.add(new);
            *old = new.clone();
        }
        if rest.is_empty() {
            self.remove_span(at..span.end);
        } else {
            rest.iter().for_each(|(_, table)| self.totals.add(table));
            self.tables.splice(at..at, rest.iter().map(|(_, table)| table.clone()));
        }
    }

    /// The places of `here` in a sorted level, if they are neighbours there and the first is at `start`.
    pub(super) fn span_of(&self, here: &[(usize, Rc<TableMeta>)], start: usize) -> Option<Range<usize>> {
        let span = start..start + here.len();
        let found = self.get(span.clone())?;
        found.iter().zip(here).all(|(t, (_, table))| t.id == table.id).then_some(span)
    }

    /// Whether all of `added` belong into this sorted level, which is `level`, in the order in which they are listed,
    /// in place of `span`.
    pub(super) fn fits(&self, span: &Range<usize>, level: usize, added: &[(usize, Rc<TableMeta>)]) -> bool {
        let (Some((_, first)), Some((_, last))) = (added.first(), added.last()) else { return false };
        added.iter().all(|(other, _)| *other == level)
            && added.windows(2).all(|pair| pair[0].1.ends_before(&pair[1].1))
            && span.start.checked_sub(1).is_none_or(|left| self[left].ends_before(first))
            && self.get(span.end).is_none_or(|right| last.ends_before(right))
    }

    /// The place of `table` in a sorted level, if it is there: `near`, or what a search finds.
    fn place_of(&self, table: &TableMeta, near: usize) -> Option<usize> {
        let is_it = |at: &usize| self.get(*at).is_some_and(|t| t.id == table.id);
        let found = || self.partition_point(|t| t.smallest.is_before(&table.smallest));
        Some(near).filter(is_it).or_else(|| Some(found()).filter(is_it))
    }

    /// The place where `table` belongs in a sorted level: `near`, or what a search finds.
    pub(super) fn place_for(&self, table: &TableMeta, near: usize) -> usize {
        let before = |t: &Rc<TableMeta>| t.smallest.is_before(&table.smallest);
        let left = near == 0 || self.get(near - 1).is_some_and(before);
        let right = near == self.len() || self.get(near).is_some_and(|t| !before(t));
        if left && right { near } else { self.partition_point(before) }
    }
}

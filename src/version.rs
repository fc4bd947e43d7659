//! The shape of the tree, without bytes: which tables there are, and on which level.
//!
//! A [`Version`] is one immutable shape. Every change of shape is a [`VersionEdit`]: the manifest logs it, the
//! engine applies it, and applying its [`inverse`](VersionEdit::inverse) takes it back.
//!
//! Level 0 holds tables as they were flushed, newest first, and they may overlap. From level 1 on, a level is one
//! sorted run: tables by key, none overlapping another.

use std::rc::Rc;

use serde::Serialize;

use crate::{
    entry::{Bytes, SeqNo},
    error::{Error, Result},
};

mod level;

pub use level::{Level, LevelTotals};

/// A table's number: the number in its file's name.
pub type TableId = u64;

/// What there is to know of a table without opening it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct TableMeta {
    /// Its number.
    pub id: TableId,
    /// The file's length.
    pub bytes: u64,
    /// Its entries, tombstones included.
    pub entries: u64,
    /// How many of the entries are tombstones.
    pub tombstones: u64,
    /// What its range deletions cover further down, in bytes, as RocksDB estimates it when it writes the table. Ours
    /// has none.
    #[serde(skip_serializing_if = "is_zero")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub range_deletion_bytes: u64,
    /// The first user key.
    pub smallest: Bytes,
    /// The last user key.
    pub largest: Bytes,
    /// The lowest sequence number in it.
    pub smallest_seq: SeqNo,
    /// The highest sequence number in it.
    pub largest_seq: SeqNo,
    /// When the oldest of the tables that it was merged from was flushed, or a little earlier: no entry of it was
    /// written before (virtual seconds). What `ttl` goes by in leveled compaction; RocksDB's `oldest_ancester_time`.
    /// None: not known, as in histories of real databases.
    pub oldest_time: Option<u64>,
    /// No entry in it was written later than this (virtual seconds). None: not known.
    pub newest_time: Option<u64>,
    /// The lowest and the highest sequence number of its tombstones.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub tombstone_seqs: Option<(SeqNo, SeqNo)>,
    /// The lowest sequence number of its entries that have an older version of their key beside them in the table: once
    /// every snapshot is at or past it, the older one is of use to no reader.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub shadowing_seq: Option<SeqNo>,
}

/// The times of tables together: that of the oldest, and that of the newest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// [`TableMeta::oldest_time`] of a merge of them. What is not known does not count, unless nothing is known
    /// (RocksDB: `Compaction::MinInputFileOldestAncesterTime`).
    pub oldest: Option<u64>,
    /// [`TableMeta::newest_time`] of a merge of them.
    pub newest: Option<u64>,
}

impl Times {
    /// Of `tables` together.
    pub fn of<'a>(tables: impl IntoIterator<Item = &'a TableMeta>) -> Times {
        tables.into_iter().fold(Times::default(), Times::with)
    }

    /// With one more table.
    pub fn with(self, table: &TableMeta) -> Times {
        let oldest = match (self.oldest, table.oldest_time) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        Times { oldest, newest: self.newest.max(table.newest_time) }
    }
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl TableMeta {
    /// Whether any key of `smallest..=largest` may be in the table.
    pub fn overlaps(&self, smallest: &[u8], largest: &[u8]) -> bool {
        &*self.smallest <= largest && smallest <= &*self.largest
    }

    /// Whether `key` is in the table's range.
    pub fn contains(&self, key: &[u8]) -> bool {
        self.overlaps(key, key)
    }

    /// Whether its last key is before the first of `next`.
    pub(crate) fn ends_before(&self, next: &TableMeta) -> bool {
        self.largest.is_before(&next.smallest)
    }

    /// Its tombstones beyond half of its entries, in twice their number: RocksDB weighs a table by them
    /// (`VersionStorageInfo::ComputeCompensatedSizes`).
    pub(crate) fn surplus_tombstones(&self) -> u64 {
        (self.tombstones * 2).saturating_sub(self.entries)
    }
}

/// One immutable shape of the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Version {
    /// From level 0 down; always as many as `num_levels` says.
    pub levels: Vec<Level>,
    /// For each level, the key at which its next round-robin compaction begins; no longer than the last that has one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cursors: Vec<Option<Bytes>>,
}

/// Where the round-robin compactions of a level go on, before and after an edit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Cursor {
    /// The level.
    pub level: usize,
    /// The key at which the next one began; none if there was none before. The manifest does not log it.
    pub from: Option<Bytes>,
    /// The key at which the next one begins.
    pub to: Option<Bytes>,
}

/// One change of shape.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct VersionEdit {
    /// Tables that leave, with their level. The manifest logs their numbers only.
    pub removed: Vec<(usize, Rc<TableMeta>)>,
    /// Tables that come, with their level.
    pub added: Vec<(usize, Rc<TableMeta>)>,
    /// Round-robin cursors that move.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub cursors: Vec<Cursor>,
    /// From now on, logs with lower numbers are not needed: their entries are in tables.
    pub log_number: Option<u64>,
    /// Every file number below this is taken.
    pub next_file: Option<u64>,
    /// Every sequence number up to this is taken.
    pub last_seq: Option<SeqNo>,
    /// The virtual time, in seconds.
    pub time: Option<u64>,
    /// How old writes are: all up to a sequence number were written by a time, in seconds. Only with
    /// `tombstone_retention_seconds`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub ages: Vec<(SeqNo, u64)>,
}

impl Version {
    /// An empty tree of `levels` levels.
    pub fn new(levels: usize) -> Version {
        Version { levels: vec![Level::default(); levels], cursors: Vec::new() }
    }

    /// A tree of these levels, from level 0 down, without cursors.
    pub fn of(levels: Vec<Vec<Rc<TableMeta>>>) -> Version {
        Version { levels: levels.into_iter().map(Level::from).collect(), cursors: Vec::new() }
    }

    /// The shape after `edit`.
    ///
    /// # Errors
    /// [`Corruption`](crate::ErrorKind::Corruption) if the edit does not fit: it removes what is not there, adds what
    /// is, names a level that does not exist, or makes tables of a sorted level overlap.
    pub fn apply(&self, edit: &VersionEdit) -> Result<Version> {
        for (_, table) in &edit.added {
            if self.find(table.id).is_some() && !edit.removed.iter().any(|(_, r)| r.id == table.id) {
                return Err(unfit(format!("table {} is there already", table.id)));
            }
        }
        let mut next = self.clone();
        next.change(edit)?;
        Ok(next)
    }

    /// Makes this the shape after `edit`, without a copy: for an engine and a simulator, which make many of them. It
    /// does not look for tables that are there already. After an error the shape is as before.
    ///
    /// # Errors
    /// As [`apply`](Version::apply).
    pub fn change(&mut self, edit: &VersionEdit) -> Result<()> {
        if let Some(cursor) = edit.cursors.iter().find(|cursor| cursor.level >= self.levels.len()) {
            return Err(no_level(cursor.level));
        }
        let (mut removed, mut added) = (0, 0);
        let done = self.exchange(edit, &mut removed, &mut added);
        match done {
            Ok(()) => self.move_cursors(edit),
            Err(_) => {
                let (removed, added) = (edit.removed[..removed].to_vec(), edit.added[..added].to_vec());
                let back = VersionEdit { removed: added, added: removed, ..VersionEdit::default() };
                self.exchange(&back, &mut 0, &mut 0)?;
            }
        }
        done
    }

    /// Removes and adds tables, and counts how many. After an error, those were.
    fn exchange(&mut self, edit: &VersionEdit, removed: &mut usize, added: &mut usize) -> Result<()> {
        // An edit lists the tables of a level one after the other, and they are neighbours as a rule.
        let mut near = 0;
        while let Some((level, first)) = edit.removed.get(*removed) {
            let left = &edit.removed[*removed..];
            let here = &left[..left.iter().take_while(|(other, _)| other == level).count()];
            let tables = self.level_mut(*level)?;
            let start = tables.partition_point(|t| t.smallest.is_before(&first.smallest));
            let span = if *level == 0 { None } else { tables.span_of(here, start) };
            match span {
                Some(span) if here.len() == left.len() && tables.fits(&span, *level, &edit.added) => {
                    tables.replace(span, &edit.added);
                    return Ok(());
                }
                Some(span) => {
                    near = span.start;
                    tables.remove_span(span);
                    *removed += here.len();
                }
                None => {
                    near = tables.remove(*level, first, 0)?;
                    *removed += 1;
                }
            }
        }
        if let Some((level, first)) = edit.added.first().filter(|(level, _)| *level > 0) {
            let tables = self.level_mut(*level)?;
            let at = tables.place_for(first, near);
            if tables.fits(&(at..at), *level, &edit.added) {
                tables.replace(at..at, &edit.added);
                return Ok(());
            }
        }
        for (level, table) in &edit.added {
            let tables = self.level_mut(*level)?;
            match level {
                0 => tables.insert_by_age(table),
                _ => near = tables.insert_by_key(*level, table, near)? + 1,
            }
            *added += 1;
        }
        Ok(())
    }

    fn move_cursors(&mut self, edit: &VersionEdit) {
        edit.cursors.iter().for_each(|cursor| put_cursor(&mut self.cursors, cursor.level, cursor.to.clone()));
    }

    fn level_mut(&mut self, level: usize) -> Result<&mut Level> {
        self.levels.get_mut(level).ok_or_else(|| no_level(level))
    }

    /// Where the next round-robin compaction of `level` begins; none if there was none yet.
    pub fn cursor(&self, level: usize) -> Option<&Bytes> {
        self.cursors.get(level)?.as_ref()
    }

    /// Moves the round-robin cursor of `level`.
    ///
    /// # Errors
    /// There is no such level.
    pub fn set_cursor(&mut self, level: usize, to: Option<Bytes>) -> Result<()> {
        self.level_mut(level)?;
        put_cursor(&mut self.cursors, level, to);
        Ok(())
    }

    /// The table called `id`, and its level.
    pub fn find(&self, id: TableId) -> Option<(usize, &Rc<TableMeta>)> {
        self.levels.iter().enumerate().find_map(|(level, tables)| Some((level, tables.iter().find(|t| t.id == id)?)))
    }

    /// The tables called `ids` of one level, given in its order. Those that are not there are left out.
    pub fn among<'a, 'i>(
        &'a self,
        level: usize,
        ids: &'i [TableId],
    ) -> impl Iterator<Item = &'a Rc<TableMeta>> + use<'a, 'i> {
        self.levels.get(level).into_iter().flat_map(move |tables| tables.among(ids))
    }

    /// Every table with its level, from level 0 down.
    pub fn tables(&self) -> impl Iterator<Item = (usize, &Rc<TableMeta>)> {
        self.levels.iter().enumerate().flat_map(|(level, tables)| tables.iter().map(move |t| (level, t)))
    }

    /// Every table with its level, as an edit lists them.
    pub fn listing(&self) -> Vec<(usize, Rc<TableMeta>)> {
        self.tables().map(|(level, t)| (level, t.clone())).collect()
    }

    /// Every round-robin cursor, as an edit lists them.
    pub fn cursor_listing(&self) -> Vec<Cursor> {
        let cursor = |(level, to): (usize, &Option<Bytes>)| Some(Cursor { level, from: None, to: Some(to.clone()?) });
        self.cursors.iter().enumerate().filter_map(cursor).collect()
    }

    /// The bytes of a level.
    pub fn level_bytes(&self, level: usize) -> u64 {
        self.levels[level].totals().bytes
    }

    /// The tables of `level` that may hold a key of `smallest..=largest`.
    pub fn overlapping<'a>(
        &'a self,
        level: usize,
        smallest: &'a [u8],
        largest: &'a [u8],
    ) -> impl Iterator<Item = &'a Rc<TableMeta>> {
        self.levels[level].iter().filter(move |t| t.overlaps(smallest, largest))
    }

    /// The sorted runs that a read of any key may have to look into: each table of level 0, each other level that is
    /// not empty.
    pub fn sorted_runs(&self) -> usize {
        self.levels[0].len() + self.levels[1..].iter().filter(|l| !l.is_empty()).count()
    }
}

/// Moves the cursor of `level` to a place in `cursors`, which are as [`Version::cursors`].
pub(crate) fn put_cursor(cursors: &mut Vec<Option<Bytes>>, level: usize, to: Option<Bytes>) {
    cursors.resize(cursors.len().max(level + 1), None);
    cursors[level] = to;
    // No longer than need be: where an edit is taken back, the shape is as it was.
    let used = cursors.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
    cursors.truncate(used);
}

fn no_level(level: usize) -> Error {
    unfit(format!("there is no level {level}"))
}

/// An edit that does not fit the shape.
fn unfit(what: String) -> Error {
    Error::new(crate::ErrorKind::Corruption, format!("the version edit does not fit: {what}"))
}

impl VersionEdit {
    /// The edit that takes this one back. Counters only ever grow, so they stay.
    pub fn inverse(&self) -> VersionEdit {
        let back = |c: &Cursor| Cursor { level: c.level, from: c.to.clone(), to: c.from.clone() };
        VersionEdit {
            removed: self.added.clone(),
            added: self.removed.clone(),
            cursors: self.cursors.iter().rev().map(back).collect(),
            ..VersionEdit::default()
        }
    }
}

#[cfg(test)]
mod tests;

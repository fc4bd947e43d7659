//! The shape of the tree without bytes: which tables each level has.
//!
//! In: a [`Version`], one immutable shape, and a [`VersionEdit`], one change. Out: the next version. Errors:
//! [`Corruption`](crate::ErrorKind::Corruption), if the edit does not fit. The manifest logs every edit, and the engine
//! applies it. Applying its [`inverse`](VersionEdit::inverse) undoes it.
//!
//! ```text
//! level 0   newest first, one table per flush or merge; tables may overlap
//! level 1   one sorted run: tables in key order, no two overlap
//! level 2   one sorted run
//! ```

use std::rc::Rc;

use serde::Serialize;

use crate::{
    entry::{Bytes, SeqNo},
    error::{Error, Result},
};

mod level;

pub use level::{Level, LevelTotals};

/// A table's number, as in the name of its file.
pub type TableId = u64;

/// A table's metadata: what is known without opening it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, borsh::BorshSerialize, borsh::BorshDeserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct TableMeta {
    /// The table's number.
    pub id: TableId,
    /// The length of its file.
    pub bytes: u64,
    /// Entries, tombstones included.
    pub entries: u64,
    /// Tombstones among the entries.
    pub tombstones: u64,
    /// The bytes further down that its range deletions cover, as RocksDB estimates them when it writes the table. Our
    /// tables have no range deletions.
    #[serde(skip_serializing_if = "is_zero")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub range_deletion_bytes: u64,
    /// The first user key.
    pub smallest: Bytes,
    /// The last user key.
    pub largest: Bytes,
    /// The lowest sequence number of its entries.
    pub smallest_seq: SeqNo,
    /// The highest sequence number of its entries.
    pub largest_seq: SeqNo,
    /// The flush time of its oldest ancestor, or slightly earlier: no entry was written before (virtual seconds). `ttl`
    /// of leveled compaction compares it; RocksDB's `oldest_ancester_time`. None: unknown, as in histories of real
    /// databases.
    pub oldest_time: Option<u64>,
    /// No entry was written later than this (virtual seconds). None: unknown.
    pub newest_time: Option<u64>,
    /// The lowest and the highest sequence number of its tombstones.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub tombstone_seqs: Option<(SeqNo, SeqNo)>,
    /// The lowest sequence number of its entries that hide an older version of their key in the same table. Once every
    /// snapshot is at or past it, no reader needs that older version.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub shadowing_seq: Option<SeqNo>,
}

/// The times of several tables together: the oldest and the newest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// [`TableMeta::oldest_time`] of a merge of the tables. Unknown times are ignored, unless all are unknown (RocksDB:
    /// `Compaction::MinInputFileOldestAncesterTime`).
    pub oldest: Option<u64>,
    /// [`TableMeta::newest_time`] of a merge of the tables.
    pub newest: Option<u64>,
}

impl Times {
    /// The times of `tables`.
    pub fn of<'a>(tables: impl IntoIterator<Item = &'a TableMeta>) -> Times {
        tables.into_iter().fold(Times::default(), Times::with)
    }

    /// These times and those of one more table.
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
    /// Whether the table may hold a key of `smallest..=largest`.
    pub fn overlaps(&self, smallest: &[u8], largest: &[u8]) -> bool {
        &*self.smallest <= largest && smallest <= &*self.largest
    }

    /// Whether `key` is in the table's key range.
    pub fn contains(&self, key: &[u8]) -> bool {
        self.overlaps(key, key)
    }

    /// Whether its last key is before the first of `next`.
    pub(crate) fn ends_before(&self, next: &TableMeta) -> bool {
        self.largest.is_before(&next.smallest)
    }

    /// Twice the number of tombstones beyond half of the entries; 0 if there are fewer. RocksDB compensates a table's
    /// size for them (`VersionStorageInfo::ComputeCompensatedSizes`).
    pub(crate) fn surplus_tombstones(&self) -> u64 {
        (self.tombstones * 2).saturating_sub(self.entries)
    }
}

/// One immutable shape of the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Version {
    /// The levels, from 0 down; `num_levels` of them.
    pub levels: Vec<Level>,
    /// For each level, the key at which its next round-robin compaction begins. It ends with the last level that has
    /// one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cursors: Vec<Option<Bytes>>,
}

/// The round-robin cursor of a level, before and after an edit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, borsh::BorshSerialize, borsh::BorshDeserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Cursor {
    /// The level.
    pub level: usize,
    /// The key at which the previous compaction began; none before the first. The manifest does not log it.
    pub from: Option<Bytes>,
    /// The key at which the next compaction begins.
    pub to: Option<Bytes>,
}

/// One change of shape.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, borsh::BorshSerialize, borsh::BorshDeserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct VersionEdit {
    /// Tables that are removed, each with its level. The manifest logs their numbers only.
    pub removed: Vec<(usize, Rc<TableMeta>)>,
    /// Tables that are added, each with its level.
    pub added: Vec<(usize, Rc<TableMeta>)>,
    /// Round-robin cursors that move.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub cursors: Vec<Cursor>,
    /// From now on, logs with lower numbers are obsolete: their entries are in tables.
    pub log_number: Option<u64>,
    /// The next file number: every lower one is used.
    pub next_file: Option<u64>,
    /// The last sequence number used.
    pub last_seq: Option<SeqNo>,
    /// The virtual time, in seconds.
    pub time: Option<u64>,
    /// Pairs of a sequence number and a time in seconds: every write up to the former was made by the latter. Only with
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

    /// A tree of these levels, from 0 down, without round-robin cursors.
    pub fn of(levels: Vec<Vec<Rc<TableMeta>>>) -> Version {
        Version { levels: levels.into_iter().map(Level::from).collect(), cursors: Vec::new() }
    }

    /// The shape after `edit`.
    ///
    /// # Errors
    /// [`Corruption`](crate::ErrorKind::Corruption) if the edit does not fit: it removes a table that is absent, adds
    /// one that is present, names a level that does not exist, or makes tables of a sorted level overlap.
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

    /// Applies `edit` in place, without a copy: for the engine and the simulator, which apply many. It does not check
    /// whether an added table is already present. After an error the shape is unchanged.
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

    /// Removes and adds tables, and counts them. After an error, the counts say how many were done.
    fn exchange(&mut self, edit: &VersionEdit, removed: &mut usize, added: &mut usize) -> Result<()> {
        // An edit lists the tables of a level one after the other, and most are neighbours.
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

    /// The key at which the next round-robin compaction of `level` begins; none before the first.
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

    /// The table with number `id`, and its level.
    pub fn find(&self, id: TableId) -> Option<(usize, &Rc<TableMeta>)> {
        self.levels.iter().enumerate().find_map(|(level, tables)| Some((level, tables.iter().find(|t| t.id == id)?)))
    }

    /// The tables `ids` of `level`, which are given in the level's order. Absent ones are left out.
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

    /// The total bytes of a level.
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

    /// The number of sorted runs that a read of any key may have to search: every table of level 0, and each other
    /// level that is not empty.
    pub fn sorted_runs(&self) -> usize {
        self.levels[0].len() + self.levels[1..].iter().filter(|l| !l.is_empty()).count()
    }
}

/// Sets the cursor of `level` in `cursors`, which is laid out as [`Version::cursors`].
pub(crate) fn put_cursor(cursors: &mut Vec<Option<Bytes>>, level: usize, to: Option<Bytes>) {
    cursors.resize(cursors.len().max(level + 1), None);
    cursors[level] = to;
    // No trailing gaps: undoing an edit must restore the shape exactly.
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
    /// The edit that undoes this one. Counters only ever grow, so they stay.
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

//! The shape of a real database after each edit of its history, and sums over it.
//!
//! In: edits, which need not come from an engine like ours: level 0 is in order of epochs first. Out: the [`Version`]
//! after them. Errors: an edit does not fit.
//!
//! Tables that were flushed one after the other wait in a list of their own until the whole version is asked for, so
//! that thousands of flushes in a row cost no more for each than the first.

use std::{collections::BTreeMap, rc::Rc};

use super::{Added, Edit, MAX_TABLE_BYTES};
use crate::{
    entry::{Bytes, SeqNo},
    error::Result,
    file_id::FileId,
    version::{TableId, TableMeta, Version},
    words::say,
};

/// A version that changes.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    version: Version,
    /// Newer tables of level 0 than those of `version`, the oldest first.
    newest: Vec<Rc<TableMeta>>,
    epochs: BTreeMap<TableId, u64>,
    bytes: Vec<u64>,
    tables: Vec<usize>,
    /// Whether the sequence numbers of no two tables of level 0 interleave, as far as is known.
    in_order: bool,
    has_range_deletions: bool,
    /// The bytes of all tables, with what their range deletions cover.
    weight: u64,
}

/// The highest sequence number there can be (`kMaxSequenceNumber` in RocksDB's `db/dbformat.h`).
const MAX_SEQ: SeqNo = (1 << 56) - 1;

/// The most bytes that all tables of a database can have, 9 PB: sums over them are exact in JavaScript, and twice or a
/// thousand times as many are still a number here.
const MAX_BYTES: u64 = 1 << 53;

impl Shape {
    /// Nothing, on `levels` levels.
    pub fn new(levels: usize) -> Shape {
        Shape {
            version: Version::new(levels),
            newest: Vec::new(),
            epochs: BTreeMap::new(),
            bytes: vec![0; levels],
            tables: vec![0; levels],
            in_order: true,
            has_range_deletions: false,
            weight: 0,
        }
    }

    /// All of it.
    pub fn version(&mut self) -> &Version {
        if !self.newest.is_empty() {
            let newest = self.newest.drain(..).rev().collect();
            self.version.levels[0].prepend(newest);
        }
        &self.version
    }

    /// How many bytes each level holds.
    pub fn bytes(&self) -> &[u64] {
        &self.bytes
    }

    /// How many tables each level holds.
    pub fn tables(&self) -> &[usize] {
        &self.tables
    }

    /// As [`Version::sorted_runs`], without making the version whole.
    pub fn sorted_runs(&self) -> usize {
        self.tables[0] + self.tables[1..].iter().filter(|tables| **tables > 0).count()
    }

    /// Whether each table of level 0 is a sorted run of its own.
    pub fn is_in_order(&self) -> bool {
        self.in_order
    }

    /// Whether any table counts for more than its bytes.
    pub fn has_range_deletions(&self) -> bool {
        self.has_range_deletions
    }

    /// The oldest table of level 0.
    pub fn oldest(&self) -> Option<&TableMeta> {
        self.version.levels[0].last().or(self.newest.first()).map(|table| &**table)
    }

    /// Makes `edit`; or what is wrong with it.
    pub fn make(&mut self, edit: &Edit) -> Result<(), String> {
        self.remove(edit)?;
        edit.added.iter().try_for_each(|added| self.put(added))?;
        for (level, key) in &edit.cursors {
            self.set_cursor(*level, key).map_err(|error| error.message)?;
        }
        Ok(())
    }

    /// Moves the round-robin cursor of `level`.
    pub fn set_cursor(&mut self, level: usize, key: &Bytes) -> Result<()> {
        self.version.set_cursor(level, Some(key.clone()))
    }

    fn remove(&mut self, edit: &Edit) -> Result<(), String> {
        let mut removed = edit.removed.clone();
        removed.sort_unstable();
        for here in removed.chunk_by(|(a, _), (b, _)| a == b) {
            let level = here[0].0;
            if level == 0 {
                self.version();
            }
            let Some(tables) = self.version.levels.get_mut(level) else {
                return Err(say!("table {id}, which it removes, is not on level {level}", id = here[0].1, level));
            };
            let found = |id: TableId| here.binary_search(&(level, id)).ok();
            let mut seen = vec![false; here.len()];
            let bytes = &mut self.bytes[level];
            tables.retain(|table| {
                let at = found(table.id);
                if let Some(at) = at {
                    seen[at] = true;
                    *bytes -= table.bytes;
                    self.weight -= table.bytes + table.range_deletion_bytes;
                }
                at.is_none()
            });
            self.tables[level] = tables.len();
            if let Some((_, id)) = here.iter().zip(seen).find(|(_, seen)| !seen).map(|(of, _)| of) {
                return Err(say!("table {id}, which it removes, is not on level {level}", id, level));
            }
        }
        Ok(())
    }

    /// What level 0 is ordered by.
    fn order(&self, table: &TableMeta) -> (u64, SeqNo, SeqNo, TableId) {
        (self.epochs.get(&table.id).copied().unwrap_or(0), table.largest_seq, table.smallest_seq, table.id)
    }

    /// Puts a table where it belongs on its level; or what is wrong with it.
    fn put(&mut self, added: &Added) -> Result<(), String> {
        let Added { level, table, epoch } = added;
        if table.smallest > table.largest || table.bytes > MAX_TABLE_BYTES {
            return Err(say!("table {id} ends before it begins, or is larger than a file can be", id = table.id));
        }
        if table.id > FileId::MAX_NUMBER || table.smallest_seq.max(table.largest_seq) > MAX_SEQ {
            return Err(say!(
                "table {id} has a number, or a sequence number, that no database gives out",
                id = table.id
            ));
        }
        self.weight = self.weight.saturating_add(table.bytes).saturating_add(table.range_deletion_bytes);
        if self.weight > MAX_BYTES {
            return Err(say!("with table {id}, all tables together are larger than any database", id = table.id));
        }
        let levels = self.version.levels.len();
        if *level >= levels {
            return Err(say!(
                "it adds to level {level}, of {levels} levels: is num_levels as it was set there?",
                level,
                levels,
            ));
        }
        self.epochs.insert(table.id, *epoch);
        self.bytes[*level] += table.bytes;
        self.tables[*level] += 1;
        self.has_range_deletions |= table.range_deletion_bytes > 0;
        if *level == 0 {
            self.put_by_age(table);
        } else {
            let tables = &mut self.version.levels[*level];
            let at = tables.partition_point(|t| t.smallest < table.smallest);
            tables.insert(at, table);
        }
        Ok(())
    }

    fn put_by_age(&mut self, table: &Rc<TableMeta>) {
        let interleave = |older: &TableMeta, newer: &TableMeta| older.largest_seq > newer.smallest_seq;
        let newest = self.newest.last().or(self.version.levels[0].first());
        if newest.is_none_or(|newest| self.order(newest) < self.order(table)) {
            self.in_order &= !newest.is_some_and(|newest| interleave(newest, table));
            self.newest.push(table.clone());
            return;
        }
        self.version();
        let at = self.version.levels[0].partition_point(|t| self.order(t) > self.order(table));
        let tables = &mut self.version.levels[0];
        self.in_order &= !at.checked_sub(1).is_some_and(|newer| interleave(table, &tables[newer]));
        self.in_order &= !tables.get(at).is_some_and(|older| interleave(older, table));
        tables.insert(at, table);
    }
}

//! Lockstep on tables that hold only keys, and are as large as RocksDB's would be.
//!
//! Between our engine and RocksDB stand two things: what is decided, and how many bytes the same entries take. Here the
//! second is taken away: the keys are those that RocksDB was given, and a table of them has RocksDB's size
//! (`rocksdb_table`). What is left, the policy and the rules of where outputs are cut, is the code that the engine
//! runs; if it decides as RocksDB does, then every table comes out the same.

use std::{ops::Range, rc::Rc};

use super::{
    Experiment, ExperimentOutcome, FLUSH_EVERY, PutOrder,
    lockstep::{Lockstep, Tables},
    rocksdb_table::TableSize,
};
use crate::{
    Result,
    indexed::IndexedLevels,
    keyed::{KeyedEntry, KeyedTables, TableSizer},
    policy::Compaction,
    version::{TableId, TableMeta},
};

/// The number that RocksDB gives to the first table of a new database.
pub const FIRST_TABLE: TableId = 8;
/// The bytes of each value.
const VALUE_BYTES: u64 = 100;

/// Runs `experiment` with its number of puts, of the keys of `seed`; tables are numbered from `first`.
///
/// # Errors
/// A policy asked for what cannot be.
pub fn run(experiment: &Experiment, puts: u64, seed: u64, first: TableId) -> Result<ExperimentOutcome> {
    let mut lockstep = Lockstep::new(experiment.options(), Keyed::new(experiment.keys, seed), first);
    lockstep.put(puts, FLUSH_EVERY)?;
    Ok(lockstep.outcome())
}

impl TableSizer for TableSize {
    fn add(&mut self, entry: &KeyedEntry) {
        TableSize::add(self, entry.key);
    }

    fn written(&self) -> u64 {
        TableSize::written(self)
    }

    fn finish(self, id: TableId, largest_seq: u64, is_flushed: bool) -> u64 {
        TableSize::finish(self, id, largest_seq, is_flushed)
    }
}

/// The tables of one database, as the entries that each holds.
#[derive(Clone, Debug)]
pub struct Keyed {
    keys: PutOrder,
    seed: u64,
    tables: KeyedTables<TableSize>,
}

impl Keyed {
    /// None yet, of a database that is filled with these keys.
    pub fn new(keys: PutOrder, seed: u64) -> Keyed {
        // Nothing is deleted: how tombstones are looked at is of no account.
        Keyed { keys, seed, tables: KeyedTables::new(TableSize::new(VALUE_BYTES), true) }
    }
}

impl Tables for Keyed {
    fn flush(&mut self, puts: Range<u64>, id: TableId) -> Option<TableMeta> {
        let entry = |i| KeyedEntry { key: self.keys.number(self.seed, i), seq: i + 1, is_tombstone: false };
        self.tables.flush(puts.map(entry).collect(), id, None)
    }

    fn compact(
        &mut self,
        compaction: &Compaction,
        tree: &IndexedLevels,
        removed: &[(usize, Rc<TableMeta>)],
        next: &mut TableId,
    ) -> Vec<Rc<TableMeta>> {
        self.tables.compact(compaction, tree, removed, next)
    }

    fn distinct_keys(&self, puts: u64) -> u64 {
        self.keys.distinct(self.seed, puts)
    }
}

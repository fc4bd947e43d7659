//! Lockstep on tables without bytes: [`sim`](crate::sim)'s.

use std::{ops::Range, rc::Rc};

use super::{
    Experiment, FLUSH_EVERY, Keys, Outcome,
    lockstep::{Lockstep, Tables},
};
use crate::{
    Options, Result,
    policy::{Compaction, Tree},
    sim::{
        keys::KeyModel,
        tables::{Merger, TableFormat},
    },
    version::{TableId, TableMeta},
};

/// What RocksDB's tables have for each entry of a flush of 7,200, beside what each table has: together 905,4xx bytes.
const ENTRY_BYTES: f64 = 125.62;

/// How the keys of an experiment are drawn.
pub fn model(keys: Keys) -> KeyModel {
    match keys {
        Keys::Overwrite(keys) => KeyModel::uniform(keys),
        Keys::Insert | Keys::Sequential => KeyModel::unique(),
    }
}

/// Runs `experiment` with so many puts.
///
/// # Errors
/// A policy asked for what cannot be.
pub fn run(experiment: &Experiment, puts: u64) -> Result<Outcome> {
    let mut lockstep = lockstep(experiment.options(), experiment.keys, ENTRY_BYTES);
    lockstep.put(puts, FLUSH_EVERY)?;
    Ok(lockstep.outcome())
}

/// An empty database, whose entries take so many bytes in a table.
pub fn lockstep(options: Options, keys: Keys, entry_bytes: f64) -> Lockstep<Byteless> {
    let merger = Merger::new(model(keys), TableFormat::default());
    Lockstep::new(options, Byteless { keys, entry_bytes, merger }, 1)
}

/// Its tables.
#[derive(Debug)]
pub struct Byteless {
    keys: Keys,
    entry_bytes: f64,
    merger: Merger,
}

impl Lockstep<Byteless> {
    /// How many different keys were put, as expected.
    pub fn live(&self) -> u64 {
        self.tables.merger.model().distinct(self.puts())
    }
}

impl Tables for Byteless {
    fn flush(&mut self, puts: Range<u64>, id: TableId) -> Option<TableMeta> {
        let count = puts.end - puts.start;
        let (from, to) = match self.keys {
            // The first and the last of so many, on average.
            Keys::Insert | Keys::Overwrite(_) => (u64::MAX / (count + 1), u64::MAX - u64::MAX / (count + 1)),
            Keys::Sequential => (puts.start << 32, (puts.end - 1) << 32),
        };
        let entries = self.merger.model().distinct(count);
        let memtable = TableMeta {
            id: 0,
            bytes: TableFormat::default().table_bytes + (entries as f64 * self.entry_bytes) as u64,
            entries,
            tombstones: 0,
            smallest: from.to_be_bytes()[..].into(),
            largest: to.to_be_bytes()[..].into(),
            smallest_seq: puts.start + 1,
            largest_seq: puts.end,
            newest_time: 0,
        };
        self.merger.flush(&[memtable], id)
    }

    fn compact(
        &mut self,
        compaction: &Compaction,
        tree: &Tree,
        removed: &[(usize, Rc<TableMeta>)],
        next: &mut TableId,
    ) -> Vec<Rc<TableMeta>> {
        self.merger.compact(compaction, tree, removed, next)
    }
}

//! Lockstep on tables that hold only keys, and are as large as RocksDB's would be.
//!
//! Between our engine and RocksDB stand two things: what is decided, and how many bytes the same entries take. Here the
//! second is taken away: the keys are those that RocksDB was given, and a table of them has RocksDB's size
//! (`rocksdb_table`). What is left, the policy and the rules of where outputs are cut, is the code that the engine
//! runs; if it decides as RocksDB does, then every table comes out the same.

use std::{cmp::Reverse, collections::BTreeMap, ops::Range, rc::Rc};

use super::{
    Experiment, ExperimentOutcome, FLUSH_EVERY, PutOrder,
    lockstep::{Lockstep, Tables},
    rocksdb_table::TableSize,
};
use crate::{
    Result,
    indexed::IndexedLevels,
    policy::{Compaction, Cutter, Levels},
    version::{TableId, TableMeta, Version},
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

/// An entry: a key, and the sequence number of its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    key: u64,
    seq: u64,
}

/// The tables of one database, as the entries that each holds.
#[derive(Clone, Debug)]
pub struct Keyed {
    keys: PutOrder,
    seed: u64,
    held: BTreeMap<TableId, Vec<Entry>>,
}

impl Keyed {
    /// None yet, of a database that is filled with these keys.
    pub fn new(keys: PutOrder, seed: u64) -> Keyed {
        Keyed { keys, seed, held: BTreeMap::new() }
    }

    /// Keeps `entries`, which are in order, as table `id`, of `bytes`.
    fn keep(&mut self, id: TableId, entries: Vec<Entry>, bytes: impl FnOnce(u64) -> u64) -> Option<TableMeta> {
        let seqs = || entries.iter().map(|e| e.seq);
        let (first, last) = (entries.first()?, entries.last()?);
        let largest_seq = seqs().max()?;
        let meta = TableMeta {
            id,
            bytes: bytes(largest_seq),
            entries: entries.len() as u64,
            tombstones: 0,
            smallest: first.key.to_be_bytes()[..].into(),
            largest: last.key.to_be_bytes()[..].into(),
            smallest_seq: seqs().min()?,
            largest_seq,
            ..TableMeta::default()
        };
        self.held.insert(id, entries);
        Some(meta)
    }

    /// The entries of all inputs in order, the newest of each key only.
    fn merge(&mut self, removed: &[(usize, Rc<TableMeta>)]) -> Vec<Entry> {
        newest(removed.iter().filter_map(|(_, table)| self.held.remove(&table.id)).flatten().collect())
    }
}

/// `entries` in order, without those that are older than another of their key.
fn newest(mut entries: Vec<Entry>) -> Vec<Entry> {
    // What is in order already is found to be so.
    entries.sort_by_key(|e| (e.key, Reverse(e.seq)));
    entries.dedup_by_key(|e| e.key);
    entries
}

impl Tables for Keyed {
    fn flush(&mut self, puts: Range<u64>, id: TableId) -> Option<TableMeta> {
        let (keys, seed) = (self.keys, self.seed);
        let entries = newest(puts.map(|i| Entry { key: keys.number(seed, i), seq: i + 1 }).collect());
        let mut size = TableSize::new(VALUE_BYTES);
        entries.iter().for_each(|e| size.add(e.key));
        self.keep(id, entries, |largest_seq| size.finish(id, largest_seq, true))
    }

    fn compact(
        &mut self,
        compaction: &Compaction,
        tree: &IndexedLevels,
        removed: &[(usize, Rc<TableMeta>)],
        next: &mut TableId,
    ) -> Vec<Rc<TableMeta>> {
        let version = tree.version();
        let mut entries = self.merge(removed);
        if is_bottommost(compaction, version, &entries) {
            // Nothing older can be below: RocksDB forgets the sequence numbers.
            entries.iter_mut().for_each(|e| e.seq = 0);
        }
        let mut cutter = Cutter::new(compaction, version);
        let mut outputs: Vec<(Vec<Entry>, TableSize)> = Vec::new();
        for entry in entries {
            let size = outputs.last().map(|(_, size)| size.written());
            if cutter.cuts_before(&entry.key.to_be_bytes(), size) || outputs.is_empty() {
                outputs.push((Vec::new(), TableSize::new(VALUE_BYTES)));
            }
            if let Some((entries, size)) = outputs.last_mut() {
                size.add(entry.key);
                entries.push(entry);
            }
        }
        let mut keep = |(entries, size): (Vec<Entry>, TableSize)| {
            let id = *next;
            *next += 1;
            self.keep(id, entries, |largest_seq| size.finish(id, largest_seq, false)).map(Rc::new)
        };
        outputs.into_iter().filter_map(&mut keep).collect()
    }

    fn distinct_keys(&self, puts: u64) -> u64 {
        self.keys.distinct(self.seed, puts)
    }
}

/// Whether no deeper level has anything in the range of a merge (`Compaction::IsBottommostLevel`).
fn is_bottommost(compaction: &Compaction, version: &Version, entries: &[Entry]) -> bool {
    let (Some(first), Some(last)) = (entries.first(), entries.last()) else { return false };
    let (first, last) = (first.key.to_be_bytes(), last.key.to_be_bytes());
    compaction.output_level > 0
        && version.levels[compaction.output_level + 1..].iter().flatten().all(|table| !table.overlaps(&first, &last))
}

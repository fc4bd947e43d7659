//! Lockstep on the byteless tables of [`sim`](crate::sim).

use std::{ops::Range, rc::Rc};

use super::{
    EXPERIMENTS, Experiment, ExperimentComparison, ExperimentOutcome, FLUSH_EVERY, PUTS, PutOrder,
    lockstep::{Lockstep, Tables},
};
use crate::{
    Options, Result,
    indexed::IndexedLevels,
    policy::Compaction,
    random::Random,
    sim::merge::{KeyModel, Merger, TableFormat},
    version::{TableId, TableMeta},
};

/// What RocksDB's tables have for each entry of a flush of 7,200, beside what each table has: together 905,4xx bytes,
/// and 827,006 if keys follow each other and share most of their digits.
fn entry_bytes(keys: PutOrder) -> f64 {
    match keys {
        PutOrder::Insert | PutOrder::Overwrite(_) => 125.62,
        PutOrder::Sequential => 114.74,
    }
}

/// How the keys of an experiment are drawn.
pub fn model(keys: PutOrder) -> KeyModel {
    match keys {
        PutOrder::Overwrite(keys) => KeyModel::uniform(keys),
        PutOrder::Insert | PutOrder::Sequential => KeyModel::unique(),
    }
}

/// Compares each experiment, in as many runs as RocksDB's.
///
/// # Errors
/// A policy asked for what cannot be.
pub fn compare() -> Result<Vec<ExperimentComparison>> {
    let compare = |experiment: &'static Experiment| {
        ExperimentComparison::of(experiment, |measured| run(experiment, PUTS, measured.seed))
    };
    EXPERIMENTS.iter().map(compare).collect()
}

/// Runs `experiment` with its number of puts; `seed` says where their first and last keys lie.
///
/// # Errors
/// A policy asked for what cannot be.
pub fn run(experiment: &Experiment, puts: u64, seed: u64) -> Result<ExperimentOutcome> {
    let mut lockstep = lockstep(experiment.options(), experiment.keys, entry_bytes(experiment.keys), seed);
    lockstep.put(puts, FLUSH_EVERY)?;
    Ok(lockstep.outcome())
}

/// An empty database, each of whose entries takes `entry_bytes` in a table.
pub fn lockstep(options: Options, keys: PutOrder, entry_bytes: f64, seed: u64) -> Lockstep<Byteless> {
    let merger = Merger::new(model(keys), TableFormat::default());
    Lockstep::new(options, Byteless { keys, entry_bytes, merger, random: Random::new(seed) }, 1)
}

/// Its tables.
#[derive(Debug)]
pub struct Byteless {
    keys: PutOrder,
    entry_bytes: f64,
    merger: Merger,
    random: Random,
}

impl Byteless {
    /// Draws how far from the end of all keys the first of `count` lies: exponentially, so far apart are they on
    /// average.
    fn gap(&mut self, count: u64) -> u64 {
        // Half of what a draw can be is added, so that there is a logarithm of it.
        let share = (self.random.draw() as f64 + 0.5) / (1u128 << 64) as f64;
        ((-libm::log(share) * (u64::MAX / (count + 1)) as f64) as u64).min(u64::MAX / 2)
    }
}

impl Tables for Byteless {
    fn flush(&mut self, puts: Range<u64>, id: TableId) -> Option<TableMeta> {
        let count = puts.end - puts.start;
        let (from, to) = match self.keys {
            PutOrder::Insert | PutOrder::Overwrite(_) => (self.gap(count), u64::MAX - self.gap(count)),
            PutOrder::Sequential => (puts.start << 32, (puts.end - 1) << 32),
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
            ..TableMeta::default()
        };
        self.merger.flush(&[memtable], id)
    }

    fn compact(
        &mut self,
        compaction: &Compaction,
        tree: &IndexedLevels,
        removed: &[(usize, Rc<TableMeta>)],
        next: &mut TableId,
    ) -> Vec<Rc<TableMeta>> {
        self.merger.compact(compaction, tree, removed, next).into_iter().map(|(_, table)| table).collect()
    }

    fn distinct_keys(&self, puts: u64) -> u64 {
        self.merger.model().distinct(puts)
    }
}

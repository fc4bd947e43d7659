//! Lockstep on our engine, with every byte, in memory.
//!
//! In: an experiment and a seed. Out: what it came to. The keys are those that RocksDB was given. Its tables have a
//! format of their own; so that the tree has about as many bytes as RocksDB's, some values are a byte shorter.

use super::{Experiment, ExperimentOutcome, FLUSH_EVERY, LastSizes};
use crate::{
    Engine, Options, Result,
    options::WalSync,
    storage::{block_on, memory::Memory},
    trace::NoTrace,
};

/// As many as RocksDB was given.
const VALUE_BYTES: usize = 100;

/// One value in this many is a byte shorter. For each entry, our indexes and blocks take a quarter of a byte more than
/// RocksDB's, which would make the tree larger by the same ratio: the level that takes what the others cannot hold
/// would be a fifth larger, and begin earlier.
const SHORTER_EVERY: u64 = 4;

/// Runs `experiment` with its number of puts, of the keys of `seed`.
///
/// # Errors
/// The engine failed.
pub fn run(experiment: &Experiment, puts: u64, seed: u64) -> Result<ExperimentOutcome> {
    let options = Options { wal_sync: WalSync::Never, ..experiment.options() };
    let mut engine = block_on(Engine::open(Memory::new(), options, NoTrace)).map_err(|failed| failed.error)?;
    let mut sizes = LastSizes::default();
    let mut value = [0; VALUE_BYTES];
    for n in 1..=puts {
        let number = experiment.keys.number(seed, n - 1);
        value[..8].copy_from_slice(&n.to_le_bytes());
        let bytes = VALUE_BYTES - usize::from(n.is_multiple_of(SHORTER_EVERY));
        block_on(engine.put(format!("{number:016x}").as_bytes(), &value[..bytes]))?;
        if n % FLUSH_EVERY == 0 || n == puts {
            block_on(engine.flush())?;
            sizes.note(engine.version());
        }
    }
    Ok(ExperimentOutcome::new(engine.version(), *engine.counters(), &sizes, experiment.keys.distinct(seed, puts)))
}

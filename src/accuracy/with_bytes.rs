//! An experiment on our engine, with every byte.

use super::{Experiment, FLUSH_EVERY, Keys, Outcome};
use crate::{
    Engine, Options, Result,
    options::WalSync,
    random::Random,
    storage::{block_on, memory::Memory},
    trace::NoTrace,
};

/// Bytes of value with which a flush of 7,200 entries is as large as RocksDB's with 100: our tables store an entry's key and
/// sequence number in fewer bytes.
const VALUE_BYTES: usize = 100;

/// Runs `experiment` with so many puts, in memory.
///
/// # Errors
/// The engine failed.
pub fn run(experiment: &Experiment, puts: u64) -> Result<Outcome> {
    let options = Options { wal_sync: WalSync::Never, ..experiment.options() };
    let mut engine = block_on(Engine::open(Memory::new(), options, NoTrace)).map_err(|failed| failed.error)?;
    let mut random = Random::new(std::env::var("SEED").map_or(1, |s| s.parse().unwrap()));
    let mut value = [0; VALUE_BYTES];
    for n in 1..=puts {
        let number = match experiment.keys {
            Keys::Insert => random.draw(),
            Keys::Overwrite(keys) => Random::new(random.below(keys)).draw(),
            Keys::Sequential => n,
        };
        value[..8].copy_from_slice(&n.to_le_bytes());
        block_on(engine.put(format!("{number:016x}").as_bytes(), &value))?;
        if n % FLUSH_EVERY == 0 || n == puts {
            block_on(engine.flush())?;
        }
    }
    let counters = *engine.counters();
    Ok(Outcome {
        levels: Outcome::of_levels(engine.version()),
        flushed: counters.flush_bytes,
        flushes: counters.flushes,
        compacted: counters.compaction_bytes_written,
        compactions: counters.compactions,
        moves: counters.moves,
    })
}

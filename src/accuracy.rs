//! How near we are to the real RocksDB: the same experiments on its binary, on our engine, and on byteless tables.
//!
//! In: [`EXPERIMENTS`], with what RocksDB 9.8.4 was measured to do. Out: what we do ([`Outcome`]), and all of it as a document
//! ([`report`]), which `lsmscope accuracy` writes to `docs/accuracy.md`.
//!
//! An experiment runs in *lockstep*: it flushes after every [`FLUSH_EVERY`] puts and waits until no compaction is due. So what
//! happens hangs on the decisions alone and not on how fast a machine is: on the real RocksDB, a second run gives the same
//! files, byte for byte.

use crate::{
    options::{CompactionStyle, Options, preset},
    version::Version,
};

pub mod byteless;
mod experiments;
pub mod with_bytes;

pub use experiments::{EXPERIMENTS, Experiment, Keys, Level, Measured};

/// The puts between two flushes.
pub const FLUSH_EVERY: u64 = 7200;

/// The puts of an experiment as it was measured.
pub const PUTS: u64 = 3_000_000;

/// What an experiment came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Each level's tables and their bytes, from level 0 on.
    pub levels: Vec<(u64, u64)>,
    /// Bytes that flushes wrote, and how many flushes there were.
    pub flushed: u64,
    /// Flushes done.
    pub flushes: u64,
    /// Bytes that compactions wrote.
    pub compacted: u64,
    /// Compactions done, moves included, and the moves.
    pub compactions: u64,
    /// Of these, moves.
    pub moves: u64,
}

impl Outcome {
    /// RocksDB's write amplification: bytes that flushes and compactions wrote, by bytes that flushes wrote.
    pub fn write_amplification(&self) -> f64 {
        (self.flushed + self.compacted) as f64 / self.flushed.max(1) as f64
    }

    fn of_levels(version: &Version) -> Vec<(u64, u64)> {
        (0..version.levels.len()).map(|l| (version.levels[l].len() as u64, version.level_bytes(l))).collect()
    }
}

impl Experiment {
    /// The options that it runs with.
    pub fn options(&self) -> Options {
        let rocksdb = preset("rocksdb").expect("there is such a preset");
        Options {
            // Flushes come when asked for.
            write_buffer_size: 1 << 30,
            target_file_size_base: 1 << 20,
            max_bytes_for_level_base: 4 << 20,
            max_bytes_for_level_multiplier: self.multiplier,
            level_compaction_dynamic_level_bytes: self.dynamic,
            level0_file_num_compaction_trigger: self.trigger,
            compaction_pri: self.pri,
            compaction_style: if self.universal { CompactionStyle::Universal } else { CompactionStyle::Leveled },
            bloom_bits_per_key: 0.0,
            ..rocksdb
        }
    }
}

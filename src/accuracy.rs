//! How near we are to the real RocksDB: the same experiments on its binary, on our engine, and on byteless tables.
//!
//! In: [`EXPERIMENTS`], with what RocksDB 9.8.4 was measured to do; [`published`] figures. Out: what we do ([`Outcome`]), and
//! all of it as a document ([`report`]), which `lsmscope accuracy` writes to `docs/accuracy.md`.
//!
//! An experiment runs in *lockstep*: it flushes after every [`FLUSH_EVERY`] puts and waits until no compaction is due. So what
//! happens hangs on the decisions alone and not on how fast a machine is: on the real RocksDB, a second run gives the same
//! files, byte for byte.

use crate::{
    metrics::Counters,
    options::{CompactionStyle, Options, preset},
    version::Version,
};

pub mod byteless;
mod experiments;
pub mod keyed;
mod keys;
pub mod lockstep;
pub mod published;
pub mod report;
mod rocksdb_table;
pub mod with_bytes;

pub use experiments::{EXPERIMENTS, Experiment, Level, Measured};
pub use keys::Keys;

/// The puts between two flushes.
pub const FLUSH_EVERY: u64 = 7200;

/// The puts of an experiment as it was measured.
pub const PUTS: u64 = 3_000_000;

/// Over so many flushes at the end it is seen how far the sizes of levels go up and down.
pub const LAST_FLUSHES: usize = 100;

/// The puts of a cut that takes seconds.
pub const CUT: u64 = 200_000;

/// What an experiment came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Each level at the end, from level 0 on.
    pub levels: Vec<LevelOutcome>,
    /// What flushes and compactions did.
    pub counters: Counters,
}

/// One level at the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LevelOutcome {
    /// Its tables.
    pub tables: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Their entries.
    pub entries: u64,
    /// The fewest and the most bytes that it had after one of the last [`LAST_FLUSHES`].
    pub between: (u64, u64),
}

/// The sizes of levels after the last [`LAST_FLUSHES`], the oldest first.
#[derive(Clone, Debug, Default)]
pub struct LastSizes(std::collections::VecDeque<Vec<u64>>);

impl LastSizes {
    /// Notes how large the levels of `version` are now that nothing is due.
    pub fn note(&mut self, version: &Version) {
        self.0.push_back((0..version.levels.len()).map(|level| version.level_bytes(level)).collect());
        if self.0.len() > LAST_FLUSHES {
            self.0.pop_front();
        }
    }

    fn between(&self, level: usize) -> (u64, u64) {
        let sizes = || self.0.iter().map(|sizes| sizes[level]);
        (sizes().min().unwrap_or(0), sizes().max().unwrap_or(0))
    }
}

impl Outcome {
    fn new(version: &Version, counters: Counters, sizes: &LastSizes) -> Outcome {
        let level = |(level, tables): (usize, &crate::version::Level)| LevelOutcome {
            between: sizes.between(level),
            tables: tables.len() as u64,
            bytes: tables.iter().map(|t| t.bytes).sum(),
            entries: tables.iter().map(|t| t.entries).sum(),
        };
        Outcome { levels: version.levels.iter().enumerate().map(level).collect(), counters }
    }

    /// RocksDB's write amplification.
    pub fn write_amplification(&self) -> f64 {
        self.counters.write_rocksdb()
    }

    /// All bytes by those that `live` keys would take on the last level.
    pub fn space_amplification(&self, live: u64) -> f64 {
        let last = self.levels.iter().rev().find(|level| level.entries > 0).copied().unwrap_or_default();
        let all: u64 = self.levels.iter().map(|level| level.bytes).sum();
        all as f64 / (live as f64 * last.bytes as f64 / last.entries as f64)
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

    /// How many different keys so many puts write, as expected.
    pub fn live(&self, puts: u64) -> u64 {
        byteless::model(self.keys).distinct(puts)
    }
}

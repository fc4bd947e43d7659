//! How close we are to the real RocksDB: the same experiments on its binary, on our engine, and on byteless tables.
//!
//! In: [`EXPERIMENTS`], what RocksDB 9.8.4 was [`measured`] to do in them, and [`published`] figures. Out: what we do
//! ([`ExperimentOutcome`]), how that compares ([`ExperimentComparison`]), and all of it as a document ([`report`]),
//! which `lsmscope accuracy` writes to `docs/accuracy.md`.
//!
//! An experiment runs in *lockstep*: it flushes after every [`FLUSH_EVERY`] puts and waits until no compaction is due.
//! So what happens hangs on the decisions alone and not on how fast a machine is: on the real RocksDB, a second run
//! gives the same files, byte for byte. Ours run it three times:
//!
//! | module | what stands for tables | what may differ |
//! | --- | --- | --- |
//! | [`keyed`] | RocksDB's keys, and the sizes that its tables have | nothing, if every decision is the same |
//! | [`with_bytes`] | our engine, with RocksDB's keys | sizes: our tables have other indexes and blocks |
//! | [`byteless`] | sizes and key ranges, as the simulator has them | sizes, and where the keys lie |

use crate::{
    metrics::Counters,
    options::{CompactionStyle, Options, preset},
    version::Version,
};

pub mod byteless;
pub mod comparison;
mod experiments;
pub mod keyed;
mod keys;
pub mod lockstep;
pub mod measured;
pub mod published;
pub mod report;
mod rocksdb_table;
pub mod with_bytes;

pub use comparison::{ExperimentComparison, Pair, Spread};
pub use experiments::{EXPERIMENTS, Experiment, FirstMeasured, MeasuredLevel};
pub use keys::PutOrder;

/// The puts between two flushes.
pub const FLUSH_EVERY: u64 = 7200;

/// The puts of an experiment as it was measured.
pub const PUTS: u64 = 3_000_000;

/// Level sizes are averaged over the last flushes, this many: a small level fills up and is emptied again, a table at a
/// time, so its size at one moment says little.
pub const LAST_FLUSHES: usize = 100;

/// The puts of a cut that takes seconds.
pub const CUT: u64 = 200_000;

/// What an experiment came to.
#[derive(Clone, Debug, PartialEq)]
pub struct ExperimentOutcome {
    /// Each level at the end, from level 0 on.
    pub levels: Vec<LevelOutcome>,
    /// What flushes and compactions did.
    pub counters: Counters,
    /// How many different keys were put; on byteless tables, how many are expected to have been.
    pub distinct_keys: u64,
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
    /// Its bytes after each of the last [`LAST_FLUSHES`], on average.
    pub mean_bytes: u64,
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

    /// The average of `level`, rounded.
    fn mean(&self, level: usize) -> u64 {
        let (sum, count) = (self.0.iter().map(|sizes| sizes[level]).sum::<u64>(), self.0.len().max(1) as u64);
        (sum + count / 2) / count
    }
}

impl ExperimentOutcome {
    fn new(version: &Version, counters: Counters, sizes: &LastSizes, distinct_keys: u64) -> ExperimentOutcome {
        let level = |(level, tables): (usize, &crate::version::Level)| LevelOutcome {
            mean_bytes: sizes.mean(level),
            tables: tables.len() as u64,
            bytes: tables.iter().map(|t| t.bytes).sum(),
            entries: tables.iter().map(|t| t.entries).sum(),
        };
        ExperimentOutcome { levels: version.levels.iter().enumerate().map(level).collect(), counters, distinct_keys }
    }

    /// RocksDB's write amplification; not a number (NaN) where nothing was flushed.
    pub fn write_amplification(&self) -> f64 {
        self.counters.write_rocksdb().unwrap_or(f64::NAN)
    }

    /// All bytes by those that the different keys would take on the last level.
    pub fn space_amplification(&self) -> f64 {
        let last = self.levels.iter().rev().find(|level| level.entries > 0).copied().unwrap_or_default();
        let all: u64 = self.levels.iter().map(|level| level.bytes).sum();
        all as f64 / (self.distinct_keys as f64 * last.bytes as f64 / last.entries as f64)
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

//! The experiments, and the first measurement of RocksDB 9.8.4 in each; [`measured`](super::measured) has all runs.
//!
//! Each wrote three million entries of 16 bytes of key (the hexadecimal digits of a SplitMix64 number) and 100 of
//! value, 7,200 to a flush, without WAL and compression, with a 1 MiB write buffer, 1 MiB tables, a 4 MiB base, seven
//! levels, and two background jobs; what is not named was at RocksDB's defaults. Sizes are in MiB, as its statistics
//! print them.

use super::PutOrder;
use crate::options::CompactionPri;

/// One level as it was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeasuredLevel {
    /// The level.
    pub level: usize,
    /// Its tables, where they were counted.
    pub tables: Option<u64>,
    /// Its size.
    pub mib: f64,
}

/// What RocksDB did when it was first measured, with the keys of seed 1; of overwritten keys, with draws that were not
/// written down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FirstMeasured {
    /// The levels at the end, where they were looked at.
    pub levels: &'static [MeasuredLevel],
    /// (Flushed + compacted bytes) / flushed bytes.
    pub write_amplification: f64,
    /// All bytes / those of the live keys, where they were overwritten.
    pub space_amplification: Option<f64>,
}

/// One experiment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Experiment {
    /// What is written, and what is special.
    pub name: &'static str,
    /// Which keys.
    pub keys: PutOrder,
    /// `level_compaction_dynamic_level_bytes`.
    pub dynamic: bool,
    /// `max_bytes_for_level_multiplier`.
    pub multiplier: f64,
    /// `level0_file_num_compaction_trigger`.
    pub trigger: u64,
    /// `compaction_pri`.
    pub pri: CompactionPri,
    /// Whether compaction is universal instead of leveled.
    pub universal: bool,
    /// What RocksDB did at first.
    pub first_measured: FirstMeasured,
}

const fn level(level: usize, tables: u64, mib: f64) -> MeasuredLevel {
    MeasuredLevel { level, tables: Some(tables), mib }
}

const fn run(level: usize, mib: f64) -> MeasuredLevel {
    MeasuredLevel { level, tables: None, mib }
}

const fn leveled(
    name: &'static str,
    keys: PutOrder,
    dynamic: bool,
    multiplier: f64,
    levels: &'static [MeasuredLevel],
    write_amplification: f64,
) -> Experiment {
    Experiment {
        name,
        keys,
        dynamic,
        multiplier,
        trigger: 4,
        pri: CompactionPri::MinOverlappingRatio,
        universal: false,
        first_measured: FirstMeasured { levels, write_amplification, space_amplification: None },
    }
}

const fn universal(
    name: &'static str,
    keys: PutOrder,
    trigger: u64,
    levels: &'static [MeasuredLevel],
    write_amplification: f64,
) -> Experiment {
    Experiment { trigger, universal: true, ..leveled(name, keys, true, 10.0, levels, write_amplification) }
}

const fn by(name: &'static str, pri: CompactionPri, write_amplification: f64) -> Experiment {
    Experiment { pri, ..leveled(name, PutOrder::Insert, true, 10.0, &[], write_amplification) }
}

const fn and_space(experiment: Experiment, space_amplification: f64) -> Experiment {
    let first_measured = FirstMeasured { space_amplification: Some(space_amplification), ..experiment.first_measured };
    Experiment { first_measured, ..experiment }
}

const MILLION: PutOrder = PutOrder::Overwrite(1_000_000);

/// Every experiment.
pub const EXPERIMENTS: &[Experiment] = &[
    leveled(
        "insert, dynamic, ×10",
        PutOrder::Insert,
        true,
        10.0,
        &[level(0, 1, 0.58), level(4, 4, 3.4), level(5, 40, 31.3), level(6, 344, 319.7)],
        9.519,
    ),
    leveled(
        "insert, static, ×10",
        PutOrder::Insert,
        false,
        10.0,
        &[level(0, 1, 0.58), level(1, 4, 3.5), level(2, 41, 39.3), level(3, 346, 311.6)],
        9.602,
    ),
    leveled(
        "insert, dynamic, ×4",
        PutOrder::Insert,
        true,
        4.0,
        &[
            level(0, 1, 0.58),
            level(2, 2, 2.8),
            level(3, 2, 2.6),
            level(4, 18, 16.3),
            level(5, 72, 65.6),
            level(6, 310, 267.5),
        ],
        7.854,
    ),
    leveled(
        "insert, static, ×4",
        PutOrder::Insert,
        false,
        4.0,
        &[
            level(0, 1, 0.58),
            level(1, 5, 3.4),
            level(2, 18, 16.0),
            level(3, 70, 63.8),
            level(4, 297, 254.9),
            level(5, 20, 16.7),
        ],
        8.077,
    ),
    and_space(
        leveled(
            "overwrite of 1 million keys, dynamic, ×10",
            MILLION,
            true,
            10.0,
            &[level(0, 1, 0.58), level(4, 4, 3.4), level(5, 14, 10.7), level(6, 128, 111.8)],
            7.841,
        ),
        1.122,
    ),
    and_space(
        leveled(
            "overwrite of 1 million keys, static, ×10",
            MILLION,
            false,
            10.0,
            &[level(0, 1, 0.58), level(1, 4, 4.0), level(2, 40, 39.6), level(3, 159, 108.5)],
            7.657,
        ),
        1.353,
    ),
    by("insert, by_compensated_size", CompactionPri::ByCompensatedSize, 12.083),
    by("insert, oldest_largest_seq_first", CompactionPri::OldestLargestSeqFirst, 12.241),
    by("insert, oldest_smallest_seq_first", CompactionPri::OldestSmallestSeqFirst, 10.649),
    by("insert, round_robin", CompactionPri::RoundRobin, 9.606),
    leveled("sequential", PutOrder::Sequential, true, 10.0, &[], 1.0),
    universal(
        "universal insert, trigger 4",
        PutOrder::Insert,
        4,
        &[run(3, 9.2), run(4, 27.4), run(5, 108.0), run(6, 211.0)],
        9.844,
    ),
    and_space(universal("universal overwrite, trigger 4", MILLION, 4, &[], 8.909), 1.80),
    and_space(universal("universal overwrite, trigger 8", MILLION, 8, &[], 3.747), 1.27),
];

//! Ready-made sets of options, each with a name and its purpose.

use serde::Serialize;

use super::{CompactionStyle, DeviceChoice, JobMode, Options, Problem, WalRecoveryMode, WalSync};
use crate::words::say;

/// A named set of options.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Preset {
    /// What `preset=` takes.
    pub name: &'static str,
    /// Why one would choose it, as [`said`](crate::words::said) says it.
    #[serde(serialize_with = "crate::words::serialize_said")]
    pub about: &'static str,
    /// Makes the set.
    #[serde(skip)]
    pub make: fn() -> Options,
}

/// Every preset; the first is what the page opens with.
pub const PRESETS: &[Preset] = &[
    Preset {
        name: "teaching",
        about: "Small enough to watch: four entries fill the memtable, three tables fill level 0, a dozen puts \
                compact.",
        make: teaching,
    },
    Preset {
        name: "queue",
        about: "As teaching, but jobs wait until asked for: watch the queue of immutable memtables fill, up to four.",
        make: || Options { job_mode: JobMode::Manual, max_write_buffer_number: 5, ..teaching() },
    },
    Preset {
        name: "background",
        about: "As teaching, but jobs run beside the writes and take as long as on a slow disk: watch them run, share \
                the disk, and hold writes up when they fall behind.",
        make: || Options {
            job_mode: JobMode::Scheduled,
            device: DeviceChoice::Hdd,
            max_background_flushes: 2,
            max_background_compactions: 2,
            max_write_buffer_number: 4,
            level0_slowdown_writes_trigger: 6,
            level0_stop_writes_trigger: 9,
            delayed_write_rate: 2000,
            ..teaching()
        },
    },
    Preset {
        name: "universal",
        about: "As teaching, but runs of like size are merged, as RocksDB's universal compaction does it: less is \
                rewritten, more runs are read.",
        make: || Options { compaction_style: CompactionStyle::Universal, ..teaching() },
    },
    Preset {
        name: "size-tiered",
        about: "As teaching, but three tables of like size are merged, whatever their age, as Cassandra does it.",
        make: || Options {
            compaction_style: CompactionStyle::SizeTiered,
            size_tiered_min_threshold: 3,
            size_tiered_min_sstable_size: 0,
            ..teaching()
        },
    },
    Preset {
        name: "lazy-leveling",
        about: "As teaching, but only the last level is one run; above it, three runs lie side by side in each tier.",
        make: || Options {
            compaction_style: CompactionStyle::LazyLeveling,
            max_bytes_for_level_multiplier: 3.0,
            ..teaching()
        },
    },
    Preset {
        name: "fifo",
        about: "As teaching, but the oldest tables are dropped when there are more than 1,500 bytes: a cache, or a \
                log of the last days.",
        make: || Options { compaction_style: CompactionStyle::Fifo, fifo_max_table_files_size: 1500, ..teaching() },
    },
    Preset {
        name: "rocksdb",
        about: "RocksDB's own defaults: 64 MB memtables, dynamic level targets, a recovery that stops at the first \
                damage.",
        make: || Options { wal_recovery_mode: WalRecoveryMode::PointInTime, ..Options::default() },
    },
    Preset {
        name: "full-merge",
        about: "The smallest LSM there is: five entries fill the memtable, and compact merges every table into one.",
        make: || Options {
            write_buffer_entries: 5,
            compaction_style: CompactionStyle::Full,
            disable_auto_compactions: true,
            ..Options::default()
        },
    },
    Preset {
        name: "demo-recipe",
        about: "For charts: 200,000-byte memtables and 1,000,000-byte tables flush and compact within seconds at \
                5,000 writes a second.",
        make: || Options {
            write_buffer_size: 200_000,
            target_file_size_base: 1_000_000,
            max_bytes_for_level_base: 4_000_000,
            num_levels: 6,
            bloom_fpr: 0.01,
            wal_sync: WalSync::Never,
            level_compaction_dynamic_level_bytes: false,
            ..Options::default()
        },
    },
    Preset {
        name: "write-heavy",
        about: "Larger memtables and a lazier level 0: fewer flushes and merges, more tables for each read.",
        make: || simple_store(100, 4.0, 8, 500),
    },
    Preset {
        name: "read-heavy",
        about: "Small memtables and an eager level 0: few tables for each read, more rewriting.",
        make: || simple_store(10, 10.0, 3, 1000),
    },
    Preset { name: "balanced", about: "Between the two.", make: || simple_store(50, 10.0, 4, 1000) },
];

/// The preset called `name`.
///
/// # Errors
/// There is none: the problem lists those there are.
pub fn preset(name: &str) -> Result<Options, Problem> {
    PRESETS.iter().find(|p| p.name == name).map(|p| (p.make)()).ok_or_else(|| Problem {
        field: "preset".into(),
        value: crate::error::excerpt(name),
        expected: say!("one of {names}", names = PRESETS.iter().map(|p| p.name).collect::<Vec<_>>().join(", ")),
    })
}

fn teaching() -> Options {
    Options {
        write_buffer_size: 1024,
        write_buffer_entries: 4,
        block_size: 96,
        block_restart_interval: 4,
        block_cache_size: 512,
        target_file_size_base: 160,
        num_levels: 4,
        level0_file_num_compaction_trigger: 3,
        max_bytes_for_level_base: 2048,
        max_bytes_for_level_multiplier: 4.0,
        level_compaction_dynamic_level_bytes: false,
        max_manifest_file_size: 4096,
        ..Options::default()
    }
}

/// The store of the tuning table: memtables and levels bounded by entries, one table a level from level 1 on, an index
/// entry for every fourth entry, up to four sealed memtables. Level 0 is due at 1 MB and at `base_entries`, each level
/// further down at the ratio times more.
fn simple_store(memtable: u64, ratio: f64, level0: u64, base_entries: u64) -> Options {
    Options {
        write_buffer_size: 10 << 20,
        write_buffer_entries: memtable,
        max_write_buffer_number: 5,
        db_write_buffer_size: 10 << 20,
        index_interval: 4,
        bloom_fpr: 0.01,
        num_levels: 5,
        level0_file_num_compaction_trigger: level0,
        max_bytes_for_level_0: 1 << 20,
        max_bytes_for_level_base: (ratio * f64::from(1 << 20)) as u64,
        max_bytes_for_level_multiplier: ratio,
        max_entries_for_level_base: base_entries,
        level_compaction_dynamic_level_bytes: false,
        one_table_per_level: true,
        ..Options::default()
    }
}

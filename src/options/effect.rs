//! Which options have no effect beside others: not wrong, but worth a word where they are set.
//!
//! In: a set of options, and what runs with it. Out: each option that changes nothing there, or less than its name
//! says, with the reason ([`Options::without_effect`]), and sentences for those that were set ([`told`]). One table
//! (`ROWS`) has them all: the repl, the page, `drive` and the simulator ask here. A test runs the simulator and the
//! engine with other values of every option of the table, and finds no difference.

use super::{CompactionStyle, Compression, DeviceChoice, JobMode, Options, WalSync};
use CompactionStyle::{Fifo, Full, LazyLeveling, Leveled, SizeTiered, Universal};

/// What runs with a set of options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Executor {
    /// The engine: in the repl, on the page, in `drive`.
    Engine,
    /// The [simulator](crate::sim).
    Simulator,
}

/// An option that changes nothing, or less than its name says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WithoutEffect {
    /// The option.
    pub field: &'static str,
    /// Whether it changes nothing at all.
    pub is_all: bool,
    /// Why.
    pub reason: String,
}

/// Options that lose their effect for one reason.
struct Row {
    fields: &'static [&'static str],
    /// Whether they do.
    applies: fn(&Options, Executor) -> bool,
    /// Whether they change nothing at all.
    is_all: bool,
    /// Why. `STYLE` stands for the compaction style, `MODE` for the job mode.
    reason: &'static str,
}

const fn row(fields: &'static [&'static str], applies: fn(&Options, Executor) -> bool, reason: &'static str) -> Row {
    Row { fields, applies, is_all: true, reason }
}

const fn partly(fields: &'static [&'static str], applies: fn(&Options, Executor) -> bool, reason: &'static str) -> Row {
    Row { fields, applies, is_all: false, reason }
}

const UNIVERSAL: &[&str] = &[
    "universal_size_ratio",
    "universal_min_merge_width",
    "universal_max_merge_width",
    "universal_max_size_amplification_percent",
    "universal_stop_style",
    "universal_max_read_amp",
    "universal_allow_trivial_move",
];

const SIZE_TIERED: &[&str] = &[
    "size_tiered_min_threshold",
    "size_tiered_max_threshold",
    "size_tiered_bucket_low",
    "size_tiered_bucket_high",
    "size_tiered_min_sstable_size",
];

const LEVEL_SIZES: &[&str] = &[
    "max_bytes_for_level_base",
    "max_entries_for_level_base",
    "max_bytes_for_level_0",
    "compaction_soft_limit_percent",
    "level_compaction_dynamic_level_bytes",
];

const CUSTOM_DEVICE: &[&str] =
    &["device_read_mb_per_s", "device_write_mb_per_s", "device_latency_us", "device_fsync_us"];

/// What says how long something takes, and how many jobs run beside each other.
const TIME: &[&str] = &[
    "device",
    "device_read_mb_per_s",
    "device_write_mb_per_s",
    "device_latency_us",
    "device_fsync_us",
    "table_build_mb_per_s",
    "compression_mb_per_s",
    "rate_limiter_bytes_per_sec",
    "delayed_write_rate",
    "max_background_jobs",
    "max_background_flushes",
    "max_background_compactions",
    "max_subcompactions",
    "soft_pending_compaction_bytes_limit",
    "hard_pending_compaction_bytes_limit",
];

const LEVEL_0_LIMITS: &[&str] = &["level0_slowdown_writes_trigger", "level0_stop_writes_trigger"];

/// Of the rows that an option is in, the first that applies counts.
const ROWS: &[Row] = &[
    // The simulator.
    row(
        &["tombstone_retention_seconds"],
        |_, executor| executor == Executor::Simulator,
        "the simulator keeps no tombstone back: a merge drops it as soon as it hides nothing",
    ),
    row(
        &["wal_sync", "wal_sync_writes", "wal_bytes_per_sync"],
        |_, executor| executor == Executor::Simulator,
        "in the simulator, so many writes share a sync of the WAL that it takes no time",
    ),
    row(
        &["wal_recovery_mode", "index_interval", "block_restart_interval", "max_manifest_file_size"],
        |_, executor| executor == Executor::Simulator,
        "the simulator writes no files",
    ),
    // The compaction style.
    row(UNIVERSAL, |options, _| options.compaction_style != Universal, "compaction_style is STYLE, not universal"),
    row(SIZE_TIERED, |options, _| options.compaction_style != SizeTiered, "compaction_style is STYLE, not size_tiered"),
    row(
        &["fifo_max_table_files_size", "fifo_allow_compaction"],
        |options, _| options.compaction_style != Fifo,
        "compaction_style is STYLE, not fifo",
    ),
    row(LEVEL_SIZES, |options, _| options.compaction_style != Leveled, "STYLE compaction gives levels no target sizes"),
    row(
        &["max_bytes_for_level_multiplier"],
        |options, _| !matches!(options.compaction_style, Leveled | LazyLeveling),
        "STYLE compaction gives levels no target sizes",
    ),
    row(
        &["compaction_pri"],
        |options, _| options.compaction_style != Leveled,
        "STYLE compaction does not choose between the tables of a level",
    ),
    row(
        &["target_file_size_base"],
        |options, _| {
            // A merge of fifo compaction is limited to a number of them.
            let limits_merges = options.fifo_allow_compaction && options.max_compaction_bytes == 0;
            writes_one_table(options) && !(options.compaction_style == Fifo && limits_merges)
        },
        "STYLE compaction writes one table, whatever its size",
    ),
    row(
        &["target_file_size_multiplier", "one_table_per_level"],
        |options, _| writes_one_table(options),
        "STYLE compaction writes one table, whatever its size",
    ),
    row(&["target_file_size_multiplier"], |options, _| options.one_table_per_level, "one_table_per_level is true"),
    row(
        &["max_compaction_bytes"],
        |options, _| !matches!(options.compaction_style, Leveled | Fifo),
        "STYLE compaction goes by the number of runs and their sizes, not by the bytes of a merge",
    ),
    row(
        &["max_compaction_bytes", "level0_file_num_compaction_trigger"],
        |options, _| options.compaction_style == Fifo && !options.fifo_allow_compaction,
        "fifo compaction merges nothing while fifo_allow_compaction is false",
    ),
    partly(
        &["level0_file_num_compaction_trigger"],
        |options, _| options.compaction_style == SizeTiered,
        "size_tiered compaction goes by size_tiered_min_threshold; \
         it only says when compactions get all their slots",
    ),
    partly(
        &["level0_file_num_compaction_trigger"],
        |options, _| options.compaction_style == LazyLeveling,
        "lazy_leveling compaction goes by max_bytes_for_level_multiplier; \
         it only says when compactions get all their slots",
    ),
    row(
        &["ttl"],
        |options, _| !matches!(options.compaction_style, Leveled | Fifo),
        "STYLE compaction does not look at the age of tables",
    ),
    row(
        &["compact_on_deletion_ratio"],
        |options, _| options.compaction_style == Fifo,
        "fifo compaction rewrites nothing",
    ),
    partly(
        &["compact_on_deletion_ratio"],
        |options, _| matches!(options.compaction_style, Full | SizeTiered | LazyLeveling),
        "STYLE compaction rewrites tables of many tombstones in its oldest run only",
    ),
    row(
        &["tombstone_retention_seconds"],
        |options, _| options.compaction_style == Fifo && !options.fifo_allow_compaction,
        "fifo compaction drops whole tables, by their age",
    ),
    row(LEVEL_0_LIMITS, |options, _| options.compaction_style == Fifo, "fifo compaction keeps all tables on level 0"),
    row(
        &["hard_pending_compaction_bytes_limit"],
        |options, _| options.compaction_style != Leveled,
        "pending compaction bytes are worked out for leveled compaction only",
    ),
    row(
        &["soft_pending_compaction_bytes_limit"],
        // Without a limit, compactions have all their slots under any style.
        |options, _| options.compaction_style != Leveled && options.soft_pending_compaction_bytes_limit >= 4,
        "pending compaction bytes are worked out for leveled compaction only",
    ),
    // Others.
    row(
        &[
            "level0_slowdown_writes_trigger",
            "level0_stop_writes_trigger",
            "soft_pending_compaction_bytes_limit",
            "hard_pending_compaction_bytes_limit",
        ],
        |options, _| options.disable_auto_compactions,
        "writes do not wait for compactions that are off (disable_auto_compactions)",
    ),
    row(CUSTOM_DEVICE, |options, _| options.device != DeviceChoice::Custom, "device is not custom"),
    row(
        TIME,
        |options, executor| executor == Executor::Engine && options.job_mode != JobMode::Scheduled,
        "nothing takes any time with job_mode=MODE",
    ),
    row(
        LEVEL_0_LIMITS,
        // Universal compaction looks at when writes would stop.
        |options, executor| {
            let takes_time = executor == Executor::Simulator || options.job_mode == JobMode::Scheduled;
            !takes_time && options.compaction_style != Universal
        },
        "no write waits for compactions with job_mode=MODE",
    ),
    row(
        &["max_subcompactions"],
        |options, _| writes_one_table(options),
        "STYLE compaction writes one table, which is not built in parts",
    ),
    row(&["max_subcompactions"], |options, _| options.one_table_per_level, "one_table_per_level is true"),
    row(
        &["max_subcompactions"],
        |options, _| {
            let compresses = options.compression != Compression::None && options.compression_mb_per_s > 0.0;
            options.table_build_mb_per_s == 0.0 && !compresses
        },
        "threads take no time while table_build_mb_per_s and compression_mb_per_s are 0",
    ),
    row(&["compression_mb_per_s"], |options, _| options.compression == Compression::None, "compression is none"),
    row(
        &["max_background_jobs"],
        |options, _| options.max_background_flushes > 0 || options.max_background_compactions > 0,
        "max_background_flushes and max_background_compactions go before it",
    ),
    row(&["wal_sync_writes"], |options, _| options.wal_sync != WalSync::Writes, "wal_sync is not writes"),
    row(&["wal_bytes_per_sync"], |options, _| options.wal_sync != WalSync::Bytes, "wal_sync is not bytes"),
    row(&["soft_limit_percent"], |options, _| options.db_write_buffer_size == 0, "db_write_buffer_size is 0"),
    row(&["bloom_bits_per_key"], |options, _| options.bloom_fpr > 0.0, "bloom_fpr goes before it"),
];

/// Whether a merge is never cut.
fn writes_one_table(options: &Options) -> bool {
    matches!(options.compaction_style, Full | SizeTiered | Fifo)
}

impl Options {
    /// Every option that changes nothing, or less than its name says, beside the others, whether it was set or not.
    pub fn without_effect(&self, executor: Executor) -> Vec<WithoutEffect> {
        let mut all: Vec<WithoutEffect> = Vec::new();
        for Row { fields, applies, is_all, reason } in ROWS {
            if !applies(self, executor) {
                continue;
            }
            let reason = reason
                .replace("STYLE", &super::Value::to_text(&self.compaction_style))
                .replace("MODE", &super::Value::to_text(&self.job_mode));
            for field in *fields {
                if !all.iter().any(|known| known.field == *field) {
                    all.push(WithoutEffect { field, is_all: *is_all, reason: reason.clone() });
                }
            }
        }
        all
    }

    /// Of the options that `is_set` names, those that change nothing, or less than their names say: a sentence for each
    /// reason.
    pub fn told_without_effect(&self, executor: Executor, is_set: impl Fn(&str) -> bool) -> Vec<String> {
        let mut found = self.without_effect(executor);
        found.retain(|without| is_set(without.field));
        told(&found)
    }

    /// The same of the options that are not at their defaults.
    pub fn told_of_changed(&self, executor: Executor) -> Vec<String> {
        let changed = self.changed();
        self.told_without_effect(executor, |name| changed.iter().any(|(changed, _)| changed == name))
    }
}

/// A sentence for each reason, without a full stop.
pub fn told(found: &[WithoutEffect]) -> Vec<String> {
    let mut reasons: Vec<(&WithoutEffect, Vec<&str>)> = Vec::new();
    for without in found {
        match reasons.iter_mut().find(|(first, _)| first.reason == without.reason) {
            Some((_, fields)) => fields.push(without.field),
            None => reasons.push((without, vec![without.field])),
        }
    }
    let sentence = |(without, fields): &(&WithoutEffect, Vec<&str>)| {
        let (last, others) = fields.split_last().expect("a reason has an option");
        let names = if others.is_empty() { last.to_string() } else { format!("{} and {last}", others.join(", ")) };
        let have = if others.is_empty() { "has" } else { "have" };
        match without.is_all {
            true => format!("{names} {have} no effect: {}", without.reason),
            false => format!("{names}: {}", without.reason),
        }
    };
    reasons.iter().map(sentence).collect()
}

#[cfg(test)]
mod tests;

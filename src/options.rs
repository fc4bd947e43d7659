//! The engine's options: name, unit, default, range and trade-off of each.
//!
//! In: names and values as text. Out: [`Options`]. Errors: a [`Problem`] with the field, the value and the range;
//! [`Options::validate`] also refuses combinations that cannot work.
//!
//! One list (`knobs!`) generates the [`Options`] struct, its defaults, its validation and the descriptions that the
//! page's panel, `lsmscope repl` and the README show, so that they cannot disagree. Where RocksDB has the option, it
//! has RocksDB's name, meaning and default. [`preset`] has ready-made sets.

mod choices;
mod description;
mod factors;
mod knobs;
mod preset;
mod problem;
mod value;

pub use choices::{
    CompactionPri, CompactionStyle, Compression, DeviceChoice, JobMode, UniversalStopStyle, WalRecoveryMode, WalSync,
};
pub use description::{Description, Unit};
pub use factors::LevelFactors;
pub(crate) use knobs::knobs;
pub use preset::{PRESETS, Preset, preset};
pub use problem::Problem;
pub use value::{Choice, Knob, Value};
pub(crate) use value::{from_to, in_time, is_unit, nearest, sizes, time, unknown};

use std::fmt::Display;

use crate::words::say;

/// The most levels that a tree can have; a manifest with more is damaged.
pub(crate) const MAX_LEVELS: usize = 12;

knobs! {
    /// All options, by name. Start from [`Options::default`] or [`preset`], change fields, then
    /// [`validate`](Options::validate).
    #[derive(borsh::BorshSerialize, borsh::BorshDeserialize)]
    Options
    "memtable" {
        write_buffer_size: u64 = 64 << 20, Bytes, 64..=1 << 30,
            "The memtable is sealed when it holds this many bytes. Larger: fewer, larger flushes and less write \
             amplification, but more memory and a longer recovery.";
        write_buffer_entries: u64 = 0, Count, 0..=1 << 32,
            "The memtable is also sealed when it holds this many entries (each version of a key counts). 0: no such \
             limit.";
        max_write_buffer_number: u64 = 2, Count, 2..=64,
            "How many memtables may exist, the active one included. A write that would need one more waits for a \
             flush.";
        min_write_buffer_number_to_merge: u64 = 1, Count, 1..=63,
            "How many sealed memtables a flush waits for and merges into one table. More: versions of a key meet in \
             memory and less is written, but more memory is used.";
        db_write_buffer_size: u64 = 0, Bytes, 0..=1 << 40,
            "The most bytes that all memtables may hold together; a write beyond it waits for a flush. 0: no such \
             limit.";
        soft_limit_percent: u64 = 85, Percent, 1..=100,
            "At this share of db_write_buffer_size, sealed memtables are flushed first, and the active one is sealed \
             early, so that the hard limit is not met.";
    }
    "wal" {
        wal_sync: WalSync = WalSync::EveryWrite, Choice, (),
            "When the WAL is synced. every_write: before each write is acknowledged, so that nothing acknowledged is \
             ever lost, and every write pays for a sync. writes, bytes, never: later; faster, but a crash may lose the \
             last writes.";
        wal_sync_writes: u64 = 8, Count, 1..=1 << 32,
            "With wal_sync=writes: sync after this many writes. A crash may lose up to one fewer.";
        wal_bytes_per_sync: u64 = 4096, Bytes, 1..=1 << 40,
            "With wal_sync=bytes: sync as soon as this many bytes are not durable yet.";
        max_total_wal_size: u64 = 0, Bytes, 0..=1 << 40,
            "The memtable is also sealed when its WAL holds this many bytes, which limits how long a recovery takes. \
             0: no such limit.";
        wal_recovery_mode: WalRecoveryMode = WalRecoveryMode::TolerateCorruptedTailRecords, Choice, (),
            "What happens on an open with a damaged WAL. absolute_consistency: any damage is an error, even the torn \
             tail that a crash may leave. tolerate_corrupted_tail_records: a torn tail is dropped, other damage is an \
             error; the default here, because damage to synced bytes should be reported and not skipped. \
             point_in_time: replay stops at the first damage; RocksDB's default. skip_any_corrupted_records: \
             unreadable records are skipped, which may leave gaps.";
    }
    "table" {
        block_size: u64 = 4096, Bytes, 32..=16 << 20,
            "A data block is closed when it holds this many bytes. Smaller: a read fetches fewer bytes, but the index \
             is larger.";
        index_interval: u64 = 0, Count, 0..=1 << 20,
            "A data block is also closed after this many entries. 0: by bytes only.";
        block_restart_interval: u64 = 16, Count, 1..=1024,
            "After this many entries of a block, a key is stored in full, where a search can start; the keys between \
             share their prefixes. Smaller: faster search, larger blocks.";
        compression: Compression = Compression::None, Choice, (),
            "How each data block is compressed. lz4: fewer bytes on disk and to read, but each block takes time to \
             compress.";
        bloom_bits_per_key: f64 = 10.0, Bits, 0.0..=64.0,
            "Bits of bloom filter for each key; 0: no filter. With 10 bits, the filter passes about 1 % of absent \
             keys, and each of those costs a block read.";
        bloom_fpr: f64 = 0.0, Ratio, 0.0..=0.999,
            "The share of absent keys that a filter may pass (false positives). Unless it is 0, it sets the bits per \
             key instead of bloom_bits_per_key.";
        block_cache_size: u64 = 32 << 20, Bytes, 0..=1 << 40,
            "The most bytes of data blocks kept in memory; the least recently used are evicted first. 0: no cache.";
        target_file_size_base: u64 = 64 << 20, Bytes, 64..=1 << 40,
            "A compaction closes a table at this size and begins the next. Smaller: finer compactions, more files.";
        target_file_size_multiplier: u64 = 1, Count, 1..=100,
            "From the second level below level 0 on, tables of a level may be this many times as large as those of the \
             level above.";
    }
    "compaction" {
        compaction_style: CompactionStyle = CompactionStyle::Leveled, Choice, (),
            "Which policy picks compactions.";
        disable_auto_compactions: bool = false, Switch, (),
            "Compactions run only when asked for.";
        num_levels: u64 = 7, Count, 2..=MAX_LEVELS as u64,
            "The number of levels.";
        level0_file_num_compaction_trigger: u64 = 4, Count, 1..=1000,
            "Level 0 is due for compaction at this many tables. Smaller: reads check fewer tables. Larger: less write \
             amplification.";
        max_bytes_for_level_base: u64 = 256 << 20, Bytes, 64..=1 << 50,
            "The target size of the first level below level 0 that holds data.";
        max_bytes_for_level_multiplier: f64 = 10.0, Count, 1.1..=1000.0,
            "Each level's target is this many times the one above. Larger: fewer levels to read, more bytes rewritten \
             in each.";
        max_bytes_for_level_multiplier_additional: LevelFactors = LevelFactors::default(), Count, 1..=1000,
            "Further factors of the levels' targets, from level 0 on: 1:3 makes level 2 three times larger than the \
             multiplier says. Only without level_compaction_dynamic_level_bytes. Empty: none.";
        max_entries_for_level_base: u64 = 0, Count, 0..=1 << 40,
            "A level is also due at this many entries (times the multiplier for each level further down). 0: by bytes \
             only.";
        max_bytes_for_level_0: u64 = 0, Bytes, 0..=1 << 50,
            "Level 0 is also due at this many bytes. 0: at max_bytes_for_level_base, as in RocksDB.";
        compaction_soft_limit_percent: u64 = 100, Percent, 1..=100,
            "A level is due when it reaches this share of its limits (tables, bytes or entries), before it reaches the \
             limits themselves. 100, as in RocksDB: at the limits. Smaller: earlier, smaller compactions, and more of \
             them.";
        level_compaction_dynamic_level_bytes: bool = true, Switch, (),
            "Target sizes are computed from the largest level upwards, so that most of the data is in the last level \
             and little space is wasted, instead of from level 1 downwards.";
        one_table_per_level: bool = false, Switch, (),
            "From level 1 on, a level is one table, whatever its size, as in simple stores.";
        compaction_pri: CompactionPri = CompactionPri::MinOverlappingRatio, Choice, (),
            "Which table of a due level is compacted first. min_overlapping_ratio: the one that rewrites the fewest \
             bytes of the next level for each byte of its own; in most cases the least write amplification. \
             by_compensated_size: the largest, with tombstones counted on top; frees deleted space early. \
             oldest_largest_seq_first: the one that has not been written to for the longest time; for hot and cold key \
             ranges. oldest_smallest_seq_first: the one that holds the oldest write, so that no data waits long. \
             round_robin: one after the other, in key order.";
        ttl: u64 = 30 * 24 * 60 * 60, Seconds, 0..=1 << 40,
            "Tables whose oldest data is older than this (in virtual time) are compacted one level down, so that \
             deletes reach the last level in time; from half this age on they go first. FIFO compaction drops tables \
             that have no younger data instead. 0: never.";
        compact_on_deletion_ratio: f64 = 0.0, Ratio, 0.0..=1.0,
            "A table is marked for compaction when at least this share of its entries are tombstones. It is compacted \
             first, even if its level is not due, so that reads pass fewer tombstones. On the last level it is \
             rewritten in place, as soon as all its tombstones may be dropped. 0: no table is marked.";
        max_compaction_bytes: u64 = 0, Bytes, 0..=1 << 50,
            "A compaction takes no more input than this beyond the tables that it must take. 0: 25 times \
             target_file_size_base.";
        tombstone_retention_seconds: u64 = 0, Seconds, 0..=1 << 40,
            "How old (in virtual time) a tombstone must be before a compaction may drop it. It is never dropped while \
             it hides an older version. On the last level, a table is rewritten when the last of its tombstones is \
             that old; the command compact rewrites it as soon as one is.";
        universal_size_ratio: u64 = 1, Percent, 0..=10_000,
            "With universal compaction: a run is merged with the newer ones if it is at most this much larger than \
             they are together. RocksDB's compaction_options_universal.size_ratio.";
        universal_min_merge_width: u64 = 2, Count, 2..=4_294_967_295,
            "With universal compaction: the fewest runs that one merge by size takes.";
        universal_max_merge_width: u64 = 4_294_967_295, Count, 2..=4_294_967_295,
            "With universal compaction: the most runs that one merge by size takes. Smaller: shorter jobs, more of \
             them.";
        universal_max_size_amplification_percent: u64 = 200, Percent, 0..=1_000_000,
            "With universal compaction: everything is merged when all newer runs together reach this share of the \
             oldest. Smaller: less space is wasted, but more is rewritten.";
        universal_stop_style: UniversalStopStyle = UniversalStopStyle::TotalSize, Choice, (),
            "With universal compaction: what the size of the next run is compared with. total_size: all runs taken so \
             far, together. similar_size: the run taken last; neither of the two may be much larger.";
        universal_max_read_amp: i64 = -1, Count, -1..=1_000_000,
            "With universal compaction: the most sorted runs, before runs are merged whatever their sizes; it counts \
             once there are level0_file_num_compaction_trigger runs. -1: that trigger. 0: as many runs as would have \
             like sizes between write_buffer_size and the largest run. RocksDB's \
             compaction_options_universal.max_read_amp.";
        universal_allow_trivial_move: bool = false, Switch, (),
            "With universal compaction: runs that do not overlap are moved to their new level instead of being merged. \
             RocksDB's compaction_options_universal.allow_trivial_move.";
        size_tiered_min_threshold: u64 = 4, Count, 2..=1000,
            "With size-tiered compaction: the fewest tables of like size that are merged. Cassandra's min_threshold.";
        size_tiered_max_threshold: u64 = 32, Count, 2..=1000,
            "With size-tiered compaction: the most tables that one merge takes. Cassandra's max_threshold.";
        size_tiered_bucket_low: f64 = 0.5, Ratio, 0.0..=1.0,
            "With size-tiered compaction: a table is like others if it is larger than their average times this. \
             Cassandra's bucket_low.";
        size_tiered_bucket_high: f64 = 1.5, Ratio, 1.0..=100.0,
            "With size-tiered compaction: a table is like others if it is smaller than their average times this. \
             Cassandra's bucket_high.";
        size_tiered_min_sstable_size: u64 = 50 << 20, Bytes, 0..=1 << 40,
            "With size-tiered compaction: tables smaller than this are all alike. Cassandra's min_sstable_size.";
        fifo_max_table_files_size: u64 = 1 << 30, Bytes, 1..=1 << 50,
            "With FIFO compaction: when all tables together are larger than this, the oldest are dropped with all \
             their entries. Tables older than ttl are dropped as well. RocksDB's \
             compaction_options_fifo.max_table_files_size.";
        fifo_allow_compaction: bool = false, Switch, (),
            "With FIFO compaction: small tables of level 0 are merged, so that a read has fewer to check. RocksDB's \
             compaction_options_fifo.allow_compaction.";
    }
    "jobs" {
        max_background_jobs: u64 = 2, Count, 1..=256,
            "How many flushes and compactions may run at the same time: a quarter of them flushes, the rest \
             compactions, at least one of each. Only one compaction runs until compactions fall behind. More: they \
             catch up sooner, and share the device.";
        max_background_flushes: u64 = 0, Count, 0..=256,
            "How many flushes may run at the same time. 0: a quarter of max_background_jobs, or one if \
             max_background_compactions is set.";
        max_background_compactions: u64 = 0, Count, 0..=256,
            "How many compactions may run at the same time once they have fallen behind. 0: the rest of \
             max_background_jobs, or one if max_background_flushes is set.";
        max_subcompactions: u64 = 1, Count, 1..=256,
            "Into how many parts a compaction out of level 0 is split, each merged by a thread of its own. More: level \
             0 is emptied sooner, if the processor is what limits it and not the device.";
        rate_limiter_bytes_per_sec: u64 = 0, Bytes, 0..=1 << 50,
            "The most bytes per second that all flushes and compactions together may write. Less: reads and the WAL \
             get more of the device, and compactions take longer. 0: no such limit.";
        level0_slowdown_writes_trigger: u64 = 20, Count, 1..=100_000,
            "Writes are slowed down while level 0 has this many tables, so that compactions can keep up. A value below \
             level0_file_num_compaction_trigger is raised to it, as in RocksDB.";
        level0_stop_writes_trigger: u64 = 36, Count, 1..=100_000,
            "Writes wait while level 0 has this many tables. A value below level0_slowdown_writes_trigger is raised to \
             it, as in RocksDB.";
        soft_pending_compaction_bytes_limit: u64 = 64 << 30, Bytes, 0..=1 << 50,
            "Writes are slowed down while compactions have to rewrite this many bytes until every level is within its \
             target. 0: no such limit.";
        hard_pending_compaction_bytes_limit: u64 = 256 << 30, Bytes, 0..=1 << 50,
            "Writes wait while compactions have to rewrite this many bytes until every level is within its target. 0: \
             no such limit.";
        delayed_write_rate: u64 = 0, Bytes, 0..=1 << 50,
            "How many bytes per second may be written when writes begin to be slowed down; from then on it is adjusted \
             to whether compactions catch up. 0: rate_limiter_bytes_per_sec, or 16 MB without that limit.";
    }
    "device" {
        device: DeviceChoice = DeviceChoice::Nvme, Choice, (),
            "The storage device whose speed sets the virtual time. nvme: reads 3,000 MB/s and writes 2,000. sata_ssd: \
             530 and 500. gp3: a cloud volume, 125. hdd: 160, and 8 ms for each seek. custom: as the four device_ \
             options say.";
        device_read_mb_per_s: f64 = 500.0, Count, 0.001..=1_000_000.0,
            "With device=custom: how many MB (1,048,576 bytes) it reads per second.";
        device_write_mb_per_s: f64 = 500.0, Count, 0.001..=1_000_000.0,
            "With device=custom: how many MB (1,048,576 bytes) it writes per second.";
        device_latency_us: f64 = 100.0, Count, 0.0..=10_000_000.0,
            "With device=custom: how many microseconds pass before a request moves its first byte, whatever its size.";
        device_fsync_us: f64 = 1000.0, Count, 0.0..=10_000_000.0,
            "With device=custom: how many microseconds it takes to make a file durable once its bytes are written.";
        table_build_mb_per_s: f64 = 0.0, Count, 0.0..=1_000_000.0,
            "How many MB per second one thread can merge and build into tables, apart from reading and writing them; \
             one core does 200 to 400. 0: this takes no time.";
        compression_mb_per_s: f64 = 0.0, Count, 0.0..=1_000_000.0,
            "How many MB per second one thread can compress, if compression is on; LZ4 does about 500. 0: this takes \
             no time.";
    }
    "engine" {
        job_mode: JobMode = JobMode::Inline, Choice, (),
            "When flushes and compactions run. inline: at once, inside the write that calls for them. scheduled: in \
             the background, for as long as the device takes in virtual time. manual: only when asked for, so that one \
             can watch the queue fill.";
        max_manifest_file_size: u64 = 64 << 10, Bytes, 256..=1 << 40,
            "The manifest is rewritten when it is larger than this and larger than twice what a list of all tables \
             takes.";
    }
}

impl Options {
    /// Every problem of this set; empty if a database can be opened with it.
    pub fn validate(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        self.check_ranges(&mut problems);
        if self.min_write_buffer_number_to_merge >= self.max_write_buffer_number {
            problems.push(Problem {
                field: "min_write_buffer_number_to_merge".into(),
                value: self.min_write_buffer_number_to_merge.to_string(),
                expected: say!(
                    "less than max_write_buffer_number ({n}), or no flush could ever begin",
                    n = self.max_write_buffer_number,
                ),
            });
        }
        if self.db_write_buffer_size != 0 && self.db_write_buffer_size < 64 {
            problems.push(Problem {
                field: "db_write_buffer_size".into(),
                value: self.db_write_buffer_size.to_string(),
                expected: say!("0 (no limit) or at least 64 bytes"),
            });
        }
        if self.size_tiered_max_threshold < self.size_tiered_min_threshold {
            problems.push(Problem {
                field: "size_tiered_max_threshold".into(),
                value: self.size_tiered_max_threshold.to_string(),
                expected: at_least("size_tiered_min_threshold", self.size_tiered_min_threshold),
            });
        }
        if self.universal_max_merge_width < self.universal_min_merge_width {
            problems.push(Problem {
                field: "universal_max_merge_width".into(),
                value: self.universal_max_merge_width.to_string(),
                expected: at_least("universal_min_merge_width", self.universal_min_merge_width),
            });
        }
        let read_amp = u64::try_from(self.universal_max_read_amp).unwrap_or(0);
        if read_amp > 0 && read_amp < self.level0_file_num_compaction_trigger {
            problems.push(Problem {
                field: "universal_max_read_amp".into(),
                value: read_amp.to_string(),
                expected: say!(
                    "-1, 0, or at least level0_file_num_compaction_trigger ({n})",
                    n = self.level0_file_num_compaction_trigger,
                ),
            });
        }
        problems
    }

    /// `self`, or its first problem as an error.
    ///
    /// # Errors
    /// The first of [`validate`](Options::validate)'s problems.
    pub fn checked(self) -> crate::Result<Options> {
        match self.validate().into_iter().next() {
            Some(problem) => Err(problem.into()),
            None => Ok(self),
        }
    }

    /// The size at which an output table of `level` ends: bytes. RocksDB's `MaxFileSizeForLevel`: under dynamic levels,
    /// `base_level` is the first level with data; it and the next level have the base size. Otherwise levels 0 and 1
    /// have it.
    pub fn target_file_size(&self, level: usize, base_level: Option<usize>) -> u64 {
        if self.one_table_per_level && level > 0 {
            return u64::MAX;
        }
        let level = base_level.and_then(|base| level.checked_sub(base)).unwrap_or(level);
        let multiplier = self.target_file_size_multiplier as f64;
        (1..level).fold(self.target_file_size_base, |size, _| times(size, multiplier))
    }

    /// The bytes at which level 0 is due.
    pub fn level_0_limit(&self) -> u64 {
        match self.max_bytes_for_level_0 {
            0 => self.max_bytes_for_level_base,
            limit => limit,
        }
    }

    /// The most bytes of optional inputs that a compaction takes in.
    pub fn compaction_limit(&self) -> u64 {
        match self.max_compaction_bytes {
            0 => self.target_file_size_base.saturating_mul(25),
            limit => limit,
        }
    }

    /// Filter bits per key, from the option that sets them: `bits = -ln(fpr) / ln(2)²`.
    pub fn filter_bits_per_key(&self) -> f64 {
        if self.bloom_fpr > 0.0 {
            -self.bloom_fpr.ln() / (std::f64::consts::LN_2 * std::f64::consts::LN_2)
        } else {
            self.bloom_bits_per_key
        }
    }

    /// The number of levels, as an index type.
    pub fn levels(&self) -> usize {
        self.num_levels as usize
    }
}

/// `at least block_size (64)`: what another field asks of one.
pub(crate) fn at_least(field: &str, n: impl Display) -> String {
    say!("at least {field} ({n})", field, n)
}

/// `bytes × multiplier`, truncated; `bytes` where the product overflows, as in RocksDB's `MultiplyCheckOverflow`.
pub(crate) fn times(bytes: u64, multiplier: f64) -> u64 {
    // Only a large product needs the division that detects an overflow.
    let is_small = bytes < 1 << 40 && multiplier < 1e6;
    if bytes == 0 {
        0
    } else if !is_small && ((u64::MAX / bytes) as f64) < multiplier {
        bytes
    } else {
        (bytes as f64 * multiplier) as u64
    }
}

#[cfg(test)]
mod tests;

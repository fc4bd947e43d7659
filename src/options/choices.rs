//! The knobs that are one of some names: what each name means, and how it is written.

use serde::Serialize;

use super::Choice;

/// When the WAL is made durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum WalSync {
    /// Before every write is acknowledged.
    EveryWrite,
    /// After every `wal_sync_writes` writes.
    Writes,
    /// After every `wal_bytes_per_sync` bytes.
    Bytes,
    /// Only when the memtable is sealed.
    Never,
}

impl Choice for WalSync {
    const NAMES: &'static [(&'static str, WalSync)] = &[
        ("every_write", WalSync::EveryWrite),
        ("writes", WalSync::Writes),
        ("bytes", WalSync::Bytes),
        ("never", WalSync::Never),
    ];
}

/// What recovery does about a WAL that is not as it was written. Each mode accepts more than the one before, and
/// promises less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum WalRecoveryMode {
    /// Anything wrong stops the open with an error, a torn tail too.
    AbsoluteConsistency,
    /// A torn tail is dropped, as every crash may leave one; any other damage stops the open with an error.
    TolerateCorruptedTailRecords,
    /// Replay stops at the first damage. What comes after it is dropped, but for a later log that goes on exactly
    /// there: what is recovered is the database as it was at some moment.
    PointInTime,
    /// What cannot be read is passed over. What is recovered may never have been there together.
    SkipAnyCorruptedRecords,
}

impl Choice for WalRecoveryMode {
    const NAMES: &'static [(&'static str, WalRecoveryMode)] = &[
        ("absolute_consistency", WalRecoveryMode::AbsoluteConsistency),
        ("tolerate_corrupted_tail_records", WalRecoveryMode::TolerateCorruptedTailRecords),
        ("point_in_time", WalRecoveryMode::PointInTime),
        ("skip_any_corrupted_records", WalRecoveryMode::SkipAnyCorruptedRecords),
    ];
}

/// How data blocks are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Compression {
    /// As they are.
    None,
    /// LZ4, where a block gets smaller by it.
    Lz4,
}

impl Choice for Compression {
    const NAMES: &'static [(&'static str, Compression)] = &[("none", Compression::None), ("lz4", Compression::Lz4)];
}

/// Which [`Policy`](crate::policy::Policy) picks compactions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum CompactionStyle {
    /// Levels with targets, each one sorted run from level 1 on.
    Leveled,
    /// Merge everything into one table.
    Full,
    /// Sorted runs in order of age, merged with neighbours of like size.
    Universal,
    /// Tables of like size, merged whatever their age.
    SizeTiered,
    /// Runs in tiers, each as many as the size ratio; one run at the bottom.
    LazyLeveling,
    /// The oldest tables are dropped when they are too old, or there is too much.
    Fifo,
}

impl Choice for CompactionStyle {
    const NAMES: &'static [(&'static str, CompactionStyle)] = &[
        ("leveled", CompactionStyle::Leveled),
        ("full", CompactionStyle::Full),
        ("universal", CompactionStyle::Universal),
        ("size_tiered", CompactionStyle::SizeTiered),
        ("lazy_leveling", CompactionStyle::LazyLeveling),
        ("fifo", CompactionStyle::Fifo),
    ];
}

/// When universal compaction stops taking in further runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum UniversalStopStyle {
    /// When the next is larger than all that were taken, together.
    TotalSize,
    /// When the next is larger, or much smaller, than the last that was taken.
    SimilarSize,
}

impl Choice for UniversalStopStyle {
    const NAMES: &'static [(&'static str, UniversalStopStyle)] =
        &[("total_size", UniversalStopStyle::TotalSize), ("similar_size", UniversalStopStyle::SimilarSize)];
}

/// Which table of a level that is due goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum CompactionPri {
    /// The one that rewrites the fewest bytes of the next level for each byte of its own.
    MinOverlappingRatio,
    /// The largest, tombstones counted on top.
    ByCompensatedSize,
    /// The one whose newest write is the oldest.
    OldestLargestSeqFirst,
    /// The one whose oldest write is the oldest.
    OldestSmallestSeqFirst,
    /// One after the other, in the order of keys.
    RoundRobin,
}

impl Choice for CompactionPri {
    const NAMES: &'static [(&'static str, CompactionPri)] = &[
        ("min_overlapping_ratio", CompactionPri::MinOverlappingRatio),
        ("by_compensated_size", CompactionPri::ByCompensatedSize),
        ("oldest_largest_seq_first", CompactionPri::OldestLargestSeqFirst),
        ("oldest_smallest_seq_first", CompactionPri::OldestSmallestSeqFirst),
        ("round_robin", CompactionPri::RoundRobin),
    ];
}

/// When background jobs run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum JobMode {
    /// At once, before the write that called for them returns.
    Inline,
    /// Beside the writes: begun at once, installed when virtual time says that the device has moved their bytes.
    Scheduled,
    /// When asked for (`flush`, `compact`), or when a write can not go on without.
    Manual,
}

impl Choice for JobMode {
    const NAMES: &'static [(&'static str, JobMode)] =
        &[("inline", JobMode::Inline), ("scheduled", JobMode::Scheduled), ("manual", JobMode::Manual)];
}

/// What virtual time reads and writes on; its numbers are in [`Device`](crate::runtime::Device).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum DeviceChoice {
    /// A flash drive on PCI Express.
    Nvme,
    /// A flash drive on SATA.
    SataSsd,
    /// A cloud volume: Amazon EBS gp3 as it comes.
    Gp3,
    /// A disk that turns.
    Hdd,
    /// As the `device_…` knobs say.
    Custom,
}

impl Choice for DeviceChoice {
    const NAMES: &'static [(&'static str, DeviceChoice)] = &[
        ("nvme", DeviceChoice::Nvme),
        ("sata_ssd", DeviceChoice::SataSsd),
        ("gp3", DeviceChoice::Gp3),
        ("hdd", DeviceChoice::Hdd),
        ("custom", DeviceChoice::Custom),
    ];
}

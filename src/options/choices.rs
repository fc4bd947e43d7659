//! The options with named values: what each name means, and how it is written.

use serde::Serialize;

use super::Choice;

/// An enum of which every variant has a name, as it is typed and shown.
macro_rules! choices {
    ($( $(#[$about:meta])* $kind:ident { $( $(#[$meaning:meta])* $variant:ident = $name:literal, )* } )*) => { $(
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
        #[derive(borsh::BorshSerialize, borsh::BorshDeserialize)]
        #[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
        pub enum $kind {
            $( $(#[$meaning])* #[serde(rename = $name)] $variant, )*
        }

        impl Choice for $kind {
            const NAMES: &'static [(&'static str, $kind)] = &[$( ($name, $kind::$variant), )*];
        }
    )* };
}

choices! {
    /// When the WAL is made durable.
    WalSync {
        /// Before every write is acknowledged.
        EveryWrite = "every_write",
        /// After every `wal_sync_writes` writes.
        Writes = "writes",
        /// After every `wal_bytes_per_sync` bytes.
        Bytes = "bytes",
        /// Only when the memtable is sealed.
        Never = "never",
    }

    /// What recovery does about a WAL that is not as it was written. Each mode accepts more than the one before, and
    /// promises less.
    WalRecoveryMode {
        /// Anything wrong stops the open with an error, a torn tail too.
        AbsoluteConsistency = "absolute_consistency",
        /// A torn tail is dropped, as every crash may leave one; any other damage stops the open with an error.
        TolerateCorruptedTailRecords = "tolerate_corrupted_tail_records",
        /// Replay stops at the first damage. What comes after it is dropped, but for a later log that goes on exactly
        /// there: what is recovered is the database as it was at some moment.
        PointInTime = "point_in_time",
        /// What cannot be read is passed over. What is recovered may never have been there together.
        SkipAnyCorruptedRecords = "skip_any_corrupted_records",
    }

    /// How data blocks are compressed.
    Compression {
        /// As they are.
        None = "none",
        /// LZ4, where a block gets smaller by it.
        Lz4 = "lz4",
    }

    /// Which [`Policy`](crate::policy::Policy) picks compactions.
    CompactionStyle {
        /// Levels with targets, each one sorted run from level 1 on.
        Leveled = "leveled",
        /// Merge everything into one table.
        Full = "full",
        /// Sorted runs in order of age, merged with neighbours of like size.
        Universal = "universal",
        /// Tables of like size, merged whatever their age.
        SizeTiered = "size_tiered",
        /// Runs in tiers, each as many as the size ratio; one run at the bottom.
        LazyLeveling = "lazy_leveling",
        /// The oldest tables are dropped when they are too old, or there is too much.
        Fifo = "fifo",
    }

    /// When universal compaction stops taking in further runs.
    UniversalStopStyle {
        /// When the next is larger than all that were taken, together.
        TotalSize = "total_size",
        /// When the next is larger, or much smaller, than the last that was taken.
        SimilarSize = "similar_size",
    }

    /// Which table of a level that is due goes first.
    CompactionPri {
        /// The one that rewrites the fewest bytes of the next level for each byte of its own.
        MinOverlappingRatio = "min_overlapping_ratio",
        /// The largest, tombstones counted on top.
        ByCompensatedSize = "by_compensated_size",
        /// The one whose newest write is the oldest.
        OldestLargestSeqFirst = "oldest_largest_seq_first",
        /// The one whose oldest write is the oldest.
        OldestSmallestSeqFirst = "oldest_smallest_seq_first",
        /// One after the other, in the order of keys.
        RoundRobin = "round_robin",
    }

    /// When background jobs run.
    JobMode {
        /// At once, before the write that called for them returns.
        Inline = "inline",
        /// Beside the writes: begun at once, installed when virtual time says that the device has moved their bytes.
        Scheduled = "scheduled",
        /// When asked for (`flush`, `compact`), or when a write can not go on without.
        Manual = "manual",
    }

    /// What virtual time reads and writes on; its numbers are in [`Device`](crate::runtime::Device).
    DeviceChoice {
        /// A flash drive on PCI Express.
        Nvme = "nvme",
        /// A flash drive on SATA.
        SataSsd = "sata_ssd",
        /// A cloud volume: Amazon EBS gp3 as it comes.
        Gp3 = "gp3",
        /// A disk that turns.
        Hdd = "hdd",
        /// As the `device_…` knobs say.
        Custom = "custom",
    }
}

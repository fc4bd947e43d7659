//! The fields of events: places, reasons, costs, records.

use serde::Serialize;

use crate::{
    entry::{Bytes, EntryKind, SeqNo},
    runtime::stall::Cause,
    version::TableId,
};

/// One write, as a WAL frame holds it.
#[derive(Clone, Debug, PartialEq, Serialize, borsh::BorshSerialize, borsh::BorshDeserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct WalRecord {
    /// Its sequence number.
    pub seq: SeqNo,
    /// Put or delete.
    pub kind: EntryKind,
    /// The key.
    pub key: Bytes,
    /// The first bytes of the value.
    pub value: Bytes,
    /// The length of the whole value.
    pub value_bytes: u64,
}

/// Where a version of a key was found, or came from.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, borsh::BorshSerialize, borsh::BorshDeserialize,
)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(tag = "in", rename_all = "snake_case")]
pub enum Place {
    /// A memtable, active or immutable.
    Memtable {
        /// Its number.
        id: u64,
    },
    /// A table.
    Table {
        /// Its number.
        id: TableId,
        /// Its level.
        level: usize,
    },
}

/// Why a merge dropped an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, borsh::BorshSerialize, borsh::BorshDeserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum DropReason {
    /// A newer version of the key hides it from every reader.
    Shadowed,
    /// A tombstone with nothing left below it to hide.
    TombstoneDone,
}

/// Why a merge kept an entry that is not simply the newest version of its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, borsh::BorshSerialize, borsh::BorshDeserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum KeepReason {
    /// The newest version of its key.
    Newest,
    /// A snapshot still sees it.
    Snapshot,
    /// A tombstone that hides what lies deeper, or may.
    TombstoneHides,
    /// A tombstone that is younger than `tombstone_retention_seconds`.
    TombstoneRetained,
}

/// Why a memtable was sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, borsh::BorshSerialize, borsh::BorshDeserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum SealReason {
    /// It holds `write_buffer_size` bytes.
    Bytes,
    /// It holds `write_buffer_entries` entries.
    Entries,
    /// Its WAL holds `max_total_wal_size` bytes.
    WalSize,
    /// All memtables together are past the soft limit.
    SoftLimit,
    /// A flush was asked for.
    Asked,
    /// Recovery cannot rely on the log any more: what it holds goes into a table.
    Recovery,
}

/// Why a write had to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, borsh::BorshSerialize, borsh::BorshDeserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum StallReason {
    /// There are `max_write_buffer_number` memtables already.
    Memtables,
    /// All memtables together hold `db_write_buffer_size`.
    Memory,
    /// Level 0 has `level0_stop_writes_trigger` tables.
    Level0,
    /// Compactions have `hard_pending_compaction_bytes_limit` bytes to rewrite.
    PendingBytes,
}

impl From<Cause> for StallReason {
    fn from(cause: Cause) -> StallReason {
        match cause {
            Cause::Memtables => StallReason::Memtables,
            Cause::Memory => StallReason::Memory,
            Cause::Level0 => StallReason::Level0,
            Cause::PendingBytes => StallReason::PendingBytes,
        }
    }
}

/// One bit of a bloom filter that a read has tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, borsh::BorshSerialize, borsh::BorshDeserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct BitProbe {
    /// Which bit of the filter.
    pub bit: u64,
    /// Whether it is set. The first that is not ends the probe: the key is not in the table.
    pub set: bool,
}

/// What a read cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, borsh::BorshSerialize, borsh::BorshDeserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Cost {
    /// Memtables searched.
    pub memtables: u64,
    /// Tables whose range holds the key.
    pub tables: u64,
    /// Filters asked.
    pub filters: u64,
    /// Filters that said no, so that nothing more of their table was read.
    pub filter_negatives: u64,
    /// Filters that said maybe, for nothing.
    pub false_positives: u64,
    /// Data blocks searched.
    pub blocks: u64,
    /// Of these, found in the cache.
    pub cache_hits: u64,
    /// Bytes read from storage.
    pub bytes_read: u64,
}

/// The parts of a table's file behind its data blocks, in the order they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, borsh::BorshSerialize, borsh::BorshDeserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// The bloom filter.
    Filter,
    /// One entry per data block.
    Index,
    /// Counts and ranges.
    Properties,
    /// Where the others are, version and magic.
    Footer,
}

//! The sizes of what a table file holds.
//!
//! In: nothing; the default is measured on RocksDB 9.8 (`docs/accuracy.md`). Out: a [`TableFormat`]: what a file costs
//! beside its entries, what a tombstone costs, how keys share bytes, and how entries fill blocks.

/// The share of entries that do not begin a restart point and so store only the end of their key: 15 of 16, RocksDB's
/// `block_restart_interval`.
pub(super) const SHARING_ENTRIES: f64 = 0.9375;

/// The sizes of what a table file holds.
#[derive(Clone, Debug, PartialEq)]
pub struct TableFormat {
    /// Bytes of a table beside its entries: footer, properties.
    pub table_bytes: u64,
    /// Bytes of a tombstone: its key, and what is stored with it.
    pub tombstone_bytes: f64,
    /// The bits of its position that each byte of a key tells: 8 for plain bytes, 4 for hexadecimal digits. Neighbours
    /// that lie nearer to each other share more bytes, which a block stores once. 0: they never share any.
    pub key_byte_bits: f64,
    /// A data block is closed at this size, and only closed blocks count when an output is cut (`block_size`).
    pub block_size: u64,
    /// Of the bytes of an entry, the share in data blocks; the rest is in the index and the filter.
    pub data_share: f64,
}

impl Default for TableFormat {
    /// As RocksDB's tables, with no filter.
    fn default() -> TableFormat {
        TableFormat {
            table_bytes: 900,
            tombstone_bytes: 26.0,
            key_byte_bits: 4.0,
            block_size: 4096,
            data_share: 0.9955,
        }
    }
}

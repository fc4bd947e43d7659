//! A table's properties block: counts, ranges, sizes, and the options that it was written with.
//!
//! ```text
//! ┌─────────┬─────────┬─────┬─────────┬──────────────┬──────────────┐
//! │ field 0 │ field 1 │  …  │ field n │ smallest key │ largest key  │
//! └─────────┴─────────┴─────┴─────────┴──────────────┴──────────────┘
//!   u64       u64             u64       varint length and bytes each
//! ```
//!
//! [`FIELDS`] names the fields in their order.

use crate::{
    engine::codec::{Reader, put_slice},
    words::to_say,
};

/// The numbers' names, as [`said`](crate::words::said) says them, in the order in which they are stored.
pub const FIELDS: [&str; 16] = [
    to_say!("entries"),
    to_say!("tombstones"),
    to_say!("distinct keys"),
    to_say!("data blocks"),
    to_say!("bytes of data blocks"),
    to_say!("bytes of data blocks, decompressed"),
    to_say!("bytes of keys"),
    to_say!("bytes of values"),
    to_say!("smallest sequence number"),
    to_say!("largest sequence number"),
    to_say!("newest time"),
    "block_size",
    "index_interval",
    "block_restart_interval",
    "compression",
    to_say!("filter bits per 1000 keys"),
];

/// The properties of a table. "Raw" sizes are those before prefix compression and LZ4.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Properties {
    /// Entries, tombstones included.
    pub entries: u64,
    /// Tombstones.
    pub tombstones: u64,
    /// User keys: what the filter was made of.
    pub distinct_keys: u64,
    /// Data blocks.
    pub blocks: u64,
    /// Bytes of data blocks in the file.
    pub data_bytes: u64,
    /// Bytes of data blocks once decompressed.
    pub block_bytes: u64,
    /// Bytes of all entries' keys.
    pub raw_key_bytes: u64,
    /// Bytes of all entries' values.
    pub raw_value_bytes: u64,
    /// The lowest sequence number.
    pub smallest_seq: u64,
    /// The highest sequence number.
    pub largest_seq: u64,
    /// No entry is newer than this (virtual seconds).
    pub newest_time: u64,
    /// Option `block_size`.
    pub block_size: u64,
    /// Option `index_interval`.
    pub index_interval: u64,
    /// Option `block_restart_interval`.
    pub restart_interval: u64,
    /// Option `compression`: 0 none, 1 LZ4.
    pub compression: u64,
    /// Thousandths of filter bits per key.
    pub filter_millibits: u64,
    /// The first key.
    pub smallest: Vec<u8>,
    /// The last key.
    pub largest: Vec<u8>,
}

impl Properties {
    /// The payload.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for number in self.numbers() {
            out.extend_from_slice(&number.to_le_bytes());
        }
        for key in [&self.smallest, &self.largest] {
            put_slice(&mut out, key);
        }
        out
    }

    /// Reads a payload.
    ///
    /// # Errors
    /// It is not as long as it must be.
    pub fn parse(payload: &[u8]) -> Result<Properties, String> {
        let mut input = Reader::new(payload);
        let mut read = || {
            let mut properties = Properties::default();
            for number in properties.numbers_mut() {
                *number = input.u64()?;
            }
            for key in [&mut properties.smallest, &mut properties.largest] {
                *key = input.slice()?.to_vec();
            }
            input.is_empty().then_some(properties)
        };
        read().ok_or_else(|| "the properties are not as long as they must be".to_string())
    }

    /// The numbers in the order of [`FIELDS`].
    pub fn numbers(&self) -> [u64; FIELDS.len()] {
        self.clone().numbers_mut().map(|n| *n)
    }

    fn numbers_mut(&mut self) -> [&mut u64; FIELDS.len()] {
        [
            &mut self.entries,
            &mut self.tombstones,
            &mut self.distinct_keys,
            &mut self.blocks,
            &mut self.data_bytes,
            &mut self.block_bytes,
            &mut self.raw_key_bytes,
            &mut self.raw_value_bytes,
            &mut self.smallest_seq,
            &mut self.largest_seq,
            &mut self.newest_time,
            &mut self.block_size,
            &mut self.index_interval,
            &mut self.restart_interval,
            &mut self.compression,
            &mut self.filter_millibits,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_read_back_and_must_have_their_length() {
        let mut properties = Properties { smallest: b"a".to_vec(), largest: vec![b'z'; 300], ..Properties::default() };
        for (i, number) in properties.numbers_mut().into_iter().enumerate() {
            *number = 1 << (4 * i);
        }
        let payload = properties.encode();
        assert_eq!(Properties::parse(&payload).unwrap(), properties);
        for cut in 0..payload.len() {
            assert!(Properties::parse(&payload[..cut]).is_err());
        }
        assert!(Properties::parse(&[payload, vec![0]].concat()).is_err());
    }
}

//! The sizes of RocksDB's tables, to the byte, without writing them.
//!
//! In: the keys of a table in order; each entry's key is the 16 hexadecimal digits of a number, and its value has so
//! many bytes. Out: how large the file is, and, while it is filled, how much of it is written, which is what outputs
//! are cut by. For tables with a format version of 6, without compression, filter, dictionary and partitions, and
//! RocksDB's defaults otherwise:
//!
//! | part | bytes | source |
//! | --- | --- | --- |
//! | entry | varints of shared, unshared, value length; 16 + 8 − shared; the value | `BlockBuilder::AddWithLastKey` |
//! | data block | entries; 4 for every 16 of them; 4; a trailer of 5 | `BlockBuilder::Finish`, `kBlockTrailerSize` |
//! | index entry | 2; the shortest key between two blocks; varints of offset and size; 4 | `ShortenedIndexBuilder` |
//! | index | entries; 4; a trailer of 5 | `index_block_restart_interval` = 1 |
//! | properties, metaindex, footer | varints, and [`FIXED_BYTES`], the same for every table | `PropertyBlockBuilder` |
//!
//! A block is closed before an entry with which it might be larger than [`BLOCK_SIZE`], if it is larger than nine
//! tenths of that, or if it has that size already (`FlushBlockBySizePolicy`).
//!
//! A test holds this against the tables of a real database.

use crate::engine::codec::varint_len;

/// RocksDB's `block_size`.
const BLOCK_SIZE: u64 = 4096;
/// `block_size_deviation` is 10 %.
const NEARLY_FULL: u64 = (BLOCK_SIZE * 90).div_ceil(100);
/// `block_restart_interval`.
const RESTART_INTERVAL: u64 = 16;
/// A block that has nothing but its first restart and the count of them.
const EMPTY_BLOCK: u64 = 8;
/// What closes a block in the file: the type of compression, and a checksum.
const TRAILER: u64 = 5;
/// A key: digits, and sequence number and kind.
const KEY: u64 = DIGITS + 8;
/// Digits of a key.
const DIGITS: u64 = 16;
/// The names and the unchanging values of the properties, the metaindex and the footer, as measured: it hangs on the
/// lengths of names, among them the machine's.
const FIXED_BYTES: u64 = 1004;
/// The varint of a time in seconds.
const TIME: u64 = 5;

/// A table that is being filled.
#[derive(Clone, Debug)]
pub struct TableSize {
    value: u64,
    /// Blocks that are closed.
    data: u64,
    blocks: u64,
    /// The open block, as RocksDB estimates it.
    block: u64,
    in_block: u64,
    index: u64,
    entries: u64,
    last: u64,
}

impl TableSize {
    /// A table without entries, whose values will have `value` bytes.
    pub fn new(value: u64) -> TableSize {
        TableSize { value, data: 0, blocks: 0, block: EMPTY_BLOCK, in_block: 0, index: 0, entries: 0, last: 0 }
    }

    /// The bytes of its closed blocks (`TableBuilder::EstimatedFileSize`).
    pub fn written(&self) -> u64 {
        self.data
    }

    /// Adds the next key.
    pub fn add(&mut self, key: u64) {
        if self.is_block_full() {
            self.close_block(separator(self.last, key));
        }
        let restart = self.in_block.is_multiple_of(RESTART_INTERVAL);
        if restart && self.in_block > 0 {
            self.block += 4;
        }
        let shared = if restart { 0 } else { shared(self.last, key) };
        self.block +=
            varint_len(shared) + varint_len(KEY - shared) + varint_len(self.value) + KEY - shared + self.value;
        self.in_block += 1;
        self.entries += 1;
        self.last = key;
    }

    /// How large the file is, with the number that it has when it is written and the highest sequence number in it; the
    /// time of the oldest key is known of what is flushed only.
    pub fn finish(mut self, number: u64, largest_seq: u64, flushed: bool) -> u64 {
        if self.in_block > 0 {
            self.close_block(DIGITS);
        }
        let index = self.index + 4 + TRAILER;
        let varints = [
            number,
            self.entries * KEY,
            self.entries * self.value,
            self.data,
            index,
            self.entries,
            self.blocks,
            largest_seq,
            // Where the tail begins; where properties and index do, and how long the index is.
            self.data,
            self.data,
            self.data + index,
            index - TRAILER,
        ];
        let time = if flushed { TIME } else { 1 };
        self.data + index + varints.map(varint_len).iter().sum::<u64>() + time + FIXED_BYTES
    }

    fn is_block_full(&self) -> bool {
        if self.in_block == 0 {
            return false;
        }
        // As RocksDB estimates it: with the whole key, and four bytes for its shared length.
        let restart = if self.in_block.is_multiple_of(RESTART_INTERVAL) { 4 } else { 0 };
        let with_next = self.block + KEY + self.value + restart + 4 + varint_len(KEY) + varint_len(self.value);
        self.block >= BLOCK_SIZE || (with_next > BLOCK_SIZE && self.block > NEARLY_FULL)
    }

    fn close_block(&mut self, separator: u64) {
        self.index += 2 + separator + varint_len(self.data) + varint_len(self.block) + 4;
        self.data += self.block + TRAILER;
        self.blocks += 1;
        self.block = EMPTY_BLOCK;
        self.in_block = 0;
    }
}

/// How many digits two keys begin with alike.
fn shared(a: u64, b: u64) -> u64 {
    u64::from((a ^ b).leading_zeros() / 4)
}

/// The length of the shortest key that is not before `last` and before `next` (`FindShortestSeparator`): their common
/// digits, and one that is larger by one. Keys that differ in their last digit only have none that is shorter.
fn separator(last: u64, next: u64) -> u64 {
    (shared(last, next) + 1).min(DIGITS)
}

//! The writer of a table. In: entries in order. Out: the bytes of the whole file, and its metadata.
//!
//! A data block is closed when it holds `block_size` bytes or `index_interval` entries, which shows when the next entry
//! comes. The rest of the file is made at the end. The format is in [`super`] and the modules beside this one.

use std::cmp::Ordering;

use super::{
    Footer, Handle,
    block::{BlockBuilder, tag},
    filter::{self, FilterBuilder},
    index::IndexBuilder,
    prefix::common_prefix,
    properties::Properties,
    seal::seal,
};
use crate::{
    entry::{Bytes, EntryKind, EntryRef, MAX_KEY_LEN, MAX_SEQ, MAX_VALUE_LEN, SeqNo},
    error::{Error, Result},
    options::{Compression, Options},
    storage::FileId,
    trace::Section,
    version::{TableId, TableMeta},
};

/// A data block that is complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockInfo {
    /// Its number in the table.
    pub index: u64,
    /// Where it begins in the file.
    pub offset: u64,
    /// Its length in the file, checksum included.
    pub bytes: u64,
    /// Its length before LZ4 and without checksum.
    pub raw_bytes: u64,
    /// Its entries.
    pub entries: u64,
    /// Its first key.
    pub first: Bytes,
    /// Its last key.
    pub last: Bytes,
}

/// Another part of the file that is complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SectionInfo {
    /// Which part.
    pub section: Section,
    /// Where it begins in the file.
    pub offset: u64,
    /// Its length.
    pub bytes: u64,
}

/// A table that is complete.
#[derive(Clone, Debug)]
pub struct Built {
    /// The file.
    pub bytes: Vec<u8>,
    /// What there is to know without opening it.
    pub meta: TableMeta,
    /// The data block that the end closed.
    pub last_block: Option<BlockInfo>,
    /// The parts behind the data blocks, in order; no filter if there is none.
    pub sections: Vec<SectionInfo>,
}

/// A table in the making.
#[derive(Debug)]
pub struct TableBuilder {
    id: TableId,
    /// The file so far.
    bytes: Vec<u8>,
    block: BlockBuilder,
    /// The first key of the block.
    first: Vec<u8>,
    last_kind: EntryKind,
    index: IndexBuilder,
    filter: FilterBuilder,
    /// What is known so far.
    properties: Properties,
    /// The last entry's sequence number.
    last_seq: SeqNo,
    tombstone_seqs: Option<(SeqNo, SeqNo)>,
    shadowing_seq: Option<SeqNo>,
}

impl TableBuilder {
    /// An empty table, to be written as `options` say.
    pub fn new(id: TableId, options: &Options) -> TableBuilder {
        let filter = FilterBuilder::new(options.filter_bits_per_key());
        TableBuilder {
            id,
            bytes: Vec::new(),
            block: BlockBuilder::new(options.block_restart_interval as usize),
            first: Vec::new(),
            last_kind: EntryKind::Put,
            index: IndexBuilder::default(),
            properties: Properties {
                smallest_seq: MAX_SEQ,
                block_size: options.block_size,
                index_interval: options.index_interval,
                restart_interval: options.block_restart_interval,
                compression: u64::from(options.compression == Compression::Lz4),
                filter_millibits: filter.millibits(),
                ..Properties::default()
            },
            filter,
            last_seq: 0,
            tombstone_seqs: None,
            shadowing_seq: None,
        }
    }

    /// Adds an entry. Where the block before it was full, this is when it is closed, and it is returned.
    ///
    /// # Errors
    /// The entry is not after all others in the one order, or beyond the limits; nothing was added.
    pub fn add(&mut self, entry: EntryRef<'_>) -> Result<Option<BlockInfo>> {
        let (last_key, last_seq) = self.block.last();
        let common = common_prefix(last_key, entry.key);
        let order = last_key.get(common).cmp(&entry.key.get(common));
        let fits = entry.key.len() <= MAX_KEY_LEN && entry.value.len() <= MAX_VALUE_LEN && entry.seq <= MAX_SEQ;
        let after = order == Ordering::Less || (order == Ordering::Equal && entry.seq < last_seq) || self.is_empty();
        if !fits || !after {
            return Err(self.refusal(entry, fits));
        }
        let new_key = order != Ordering::Equal || self.is_empty();
        let closed = if self.block_is_full() { Some(self.close_block()) } else { None };
        if self.block.is_empty() {
            self.first.clear();
            self.first.extend_from_slice(entry.key);
        }
        self.block.push(common, entry);
        self.count(entry, new_key);
        Ok(closed)
    }

    fn refusal(&self, entry: EntryRef<'_>, fits: bool) -> Error {
        let name = format!("entry {} at sequence number {}", Bytes::preview(entry.key, 40), entry.seq);
        let why = if fits { "is not after the one before it" } else { "is larger than an entry may be" };
        Error::corruption(FileId::table(self.id), self.bytes.len() as u64, format!("{name} {why}"))
    }

    fn count(&mut self, entry: EntryRef<'_>, new_key: bool) {
        if new_key {
            self.properties.distinct_keys += 1;
            if self.filter.wanted() {
                self.filter.add(filter::hash(entry.key));
            }
        }
        if self.properties.entries == 0 {
            self.properties.smallest = entry.key.to_vec();
        }
        self.last_kind = entry.kind;
        self.properties.entries += 1;
        self.properties.tombstones += u64::from(entry.kind == EntryKind::Delete);
        self.properties.raw_key_bytes += entry.key.len() as u64;
        self.properties.raw_value_bytes += entry.value.len() as u64;
        if entry.kind == EntryKind::Delete {
            let (low, high) = self.tombstone_seqs.unwrap_or((entry.seq, entry.seq));
            self.tombstone_seqs = Some((low.min(entry.seq), high.max(entry.seq)));
        }
        if !new_key {
            self.shadowing_seq = Some(self.shadowing_seq.map_or(self.last_seq, |seq| seq.min(self.last_seq)));
        }
        self.last_seq = entry.seq;
        self.properties.smallest_seq = self.properties.smallest_seq.min(entry.seq);
        self.properties.largest_seq = self.properties.largest_seq.max(entry.seq);
    }

    fn block_is_full(&self) -> bool {
        let (entries, limit) = (self.block.entries() as u64, self.properties.index_interval);
        entries > 0
            && (self.block.size_estimate() as u64 >= self.properties.block_size || (limit > 0 && entries >= limit))
    }

    fn close_block(&mut self) -> BlockInfo {
        let entries = self.block.entries() as u64;
        let payload = self.block.finish();
        let offset = self.bytes.len() as u64;
        let bytes = seal(&mut self.bytes, &payload, self.id, self.properties.compression == 1);
        let (last, seq) = self.block.last();
        self.index.add(last, tag(seq, self.last_kind), Handle { offset, bytes });
        self.properties.block_bytes += payload.len() as u64;
        BlockInfo {
            index: self.index.len() as u64 - 1,
            offset,
            bytes,
            raw_bytes: payload.len() as u64,
            entries,
            first: self.first.as_slice().into(),
            last: last.into(),
        }
    }

    /// The bytes of the closed blocks. RocksDB compares this size where it cuts outputs, so a table is at least as
    /// large as it should be, and not cut in the middle of a block.
    pub fn flushed_size(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// The bytes of the file so far, were the current block closed now and stored as it is.
    pub fn estimated_size(&self) -> u64 {
        (self.bytes.len() + if self.block.is_empty() { 0 } else { self.block.size_estimate() }) as u64
    }

    /// The entries so far.
    pub fn entries(&self) -> u64 {
        self.properties.entries
    }

    /// Whether there is no entry yet.
    pub fn is_empty(&self) -> bool {
        self.properties.entries == 0
    }

    /// The last entry's key; empty before the first.
    pub fn last_key(&self) -> &[u8] {
        self.block.last().0
    }

    /// The number of the table.
    pub fn id(&self) -> TableId {
        self.id
    }

    /// Completes the file; none of its entries was written later than `newest_time` (virtual seconds), nor earlier, if
    /// the caller does not know better.
    pub fn finish(mut self, newest_time: u64) -> Built {
        let last_block = if self.block.is_empty() { None } else { Some(self.close_block()) };
        self.complete_properties(newest_time);
        let mut sections = Vec::new();
        let filter = self.filter.finish().map(|filter| self.section(&mut sections, Section::Filter, filter.payload()));
        let index = self.section(&mut sections, Section::Index, &self.index.finish());
        let properties = self.section(&mut sections, Section::Properties, &self.properties.encode());
        let filter = filter.unwrap_or(Handle { offset: index.offset, bytes: 0 });
        let footer = Footer { filter, index, properties, table: self.id }.encode();
        let info =
            SectionInfo { section: Section::Footer, offset: self.bytes.len() as u64, bytes: footer.len() as u64 };
        sections.push(info);
        self.bytes.extend_from_slice(&footer);
        Built { meta: self.meta(), bytes: self.bytes, last_block, sections }
    }

    fn section(&mut self, sections: &mut Vec<SectionInfo>, section: Section, payload: &[u8]) -> Handle {
        let offset = self.bytes.len() as u64;
        let bytes = seal(&mut self.bytes, payload, self.id, false);
        sections.push(SectionInfo { section, offset, bytes });
        Handle { offset, bytes }
    }

    fn complete_properties(&mut self, newest_time: u64) {
        self.properties.blocks = self.index.len() as u64;
        self.properties.data_bytes = self.bytes.len() as u64;
        self.properties.newest_time = newest_time;
        self.properties.largest = self.block.last().0.to_vec();
        // Nothing is smaller than the largest: of no entries, both are 0.
        self.properties.smallest_seq = self.properties.smallest_seq.min(self.properties.largest_seq);
    }

    fn meta(&self) -> TableMeta {
        TableMeta {
            id: self.id,
            bytes: self.bytes.len() as u64,
            entries: self.properties.entries,
            tombstones: self.properties.tombstones,
            range_deletion_bytes: 0,
            smallest: self.properties.smallest.as_slice().into(),
            largest: self.properties.largest.as_slice().into(),
            smallest_seq: self.properties.smallest_seq,
            largest_seq: self.properties.largest_seq,
            oldest_time: Some(self.properties.newest_time),
            newest_time: Some(self.properties.newest_time),
            tombstone_seqs: self.tombstone_seqs,
            shadowing_seq: self.shadowing_seq,
        }
    }
}

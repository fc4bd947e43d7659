//! The reader of a table: keeps filter, index and properties in memory, and reads data blocks on demand.
//!
//! Everything is checked when it is read: each part's checksum, that the parts fill the file, and that they agree with
//! one another and with what the manifest says of the table. Any disagreement is a
//! [`Corruption`](crate::ErrorKind::Corruption) that names file and offset.

use std::{ops::Range, rc::Rc};

use super::{Block, BlockCursor, FOOTER_BYTES, Filter, Footer, FooterProblem, Handle, Index, Properties, seal::unseal};
use crate::{
    entry::{EntryRef, SeqNo},
    error::{Error, ErrorKind, Result},
    storage::{FileId, Storage},
    version::TableMeta,
};

/// The properties of the table `file`, which is `len` bytes long and of which the manifest says nothing.
///
/// # Errors
/// The storage's, or what about the file is not as it was written.
pub(crate) async fn read_properties<S: Storage>(storage: &S, file: FileId, len: u64) -> Result<Properties> {
    let few = || Error::corruption(file, 0, format!("{len} bytes are too few for a table"));
    let footer_at = len.checked_sub(FOOTER_BYTES as u64).ok_or_else(few)?;
    let footer = parse_footer(file, footer_at, &storage.read(file, footer_at..len).await?)?;
    footer.data(len).map_err(|what| Error::corruption(file, footer_at, what))?;
    let Handle { offset, bytes } = footer.properties;
    let sealed = storage.read(file, offset..offset + bytes).await?;
    let properties = unseal(sealed, file.number, offset).and_then(|payload| Properties::parse(&payload));
    properties.map_err(|what| Error::corruption(file, offset, format!("the properties: {what}")))
}

/// Visits every entry of the table `file`, which is `len` bytes long and of which the manifest says nothing.
///
/// # Errors
/// As [`read_properties`].
pub(crate) async fn visit_entries<S: Storage>(
    storage: &S,
    file: FileId,
    len: u64,
    mut visit: impl FnMut(EntryRef<'_>),
) -> Result<()> {
    let part = async |handle: Handle| {
        let sealed = storage.read(file, handle.offset..handle.offset.saturating_add(handle.bytes)).await?;
        unseal(sealed, file.number, handle.offset).map_err(|what| Error::corruption(file, handle.offset, what))
    };
    let footer_at = len.saturating_sub(FOOTER_BYTES as u64);
    let footer = parse_footer(file, footer_at, &storage.read(file, footer_at..len).await?)?;
    let damaged = |what: String| Error::corruption(file, footer.index.offset, format!("the index: {what}"));
    let index = Index::parse(&part(footer.index).await?).map_err(damaged)?;
    for i in 0..index.len() {
        let handle = index.handle(i);
        let block = Block::parse(part(handle).await?);
        let mut cursor = BlockCursor::new(Rc::new(block.map_err(|what| Error::corruption(file, handle.offset, what))?));
        cursor.seek_to_first();
        while cursor.valid() {
            visit(cursor.entry());
            cursor.next();
        }
    }
    Ok(())
}

/// An open table.
#[derive(Debug)]
pub struct Table {
    meta: Rc<TableMeta>,
    index: Index,
    filter: Option<Filter>,
    properties: Properties,
}

impl Table {
    /// Opens the table that `meta` describes: two reads, whatever its size.
    ///
    /// # Errors
    /// The storage's, or what about the file is not as it was written.
    pub async fn open<S: Storage>(storage: &S, meta: Rc<TableMeta>) -> Result<Table> {
        let file = FileId::table(meta.id);
        let footer_at = meta
            .bytes
            .checked_sub(FOOTER_BYTES as u64)
            .ok_or_else(|| Error::corruption(file, 0, format!("{} bytes are too few for a table", meta.bytes)))?;
        let footer = parse_footer(file, footer_at, &storage.read(file, footer_at..meta.bytes).await?)?;
        let data = footer.data(meta.bytes).map_err(|what| Error::corruption(file, footer_at, what))?;
        let parts = Parts { file, start: data.end, bytes: storage.read(file, data.end..footer_at).await? };
        let filter = match footer.filter.bytes {
            0 => None,
            _ => Some(parts.parse(footer.filter, Filter::parse)?),
        };
        let index = parts.parse(footer.index, |payload| Index::parse(&payload))?;
        let properties = parts.parse(footer.properties, |payload| Properties::parse(&payload))?;
        let table = Table { meta, index, filter, properties };
        table.check(data.end).map_err(|what| Error::corruption(file, footer.properties.offset, what))?;
        Ok(table)
    }

    /// Checks that manifest, properties, index and filter agree.
    fn check(&self, data_end: u64) -> Result<(), String> {
        let (meta, properties) = (&self.meta, &self.properties);
        let numbers = [
            ("entries", meta.entries, properties.entries),
            ("tombstones", meta.tombstones, properties.tombstones),
            ("smallest sequence number", meta.smallest_seq, properties.smallest_seq),
            ("largest sequence number", meta.largest_seq, properties.largest_seq),
            ("newest time", meta.newest_time.unwrap_or(properties.newest_time), properties.newest_time),
            ("data blocks by the index", self.index.len() as u64, properties.blocks),
            ("bytes of data blocks by the index", self.index.end(), properties.data_bytes),
            ("bytes of data blocks by the footer", data_end, properties.data_bytes),
        ];
        if let Some((name, other, own)) = numbers.into_iter().find(|(_, other, own)| other != own) {
            return Err(format!("{name}: {other}, but the table's properties say {own}"));
        }
        if *meta.smallest != *properties.smallest || *meta.largest != *properties.largest {
            return Err("the range of keys is not the one that the manifest names".to_string());
        }
        let last = self.index.len().checked_sub(1).map_or(&[][..], |i| self.index.last(i).0);
        if last != properties.largest {
            return Err("the last key of the index is not the largest of the table".to_string());
        }
        if self.filter.is_some() != (properties.filter_millibits > 0) {
            return Err("there is a filter and should be none, or the other way round".to_string());
        }
        Ok(())
    }

    /// What there is to know without opening it.
    pub fn meta(&self) -> &Rc<TableMeta> {
        &self.meta
    }

    /// The filter, unless it was written without one.
    #[inline]
    pub fn filter(&self) -> Option<&Filter> {
        self.filter.as_ref()
    }

    /// The index.
    #[inline]
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// What the table says of itself.
    pub fn properties(&self) -> &Properties {
        &self.properties
    }

    /// How many data blocks there are.
    #[inline]
    pub fn blocks(&self) -> usize {
        self.index.len()
    }

    /// The first block whose last entry is not before `(key, seq)`, which holds the first such entry; `None` if all
    /// entries are before.
    ///
    /// The last entry that is *not after* `(key, seq)` is in this block too, or is the last one of the block before it;
    /// with `None`, it is the table's last.
    #[inline]
    pub fn find_block(&self, key: &[u8], seq: SeqNo) -> Option<usize> {
        self.index.find(key, seq)
    }

    /// The bytes of block `i` in the file.
    ///
    /// # Panics
    /// If there is no block `i`.
    pub fn block_len(&self, i: usize) -> u64 {
        self.index.handle(i).bytes
    }

    /// Reads block `i`.
    ///
    /// # Errors
    /// The storage's, or what about the block is not as it was written.
    ///
    /// # Panics
    /// If there is no block `i`.
    pub async fn read_block<S: Storage>(&self, storage: &S, i: usize) -> Result<Block> {
        let handle = self.index.handle(i);
        let range = handle.offset..handle.offset + handle.bytes;
        let sealed = storage.read(FileId::table(self.meta.id), range).await?;
        self.parse_block(sealed, i)
    }

    /// Reads several blocks that follow one another, with one read of the storage.
    ///
    /// # Errors
    /// The storage's, or what about a block is not as it was written.
    ///
    /// # Panics
    /// If there are not all of them.
    pub async fn read_blocks<S: Storage>(&self, storage: &S, blocks: Range<usize>) -> Result<Vec<Block>> {
        if blocks.is_empty() {
            return Ok(Vec::new());
        }
        let (first, last) = (self.index.handle(blocks.start), self.index.handle(blocks.end - 1));
        let bytes = storage.read(FileId::table(self.meta.id), first.offset..last.offset + last.bytes).await?;
        let parts = Parts { file: FileId::table(self.meta.id), start: first.offset, bytes };
        blocks.map(|i| self.parse_block(parts.slice(self.index.handle(i))?.to_vec(), i)).collect()
    }

    fn parse_block(&self, sealed: Vec<u8>, i: usize) -> Result<Block> {
        let offset = self.index.handle(i).offset;
        unseal(sealed, self.meta.id, offset)
            .and_then(Block::parse)
            .map_err(|what| Error::corruption(FileId::table(self.meta.id), offset, format!("data block {i}: {what}")))
    }
}

/// Bytes of a file from `start` on.
struct Parts {
    file: FileId,
    start: u64,
    bytes: Vec<u8>,
}

impl Parts {
    fn slice(&self, handle: Handle) -> Result<&[u8]> {
        let local = handle.offset.checked_sub(self.start).map(|offset| Handle { offset, ..handle });
        local
            .and_then(|handle| handle.slice(&self.bytes))
            .ok_or_else(|| Error::corruption(self.file, handle.offset, "a part of the table is not in the file"))
    }

    fn parse<T>(&self, handle: Handle, parse: impl FnOnce(Vec<u8>) -> Result<T, String>) -> Result<T> {
        unseal(self.slice(handle)?.to_vec(), self.file.number, handle.offset)
            .and_then(parse)
            .map_err(|what| Error::corruption(self.file, handle.offset, what))
    }
}

/// Reads the footer of `file`, whose bytes lie at `offset`.
///
/// # Errors
/// It is not one, of a version that this build does not read, or of another table.
pub(crate) fn parse_footer(file: FileId, offset: u64, bytes: &[u8]) -> Result<Footer> {
    let footer = Footer::parse(bytes).map_err(|problem| match problem {
        FooterProblem::Damaged(what) => Error::corruption(file, offset, what),
        FooterProblem::Unsupported(version) => Error {
            kind: ErrorKind::Unsupported,
            message: format!(
                "{file} has version {version} of the table format; this build reads version {}",
                super::FORMAT_VERSION
            ),
            file: Some(file),
            offset: Some(offset),
        },
    })?;
    if footer.table != file.number {
        return Err(Error::corruption(file, offset, format!("it is table {} by its footer", footer.table)));
    }
    Ok(footer)
}

//! Sorted tables (SSTables): immutable files of entries in [the one order](crate::entry::order).
//!
//! In: entries in order, to a [`TableBuilder`]. Out: the bytes of a file, and a [`Table`] that answers from them. A
//! point read asks the resident [`Filter`], then the resident [`Index`], then reads one data block.
//!
//! ```text
//! ┌──────────────┬──────────────┬─────┬────────┬───────┬────────────┬────────┐
//! │ data block 0 │ data block 1 │  …  │ filter │ index │ properties │ footer │
//! └──────────────┴──────────────┴─────┴────────┴───────┴────────────┴────────┘
//! ```
//!
//! The parts lie one right behind the other, without gaps, so that there is no byte that no check covers. All but the
//! footer are *sealed* ([`seal`]): payload, compression, checksum. The filter is absent where filters are off. All
//! numbers are little-endian.
//!
//! The footer has a fixed length, so that it is found from the end of the file:
//!
//! ```text
//!  0        8        16       24       32       40       48       56        60        68    72
//!  ├────────┼────────┼────────┼────────┼────────┼────────┼────────┼─────────┼─────────┼─────┤
//!  │ filter │ filter │ index  │ index  │ prop's │ prop's │ table  │ format  │ magic   │ crc │
//!  │ offset │ bytes  │ offset │ bytes  │ offset │ bytes  │ number │ version │         │     │
//!  └────────┴────────┴────────┴────────┴────────┴────────┴────────┴─────────┴─────────┴─────┘
//!    u64      u64      u64      u64      u64      u64      u64      u32       8 bytes   u32
//! ```
//!
//! `crc` is the CRC-32 of everything before it in the footer. A filter of 0 bytes is none.
//!
//! `docs/formats.md` has all formats in one page, and what may change in them.

use std::ops::Range;

use super::codec::Reader;
use crate::version::TableId;

pub mod block;
pub mod builder;
pub mod cursor;
pub mod filter;
pub mod index;
mod prefix;
pub mod properties;
pub mod reader;
pub mod seal;
mod shortcuts;

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;

pub use block::{Block, BlockBuilder};
pub use builder::{BlockInfo, Built, SectionInfo, TableBuilder};
pub use cursor::BlockCursor;
pub use filter::{Filter, FilterBuilder};
pub use index::Index;
pub use properties::Properties;
pub use reader::Table;

/// The last bytes of every table, before its checksum.
pub const MAGIC: [u8; 8] = *b"lsmscope";

/// The version of the format: what is described in this module and those below it.
pub const FORMAT_VERSION: u32 = 1;

/// The length of a footer.
pub const FOOTER_BYTES: usize = 72;

/// Where a part of a table's file lies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Handle {
    /// Its first byte.
    pub offset: u64,
    /// Its length, checksum included.
    pub bytes: u64,
}

impl Handle {
    /// Where it ends; `None` if no file can be that long.
    pub fn end(&self) -> Option<u64> {
        self.offset.checked_add(self.bytes)
    }

    /// It as a range of bytes of `file`, if it lies in there.
    pub fn slice<'a>(&self, file: &'a [u8]) -> Option<&'a [u8]> {
        file.get(usize::try_from(self.offset).ok()?..usize::try_from(self.end()?).ok()?)
    }
}

/// The end of a table's file, which says where the other parts are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Footer {
    /// The filter; 0 bytes if there is none.
    pub filter: Handle,
    /// The index.
    pub index: Handle,
    /// The properties.
    pub properties: Handle,
    /// The table's number.
    pub table: TableId,
}

/// What is wrong with a footer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FooterProblem {
    /// It is not what was written.
    Damaged(String),
    /// It is whole, and of a version of the format that this build does not know.
    Unsupported(u32),
}

impl Footer {
    /// Its bytes.
    pub fn encode(&self) -> [u8; FOOTER_BYTES] {
        let mut out = Vec::with_capacity(FOOTER_BYTES);
        for handle in [self.filter, self.index, self.properties] {
            out.extend_from_slice(&handle.offset.to_le_bytes());
            out.extend_from_slice(&handle.bytes.to_le_bytes());
        }
        out.extend_from_slice(&self.table.to_le_bytes());
        out.extend_from_slice(&FORMAT_VERSION.to_le_bytes());
        out.extend_from_slice(&MAGIC);
        out.extend_from_slice(&crc32fast::hash(&out).to_le_bytes());
        out.try_into().expect("the fields above are 72 bytes")
    }

    /// Reads a footer and checks its magic, checksum and version.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(bytes: &[u8]) -> Result<Footer, FooterProblem> {
        let damaged = |what: &str| FooterProblem::Damaged(what.to_string());
        let short = || damaged("the file is too short for a table's footer");
        if bytes.len() != FOOTER_BYTES {
            return Err(short());
        }
        let mut input = Reader::new(bytes);
        let mut handle = || Some(Handle { offset: input.u64()?, bytes: input.u64()? });
        let (filter, index, properties) =
            (handle().ok_or_else(short)?, handle().ok_or_else(short)?, handle().ok_or_else(short)?);
        let table = input.u64().ok_or_else(short)?;
        let version = input.u32().ok_or_else(short)?;
        if input.bytes(MAGIC.len()) != Some(&MAGIC) {
            return Err(damaged("it does not end as a table does: the magic number is missing"));
        }
        if input.u32() != Some(crc32fast::hash(&bytes[..FOOTER_BYTES - 4])) {
            return Err(damaged("the footer's checksum does not match"));
        }
        if version != FORMAT_VERSION {
            return Err(FooterProblem::Unsupported(version));
        }
        Ok(Footer { filter, index, properties, table })
    }

    /// Checks that the parts fill a file of `file_bytes` without gaps, and says where its data blocks are.
    ///
    /// # Errors
    /// Which parts do not meet.
    pub fn data(&self, file_bytes: u64) -> Result<Range<u64>, String> {
        let footer = file_bytes.checked_sub(FOOTER_BYTES as u64);
        let meets = |part: &Handle, next: Option<u64>| part.end().is_some() && part.end() == next;
        if !meets(&self.properties, footer) {
            return Err("the properties do not end where the footer begins".to_string());
        }
        if !meets(&self.index, Some(self.properties.offset)) {
            return Err("the index does not end where the properties begin".to_string());
        }
        if !meets(&self.filter, Some(self.index.offset)) {
            return Err("the filter does not end where the index begins".to_string());
        }
        Ok(0..self.filter.offset)
    }
}

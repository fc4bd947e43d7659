//! A log of checksummed frames in an append-only file: the format of the WAL and the manifest.
//!
//! ```text
//!  0               4            8                    16          20               24
//! ┌───────────────┬────────────┬────────────────────┬───────────┬────────────────┬──────────────┐
//! │ header crc u32│ length u32 │ first number u64   │ count u32 │ payload crc u32│ payload …    │
//! └───────────────┴────────────┴────────────────────┴───────────┴────────────────┴──────────────┘
//!                 └──────── what the header crc covers, after file and offset ───┘  `length` bytes
//! ```
//!
//! The header has a checksum of its own, apart from the payload's, to tell a *torn tail* from *damage*. A crash leaves
//! a prefix of what was appended. So a file that ends inside a header, or inside the payload of a header whose checksum
//! is right, was torn by a crash: the frame had never been synced, and is dropped. Any other mismatch is damage to
//! bytes that were once whole, and is reported as damage. With one checksum for both, a damaged length would look like
//! a torn tail, and a synced write would be lost without an error.
//!
//! Zeros behind the last frame, at least a header of them and up to the end of the file, are what a file system leaves
//! of space that was allocated beforehand, and not damage: no frame is in them. So RocksDB has it (`log::Reader`,
//! `kZeroType`), in every recovery mode. Fewer zeros than a header are a torn frame, there as here.
//!
//! The header's checksum also covers the file's name and the frame's offset, so that a frame in the wrong file or
//! place is noticed.
//!
//! `docs/formats.md` has all formats in one page, and what may change in them.

use crate::{
    entry::MAX_SEQ,
    storage::{FileId, FileKind},
};

mod reader;
mod zeros;

pub(crate) use reader::FrameReader;
use zeros::zeros;
pub(crate) use zeros::{may_be_preallocated, only_zeros, too_many};

/// Bytes of a frame's header.
pub const HEADER: usize = 24;

/// The longest payload, in bytes.
pub const MAX_PAYLOAD: usize = 64 * 1024 * 1024;

/// Appends a frame to `out`, which will be written to `file` at `offset`. Returns the payload's checksum.
pub fn put_frame(
    out: &mut Vec<u8>,
    file: FileId,
    offset: u64,
    first: u64,
    count: u32,
    payload: impl FnOnce(&mut Vec<u8>),
) -> u32 {
    let start = out.len();
    out.resize(start + HEADER, 0);
    payload(out);
    let length = (out.len() - start - HEADER) as u32;
    let crc = crc32fast::hash(&out[start + HEADER..]);
    let header = &mut out[start..start + HEADER];
    header[4..8].copy_from_slice(&length.to_le_bytes());
    header[8..16].copy_from_slice(&first.to_le_bytes());
    header[16..20].copy_from_slice(&count.to_le_bytes());
    header[20..24].copy_from_slice(&crc.to_le_bytes());
    let header_crc = header_crc(file, offset, &header[4..]);
    header[0..4].copy_from_slice(&header_crc.to_le_bytes());
    crc
}

fn header_crc(file: FileId, offset: u64, fields: &[u8]) -> u32 {
    let kind = match file.kind {
        FileKind::Wal => 1u64,
        FileKind::Table => 2,
        FileKind::Manifest => 3,
    };
    let mut hasher = crc32fast::Hasher::new();
    for n in [kind, file.number, offset] {
        hasher.update(&n.to_le_bytes());
    }
    hasher.update(fields);
    hasher.finalize()
}

/// What a frame's header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The payload's length.
    pub length: u32,
    /// The number of the first record.
    pub first: u64,
    /// How many records there are.
    pub count: u32,
    /// The payload's checksum.
    pub crc: u32,
}

impl Header {
    /// Reads the header that begins `bytes`, which are those of `file` from `offset` on, or says what is wrong with it;
    /// `None` if the bytes are too few.
    pub fn parse(file: FileId, offset: u64, bytes: &[u8]) -> Option<Result<Header, String>> {
        let bytes = bytes.get(..HEADER)?;
        let (expected, found) = (word(bytes, 0), header_crc(file, offset, &bytes[4..]));
        if expected != found {
            return Some(Err(format!("the frame header's checksum is {found:08x}, expected {expected:08x}")));
        }
        Some(Ok(Header::fields(bytes)))
    }

    /// What the first [`HEADER`] bytes say, whatever their checksum.
    fn fields(bytes: &[u8]) -> Header {
        let first = u64::from_le_bytes(bytes[8..16].try_into().expect("eight bytes"));
        Header { length: word(bytes, 4), first, count: word(bytes, 16), crc: word(bytes, 20) }
    }

    /// Checks the payload that follows.
    ///
    /// # Errors
    /// Its checksum is wrong: how so.
    pub fn check(&self, payload: &[u8]) -> Result<(), String> {
        let (expected, found) = (self.crc, crc32fast::hash(payload));
        if expected == found {
            Ok(())
        } else {
            Err(format!("the frame payload's checksum is {found:08x}, expected {expected:08x}"))
        }
    }

    /// The frame of which this is the header.
    pub fn frame<'a>(&self, offset: u64, payload: &'a [u8]) -> Frame<'a> {
        let bytes = HEADER as u64 + u64::from(self.length);
        Frame { offset, bytes, first: self.first, count: self.count, crc: self.crc, payload }
    }
}

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
}

/// Whether `bytes` begin with a whole frame, of whichever file: its payload is there, and has the checksum that its
/// header says.
pub(crate) fn begins_with_frame(bytes: &[u8]) -> bool {
    let Some((header, rest)) = bytes.split_at_checked(HEADER) else { return false };
    let header = Header::fields(header);
    rest.get(..header.length as usize).is_some_and(|payload| !payload.is_empty() && header.check(payload).is_ok())
}

/// The first place in `bytes`, which are those of `file` from `offset` on, where a header begins whose checksum is
/// right.
///
/// A written frame has at least one entry and a valid first number: otherwise no checksum is computed. Runs of zeros,
/// which a file system may leave by the gigabyte, are skipped.
pub(crate) fn find_header(file: FileId, offset: u64, bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    while let Some(header) = bytes[at..].get(..HEADER) {
        if header[16..20] == [0; 4] {
            // The next place whose count reaches a byte that is not zero.
            at += zeros(&bytes[at + 16..]) - 3;
            continue;
        }
        let first = u64::from_le_bytes(header[8..16].try_into().expect("eight bytes"));
        if first <= MAX_SEQ && matches!(Header::parse(file, offset + at as u64, header), Some(Ok(_))) {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// One whole frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Where it begins in the file.
    pub offset: u64,
    /// Its length, header included.
    pub bytes: u64,
    /// The number of its first record.
    pub first: u64,
    /// How many records it holds.
    pub count: u32,
    /// The payload's checksum.
    pub crc: u32,
    /// The records.
    pub payload: &'a [u8],
}

/// Why there is no further frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// The file ends where a frame ends.
    Clean,
    /// The file ends inside a frame that begins at `offset`.
    Torn {
        /// Where the frame begins.
        offset: u64,
    },
    /// From `offset` on, there are only zeros: space that was allocated beforehand.
    Zeros {
        /// Where they begin.
        offset: u64,
    },
    /// The bytes at `offset` are not what was written.
    Damaged {
        /// Where the bad frame begins.
        offset: u64,
        /// What is wrong with it.
        what: String,
    },
}

/// Reads the frames of `file`, whose whole content is `bytes`, from the front.
#[derive(Clone, Debug)]
pub struct Frames<'a> {
    file: FileId,
    bytes: &'a [u8],
    /// Where the next frame is looked for.
    at: usize,
}

impl<'a> Frames<'a> {
    /// From the first frame on.
    pub fn new(file: FileId, bytes: &'a [u8]) -> Frames<'a> {
        Frames { file, bytes, at: 0 }
    }

    /// Where the next frame is looked for.
    pub fn offset(&self) -> u64 {
        self.at as u64
    }

    /// The next frame, or why there is none. Asking again after an end gives the same end.
    pub fn next_frame(&mut self) -> Result<Frame<'a>, End> {
        let offset = self.offset();
        let rest = &self.bytes[self.at..];
        if rest.is_empty() {
            return Err(End::Clean);
        }
        let header = match self.header(self.at) {
            None => return Err(End::Torn { offset }),
            Some(Err(_)) if may_be_preallocated(rest) && zeros(rest) == rest.len() => {
                return Err(End::Zeros { offset });
            }
            Some(Err(what)) => return Err(End::Damaged { offset, what }),
            Some(Ok(header)) => header,
        };
        let Some(payload) = self.bytes[self.at + HEADER..].get(..header.length as usize) else {
            return Err(End::Torn { offset });
        };
        header.check(payload).map_err(|what| End::Damaged { offset, what })?;
        self.at += HEADER + payload.len();
        Ok(header.frame(offset, payload))
    }

    /// Moves past the damage that [`next_frame`](Frames::next_frame) met, to where the next frame may be: behind the
    /// bad frame, if only its payload is bad; else at the next header whose checksum is right; else at the end of the
    /// file.
    ///
    /// A header's checksum covers its offset, so a value that contains the bytes of another frame is not mistaken for
    /// one.
    pub fn resync(&mut self) {
        let whole = |at: usize| self.header(at).and_then(Result::ok);
        let behind = whole(self.at).and_then(|header| (self.at + HEADER).checked_add(header.length as usize));
        self.at = match behind.filter(|end| *end <= self.bytes.len()) {
            Some(end) => end,
            None => {
                let from = (self.at + 1).min(self.bytes.len());
                let found = find_header(self.file, from as u64, &self.bytes[from..]);
                found.map_or(self.bytes.len(), |found| from + found)
            }
        };
    }

    /// The header at `at`, or what is wrong with it; `None` if the file ends in it.
    fn header(&self, at: usize) -> Option<Result<Header, String>> {
        Header::parse(self.file, at as u64, &self.bytes[at..])
    }
}

#[cfg(test)]
mod tests;

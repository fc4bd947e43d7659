//! Files explained byte by byte: what the page's inspector shows beside the hex.
//!
//! In: a file's name and its bytes, whole or damaged. Out: an [`FileExplanation`]: named [`ByteSpan`]s, each inside the
//! one that encloses it, and the first thing that is wrong. The formats are read with the same code that the engine
//! reads them with, or checked against it by tests. Nothing here can fail: what cannot be read is a span that says so.
//!
//! A large file is explained down to its parts, and only as many of them in full as make [`MAX_SPANS`].

use serde::Serialize;

use crate::{
    engine::codec::Reader,
    entry::{Bytes, EntryKind, text},
    plural::counted,
    storage::{FileId, FileKind},
};

mod log;
mod table;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;

/// About how many spans an explanation has at most: beyond it, data blocks, frames and the index are not taken apart.
pub const MAX_SPANS: usize = 50_000;

/// The longest part of a key or value that is shown.
const PREVIEW: usize = 60;

/// What the bytes of a file mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct FileExplanation {
    /// `table`, `wal` or `manifest`.
    pub kind: &'static str,
    /// What each part is. A part comes right before the parts inside it, and these are in the order of their bytes.
    pub spans: Vec<ByteSpan>,
    /// The first thing that is wrong with the file.
    pub problem: Option<String>,
}

/// A run of bytes with a meaning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct ByteSpan {
    /// Its first byte.
    pub start: u64,
    /// Where it ends: the byte behind its last.
    pub end: u64,
    /// How many spans it is inside of.
    pub depth: u8,
    /// What it is.
    pub name: String,
    /// What it says.
    pub value: String,
}

/// Explains the `bytes` of `file`.
pub fn explain(file: FileId, bytes: &[u8]) -> FileExplanation {
    let mut spans = Spans { bytes, at: 0, end: bytes.len(), depth: 0, spans: Vec::new(), problem: None };
    let kind = match file.kind {
        FileKind::Table => {
            table::explain(&mut spans, file.number);
            "table"
        }
        FileKind::Wal => {
            log::explain(&mut spans, file, log::wal_payload);
            "wal"
        }
        FileKind::Manifest => {
            log::explain(&mut spans, file, log::manifest_payload);
            "manifest"
        }
    };
    FileExplanation { kind, spans: spans.spans, problem: spans.problem }
}

/// Walks over bytes and notes what they are.
struct Spans<'a> {
    bytes: &'a [u8],
    /// What comes next.
    at: usize,
    /// Where the enclosing span ends.
    end: usize,
    depth: u8,
    spans: Vec<ByteSpan>,
    problem: Option<String>,
}

impl<'a> Spans<'a> {
    /// Notes the span up to `end`, unless it is empty, and lets `inside` note what is in it; what that leaves over is
    /// noted as unreadable. It returns what the span says.
    fn part(&mut self, name: impl Into<String>, end: usize, inside: impl FnOnce(&mut Self) -> String) {
        let (start, end) = (self.at, end.clamp(self.at, self.end));
        if start == end {
            return;
        }
        let outer = std::mem::replace(&mut self.end, end);
        let noted = self.spans.len();
        self.push(name.into(), end, String::new());
        self.at = start;
        self.depth += 1;
        let value = inside(self);
        self.rest();
        self.depth -= 1;
        self.end = outer;
        self.spans[noted].value = value;
    }

    /// Notes the rest of the enclosing span as unreadable, if there is any.
    fn rest(&mut self) {
        if self.at < self.end {
            self.complain("a part of the file cannot be read");
            self.push("unreadable".into(), self.end, counted(self.end - self.at, "byte"));
        }
    }

    /// Notes the next bytes as one field, if `read` can read it; and says what it read.
    fn field<T>(
        &mut self,
        name: impl Into<String>,
        read: impl FnOnce(&mut Reader<'a>) -> Option<T>,
        show: impl FnOnce(&T) -> String,
    ) -> Option<T> {
        let rest = &self.bytes[self.at..self.end];
        let mut reader = Reader::new(rest);
        let value = read(&mut reader)?;
        let end = self.at + rest.len() - reader.rest().len();
        self.push(name.into(), end, show(&value));
        Some(value)
    }

    fn varint(&mut self, name: impl Into<String>) -> Option<u64> {
        self.field(name, Reader::varint, u64::to_string)
    }

    fn u64(&mut self, name: impl Into<String>) -> Option<u64> {
        self.field(name, Reader::u64, u64::to_string)
    }

    fn u32(&mut self, name: impl Into<String>) -> Option<u32> {
        self.field(name, Reader::u32, u32::to_string)
    }

    /// A sequence number and a kind in one.
    fn tag(&mut self, name: impl Into<String>) -> Option<u64> {
        self.field(name, Reader::u64, |tag| format!("sequence number {}, {}", tag >> 8, kind(*tag as u8)))
    }

    /// So many bytes that are a key or a value.
    fn text(&mut self, name: impl Into<String>, len: u64) -> Option<&'a [u8]> {
        self.field(name, |reader| reader.bytes(usize::try_from(len).ok()?), |bytes| preview(bytes))
    }

    /// A checksum, and whether it is the right one.
    fn crc(&mut self, name: &str, right: u32) -> Option<u32> {
        let stored = self.field(name, Reader::u32, |stored| {
            if *stored == right {
                format!("{stored:08x}, right")
            } else {
                format!("{stored:08x}, should be {right:08x}")
            }
        })?;
        if stored != right {
            self.complain(format!("a checksum is {stored:08x} and should be {right:08x}"));
        }
        Some(stored)
    }

    /// Whether there is no room for more detail.
    fn is_full(&self) -> bool {
        self.spans.len() >= MAX_SPANS
    }

    /// Goes over the rest of the enclosing span without detail.
    fn skip(&mut self) {
        self.at = self.end;
    }

    /// Notes what is wrong, if it is the first thing.
    fn complain(&mut self, what: impl Into<String>) {
        if self.problem.is_none() {
            self.problem = Some(format!("at byte {}: {}", self.at, what.into()));
        }
    }

    fn push(&mut self, name: String, end: usize, value: String) {
        // An empty key or value has no bytes to point at.
        if end > self.at {
            let (start, end) = (self.at as u64, end as u64);
            self.spans.push(ByteSpan { start, end, depth: self.depth, name, value });
        }
        self.at = end;
    }
}

fn preview(bytes: &[u8]) -> String {
    text(&Bytes::preview(bytes, PREVIEW))
}

fn kind(byte: u8) -> &'static str {
    match EntryKind::from_byte(byte) {
        Some(EntryKind::Put) => "put",
        Some(EntryKind::Delete) => "delete",
        None => "neither put nor delete",
    }
}

//! Explains files byte by byte, for the page's inspector.
//!
//! In: a file's name and its bytes, whole or damaged. Out: a [`FileExplanation`]: nested, named [`ByteSpan`]s, and the
//! first problem. Errors: none; bytes that cannot be read become a span that says so.
//!
//! The engine's own code reads the formats, or tests compare the two. A large file is explained down to its data blocks
//! or frames, and these in full only up to about [`MAX_SPANS`] spans.

use serde::Serialize;

use crate::{
    engine::codec::Reader,
    entry::{Bytes, EntryKind, text},
    plural::counted,
    storage::{FileId, FileKind},
    words::say,
};

mod log;
mod table;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;

/// The approximate maximum of spans in an explanation; beyond it, a data block, a frame or the index is one span.
pub const MAX_SPANS: usize = 50_000;

/// The maximum number of bytes of a key or value that a span shows.
const PREVIEW: usize = 60;

/// The meaning of a file's bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct FileExplanation {
    /// `table`, `wal` or `manifest`.
    pub kind: &'static str,
    /// The spans, in the order of their bytes. A span precedes the spans inside it.
    pub spans: Vec<ByteSpan>,
    /// The first problem of the file.
    pub problem: Option<String>,
}

/// A run of bytes with a meaning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct ByteSpan {
    /// The offset of the first byte.
    pub start: u64,
    /// The offset after the last byte.
    pub end: u64,
    /// The number of spans that enclose it.
    pub depth: u8,
    /// The name of the part or field.
    pub name: String,
    /// The value, as text.
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

/// A reader that records a span for each part and field that it passes.
struct Spans<'a> {
    bytes: &'a [u8],
    /// The offset of the next byte.
    at: usize,
    /// The end of the enclosing span.
    end: usize,
    depth: u8,
    spans: Vec<ByteSpan>,
    problem: Option<String>,
}

impl<'a> Spans<'a> {
    /// Records the span up to `end`, unless it is empty, and calls `inside`, which records the spans in it and returns
    /// its value. Bytes that `inside` does not read are recorded as unreadable.
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

    /// Records the rest of the enclosing span, if any, as unreadable.
    fn rest(&mut self) {
        if self.at < self.end {
            self.complain(say!("a part of the file cannot be read"));
            self.push(say!("unreadable"), self.end, counted(self.end - self.at, "byte"));
        }
    }

    /// Records the field that `read` reads next, and returns its value; `None` if `read` fails.
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

    /// A tag: a sequence number and a kind in 8 bytes.
    fn tag(&mut self, name: impl Into<String>) -> Option<u64> {
        self.field(name, Reader::u64, |tag| {
            say!("sequence number {seq}, {kind}", seq = tag >> 8, kind = kind(*tag as u8))
        })
    }

    /// A key or a value of `len` bytes.
    fn text(&mut self, name: impl Into<String>, len: u64) -> Option<&'a [u8]> {
        self.field(name, |reader| reader.bytes(usize::try_from(len).ok()?), |bytes| preview(bytes))
    }

    /// A checksum, compared with `right`.
    fn crc(&mut self, name: &str, right: u32) -> Option<u32> {
        let stored = self.field(name, Reader::u32, |stored| {
            let (stored, right) = (hex(*stored), hex(right));
            if stored == right { correct(&stored) } else { say!("{stored}, should be {right}", stored, right) }
        })?;
        if stored != right {
            let (stored, right) = (hex(stored), hex(right));
            self.complain(say!("a checksum is {stored} and should be {right}", stored, right));
        }
        Some(stored)
    }

    /// Whether the explanation has its maximum of spans.
    fn is_full(&self) -> bool {
        self.spans.len() >= MAX_SPANS
    }

    /// Skips the rest of the enclosing span without recording spans in it.
    fn skip(&mut self) {
        self.at = self.end;
    }

    /// Records a problem, unless there was one before.
    fn complain(&mut self, what: impl Into<String>) {
        if self.problem.is_none() {
            self.problem = Some(say!("at byte {offset}: {what}", offset = self.at, what = what.into()));
        }
    }

    fn push(&mut self, name: String, end: usize, value: String) {
        // An empty key or value has no bytes, and so no span.
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

/// A checksum.
fn hex(crc: u32) -> String {
    format!("{crc:08x}")
}

/// What is said of a checksum that is right.
fn correct(crc: &str) -> String {
    say!("{crc}, correct", crc)
}

fn damaged() -> String {
    say!("damaged")
}

fn not_taken_apart() -> String {
    say!("not taken apart: there is too much of it")
}

/// `put` and `delete` are commands, and have no language.
fn kind(byte: u8) -> String {
    match EntryKind::from_byte(byte) {
        Some(EntryKind::Put) => "put".into(),
        Some(EntryKind::Delete) => "delete".into(),
        None => say!("neither put nor delete"),
    }
}

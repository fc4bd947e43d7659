//! The manifest: the log of version edits that says which tables make up the tree.
//!
//! A manifest is a file of frames ([`super::log`]), one edit each; the frame's first number counts the edits from 0,
//! its count is 1. `CURRENT` names the live manifest. The first edit of a manifest holds the whole shape as it was when
//! the manifest was begun, so that a new one can replace a long one. An edit is a run of fields, each behind its tag:
//!
//! ```text
//! tag u8 │ value
//!   1    │ format version varint (the first field of a manifest's first edit): 1 or 2
//!   2    │ log number varint
//!   3    │ next file number varint
//!   4    │ last sequence number varint
//!   5    │ time varint (virtual seconds)
//!   6    │ removed table: level varint, number varint
//!   7    │ added table, as format 1 has it: level, number, bytes, entries, tombstones, smallest seq, largest seq,
//!        │              newest time (varints), smallest key, largest key (length varint, bytes)
//!   8    │ round-robin cursor: level varint, the key at which the next compaction begins (length varint, bytes)
//!   9    │ added table, as format 2 has it: level, number, bytes, entries, tombstones, smallest seq, largest seq,
//!        │              newest time + 1, oldest time + 1, lowest and highest seq of a tombstone, each + 1, lowest seq
//!        │              of an entry that shadows another of the table + 1 (varints; 0: none, or not known), both keys
//!        │              as before
//!  10    │ age of writes: seq varint, time varint: all up to this sequence number were written by this time (with
//!        │              `tombstone_retention_seconds`)
//! ```
//!
//! Of a table of field 7 only the newest time is known. It stands for the oldest as well: such a table may expire later
//! than it should, but not sooner. If it has tombstones, or more than one entry, its range of sequence numbers stands
//! for the other numbers: a compaction that looks whether something may go finds the truth. A manifest of format 1 is
//! read, and followed by a new one at the next open.
//!
//! `docs/formats.md` has all formats in one page, and what may change in them: the first field never does, so that any
//! build can name the format of any manifest.

use std::{collections::BTreeMap, rc::Rc};

use super::log::{End, Frame, FrameReader, Frames};
use crate::{
    error::{Error, ErrorKind, Result},
    options::MAX_LEVELS,
    storage::{FileId, Storage},
    version::{TableId, TableMeta, Version, VersionEdit},
};

mod edit;

pub use edit::{StoredEdit, put_edit, read_edit};

/// The format that this build writes, and the newest that it reads. It reads all before it too.
pub const FORMAT: u64 = 2;

/// What is wrong with a manifest of `format`, if this build does not read it.
pub(crate) fn unsupported(file: FileId, format: u64) -> Option<Error> {
    let message = format!("{file} has format {format}; this build reads formats 1 to {FORMAT}");
    let error = Error { kind: ErrorKind::Unsupported, message, file: Some(file), offset: Some(0) };
    (!(1..=FORMAT).contains(&format)).then_some(error)
}

/// The log that `edit`, which is not the first of its manifest, finds still needed.
pub(crate) fn expected_log(edit: &VersionEdit) -> Option<FileId> {
    edit.log_number.filter(|number| edit.next_file.is_some_and(|next| *number < next)).map(FileId::wal)
}

/// What a manifest says.
#[derive(Clone, Debug)]
pub struct Recovered {
    /// Its edits, each with its place in the file, removed tables resolved.
    pub edits: Vec<Rc<VersionEdit>>,
    /// The shape after all of them.
    pub version: Version,
    /// How much of the file is whole.
    pub bytes: u64,
    /// The length of its first edit.
    pub first_bytes: u64,
    /// The rest, if the last edit was torn, or there are zeros behind it.
    pub torn: u64,
    /// Whether the rest is zeros.
    pub zeros: bool,
    /// The format that it is of.
    pub format: u64,
    /// The tables of `version` by their numbers, each with its level: a search of the levels for each table of each
    /// edit would take n² steps for n tables.
    tables: BTreeMap<TableId, (usize, Rc<TableMeta>)>,
}

impl Recovered {
    fn new() -> Recovered {
        Recovered {
            edits: Vec::new(),
            version: Version::new(MAX_LEVELS),
            bytes: 0,
            first_bytes: 0,
            torn: 0,
            zeros: false,
            format: FORMAT,
            tables: BTreeMap::new(),
        }
    }

    /// Applies the edit in `frame`.
    fn take_in(&mut self, file: FileId, frame: &Frame<'_>) -> Result<()> {
        let damaged = |what: String| Error::corruption(file, frame.offset, what);
        let expected = self.edits.len() as u64;
        if frame.first != expected {
            return Err(damaged(format!("edit {} stands where edit {expected} was expected", frame.first)));
        }
        let stored = read_edit(frame).map_err(damaged)?;
        if let Some(error) = stored.format.and_then(|format| unsupported(file, format)) {
            return Err(error);
        }
        self.format = stored.format.unwrap_or(self.format);
        let mut edit = stored.edit;
        for (level, id) in stored.removed {
            match self.tables.remove(&id) {
                Some((found, table)) if found == level => edit.removed.push((level, table)),
                _ => return Err(damaged(format!("it removes table {id}, which is not on level {level}"))),
            }
        }
        for (level, table) in &edit.added {
            if self.tables.insert(table.id, (*level, table.clone())).is_some() {
                return Err(damaged(format!("the version edit does not fit: table {} is there already", table.id)));
            }
        }
        self.version.change(&edit).map_err(|e| damaged(e.message))?;
        if self.edits.is_empty() {
            self.first_bytes = frame.bytes;
        }
        self.edits.push(Rc::new(edit));
        self.bytes = frame.offset + frame.bytes;
        Ok(())
    }

    /// There is no further frame in the file, which is `len` bytes long.
    fn finish(mut self, file: FileId, len: u64, end: End) -> Result<Recovered> {
        match end {
            End::Clean => {}
            End::Torn { offset } => self.torn = len - offset,
            End::Zeros { offset } => (self.torn, self.zeros) = (len - offset, true),
            End::Damaged { offset, what } => return Err(Error::corruption(file, offset, what)),
        }
        if self.edits.is_empty() {
            // A manifest is created whole, with its first edit: CURRENT never names an empty one.
            return Err(Error::corruption(file, 0, "it holds no whole edit"));
        }
        Ok(self)
    }

    /// The log that must be there, because writes of it are in no table; none if that is not known.
    ///
    /// The log number of an edit is that of the oldest log which is still needed; where none is, the next file number,
    /// which may then go to any file. Only where it is below the next file number of the same edit, it was a log's. A
    /// manifest's first edit says nothing of this: its next file number is younger than its log number.
    pub fn expected_log(&self) -> Option<FileId> {
        let (at, edit) = self.edits.iter().enumerate().rfind(|(_, edit)| edit.log_number.is_some())?;
        (at > 0).then(|| expected_log(edit)).flatten()
    }

    /// One edit that makes the recovered shape out of nothing, and the counters as the last edits left them.
    pub fn outcome(&self) -> VersionEdit {
        let last = |pick: fn(&VersionEdit) -> Option<u64>| self.edits.iter().rev().find_map(|e| pick(e));
        VersionEdit {
            removed: Vec::new(),
            added: self.version.listing(),
            cursors: self.version.cursor_listing(),
            log_number: last(|e| e.log_number),
            next_file: last(|e| e.next_file),
            last_seq: last(|e| e.last_seq),
            time: last(|e| e.time),
            ages: self.edits.iter().flat_map(|e| e.ages.iter().copied()).collect(),
        }
    }
}

/// Reads the manifest `file`, whose whole content is `bytes`.
///
/// # Errors
/// [`Corruption`](ErrorKind::Corruption) with file and offset, or [`Unsupported`](ErrorKind::Unsupported) for a newer
/// format.
pub fn read(file: FileId, bytes: &[u8]) -> Result<Recovered> {
    let mut frames = Frames::new(file, bytes);
    let mut recovered = Recovered::new();
    loop {
        match frames.next_frame() {
            Ok(frame) => recovered.take_in(file, &frame)?,
            Err(end) => return recovered.finish(file, bytes.len() as u64, end),
        }
    }
}

/// Reads the manifest `file`, which is `len` bytes long, a window at a time: a file that was made longer than memory is
/// an error, not an abort.
///
/// # Errors
/// As [`read`], and the storage's.
pub async fn load<S: Storage>(storage: &S, file: FileId, len: u64) -> Result<Recovered> {
    let mut frames = FrameReader::new(file, len);
    let mut recovered = Recovered::new();
    loop {
        match frames.next_frame(storage).await? {
            Ok(frame) => recovered.take_in(file, &frame)?,
            Err(end) => return recovered.finish(file, len, end),
        }
    }
}

#[cfg(test)]
mod tests;

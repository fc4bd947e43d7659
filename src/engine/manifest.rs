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

use super::{
    codec::{Reader, put_slice, put_varint},
    log::{End, Frame, FrameReader, Frames, put_frame},
};
use crate::{
    entry::MAX_SEQ,
    error::{Error, ErrorKind, Result},
    options::MAX_LEVELS,
    storage::{FileId, Storage},
    version::{Cursor, TableId, TableMeta, Version, VersionEdit},
};

/// The format that this build writes, and the newest that it reads. It reads all before it too.
pub const FORMAT: u64 = 2;

/// What is wrong with a manifest of `format`, if this build does not read it.
pub(crate) fn unsupported(file: FileId, format: u64) -> Option<Error> {
    let message = format!("{file} has format {format}; this build reads formats 1 to {FORMAT}");
    let error = Error { kind: ErrorKind::Unsupported, message, file: Some(file), offset: Some(0) };
    (!(1..=FORMAT).contains(&format)).then_some(error)
}

/// An edit as the manifest holds it: removed tables by number only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredEdit {
    /// The format, in a manifest's first edit.
    pub format: Option<u64>,
    /// Removed tables: level and number.
    pub removed: Vec<(usize, TableId)>,
    /// All the rest.
    pub edit: VersionEdit,
}

/// Appends `edit` to `out` as frame number `number` of `file`, at `offset`.
pub fn put_edit(out: &mut Vec<u8>, file: FileId, offset: u64, number: u64, edit: &VersionEdit) {
    put_frame(out, file, offset, number, 1, |out| {
        if number == 0 {
            put_field(out, 1, &[FORMAT]);
        }
        let counters = [(2, edit.log_number), (3, edit.next_file), (4, edit.last_seq), (5, edit.time)];
        for (tag, value) in counters {
            if let Some(value) = value {
                put_field(out, tag, &[value]);
            }
        }
        for (level, table) in &edit.removed {
            put_field(out, 6, &[*level as u64, table.id]);
        }
        for (level, t) in &edit.added {
            put_field(out, 9, &[*level as u64, t.id, t.bytes, t.entries, t.tombstones, t.smallest_seq, t.largest_seq]);
            let tombstones = t.tombstone_seqs;
            let known =
                [t.newest_time, t.oldest_time, tombstones.map(|t| t.0), tombstones.map(|t| t.1), t.shadowing_seq];
            known.iter().for_each(|number| put_varint(out, number.map_or(0, |n| n + 1)));
            put_slice(out, &t.smallest);
            put_slice(out, &t.largest);
        }
        for (seq, time) in &edit.ages {
            put_field(out, 10, &[*seq, *time]);
        }
        for cursor in &edit.cursors {
            if let Some(key) = &cursor.to {
                put_field(out, 8, &[cursor.level as u64]);
                put_slice(out, key);
            }
        }
    });
}

fn put_field(out: &mut Vec<u8>, tag: u8, numbers: &[u64]) {
    out.push(tag);
    numbers.iter().for_each(|n| put_varint(out, *n));
}

/// Reads the edit in a frame. Of a format that this build does not read, the rest of the edit is left unread: its
/// fields are not known, and to take them for damage would have a repair throw them away.
///
/// # Errors
/// What is wrong with it, though its checksum is right.
pub fn read_edit(frame: &Frame<'_>) -> Result<StoredEdit, String> {
    let mut reader = Reader::new(frame.payload);
    let mut stored = StoredEdit::default();
    while let Some(tag) = reader.u8() {
        read_field(tag, &mut reader, &mut stored)
            .ok_or_else(|| format!("field {tag} of a version edit is cut short"))??;
        if stored.format.is_some_and(|format| !(1..=FORMAT).contains(&format)) {
            return Ok(stored);
        }
    }
    if frame.count != 1 || (frame.first == 0) != stored.format.is_some() {
        return Err("a frame of the manifest is not one edit in its place".into());
    }
    Ok(stored)
}

fn read_field(tag: u8, reader: &mut Reader<'_>, stored: &mut StoredEdit) -> Option<Result<(), String>> {
    let edit = &mut stored.edit;
    match tag {
        1 => stored.format = Some(reader.varint()?),
        2..=5 => {
            let n = reader.varint()?;
            // All of them stay below this: further counting must not overflow.
            if n > MAX_SEQ {
                return Some(Err(format!("field {tag} of a version edit is {n}, which is more than can be")));
            }
            match tag {
                2 => edit.log_number = Some(n),
                3 => edit.next_file = Some(n),
                4 => edit.last_seq = Some(n),
                _ => edit.time = Some(n),
            }
        }
        6 => stored.removed.push((reader.varint()? as usize, reader.varint()?)),
        7 | 9 => match read_table(tag, reader)? {
            Ok((level, table)) => edit.added.push((level, Rc::new(table))),
            Err(what) => return Some(Err(what)),
        },
        10 => edit.ages.push((reader.varint()?, reader.varint()?)),
        8 => {
            let level = reader.varint()? as usize;
            edit.cursors.push(Cursor { level, from: None, to: Some(reader.slice()?.into()) });
        }
        _ => return Some(Err(format!("a version edit has a field {tag}, which this format does not know"))),
    }
    Some(Ok(()))
}

/// An added table and its level, in the form of field `tag`.
fn read_table(tag: u8, reader: &mut Reader<'_>) -> Option<Result<(usize, TableMeta), String>> {
    let mut n = [0; 12];
    for slot in &mut n[..if tag == 7 { 8 } else { 12 }] {
        *slot = reader.varint()?;
    }
    let (smallest, largest) = (reader.slice()?, reader.slice()?);
    let [level, id, bytes, entries, tombstones, smallest_seq, largest_seq, ..] = n;
    if smallest > largest || smallest_seq > largest_seq {
        return Some(Err(format!("table {id} is said to end before it begins")));
    }
    let known = |n: u64| n.checked_sub(1);
    if n[1..7].iter().any(|n| *n > MAX_SEQ) || n[7..].iter().any(|n| known(*n) > Some(MAX_SEQ)) {
        return Some(Err(format!("table {id} has a number that is more than can be")));
    }
    let (newest_time, oldest_time, tombstone_seqs, shadowing_seq) = match tag {
        7 => {
            let tombstone_seqs = (tombstones > 0).then_some((smallest_seq, largest_seq));
            (Some(n[7]), Some(n[7]), tombstone_seqs, (entries > 1).then_some(smallest_seq))
        }
        _ => (known(n[7]), known(n[8]), known(n[9]).zip(known(n[10])), known(n[11])),
    };
    if oldest_time.zip(newest_time).is_some_and(|(oldest, newest)| oldest > newest) {
        return Some(Err(format!("table {id} is said to be older than itself")));
    }
    let within = |seq: &u64| (smallest_seq..=largest_seq).contains(seq);
    if !tombstone_seqs.iter().all(|(low, high)| within(low) && within(high)) || !shadowing_seq.iter().all(within) {
        return Some(Err(format!("table {id} has a sequence number that is none of its own")));
    }
    let (smallest, largest) = (smallest.into(), largest.into());
    let table = TableMeta {
        id,
        bytes,
        entries,
        tombstones,
        range_deletion_bytes: 0,
        smallest,
        largest,
        smallest_seq,
        largest_seq,
        oldest_time,
        newest_time,
        tombstone_seqs,
        shadowing_seq,
    };
    Some(Ok((level as usize, table)))
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
mod tests {
    use super::*;

    const FILE: FileId = FileId { kind: crate::storage::FileKind::Manifest, number: 4 };

    fn table(id: TableId, smallest: &str, largest: &str) -> Rc<TableMeta> {
        Rc::new(TableMeta {
            id,
            bytes: 1000,
            entries: 9,
            tombstones: 2,
            range_deletion_bytes: 0,
            smallest: smallest.into(),
            largest: largest.into(),
            smallest_seq: 3,
            largest_seq: 300,
            oldest_time: Some(70),
            newest_time: Some(77),
            tombstone_seqs: Some((4, 9)),
            shadowing_seq: None,
        })
    }

    fn manifest() -> (Vec<VersionEdit>, Vec<u8>) {
        let edits = vec![
            VersionEdit {
                next_file: Some(9),
                last_seq: Some(0),
                log_number: Some(2),
                time: Some(5),
                ages: vec![(3, 4)],
                ..Default::default()
            },
            VersionEdit { added: vec![(0, table(10, "a", "m")), (1, table(11, "", "z"))], ..Default::default() },
            VersionEdit {
                removed: vec![(0, table(10, "a", "m"))],
                added: vec![(2, table(10, "a", "m"))],
                cursors: vec![Cursor { level: 1, from: None, to: Some("g".into()) }],
                ..Default::default()
            },
        ];
        let mut bytes = Vec::new();
        for (i, edit) in edits.iter().enumerate() {
            let offset = bytes.len() as u64;
            put_edit(&mut bytes, FILE, offset, i as u64, edit);
        }
        (edits, bytes)
    }

    #[test]
    fn a_table_is_added_once() {
        let first = VersionEdit { next_file: Some(9), added: vec![(0, table(7, "a", "m"))], ..Default::default() };
        let again = VersionEdit { added: vec![(0, table(7, "a", "m"))], ..Default::default() };
        let twice = VersionEdit { added: vec![(0, table(8, "a", "m")); 2], ..Default::default() };
        for (edit, id) in [(again, 7), (twice, 8)] {
            let mut bytes = Vec::new();
            put_edit(&mut bytes, FILE, 0, 0, &first);
            let offset = bytes.len() as u64;
            put_edit(&mut bytes, FILE, offset, 1, &edit);
            let error = read(FILE, &bytes).unwrap_err();
            assert_eq!((error.kind, error.offset), (ErrorKind::Corruption, Some(offset)));
            assert!(error.message.ends_with(&format!("table {id} is there already")), "{error}");
        }
    }

    #[test]
    fn edits_read_back_and_make_the_shape() {
        let (edits, bytes) = manifest();
        let read = read(FILE, &bytes).unwrap();
        assert_eq!(read.edits.iter().map(|e| (**e).clone()).collect::<Vec<_>>(), edits);
        assert_eq!(
            (read.version.levels[0].len(), read.version.levels[1].len(), read.version.levels[2].len()),
            (0, 1, 1)
        );
        assert_eq!(read.version.cursor(1), Some(&"g".into()));
        assert_eq!(read.outcome().cursors, edits[2].cursors, "what a new manifest begins with");
        assert_eq!((read.bytes, read.torn), (bytes.len() as u64, 0));
    }

    #[test]
    fn a_torn_last_edit_is_as_if_never_written() {
        let (_, bytes) = manifest();
        let read = read(FILE, &bytes[..bytes.len() - 1]).unwrap();
        assert_eq!(read.edits.len(), 2);
        assert_eq!(read.bytes + read.torn, bytes.len() as u64 - 1);
    }

    #[test]
    fn every_flipped_bit_is_noticed() {
        let (_, bytes) = manifest();
        for bit in 0..bytes.len() * 8 {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(read(FILE, &damaged).unwrap_err().kind, ErrorKind::Corruption, "bit {bit}");
        }
        assert!(read(FILE, &[]).is_err());
    }

    #[test]
    fn a_table_of_format_1_is_as_old_as_its_newest_entry() {
        let mut bytes = Vec::new();
        put_frame(&mut bytes, FILE, 0, 0, 1, |o| {
            o.extend_from_slice(&[1, 1, 7, 2, 10, 100, 9, 2, 3, 30, 77, 1, b'a', 1, b'm']);
        });
        let read = read(FILE, &bytes).unwrap();
        let expected = TableMeta {
            bytes: 100,
            largest_seq: 30,
            oldest_time: Some(77),
            tombstone_seqs: Some((3, 30)),
            shadowing_seq: Some(3),
            ..(*table(10, "a", "m")).clone()
        };
        assert_eq!((read.format, &*read.version.levels[2][0]), (1, &expected));
    }

    #[test]
    fn a_newer_format_is_named() {
        let mut bytes = Vec::new();
        // A field that no format has yet follows.
        put_frame(&mut bytes, FILE, 0, 0, 1, |o| o.extend_from_slice(&[1, 9, 200, 1, 2, 3]));
        let error = read(FILE, &bytes).unwrap_err();
        assert_eq!((error.kind, error.offset), (ErrorKind::Unsupported, Some(0)), "{error}");
        assert!(error.message.contains("format 9"), "{}", error.message);
    }
}

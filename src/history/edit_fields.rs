//! One record of a `MANIFEST`: the fields of a version edit.
//!
//! In: the record's bytes. Out: [`Fields`]. Errors: it ends within a field, or has one that must not be passed over. An
//! edit is a run of fields, each behind its tag; numbers are varints, a *slice* is a length and its bytes:
//!
//! ```text
//!  tag │ field                                 tag │ field
//!    1 │ comparator: slice                     100 │ new file 2: level, number, bytes, smallest slice, largest slice,
//!    2 │ log number                                │             smallest seq, largest seq
//!    3 │ next file number                      102 │ new file 3: level, number, path, then as new file 2 from bytes on
//!    4 │ last sequence number                  103 │ new file 4: as new file 2, then custom fields
//!    5 │ compact cursor: level, key slice      200 │ column family: its number; without, it is the default one, 0
//!    6 │ deleted file: level, number           201 │ a column family comes: name slice
//!    7 │ new file: as new file 2 without seqs  202 │ the column family goes
//!    9 │ previous log number                   203 │ the highest column family number
//!   10 │ lowest log number to keep             300 │ in an atomic group: how many edits of it still follow
//!                                          400, 401 │ a blob file comes, a blob file's garbage
//!                                       from 8192 on │ whatever it is: slice (but see below); 8199 and 8200: logs
//!                                                    │ that come and go
//!
//! custom fields of new file 4: tag, slice; … ; 1
//!    2 │ marked for compaction                   5 │ oldest ancestor's time
//!    6 │ the file's time                        13 │ epoch: the order within level 0
//!                                               14 │ what its range deletions cover, in bytes
//!   64 and above, but 65 (the path): a reader that does not know them must not go on; others may be passed over
//! ```
//!
//! A key is an *internal key*: the user's key and eight bytes (sequence number and kind), which are cut off. LevelDB
//! writes the fields 1 to 7 and 9 only, and of tables the first form only.

use std::rc::Rc;

use super::{Added, MAX_TABLE_BYTES};
use crate::{
    engine::codec::Reader,
    entry::Bytes,
    error::{Error, ErrorKind},
    version::TableMeta,
    words::say,
};

/// What an edit says, as far as it matters here.
#[derive(Default)]
pub(super) struct Fields {
    pub column_family: u64,
    pub removed: Vec<(usize, u64)>,
    pub added: Vec<Added>,
    pub cursors: Vec<(usize, Bytes)>,
    /// The order of its family's keys.
    pub comparator: Option<String>,
    /// The name of a family that comes.
    pub comes: Option<String>,
    /// Whether its family goes.
    pub goes: bool,
    /// In an atomic group: how many edits of it still follow.
    pub follow: Option<u64>,
    /// Whether it tells of write-ahead logs that came or went, or from which on they are kept.
    pub is_of_logs: bool,
    /// Tables that the database marked for compaction.
    pub marked: u64,
    /// The latest of its files' times.
    pub time: Option<u64>,
    /// Whether it has a field that only LevelDB writes, and one that only RocksDB does.
    pub is_leveldb: bool,
    pub is_rocksdb: bool,
}

/// Why an edit cannot be read.
pub(super) enum Trouble {
    /// It ends within this field.
    Short(&'static str),
    /// It has a field that we do not know, and may not pass over.
    Unknown(String),
}

impl Trouble {
    pub fn at(self, at: u64) -> Error {
        match self {
            Trouble::Short(field) => Error::new(
                ErrorKind::Corruption,
                say!("the edit at byte {at} of the manifest is cut short within its {field}", at, field),
            ),
            Trouble::Unknown(what) => {
                Error::new(ErrorKind::Unsupported, say!("the edit at byte {at} of the manifest has {what}", at, what))
            }
        }
    }
}

impl Fields {
    /// Whether it makes a version of its family (`VersionSet::ProcessManifestWrites` in RocksDB's `db/version_set.cc`):
    /// all do but those of write-ahead logs, and the last of a family. From which log on they are kept is said by an
    /// edit of the default family behind that of a flush, whatever the family of that: together they make one version
    /// (`MemTableList::TryInstallMemtableFlushResults`).
    pub fn makes_version(&self) -> bool {
        let is_of_logs_only = self.is_of_logs && self.removed.is_empty() && self.added.is_empty();
        !(self.goes || is_of_logs_only)
    }

    pub fn read(record: &[u8]) -> Result<Fields, Trouble> {
        let mut reader = Reader::new(record);
        let mut fields = Fields::default();
        while !reader.is_empty() {
            let tag = reader.varint().ok_or(Trouble::Short("tag"))?;
            fields.field(tag, &mut reader)?;
        }
        Ok(fields)
    }

    fn field(&mut self, tag: u64, reader: &mut Reader<'_>) -> Result<(), Trouble> {
        self.is_leveldb |= tag == 7;
        self.is_rocksdb |= tag >= 10;
        match tag {
            1 => self.comparator = Some(name(reader, "comparator")?),
            2..=4 | 9 | 10 | 203 => {
                self.is_of_logs |= tag == 10;
                reader.varint().ok_or(Trouble::Short("counters"))?;
            }
            300 => self.follow = Some(reader.varint().ok_or(Trouble::Short("atomic group"))?),
            5 => self.cursors.push(cursor(reader).ok_or(Trouble::Short("compact cursor"))?),
            6 => {
                let removed = reader.varint().zip(reader.varint()).ok_or(Trouble::Short("deleted file"))?;
                self.removed.push((level(removed.0), removed.1));
            }
            7 | 100 | 102 | 103 => return self.new_file(tag, reader),
            200 => self.column_family = reader.varint().ok_or(Trouble::Short("column family"))?,
            201 => self.comes = Some(name(reader, "column family's name")?),
            202 => self.goes = true,
            400 | 8194 => blob_file(reader).ok_or(Trouble::Short("blob file"))?,
            401 | 8195 => blob_garbage(reader).ok_or(Trouble::Short("blob file's garbage"))?,
            // Early forms of what now comes as a slice.
            8196 | 8197 => return Err(Trouble::Unknown(say!("a field {tag}: write-ahead logs in an early form", tag))),
            8192.. => {
                self.is_of_logs |= matches!(tag, 8199 | 8200);
                reader.slice().ok_or(Trouble::Short("later fields"))?;
            }
            _ => {
                return Err(Trouble::Unknown(say!("a field {tag}, which no release that we know of has written", tag)));
            }
        }
        Ok(())
    }

    fn new_file(&mut self, tag: u64, reader: &mut Reader<'_>) -> Result<(), Trouble> {
        let (level, mut table) = new_file(tag, reader).ok_or(Trouble::Short("new file"))?;
        let mut epoch = 0;
        if tag == 103 {
            self.custom_fields(reader, &mut table, &mut epoch)?;
        }
        self.added.push(Added { level, table: Rc::new(table), epoch });
        Ok(())
    }
}

impl Fields {
    /// What a new file of the fourth form has behind the rest.
    fn custom_fields(
        &mut self,
        reader: &mut Reader<'_>,
        table: &mut TableMeta,
        epoch: &mut u64,
    ) -> Result<(), Trouble> {
        let short = || Trouble::Short("new file's fields");
        loop {
            let tag = reader.varint().ok_or_else(short)?;
            if tag == 1 {
                return Ok(());
            }
            let value = reader.slice().ok_or_else(short)?;
            let number = || Reader::new(value).varint().unwrap_or(0);
            match tag {
                2 => self.marked += u64::from(value == [1]),
                5 => table.oldest_time = Some(number()).filter(|time| *time > 0),
                6 => self.time = self.time.max(Some(number())),
                13 => *epoch = number(),
                // It counts for no more than a file can have: sums of sizes stay numbers.
                14 => table.range_deletion_bytes = number().min(MAX_TABLE_BYTES),
                65 => {}
                _ if tag & 64 != 0 => {
                    return Err(Trouble::Unknown(format!(
                        "a new file with a field {tag}, which must not be passed over"
                    )));
                }
                _ => {}
            }
        }
    }
}

fn name(reader: &mut Reader<'_>, what: &'static str) -> Result<String, Trouble> {
    Ok(String::from_utf8_lossy(reader.slice().ok_or(Trouble::Short(what))?).into_owned())
}

/// The user's part of an internal key.
fn user_key(internal: &[u8]) -> Option<Bytes> {
    Some(internal.get(..internal.len().checked_sub(8)?)?.into())
}

/// What ends a table whose last key is only where a range deletion ends: the highest sequence number, and the kind 15.
const RANGE_DELETION_END: [u8; 8] = [0x0f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];

/// The user's part of the internal key that a table ends with. Where a range deletion ends there, the table does not
/// hold the key itself: it ends just before (`sstableKeyCompare` in RocksDB's `db/compaction/compaction.cc`), which is
/// told by the next smaller key there can be.
fn last_key(internal: &[u8], smallest: &Bytes) -> Option<Bytes> {
    let key = user_key(internal)?;
    if !internal.ends_with(&RANGE_DELETION_END) {
        return Some(key);
    }
    let before: Bytes = match key.split_last() {
        None => return Some(key),
        Some((0, rest)) => rest.into(),
        Some((last, rest)) => [rest, &[last - 1], &[0xff; 8]].concat().as_slice().into(),
    };
    Some(if before < *smallest { key } else { before })
}

fn cursor(reader: &mut Reader<'_>) -> Option<(usize, Bytes)> {
    Some((level(reader.varint()?), user_key(reader.slice()?)?))
}

/// A level, also one that no tree has: not the remainder of one where numbers are of 32 bits.
fn level(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Reads what all forms of a new file have: its level and its metadata.
fn new_file(tag: u64, reader: &mut Reader<'_>) -> Option<(usize, TableMeta)> {
    let (level, id) = (level(reader.varint()?), reader.varint()?);
    if tag == 102 {
        reader.varint()?;
    }
    let bytes = reader.varint()?;
    let smallest = user_key(reader.slice()?)?;
    let largest = last_key(reader.slice()?, &smallest)?;
    let (smallest_seq, largest_seq) = if tag == 7 { (0, 0) } else { (reader.varint()?, reader.varint()?) };
    let table = TableMeta {
        id,
        bytes,
        // The manifest does not tell: RocksDB reads them from the tables.
        entries: 0,
        tombstones: 0,
        smallest,
        largest,
        smallest_seq,
        largest_seq,
        ..TableMeta::default()
    };
    Some((level, table))
}

/// Number, count, bytes, checksum's method and value; then fields up to a 0.
fn blob_file(reader: &mut Reader<'_>) -> Option<()> {
    skip_numbers(reader)?;
    reader.slice()?;
    reader.slice()?;
    skip_fields(reader)
}

/// Number, count, bytes; then fields up to a 0.
fn blob_garbage(reader: &mut Reader<'_>) -> Option<()> {
    skip_numbers(reader)?;
    skip_fields(reader)
}

fn skip_numbers(reader: &mut Reader<'_>) -> Option<()> {
    (0..3).try_for_each(|_| reader.varint().map(|_| ()))
}

fn skip_fields(reader: &mut Reader<'_>) -> Option<()> {
    while reader.varint()? != 0 {
        reader.slice()?;
    }
    Some(())
}

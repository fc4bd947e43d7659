//! RocksDB's `MANIFEST`: the log of a database's version edits, read for what changes its shape.
//!
//! In: the file's bytes, a log with one edit to a record. Out: a [`History`] of the default column family. An
//! edit is a run of fields, each behind its tag; numbers are varints, a *slice* is a length and so many bytes:
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
//!                                       from 8192 on │ whatever it is: slice (but see below)
//!
//! custom fields of new file 4: tag, slice; … ; 1
//!    2 │ marked for compaction                   5 │ oldest ancestor's time
//!    6 │ the file's time                        13 │ epoch: the order within level 0
//!   64 and above, but 65 (the path): a reader that does not know them must not go on; others may be passed over
//! ```
//!
//! A key is an *internal key*: the user's key and eight bytes (sequence number and kind), which are cut off. Atomic groups
//! are read edit by edit, as a reader of the whole file may: nobody looks in between.

use std::rc::Rc;

use super::{Added, Edit, History, log};
use crate::{
    engine::codec::Reader,
    entry::Bytes,
    error::{Error, ErrorKind, Result},
    options::Options,
    version::TableMeta,
};

/// Whether `bytes` begin like a manifest.
pub fn is(bytes: &[u8]) -> bool {
    log::is(bytes)
}

/// Reads one, of a database that was set by `options`.
///
/// # Errors
/// It is damaged, or uses what we cannot follow: keys in another order than by bytes.
pub fn read(bytes: &[u8], options: &Options) -> Result<History> {
    let options = options.clone().checked()?;
    let mut edits = Vec::new();
    let mut others = 0u64;
    let mut marked = 0u64;
    for (at, record) in log::records(bytes)? {
        let fields = Fields::read(&record).map_err(|error| error.at(at))?;
        marked += fields.marked;
        if fields.column_family != 0 {
            others += 1;
        } else {
            let Fields { removed, added, cursors, time, .. } = fields;
            edits.push(Edit { at, removed, added, cursors, time });
        }
    }
    let mut notes = Vec::new();
    if others > 0 {
        notes.push(format!("{others} edits of column families other than the default one are left out"));
    }
    if marked > 0 {
        notes.push(format!(
            "{marked} tables were marked for compaction by the database, which has no say in the replay"
        ));
    }
    Ok(History { options, edits, unit: "byte", notes })
}

/// What an edit says, as far as it matters here.
#[derive(Default)]
struct Fields {
    column_family: u64,
    removed: Vec<(usize, u64)>,
    added: Vec<Added>,
    cursors: Vec<(usize, Bytes)>,
    marked: u64,
    /// The latest of its files' times.
    time: Option<u64>,
}

/// Why an edit cannot be read.
enum Trouble {
    /// It ends within this field.
    Short(&'static str),
    /// It has a field that we do not know, and may not pass over.
    Unknown(String),
}

impl Trouble {
    fn at(self, at: u64) -> Error {
        match self {
            Trouble::Short(field) => Error::new(
                ErrorKind::Corruption,
                format!("the edit at byte {at} of the manifest is cut short within its {field}"),
            ),
            Trouble::Unknown(what) => {
                Error::new(ErrorKind::Unsupported, format!("the edit at byte {at} of the manifest has {what}"))
            }
        }
    }
}

impl Fields {
    fn read(record: &[u8]) -> Result<Fields, Trouble> {
        let mut reader = Reader::new(record);
        let mut fields = Fields::default();
        while !reader.is_empty() {
            let tag = reader.varint().ok_or(Trouble::Short("tag"))?;
            fields.field(tag, &mut reader)?;
        }
        Ok(fields)
    }

    fn field(&mut self, tag: u64, reader: &mut Reader<'_>) -> Result<(), Trouble> {
        match tag {
            1 => return comparator(reader),
            2..=4 | 9 | 10 | 203 | 300 => {
                reader.varint().ok_or(Trouble::Short("counters"))?;
            }
            5 => self.cursors.push(cursor(reader).ok_or(Trouble::Short("compact cursor"))?),
            6 => {
                let removed = reader.varint().zip(reader.varint()).ok_or(Trouble::Short("deleted file"))?;
                self.removed.push((removed.0 as usize, removed.1));
            }
            7 | 100 | 102 | 103 => return self.new_file(tag, reader),
            200 => self.column_family = reader.varint().ok_or(Trouble::Short("column family"))?,
            201 => {
                reader.slice().ok_or(Trouble::Short("column family's name"))?;
            }
            202 => {}
            400 | 8194 => blob_file(reader).ok_or(Trouble::Short("blob file"))?,
            401 | 8195 => blob_garbage(reader).ok_or(Trouble::Short("blob file's garbage"))?,
            // Early forms of what now comes as a slice.
            8196 | 8197 => return Err(Trouble::Unknown(format!("a field {tag}: write-ahead logs in an early form"))),
            8192.. => {
                reader.slice().ok_or(Trouble::Short("later fields"))?;
            }
            _ => return Err(Trouble::Unknown(format!("a field {tag}, which no release that we know of has written"))),
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

fn comparator(reader: &mut Reader<'_>) -> Result<(), Trouble> {
    match reader.slice().ok_or(Trouble::Short("comparator"))? {
        b"leveldb.BytewiseComparator" => Ok(()),
        other => Err(Trouble::Unknown(format!(
            "the comparator {}: only keys in the order of their bytes can be replayed",
            String::from_utf8_lossy(other)
        ))),
    }
}

/// The user's part of an internal key.
fn user_key(internal: &[u8]) -> Option<Bytes> {
    Some(internal.get(..internal.len().checked_sub(8)?)?.into())
}

fn cursor(reader: &mut Reader<'_>) -> Option<(usize, Bytes)> {
    Some((reader.varint()? as usize, user_key(reader.slice()?)?))
}

/// What all forms of a new file have: its level, and what there is to know of it.
fn new_file(tag: u64, reader: &mut Reader<'_>) -> Option<(usize, TableMeta)> {
    let (level, id) = (reader.varint()? as usize, reader.varint()?);
    if tag == 102 {
        reader.varint()?;
    }
    let bytes = reader.varint()?;
    let (smallest, largest) = (user_key(reader.slice()?)?, user_key(reader.slice()?)?);
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

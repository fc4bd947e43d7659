//! Recorded leveled histories: JSON, one object a line.
//!
//! The first line has the options; every further one is an edit:
//!
//! ```text
//! {"tfs": 1048576, "mult": 10.0, "base": 4194304, "l0": 4, "pri": "kByCompensatedSize", "levels": 7, "dynamic": true}
//! {"del": [], "add": [[0, 8, 905427, "000d6be2", "ffc1428d", 1, 7200]]}
//!                      │  │  bytes   smallest    largest   smallest and largest sequence number
//!                      │  number
//!                      level
//! {"del": [[0, 8], [0, 9]], "add": [[6, 12, 1054359, "000554f3", "4ae21985", 0, 0]]}
//! ```

use std::rc::Rc;

use serde::Deserialize;

use super::{Added, Edit, History, HistorySummary, options_file};
use crate::{
    error::{Error, Result},
    options::Options,
    version::{TableId, TableMeta},
    words::say,
};

#[derive(Deserialize)]
struct Header {
    tfs: u64,
    mult: f64,
    base: u64,
    l0: i64,
    pri: String,
    levels: i64,
    dynamic: bool,
}

#[derive(Deserialize)]
struct Line {
    del: Vec<(usize, TableId)>,
    add: Vec<(usize, TableId, u64, String, String, u64, u64)>,
}

/// Whether `bytes` begin like such a history.
pub fn is(bytes: &[u8]) -> bool {
    let line = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
    serde_json::from_slice::<Header>(line).is_ok()
}

/// Reads one.
///
/// # Errors
/// A line is not as described above.
pub fn read(bytes: &[u8]) -> Result<History> {
    let text =
        std::str::from_utf8(bytes).map_err(|e| Error::invalid(say!("the history is not text: {error}", error = e)))?;
    let mut lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let (number, line) = lines.next().ok_or_else(|| Error::invalid(say!("the history is empty")))?;
    let options = options(&parse(number, line)?)?;
    let edits: Vec<Edit> = lines.map(|(number, line)| Ok(edit(number, parse(number, line)?))).collect::<Result<_>>()?;
    let summary = HistorySummary::of_lines(edits.len());
    Ok(History::of_lines(options, edits, summary))
}

fn parse<'a, T: Deserialize<'a>>(number: u64, line: &'a str) -> Result<T> {
    serde_json::from_str(line)
        .map_err(|e| Error::invalid(say!("line {number} of the history: {what}", number, what = e)))
}

fn options(header: &Header) -> Result<Options> {
    let mut options = Options {
        target_file_size_base: header.tfs,
        max_bytes_for_level_base: header.base,
        max_bytes_for_level_multiplier: header.mult,
        level_compaction_dynamic_level_bytes: header.dynamic,
        ..Options::default()
    };
    options_file::set_priority(&mut options, &header.pri)?;
    options_file::settle_recorded(&mut options, header.l0, header.levels)?;
    Ok(options)
}

fn edit(at: u64, line: Line) -> Edit {
    let table = |(level, id, bytes, smallest, largest, smallest_seq, largest_seq): (_, _, _, String, String, _, _)| {
        let table = TableMeta {
            id,
            bytes,
            // A history does not tell: so tables weigh what they are, as RocksDB counts them without deletes.
            entries: 0,
            tombstones: 0,
            smallest: smallest.as_str().into(),
            largest: largest.as_str().into(),
            smallest_seq,
            largest_seq,
            ..TableMeta::default()
        };
        Added { level, table: Rc::new(table), epoch: 0 }
    };
    Edit { at, removed: line.del, added: line.add.into_iter().map(table).collect(), ..Edit::default() }
}

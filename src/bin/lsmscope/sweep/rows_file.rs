//! The file of a sweep's rows, which outlives an interruption.
//!
//! In: a plan, and the file's path. Out: the rows that are there; further ones are appended, each with one write of a
//! whole line. Errors: it cannot be read or written, another sweep writes it, or it is not of this plan: then nothing
//! of it is changed.
//!
//! A process that is killed leaves whole lines and at most one that is cut, the last: it is cut off when the file is
//! opened again. While runs go on, rows stand in the order in which they ended. When all are there, the file is
//! replaced by one in the order of their numbers.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions, TryLockError},
    io::Write,
    path::{Path, PathBuf},
};

use lsmscope::{Error, ErrorKind, error::excerpt_of_path, plural::counted, sweep::SweepPlan};

use super::{Rows, inputs, outputs, tell};

/// Whether rows that lie at `path` can be read again: a file, or nothing yet. A pipe or a terminal gets all rows in the
/// end.
pub fn is_kept(path: &Path) -> bool {
    !outputs::is_stdout(Some(path)) && fs::metadata(path).map_or(true, |metadata| metadata.is_file())
}

/// All rows as CSV, by the numbers of their runs.
pub fn text(plan: &SweepPlan, rows: &Rows) -> String {
    let mut text = plan.header() + "\n";
    for row in rows.values() {
        text.push_str(row);
        text.push('\n');
    }
    text
}

/// The rows of a file that another process wrote, or is writing.
///
/// # Errors
/// See above.
pub fn read(path: &Path, plan: &SweepPlan) -> Result<Rows, Error> {
    let bytes = fs::read(path).map_err(|error| inputs::unreadable(path, &error))?;
    Ok(Content::of(&bytes, plan).map_err(|why| foreign(path, &why))?.rows)
}

fn foreign(path: &Path, why: &str) -> Error {
    let file = excerpt_of_path(path);
    Error::invalid(format!(
        "{file} has rows that are not of this SPEC: {why}. Name another file, or the SPEC of its rows"
    ))
}

/// What a file has.
struct Content {
    rows: Rows,
    /// How many of its bytes are whole lines.
    whole: usize,
    /// Whether rows stand in order, each once.
    is_sorted: bool,
}

impl Content {
    fn of(bytes: &[u8], plan: &SweepPlan) -> Result<Content, String> {
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let header = plan.header();
        let mut content = Content { rows: Rows::new(), whole, is_sorted: true };
        if whole == 0 && header.as_bytes().starts_with(bytes) {
            return Ok(content);
        }
        let text = std::str::from_utf8(&bytes[..whole]).map_err(|_| "it is no text".to_string())?;
        let mut lines = text.lines();
        if lines.next() != Some(&header) {
            return Err("line 1 has not its columns".into());
        }
        for (at, line) in lines.enumerate() {
            let number = plan.number_of(line).map_err(|why| format!("line {}: {why}", at + 2))?;
            let last = content.rows.last_key_value().map(|(last, _)| *last);
            content.is_sorted &= last.is_none_or(|last| last < number);
            content.rows.entry(number).or_insert_with(|| line.to_string());
        }
        Ok(content)
    }
}

/// A file that is appended to.
pub struct RowsFile {
    path: PathBuf,
    file: File,
    last: Option<u64>,
    is_sorted: bool,
}

impl RowsFile {
    /// Opens or creates it, mends its end, and returns its rows.
    ///
    /// # Errors
    /// See above.
    pub fn open(path: &Path, plan: &SweepPlan) -> Result<(RowsFile, Rows), Error> {
        let unwritable = |error: std::io::Error| unwritable(path, &error);
        let file = OpenOptions::new().read(true).append(true).create(true).open(path).map_err(unwritable)?;
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            let file = excerpt_of_path(path);
            return Err(Error::new(ErrorKind::Busy, format!("another sweep writes {file}")));
        }
        let bytes = fs::read(path).map_err(|error| inputs::unreadable(path, &error))?;
        let content = Content::of(&bytes, plan).map_err(|why| foreign(path, &why))?;
        if content.whole < bytes.len() {
            file.set_len(content.whole as u64).map_err(unwritable)?;
            tell(format_args!("{}: its last line was cut, and is run again", excerpt_of_path(path)));
        }
        // A link stays one: what it names is replaced in the end.
        let place = fs::canonicalize(path).map_err(unwritable)?;
        let last = content.rows.last_key_value().map(|(last, _)| *last);
        let mut kept = RowsFile { path: place, file, last, is_sorted: content.is_sorted };
        if content.whole == 0 {
            kept.write_line(&plan.header())?;
        } else if !content.rows.is_empty() {
            tell(format_args!("{}: {} there already", excerpt_of_path(path), counted(content.rows.len(), "row")));
        }
        Ok((kept, content.rows))
    }

    /// Appends a row.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn append(&mut self, number: u64, row: &str) -> Result<(), Error> {
        self.is_sorted &= self.last.is_none_or(|last| last < number);
        self.last = self.last.max(Some(number));
        self.write_line(row)
    }

    fn write_line(&mut self, line: &str) -> Result<(), Error> {
        self.file.write_all(format!("{line}\n").as_bytes()).map_err(|error| unwritable(&self.path, &error))
    }

    /// All `rows` are there: brings them into order.
    ///
    /// # Errors
    /// The ordered file cannot be written; then the other one stays.
    pub fn finish(self, plan: &SweepPlan, rows: &Rows) -> Result<(), Error> {
        let unwritable = |error: std::io::Error| unwritable(&self.path, &error);
        if self.is_sorted {
            return self.file.sync_data().map_err(unwritable);
        }
        let mut beside = OsString::from(&self.path);
        beside.push(".tmp");
        let mut ordered = File::create(&beside).map_err(unwritable)?;
        ordered.write_all(text(plan, rows).as_bytes()).and_then(|()| ordered.sync_data()).map_err(unwritable)?;
        fs::rename(&beside, &self.path).map_err(unwritable)
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> Error {
    Error::new(ErrorKind::Io, format!("cannot write {}: {error}", excerpt_of_path(path)))
}

//! Reads a log as a stream: pieces of bytes in, lines to the fold.

use super::{LogReport, fold::Fold};

/// The longest line that is read, in bytes. The longest of RocksDB's own are compactions that name their tables.
const MAX_LINE: usize = 1 << 20;

/// Whether paths that stand in a log are kept in a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogPaths {
    /// Of a path only the name of a file of the database is kept: `…/000012.sst`. Of a relative path whose first
    /// directory has a blank in its name, what is before the blank stays.
    #[default]
    LeaveOut,
    /// They are kept.
    Keep,
}

/// Something that has just happened: for a log that is still written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogNews {
    /// When, in microseconds of the log's local time.
    pub at: u64,
    /// What, in a sentence.
    pub says: String,
}

/// Reads a log in pieces.
///
/// ```
/// use lsmscope::history::log_report::{LogPaths, LogReader};
///
/// let mut reader = LogReader::new(LogPaths::LeaveOut);
/// reader.push(b"2026/11/28-16:32:32.388322 42 RocksDB ver");
/// reader.push(b"sion: 9.8.4\n");
/// assert_eq!(reader.report().release.as_deref(), Some("9.8.4"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct LogReader {
    fold: Fold,
    /// The beginning of a line whose end has not come.
    line: Vec<u8>,
    is_cut: bool,
}

impl LogReader {
    /// A reader that has read nothing.
    pub fn new(paths: LogPaths) -> LogReader {
        LogReader { fold: Fold::new(paths), ..LogReader::default() }
    }

    /// Reads an `OPTIONS` file of the database, before its log: for what the log does not name, as one whose head is
    /// missing. What the log names is in force instead.
    pub fn read_options(&mut self, text: &str) {
        self.fold.read_options(text);
    }

    /// Reads the next bytes: of any number, from anywhere to anywhere in a line.
    pub fn push(&mut self, mut bytes: &[u8]) {
        while let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
            let (line, rest) = bytes.split_at(end);
            bytes = &rest[1..];
            if self.line.is_empty() && !self.is_cut {
                self.whole_line(line);
            } else {
                self.keep(line);
                self.end_line();
            }
        }
        self.keep(bytes);
    }

    /// Ends a file: a line without its end is read as it is. The bytes that follow are of the next file.
    pub fn end_file(&mut self) {
        if !self.line.is_empty() || self.is_cut {
            self.end_line();
        }
    }

    /// What happened up to here. What runs and what lasts is counted up to the last line.
    pub fn report(&self) -> LogReport {
        self.fold.report()
    }

    /// What has happened since the last call, the newest hundred.
    pub fn take_news(&mut self) -> Vec<LogNews> {
        self.fold.take_news()
    }

    fn keep(&mut self, bytes: &[u8]) {
        if self.line.len() + bytes.len() > MAX_LINE {
            self.is_cut = true;
            self.line.clear();
        }
        if !self.is_cut {
            self.line.extend_from_slice(bytes);
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        if std::mem::take(&mut self.is_cut) {
            self.fold.cut_line();
        } else {
            self.whole_line(&line);
        }
        self.line = line;
        self.line.clear();
        // A single long line does not keep its memory.
        self.line.shrink_to(1 << 16);
    }

    fn whole_line(&mut self, line: &[u8]) {
        if line.len() > MAX_LINE { self.fold.cut_line() } else { self.fold.line(line) }
    }
}

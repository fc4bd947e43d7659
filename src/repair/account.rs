//! The account of a repair: what was salvaged and what was lost, as data and as lines of text.

use std::fmt;

use serde::Serialize;

use crate::{entry::Bytes, plural::grouped_count, storage::FileId, verify::MAX_LISTED};

/// Bytes that could not be salvaged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LostBytes {
    /// The file; none if it is `CURRENT`.
    pub file: Option<FileId>,
    /// Where in the file.
    pub offset: u64,
    /// How many bytes.
    pub bytes: u64,
    /// The number of lost entries, if known.
    pub entries: Option<u64>,
    /// The lost entries' keys are not before this one, if known.
    pub first: Option<Bytes>,
    /// The lost entries' keys are not after this one, if known.
    pub last: Option<Bytes>,
    /// Why.
    pub what: String,
}

impl LostBytes {
    /// A loss about which nothing else is known.
    pub(super) fn new(file: FileId, offset: u64, bytes: u64, what: impl Into<String>) -> LostBytes {
        LostBytes { file: Some(file), offset, bytes, entries: None, first: None, last: None, what: what.into() }
    }
}

/// What a repair did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Account {
    /// Tables that were read.
    pub tables: u64,
    /// Logs that were read.
    pub logs: u64,
    /// Entries that were read.
    pub entries: u64,
    /// Tables that were written.
    pub tables_written: u64,
    /// Entries that were written: of each key the newest, tombstones included.
    pub entries_written: u64,
    /// The number of places at which bytes were lost.
    pub places_lost: u64,
    /// Entries that were lost, as far as they can be counted.
    pub entries_lost: u64,
    /// Whether there are losses that cannot be counted in entries.
    pub uncounted: bool,
    /// The first [`MAX_LISTED`] losses.
    pub losses: Vec<LostBytes>,
    /// Notes on how it was done.
    pub notes: Vec<String>,
}

impl Account {
    /// Whether nothing was lost.
    pub fn is_complete(&self) -> bool {
        self.places_lost == 0
    }

    pub(super) fn lose(&mut self, loss: LostBytes) {
        self.places_lost += 1;
        match loss.entries {
            Some(entries) => self.entries_lost += entries,
            None => self.uncounted = true,
        }
        if self.losses.len() < MAX_LISTED {
            self.losses.push(loss);
        }
    }

    pub(super) fn note(&mut self, note: impl Into<String>) {
        if self.notes.len() < MAX_LISTED {
            self.notes.push(note.into());
        }
    }
}

impl fmt::Display for LostBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("lost  ")?;
        match self.file {
            Some(file) => write!(f, "{file} at byte {}, {}", self.offset, grouped_count(self.bytes, "byte"))?,
            None => f.write_str("CURRENT")?,
        }
        if let Some(entries) = self.entries {
            match entries {
                0 => f.write_str(", no entry")?,
                entries => write!(f, ", {}", grouped_count(entries, "entry"))?,
            }
        }
        match (&self.first, &self.last) {
            (Some(first), Some(last)) => write!(f, ", keys from {first} to {last}")?,
            (Some(first), None) => write!(f, ", keys from {first} on")?,
            (None, Some(last)) => write!(f, ", keys up to {last}")?,
            (None, None) => {}
        }
        write!(f, ": {}", self.what)
    }
}

/// One line for each loss and note, and a summary; no line break at the end.
impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for loss in &self.losses {
            writeln!(f, "{loss}")?;
        }
        let unlisted = self.places_lost - self.losses.len() as u64;
        if unlisted > 0 {
            writeln!(f, "lost  {} more", grouped_count(unlisted, "place"))?;
        }
        for note in &self.notes {
            writeln!(f, "note  {note}")?;
        }
        write!(
            f,
            "{} read from {} and {}, {} written to {}; ",
            grouped_count(self.entries, "entry"),
            grouped_count(self.tables, "table"),
            grouped_count(self.logs, "log"),
            grouped_count(self.entries_written, "newest version"),
            grouped_count(self.tables_written, "table"),
        )?;
        if self.is_complete() {
            return f.write_str("nothing lost");
        }
        write!(f, "lost at {}: ", grouped_count(self.places_lost, "place"))?;
        match (self.entries_lost, self.uncounted) {
            // Only the manifest says what was deleted for good.
            (0, false) => f.write_str("no entry, but what the manifest said: a deleted key may be back"),
            (0, true) => f.write_str("how many entries cannot be told"),
            (n, true) => write!(f, "at least {}", grouped_count(n, "entry")),
            (n, false) => f.write_str(&grouped_count(n, "entry")),
        }
    }
}

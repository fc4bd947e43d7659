//! The command language of the page's console, `lsmscope repl`, the lessons and the permalinks.
//!
//! In: one line. Out: a [`Command`], or a [`ScriptError`] that says which bytes of the line are wrong, why, and what to
//! write instead. Nothing is executed here: [`crate::session`] does that. [`complete`] offers what may come next, and
//! [`COMMANDS`] is the help.
//!
//! ```text
//! put user:1 "Alice Smith"          a word ends at a space; quotes ("…" or '…') keep spaces
//! put k \x00\xff                    \\ \" \' \n \t \xNN, inside quotes and outside
//! get user:1 @2                     as snapshot 2 sees it
//! scan k03 k07 limit 10 reverse     both ends are included; leave out either or both
//! batch put a 1; del b; put c 3     all or nothing, in one frame of the log
//! wait 5m                           virtual time: us, ms, s, m, h, d, w
//! crash in 3 keep torn 7            cuts the power in the middle of the next command
//! options block_size=64 wal_sync=never
//! drive 60s write_rate=5000         a workload, under virtual time
//! # a comment, up to the end of the line
//! ```
//!
//! `limit`, `reverse`, `@2` and `;` are only special as they stand: quoted, they are keys like any other. [`word`]
//! writes any bytes as one word that reads back as the same bytes.

use std::fmt;

use crate::{
    error::{MAX_MESSAGE, without_middle},
    runtime::clock::Nanos,
    storage::{FileId, fault::Keep},
};

mod arguments;
mod help;
mod numbers;
mod word;

pub use help::{COMMANDS, CommandHelp, Completion, complete};
pub use word::word;

/// What a line asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Nothing: the line is blank, or a comment.
    Empty,
    /// Writes a value.
    Put {
        /// The key.
        key: Vec<u8>,
        /// The value.
        value: Vec<u8>,
    },
    /// Reads a key.
    Get {
        /// The key.
        key: Vec<u8>,
        /// The number of the snapshot to read from.
        at: Option<u64>,
    },
    /// Deletes a key.
    Delete {
        /// The key.
        key: Vec<u8>,
    },
    /// Reads a range of keys, both ends included.
    Scan {
        /// The first key; none for the very first.
        start: Option<Vec<u8>>,
        /// The last key; none for the very last.
        end: Option<Vec<u8>>,
        /// The most entries to return.
        limit: Option<u64>,
        /// From the last to the first.
        reverse: bool,
        /// The number of the snapshot to read from.
        at: Option<u64>,
    },
    /// Several writes, all or none.
    Batch(Vec<BatchOp>),
    /// Writes the memtables to level 0.
    Flush,
    /// Compacts a level into the next, or everything.
    Compact {
        /// The level; none for everything.
        level: Option<u64>,
    },
    /// Takes a snapshot.
    Snapshot,
    /// Releases a snapshot.
    Release {
        /// Its number.
        snapshot: u64,
    },
    /// Lets virtual time pass.
    Wait {
        /// How long.
        nanos: Nanos,
    },
    /// Writes many random entries.
    Fill {
        /// How many.
        count: u64,
        /// What they are drawn from; the same seed gives the same entries.
        seed: Option<u64>,
        /// However long it takes.
        anyway: bool,
    },
    /// Runs a workload.
    Drive {
        /// Its parameters, in the order in which they were typed. A time by itself is `duration_seconds`.
        changes: Vec<OptionChange>,
        /// However long it takes.
        anyway: bool,
    },
    /// Shows counts, sizes and amplifications.
    Stats,
    /// Shows the running jobs.
    Jobs,
    /// Lists the tables.
    Tables,
    /// Checks every checksum, order, range and reference of the files.
    Verify,
    /// Shows the options (no changes), or changes some and reopens.
    Options {
        /// In the order in which they are made.
        changes: Vec<OptionChange>,
    },
    /// Closes the database and opens it again.
    Reopen,
    /// Cuts the power.
    Crash {
        /// After how many events of the next command; none for at once.
        after: Option<u64>,
        /// What the disk keeps of what was not synced.
        keep: Keep,
    },
    /// Sets how the disk behaves.
    Disk {
        /// How many bytes more fit; none for no limit.
        room: Option<u64>,
        /// Whether syncs lie.
        lying: bool,
    },
    /// Flips a bit of a file.
    Flip {
        /// The file.
        file: FileId,
        /// Which byte.
        offset: u64,
        /// Which bit of it, 0 to 7.
        bit: u8,
    },
    /// Explains the commands, or one command or option.
    Help {
        /// Which; the name of a command or an option that exists.
        topic: Option<String>,
    },
    /// Ends the session.
    Exit,
}

/// One write of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BatchOp {
    /// Writes a value.
    Put {
        /// The key.
        key: Vec<u8>,
        /// The value.
        value: Vec<u8>,
    },
    /// Deletes a key.
    Delete {
        /// The key.
        key: Vec<u8>,
    },
}

/// One `name=value` of `options` or `drive`, with its place in the line, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionChange {
    /// The option or parameter, or `preset`.
    pub name: String,
    /// Its new value, as typed.
    pub value: String,
    /// Where it begins.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

/// What is wrong with a line, and where. `Display` draws the line with carets below the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptError {
    /// What is wrong.
    pub message: String,
    /// The line.
    pub line: String,
    /// The first byte of the place; always at a character's boundary.
    pub start: usize,
    /// The byte after it; `start` where something is missing.
    pub end: usize,
    /// What to write instead.
    pub remedy: String,
}

impl ScriptError {
    /// An error at the bytes `place` of `line`.
    pub fn new(
        line: &str,
        place: std::ops::Range<usize>,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> ScriptError {
        let start = line.floor_char_boundary(place.start);
        let end = line.ceil_char_boundary(place.end).max(start);
        let message = without_middle(message.into(), MAX_MESSAGE);
        ScriptError { message, line: line.to_string(), start, end, remedy: remedy.into() }
    }
}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line.is_empty() {
            // Not the line's fault: there is no place to point at.
            return write!(f, "{}\n{}", self.message, self.remedy);
        }
        // One column for each character, so that the carets stand where they should; of a long line, what is around
        // them.
        let before = self.line[..self.start].chars().count();
        let from = before.saturating_sub(WINDOW / 2);
        let shown: String =
            self.line.chars().skip(from).take(WINDOW).map(|c| if c.is_control() { ' ' } else { c }).collect();
        let carets = self.line[self.start..self.end].chars().take(WINDOW - (before - from)).count().max(1);
        writeln!(f, "{}", self.message)?;
        writeln!(f, "  {}", shown.trim_end())?;
        writeln!(f, "  {}{}", " ".repeat(before - from), "^".repeat(carets))?;
        write!(f, "{}", self.remedy)
    }
}

/// The most characters of a line that an error draws.
const WINDOW: usize = 100;

impl std::error::Error for ScriptError {}

/// Reads one line.
///
/// # Errors
/// The line is no command: the error says where and why, and what to write instead.
pub fn parse(line: &str) -> Result<Command, ScriptError> {
    let words = word::split(line, false)?;
    let Some(first) = words.first() else { return Ok(Command::Empty) };
    let help = help::find(first).ok_or_else(|| help::unknown(line, first))?;
    // Only in a batch does a `;` separate.
    let words = if help.name == "batch" { word::split(line, true)? } else { words };
    arguments::Arguments::new(line, help, words).command()
}

#[cfg(test)]
mod tests;

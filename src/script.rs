//! The command language of the page's console, `lsmscope repl`, the lessons and the permalinks.
//!
//! In: one line. Out: a [`Command`]; [`crate::session`] executes it. Errors: a [`ScriptError`], with the wrong bytes of
//! the line, the reason, and a remedy. [`complete`] lists the possible next words, and [`COMMANDS`] is the help.
//!
//! ```text
//! put user:1 "Alice Smith"          a word ends at a space; quotes ("…" or '…') keep spaces
//! put k \x00\xff                    \\ \" \' \n \t \xNN, inside quotes and outside
//! get user:1 @2                     as snapshot 2 sees it
//! scan k03 k07 limit 10 reverse     both ends are included; leave out either or both
//! batch put a 1; del b; put c 3     all or nothing, in one frame of the log
//! wait 5m                           virtual time: us, ms, s, m, h, d, w
//! crash in 3 keep torn 7            cuts the power in the middle of the next command
//! crash in 3 during put a 1         cuts the power in the middle of this one, which is one operation
//! options block_size=64 wal_sync=never
//! drive 60s write_rate=5000         a workload, under virtual time
//! # a comment, up to the end of the line
//! ```
//!
//! `limit`, `reverse`, `@2` and `;` are special only without quotes: quoted, they are keys like any other. [`word`]
//! writes any bytes as one word that parses to the same bytes.

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

/// A parsed line.
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
        /// The first key; `None` for the first of the database.
        start: Option<Vec<u8>>,
        /// The last key; `None` for the last of the database.
        end: Option<Vec<u8>>,
        /// The maximum number of entries.
        limit: Option<u64>,
        /// Whether the last key comes first.
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
        /// The level; `None` compacts every level.
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
        /// The number of entries.
        count: u64,
        /// The seed; the same one gives the same entries.
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
        /// The number of events of the next command before the cut; `None` cuts at once.
        after: Option<u64>,
        /// The unsynced bytes that the disk keeps.
        keep: Keep,
    },
    /// Cuts the power in the middle of a command.
    CrashDuring {
        /// The number of events of the command before the cut.
        events: u64,
        /// The unsynced bytes that the disk keeps.
        keep: Keep,
        /// The command: none that cuts the power itself.
        command: Box<Command>,
    },
    /// Sets how the disk behaves.
    Disk {
        /// The number of further bytes that fit; `None` for no limit.
        room: Option<u64>,
        /// Whether syncs report success and do nothing.
        lying: bool,
    },
    /// Flips a bit of a file.
    Flip {
        /// The file.
        file: FileId,
        /// The offset of the byte.
        offset: u64,
        /// The bit in the byte, 0 to 7.
        bit: u8,
    },
    /// Explains the commands, or one command or option.
    Help {
        /// The name of an existing command or option; `None` lists the commands.
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

/// One `name=value` of `options` or `drive`, and its bytes in the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionChange {
    /// The option or parameter, or `preset`.
    pub name: String,
    /// Its new value, as typed.
    pub value: String,
    /// The offset of its first byte.
    pub start: usize,
    /// The offset after its last byte.
    pub end: usize,
}

/// An error in a line. `Display` draws the line with carets below the wrong bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptError {
    /// The reason.
    pub message: String,
    /// The line.
    pub line: String,
    /// The offset of the first wrong byte; always a character boundary.
    pub start: usize,
    /// The offset after the last wrong byte; equal to `start` if something is missing.
    pub end: usize,
    /// The remedy: a form that is valid.
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
            // The error is not in the line: it has no bytes to mark.
            return write!(f, "{}\n{}", self.message, self.remedy);
        }
        // One column for each character keeps the carets in place; a long line is cut to the columns around them.
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

/// The maximum number of characters of a line that an error draws.
const WINDOW: usize = 100;

impl std::error::Error for ScriptError {}

/// Parses one line.
///
/// # Errors
/// The line is no command; the error has the wrong bytes, the reason and a remedy.
pub fn parse(line: &str) -> Result<Command, ScriptError> {
    let words = word::split(line, false)?;
    if words.is_empty() { Ok(Command::Empty) } else { command(line, words) }
}

/// The command that `words`, of which there is one at least, are the end of `line` with.
fn command(line: &str, words: Vec<word::Word>) -> Result<Command, ScriptError> {
    let first = &words[0];
    let help = help::find(first).ok_or_else(|| help::unknown(line, first))?;
    // `;` separates words only in a batch.
    let words = if help.name == "batch" {
        let start = first.start;
        word::split(line, true)?.into_iter().filter(|word| word.start >= start).collect()
    } else {
        words
    };
    arguments::Arguments::new(line, help, words).command()
}

#[cfg(test)]
mod tests;

//! The one error type. Its [`ErrorKind`] says what the caller can do; its text names the object and what was expected.

use std::path::Path;

use serde::Serialize;

use crate::{file_id::FileId, words::say};

/// The most characters of input that a message quotes.
const MAX_EXCERPT: usize = 40;

/// The most characters of a path that a message quotes: it is of no use without its end.
pub(crate) const MAX_PATH: usize = 200;

/// The most characters of a message.
pub(crate) const MAX_MESSAGE: usize = 1000;

/// `text` as messages quote it: cut where it is long.
pub fn excerpt(text: &str) -> String {
    match text.char_indices().nth(MAX_EXCERPT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into(),
    }
}

/// `path` as messages quote it: without its middle where it is long.
pub fn excerpt_of_path(path: &Path) -> String {
    without_middle(path.display().to_string(), MAX_PATH)
}

/// `text`, or its first and last characters, `most` in all, where it has more.
pub(crate) fn without_middle(text: String, most: usize) -> String {
    if text.len() <= most || text.chars().count() <= most {
        return text;
    }
    let at = |n: usize| text.char_indices().nth(n).map_or(text.len(), |(at, _)| at);
    let from_end = |n: usize| text.char_indices().rev().nth(n).map_or(0, |(at, _)| at);
    let half = most.saturating_sub(1) / 2;
    format!("{}…{}", &text[..at(most - 1 - half)], &text[from_end(half.saturating_sub(1))..])
}

/// What went wrong, by what the caller can do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// The request is impossible: correct the input and ask again. Nothing was changed.
    InvalidInput,
    /// Stored bytes are not what was written: the file and offset are in the message.
    Corruption,
    /// The database was written by a format this build does not read.
    Unsupported,
    /// The storage is full: free space. Jobs that failed for want of it are tried again; if writes are stopped, reopen.
    NoSpace,
    /// The storage failed.
    Io,
    /// Somebody else (another tab, another process) owns the database.
    Busy,
    /// The power was cut: reopen to see what survived.
    PowerLost,
    /// A failed sync stopped writes: what is on disk is no longer known, so reopen to recover what is.
    WritesStopped,
    /// A write would wait for ever, because no running job could end what it waits for: it was not written.
    Stalled,
    /// Virtual time ends before what was asked for: it was not done.
    TimeOver,
    /// The handle was closed, or what it names (a snapshot) was released.
    Closed,
}

impl ErrorKind {
    /// What a person can do, in one sentence.
    pub fn remedy(self) -> String {
        match self {
            ErrorKind::InvalidInput => say!("Nothing was changed: correct the input and try again."),
            ErrorKind::Corruption => {
                // What loses least comes first.
                say!(
                    "Salvage what can be read into a new place with lsmscope repair, which changes nothing here, or \
                 restore a copy. If only a log is damaged, reopening with \
                 wal_recovery_mode=skip_any_corrupted_records keeps all of it that can be read, and with \
                 wal_recovery_mode=point_in_time what comes before the damage."
                )
            }
            ErrorKind::Unsupported => say!("Open it with the version that wrote it, or start a fresh database."),
            ErrorKind::NoSpace => {
                say!("Free some space, and reopen if writes are stopped: everything that was synced is kept.")
            }
            ErrorKind::Io => say!("Check the storage, then reopen: everything that was synced is kept."),
            ErrorKind::Busy => say!("Close the other owner, take over, or work on an in-memory database."),
            ErrorKind::PowerLost => say!("Reopen: recovery shows what survived."),
            ErrorKind::WritesStopped => say!("Reopen: recovery shows what reached the disk."),
            ErrorKind::Stalled => {
                say!(
                    "The write was not made: compact, raise the limit, or reopen with job_mode=inline, where no write \
                 waits, and write again."
                )
            }
            ErrorKind::TimeOver => {
                say!(
                    "Let less time pass, or begin with a fresh database. With job_mode=inline, only wait and drive \
                     take time: everything else goes on."
                )
            }
            ErrorKind::Closed => say!("Open it again."),
        }
    }
}

/// An error: a kind to act on, a message that names the thing, and the file and offset where there is one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// What the caller can do.
    pub kind: ErrorKind,
    /// What happened, to what, and what was expected.
    pub message: String,
    /// The file it happened in.
    pub file: Option<FileId>,
    /// The byte offset it happened at.
    pub offset: Option<u64>,
}

/// `Result` with our [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error of `kind` that says `message`.
    ///
    /// A message says what its writer put together, often around input of any length: of a long one, the middle is left
    /// out.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error { kind, message: without_middle(message.into(), MAX_MESSAGE), file: None, offset: None }
    }

    /// The caller's input cannot be: nothing was changed.
    pub fn invalid(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::InvalidInput, message)
    }

    /// `file` does not hold at `offset` what was written there.
    pub fn corruption(file: FileId, offset: u64, what: impl std::fmt::Display) -> Error {
        Error {
            kind: ErrorKind::Corruption,
            message: without_middle(format!("{file} is damaged at byte {offset}: {what}"), MAX_MESSAGE),
            file: Some(file),
            offset: Some(offset),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_stays_short_whatever_it_quotes() {
        let long = "é".repeat(1_000_000);
        let error = Error::invalid(format!("{long} is not a key: write a shorter one"));
        assert_eq!(error.message.chars().count(), MAX_MESSAGE);
        assert!(error.message.starts_with("éé") && error.message.ends_with("is not a key: write a shorter one"));
        assert_eq!(excerpt(&long), "é".repeat(40) + "…");
        assert_eq!((excerpt("short"), without_middle("short".into(), 5)), ("short".into(), "short".into()));
        assert_eq!(without_middle("abcdefg".into(), 6), "abc…fg");
        let path = format!("/{}/run.csv", "d".repeat(4000));
        assert!(excerpt_of_path(Path::new(&path)).ends_with("/run.csv"));
    }
}

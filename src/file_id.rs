//! Names of files: a kind and a number.
//!
//! In: a kind and a number, or a name. Out: the other. Errors, events and every room above name files by it.

use std::fmt;

use serde::{Serialize, Serializer};

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, borsh::BorshSerialize, borsh::BorshDeserialize)]
pub enum FileKind {
    /// Write-ahead log.
    Wal,
    /// Sorted table.
    Table,
    /// Log of version edits.
    Manifest,
}

/// A file's name: its kind and number. Shown as `000007.log`, `000007.sst` or `MANIFEST-000007`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, borsh::BorshSerialize, borsh::BorshDeserialize)]
pub struct FileId {
    /// What it holds.
    pub kind: FileKind,
    /// Its number; one counter serves all kinds, so a number is never used twice.
    pub number: u64,
}

impl FileId {
    /// The largest number of a file: JavaScript can hold it. It is also the largest that the number of the next file
    /// reaches, which manifests hold, so no engine gives it out.
    pub const MAX_NUMBER: u64 = (1 << 53) - 1;

    /// The write-ahead log `number`.
    pub fn wal(number: u64) -> FileId {
        FileId { kind: FileKind::Wal, number }
    }
    /// The table `number`.
    pub fn table(number: u64) -> FileId {
        FileId { kind: FileKind::Table, number }
    }
    /// The manifest `number`.
    pub fn manifest(number: u64) -> FileId {
        FileId { kind: FileKind::Manifest, number }
    }

    /// Reads back what `Display` wrote; `None` for the name of anything else.
    pub fn parse(name: &str) -> Option<FileId> {
        let number = |digits: &str| -> Option<u64> {
            let digits = Some(digits).filter(|d| d.len() >= 6 && d.bytes().all(|b| b.is_ascii_digit()))?;
            digits.parse().ok().filter(|number| *number <= FileId::MAX_NUMBER)
        };
        let id = if let Some(digits) = name.strip_prefix("MANIFEST-") {
            FileId::manifest(number(digits)?)
        } else if let Some(digits) = name.strip_suffix(".log") {
            FileId::wal(number(digits)?)
        } else {
            FileId::table(number(name.strip_suffix(".sst")?)?)
        };
        // One file, one name: `0000007.log` is not ours.
        (id.to_string() == name).then_some(id)
    }
}

impl fmt::Display for FileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            FileKind::Wal => write!(f, "{:06}.log", self.number),
            FileKind::Table => write!(f, "{:06}.sst", self.number),
            FileKind::Manifest => write!(f, "MANIFEST-{:06}", self.number),
        }
    }
}

impl Serialize for FileId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

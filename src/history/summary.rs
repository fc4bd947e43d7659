//! What a history's file is, and what was read of it, left out and assumed.

use std::fmt;

use serde::Serialize;

use crate::{plural::counted, words::say};

/// What a report says of the file before it says what matched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct HistorySummary {
    /// What the file is: `a MANIFEST of RocksDB`.
    pub kind: String,
    /// Whose decisions it has: `RocksDB`.
    pub database: &'static str,
    /// How much was read: `106 edits`.
    pub read: String,
    /// The column family that is replayed, where there are such.
    pub family: Option<String>,
    /// Every column family of the file.
    pub families: Vec<ColumnFamily>,
    /// Whether a `LOG` was given that tells of no compaction of this file, though the file has some: it is that of
    /// another database, or of another time.
    pub is_log_foreign: bool,
    /// What in the file, or of the options, has no say in the replay.
    pub left_out: Vec<String>,
    /// What the file does not tell, and what stands in for it.
    pub assumed: Vec<String>,
}

/// A column family, as it is listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct ColumnFamily {
    /// Its name.
    pub name: String,
    /// How many flushes it has.
    pub flushes: u64,
    /// How many compactions it has.
    pub compactions: u64,
    /// Whether it was dropped.
    pub is_dropped: bool,
}

impl HistorySummary {
    /// Of recorded lines of a RocksDB.
    pub(super) fn of_lines(lines: usize) -> HistorySummary {
        HistorySummary {
            kind: say!("a recorded history of RocksDB"),
            database: "RocksDB",
            read: counted(lines, "line"),
            ..HistorySummary::default()
        }
    }
}

impl fmt::Display for HistorySummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.read)?;
        if let (Some(family), true) = (&self.family, self.families.len() > 1) {
            write!(f, " of column family {family}")?;
            let families: Vec<String> = self.families.iter().map(ColumnFamily::to_string).collect();
            write!(f, "\n  column families: {}", families.join("; "))?;
        }
        self.left_out.iter().try_for_each(|what| write!(f, "\n  left out: {what}"))?;
        self.assumed.iter().try_for_each(|what| write!(f, "\n  assumed: {what}"))
    }
}

impl fmt::Display for ColumnFamily {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (flushes, compactions) = (counted(self.flushes, "flush"), counted(self.compactions, "compaction"));
        let dropped = if self.is_dropped { ", dropped" } else { "" };
        write!(f, "{} ({flushes}, {compactions}{dropped})", self.name)
    }
}

//! LevelDB's compactions as its `LOG` has them: which flushes came after each was decided, and who asked for it.
//!
//! In: the bytes of `LOG`; those of `LOG.old` first. Out: [`LevelDbJobs`], and of a `MANIFEST`'s edits the
//! [`LoggedDecisions`]. LevelDB flushes and compacts on one thread: what is written to a table between `Compacting` and
//! `compacted to` is flushed after the compaction was decided, and all else before. A compaction is known by the number
//! of the first table that it writes, which no other one has; one that writes none is not known.

use std::collections::BTreeMap;

use super::{
    leveldb_line::LevelDbLine,
    line::{self, Said},
};
use crate::{
    history::{CompactionCause, Edit, decided_on::LoggedDecisions},
    version::TableId,
};

/// What a `LOG` of LevelDB says of compactions.
#[derive(Clone, Debug, Default)]
pub(in crate::history) struct LevelDbJobs {
    /// By the first table that each wrote.
    merges: BTreeMap<TableId, LoggedMerge>,
}

/// A compaction.
#[derive(Clone, Debug, Default)]
struct LoggedMerge {
    /// The first table that it wrote.
    first: Option<TableId>,
    /// What was flushed while it ran.
    flushed: Vec<TableId>,
    is_manual: bool,
}

impl LevelDbJobs {
    /// Reads a log.
    pub fn read(bytes: &[u8]) -> LevelDbJobs {
        let mut found = LevelDbJobs::default();
        let (mut running, mut is_manual) = (None, false);
        for line in bytes.split(|byte| *byte == b'\n').filter_map(line::line) {
            let Said::LevelDb(said) = line.said else { continue };
            match (said, &mut running) {
                (LevelDbLine::Compacting { .. }, _) => {
                    running = Some(LoggedMerge { is_manual, ..LoggedMerge::default() })
                }
                (LevelDbLine::Flushed { table, bytes: 1.., status: "OK" }, Some(merge)) => merge.flushed.push(table),
                (LevelDbLine::Generated { table, .. }, Some(merge)) => merge.first = merge.first.or(Some(table)),
                (LevelDbLine::CompactedTo { .. }, _) => {
                    if let Some(merge) = running.take()
                        && let Some(first) = merge.first
                    {
                        found.merges.insert(first, merge);
                    }
                }
                (LevelDbLine::Created | LevelDbLine::Recovering, _) => running = None,
                _ => {}
            }
            is_manual = said == LevelDbLine::Manual;
        }
        found
    }

    /// What it tells of the decisions of `edits`.
    pub fn decisions(&self, edits: &[Edit]) -> LoggedDecisions {
        let mut told = LoggedDecisions::default();
        for (at, edit) in edits.iter().enumerate().filter(|(_, edit)| edit.is_merge()) {
            let first = edit.added.iter().map(|added| added.table.id).min();
            let Some(merge) = first.and_then(|first| self.merges.get(&first)) else { continue };
            told.flushed_later.insert(at, merge.flushed.clone());
            if merge.is_manual {
                told.causes.insert(at, CompactionCause::Manual);
            }
        }
        told
    }
}

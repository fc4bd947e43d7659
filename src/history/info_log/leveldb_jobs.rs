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

    /// What it tells of the decisions of `edits`. Of a table that several edits write first, which no database makes,
    /// it tells of the first.
    pub fn decisions(&mut self, edits: &[Edit]) -> LoggedDecisions {
        let mut told = LoggedDecisions::default();
        for (at, edit) in edits.iter().enumerate().filter(|(_, edit)| edit.is_merge()) {
            let first = edit.added.iter().map(|added| added.table.id).min();
            let Some(merge) = first.and_then(|first| self.merges.remove(&first)) else { continue };
            told.flushed_later.insert(at, merge.flushed);
            if merge.is_manual {
                told.causes.insert(at, CompactionCause::Manual);
            }
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::{history::Added, version::TableMeta};

    /// A manifest in which a thousand merges write the same table, and the log of one of them: what was flushed while
    /// that ran is told once.
    #[test]
    fn what_a_log_tells_is_told_of_one_edit() {
        let mut log = String::from("2026/11/30-18:57:57.815094 1 Compacting 4@0 + 1@1 files\n");
        for table in 100..400 {
            log += &format!("2026/11/30-18:57:57.815095 1 Level-0 table #{table}: 12 bytes OK\n");
        }
        log += "2026/11/30-18:57:57.815096 1 Generated table #50@0: 3 keys, 7 bytes\n\
                2026/11/30-18:57:57.815097 1 compacted to: files[ 0 1 0 0 0 0 0 ]\n";
        let table = Rc::new(TableMeta { id: 50, ..TableMeta::default() });
        let added = vec![Added { level: 1, table, epoch: 0 }];
        let merge = Edit { removed: vec![(0, 7)], added, ..Edit::default() };
        let told = LevelDbJobs::read(log.as_bytes()).decisions(&vec![merge; 1_000]);
        assert_eq!(told.flushed_later.keys().collect::<Vec<_>>(), [&0]);
        assert_eq!(told.flushed_later[&0].len(), 300);
    }
}

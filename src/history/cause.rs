//! The causes of compactions that no score explains.
//!
//! A `LOG` gives the reason of a merge, and says what a person asked for. A `MANIFEST` does not tell why a compaction
//! was picked; some leave a mark in the shape that nothing else leaves. In: the decision, and the version before it.
//! Out: its [`CompactionCause`], if it has one of these marks.

use std::collections::BTreeSet;

use super::{Decision, EditAction, History, Rules, leveldb, sorted};
use crate::{
    options::CompactionStyle,
    policy::{Action, Inputs},
    version::{TableId, Version},
    words::to_say,
};

/// Why a compaction was picked, where no score asked for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompactionCause {
    /// When a database is opened with dynamic level sizes, whole levels move down until the last one is filled:
    /// `DBImpl:: Recover` in RocksDB's `db/db_impl/db_impl_open.cc`.
    MovedAtOpen,
    /// A table with nothing below it is rewritten on its own level, to drop versions that a released snapshot kept:
    /// `VersionStorageInfo::ComputeBottommostFilesMarkedForCompaction`, `CompactionReason::kBottommostFiles`.
    BottommostFiles,
    /// The same, where old tables are rewritten as well (`periodic_compaction_seconds`).
    BottommostOrPeriodic,
    /// A person or a program asked for it: a log says so, or automatic compactions are off.
    Manual,
    /// A log gives the reason `FilesMarkedForCompaction`: a table was marked when it was written, or by a person.
    MarkedFiles,
    /// A log gives the reason `Ttl` or `RoundRobinTtl`: a table was too old to stay where it was.
    Ttl,
    /// A log gives the reason `PeriodicCompaction`: a table was too old, and is rewritten where it is.
    Periodic,
    /// A log gives the reason `ExternalSstIngestion`: tables came from outside.
    Ingestion,
    /// A log gives a reason that neither a score nor a mark in the tree explains: blob files, temperatures, reads.
    OtherThanScores,
    /// The log tells of other decisions, and not of this one: it is not known on which version it was taken.
    NotInLog,
    /// LevelDB, without a level that is due, and not asked for: a table that reads looked into in vain too often. A
    /// move is never asked for, and a log tells of merges that were.
    Seek,
    /// LevelDB, without a level that is due: a table that reads looked into in vain too often, or a person asked for
    /// it.
    SeekOrManual,
}

impl CompactionCause {
    /// What it is called in a report.
    pub const fn name(self) -> &'static str {
        match self {
            CompactionCause::MovedAtOpen => "moved_at_open",
            CompactionCause::BottommostFiles => "bottommost_files",
            CompactionCause::BottommostOrPeriodic => "bottommost_or_periodic",
            CompactionCause::Manual => "manual",
            CompactionCause::MarkedFiles => "marked_files",
            CompactionCause::Ttl => "ttl",
            CompactionCause::Periodic => "periodic",
            CompactionCause::Ingestion => "ingestion",
            CompactionCause::OtherThanScores => "other_than_scores",
            CompactionCause::NotInLog => "not_in_log",
            CompactionCause::Seek => "seek",
            CompactionCause::SeekOrManual => "seek_or_manual",
        }
    }

    /// What it means: a sentence that [`said`](crate::words::said) says.
    pub const fn about(self) -> &'static str {
        match self {
            CompactionCause::MovedAtOpen => {
                to_say!("whole levels that RocksDB moves down when dynamic level sizes are switched on")
            }
            CompactionCause::BottommostFiles => {
                to_say!(
                    "RocksDB's BottommostFiles: a table with nothing below it is rewritten, to drop what a released \
                 snapshot kept"
                )
            }
            CompactionCause::BottommostOrPeriodic => {
                to_say!("RocksDB's BottommostFiles or PeriodicCompaction: a table with nothing below it is rewritten")
            }
            CompactionCause::Manual => {
                to_say!("manual compactions, which cannot be predicted: a person or a program asked for them")
            }
            CompactionCause::MarkedFiles => {
                to_say!(
                    "RocksDB's FilesMarkedForCompaction: a table that was marked, for its deletions or by a person; a \
                     MANIFEST does not tell when"
                )
            }
            CompactionCause::Ttl => {
                to_say!("RocksDB's Ttl: a table that has become too old for its level; when, hangs on the clock")
            }
            CompactionCause::Periodic => {
                to_say!("RocksDB's PeriodicCompaction: an old table is rewritten; when, hangs on the clock")
            }
            CompactionCause::Ingestion => to_say!("RocksDB's ExternalSstIngestion: tables that came from outside"),
            CompactionCause::OtherThanScores => {
                to_say!("compactions for blob files, temperatures or reads, which no score asks for")
            }
            CompactionCause::NotInLog => {
                to_say!(
                    "compactions that the LOG does not tell of, because it is cut or the MANIFEST was rolled: on which \
                     version they were decided is not known"
                )
            }
            CompactionCause::Seek => {
                to_say!(
                    "LevelDB's seek compactions: a table that reads looked into in vain too often; no file tells of \
                     reads"
                )
            }
            CompactionCause::SeekOrManual => to_say!("LevelDB's seek compactions, which hang on reads, or manual ones"),
        }
    }

    /// Whether the shape says that it had to come, and not only that it came.
    pub const fn is_predicted(self) -> bool {
        matches!(self, CompactionCause::MovedAtOpen)
    }
}

/// The cause of a decision that is not ours, and of which a log gives no reason, taken on `before`. `is_opening`: since
/// the history began, nothing but whole levels was moved. `is_logged`: LevelDB's log tells of it.
pub(super) fn of(
    decision: &Decision,
    history: &History,
    before: &Version,
    is_opening: bool,
    is_logged: bool,
) -> Option<CompactionCause> {
    let (real, options) = (&decision.real, &history.options);
    if history.rules == Rules::LevelDb {
        let alone = decision.ours.is_none() && leveldb::begins_with_one(before, options, real);
        let may_be_asked_for = real.action != Action::Move && !is_logged;
        return alone.then_some(if may_be_asked_for { CompactionCause::SeekOrManual } else { CompactionCause::Seek });
    }
    if options.disable_auto_compactions {
        return Some(CompactionCause::Manual);
    }
    if options.compaction_style != CompactionStyle::Leveled {
        return None;
    }
    let dynamic = options.level_compaction_dynamic_level_bytes;
    if dynamic && is_opening && level_moved_at_open(before).is_some_and(|moved| is_move_of(real, before, moved)) {
        return Some(CompactionCause::MovedAtOpen);
    }
    let [inputs] = &real.inputs[..] else { return None };
    let same_level = real.action == Action::Merge && real.output_level.is_none_or(|level| level == inputs.level);
    (same_level && inputs.level > 0 && is_bottommost(inputs, before)).then_some(match history.is_periodic {
        true => CompactionCause::BottommostOrPeriodic,
        false => CompactionCause::BottommostFiles,
    })
}

/// From which level RocksDB moves everything to which next, when it is opened: the deepest level that is not where it
/// should be, if the levels with tables are to be the last ones.
pub(crate) fn level_moved_at_open(version: &Version) -> Option<(usize, usize)> {
    let mut to = version.levels.len() - 1;
    for from in (1..version.levels.len()).rev().filter(|level| !version.levels[*level].is_empty()) {
        if from < to {
            return Some((from, to));
        }
        to -= 1;
    }
    None
}

fn is_move_of(real: &EditAction, before: &Version, (from, to): (usize, usize)) -> bool {
    let all = Inputs::listed(from, before.levels[from].iter().map(|t| t.id).collect());
    real.action == Action::Move && real.output_level == Some(to) && sorted(&real.inputs) == sorted(&[all])
}

/// Whether `inputs` are one table, with those that share a boundary key, and nothing deeper overlaps them.
fn is_bottommost(inputs: &Inputs, before: &Version) -> bool {
    let ids: BTreeSet<TableId> = inputs.ids().iter().copied().collect();
    // A damaged history may name a level that the tree does not have.
    let Some(level) = before.levels.get(inputs.level) else { return false };
    let tables: Vec<_> = level.iter().filter(|t| ids.contains(&t.id)).collect();
    let one_run = tables.windows(2).all(|pair| pair[0].largest == pair[1].smallest);
    let (Some(first), Some(last)) = (tables.first(), tables.last()) else { return false };
    let deeper = inputs.level + 1..before.levels.len();
    let is_last = deeper.clone().all(|l| before.overlapping(l, &first.smallest, &last.largest).next().is_none());
    one_run && is_last && tables.len() == ids.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_that_is_not_there_is_no_bottommost_one() {
        assert!(!is_bottommost(&Inputs::listed(7, vec![1]), &Version::new(7)));
    }
}

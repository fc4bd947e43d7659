//! Bottommost tables with entries that can be dropped by now: they are rewritten on their level.
//!
//! In: the tree, the running jobs, and the [`Horizon`]. Out: a compaction of one table from its level into the same
//! level.
//!
//! A merge keeps versions that a snapshot sees, and tombstones that a snapshot does not see or that are too young to be
//! dropped. On the last level no later merge drops them. So a table that no deeper table overlaps is due by itself:
//!
//! | when | governed by | as in RocksDB |
//! | --- | --- | --- |
//! | a snapshot was released, and the table is older than the oldest left | `release` | `GenerateBottommostFiles` |
//! | the last of its tombstones is older than `tombstone_retention_seconds` | that option | no |
//! | it is on the last level with data, and [marked](is_marked) | `compact_on_deletion_ratio` | no: there, it stays |
//!
//! RocksDB sets sequence numbers on the last level to 0, and takes a table whose largest is not 0 as one with droppable
//! entries. Ours keep their numbers, so a table records whether it has any:
//! [`tombstone_seqs`](TableMeta::tombstone_seqs) and [`shadowing_seq`](TableMeta::shadowing_seq). Each rule picks a
//! table only when everything that it is meant to drop can be dropped, so none is rewritten in vain, nor twice. For a
//! manual compaction, one droppable entry is enough. RocksDB also leaves a table alone that holds the very last write
//! (it compares with `<`); here it counts.

use super::{
    Action, Candidate, Compaction, Cuts, Horizon, Inputs, LevelScore, Levels, Reason, Rule, Running, Verdict,
    overlap::{self, Jobs, KeyRange},
};
use crate::{
    options::Options,
    version::{TableId, TableMeta},
};

/// Whether the share of tombstones in `table` marks it for compaction: RocksDB's `CompactOnDeletionCollector`.
pub(super) fn is_marked(table: &TableMeta, options: &Options) -> bool {
    let ratio = options.compact_on_deletion_ratio;
    ratio > 0.0 && table.tombstones > 0 && table.tombstones as f64 >= ratio * table.entries as f64
}

/// The circumstances that these rules depend on.
pub(super) struct Bottom<'a> {
    tree: &'a dyn Levels,
    options: &'a Options,
    running: &'a Running,
}

/// Tables of one level that are to be rewritten where they are, which are neighbours there.
pub(super) struct Due {
    level: usize,
    tables: Vec<TableId>,
    option: &'static str,
    candidates: Vec<Candidate>,
}

impl Due {
    /// The compaction. Its outputs are cut at `target_file_size`, but for the one of level 0.
    pub fn compaction(self, target_file_size: impl Fn(usize) -> u64, scores: Vec<LevelScore>) -> Compaction {
        let Due { level, tables, option, candidates } = self;
        Compaction {
            action: Action::Merge,
            inputs: vec![Inputs::listed(level, tables)],
            output_level: level,
            target_file_size: if level == 0 { u64::MAX } else { target_file_size(level) },
            cuts: Cuts::default(),
            cursor: None,
            reason: Reason { scores, candidates, ..Reason::of(Rule::BottommostFiles, option) },
        }
    }
}

impl<'a> Bottom<'a> {
    /// Those of `tree`.
    pub fn new(tree: &'a dyn Levels, options: &'a Options, running: &'a Running) -> Bottom<'a> {
        Bottom { tree, options, running }
    }

    /// The first table that is due by itself and that no running job blocks.
    pub fn due(&self) -> Option<Due> {
        let Horizon { released, .. } = self.running.horizon;
        let retains = self.options.tombstone_retention_seconds > 0;
        if released == 0 && !retains && self.options.compact_on_deletion_ratio == 0.0 {
            return None;
        }
        let last = self.tree.last_with_tables()?;
        let first = if released > 0 || retains { 0 } else { last };
        let jobs = Jobs::new(self.running);
        let mut candidates = Vec::new();
        for level in first..=last {
            if released == 0 && self.tree.totals(level).tombstones == 0 {
                continue;
            }
            for (at, table) in self.level(level) {
                let Some(option) = self.why(table, level == last).filter(|_| self.is_bottommost(level, at)) else {
                    continue;
                };
                let verdict = if is_free(&jobs, level, table) { Verdict::Picked } else { Verdict::Busy };
                candidates.push(candidate(table, verdict));
                if verdict == Verdict::Picked {
                    return Some(Due { level, tables: vec![table.id], option, candidates });
                }
            }
        }
        None
    }

    /// The manual compaction: on the `level` given, or on any, the first table with droppable entries, and its
    /// neighbours that have some.
    pub fn asked_for(&self, level: Option<usize>) -> Option<Due> {
        let jobs = Jobs::new(self.running);
        let levels = level.map_or(0..self.tree.count(), |level| level..level + 1);
        for level in levels.filter(|level| *level < self.tree.count()) {
            let goes = |(at, table): &(usize, &TableMeta)| {
                self.holds_waste(table) && self.is_bottommost(level, *at) && is_free(&jobs, level, table)
            };
            let taken: Vec<&TableMeta> =
                self.level(level).skip_while(|table| !goes(table)).take_while(goes).map(|(_, table)| table).collect();
            if !taken.is_empty() {
                let candidates = taken.iter().map(|table| candidate(table, Verdict::Picked)).collect();
                let tables = taken.iter().map(|table| table.id).collect();
                return Some(Due { level, tables, option: "compact", candidates });
            }
        }
        None
    }

    fn level(&self, level: usize) -> impl Iterator<Item = (usize, &TableMeta)> {
        (0..self.tree.len(level)).filter_map(move |at| Some((at, &**self.tree.table(level, at)?)))
    }

    /// The option that makes a table due.
    fn why(&self, table: &TableMeta, is_last: bool) -> Option<&'static str> {
        let Horizon { oldest, released, aged } = self.running.horizon;
        let tombstones_go = |bound: u64| table.tombstone_seqs.is_some_and(|(_, highest)| highest <= bound.min(aged));
        if table.largest_seq <= released && (table.shadowing_seq.is_some() || tombstones_go(released)) {
            return Some("release");
        }
        if self.options.tombstone_retention_seconds > 0 && tombstones_go(oldest) {
            return Some("tombstone_retention_seconds");
        }
        (is_last && is_marked(table, self.options) && tombstones_go(oldest)).then_some("compact_on_deletion_ratio")
    }

    /// Whether a merge of `table` drops anything.
    fn holds_waste(&self, table: &TableMeta) -> bool {
        let Horizon { oldest, aged, .. } = self.running.horizon;
        table.shadowing_seq.is_some_and(|seq| seq <= oldest)
            || table.tombstone_seqs.is_some_and(|(lowest, _)| lowest <= oldest.min(aged))
    }

    /// Whether no older version of a key of the table at `at` can be elsewhere: no deeper table overlaps it, nor, on
    /// level 0, is any other older or interleaved with it.
    fn is_bottommost(&self, level: usize, at: usize) -> bool {
        let Some(table) = self.tree.table(level, at) else { return false };
        let is_oldest = || {
            let mut newer = self.tree.level_0()[..at].iter();
            at + 1 == self.tree.len(0) && newer.all(|t| t.smallest_seq > table.largest_seq)
        };
        let range = KeyRange::of(table);
        (level > 0 || is_oldest())
            && !(level + 1..self.tree.count()).any(|deeper| overlap::any_in_sorted(self.tree, deeper, range))
    }
}

/// Whether no job reads `table` of `level`, or writes where it is.
fn is_free(jobs: &Jobs<'_>, level: usize, table: &TableMeta) -> bool {
    let is_written = match level {
        0 => jobs.from_level_0,
        _ => jobs.write_into(level, KeyRange::of(table)),
    };
    !jobs.is_busy(table) && !is_written
}

fn candidate(table: &TableMeta, verdict: Verdict) -> Candidate {
    Candidate { table: table.id, overlap_bytes: 0, priority: 0.0, verdict }
}

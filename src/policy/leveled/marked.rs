//! Tables that are compacted although no level is due: those with many tombstones, and old ones.
//!
//! 1. **Marked.** With `compact_on_deletion_ratio`, a table is marked if at least this share of its entries are
//!    tombstones, as RocksDB's `CompactOnDeletionCollector` does when it writes one. (RocksDB starts at a random marked
//!    table; we at the first.)
//! 2. **Expired.** A table whose oldest ancestor is older than `ttl`. Merges keep that time, so a delete reaches the
//!    last level in the end, however often its range is written to, and the entries that it hid are dropped. A table of
//!    unknown age never expires.
//!
//! Neither rule applies to the last level that has data: from there, a table would only move. What is due there is
//! rewritten in place ([`bottom`]).

use super::{Draft, Picker};
use crate::{
    options::Options,
    policy::{
        Compaction, Cuts, Explanation, Levels, Rule, Running, Verdict, bottom,
        overlap::{self, KeyRange, TableList},
    },
    version::TableMeta,
};

/// What universal compaction makes of a marked table.
pub(in crate::policy) fn of_universal(tree: &dyn Levels, options: &Options, running: &Running) -> Option<Compaction> {
    if options.compact_on_deletion_ratio == 0.0 || (0..tree.count()).all(|level| tree.totals(level).tombstones == 0) {
        return None;
    }
    let picker = Picker::new(tree, options, running, Explanation::Full);
    let picked = picker.complete(picker.marked_run()?)?;
    let target_file_size = options.target_file_size(picked.output_level, None);
    // Outputs are cut by size only, and no level has a cursor.
    Some(Compaction { target_file_size, cuts: Cuts::default(), cursor: None, ..picked })
}

impl<'a> Picker<'a> {
    /// Whether `table` is marked for compaction because of its tombstones.
    pub(super) fn is_marked(&self, table: &TableMeta) -> bool {
        bottom::is_marked(table, self.options)
    }

    /// The first marked table that no running job blocks.
    pub(super) fn marked(&self) -> Option<Draft<'a>> {
        if self.options.compact_on_deletion_ratio == 0.0 {
            return None;
        }
        self.first_of(
            Rule::MarkedForCompaction,
            "compact_on_deletion_ratio",
            |table| self.is_marked(table),
            |level| Some(self.next_level(level)),
        )
    }

    /// The same for universal compaction, where a level is a run: into the next one that has data. From level 0, with
    /// none, into the last level; from elsewhere it would only be a move (RocksDB:
    /// `UniversalCompactionBuilder::PickDeleteTriggeredCompaction`).
    fn marked_run(&self) -> Option<Draft<'a>> {
        let with_data = |level: usize| (level + 1..self.tree.count()).find(|below| self.tree.len(*below) > 0);
        self.first_of(
            Rule::MarkedForCompaction,
            "compact_on_deletion_ratio",
            |table| self.is_marked(table),
            |level| with_data(level).or_else(|| (level == 0).then(|| self.tree.count() - 1)),
        )
    }

    fn next_level(&self, level: usize) -> usize {
        if level == 0 { self.targets.base_level } else { level + 1 }
    }

    /// The first table that is too old, and that no running job blocks.
    pub(super) fn expired(&self) -> Option<Draft<'a>> {
        let oldest = self.time.checked_sub(self.options.ttl).filter(|_| self.options.ttl > 0)?;
        let is_old = |table: &TableMeta| table.oldest_time.is_some_and(|time| time < oldest);
        self.first_of(Rule::Ttl, "ttl", is_old, |level| Some(self.next_level(level)))
    }

    fn first_of(
        &self,
        rule: Rule,
        option: &'static str,
        is_due: impl Fn(&TableMeta) -> bool,
        output_level: impl Fn(usize) -> Option<usize>,
    ) -> Option<Draft<'a>> {
        if self.options.one_table_per_level {
            // Levels are compacted whole there.
            return None;
        }
        let last = self.tree.last_with_tables()?;
        // With nothing but level 0, that is no last level yet.
        let levels = (0..last.max(1)).filter(|level| *level > 0 || !self.jobs.from_level_0);
        let places = levels.flat_map(|level| (0..self.tree.len(level)).map(move |at| (level, at)));
        let mut candidates = Vec::new();
        for (level, at) in places {
            let table = self.table(level, at);
            if !is_due(table) {
                continue;
            }
            let Some(output_level) = output_level(level) else { continue };
            let free = self.free_closure(level, at);
            let verdict = if free.is_some() { Verdict::Picked } else { Verdict::Busy };
            let place = candidates.len() as f64;
            self.note(&mut candidates, table, output_level, place, verdict);
            if let Some(start) = free {
                let output = TableList::NONE;
                return Some(Draft {
                    rule,
                    option,
                    start_level: level,
                    start,
                    output_level,
                    output,
                    candidates,
                    may_move: true,
                });
            }
        }
        None
    }

    /// The table at `at` with those that cannot be left behind, if no job has any of them.
    fn free_closure(&self, level: usize, at: usize) -> Option<TableList<'a>> {
        let start = match level {
            0 => overlap::closure_in_level_0(self.tree, KeyRange::of(self.table(0, at))),
            _ => overlap::clean_cut(self.tree, level, at..at + 1),
        };
        (!self.jobs.any_busy(start.iter())).then_some(start)
    }
}

//! Compactions of whole levels: manual ones, and all of them under `one_table_per_level`.
//!
//! A compaction of a level takes all of its tables and those of the next level that they overlap; with
//! `one_table_per_level`, all of the next level, so that it stays one table.

use super::{Draft, Picker};
use crate::policy::{Compaction, Rule, Verdict, overlap};

impl<'a> Picker<'a> {
    /// All of `level` into the next one; none if it is empty, is the last level, or a running job blocks it.
    pub(super) fn whole_level(&self, level: usize, rule: Rule, option: &'static str) -> Option<Compaction> {
        let last = self.tree.count() - 1;
        if level >= last {
            return None;
        }
        let output_level = if level == 0 { self.targets.base_level } else { level + 1 };
        let start = overlap::all(self.tree, level);
        let range = start.range()?;
        let output = if self.options.one_table_per_level {
            overlap::all(self.tree, output_level)
        } else {
            overlap::in_sorted(self.tree, output_level, range)
        };
        let widest = output.range().map_or(range, |r| r.union(range));
        if self.jobs.any_busy(start.iter())
            || self.jobs.any_busy(output.iter())
            || self.jobs.write_into(output_level, widest)
        {
            return None;
        }
        let mut candidates = Vec::new();
        start.iter().for_each(|t| self.note(&mut candidates, t, output_level, 0.0, Verdict::Picked));
        // Several tables cannot move into a level that has to be one table. And a manual compaction is meant to drop
        // tombstones, which a move would keep.
        let may_move = overlap::are_disjoint(start.iter())
            && (start.len() == 1 || !self.options.one_table_per_level)
            && (rule != Rule::Manual || start.iter().all(|t| t.tombstones == 0));
        Some(self.finish(Draft { rule, option, start_level: level, start, output_level, output, candidates, may_move }))
    }

    /// The next step of a compaction of everything: the uppermost level that has data into the one below, until all
    /// data is on the last level that had any. Each step leaves a level empty for good, so there is a last one.
    pub(super) fn all_the_way_down(&self) -> Option<Compaction> {
        let mut with_data = (0..self.tree.count()).filter(|level| self.tree.len(*level) > 0);
        let first = with_data.next()?;
        let last = with_data.next_back().unwrap_or(first);
        (first == 0 || first < last).then(|| self.whole_level(first, Rule::Manual, "compact"))?
    }
}

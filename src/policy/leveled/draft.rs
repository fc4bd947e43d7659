//! Completes a compaction whose start is picked: its inputs of the next level, move or merge, and where its outputs
//! are cut.

use super::Picker;
use crate::{
    policy::{
        Action, Candidate, Compaction, Cuts, Grandparents, Inputs, Reason, Rule, Verdict,
        overlap::{self, KeyRange, TableList},
    },
    version::TableMeta,
};

/// A compaction that is being built.
pub(super) struct Draft<'a> {
    pub rule: Rule,
    pub option: &'static str,
    pub start_level: usize,
    pub start: TableList<'a>,
    pub output_level: usize,
    pub output: TableList<'a>,
    pub candidates: Vec<Candidate>,
    /// Whether `start` is known to leave no version of a key behind that it would overtake.
    pub may_move: bool,
}

impl<'a> Draft<'a> {
    /// The range of all its tables.
    pub fn range(&self) -> Option<KeyRange<'a>> {
        let start = self.start.range()?;
        Some(self.output.range().map_or(start, |output| output.union(start)))
    }
}

impl<'a> Picker<'a> {
    /// Adds the required inputs and those that cost little, and decides between move and merge. None if a running job
    /// blocks it after all.
    pub(super) fn complete(&self, mut draft: Draft<'a>) -> Option<Compaction> {
        let must_merge = draft.rule != Rule::L0TrivialMove;
        if draft.start_level == 0 && draft.output_level > 0 && must_merge {
            draft.start = overlap::closure_in_level_0(self.tree, draft.start.range()?);
            draft.may_move = overlap::are_disjoint(self.tree.level_0().iter().map(|t| &**t));
        }
        if draft.output_level > 0 && must_merge {
            self.take_outputs(&mut draft)?;
        }
        Some(self.finish(draft))
    }

    /// Adds the overlapping tables of the output level, and widens the start level where that costs nothing.
    fn take_outputs(&self, draft: &mut Draft<'a>) -> Option<()> {
        let range = draft.start.range()?;
        draft.output = overlap::overlapping(self.tree, draft.output_level, range);
        if self.jobs.any_busy(draft.output.iter()) {
            return None;
        }
        if let Some(wider) = self.widened(draft, range) {
            draft.start = wider;
        }
        let clear = self.jobs.is_idle() || !self.jobs.write_into(draft.output_level, draft.range()?);
        clear.then_some(())
    }

    /// Whether a trivial move is possible: the tables change their level as they are.
    fn is_move(&self, draft: &Draft<'a>) -> bool {
        let below = draft.output_level + 1;
        let would_burden = |table: &TableMeta| {
            below < self.tree.count() && {
                let overlapped = overlap::in_sorted(self.tree, below, KeyRange::of(table));
                match self.options.compaction_limit().checked_sub(table.bytes) {
                    Some(most) => overlapped.has_more_than(most),
                    None => true,
                }
            }
        };
        draft.may_move
            && draft.start_level != draft.output_level
            && draft.output.is_empty()
            && !draft.start.iter().any(would_burden)
    }

    pub(super) fn finish(&self, mut draft: Draft<'a>) -> Compaction {
        let action = if self.is_move(&draft) { Action::Move } else { Action::Merge };
        for candidate in &mut draft.candidates {
            if candidate.verdict != Verdict::Picked && draft.start.iter().any(|t| t.id == candidate.table) {
                candidate.verdict = Verdict::ComesAlong;
            }
        }
        let chosen = |level: usize, tables: &TableList<'a>| match tables.place() {
            places if !self.explains() && !places.is_empty() => Inputs::at(level, places),
            _ => Inputs::listed(level, tables.ids()),
        };
        let mut inputs = Vec::with_capacity(2);
        inputs.push(chosen(draft.start_level, &draft.start));
        if !draft.output.is_empty() {
            inputs.push(chosen(draft.output_level, &draft.output));
        }
        let target_file_size = match draft.output_level {
            // A merge within level 0 exists to turn many tables into one.
            0 => u64::MAX,
            level => self.target_file_size(level),
        };
        let cuts = if action == Action::Merge { self.cuts(&draft) } else { Cuts::default() };
        let cursor = self.next_cursor(&draft);
        let reason = Reason {
            scores: if self.explains() { self.scores() } else { Vec::new() },
            candidates: draft.candidates,
            ..Reason::of(draft.rule, draft.option)
        };
        Compaction { action, inputs, output_level: draft.output_level, target_file_size, cuts, cursor, reason }
    }

    /// Where a merge cuts its outputs, besides at their size.
    fn cuts(&self, draft: &Draft<'a>) -> Cuts {
        let levels = draft.output_level + 1..self.tree.count();
        match draft.range() {
            Some(range) if draft.output_level > 0 && !self.options.one_table_per_level => {
                let below = |level| {
                    let places = self.tree.span(level, range);
                    (!places.is_empty()).then_some(Grandparents { level, places })
                };
                let cursor = self.tree.cursor(draft.output_level).filter(|_| self.is_round_robin());
                Cuts {
                    grandparents: levels.into_iter().find_map(below),
                    max_compaction_bytes: self.options.compaction_limit(),
                    at: cursor.filter(|key| range.smallest < *key && *key <= range.largest).cloned(),
                }
            }
            _ => Cuts::default(),
        }
    }
}

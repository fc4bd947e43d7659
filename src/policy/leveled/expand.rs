//! Widens a picked compaction by tables of the start level that cost little.
//!
//! * A table that can move takes its neighbours along while they can move too: four at most.
//! * Under `round_robin`, the tables to its right are added, moving or not, until the level would be within its target,
//!   or the compaction is as large as `max_compaction_bytes`.
//! * Once the inputs from the next level are known: more tables of the start level that overlap no others of it.

use super::{Draft, Picker};
use crate::{
    policy::{
        Rule,
        overlap::{self, KeyRange, TableList},
    },
    version::TableMeta,
};

/// How many tables one move takes along at most.
const MAX_MOVED: usize = 4;

impl<'a> Picker<'a> {
    /// Takes along what may come with the table that was picked from a sorted level.
    pub(super) fn extend(&self, draft: &mut Draft<'a>) {
        self.extend_move(draft);
        if self.is_round_robin() {
            self.extend_turn(draft);
        }
    }

    /// Takes neighbours along while all of them can still move without a merge: to the right, then to the left.
    fn extend_move(&self, draft: &mut Draft<'a>) {
        let TableList::Run { tables: [first], place: at } = draft.start else { return };
        let level = draft.start_level;
        let mut moved = Move { range: KeyRange::of(first), bytes: first.bytes, tables: 1 };
        if overlap::any_in_sorted(self.tree, draft.output_level, moved.range) {
            return;
        }
        let comes = |moved: &mut Move<'a>, place| {
            self.tree.table(level, place).is_some_and(|t| self.moves_along(moved, t, draft.output_level))
        };
        let right = (at + 1..).take_while(|place| comes(&mut moved, *place)).count();
        // As RocksDB measures it: to the left, from the picked table only.
        moved.range = KeyRange::of(first);
        // Under round_robin, the turn of what lies to the left has been.
        let reach = if self.is_round_robin() { 0 } else { at };
        let left = (at - reach..at).rev().take_while(|place| comes(&mut moved, *place)).count();
        draft.start = self.tree.run(level, at - left..at + right + 1);
    }

    fn moves_along(&self, moved: &mut Move<'a>, next: &'a TableMeta, output_level: usize) -> bool {
        let range = moved.range.union(KeyRange::of(next));
        if moved.tables == MAX_MOVED
            || self.jobs.is_busy(next)
            || overlap::any_in_sorted(self.tree, output_level, range)
        {
            return false;
        }
        // A table that is too large still counts, so that no smaller one behind it is taken instead.
        moved.bytes += next.bytes;
        if moved.bytes > self.options.compaction_limit() {
            return false;
        }
        moved.tables += 1;
        moved.range = range;
        true
    }

    /// Takes the tables along whose turn is next, until the level is within its target: from the first one on, and
    /// however many of them could have moved (RocksDB forgets these as soon as it adds one here).
    fn extend_turn(&self, draft: &mut Draft<'a>) {
        let tables = overlap::all(self.tree, draft.start_level);
        let idle: u64 = tables.iter().filter(|t| !self.jobs.is_busy(t)).map(|t| t.bytes).sum();
        let excess = idle.saturating_sub(self.targets.bytes[draft.start_level]);
        if draft.start.get(0).is_none_or(|first| first.bytes >= excess) {
            return;
        }
        let at = draft.start.place().start;
        for (more, next) in tables.iter().skip(at + 1).enumerate() {
            if self.jobs.is_busy(next) {
                return;
            }
            let wider = overlap::clean_cut(self.tree, draft.start_level, at..at + 2 + more);
            let Some(range) = wider.range() else { return };
            if self.jobs.any_busy(wider.iter()) || self.jobs.write_into(draft.output_level, range) {
                return;
            }
            let output = overlap::overlapping(self.tree, draft.output_level, range);
            let bytes = wider.bytes();
            if self.jobs.any_busy(output.iter()) || bytes + output.bytes() > self.options.compaction_limit() {
                return;
            }
            draft.start = wider;
            if bytes > excess {
                return;
            }
        }
    }

    /// More tables of the start level that fit into the range of the compaction without pulling in another table of
    /// the output level: compacting them now saves a compaction later.
    pub(super) fn widened(&self, draft: &Draft<'a>, start: KeyRange<'a>) -> Option<TableList<'a>> {
        let range = start.union(draft.output.range()?);
        let (tree, level) = (self.tree, draft.start_level);
        let fits = |tables: &TableList<'a>| {
            tables.len() > draft.start.len()
                && tables.bytes().saturating_add(draft.output.bytes())
                    < self.options.compaction_limit().saturating_mul(2)
                && !self.jobs.any_busy(tables.iter())
        };
        // In round-robin, tables before the cursor are excluded.
        let turned = self.is_round_robin() && draft.rule == Rule::LevelScore && level > 0;
        let asked = if turned { KeyRange { smallest: start.smallest, ..range } } else { range };
        let all = overlap::overlapping(tree, level, asked);
        if fits(&all) {
            let output = overlap::overlapping(tree, draft.output_level, all.range()?);
            if output.len() == draft.output.len() && !self.jobs.any_busy(output.iter()) {
                return Some(all);
            }
        }
        if level == 0 || (!turned && all.len() <= draft.start.len()) {
            // There is no more inside of the range than there is around it.
            return None;
        }
        Some(overlap::inside(tree, level, range)).filter(fits)
    }

    /// Where the next round-robin compaction of the start level begins: behind what this one takes.
    pub(super) fn next_cursor(&self, draft: &Draft<'a>) -> Option<crate::entry::Bytes> {
        if !self.is_round_robin() || draft.rule != Rule::LevelScore || draft.start_level == 0 {
            return None;
        }
        let ranked = self.ranked(draft.start_level);
        // After the last table of the level, the cursor returns to the first.
        let (at, _) = ranked.get(draft.start.len()).or(ranked.first())?;
        Some(self.table(draft.start_level, *at).smallest.clone())
    }
}

/// A move that grows.
struct Move<'a> {
    range: KeyRange<'a>,
    bytes: u64,
    tables: usize,
}

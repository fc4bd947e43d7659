//! The rules of level 0, whose tables are in order of age and may overlap.
//!
//! Tried in this order, when level 0 is due:
//!
//! 1. **Move.** The oldest tables, as long as they overlap neither each other nor the base level, change their level as
//!    they are. Sequential keys never need a merge at all.
//! 2. **Merge inside level 0, by size** (*intra-L0*). Where the base level is more than twenty times as large, merging
//!    into it would rewrite far too much for what it brings: the tables are merged into one, which stays in level 0.
//! 3. **Merge into the base level**: one table, and all that overlap it, directly or through others.
//!
//! Only one job at a time may take tables out of level 0. While one does, or while the base level is busy, tables that
//! pile up are merged among themselves **by cost**: as many of the newest as make each table that is saved cheaper.

use super::{Draft, Picker};
use crate::{
    options::times,
    policy::{
        Candidate, Rule, Verdict,
        overlap::{self, KeyRange, List, TableList},
        score::Score,
    },
};

/// The fewest tables of a merge inside level 0 by cost.
const MIN_BY_COST: usize = 4;

impl<'a> Picker<'a> {
    /// What to do about a level 0 that is due.
    pub(super) fn of_level_0(&self, due: Score) -> Option<Draft<'a>> {
        if self.jobs.from_level_0 {
            return self.intra_level_0_by_size();
        }
        self.move_from_level_0()
            .or_else(|| self.intra_level_0_by_size())
            .or_else(|| self.by_table(due, self.targets.base_level))
    }

    fn newest_first(&self) -> List<'a> {
        self.tree.level_0().iter().map(|t| &**t).collect()
    }

    fn move_from_level_0(&self) -> Option<Draft<'a>> {
        let base = self.targets.base_level;
        if self.tree.len(base) == 0 {
            return None;
        }
        let tables = self.newest_first();
        let mut range: Option<KeyRange<'a>> = None;
        let fits = |table: &&&'a crate::version::TableMeta| {
            let own = KeyRange::of(table);
            // Size-tiered compaction may have left newer tables with older versions, which would be found first then.
            let newer = tables.iter().take_while(|t| t.id != table.id);
            let mut older_within = newer.filter(|t| t.smallest_seq < table.largest_seq);
            if older_within.any(|t| KeyRange::of(t).overlaps(own)) {
                return false;
            }
            let wider = match range {
                Some(range) if range.overlaps(own) => return false,
                Some(range) => range.union(own),
                None => own,
            };
            range = Some(wider);
            !overlap::any_in_sorted(self.tree, base, wider)
        };
        let count = tables.iter().rev().take_while(fits).count();
        if count == 0 {
            return None;
        }
        let start = tables[tables.len() - count..].to_vec();
        let mut candidates = Vec::new();
        for (at, table) in tables.iter().rev().take(count + 1).enumerate() {
            let verdict = if at < count { Verdict::Picked } else { Verdict::Overlaps };
            self.note(&mut candidates, table, base, at as f64, verdict);
        }
        Some(self.draft_of_level_0(Rule::L0TrivialMove, "level0_file_num_compaction_trigger", start, base, candidates))
    }

    fn intra_level_0_by_size(&self) -> Option<Draft<'a>> {
        let least = (self.options.level0_file_num_compaction_trigger as usize).max(2);
        let tables = self.newest_first();
        if tables.len() < least {
            return None;
        }
        let size: u64 = tables.iter().map(|t| self.weights.of(t)).sum();
        let factor = self.options.max_bytes_for_level_multiplier.max(10.0) * 2.0;
        if self.tree.totals(self.targets.base_level).bytes <= times(size, factor) {
            return None;
        }
        let start: List<'a> = tables.iter().copied().take_while(|t| !self.jobs.is_busy(t)).collect();
        if start.len() < least {
            return None;
        }
        Some(self.inside_level_0(Rule::IntraL0Size, "max_bytes_for_level_multiplier", start))
    }

    /// Merges the newest tables while level 0 has to wait for the base level.
    pub(super) fn intra_level_0_by_cost(&self) -> Option<Draft<'a>> {
        let tables = self.newest_first();
        let least = self.options.level0_file_num_compaction_trigger as usize + 2;
        if tables.len() < least || self.jobs.is_busy(tables[0]) {
            return None;
        }
        let mut bytes = tables[0].bytes;
        let mut cost = u64::MAX;
        let mut count = 1;
        for table in &tables[1..] {
            bytes += table.bytes;
            // Merging one more table saves one more: the bytes to merge for each that is saved.
            let next = bytes / count as u64;
            if self.jobs.is_busy(table) || next > cost || bytes > self.options.compaction_limit() {
                break;
            }
            cost = next;
            count += 1;
        }
        if count < MIN_BY_COST {
            return None;
        }
        Some(self.inside_level_0(Rule::IntraL0Cost, "level0_file_num_compaction_trigger", tables[..count].to_vec()))
    }

    fn inside_level_0(&self, rule: Rule, option: &'static str, start: List<'a>) -> Draft<'a> {
        let mut candidates = Vec::new();
        for (at, table) in self.newest_first().iter().enumerate().take(start.len() + 1) {
            let verdict = match at < start.len() {
                true => Verdict::Picked,
                false if self.jobs.is_busy(table) => Verdict::Busy,
                false => Verdict::CostsMore,
            };
            self.note(&mut candidates, table, 0, at as f64, verdict);
        }
        self.draft_of_level_0(rule, option, start, 0, candidates)
    }

    fn draft_of_level_0(
        &self,
        rule: Rule,
        option: &'static str,
        start: List<'a>,
        output_level: usize,
        candidates: Vec<Candidate>,
    ) -> Draft<'a> {
        let (start, output) = (TableList::List(start), TableList::NONE);
        Draft { rule, option, start_level: 0, start, output_level, output, candidates, may_move: true }
    }
}

//! Tables that go down though no level is due: those of many tombstones, and old ones.
//!
//! 1. **Marked.** With `compact_on_deletion_ratio`, a table of which at least this share are tombstones is marked, as
//!    RocksDB's `CompactOnDeletionCollector` does when it writes one. (RocksDB starts at a random one of them; we at the first.)
//! 2. **Expired.** A table whose oldest ancestor is older than `ttl`: merges keep that time, so in the end a delete reaches the
//!    last level, however often its range is written to, and what it hid is gone. A table of unknown age never expires.
//!
//! Neither rule looks at the last level that has data: from there, a table would only move.

use super::{Draft, Picker};
use crate::{
    policy::{
        Rule, Verdict,
        overlap::{self, KeyRange, Tables},
    },
    version::TableMeta,
};

impl<'a> Picker<'a> {
    /// Whether `table` has so many tombstones that it is marked for compaction.
    pub(super) fn is_marked(&self, table: &TableMeta) -> bool {
        let ratio = self.options.compact_on_deletion_ratio;
        ratio > 0.0 && table.tombstones > 0 && table.tombstones as f64 >= ratio * table.entries as f64
    }

    /// The first marked table that no job is in the way of.
    pub(super) fn marked(&self) -> Option<Draft<'a>> {
        if self.options.compact_on_deletion_ratio == 0.0 {
            return None;
        }
        self.first_of(Rule::MarkedForCompaction, "compact_on_deletion_ratio", |table| self.is_marked(table))
    }

    /// The first table that is too old, and that no job is in the way of.
    pub(super) fn expired(&self) -> Option<Draft<'a>> {
        let oldest = self.time.checked_sub(self.options.ttl).filter(|_| self.options.ttl > 0)?;
        let is_old = |table: &TableMeta| table.oldest_time.is_some_and(|time| time < oldest);
        self.first_of(Rule::Ttl, "ttl", is_old)
    }

    fn first_of(&self, rule: Rule, option: &'static str, is_due: impl Fn(&TableMeta) -> bool) -> Option<Draft<'a>> {
        if self.options.one_table_per_level {
            // Levels are compacted whole there.
            return None;
        }
        let last = (0..self.tree.levels()).rfind(|level| self.tree.len(*level) > 0)?;
        let levels = (0..last).filter(|level| *level > 0 || !self.jobs.from_level_0);
        let places = levels.flat_map(|level| (0..self.tree.len(level)).map(move |at| (level, at)));
        let mut candidates = Vec::new();
        for (level, at) in places {
            let table = self.table(level, at);
            if !is_due(table) {
                continue;
            }
            let output_level = if level == 0 { self.targets.base_level } else { level + 1 };
            let free = self.free_closure(level, at);
            let verdict = if free.is_some() { Verdict::Picked } else { Verdict::Busy };
            let place = candidates.len() as f64;
            self.note(&mut candidates, table, output_level, place, verdict);
            if let Some(start) = free {
                let output = Tables::NONE;
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
    fn free_closure(&self, level: usize, at: usize) -> Option<Tables<'a>> {
        let start = match level {
            0 => overlap::closure_in_level_0(self.tree, KeyRange::of(self.table(0, at))),
            _ => overlap::clean_cut(self.tree, level, at..at + 1),
        };
        (!self.jobs.any_busy(start.iter())).then_some(start)
    }
}

//! To which levels LevelDB's flushes wrote: 0, 1 or 2, which its log does not say.
//!
//! In: flushes, then a level summary with what its job changed. Out: a level for each flush. What is there then, less
//! what was there before and what the job changed, was flushed. Where flushes wrote to several levels, the first ones
//! are taken for the deeper ones: a flush goes below level 0 only if nothing that it overlaps is there
//! (`Version::PickLevelForMemTableOutput`).

use std::collections::VecDeque;

use crate::history::{
    info_log::leveldb_line::{LEVELS, LevelCounts},
    log_report::add,
};

/// `config::kMaxMemCompactLevel`.
pub(super) const DEEPEST_FLUSH: usize = 2;

/// Flushes since a level summary, at most.
const MAX_FLUSHES: usize = 4_096;

/// A flush whose level the next summary tells.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct UnplacedFlush {
    /// When its table was in the tree.
    pub at: u64,
    /// The table.
    pub table: u64,
    /// Its size.
    pub bytes: u64,
}

/// The flushes since the last level summary.
#[derive(Clone, Debug, Default)]
pub(super) struct FlushesSince {
    /// What the last level summary had; none before the first.
    pub counts: Option<LevelCounts>,
    /// In order of time.
    pub flushes: VecDeque<UnplacedFlush>,
    /// Tables and bytes of each level before the first of them.
    pub before: TreeBefore,
}

/// Tables and bytes of each level, as far as they are known.
#[derive(Clone, Debug, Default)]
pub(super) struct TreeBefore {
    /// Tables.
    pub tables: Vec<u64>,
    /// Bytes.
    pub bytes: Vec<u64>,
}

impl TreeBefore {
    /// A table comes to a level.
    pub fn add(&mut self, level: usize, bytes: u64) {
        for (column, n) in [(&mut self.tables, 1), (&mut self.bytes, bytes)] {
            column.resize(column.len().max(level + 1), 0);
            add(&mut column[level], n);
        }
    }
}

impl FlushesSince {
    /// A flush.
    pub fn add(&mut self, flush: UnplacedFlush) {
        // LevelDB compacts long before.
        if self.flushes.len() >= MAX_FLUSHES
            && let Some(first) = self.flushes.pop_front()
        {
            self.before.add(0, first.bytes);
        }
        self.flushes.push_back(flush);
    }

    /// The level of each flush, if there is `after` now, and a job changed each level by `changed`.
    pub fn levels(&self, after: &LevelCounts, changed: &[i128; LEVELS]) -> Vec<usize> {
        let n = self.flushes.len();
        let Some(before) = &self.counts else {
            // What else is there is older than the log: no more than all of level 0 can be new.
            let level0 = usize::try_from(i128::from(after[0]) - changed[0]).unwrap_or(0).min(n);
            return (0..n).map(|at| if at + level0 < n { DEEPEST_FLUSH } else { 0 }).collect();
        };
        let flushed = |level: usize| i128::from(after[level]) - i128::from(before[level]) - changed[level];
        let deeper = (1..=DEEPEST_FLUSH).rev().flat_map(|level| {
            let count = usize::try_from(flushed(level)).unwrap_or(0).min(n);
            std::iter::repeat_n(level, count)
        });
        let mut levels: Vec<usize> = deeper.take(n).collect();
        levels.resize(n, 0);
        levels
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_what_a_summary_has_beyond_what_is_known() {
        let mut since = FlushesSince { counts: Some([1, 2, 0, 0, 0, 0, 0]), ..FlushesSince::default() };
        (0..5).for_each(|table| since.add(UnplacedFlush { at: table, table, bytes: 1 }));
        // Four of level 0 and one of level 1 were merged into two; one flush wrote to level 2.
        let merged = [-4, 1, 0, 0, 0, 0, 0];
        assert_eq!(since.levels(&[1, 3, 1, 0, 0, 0, 0], &merged), [2, 0, 0, 0, 0]);
        // Sequential keys: all went deeper.
        since.counts = Some([0; LEVELS]);
        assert_eq!(since.levels(&[0, 1, 4, 0, 0, 0, 0], &[0; LEVELS]), [2, 2, 2, 2, 1]);
        // Counts that do not fit.
        assert_eq!(since.levels(&[0, u64::MAX, 9, 0, 0, 0, 0], &[0; LEVELS]), [2, 2, 2, 2, 2]);
        // Before the first summary: no more than four were on level 0.
        since.counts = None;
        assert_eq!(since.levels(&[0, 2, 3, 0, 0, 0, 0], &merged), [2, 0, 0, 0, 0]);
        assert_eq!(since.levels(&[9, 2, 3, 0, 0, 0, 0], &merged), [0; 5]);
    }
}

//! The order in which the tables of a level are picked: the five values of `compaction_pri`.
//!
//! In: a level. Out: its tables with their [`Rank`]s, the smallest first; among equals the one with the smaller keys,
//! or, where there are many equals because the last level has no sequence numbers, the one that RocksDB's
//! [sort](introsort) puts first.
//!
//! | `compaction_pri` | ranked by |
//! | --- | --- |
//! | `min_overlapping_ratio` | 1024 × overlapped bytes of the next level / bytes of the table, divided by its boost |
//! | `by_compensated_size` | bytes, tombstones counted on top: the largest first |
//! | `oldest_largest_seq_first` | the newest write in it: the oldest first |
//! | `oldest_smallest_seq_first` | the oldest write in it: the oldest first |
//! | `round_robin` | its turn: from the level's cursor to the right, and around; in level 0 the oldest first |
//!
//! Under `min_overlapping_ratio`, marked tables go before all others, and a table that nears its `ttl` is *boosted*:
//! from half the `ttl` on, and later on deeper levels, its ratio is divided by a number that grows with its age. So it
//! goes down before it expires, with a compaction that would have come anyway. The age is that of the oldest ancestor;
//! a table of which it is not known is never boosted (`VersionStorageInfo::UpdateFilesByCompactionPri`,
//! `FileTtlBooster`).

use super::{Picker, introsort};
use crate::{
    entry::Bytes,
    options::CompactionPri,
    policy::{
        Levels, Verdict,
        overlap::{self, TableList, overlap_ratio},
    },
    version::TableMeta,
};

/// What a table is ranked by: unmarked after marked, then the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    unmarked: bool,
    key: u64,
}

impl Rank {
    /// The number that people see.
    pub fn shown(self, pri: CompactionPri) -> f64 {
        match pri {
            CompactionPri::ByCompensatedSize => (u64::MAX - self.key) as f64,
            _ => self.key as f64,
        }
    }
}

/// Why a table lost to the one that was picked.
pub(super) fn lost_to(pri: CompactionPri, rank: Rank, winner: Rank) -> Verdict {
    if rank == winner {
        return Verdict::LargerKey;
    }
    if rank.unmarked && !winner.unmarked {
        return Verdict::NotMarked;
    }
    match pri {
        CompactionPri::MinOverlappingRatio => Verdict::LargerOverlap,
        CompactionPri::ByCompensatedSize => Verdict::Smaller,
        CompactionPri::OldestLargestSeqFirst | CompactionPri::OldestSmallestSeqFirst => Verdict::Newer,
        CompactionPri::RoundRobin => Verdict::LaterTurn,
    }
}

impl<'a> Picker<'a> {
    /// The tables of `level`, by position, the first to go first.
    pub(super) fn ranked(&self, level: usize) -> Vec<(usize, Rank)> {
        let tables = overlap::all(self.tree, level);
        let plain = |key: fn(&TableMeta) -> u64| tables.iter().map(key).collect();
        let keys: Vec<u64> = match self.options.compaction_pri {
            CompactionPri::MinOverlappingRatio => self.ratios(level),
            CompactionPri::ByCompensatedSize => tables.iter().map(|t| u64::MAX - self.weights.of(t)).collect(),
            CompactionPri::OldestLargestSeqFirst => plain(|t| t.largest_seq),
            CompactionPri::OldestSmallestSeqFirst => plain(|t| t.smallest_seq),
            CompactionPri::RoundRobin if level == 0 && !self.is_run(level) => plain(|t| t.smallest_seq),
            CompactionPri::RoundRobin => turns(&tables, self.tree.cursor(level)),
        };
        let marks = self.options.compaction_pri == CompactionPri::MinOverlappingRatio;
        let rank = |(at, key): (usize, u64)| (at, Rank { unmarked: !(marks && self.is_marked(tables.at(at))), key });
        let mut ranked: Vec<(usize, Rank)> = keys.into_iter().enumerate().map(rank).collect();
        match self.options.compaction_pri {
            CompactionPri::OldestLargestSeqFirst | CompactionPri::OldestSmallestSeqFirst => {
                introsort::sort_by_key(&mut ranked, |(_, rank)| *rank);
            }
            _ => {
                ranked.sort_by(|a, b| a.1.cmp(&b.1).then_with(|| tables.at(a.0).smallest.cmp(&tables.at(b.0).smallest)))
            }
        }
        ranked
    }

    /// The table with the smallest ratio that no running job blocks, from the ratios that the tree keeps. None where it
    /// keeps none, where the caller wants to know the losers, or where more than the ratio counts: tombstones, marks,
    /// age.
    pub(super) fn cheapest(&self, level: usize, output_level: usize) -> Option<TableList<'a>> {
        let plain = self.options.compaction_pri == CompactionPri::MinOverlappingRatio
            && self.options.compact_on_deletion_ratio == 0.0
            && self.tree.totals(level).surplus_tombstones == 0
            && self.tree.totals(level).range_deletion_bytes == 0;
        if self.explains() || !plain || !Boost::is_idle(self.tree, level, self.options.ttl, self.time) {
            return None;
        }
        let mut best = self.tree.least_overlapping(level, None)?;
        loop {
            if let Ok(start) = self.closure(level, best.place, output_level) {
                return Some(start);
            }
            best = self.tree.least_overlapping(level, Some(best))?;
        }
    }

    /// Whether the tables of `level` make one sorted run: so do those of level 0 if none overlaps another.
    fn is_run(&self, level: usize) -> bool {
        level > 0 || overlap::are_disjoint(self.tree.level_0().iter().map(|t| &**t))
    }

    fn ratios(&self, level: usize) -> Vec<u64> {
        let boost = Boost::new(self.tree, level, self.options.ttl, self.time);
        let tables = overlap::all(self.tree, level);
        let ratio =
            |(table, overlap): (&TableMeta, u64)| overlap_ratio(overlap, self.weights.of(table)) / boost.of(table);
        tables.iter().zip(overlap::ranked_overlap(self.tree, level)).map(ratio).collect()
    }
}

/// Each table's turn, by position: from the cursor to the right, then from the left up to it.
fn turns(tables: &TableList<'_>, cursor: Option<&Bytes>) -> Vec<u64> {
    let first = match cursor {
        Some(cursor) => tables.iter().take_while(|t| t.smallest < *cursor).count() % tables.len().max(1),
        None => 0,
    };
    (0..tables.len()).map(|at| ((at + tables.len() - first) % tables.len()) as u64).collect()
}

/// How much sooner the tables of a level go down for their age.
pub(super) struct Boost {
    now: u64,
    from: u64,
    step: u64,
}

impl Boost {
    /// For the tables of `level`. Neither level 0 nor the last level with data has any.
    pub fn new(tree: &dyn Levels, level: usize, ttl: u64, now: u64) -> Boost {
        let with_data = match ttl {
            0 => 0,
            _ => tree.last_with_tables().map_or(0, |last| last + 1),
        };
        if level == 0 || level + 1 >= with_data {
            return Boost { now: 0, from: 0, step: 1 };
        }
        let half = ttl / 2;
        let range = (ttl / 32 * 31).saturating_sub(half) >> (with_data - level - 1).min(63);
        Boost { now, from: half + range, step: (range / 16).max(1) }
    }

    /// Whether no table of `level` can be old enough yet.
    fn is_idle(tree: &dyn Levels, level: usize, ttl: u64, now: u64) -> bool {
        let Boost { now, from, .. } = if now <= ttl / 2 { return true } else { Boost::new(tree, level, ttl, now) };
        now <= from
    }

    /// What the ratio of `table` is divided by.
    pub fn of(&self, table: &TableMeta) -> u64 {
        let Some(written) = table.oldest_time else { return 1 };
        match self.now.saturating_sub(written).checked_sub(self.from) {
            Some(beyond) if self.now > 0 && beyond > 0 => beyond / self.step + 1,
            _ => 1,
        }
    }
}

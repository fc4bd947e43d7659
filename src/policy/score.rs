//! Compaction scores: how urgently each level needs a compaction, and the order in which levels are tried.
//!
//! In: the tree, the options, the running jobs, the levels' [`Targets`]. Out: a [`LevelScore`] for each level. A level
//! is *due* from a score of 1 on, and the highest score is tried first. Tables that a job is already compacting do not
//! count.
//!
//! ```text
//! static   level 0   the larger of  tables / level0_file_num_compaction_trigger  and  bytes / max_bytes_for_level_base
//!                    (or max_bytes_for_level_0, where that is set)
//!          level n   bytes / target
//! dynamic  level 0   tables / trigger, raised when it holds more than the base or the level below; × 10 once above 1
//!          level n   bytes / target while below it, then  10 × bytes / (target + bytes that are about to come down)
//! both     also  entries / (max_entries_for_level_base × multiplier^n), where that option is set
//!          all of it / compaction_soft_limit_percent, where that is not 100
//! ```
//!
//! The factor 10 of the dynamic scores (`kScoreScale`) keeps a level that is due ahead of one that only is nearly so,
//! after the division by incoming bytes has made its score small. Follows RocksDB's `VersionStorageInfo::
//! ComputeCompactionScore`; entries, a limit of level 0's own (`max_bytes_for_level_0`) and soft limits are ours.

use std::mem;

use super::{By, Formula, LevelScore, Levels, Targets, Term, formula::Held, overlap::Jobs};
use crate::{
    options::{MAX_LEVELS, Options, times},
    version::{LevelTotals, TableMeta},
};

mod partial;

use partial::{Part, SCALE, Words};

/// How much a tombstone weighs, in average values: a compaction frees the value and the tombstone.
const DELETION_WEIGHT: u64 = 2;

/// Bytes of a table as the picker counts them: tables with more tombstones than values count for more, because
/// compacting them frees what the tombstones hide; so do tables with range deletions, by what these cover
/// (`VersionStorageInfo::ComputeCompensatedSizes`).
///
/// RocksDB adds average *values*; a table here does not say how many of its bytes are values, so an average entry
/// stands in.
pub(super) struct Weights {
    /// 0 where no table has enough tombstones to matter.
    average_entry: u64,
}

impl Weights {
    /// The weights in `tree`.
    pub fn new(tree: &dyn Levels) -> Weights {
        let total =
            |what: fn(&LevelTotals) -> u64| (0..tree.count()).map(|level| what(tree.totals(level))).sum::<u64>();
        if total(|sum| sum.surplus_tombstones) == 0 {
            return Weights { average_entry: 0 };
        }
        Weights { average_entry: total(|sum| sum.bytes).checked_div(total(|sum| sum.entries)).unwrap_or(0) }
    }

    /// `table`'s bytes, compensated for its tombstones.
    pub fn of(&self, table: &TableMeta) -> u64 {
        table.bytes + table.range_deletion_bytes + self.of_surplus(table.surplus_tombstones())
    }

    /// The same of all tables that `sum` counts.
    pub fn of_sum(&self, sum: &LevelTotals) -> u64 {
        sum.bytes + sum.range_deletion_bytes + self.of_surplus(sum.surplus_tombstones)
    }

    /// What tombstones beyond half of the entries add.
    fn of_surplus(&self, surplus: u64) -> u64 {
        surplus * self.average_entry * DELETION_WEIGHT
    }
}

/// What one level holds.
#[derive(Default)]
struct Load {
    /// Tables that no job is compacting, with their bytes, compensated bytes and entries.
    tables: u64,
    bytes: u64,
    weighed: u64,
    entries: u64,
    /// Bytes of all its tables.
    all_bytes: u64,
    all_weighed: u64,
}

impl Load {
    fn held(&self) -> Held {
        Held { bytes: self.bytes, for_tombstones: self.weighed - self.bytes }
    }
}

/// What scores are worked out from.
pub(super) struct Scorer<'a> {
    pub tree: &'a dyn Levels,
    pub options: &'a Options,
    pub jobs: &'a Jobs<'a>,
    pub weights: &'a Weights,
    pub targets: &'a Targets,
}

/// What a pick needs of the score of a level that is due: the score, and what set it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Score {
    pub level: usize,
    pub score: f64,
    pub by: By,
}

/// The levels that are due, in the order in which they are tried: highest score first.
///
/// Among equals, what is first depends on the sort; this is RocksDB's exchange sort, swap for swap, one round of it for
/// each level that is asked for. Levels that are not due would come after all that are, and change nothing among these.
#[derive(Clone, Debug)]
pub(super) struct Due {
    /// In place: a pick makes this, and some callers pick half a million times a second.
    scores: [Score; MAX_LEVELS],
    /// All of them, where a real database has more levels than an engine here may have.
    more: Vec<Score>,
    /// The scores returned so far, and the number of all.
    tried: usize,
    count: usize,
}

impl Due {
    /// None yet.
    pub fn new() -> Due {
        Due { scores: [Score { level: 0, score: 0.0, by: By::None }; MAX_LEVELS], more: Vec::new(), tried: 0, count: 0 }
    }

    fn push(&mut self, score: Score) {
        if self.count >= MAX_LEVELS {
            if self.more.is_empty() {
                self.more.extend_from_slice(&self.scores);
            }
            self.more.push(score);
        } else {
            self.scores[self.count] = score;
        }
        self.count += 1;
    }
}

impl Iterator for Due {
    type Item = Score;

    fn next(&mut self) -> Option<Score> {
        let scores = if self.more.is_empty() { &mut self.scores[..self.count] } else { &mut self.more };
        let (first, others) = scores[self.tried..].split_first_mut()?;
        for other in others {
            if first.score < other.score {
                mem::swap(first, other);
            }
        }
        self.tried += 1;
        Some(*first)
    }
}

impl Scorer<'_> {
    /// Every level's score, in level order; the last level, which has nowhere to go, scores 0.
    pub fn scores(&self) -> Vec<LevelScore> {
        let mut scores = Vec::with_capacity(self.tree.count());
        self.each(|level, load, part: Part<Formula>| {
            scores.push(LevelScore {
                level,
                score: part.score,
                tables: load.tables,
                bytes: load.bytes,
                entries: load.entries,
                target_bytes: self.targets.of(level).map(|target| target as f64),
                by: part.by,
                formula: Formula {
                    option: Some(governing_option(
                        Score { level, score: part.score, by: part.by },
                        self.targets,
                        self.options,
                    )),
                    ..part.formula
                },
            });
        });
        scores
    }

    /// The levels that are due, without their scores' parts, are added to `due`.
    pub fn find_due(&self, due: &mut Due) {
        self.each(|level, _, part: Part<()>| {
            if part.score >= 1.0 {
                due.push(Score { level, score: part.score, by: part.by });
            }
        });
    }

    /// Works out every level's score, in level order.
    #[inline]
    fn each<F: Words>(&self, mut scored: impl FnMut(usize, &Load, Part<F>)) {
        let (targets, last) = (self.targets, self.tree.count() - 1);
        let load = self.load(0);
        let mut incoming = load.all_bytes;
        scored(0, &load, self.finish(0, &load, self.level_0(&load)));
        for level in 1..last {
            let load = self.load(level);
            let part = if self.options.level_compaction_dynamic_level_bytes {
                let part = dynamic(level, &load, targets, incoming);
                let kept = if targets.is_unnecessary(level) { 0 } else { targets.bytes[level] };
                incoming += load.all_bytes.saturating_sub(kept);
                part
            } else {
                by_bytes(&load, targets.bytes[level])
            };
            scored(level, &load, self.finish(level, &load, part));
        }
        scored(last, &self.load(last), Part::new(0.0, By::None, || Term::LastLevel));
    }

    fn load(&self, level: usize) -> Load {
        let all = self.tree.totals(level);
        let mut idle = *all;
        self.jobs.busy_on(level).for_each(|table| idle.subtract(table));
        Load {
            tables: idle.tables,
            bytes: idle.bytes,
            weighed: self.weights.of_sum(&idle),
            entries: idle.entries,
            all_bytes: all.bytes,
            all_weighed: self.weights.of_sum(all),
        }
    }

    fn level_0<F: Words>(&self, load: &Load) -> Part<F> {
        let (options, targets) = (self.options, self.targets);
        let held = || load.held();
        let trigger = options.level0_file_num_compaction_trigger;
        let tables = Part::new(
            // A real database may have a trigger below 0, which is 0 here: no number of tables is due.
            if trigger == 0 { 0.0 } else { load.tables as f64 / trigger as f64 },
            if load.tables == 0 { By::None } else { By::Tables },
            || Term::Tables { tables: load.tables, trigger },
        );
        let base = options.level_0_limit();
        if !options.level_compaction_dynamic_level_bytes {
            let bytes = load.weighed as f64 / base as f64;
            return tables.or_higher(Part::new(bytes, By::Bytes, || Term::Base { held: held(), base }));
        }
        let mut part = tables;
        if load.weighed >= base {
            part = part.or_higher(Part::new(1.01, By::Bytes, || Term::ReachesBase { held: held(), base }));
        }
        let level = targets.base_level;
        if load.weighed > targets.bytes[level] {
            let size = self.load(level).all_weighed.max(targets.bytes[level]);
            let score = load.weighed as f64 / size as f64;
            part = part.or_higher(Part::new(score, By::Bytes, || Term::LevelBelow { held: held(), size, level }));
        }
        if part.score > 1.0 { part.scaled() } else { part }
    }

    /// Entries against their limit, where there is one: the base at level 0, the multiplier times more on each level
    /// further down.
    fn by_entries<F: Words>(&self, level: usize, load: &Load) -> Option<Part<F>> {
        let (options, targets) = (self.options, self.targets);
        let steps = if level == 0 { 0 } else { (level + 1).checked_sub(targets.base_level)? };
        if options.max_entries_for_level_base == 0 || load.tables == 0 {
            return None;
        }
        let limit = (0..steps)
            .fold(options.max_entries_for_level_base, |n, _| times(n, options.max_bytes_for_level_multiplier));
        let entries = load.entries;
        let part = Part::new(entries as f64 / limit as f64, By::Entries, || Term::Entries { entries, limit });
        // As for bytes: once due, on the scale of the others.
        Some(if options.level_compaction_dynamic_level_bytes && part.score >= 1.0 { part.scaled() } else { part })
    }

    /// `part`, or what entries say, as it is where levels are due before they are full. Of a level that is not the
    /// last.
    #[inline]
    fn finish<F: Words>(&self, level: usize, load: &Load, part: Part<F>) -> Part<F> {
        let Options { max_entries_for_level_base: entries, compaction_soft_limit_percent: percent, .. } = *self.options;
        if entries == 0 && percent == 100 {
            return part;
        }
        match self.by_entries(level, load) {
            Some(entries) => part.or_higher(entries),
            None => part,
        }
        .softened(percent)
    }
}

/// The option that made a level due.
pub(super) fn governing_option(score: Score, targets: &Targets, options: &Options) -> &'static str {
    match score.by {
        By::Entries => "max_entries_for_level_base",
        By::Tables => "level0_file_num_compaction_trigger",
        _ if targets.is_unnecessary(score.level) => "level_compaction_dynamic_level_bytes",
        _ if score.level > targets.base_level && !options.level_compaction_dynamic_level_bytes => {
            "max_bytes_for_level_multiplier"
        }
        _ if score.level == 0 && options.max_bytes_for_level_0 > 0 => "max_bytes_for_level_0",
        _ => "max_bytes_for_level_base",
    }
}

fn by_bytes<F: Words>(load: &Load, target: u64) -> Part<F> {
    if target == u64::MAX {
        return Part::new(0.0, By::None, || Term::NoTarget { bytes: load.bytes });
    }
    let by = if load.tables == 0 { By::None } else { By::Bytes };
    Part::new(load.weighed as f64 / target as f64, by, || Term::Target { held: load.held(), target })
}

fn dynamic<F: Words>(level: usize, load: &Load, targets: &Targets, incoming: u64) -> Part<F> {
    let target = targets.bytes[level];
    let mut part = by_bytes(load, target);
    if load.weighed >= target {
        let room = target as f64 + incoming as f64;
        let term = || Term::Incoming { held: load.held(), target, incoming };
        // In this order, for it is RocksDB's to the bit.
        part = Part { score: load.weighed as f64 / room * SCALE, formula: F::new(term).scaled(), ..part };
    }
    if load.tables > 0 && targets.is_unnecessary(level) {
        let steps = targets.lowest_unnecessary.unwrap_or(level) - level;
        let drained = Part::new(1.001 + 0.001 * steps as f64, By::Bytes, || Term::Unnecessary { steps });
        part = part.or_higher(drained.scaled());
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{
        Running, targets,
        testing::{sized, vector_options},
    };

    fn due(levels: &[u64], options: &Options) -> Vec<usize> {
        let version = sized(levels);
        let targets = targets(&version, options);
        let running = Running::default();
        let (jobs, weights) = (Jobs::new(&running), Weights::new(&version));
        let scorer = Scorer { tree: &version, options, jobs: &jobs, weights: &weights, targets: &targets };
        let mut due = Due::new();
        scorer.find_due(&mut due);
        due.map(|score| score.level).collect()
    }

    #[test]
    fn unnecessary_levels_are_emptied_from_the_top() {
        assert_eq!(due(&[0, 10, 0, 100, 200, 2000], &vector_options(1000, 10.0, true)), [1, 3]);
    }

    #[test]
    fn bytes_on_their_way_down_make_a_level_wait() {
        let options = Options { level0_file_num_compaction_trigger: 5, ..vector_options(20_000, 5.0, true) };
        // 10,000 bytes of level 0 come as four tables.
        assert_eq!(due(&[4 * 2500, 0, 30_000, 85_000, 260_000, 1_286_250], &options), [3, 2, 4]);
    }

    #[test]
    fn equal_scores_keep_the_order_of_the_exchange_sort() {
        let score = |level, score| Score { level, score, by: By::None };
        // A stable sort would give 2, 0, 1: the swap of 0 and 2 carries 0 past 1.
        let mut due = Due::new();
        [score(0, 1.0), score(1, 1.0), score(2, 2.0)].into_iter().for_each(|score| due.push(score));
        assert_eq!(due.map(|score| score.level).collect::<Vec<_>>(), [2, 1, 0]);
    }
}

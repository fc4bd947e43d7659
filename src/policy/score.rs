//! How urgently each level needs a compaction: a score, its parts, and the order in which levels are tried.
//!
//! In: the tree, the options, the jobs under way, the levels' [`Targets`]. Out: a [`LevelScore`] for each level. A level
//! is *due* from a score of 1 on, and the highest score is tried first. Tables that a job is already compacting do not count.
//!
//! ```text
//! static   level 0   the larger of  tables / level0_file_num_compaction_trigger  and  bytes / max_bytes_for_level_base
//!          level n   bytes / target
//! dynamic  level 0   tables / trigger, raised when it holds more than the base or than the level below; × 10 once above 1
//!          level n   bytes / target while below it, then  10 × bytes / (target + bytes that are about to come down)
//! both     also  entries / (max_entries_for_level_base × multiplier^n), where that option is set
//!          all of it / compaction_soft_limit_percent, where that is not 100
//! ```
//!
//! The factor 10 of the dynamic scores (`kScoreScale`) keeps a level that is due ahead of one that only is nearly so, after
//! the division by incoming bytes has made its score small. Follows RocksDB's `VersionStorageInfo::
//! ComputeCompactionScore`; entries, a limit of level 0's own (`max_bytes_for_level_0`) and soft limits are ours.

use super::{
    Formula, LevelScore, Targets, Term,
    census::{self, Census, Sum},
    formula::Held,
    overlap::Jobs,
    targets::times,
};
use crate::{options::Options, version::TableMeta};

/// What a score above 1 is multiplied by under dynamic level sizes.
const SCALE: f64 = 10.0;

/// How much a tombstone weighs, in average values: a compaction frees the value and the tombstone.
const DELETION_WEIGHT: u64 = 2;

/// Bytes of a table as the picker counts them: tables with more tombstones than values count for more, because
/// compacting them frees what the tombstones hide.
///
/// RocksDB adds average *values*; a table here does not say how many of its bytes are values, so an average entry
/// stands in.
pub(super) struct Weights {
    /// 0 where no table has so many tombstones that it would matter.
    average_entry: u64,
}

impl Weights {
    /// The weights in the version that `census` counted.
    pub fn new(census: &Census) -> Weights {
        if census.sums.iter().all(|sum| sum.surplus == 0) {
            return Weights { average_entry: 0 };
        }
        let total = |what: fn(&Sum) -> u64| census.sums.iter().map(what).sum::<u64>();
        Weights { average_entry: total(|sum| sum.bytes).checked_div(total(|sum| sum.entries)).unwrap_or(0) }
    }

    /// `table`'s bytes, compensated for its tombstones.
    pub fn of(&self, table: &TableMeta) -> u64 {
        table.bytes + self.of_surplus(census::surplus(table))
    }

    /// What tombstones beyond half of the entries add.
    pub fn of_surplus(&self, surplus: u64) -> u64 {
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

fn load(census: &Census, level: usize, jobs: &Jobs<'_>, weights: &Weights) -> Load {
    let all = census.sums[level];
    let mut idle = all;
    jobs.busy_on(level).for_each(|table| idle.take(table));
    Load {
        tables: idle.tables,
        bytes: idle.bytes,
        weighed: idle.bytes + weights.of_surplus(idle.surplus),
        entries: idle.entries,
        all_bytes: all.bytes,
        all_weighed: all.bytes + weights.of_surplus(all.surplus),
    }
}

/// Every level's score, in level order; the last level, which has nowhere to go, scores 0.
pub(super) fn scores(
    census: &Census,
    options: &Options,
    jobs: &Jobs<'_>,
    weights: &Weights,
    targets: &Targets,
) -> Vec<LevelScore> {
    let mut scores = Vec::with_capacity(census.sums.len());
    each(census, options, jobs, weights, targets, |level, load, part: Part<Formula>| {
        scores.push(LevelScore {
            level,
            score: part.score,
            tables: load.tables,
            bytes: load.bytes,
            entries: load.entries,
            target_bytes: targets.of(level).map(|target| target as f64),
            by: part.by,
            formula: part.formula,
        });
    });
    scores
}

/// What a pick needs of a level's score: the score, and what set it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Score {
    pub level: usize,
    pub score: f64,
    pub by: &'static str,
}

/// Every level's score without its parts, in the order in which the levels are tried.
pub(super) fn in_order(
    census: &Census,
    options: &Options,
    jobs: &Jobs<'_>,
    weights: &Weights,
    targets: &Targets,
) -> Vec<Score> {
    let mut scores = Vec::with_capacity(census.sums.len());
    each(census, options, jobs, weights, targets, |level, _, part: Part<()>| {
        scores.push(Score { level, score: part.score, by: part.by });
    });
    // The last one has nowhere to go.
    scores.pop();
    order(&mut scores);
    scores
}

/// Works out every level's score, in level order.
fn each<F: Words>(
    census: &Census,
    options: &Options,
    jobs: &Jobs<'_>,
    weights: &Weights,
    targets: &Targets,
    mut scored: impl FnMut(usize, &Load, Part<F>),
) {
    let last = census.sums.len() - 1;
    let load_of = |level| load(census, level, jobs, weights);
    let level_0_load = load_of(0);
    let mut incoming = level_0_load.all_bytes;
    let part = level_0(&level_0_load, load_of, options, targets);
    scored(0, &level_0_load, finish(0, &level_0_load, targets, options, part));
    for level in 1..=last {
        let load = load_of(level);
        let part = if level == last {
            Part::new(0.0, "none", || Term::LastLevel)
        } else if options.level_compaction_dynamic_level_bytes {
            dynamic(level, &load, targets, incoming)
        } else {
            by_bytes(&load, targets.bytes[level])
        };
        scored(level, &load, finish(level, &load, targets, options, part));
        incoming += if targets.is_unnecessary(level) {
            load.all_bytes
        } else {
            load.all_bytes.saturating_sub(targets.bytes[level])
        };
    }
}

/// Puts levels into the order in which they are tried: highest score first.
///
/// Among equals, what is first depends on the sort; this is RocksDB's exchange sort, swap for swap.
fn order(scores: &mut [Score]) {
    for i in 0..scores.len() {
        for j in i + 1..scores.len() {
            if scores[i].score < scores[j].score {
                scores.swap(i, j);
            }
        }
    }
}

/// The option that made a level due.
pub(super) fn governing_option(score: &Score, targets: &Targets, options: &Options) -> &'static str {
    match score.by {
        "entries" => "max_entries_for_level_base",
        "tables" => "level0_file_num_compaction_trigger",
        _ if targets.is_unnecessary(score.level) => "level_compaction_dynamic_level_bytes",
        _ if score.level > targets.base_level && !options.level_compaction_dynamic_level_bytes => {
            "max_bytes_for_level_multiplier"
        }
        _ if score.level == 0 && options.max_bytes_for_level_0 > 0 => "max_bytes_for_level_0",
        _ => "max_bytes_for_level_base",
    }
}

/// How a score is told: by its [`Formula`], or, to a pick that nobody watches, not at all.
trait Words {
    fn new(term: impl FnOnce() -> Term) -> Self;
    fn softened(self, percent: u64) -> Self;
    fn scaled(self) -> Self;
}

impl Words for Formula {
    fn new(term: impl FnOnce() -> Term) -> Formula {
        Formula::new(term())
    }

    fn softened(self, percent: u64) -> Formula {
        Formula { soft: Some(percent), ..self }
    }

    fn scaled(self) -> Formula {
        Formula { scaled: true, ..self }
    }
}

impl Words for () {
    fn new(_: impl FnOnce() -> Term) {}

    fn softened(self, _: u64) {}

    fn scaled(self) {}
}

/// A score with what set it.
struct Part<F> {
    score: f64,
    by: &'static str,
    formula: F,
}

impl<F: Words> Part<F> {
    fn new(score: f64, by: &'static str, term: impl FnOnce() -> Term) -> Part<F> {
        Part { score, by, formula: F::new(term) }
    }

    /// The higher of both; `self` if they are equal.
    fn or_higher(self, other: Part<F>) -> Part<F> {
        if other.score > self.score { other } else { self }
    }

    /// As it is where a level is due at `percent` of its limits.
    fn softened(self, percent: u64) -> Part<F> {
        if percent == 100 || self.by == "none" {
            return self;
        }
        Part { score: self.score * 100.0 / percent as f64, formula: self.formula.softened(percent), ..self }
    }

    fn scaled(self) -> Part<F> {
        Part { score: self.score * SCALE, formula: self.formula.scaled(), ..self }
    }
}

fn by_bytes<F: Words>(load: &Load, target: u64) -> Part<F> {
    if target == u64::MAX {
        return Part::new(0.0, "none", || Term::NoTarget { bytes: load.bytes });
    }
    let by = if load.tables == 0 { "none" } else { "bytes" };
    Part::new(load.weighed as f64 / target as f64, by, || Term::Target { held: load.held(), target })
}

fn level_0<F: Words>(load: &Load, load_of: impl Fn(usize) -> Load, options: &Options, targets: &Targets) -> Part<F> {
    let held = || load.held();
    let trigger = options.level0_file_num_compaction_trigger;
    let tables =
        Part::new(load.tables as f64 / trigger as f64, if load.tables == 0 { "none" } else { "tables" }, || {
            Term::Tables { tables: load.tables, trigger }
        });
    let base = options.level_0_limit();
    if !options.level_compaction_dynamic_level_bytes {
        let bytes = load.weighed as f64 / base as f64;
        return tables.or_higher(Part::new(bytes, "bytes", || Term::Base { held: held(), base }));
    }
    let mut part = tables;
    if load.weighed >= base {
        part = part.or_higher(Part::new(1.01, "bytes", || Term::ReachesBase { held: held(), base }));
    }
    let level = targets.base_level;
    if load.weighed > targets.bytes[level] {
        let size = load_of(level).all_weighed.max(targets.bytes[level]);
        let score = load.weighed as f64 / size as f64;
        part = part.or_higher(Part::new(score, "bytes", || Term::LevelBelow { held: held(), size, level }));
    }
    if part.score > 1.0 { part.scaled() } else { part }
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
        let drained = Part::new(1.001 + 0.001 * steps as f64, "bytes", || Term::Unnecessary { steps });
        part = part.or_higher(drained.scaled());
    }
    part
}

/// Entries against their limit, where there is one: the base at level 0, the multiplier times more on each level
/// further down.
fn by_entries<F: Words>(level: usize, load: &Load, targets: &Targets, options: &Options) -> Option<Part<F>> {
    let steps = if level == 0 { 0 } else { (level + 1).checked_sub(targets.base_level)? };
    if options.max_entries_for_level_base == 0 || load.tables == 0 {
        return None;
    }
    let limit =
        (0..steps).fold(options.max_entries_for_level_base, |n, _| times(n, options.max_bytes_for_level_multiplier));
    let entries = load.entries;
    let part = Part::new(entries as f64 / limit as f64, "entries", || Term::Entries { entries, limit });
    // As for bytes: once due, on the scale of the others.
    Some(if options.level_compaction_dynamic_level_bytes && part.score >= 1.0 { part.scaled() } else { part })
}

fn finish<F: Words>(level: usize, load: &Load, targets: &Targets, options: &Options, part: Part<F>) -> Part<F> {
    let is_last = level + 1 == targets.bytes.len();
    let entries = if is_last { None } else { by_entries(level, load, targets, options) };
    match entries {
        Some(entries) => part.or_higher(entries),
        None => part,
    }
    .softened(options.compaction_soft_limit_percent)
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
        let census = Census::of(&version);
        let (jobs, weights) = (Jobs::new(&version, &running), Weights::new(&census));
        let scores = in_order(&census, options, &jobs, &weights, &targets);
        scores.iter().filter(|score| score.score >= 1.0).map(|score| score.level).collect()
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
        let score = |level, score| Score { level, score, by: "none" };
        // A stable sort would give 2, 0, 1: the swap of 0 and 2 carries 0 past 1.
        let mut scores = [score(0, 1.0), score(1, 1.0), score(2, 2.0)];
        order(&mut scores);
        assert_eq!(scores.map(|score| score.level), [2, 1, 0]);
    }
}

//! Compares runs of ours with runs of RocksDB: how far apart they are, and whether that is within the bounds.
//!
//! A run is one draw: with other keys, RocksDB itself comes to something else, by half a percent of write amplification
//! and by half the size of a small level. So means over runs are compared, each with the spread of its runs.

use super::{
    Experiment, ExperimentOutcome,
    measured::{self, MeasuredRun},
};
use crate::Result;

/// Bytes in a MiB.
pub const MIB: f64 = (1 << 20) as f64;

/// The bound of the relative difference for amplifications and for large levels.
pub const BOUND: f64 = 0.03;
/// The bound for smaller levels.
pub const SMALL_BOUND: f64 = 0.1;
/// From this size in MiB on, a level is large: more than ten times the base of the experiments.
pub const LARGE_MIB: f64 = 50.0;
/// The size of a table in the experiments, in MiB. A level that has less on average, because it was empty most of the
/// time, may differ by as much as one that has a table.
pub const TABLE_MIB: f64 = 1.0;

/// What several runs came to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spread {
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation.
    pub deviation: f64,
}

impl Spread {
    /// Of these.
    pub fn of(runs: impl Iterator<Item = f64> + Clone) -> Spread {
        let count = runs.clone().count().max(1) as f64;
        let mean = runs.clone().sum::<f64>() / count;
        let variance = runs.map(|run| (run - mean) * (run - mean)).sum::<f64>() / count;
        Spread { mean, deviation: variance.sqrt() }
    }
}

/// One figure of both.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pair {
    /// RocksDB's.
    pub theirs: Spread,
    /// Ours.
    pub ours: Spread,
}

impl Pair {
    /// By which share of theirs the mean of ours is larger.
    pub fn difference(&self) -> f64 {
        if self.ours.mean == self.theirs.mean { 0.0 } else { self.ours.mean / self.theirs.mean - 1.0 }
    }
}

/// One experiment, on RocksDB and on ours.
#[derive(Clone, Debug)]
pub struct ExperimentComparison {
    /// Which one.
    pub experiment: &'static Experiment,
    /// RocksDB's runs.
    pub theirs: Vec<ExperimentOutcome>,
    /// Ours, as many, of the same seeds.
    pub ours: Vec<ExperimentOutcome>,
}

/// How large a level is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// [`LARGE_MIB`] and more.
    Large,
    /// Less.
    Small,
    /// Less than [`TABLE_MIB`], on average.
    LessThanATable,
}

impl Size {
    /// Of this level.
    pub fn of(level: &Pair) -> Size {
        match level.theirs.mean {
            large if large >= LARGE_MIB => Size::Large,
            small if small >= TABLE_MIB => Size::Small,
            _ => Size::LessThanATable,
        }
    }
}

impl ExperimentComparison {
    /// `experiment`, of which `run` makes a run as RocksDB made it.
    ///
    /// # Errors
    /// One of `run`.
    pub fn of(
        experiment: &'static Experiment,
        run: impl FnMut(&MeasuredRun) -> Result<ExperimentOutcome>,
    ) -> Result<ExperimentComparison> {
        let theirs = measured::runs_of(experiment);
        let ours = theirs.iter().map(run).collect::<Result<_>>()?;
        Ok(ExperimentComparison { experiment, theirs: theirs.into_iter().map(|run| run.outcome).collect(), ours })
    }

    /// A figure of each run.
    pub fn pair(&self, figure: impl Fn(&ExperimentOutcome) -> f64) -> Pair {
        Pair { theirs: Spread::of(self.theirs.iter().map(&figure)), ours: Spread::of(self.ours.iter().map(&figure)) }
    }

    /// Write amplification.
    pub fn write(&self) -> Pair {
        self.pair(ExperimentOutcome::write_amplification)
    }

    /// Write amplification of the first run.
    pub fn write_of_first(&self) -> Pair {
        let first =
            |runs: &[ExperimentOutcome]| Spread::of(runs.iter().take(1).map(ExperimentOutcome::write_amplification));
        Pair { theirs: first(&self.theirs), ours: first(&self.ours) }
    }

    /// Space amplification, where keys were overwritten.
    pub fn space(&self) -> Option<Pair> {
        self.experiment.first_measured.space_amplification.map(|_| self.pair(ExperimentOutcome::space_amplification))
    }

    /// The size of a level in MiB, averaged over the last flushes of each run.
    pub fn level(&self, level: usize) -> Pair {
        self.pair(|outcome| outcome.levels[level].mean_bytes as f64 / MIB)
    }

    /// The size of a level in MiB at the very end of each run.
    pub fn level_at_the_end(&self, level: usize) -> Pair {
        self.pair(|outcome| outcome.levels[level].bytes as f64 / MIB)
    }

    /// The levels that are not always empty.
    pub fn levels(&self) -> impl Iterator<Item = usize> {
        let runs = || self.theirs.iter().chain(&self.ours);
        let count = runs().map(|outcome| outcome.levels.len()).max().unwrap_or(0);
        (0..count).filter(move |level| runs().any(|outcome| outcome.levels[*level].mean_bytes > 0))
    }

    /// Whether every run of ours is as RocksDB's, byte for byte: what was flushed and compacted, and every level's
    /// tables, entries and bytes, at the end and averaged.
    pub fn is_exact(&self) -> bool {
        let written =
            |outcome: &ExperimentOutcome| (outcome.counters.flush_bytes, outcome.counters.compaction_bytes_written);
        self.theirs.len() == self.ours.len()
            && self.theirs.iter().zip(&self.ours).all(|(a, b)| a.levels == b.levels && written(a) == written(b))
    }

    /// What is out of bounds, in words.
    pub fn out_of_bounds(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut check = |what: String, pair: Pair, bound: f64| {
            if (pair.ours.mean - pair.theirs.mean).abs() > bound {
                let (name, ours, theirs) = (self.experiment.name, pair.ours.mean, pair.theirs.mean);
                found.push(format!("{name}: {what} {ours:.3}, of RocksDB {theirs:.3}"));
            }
        };
        check("write amplification".into(), self.write(), BOUND * self.write().theirs.mean);
        self.space().into_iter().for_each(|pair| check("space amplification".into(), pair, BOUND * pair.theirs.mean));
        for level in self.levels() {
            let pair = self.level(level);
            let bound = match Size::of(&pair) {
                Size::Large => BOUND * pair.theirs.mean,
                Size::Small => SMALL_BOUND * pair.theirs.mean,
                Size::LessThanATable => SMALL_BOUND * TABLE_MIB,
            };
            check(format!("MiB of level {level}"), pair, bound);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accuracy::{EXPERIMENTS, measured};

    /// RocksDB's runs of the first experiment, and the same again, changed.
    fn changed(change: impl Fn(&mut ExperimentOutcome)) -> ExperimentComparison {
        let theirs: Vec<ExperimentOutcome> =
            measured::runs_of(&EXPERIMENTS[0]).into_iter().map(|run| run.outcome).collect();
        let mut ours = theirs.clone();
        ours.iter_mut().for_each(change);
        ExperimentComparison { experiment: &EXPERIMENTS[0], theirs, ours }
    }

    #[test]
    fn what_is_the_same_is_exact_and_a_byte_more_is_not() {
        assert!(changed(|_| ()).is_exact());
        assert!(!changed(|outcome| outcome.levels[6].bytes += 1).is_exact());
        assert!(!changed(|outcome| outcome.counters.compaction_bytes_written += 1).is_exact());
        let mut fewer = changed(|_| ());
        fewer.ours.pop();
        assert!(!fewer.is_exact());
    }

    #[test]
    fn what_is_too_far_away_is_named() {
        assert_eq!(changed(|_| ()).out_of_bounds(), [""; 0]);
        let write = changed(|outcome| outcome.counters.compaction_bytes_written *= 2);
        assert!(write.out_of_bounds()[0].contains("write amplification"), "{:?}", write.out_of_bounds());
        for (level, percent, found) in [(6, 102, 0), (6, 104, 1), (4, 109, 0), (4, 111, 1), (3, 100, 0)] {
            let larger = changed(|o| o.levels[level].mean_bytes = o.levels[level].mean_bytes * percent / 100);
            assert_eq!(larger.out_of_bounds().len(), found, "level {level} {percent} %");
        }
        for (level_2, found) in [(104_000, 0), (106_000, 1)] {
            let new_level = changed(|outcome| outcome.levels[2].mean_bytes = level_2);
            assert_eq!(new_level.out_of_bounds().len(), found, "a tenth of a table, where RocksDB has none");
        }
    }

    #[test]
    fn a_spread_is_mean_and_standard_deviation() {
        assert_eq!(Spread::of([1.0, 3.0].into_iter()), Spread { mean: 2.0, deviation: 1.0 });
        assert_eq!(Spread::of([].into_iter()), Spread::default());
    }
}

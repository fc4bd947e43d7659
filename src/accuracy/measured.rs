//! The measured runs of RocksDB 9.8.4 in the experiments.
//!
//! In: `measured.jsonl`, one run a line, which `measure.py` made: it drives RocksDB through its Python package, and can
//! be run again on any machine. Out: the same [`ExperimentOutcome`]s that ours have. Bytes are those of RocksDB's
//! files; bytes written come from its log, levels from the list of its live files.

use serde::Deserialize;

use super::{EXPERIMENTS, Experiment, ExperimentOutcome, LevelOutcome};
use crate::{metrics::Counters, version::TableId};

/// One run of an experiment on RocksDB.
#[derive(Clone, Debug)]
pub struct MeasuredRun {
    /// Which experiment.
    pub experiment: &'static Experiment,
    /// Which keys.
    pub seed: u64,
    /// The number of its first table: where options were changed by hand, a few numbers were gone by then.
    pub first_table: TableId,
    /// What it came to.
    pub outcome: ExperimentOutcome,
}

#[derive(Deserialize)]
struct Line {
    experiment: String,
    seed: u64,
    first_table: TableId,
    distinct_keys: u64,
    flushed: u64,
    compacted: u64,
    /// Level, tables, entries, bytes, average bytes; those that were empty all the time are left out.
    levels: Vec<(usize, u64, u64, u64, u64)>,
}

/// Every run, those of an experiment by seed.
pub fn runs() -> Vec<MeasuredRun> {
    let lines = include_str!("measured.jsonl").lines();
    lines.map(|line| run(serde_json::from_str(line).expect("a line is as measure.py made it"))).collect()
}

/// The runs of `experiment`.
pub fn runs_of(experiment: &Experiment) -> Vec<MeasuredRun> {
    runs().into_iter().filter(|run| run.experiment == experiment).collect()
}

fn run(line: Line) -> MeasuredRun {
    let experiment = EXPERIMENTS.iter().find(|e| e.name == line.experiment).expect("a line is of an experiment");
    let mut levels = vec![LevelOutcome::default(); experiment.options().levels()];
    for (level, tables, entries, bytes, mean_bytes) in line.levels {
        levels[level] = LevelOutcome { tables, bytes, entries, mean_bytes };
    }
    let (flush_bytes, compaction_bytes_written) = (line.flushed, line.compacted);
    let counters = Counters { flush_bytes, compaction_bytes_written, ..Counters::default() };
    let outcome = ExperimentOutcome { levels, counters, distinct_keys: line.distinct_keys };
    MeasuredRun { experiment, seed: line.seed, first_table: line.first_table, outcome }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accuracy::{PutOrder, comparison::MIB};

    #[test]
    fn every_experiment_was_run_and_none_twice_with_the_same_keys() {
        for experiment in EXPERIMENTS {
            let seeds: Vec<u64> = runs_of(experiment).iter().map(|run| run.seed).collect();
            assert_eq!(seeds, (1..=seeds.len() as u64).collect::<Vec<_>>(), "{}", experiment.name);
            assert!(!seeds.is_empty());
        }
    }

    /// The first measurement printed sizes in MiB with one digit, or rounded to one. Which keys it overwrote is not
    /// known.
    #[test]
    fn the_first_measurement_is_that_of_seed_1() {
        for run in runs().iter().filter(|run| run.seed == 1 && !matches!(run.experiment.keys, PutOrder::Overwrite(_))) {
            let (first, again) = (run.experiment.first_measured, &run.outcome);
            let name = run.experiment.name;
            assert!((again.write_amplification() - first.write_amplification).abs() < 0.0006, "{name}");
            for level in first.levels {
                let here = again.levels[level.level];
                assert!((here.bytes as f64 / MIB - level.mib).abs() < 0.6_f64.min(level.mib / 50.0), "{name}");
                assert!(level.tables.is_none_or(|tables| tables == here.tables), "{name}");
            }
        }
    }
}

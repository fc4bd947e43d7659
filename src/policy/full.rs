//! Full merge: every table into one, as the smallest stores do it.
//!
//! In: the tree. Out: one compaction that takes everything and leaves a single table on the last level. Due when level 0
//! has `level0_file_num_compaction_trigger` tables. Least space and one run to read, at the price of rewriting all data
//! each time: write amplification grows with the size of the database.
//!
//! ```text
//!   level 0   [ 3: a-k ][ 2: c-z ]                     [           ]
//!   last      [      1: a-y      ]         ->          [  4: a-z   ]
//! ```
//!
//! Asked for by hand, it merges whatever there is; one table alone is left as it is.

use super::{
    Action, Candidate, Compaction, Cuts, Formula, Inputs, LevelScore, Policy, Reason, Rule, Running, Term, Verdict,
    bottom::{Bottom, Due},
    overlap::Jobs,
};
use crate::{options::Options, version::Version};

/// Merge everything into one table.
#[derive(Clone, Copy, Debug)]
pub struct Full;

impl Policy for Full {
    fn pick(&self, version: &Version, options: &Options, running: &Running) -> Option<Compaction> {
        let scores = self.scores(version, options, running);
        let due = match scores[0].score >= 1.0 {
            true => merge(version, running, scores, Rule::FullMerge),
            false => None,
        };
        due.or_else(|| rewritten(version, options, running, |bottom| bottom.due(None)))
    }

    fn pick_manual(
        &self,
        version: &Version,
        options: &Options,
        running: &Running,
        level: Option<usize>,
    ) -> Option<Compaction> {
        let asked = level.is_none_or(|level| version.levels.get(level).is_some_and(|tables| !tables.is_empty()));
        if !asked || version.tables().count() < 2 {
            return rewritten(version, options, running, |bottom| bottom.asked_for(level));
        }
        merge(version, running, self.scores(version, options, running), Rule::Manual)
    }

    fn scores(&self, version: &Version, options: &Options, running: &Running) -> Vec<LevelScore> {
        let jobs = Jobs::new(version, running);
        let trigger = options.level0_file_num_compaction_trigger;
        let score = |level: usize| {
            let idle = || version.levels[level].iter().filter(|t| !jobs.is_busy(t));
            let tables = idle().count() as u64;
            let counts = level == 0 && tables > 0;
            LevelScore {
                level,
                score: if counts { tables as f64 / trigger as f64 } else { 0.0 },
                tables,
                bytes: idle().map(|t| t.bytes).sum(),
                entries: idle().map(|t| t.entries).sum(),
                target_bytes: None,
                by: if counts { "tables" } else { "none" },
                formula: match level {
                    0 => Formula::new(Term::Tables { tables, trigger }),
                    _ => "only level 0 calls for a full merge".into(),
                },
            }
        };
        (0..version.levels.len()).map(score).collect()
    }
}

/// The table, where it is, if it holds what may go.
fn rewritten(
    version: &Version,
    options: &Options,
    running: &Running,
    due: impl Fn(Bottom<'_>) -> Option<Due>,
) -> Option<Compaction> {
    let jobs = Jobs::new(version, running);
    let due = due(Bottom { tree: version.into(), options, running, jobs: &jobs })?;
    Some(due.compaction(|_| u64::MAX, Full.scores(version, options, running)))
}

/// Everything into one table; none while a job holds any of it.
fn merge(version: &Version, running: &Running, scores: Vec<LevelScore>, rule: Rule) -> Option<Compaction> {
    if !Jobs::new(version, running).is_idle() {
        return None;
    }
    let candidate = |table: u64| Candidate { table, overlap_bytes: 0, priority: 0.0, verdict: Verdict::Picked };
    let inputs: Vec<Inputs> = (0..version.levels.len())
        .map(|level| Inputs { level, tables: version.levels[level].iter().map(|t| t.id).collect() })
        .filter(|inputs| !inputs.tables.is_empty())
        .collect();
    let candidates = inputs.first()?.tables.iter().map(|t| candidate(*t)).collect();
    Some(Compaction {
        action: Action::Merge,
        inputs,
        output_level: version.levels.len() - 1,
        target_file_size: u64::MAX,
        cuts: Cuts::default(),
        cursor: None,
        reason: Reason {
            scores,
            candidates,
            ..Reason::of(rule, if rule == Rule::Manual { "compact" } else { "level0_file_num_compaction_trigger" })
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::testing::tree;

    fn four() -> Version {
        tree(&[(0, 1, "a", "m", 10), (0, 2, "b", "z", 10), (0, 3, "a", "z", 10), (0, 4, "c", "d", 10)])
    }

    #[test]
    fn nothing_is_merged_twice_at_once() {
        let version = four();
        let options = Options::default();
        let first = Full.pick(&version, &options, &Running::default()).expect("four tables");
        let running = Running { compactions: vec![first], ..Running::default() };
        assert_eq!(Full.pick(&version, &options, &running), None);
        assert_eq!(Full.pick_manual(&version, &options, &running, None), None);
    }

    #[test]
    fn one_table_and_an_empty_level_are_left_alone() {
        let manual = |v: &Version, level| Full.pick_manual(v, &Options::default(), &Running::default(), level);
        assert_eq!(manual(&tree(&[(0, 1, "a", "m", 10)]), None), None);
        assert_eq!(manual(&four(), Some(2)), None);
        assert_eq!(manual(&four(), Some(99)), None);
        assert!(manual(&four(), Some(0)).is_some());
    }
}

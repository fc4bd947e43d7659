//! Full merge: every table into one, as in the smallest stores.
//!
//! In: the tree. Out: one compaction that takes everything and leaves a single table on the last level. Due when level
//! 0 has `level0_file_num_compaction_trigger` tables. Least space and one run to read, at the price of rewriting all
//! data each time: write amplification grows with the size of the database.
//!
//! ```text
//!   level 0   [ 3: a-k ][ 2: c-z ]                     [           ]
//!   last      [      1: a-y      ]         ->          [  4: a-z   ]
//! ```
//!
//! A manual compaction merges everything; a single table is left as it is.

use super::{
    About, Action, By, Candidate, Compaction, Cuts, Explanation, Inputs, LevelScore, Levels, NextCompaction, Policy,
    Reason, Rule, Running, Term, Verdict, about,
    bottom::{Bottom, Due},
    overlap::Jobs,
    runs,
};
use crate::{options::Options, words::to_say};

/// Merge everything into one table.
#[derive(Clone, Copy, Debug)]
pub struct Full;

impl Policy for Full {
    fn pick(&self, tree: &dyn Levels, options: &Options, running: &Running, _: Explanation) -> Option<Compaction> {
        let scores = self.scores(tree, options, running);
        let due = match scores[0].score >= 1.0 {
            true => merge(tree, running, scores, Rule::FullMerge),
            false => None,
        };
        due.or_else(|| rewritten(tree, options, running, |bottom| bottom.due()))
    }

    fn pick_manual(
        &self,
        tree: &dyn Levels,
        options: &Options,
        running: &Running,
        level: Option<usize>,
    ) -> Option<Compaction> {
        let asked = level.is_none_or(|level| level < tree.count() && tree.len(level) > 0);
        let tables = (0..tree.count()).map(|level| tree.len(level)).sum::<usize>();
        if !asked || tables < 2 {
            return rewritten(tree, options, running, |bottom| bottom.asked_for(level));
        }
        merge(tree, running, self.scores(tree, options, running), Rule::Manual)
    }

    fn scores(&self, tree: &dyn Levels, options: &Options, running: &Running) -> Vec<LevelScore> {
        let jobs = Jobs::new(running);
        let trigger = options.level0_file_num_compaction_trigger;
        let tables = tree.level_0().iter().filter(|t| !jobs.is_busy(t)).count() as u64;
        let by = if tables == 0 { By::None } else { By::Tables };
        let first = (tables as f64 / trigger as f64, by, Term::Tables { tables, trigger });
        runs::scores(tree, &jobs, first, to_say!("only level 0 calls for a full merge"))
    }

    fn about(&self) -> About {
        About {
            purpose: to_say!("everything is merged into one table"),
            next: NextCompaction {
                waits: to_say!("All tables are merged into one when level 0 has {limit}; now {held}."),
                ..NextCompaction::DUE
            },
            level_1: to_say!("Everything is merged into one table, on the last level."),
            rules: &[Rule::FullMerge],
            unused: &[
                about::LEVEL_SIZES,
                about::MULTIPLIER,
                about::COMPACTION_PRI,
                about::TABLE_SIZE,
                about::TABLE_SIZES,
                about::COMPACTION_BYTES,
                about::TTL,
                about::DELETION_RATIO,
                about::HARD_PENDING,
                about::SOFT_PENDING,
                about::SUBCOMPACTIONS,
            ],
            ..About::NOTHING
        }
    }

    fn why_not_expected(&self) -> Option<&'static str> {
        Some(to_say!(
            "With compaction_style=full everything is merged each time, which costs more the larger the database is: \
             the formulas of levels and tiers do not apply."
        ))
    }
}

/// The table, where it is, if it holds what may go.
fn rewritten(
    tree: &dyn Levels,
    options: &Options,
    running: &Running,
    due: impl Fn(Bottom<'_>) -> Option<Due>,
) -> Option<Compaction> {
    let due = due(Bottom::new(tree, options, running))?;
    Some(due.compaction(|_| u64::MAX, Full.scores(tree, options, running)))
}

/// Everything into one table; none while a job holds any of it.
fn merge(tree: &dyn Levels, running: &Running, scores: Vec<LevelScore>, rule: Rule) -> Option<Compaction> {
    if !Jobs::new(running).is_idle() {
        return None;
    }
    let candidate = |table: u64| Candidate { table, overlap_bytes: 0, priority: 0.0, verdict: Verdict::Picked };
    let inputs: Vec<Inputs> = (0..tree.count())
        .map(|level| Inputs::listed(level, tree.version().levels[level].iter().map(|t| t.id).collect()))
        .filter(|inputs| !inputs.is_empty())
        .collect();
    let candidates = inputs.first()?.ids().iter().map(|t| candidate(*t)).collect();
    Some(Compaction {
        action: Action::Merge,
        inputs,
        output_level: tree.count() - 1,
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
    use crate::{policy::testing::tree, version::Version};

    fn four() -> Version {
        tree(&[(0, 1, "a", "m", 10), (0, 2, "b", "z", 10), (0, 3, "a", "z", 10), (0, 4, "c", "d", 10)])
    }

    #[test]
    fn nothing_is_merged_twice_at_once() {
        let version = four();
        let options = Options::default();
        let first = Full.pick(&version, &options, &Running::default(), Explanation::Full).expect("four tables");
        let mut running = Running::default();
        running.start(first, &version);
        assert_eq!(Full.pick(&version, &options, &running, Explanation::Full), None);
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

//! Lazy leveling: tiers of sorted runs above, one sorted run at the bottom.
//!
//! In: the tree, the options, the running jobs. Out: the next [`Compaction`], with every tier considered. The rule is
//! that of Dostoevsky (Dayan and Idreos, SIGMOD 2018): the largest level holds most of the data, and costs most of the
//! space and of the reads, so only there it pays to keep everything merged. Above it, runs may lie side by side,
//! because merging them at once costs most of the writing. With `T` = `max_bytes_for_level_multiplier`, rounded down:
//!
//! 1. **Tiers.** From the newest run on, a run belongs to the tier of the newer ones, unless it is √T times as large as
//!    the largest of them: then it begins the next tier.
//! 2. **Which tier.** The first with T runs. They are merged into one run of the next tier, which stays on level 0.
//! 3. **The bottom.** If it is the oldest tier, and T times its bytes reach those of the last level, they are merged
//!    into the last level. So the last level is at most about T times as large as what is merged into it.
//!
//! ```text
//!   level 0   [ 9: 100 ] [ 8: 100 ] [ 7: 100 ]      tier 0, full at T = 3: merged into a run of about 300,
//!             [ 6: 300 ] [ 5: 310 ]                 which fills tier 1: 910 × 3 reach the last level's 2500,
//!   level 6   [ 1: 2500                    ]        so it is merged into that
//! ```

use std::ops::Range;

use super::{
    About, Compaction, CountedRuns, Explanation, LevelScore, Levels, Limit, NextCompaction, Policy, Reason, Rule,
    Running, Verdict, WeighedRule, WeighedRun,
    about::{self, Unused},
    expected::{self, Expected},
    overlap::Jobs,
    runs::{self, Run},
};
use crate::{
    options::Options,
    plural::counted,
    version::Version,
    words::{say, to_say},
};

/// Lazy leveling.
#[derive(Clone, Copy, Debug)]
pub struct LazyLeveling;

impl Policy for LazyLeveling {
    fn pick(&self, tree: &dyn Levels, options: &Options, running: &Running, _: Explanation) -> Option<Compaction> {
        let due = Picker::new(tree, options, running).pick();
        due.or_else(|| runs::bottommost(tree, options, running, self))
    }

    fn pick_manual(
        &self,
        tree: &dyn Levels,
        options: &Options,
        running: &Running,
        level: Option<usize>,
    ) -> Option<Compaction> {
        runs::pick_manual(tree, options, running, level, tree.count() - 1, self)
    }

    fn scores(&self, tree: &dyn Levels, options: &Options, running: &Running) -> Vec<LevelScore> {
        Picker::new(tree, options, running).scores()
    }

    fn about(&self) -> About {
        About {
            purpose: to_say!("tiers of runs, but one run at the bottom, where most of the data is"),
            next: NextCompaction {
                waits: to_say!("A tier is merged when it has {limit}; now {held}."),
                ..NextCompaction::DUE
            },
            level_1: to_say!("Tiers lie on level 0, and below them one run on the last level."),
            rules: &[Rule::Tier, Rule::LastLevel],
            unused: UNUSED,
            leaves_runs_on_level_0: true,
            ..About::NOTHING
        }
    }

    /// As many runs as fill a tier.
    fn level_0_due(&self, options: &Options) -> Option<(u64, &'static str)> {
        Some((options.max_bytes_for_level_multiplier as u64, "max_bytes_for_level_multiplier"))
    }

    fn expected(&self, version: &Version, options: &Options) -> Vec<Expected> {
        expected::lazy_leveling(version, options)
    }

    fn why_not_expected(&self) -> Option<&'static str> {
        Some(expected::ONLY_OF_LITERATURE)
    }
}

const UNUSED: &[Unused] = &[
    about::LEVEL_SIZES,
    about::COMPACTION_PRI,
    about::COMPACTION_BYTES,
    Unused::partly(
        &["level0_file_num_compaction_trigger"],
        to_say!(
            "lazy_leveling compaction goes by max_bytes_for_level_multiplier; \
             it only says when compactions get all their slots"
        ),
    ),
    about::TTL,
    about::DELETION_RATIO,
    about::HARD_PENDING,
    about::SOFT_PENDING,
];

/// The circumstances of one decision.
struct Picker<'a> {
    tree: &'a dyn Levels,
    options: &'a Options,
    jobs: Jobs<'a>,
    runs: Vec<Run<'a>>,
    /// The runs of each tier, from the newest on. What lies deeper than level 0 is in none.
    tiers: Vec<Range<usize>>,
}

impl<'a> Picker<'a> {
    fn new(tree: &'a dyn Levels, options: &'a Options, running: &'a Running) -> Picker<'a> {
        let jobs = Jobs::new(running);
        let runs = runs::runs(tree, &jobs);
        let tiers = tiers(&runs, ratio(options));
        Picker { tree, options, jobs, runs, tiers }
    }

    fn scores(&self) -> Vec<LevelScore> {
        let ratio = ratio(self.options);
        let idle = |tier: &Range<usize>| self.runs[tier.clone()].iter().filter(|run| !run.busy).count();
        let fullest = self.tiers.iter().map(idle).max().unwrap_or(0);
        let limit = Limit::of_runs(ratio as u64, "limit", "max_bytes_for_level_multiplier");
        let first = runs::by_count(fullest, CountedRuns::OfTier, limit);
        runs::scores(self.tree, &self.jobs, first, to_say!("merged into when the oldest tier is full and large enough"))
    }

    fn pick(&self) -> Option<Compaction> {
        let ratio = ratio(self.options);
        let is_due =
            |tier: &&Range<usize>| tier.len() >= ratio && self.runs[(*tier).clone()].iter().all(|run| !run.busy);
        let tier = self.tiers.iter().find(is_due)?;
        let mut rules: Vec<WeighedRule> = self.tiers.iter().map(|tier| self.weigh_tier(tier, ratio)).collect();
        let to_last = self.weigh_last_level(tier, ratio);
        let goes_down = to_last.fired;
        rules.push(to_last);
        let (span, output_level) = match goes_down {
            true => (tier.start..self.runs.len(), self.tree.count() - 1),
            false => (tier.clone(), 0),
        };
        let rule = if goes_down { Rule::LastLevel } else { Rule::Tier };
        let reason = Reason {
            scores: self.scores(),
            rules,
            runs: self.verdicts(&span),
            ..Reason::of(rule, "max_bytes_for_level_multiplier")
        };
        runs::merge(self.options, &self.jobs, &self.runs[span], output_level, reason)
    }

    fn bytes(&self, span: Range<usize>) -> u64 {
        self.runs[span].iter().map(|run| run.bytes).sum()
    }

    fn weigh_tier(&self, tier: &Range<usize>, ratio: usize) -> WeighedRule {
        let largest = self.runs[tier.clone()].iter().map(|run| run.bytes).max().unwrap_or(0);
        WeighedRule {
            rule: Rule::Tier,
            option: "max_bytes_for_level_multiplier",
            fired: tier.len() >= ratio,
            formula: say!(
                "{runs} of up to {largest} bytes / limit {ratio}",
                runs = counted(tier.len(), "run"),
                largest,
                ratio
            ),
        }
    }

    fn weigh_last_level(&self, tier: &Range<usize>, ratio: usize) -> WeighedRule {
        let oldest = self.tiers.last() == Some(tier);
        let (tier, deeper) = (self.bytes(tier.clone()), self.bytes(self.of_level_0()..self.runs.len()));
        let reaches = u128::from(tier) * ratio as u128 >= u128::from(deeper);
        let formula = match (oldest, reaches) {
            (false, _) => say!("there are older runs on level 0"),
            (true, true) => say!("{tier} bytes × {ratio} reach the last level's {deeper}", tier, ratio, deeper),
            (true, false) => {
                say!("{tier} bytes × {ratio} are less than the last level's {deeper}", tier, ratio, deeper)
            }
        };
        WeighedRule {
            rule: Rule::LastLevel,
            option: "max_bytes_for_level_multiplier",
            fired: oldest && reaches,
            formula,
        }
    }

    fn of_level_0(&self) -> usize {
        self.tiers.last().map_or(0, |tier| tier.end)
    }

    fn verdicts(&self, span: &Range<usize>) -> Vec<WeighedRun> {
        let verdict = |at: usize| match () {
            () if span.contains(&at) => Verdict::Picked,
            () if self.runs[at].busy => Verdict::Busy,
            () if at < span.start => Verdict::TooFew,
            () => Verdict::Older,
        };
        self.runs.iter().enumerate().map(|(at, run)| runs::weighed(run, verdict(at))).collect()
    }
}

/// T: how many runs fill a tier, and how many times larger the next one's are.
fn ratio(options: &Options) -> usize {
    (options.max_bytes_for_level_multiplier as usize).max(2)
}

/// The runs of level 0 in tiers.
fn tiers(runs: &[Run<'_>], ratio: usize) -> Vec<Range<usize>> {
    let mut tiers: Vec<Range<usize>> = Vec::new();
    let mut largest = 0u64;
    for (at, run) in runs.iter().enumerate().take_while(|(_, run)| run.level == 0) {
        // bytes ≥ √T × largest, in whole numbers.
        let larger = u128::from(run.bytes).pow(2) >= u128::from(largest).pow(2) * ratio as u128;
        match tiers.last_mut().filter(|_| !larger) {
            Some(tier) => tier.end = at + 1,
            None => tiers.push(at..at + 1),
        }
        largest = if larger { run.bytes } else { largest.max(run.bytes) };
    }
    tiers
}

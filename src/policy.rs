//! Compaction picking: which tables to compact next, and why.
//!
//! In: a [tree](Levels), the [`Options`], the [`Running`] compactions. Out: a [`Compaction`], a value that says which
//! tables go where, with a [`Reason`] that explains it. Errors: none; a policy never touches storage, so the engine and
//! the simulator take the same decisions.
//!
//! `engine/job` executes a decision. A compaction style is one file that implements [`Policy`], its texts included
//! ([`Policy::about`]); `docs/add-a-policy.md` walks through adding one.

use std::fmt;

use crate::{
    options::{Choice, CompactionStyle, Description, Options},
    version::Version,
    words::said,
};
use expected::Expected;

mod about;
mod bottom;
mod card;
mod compaction;
mod cut_reason;
mod cuts;
pub mod estimate;
pub mod expected;
mod fifo;
mod formula;
mod full;
mod lazy_leveling;
mod leveled;
mod levels;
mod overlap;
mod reason;
mod rules;
mod running;
mod runs;
mod score;
mod size_tiered;
mod targets;
#[cfg(test)]
pub(crate) mod testing;
mod universal;
mod write_limits;

pub use about::{About, NextCompaction, Unused};
pub use card::PolicyCard;
pub use compaction::{Action, Compaction, Inputs, Selection};
pub use cut_reason::CutReason;
pub use cuts::{Boundaries, Cuts, Cutter, Grandparents};
pub use fifo::Fifo;
pub use formula::{Amount, CountedRuns, Formula, FormulaTold, Held, Limit, Term};
pub use full::Full;
pub use lazy_leveling::LazyLeveling;
pub use leveled::Leveled;
pub use levels::{LeastOverlap, Levels};
pub(crate) use overlap::overlap_ratio;
#[cfg(test)]
pub(crate) use overlap::ranked_overlap;
pub use overlap::{KeyRange, TableList};
pub use reason::{Candidate, LevelScore, Reason, WeighedRule, WeighedRun};
pub use rules::{By, Rule, Verdict};
pub use running::{Horizon, Running, RunningCompaction};
pub use size_tiered::SizeTiered;
pub use targets::{Targets, targets};
pub use universal::Universal;
pub use write_limits::Raised;

/// A compaction style: picks compactions, scores levels, describes itself.
pub trait Policy: fmt::Debug {
    /// The next compaction that is due on `tree`, if any, while the compactions of `running` run.
    fn pick(&self, tree: &dyn Levels, options: &Options, running: &Running, detail: Explanation) -> Option<Compaction>;

    /// The compaction that a user asked for: of `level`, or of the whole tree with `None`. Returns `None` if there is
    /// nothing to do; on the last level, if none of its entries can be dropped.
    fn pick_manual(
        &self,
        tree: &dyn Levels,
        options: &Options,
        running: &Running,
        level: Option<usize>,
    ) -> Option<Compaction>;

    /// Every level's score, whether or not it is due; the page shows them beside the levels.
    fn scores(&self, tree: &dyn Levels, options: &Options, running: &Running) -> Vec<LevelScore>;

    /// The texts with which the style describes itself.
    fn about(&self) -> About {
        About::NOTHING
    }

    /// The least number of level-0 tables that is due, and the option that sets it: writes are not slowed down below
    /// it. `None` if writes never wait for level 0.
    fn level_0_due(&self, options: &Options) -> Option<(u64, &'static str)> {
        Some((options.level0_file_num_compaction_trigger, "level0_file_num_compaction_trigger"))
    }

    /// The number that the stall limits of level 0 are compared with.
    fn counted_for_stalls(&self, tree: &dyn Levels) -> usize {
        tree.level_0().len()
    }

    /// The bytes that compactions have to write until nothing is due; 0 if the style does not estimate it.
    fn pending_bytes(&self, _tree: &dyn Levels, _options: &Options) -> u64 {
        0
    }

    /// The moves of whole levels when `version` is opened, the lowest level first.
    fn moves_at_open(&self, _version: &Version, _options: &Options) -> Vec<Compaction> {
        Vec::new()
    }

    /// Whether `compaction`, whose output level is not 0, may be split into parallel subcompactions.
    fn may_split(&self, _compaction: &Compaction, _options: &Options) -> bool {
        true
    }

    /// Whether a merge takes some tables of a level and those of the next that they overlap, instead of whole runs.
    fn takes_parts_of_levels(&self) -> bool {
        false
    }

    /// The amplifications that this style's formulas expect of `version`, which is not empty.
    fn expected(&self, _version: &Version, _options: &Options) -> Vec<Expected> {
        Vec::new()
    }

    /// Why formulas are missing from [`expected`](Policy::expected), if any are: a sentence that [`said`] says.
    fn why_not_expected(&self) -> Option<&'static str> {
        None
    }
}

/// How much of its reasoning a pick reports. The decision is the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Explanation {
    /// Everything that was considered, and the input tables by their numbers.
    Full,
    /// Only the rule; input tables may be given by their places in the level. For a caller that shows no reasons and
    /// picks very often.
    RuleOnly,
}

/// The policy that `options` name.
pub fn policy_for(options: &Options) -> &'static dyn Policy {
    policy_of(options.compaction_style)
}

/// Every style with its policy, in the order in which the page offers them.
pub fn styles() -> impl Iterator<Item = (CompactionStyle, &'static dyn Policy)> {
    CompactionStyle::NAMES.iter().map(|(_, style)| (*style, policy_of(*style)))
}

/// Every option's description; that of `compaction_style` says what each style is good for.
pub fn describe_options() -> Vec<Description> {
    let mut options = Options::describe();
    let style = options.iter_mut().find(|option| option.name == "compaction_style").expect("it is an option");
    for (name, of) in CompactionStyle::NAMES {
        style.about.to_mut().push_str(&format!(" {name}: {}.", said(policy_of(*of).about().purpose, &[])));
    }
    options
}

/// The one table of styles.
fn policy_of(style: CompactionStyle) -> &'static dyn Policy {
    match style {
        CompactionStyle::Leveled => &Leveled,
        CompactionStyle::Full => &Full,
        CompactionStyle::Universal => &Universal,
        CompactionStyle::SizeTiered => &SizeTiered,
        CompactionStyle::LazyLeveling => &LazyLeveling,
        CompactionStyle::Fifo => &Fifo,
    }
}

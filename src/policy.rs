//! Decisions as values: which tables to compact next, and why.
//!
//! A [`Policy`] looks at a [tree](Levels) and returns a [`Compaction`]: a value that says what to do, which one place
//! executes (`engine/job`), and that explains itself ([`Reason`]). A policy never touches storage, so the
//! engine and the simulator run the same decisions. A style says everything of itself in its own
//! file ([`Policy::about`] and the methods after it); `docs/add-a-policy.md` walks through adding one.

use std::fmt;

use crate::{
    options::{Choice, CompactionStyle, Description, Options},
    version::Version,
};
use expected::Expected;

mod about;
mod bottom;
mod compaction;
mod cuts;
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

pub use about::{About, Unused};
pub use compaction::{Action, Compaction, Inputs, Selection};
pub use cuts::{Boundaries, Cuts, Cutter, Grandparents};
pub use fifo::Fifo;
pub use formula::{Amount, Formula, FormulaTold, Held, Limit, Term};
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

/// Picks compactions.
pub trait Policy: fmt::Debug {
    /// The next compaction that is due on `tree`, if any, while those of `running` are running.
    fn pick(&self, tree: &dyn Levels, options: &Options, running: &Running, detail: Explanation) -> Option<Compaction>;

    /// The compaction that a person asked for: of `level`, or of everything with `None`. `None` if there is nothing to
    /// do there: on the last level, if nothing that lies there may go.
    fn pick_manual(
        &self,
        tree: &dyn Levels,
        options: &Options,
        running: &Running,
        level: Option<usize>,
    ) -> Option<Compaction>;

    /// Every level's score, whether or not anything is due: what the page shows beside the levels.
    fn scores(&self, tree: &dyn Levels, options: &Options, running: &Running) -> Vec<LevelScore>;

    /// What it says of itself.
    fn about(&self) -> About {
        About::NOTHING
    }

    /// The fewest tables of level 0 that can be due, and the option that says so: writes are not slowed down below it.
    /// `None` if writes never wait for level 0.
    fn level_0_due(&self, options: &Options) -> Option<(u64, &'static str)> {
        Some((options.level0_file_num_compaction_trigger, "level0_file_num_compaction_trigger"))
    }

    /// How many there are of what the limits of level 0 count.
    fn counted_for_stalls(&self, tree: &dyn Levels) -> usize {
        tree.level_0().len()
    }

    /// The bytes that compactions will have to write until nothing is due; 0 if that is not known.
    fn pending_bytes(&self, _tree: &dyn Levels, _options: &Options) -> u64 {
        0
    }

    /// The levels of `version` that move down when it is opened, the lowest first.
    fn moves_at_open(&self, _version: &Version, _options: &Options) -> Vec<Compaction> {
        Vec::new()
    }

    /// Whether `compaction`, which does not write to level 0, may be built in parts beside each other.
    fn may_split(&self, _compaction: &Compaction, _options: &Options) -> bool {
        true
    }

    /// What `version` should amplify, by formulas of this style. The tree is not empty.
    fn expected(&self, _version: &Version, _options: &Options) -> Vec<Expected> {
        Vec::new()
    }

    /// Why formulas are missing from [`expected`](Policy::expected), if some are.
    fn why_not_expected(&self) -> Option<&'static str> {
        None
    }
}

/// How much a picked compaction says of itself. The decision is the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Explanation {
    /// Everything that was weighed, and the input tables by their numbers.
    Full,
    /// The rule, without what was weighed; input tables may be told by their places. It is for a caller that shows no
    /// reasons, and picks all the time.
    RuleOnly,
}

/// The policy that `options` asks for.
pub fn policy_for(options: &Options) -> &'static dyn Policy {
    policy_of(options.compaction_style)
}

/// Every style that there is, with its policy, in the order in which they are offered.
pub fn styles() -> impl Iterator<Item = (CompactionStyle, &'static dyn Policy)> {
    CompactionStyle::NAMES.iter().map(|(_, style)| (*style, policy_of(*style)))
}

/// Every option described, with what each compaction style is for.
pub fn describe_options() -> Vec<Description> {
    let mut options = Options::describe();
    let style = options.iter_mut().find(|option| option.name == "compaction_style").expect("it is an option");
    for (name, of) in CompactionStyle::NAMES {
        style.about.to_mut().push_str(&format!(" {name}: {}.", policy_of(*of).about().purpose));
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

//! Decisions as values: which tables to compact next, and why.
//!
//! A [`Policy`] looks at a [tree](Levels) and returns a [`Compaction`]: a value that says what to do, which one place
//! executes (`engine/job`), and that explains itself ([`Reason`]). A policy never touches storage, so the
//! engine and the simulator run the same decisions. To add one: write a file beside `policy/leveled.rs`, and add a line
//! to [`policy_for`].

use std::fmt;

use crate::options::{CompactionStyle, Options};

mod bottom;
mod compaction;
mod cuts;
mod fifo;
mod formula;
mod full;
mod lazy_leveling;
mod leveled;
mod levels;
mod overlap;
mod pending;
mod reason;
mod running;
mod runs;
mod score;
mod size_tiered;
mod targets;
#[cfg(test)]
pub(crate) mod testing;
mod universal;
mod words;

pub use compaction::{Action, Compaction, Inputs, Selection};
pub use cuts::{Boundaries, Cuts, Cutter, Grandparents};
pub use fifo::Fifo;
pub use formula::{Formula, Term};
pub use full::Full;
pub use lazy_leveling::LazyLeveling;
pub use leveled::{Leveled, moves_at_open};
pub use levels::{LeastOverlap, Levels};
pub(crate) use overlap::overlap_ratio;
#[cfg(test)]
pub(crate) use overlap::ranked_overlap;
pub use overlap::{KeyRange, TableList};
pub(crate) use pending::float;
pub use pending::pending_compaction_bytes;
pub use reason::{Candidate, LevelScore, Reason, WeighedRule, WeighedRun};
pub use running::{Horizon, Running, RunningCompaction};
pub use size_tiered::SizeTiered;
pub use targets::{Targets, targets};
pub use universal::Universal;
pub use words::{Rule, Verdict};

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
    match options.compaction_style {
        CompactionStyle::Leveled => &Leveled,
        CompactionStyle::Full => &Full,
        CompactionStyle::Universal => &Universal,
        CompactionStyle::SizeTiered => &SizeTiered,
        CompactionStyle::LazyLeveling => &LazyLeveling,
        CompactionStyle::Fifo => &Fifo,
    }
}

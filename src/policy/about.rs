//! What a policy says of itself, for help, the page, the notes on options and the tests: texts, and a few properties.
//! The texts are constants ([`to_say`]), said in the reader's language where they are shown.
//!
//! In: nothing; each style writes an [`About`] in its own file. Out: what the style is for, the rules that it decides
//! by, and the options that it has no use for. [`crate::effect`] makes sentences of the latter.

use super::{Amount, By, LevelScore, Rule};
use crate::{
    options::{JobMode, Options},
    words::{said, say, to_say},
};

/// What a policy says of itself.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// What it does, and what is gained and lost by it; without a full stop.
    pub purpose: &'static str,
    /// What is said of its next compaction.
    pub next: NextCompaction,
    /// The same while the score of level 0 counts tables, of a style that then does something else.
    pub next_by_tables: Option<NextCompaction>,
    /// What level 1 is for, said while it is empty.
    pub level_1: &'static str,
    /// The rules that its decisions name, but for those that every style may name ([`Rule::OF_ALL_STYLES`]).
    pub rules: &'static [Rule],
    /// The options that no other style reads.
    pub own_options: &'static [&'static str],
    /// The options of others that change nothing with it, or less than their names say.
    pub unused: &'static [Unused],
    /// Whether tables stay on level 0 that it has no reason to merge: a low limit of level 0 then stops writes for
    /// ever.
    pub leaves_runs_on_level_0: bool,
    /// The option whose number of bytes all tables may have before it drops some unread, and what they hold with them,
    /// snapshots or not. `None` if it never does.
    pub drops_unread_above: Option<&'static str>,
    /// Whether it considers when level 0 would stop writes.
    pub looks_at_stops: bool,
}

/// What a policy says of its next compaction.
#[derive(Clone, Copy, Debug)]
pub struct NextCompaction {
    /// What it waits for, in a sentence. `{limit}` stands for where level 0 is due and what that counts, `{held}` for
    /// the current count.
    pub waits: &'static str,
    /// The same once a level's score is at least 1. `{level}` stands for the level, `{formula}` for its score's
    /// formula.
    pub due: &'static str,
    /// Whether a score of 1 means that the level is compacted next, and not only that it is considered.
    pub score_is_due: bool,
}

impl NextCompaction {
    /// Of a level that is due at a score of 1.
    pub const DUE: NextCompaction =
        NextCompaction { waits: "", due: to_say!("Level {level} is due: {formula}."), score_is_due: true };
}

impl About {
    /// Of a policy that says nothing of itself.
    pub const NOTHING: About = About {
        purpose: "",
        next: NextCompaction::DUE,
        next_by_tables: None,
        level_1: "",
        rules: &[],
        own_options: &[],
        unused: &[],
        leaves_runs_on_level_0: false,
        drops_unread_above: None,
        looks_at_stops: false,
    };
}

impl About {
    /// Whether it drops tables unread.
    pub fn drops_unread(&self) -> bool {
        self.drops_unread_above.is_some()
    }

    /// What is said of the next compaction, when the levels have these scores.
    pub fn next_of(&self, scores: &[LevelScore]) -> NextCompaction {
        let limit = scores.first().and_then(|score| score.formula.limit());
        let by_tables = self.next_by_tables.filter(|_| limit.is_some_and(|limit| limit.of == By::Tables));
        by_tables.unwrap_or(self.next)
    }

    /// What the next compaction waits for, when the levels have these scores: a sentence or two. Empty if the policy
    /// says nothing of it.
    pub fn waits_for(&self, scores: &[LevelScore], options: &Options) -> String {
        if options.disable_auto_compactions {
            return say!("Compactions run only when asked for.");
        }
        let next = self.next_of(scores);
        if let Some(due) = scores.iter().find(|score| score.score >= 1.0) {
            let told = said(next.due, &[("level", &due.level), ("formula", &format!("{:#}", due.formula))]);
            let waits = next.score_is_due && options.job_mode == JobMode::Manual;
            return if waits { format!("{told} {}", say!("Jobs wait until asked for.")) } else { told };
        }
        let Some(formula) = scores.first().map(|score| &score.formula) else { return String::new() };
        let Some((held, limit)) = formula.held().zip(formula.limit()) else { return String::new() };
        let soft = formula.soft.map_or(limit.value, |percent| (limit.value * percent as f64 / 100.0).ceil());
        let due = Amount { value: soft, ..limit.amount() };
        said(next.waits, &[("limit", &due), ("held", &held.number())])
    }
}

/// Options that lose their effect for one reason.
#[derive(Clone, Copy, Debug)]
pub struct Unused {
    /// The options.
    pub options: &'static [&'static str],
    /// Whether they change nothing at all.
    pub is_all: bool,
    /// Beside which others they do.
    pub applies: fn(&Options) -> bool,
    /// Why; without a full stop. `{style}` stands for the compaction style.
    pub reason: &'static str,
}

impl Unused {
    /// Options that change nothing at all, beside whatever others.
    pub(super) const fn always(options: &'static [&'static str], reason: &'static str) -> Unused {
        Unused { options, is_all: true, applies: |_| true, reason }
    }

    /// Options that change less than their names say, beside whatever others.
    pub(super) const fn partly(options: &'static [&'static str], reason: &'static str) -> Unused {
        Unused { is_all: false, ..Unused::always(options, reason) }
    }

    /// The same, only beside some others.
    pub(super) const fn when(self, applies: fn(&Options) -> bool) -> Unused {
        Unused { applies, ..self }
    }
}

// What several styles say.

const NO_TARGET_SIZES: &str = to_say!("{style} compaction gives levels no target sizes");
const ONE_TABLE: &str = to_say!("{style} compaction writes one table, whatever its size");

/// For a style without targets of levels.
pub(super) const LEVEL_SIZES: Unused = Unused::always(
    &[
        "max_bytes_for_level_base",
        "max_bytes_for_level_multiplier_additional",
        "max_entries_for_level_base",
        "max_bytes_for_level_0",
        "compaction_soft_limit_percent",
        "level_compaction_dynamic_level_bytes",
    ],
    NO_TARGET_SIZES,
);

/// For a style without a ratio of levels.
pub(super) const MULTIPLIER: Unused = Unused::always(&["max_bytes_for_level_multiplier"], NO_TARGET_SIZES);

/// For a style that takes whole runs.
pub(super) const COMPACTION_PRI: Unused =
    Unused::always(&["compaction_pri"], to_say!("{style} compaction does not choose between the tables of a level"));

/// For a style that never cuts a merge.
pub(super) const TABLE_SIZE: Unused = Unused::always(&["target_file_size_base"], ONE_TABLE);

/// For the same.
pub(super) const TABLE_SIZES: Unused =
    Unused::always(&["target_file_size_multiplier", "one_table_per_level"], ONE_TABLE);

/// For the same.
pub(super) const SUBCOMPACTIONS: Unused = Unused::always(
    &["max_subcompactions"],
    to_say!("{style} compaction writes one table, which is not built in parts"),
);

/// For a style that compacts sorted runs.
pub(super) const COMPACTION_BYTES: Unused = Unused::always(
    &["max_compaction_bytes"],
    to_say!("{style} compaction goes by the number of runs and their sizes, not by the bytes of a merge"),
);

/// For a style that looks at sizes only.
pub(super) const TTL: Unused =
    Unused::always(&["ttl"], to_say!("{style} compaction does not look at the age of tables"));

/// For a style that marks no table.
pub(super) const DELETION_RATIO: Unused = Unused::partly(
    &["compact_on_deletion_ratio"],
    to_say!("{style} compaction rewrites tables of many tombstones in its oldest run only"),
);

const NO_PENDING: &str = to_say!("pending compaction bytes are worked out for leveled compaction only");

/// For a style that does not work out pending compaction bytes.
pub(super) const HARD_PENDING: Unused = Unused::always(&["hard_pending_compaction_bytes_limit"], NO_PENDING);

/// For the same. Without a limit, compactions have all their slots under any style.
pub(super) const SOFT_PENDING: Unused = Unused::always(&["soft_pending_compaction_bytes_limit"], NO_PENDING)
    .when(|options| options.soft_pending_compaction_bytes_limit >= 4);

#[cfg(test)]
mod tests;

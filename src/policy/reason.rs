//! Why a compaction was picked: everything that the decision considered, in numbers.
//!
//! In: nothing; a policy fills it in. Out: the rule, every level's score, and the candidates, rules or runs with the
//! verdict on each. The page, the traces and the golden files show it.

use serde::Serialize;

use super::{By, Formula, Rule, Verdict};
use crate::version::TableId;

/// Why a compaction was picked: everything that the decision considered.
#[derive(Clone, Debug, PartialEq, Serialize, borsh::BorshSerialize, borsh::BorshDeserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Reason {
    /// The rule that fired.
    pub rule: Rule,
    /// The option that governs the rule; `compact` where a person asked for it.
    #[borsh(deserialize_with = "crate::static_text::read")]
    pub option: &'static str,
    /// Where the rule is from: [`Rule::source`].
    #[borsh(deserialize_with = "crate::static_text::read")]
    pub source: &'static str,
    /// Every level's score, in level order.
    pub scores: Vec<LevelScore>,
    /// The candidate tables of the start level, in the order they were tried.
    pub candidates: Vec<Candidate>,
    /// The rules considered, in their order, of a policy that has several for the whole tree.
    pub rules: Vec<WeighedRule>,
    /// The sorted runs considered, newest first, of a policy that merges whole runs.
    pub runs: Vec<WeighedRun>,
}

impl Reason {
    /// `rule`, which `option` governs; the caller fills in the rest.
    pub fn of(rule: Rule, option: &'static str) -> Reason {
        let (scores, candidates, rules, runs) = Default::default();
        Reason { rule, option, source: rule.source(), scores, candidates, rules, runs }
    }
}

impl Default for Reason {
    /// A person asked for it.
    fn default() -> Reason {
        Reason::of(Rule::Manual, "compact")
    }
}

/// One rule that was considered.
#[derive(Clone, Debug, PartialEq, Serialize, borsh::BorshSerialize, borsh::BorshDeserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct WeighedRule {
    /// Which one.
    pub rule: Rule,
    /// The option that governs it.
    #[borsh(deserialize_with = "crate::static_text::read")]
    pub option: &'static str,
    /// Whether it asks for a compaction.
    pub fired: bool,
    /// Why, with today's numbers.
    pub formula: String,
}

/// One sorted run that was considered.
#[derive(Clone, Debug, PartialEq, Serialize, borsh::BorshSerialize, borsh::BorshDeserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct WeighedRun {
    /// Its level.
    pub level: usize,
    /// Its tables, in the level's order.
    pub tables: Vec<TableId>,
    /// Their bytes.
    pub bytes: u64,
    /// The verdict on it.
    pub verdict: Verdict,
}

/// One level's score with its parts. A level with a score of at least 1 is due.
#[derive(Clone, Debug, PartialEq, Serialize, borsh::BorshSerialize, borsh::BorshDeserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LevelScore {
    /// The level.
    pub level: usize,
    /// Its score.
    pub score: f64,
    /// Its tables that are not being compacted.
    pub tables: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Their entries.
    pub entries: u64,
    /// The bytes it should hold; none for level 0, and for a level that should be empty.
    pub target_bytes: Option<f64>,
    /// What set the score.
    pub by: By,
    /// How it came about: the numbers, and their text.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "FormulaTold"))]
    pub formula: Formula,
}

/// One table that was considered as the start of a compaction.
#[derive(Clone, Debug, PartialEq, Serialize, borsh::BorshSerialize, borsh::BorshDeserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Candidate {
    /// The table.
    pub table: TableId,
    /// Bytes of the next level's tables that it overlaps.
    pub overlap_bytes: u64,
    /// What it was ordered by, as `compaction_pri` says: smallest first, but for sizes.
    pub priority: f64,
    /// The verdict on it.
    pub verdict: Verdict,
}

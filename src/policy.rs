//! Decisions as values: which tables to compact next, and why.
//!
//! A [`Policy`] looks at a [`Version`] and returns a [`Compaction`]: a value that says what to do, which one place
//! carries out (`engine/compact`), and that explains itself ([`Reason`]). A policy never touches storage, so the
//! engine and the simulator run the same decisions. To add one: write a file beside `policy/leveled.rs`, and add a line to
//! [`policy_for`].

use std::{ops::Range, rc::Rc};

use serde::Serialize;

use crate::{
    entry::{Bytes, MAX_SEQ, SeqNo},
    options::{CompactionStyle, Options},
    version::{Cursor, TableId, TableMeta, Version},
};

mod bottom;
mod census;
mod cuts;
mod fifo;
mod formula;
mod full;
mod index;
mod lazy_leveling;
mod leveled;
mod lookup;
mod overlap;
mod pending;
mod rows;
mod runs;
mod score;
mod size_tiered;
mod targets;
#[cfg(test)]
pub(crate) mod testing;
mod tree;
mod universal;
mod words;

pub use cuts::{Ahead, Boundaries, Cuts, Cutter, Grandparents, MOST_CROSSED, Positions};
pub use fifo::Fifo;
pub use formula::{Formula, Term};
pub use full::Full;
pub use lazy_leveling::LazyLeveling;
pub use leveled::{Leveled, moves_at_open};
pub(crate) use pending::float;
pub use pending::pending_compaction_bytes;
pub use size_tiered::SizeTiered;
pub use targets::{Targets, targets};
pub use tree::Tree;
pub use universal::Universal;
pub use words::{Rule, Verdict};

/// Picks compactions.
pub trait Policy {
    /// The next compaction that is due, if any, on `version` while the jobs of `running` are under way.
    fn pick(&self, version: &Version, options: &Options, running: &Running) -> Option<Compaction>;

    /// The same decision without candidates and scores, for a simulator, which shows none and picks all the time.
    fn decide(&self, tree: &Tree, options: &Options, running: &Running) -> Option<Decided> {
        self.pick(tree.version(), options, running).map(Decided::from)
    }

    /// The compaction that a person asked for: of `level`, or of everything with `None`. `None` if there is nothing to do
    /// there: on the last level, if nothing that lies there may go.
    fn pick_manual(
        &self,
        version: &Version,
        options: &Options,
        running: &Running,
        level: Option<usize>,
    ) -> Option<Compaction>;

    /// Every level's score, whether or not anything is due: what the page shows beside the levels.
    fn scores(&self, version: &Version, options: &Options, running: &Running) -> Vec<LevelScore>;
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

/// The circumstances of a pick: the compactions under way, whose tables are spoken for, and the time.
#[derive(Clone, Debug, Default)]
pub struct Running {
    /// Each with its inputs and output level.
    pub compactions: Vec<Compaction>,
    /// The virtual time, in seconds.
    pub time: u64,
    /// What is of use to no reader any more.
    pub horizon: Horizon,
    /// Their tables, for those that were [started](Running::start) here.
    pub held: Vec<Vec<(usize, Rc<TableMeta>)>>,
}

/// Up to which sequence numbers nothing but the newest version of a key is of use: what a merge on the last level drops. All
/// 0, as by default: it is not known, and nothing is to be gained.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Horizon {
    /// Every live snapshot sees all writes up to this one: the oldest snapshot's number, or [`MAX_SEQ`] if there is none.
    pub oldest: SeqNo,
    /// What that was, at most the last write, when a snapshot was last released; 0 before. RocksDB's
    /// `VersionStorageInfo::oldest_snapshot_seqnum_`.
    pub released: SeqNo,
    /// Tombstones up to this one are older than `tombstone_retention_seconds`; [`MAX_SEQ`] if that is 0.
    pub aged: SeqNo,
}

impl Horizon {
    /// No snapshot was ever taken, and tombstones need not get old: of a simulator.
    pub const OPEN: Horizon = Horizon { oldest: MAX_SEQ, released: 0, aged: MAX_SEQ };
}

impl Running {
    /// Nothing under way, at `time`.
    pub fn at(time: u64) -> Running {
        Running { time, ..Running::default() }
    }

    /// Begins a compaction that was picked on `version`. What a simulator does, so that its tables need not be looked for at
    /// every pick; then [`end`](Running::end) ends it.
    pub fn start(&mut self, compaction: Compaction, version: &Version) {
        self.held.push(compaction.resolve(version));
        self.compactions.push(compaction);
    }

    /// The same in a simulator's tree. Of a compaction that says where its tables are, only [`held`](field@Running::held) lists them.
    pub fn start_in(&mut self, decided: Decided, tree: &Tree) {
        self.held.push(tree.resolve(&decided));
        self.compactions.push(decided.compaction);
    }

    /// Ends the compaction that was [started](Running::start) as number `at`; the others keep their order. Its tables, by level.
    pub fn end(&mut self, at: usize) -> Vec<(usize, Rc<TableMeta>)> {
        // Not `remove`, which would move all of it out first.
        self.compactions.drain(at..=at);
        self.held.remove(at)
    }

    /// The compaction that was started last, with its tables by level, if it was [started](Running::start) here.
    #[allow(clippy::type_complexity, reason = "a job and its tables, as `finish` gives them")]
    pub fn last(&self) -> Option<(&Compaction, &[(usize, Rc<TableMeta>)])> {
        Some((self.compactions.last()?, self.held.last()?))
    }

    /// The tables of the compaction `at`, if all were started here.
    fn held(&self, at: usize) -> Option<&[(usize, Rc<TableMeta>)]> {
        (self.held.len() == self.compactions.len()).then(|| &*self.held[at])
    }

    /// Whether `table` is an input of a running compaction.
    pub fn is_busy(&self, table: TableId) -> bool {
        self.compactions.iter().any(|c| c.inputs.iter().any(|i| i.tables.contains(&table)))
            || self.held.iter().flatten().any(|(_, held)| held.id == table)
    }
}

/// What to do with the inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Read them, merge them, write new tables at the output level.
    Merge,
    /// Change their level; not a byte is read or written.
    Move,
    /// Delete them unread, and with them all that they hold.
    Drop,
}

/// Input tables of one level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Inputs {
    /// Their level.
    pub level: usize,
    /// Their numbers, in the level's order. Never empty.
    pub tables: Vec<TableId>,
}

/// One compaction: what to do, and why.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Compaction {
    /// Merge, move or drop.
    pub action: Action,
    /// From the start level down to the output level; a level without inputs is left out.
    pub inputs: Vec<Inputs>,
    /// Where the outputs go; of a drop, the level that it drops from.
    pub output_level: usize,
    /// Outputs are cut at this size, in bytes; `u64::MAX` never cuts. Serialized as a float: it may be past 2^53.
    #[serde(serialize_with = "as_float")]
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number"))]
    pub target_file_size: u64,
    /// Where else a merge cuts its outputs; nowhere by default.
    #[serde(skip_serializing_if = "Cuts::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub cuts: Cuts,
    /// The key at which the next round-robin compaction of the start level begins, where this is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub cursor: Option<Bytes>,
    /// Why this one.
    pub reason: Reason,
}

fn as_float<S: serde::Serializer>(n: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(*n as f64)
}

impl Compaction {
    /// The first input level.
    pub fn start_level(&self) -> usize {
        self.inputs.first().map_or(self.output_level, |i| i.level)
    }

    /// What of its edit says where round-robin compactions of the start level go on; until now, at `from`.
    pub fn cursor_edit(&self, from: Option<&Bytes>) -> Vec<Cursor> {
        let level = self.start_level();
        let moved = |to: &Bytes| Cursor { level, from: from.cloned(), to: Some(to.clone()) };
        self.cursor.iter().map(moved).collect()
    }

    /// Its input tables, of the version that it was picked on, each with its level.
    pub fn resolve(&self, version: &Version) -> Vec<(usize, Rc<TableMeta>)> {
        let of = |inputs: &'_ Inputs| -> Vec<(usize, Rc<TableMeta>)> {
            version.among(inputs.level, &inputs.tables).map(|t| (inputs.level, t.clone())).collect()
        };
        self.inputs.iter().flat_map(of).collect()
    }

    /// Every input table.
    pub fn tables(&self) -> impl Iterator<Item = (usize, TableId)> {
        self.inputs.iter().flat_map(|i| i.tables.iter().map(|t| (i.level, *t)))
    }
}

/// A compaction that nobody watches, picked on a simulator's tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Decided {
    /// What to do.
    pub compaction: Compaction,
    /// Where the inputs of its first and of its second level are, which then are not listed; nowhere if they are.
    pub places: [Range<usize>; 2],
}

impl Decided {
    /// With its tables listed. `tree` is the one that it was picked on.
    pub fn listed(self, tree: &Tree) -> Compaction {
        let Decided { mut compaction, places } = self;
        for (inputs, place) in compaction.inputs.iter_mut().zip(places).filter(|(_, place)| !place.is_empty()) {
            inputs.tables = tree.at(inputs.level, &place).map(|table| table.id).collect();
        }
        compaction
    }
}

impl From<Compaction> for Decided {
    fn from(compaction: Compaction) -> Decided {
        Decided { compaction, places: [0..0, 0..0] }
    }
}

/// Why a compaction was picked: everything that the decision weighed.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Reason {
    /// The rule that fired.
    pub rule: Rule,
    /// The option that governs the rule; `compact` where a person asked for it.
    pub option: &'static str,
    /// Where the rule is from: [`Rule::source`].
    pub source: &'static str,
    /// Every level's score, in level order.
    pub scores: Vec<LevelScore>,
    /// The tables of the start level that were weighed, in the order they were tried.
    pub candidates: Vec<Candidate>,
    /// The rules that were weighed, in their order, of a policy that has several for the whole tree.
    pub rules: Vec<WeighedRule>,
    /// The sorted runs that were weighed, newest first, of a policy that merges whole runs.
    pub runs: Vec<WeighedRun>,
}

impl Reason {
    /// `rule`, which `option` governs; what else was weighed is to be filled in.
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

/// One rule that was weighed.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct WeighedRule {
    /// Which one.
    pub rule: Rule,
    /// The option that governs it.
    pub option: &'static str,
    /// Whether it asks for a compaction.
    pub fired: bool,
    /// Why, with today's numbers.
    pub formula: String,
}

/// One sorted run that was weighed.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct WeighedRun {
    /// Its level.
    pub level: usize,
    /// Its tables, in the level's order.
    pub tables: Vec<TableId>,
    /// Their bytes.
    pub bytes: u64,
    /// What became of it.
    pub verdict: Verdict,
}

/// One level's score with its parts. A level with a score of at least 1 is due.
#[derive(Clone, Debug, PartialEq, Serialize)]
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
    /// What set the score: `tables`, `bytes`, `entries` or `none`.
    pub by: &'static str,
    /// The formula with today's numbers in it: `3 tables / trigger 4`. Serialized as its text.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "string"))]
    pub formula: Formula,
}

/// One table that was weighed as the start of a compaction.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Candidate {
    /// The table.
    pub table: TableId,
    /// Bytes of the next level's tables that it overlaps.
    pub overlap_bytes: u64,
    /// What it was ordered by, as `compaction_pri` says: smallest first, but for sizes.
    pub priority: f64,
    /// What became of it.
    pub verdict: Verdict,
}

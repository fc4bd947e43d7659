//! Leveled compaction after RocksDB: every level from 1 on is one sorted run with a target size.
//!
//! In: the tree, the options, the running jobs. Out: the next [`Compaction`], with the score of every level and every
//! candidate table. Errors: none; no compaction where nothing is due, or a running job holds every table that is. The
//! rules and their order are those of RocksDB's `LevelCompactionBuilder`:
//!
//! 1. **Level.** The level with the highest [score](super::score), if that is at least 1. If no level is due, or none
//!    can be compacted: [marked](marked) tables, then tables of the last level with [entries that can be
//!    dropped](super::bottom), then [old](marked) tables.
//! 2. **Table.** The first in the order of [`compaction_pri`](priority) that no running job holds or blocks. By default
//!    that is the lowest overlap ratio first: bytes rewritten in the next level for each byte moved. Level 0 has [rules
//!    of its own](level_0).
//! 3. **Inputs.** The overlapping tables of the next level; then more tables of the start level, where they [cost
//!    little](expand).
//! 4. **Trivial move.** A table that overlaps nothing changes its level without being rewritten, unless it overlaps too
//!    many bytes of the level below that.
//! 5. **Output cuts.** By size, and at the table boundaries of the [level below](super::cuts).
//!
//! ```text
//!   level 1   [ 1: a-d ][ 2: e-h ]   [ 3: p-q ]      due: 300 bytes / target 200
//!   level 2   [ 4: b-c ][    5: d-k    ]             3 overlaps nothing: a trivial move, no byte is rewritten
//! ```
//!
//! With `one_table_per_level`, a level is always compacted whole, as simple stores do ([`one_table_per_level`]).

use std::rc::Rc;

use super::{
    About, Action, Candidate, Compaction, Cuts, Explanation, Inputs, LevelScore, Levels, NextCompaction, Policy,
    Reason, Rule, Running, Targets, Unused, Verdict,
    bottom::{self, Bottom},
    expected::{self, Expected},
    overlap::{self, Jobs, KeyRange, TableList},
    score::{self, Due, Score, Scorer, Weights},
};
use crate::{
    options::{CompactionPri, Options},
    version::{TableMeta, Version},
    words::to_say,
};

mod at_open;
mod draft;
mod expand;
mod introsort;
mod level_0;
pub(super) mod marked;
mod one_table_per_level;
mod pending;
mod priority;

use draft::Draft;

/// The most tables of a level that are ranked and reported, unless more are busy: RocksDB sorts no more than this.
const MAX_CANDIDATES: usize = 50;

const UNUSED: &[Unused] = &[Unused::always(
    &["max_bytes_for_level_multiplier_additional"],
    to_say!("with level_compaction_dynamic_level_bytes, targets are computed from the largest level upwards"),
)
.when(|options| options.level_compaction_dynamic_level_bytes)];

/// Leveled compaction.
#[derive(Clone, Copy, Debug)]
pub struct Leveled;

impl Policy for Leveled {
    fn pick(&self, tree: &dyn Levels, options: &Options, running: &Running, detail: Explanation) -> Option<Compaction> {
        Picker::new(tree, options, running, detail).pick()
    }

    fn pick_manual(
        &self,
        tree: &dyn Levels,
        options: &Options,
        running: &Running,
        level: Option<usize>,
    ) -> Option<Compaction> {
        let picker = Picker::new(tree, options, running, Explanation::Full);
        match level {
            Some(level) => picker.whole_level(level, Rule::Manual, "compact"),
            None => picker.all_the_way_down(),
        }
        .or_else(|| Some(picker.rewritten(picker.bottom().asked_for(level)?)))
    }

    fn scores(&self, tree: &dyn Levels, options: &Options, running: &Running) -> Vec<LevelScore> {
        Picker::new(tree, options, running, Explanation::Full).scores()
    }

    fn about(&self) -> About {
        About {
            purpose: to_say!("few runs to read and little space, more rewriting"),
            next: NextCompaction {
                waits: to_say!("Level 0 is compacted when it has {limit}; now {held}."),
                ..NextCompaction::DUE
            },
            level_1: to_say!("From here on, each level is one sorted run; level 0 is merged into the first in use."),
            rules: &[
                Rule::LevelScore,
                Rule::L0TrivialMove,
                Rule::IntraL0Size,
                Rule::IntraL0Cost,
                Rule::MarkedForCompaction,
                Rule::Ttl,
                Rule::MovedAtOpen,
                Rule::WholeLevel,
            ],
            unused: UNUSED,
            ..About::NOTHING
        }
    }

    fn pending_bytes(&self, tree: &dyn Levels, options: &Options) -> u64 {
        pending::pending_bytes(tree, options)
    }

    fn moves_at_open(&self, version: &Version, options: &Options) -> Vec<Compaction> {
        at_open::moves(version, options)
    }

    /// Only out of level 0, or where a person asked for it; any, under `round_robin`. RocksDB's
    /// `Compaction::ShouldFormSubcompactions`.
    fn may_split(&self, compaction: &Compaction, options: &Options) -> bool {
        compaction.start_level() == 0
            || compaction.reason.rule == Rule::Manual
            || options.compaction_pri == CompactionPri::RoundRobin
    }

    fn takes_parts_of_levels(&self) -> bool {
        true
    }

    fn expected(&self, version: &Version, options: &Options) -> Vec<Expected> {
        expected::leveling(version, options)
    }
}

/// The circumstances of one decision.
struct Picker<'a> {
    tree: &'a dyn Levels,
    options: &'a Options,
    running: &'a Running,
    jobs: Jobs<'a>,
    time: u64,
    weights: Weights,
    targets: Rc<Targets>,
    detail: Explanation,
}

impl<'a> Picker<'a> {
    fn new(tree: &'a dyn Levels, options: &'a Options, running: &'a Running, detail: Explanation) -> Picker<'a> {
        Picker {
            tree,
            options,
            running,
            jobs: Jobs::new(running),
            time: running.time,
            weights: Weights::new(tree),
            targets: tree.targets(options),
            detail,
        }
    }

    fn scorer(&self) -> Scorer<'_> {
        let Picker { tree, options, jobs, weights, targets, .. } = self;
        Scorer { tree: *tree, options, jobs, weights, targets }
    }

    /// Whether the caller wants to know every candidate.
    fn explains(&self) -> bool {
        self.detail == Explanation::Full
    }

    /// Every level's score and its terms.
    fn scores(&self) -> Vec<LevelScore> {
        self.scorer().scores()
    }

    /// The option that makes a level due.
    fn governing_option(&self, due: Score) -> &'static str {
        score::governing_option(due, &self.targets, self.options)
    }

    fn pick(&self) -> Option<Compaction> {
        let mut due = Due::new();
        self.scorer().find_due(&mut due);
        let mut base_is_awaited = false;
        for due in due.by_ref() {
            let level = due.level;
            if base_is_awaited && level == self.targets.base_level {
                // Level 0 waits for this level: a compaction out of it now would only make level 0 wait longer.
                continue;
            }
            if self.options.one_table_per_level {
                match self.whole_level(level, Rule::WholeLevel, self.governing_option(due)) {
                    None => continue,
                    picked => return picked,
                }
            }
            let draft = if level == 0 { self.of_level_0(due) } else { self.by_table(due, level + 1) };
            if let Some(draft) = draft {
                return self.complete(draft);
            }
            if level == 0 {
                base_is_awaited = true;
                if let Some(draft) = self.intra_level_0_by_cost() {
                    return self.complete(draft);
                }
            }
        }
        if let Some(draft) = self.marked() {
            return self.complete(draft);
        }
        if let Some(due) = self.bottom().due() {
            return Some(self.rewritten(due));
        }
        self.complete(self.expired()?)
    }

    fn bottom(&self) -> Bottom<'_> {
        Bottom::new(self.tree, self.options, self.running)
    }

    /// A compaction whose tables stay on their level.
    fn rewritten(&self, due: bottom::Due) -> Compaction {
        let scores = if self.explains() { self.scores() } else { Vec::new() };
        due.compaction(|level| self.target_file_size(level), scores)
    }

    /// The size at which an output table of `level` ends: bytes.
    fn target_file_size(&self, level: usize) -> u64 {
        let is_dynamic = self.options.level_compaction_dynamic_level_bytes;
        self.options.target_file_size(level, is_dynamic.then_some(self.targets.base_level))
    }

    /// The first in rank of a due level's tables, without those that a running job holds or blocks.
    fn by_table(&self, due: Score, output_level: usize) -> Option<Draft<'a>> {
        let level = due.level;
        let pri = self.options.compaction_pri;
        if let Some(start) = self.cheapest(level, output_level) {
            return Some(self.draft(due, start, output_level, Vec::new()));
        }
        let ranked = self.ranked(level);
        let mut candidates: Vec<Candidate> = Vec::new();
        let mut picked: Option<(priority::Rank, TableList<'a>)> = None;
        for (at, rank) in &ranked {
            if picked.is_some() && (candidates.len() >= MAX_CANDIDATES || !self.explains()) {
                break;
            }
            let table = self.table(level, *at);
            let verdict = match &picked {
                Some((winner, _)) => priority::lost_to(pri, *rank, *winner),
                None => match self.closure(level, *at, output_level) {
                    Ok(start) => {
                        picked = Some((*rank, start));
                        Verdict::Picked
                    }
                    Err(verdict) => verdict,
                },
            };
            self.note(&mut candidates, table, output_level, rank.shown(pri), verdict);
            if picked.is_none() && pri == CompactionPri::RoundRobin {
                // Round-robin never skips a table: the one at the cursor has to wait.
                break;
            }
        }
        let (_, start) = picked?;
        Some(self.draft(due, start, output_level, candidates))
    }

    /// A draft for tables that were picked because their level is due.
    fn draft(&self, due: Score, start: TableList<'a>, output_level: usize, candidates: Vec<Candidate>) -> Draft<'a> {
        let mut draft = Draft {
            rule: Rule::LevelScore,
            option: self.governing_option(due),
            start_level: due.level,
            start,
            output_level,
            output: TableList::NONE,
            candidates,
            may_move: true,
        };
        if due.level > 0 {
            self.extend(&mut draft);
        }
        draft
    }

    /// The clean cut around the table at `at` of `level`; or why a running job blocks it.
    fn closure(&self, level: usize, at: usize, output_level: usize) -> Result<TableList<'a>, Verdict> {
        if self.jobs.is_busy(self.table(level, at)) {
            return Err(Verdict::Busy);
        }
        let start = overlap::clean_cut(self.tree, level, at..at + 1);
        if self.jobs.is_idle() {
            return Ok(start);
        }
        let range = start.range().expect("at least the table itself");
        if self.jobs.any_busy(start.iter()) {
            return Err(Verdict::NeighbourBusy);
        }
        if self.jobs.write_into(output_level, range) {
            return Err(Verdict::RangeBusy);
        }
        if self.jobs.any_busy(overlap::overlapping(self.tree, output_level, range).iter()) {
            return Err(Verdict::OutputBusy);
        }
        Ok(start)
    }

    /// The table at `place` of `level`.
    fn table(&self, level: usize, place: usize) -> &'a TableMeta {
        self.tree.table(level, place).expect("a place in the level")
    }

    fn is_round_robin(&self) -> bool {
        self.options.compaction_pri == CompactionPri::RoundRobin
    }

    /// Adds a table to the candidates, if the caller wants an explanation.
    fn note(
        &self,
        candidates: &mut Vec<Candidate>,
        table: &TableMeta,
        output_level: usize,
        priority: f64,
        verdict: Verdict,
    ) {
        if self.explains() {
            let overlap_bytes = match output_level {
                0 => 0,
                level => overlap::in_sorted(self.tree, level, KeyRange::of(table)).bytes(),
            };
            candidates.push(Candidate { table: table.id, overlap_bytes, priority, verdict });
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;

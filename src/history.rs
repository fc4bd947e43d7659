//! Real histories, replayed: at every decision that a RocksDB took, would we have decided the same?
//!
//! In: the history of one database's shape, as recorded lines or as its own `MANIFEST` ([`open`] tells them apart).
//! Out: a [`HistoryStep`] for each of its edits ([`HistoryRun`]), or all of them in one [`HistoryReport`]: how many
//! decisions match, and all there is to know about the first that does not.
//!
//! An edit that only adds tables is a flush. One that removes tables is a decision: a merge, or, where the tables that
//! are added are those that were removed, a move. Our policy is asked about the version before it, and has to name the
//! same inputs, the same output level, and the same choice between merge and move.
//!
//! What this can and cannot say: a history tells when a job *ended*. Of a database that was written to while it
//! compacted, a decision was taken on an earlier version than the one before its edit, which the replay cannot know. It
//! is exact for a writer that waits for the compactions after each flush.
//!
//! One module for each format: [`jsonl`] (recorded leveled histories), [`universal`] (recorded universal ones),
//! [`manifest`] (the file of RocksDB and of LevelDB). Another one is another module that makes a [`History`], and a
//! line in [`open`]. [`leveldb`] has LevelDB's own rules; [`history_timeline`] makes a timeline of a history.

use std::{borrow::Borrow, collections::BTreeMap, rc::Rc};

use serde::Serialize;

use crate::{
    entry::Bytes,
    error::{Error, Result},
    options::{CompactionStyle, Options},
    policy::{Action, Compaction, Explanation, Inputs, LevelScore, Running, Selection, policy_for},
    version::{TableId, TableMeta, Version},
};

mod cause;
mod due;
mod edit_fields;
pub mod history_timeline;
pub mod jsonl;
pub mod leveldb;
mod log;
pub mod manifest;
pub mod options_file;
mod reader;
mod report;
mod shape;
mod summary;
#[cfg(test)]
mod tests;
pub mod universal;

pub use cause::CompactionCause;
pub use reader::{HistoryRefusal, HistoryRequest, open};
pub use report::{Difference, HistoryReport};
use shape::Shape;
pub use summary::{ColumnFamily, HistorySummary};

/// No table is larger than this: sums of sizes stay numbers.
const MAX_TABLE_BYTES: u64 = 1 << 45;

/// Whose rules a history is held against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rules {
    /// RocksDB's: our policies.
    #[default]
    RocksDb,
    /// LevelDB's: [`leveldb`].
    LevelDb,
}

impl Rules {
    /// The database's name.
    pub const fn name(self) -> &'static str {
        match self {
            Rules::RocksDb => "RocksDB",
            Rules::LevelDb => "LevelDB",
        }
    }
}

/// One database's history: its options, and every change of its shape.
#[derive(Clone, Debug)]
pub struct History {
    /// What governed its decisions.
    pub options: Options,
    /// Whose rules its decisions follow.
    pub rules: Rules,
    /// Every change, in order.
    pub edits: Vec<Edit>,
    /// What an edit's place counts: `line` or `byte`.
    pub unit: &'static str,
    /// Whether tables of a certain age are written anew (`periodic_compaction_seconds`).
    pub is_periodic: bool,
    /// What the file is, what was read of it, left out and assumed.
    pub summary: HistorySummary,
}

impl History {
    /// Every level's score on `version`.
    fn scores(&self, version: &Version) -> Vec<LevelScore> {
        match self.rules {
            Rules::RocksDb => policy_for(&self.options).scores(version, &self.options, &Running::default()),
            Rules::LevelDb => leveldb::scores(version),
        }
    }
}

/// One change of shape.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    /// Where it is in the history.
    pub at: u64,
    /// Tables that leave: level and number.
    pub removed: Vec<(usize, TableId)>,
    /// Tables that come.
    pub added: Vec<Added>,
    /// Where the next round-robin compaction of a level begins.
    pub cursors: Vec<(usize, Bytes)>,
    /// When it was made, in seconds, where the history tells.
    pub time: Option<u64>,
}

impl Edit {
    /// Whether it only adds tables to level 0.
    pub(crate) fn is_flush(&self) -> bool {
        self.removed.is_empty() && !self.added.is_empty() && self.added.iter().all(|a| a.level == 0)
    }
}

/// A table that comes.
#[derive(Clone, Debug)]
pub struct Added {
    /// Onto this level.
    pub level: usize,
    /// The table.
    pub table: Rc<TableMeta>,
    /// What level 0 is ordered by before anything else, where the history tells it: a table that merges others of level
    /// 0 takes the place of the oldest of them.
    pub epoch: u64,
}

/// What was done to the tables of an edit.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct EditAction {
    /// Which tables, of which levels.
    pub inputs: Vec<Inputs>,
    /// Where they went; none if nothing of them was left.
    pub output_level: Option<usize>,
    /// Merge or move.
    pub action: Action,
}

/// One decision of the real database, and ours.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Where it is in the history.
    pub at: u64,
    /// What the real database did.
    pub real: EditAction,
    /// Where it left the round-robin cursor of its start level, if it moved it.
    pub cursor: Option<Bytes>,
    /// What our policy says about the same version.
    pub ours: Option<Compaction>,
    /// What explains it, where no score does.
    pub cause: Option<CompactionCause>,
}

/// One edit of a history.
#[derive(Clone, Debug)]
pub enum HistoryStep {
    /// Tables were added to level 0. Before that the real database had nothing to compact.
    Flush {
        /// Where it is in the history.
        at: u64,
        /// Whether our policy would have compacted something before.
        is_due: bool,
    },
    /// A compaction.
    Decision(Box<Decision>),
    /// Anything else: the shape that a manifest begins with, tables that were brought in, counters.
    Other,
}

impl Decision {
    /// Whether ours is the same, or it follows from what the database does when it is opened.
    pub fn matches(&self) -> bool {
        self.cause.is_some_and(CompactionCause::is_predicted) || self.is_same()
    }

    fn is_same(&self) -> bool {
        let Some(ours) = &self.ours else { return false };
        let same_output = match self.real.output_level {
            Some(level) => level == ours.output_level && self.real.action == ours.action,
            // A merge of which nothing is left tells neither where it went nor whether it was a move.
            None => (self.real.action == Action::Drop) == (ours.action == Action::Drop),
        };
        same_output
            && sorted(&ours.inputs) == sorted(&self.real.inputs)
            && (self.cursor.is_none() || self.cursor == ours.cursor)
    }
}

/// The tables of `inputs` by level, each level's in order of number.
fn sorted(inputs: &[Inputs]) -> BTreeMap<usize, Vec<TableId>> {
    let mut levels: BTreeMap<usize, Vec<TableId>> = BTreeMap::new();
    for input in inputs {
        levels.entry(input.level).or_default().extend(input.ids());
    }
    levels.values_mut().for_each(|tables| tables.sort_unstable());
    levels
}

/// A history that is being replayed, one edit at a time.
#[derive(Debug)]
pub struct HistoryRun<H> {
    history: H,
    shape: Shape,
    time: u64,
    next: usize,
    /// Whether nothing but whole levels was moved so far.
    is_opening: bool,
    /// Of LevelDB: the tables that were flushed since the last compaction.
    flushed: Vec<TableId>,
    /// How often a policy was asked.
    #[cfg(test)]
    asked: u64,
}

impl<H: Borrow<History>> HistoryRun<H> {
    /// From the beginning of `history`.
    pub fn new(history: H) -> HistoryRun<H> {
        let shape = Shape::new(history.borrow().options.levels());
        HistoryRun {
            history,
            shape,
            time: 0,
            next: 0,
            is_opening: true,
            flushed: Vec::new(),
            #[cfg(test)]
            asked: 0,
        }
    }

    /// The shape after the edits so far.
    pub fn version(&mut self) -> &Version {
        self.shape.version()
    }

    /// Asks our policy about the next edit, and makes it; none at the end.
    ///
    /// # Errors
    /// The edit does not fit the shape: the history is not whole.
    pub fn step(&mut self) -> Result<Option<HistoryStep>> {
        let Some(step) = self.judge() else { return Ok(None) };
        self.advance(&step)?;
        Ok(Some(step))
    }

    /// Asks our policy about the next edit; none at the end. [`version`](HistoryRun::version) is still the one before
    /// it.
    pub fn judge(&mut self) -> Option<HistoryStep> {
        let edit = self.history.borrow().edits.get(self.next)?.clone();
        let is_flush = edit.is_flush();
        if edit.removed.is_empty() {
            // LevelDB flushes while it compacts: what it had to do at a flush is not told.
            let waits = is_flush && self.history.borrow().rules == Rules::RocksDb;
            return Some(if waits {
                HistoryStep::Flush { at: edit.at, is_due: self.is_due() }
            } else {
                HistoryStep::Other
            });
        }
        let real = choice(&edit, self.history.borrow().options.compaction_style);
        let ours = match self.history.borrow().rules {
            Rules::RocksDb => self.ours(),
            Rules::LevelDb => self.of_leveldb(&edit, &real),
        };
        let cursor = edit.cursors.first().map(|(_, key)| key.clone());
        let mut decision = Decision { at: edit.at, real, cursor, ours, cause: None };
        if !decision.is_same() {
            let history = self.history.borrow();
            decision.cause = cause::of(&decision, history, self.shape.version(), self.is_opening);
        }
        Some(HistoryStep::Decision(Box::new(decision)))
    }

    /// Makes the edit that `step` was judged of.
    ///
    /// # Errors
    /// It does not fit the shape: the history is not whole.
    pub fn advance(&mut self, step: &HistoryStep) -> Result<()> {
        let History { edits, unit, .. } = self.history.borrow();
        let Some(edit) = edits.get(self.next) else { return Ok(()) };
        self.next += 1;
        // The edit was made when its job ended; what it decided on was at least as old.
        self.time = self.time.max(edit.time.unwrap_or(0));
        let unfit =
            |what: String| Error::invalid(format!("the history does not fit together at {unit} {}: {what}", edit.at));
        self.shape.make(edit).map_err(unfit)?;
        match step {
            HistoryStep::Flush { .. } => self.is_opening = false,
            HistoryStep::Decision(decision) => {
                self.is_opening &= decision.cause == Some(CompactionCause::MovedAtOpen);
                self.flushed.clear();
                if let (Some(ours), true) = (&decision.ours, edit.cursors.is_empty())
                    && let Some(key) = &ours.cursor
                {
                    // The history does not tell: where ours would go on is as good as any.
                    self.shape.set_cursor(ours.start_level(), key)?;
                }
            }
            HistoryStep::Other => self.flushed.extend(edit.added.iter().map(|added| added.table.id)),
        }
        Ok(())
    }

    /// Whether our policy would compact something now.
    fn is_due(&mut self) -> bool {
        let options = &self.history.borrow().options;
        match due::certainly(&self.shape, options, self.time) {
            Some(due) => due,
            None => self.ours().is_some(),
        }
    }

    fn ours(&mut self) -> Option<Compaction> {
        let options = &self.history.borrow().options;
        if options.disable_auto_compactions {
            return None;
        }
        #[cfg(test)]
        (self.asked += 1);
        policy_for(options).pick(self.shape.version(), options, &Running::at(self.time), Explanation::Full)
    }

    /// What LevelDB decides, on the version that it decided on: without the tables that were flushed while the merge
    /// ran. Those have higher numbers than its first output, but for one that was flushed before the first output was
    /// begun: so those before it are left out one by one as well, until the decision is the same.
    fn of_leveldb(&mut self, edit: &Edit, real: &EditAction) -> Option<Compaction> {
        let first = edit.added.iter().map(|added| added.table.id).min().filter(|_| real.action == Action::Merge);
        let known = self.flushed.iter().filter(|id| first.is_none_or(|first| **id < first)).count();
        let options = &self.history.borrow().options;
        let mut version = self.shape.version().clone();
        let mut without = |later: &[TableId]| {
            version.levels.iter_mut().for_each(|level| level.retain(|table| !later.contains(&table.id)));
            leveldb::pick(&version, options)
        };
        let told = without(&self.flushed[known..]);
        let is_same = |ours: &Option<Compaction>| {
            ours.as_ref().is_some_and(|ours| sorted(&ours.inputs) == sorted(&real.inputs) && ours.action == real.action)
        };
        if first.is_none() || is_same(&told) {
            return told;
        }
        (0..known).rev().map(|count| without(&self.flushed[count..])).find(is_same).unwrap_or(told)
    }
}

/// What the real database did. Only of FIFO compaction is it known that tables that leave nothing behind were dropped.
fn choice(edit: &Edit, style: CompactionStyle) -> EditAction {
    let mut inputs: Vec<Inputs> = Vec::new();
    let mut removed = edit.removed.clone();
    removed.sort_unstable();
    let mut ids: Vec<TableId> = removed.iter().map(|(_, id)| *id).collect();
    ids.sort_unstable();
    for (level, table) in removed {
        match inputs.last_mut() {
            Some(Inputs { level: last, tables: Selection::Ids(ids) }) if *last == level => ids.push(table),
            _ => inputs.push(Inputs::listed(level, vec![table])),
        }
    }
    let is_old = |added: &Added| ids.binary_search(&added.table.id).is_ok();
    let moved = !edit.added.is_empty() && edit.added.iter().all(is_old);
    EditAction {
        inputs,
        output_level: edit.added.first().map(|a| a.level),
        action: match style {
            _ if moved => Action::Move,
            CompactionStyle::Fifo if edit.added.is_empty() => Action::Drop,
            _ => Action::Merge,
        },
    }
}

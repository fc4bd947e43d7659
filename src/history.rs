//! Histories of real databases: at every decision of a RocksDB or LevelDB, would our policy decide the same?
//!
//! In: the history of one database's shape, as recorded lines or as its own `MANIFEST` ([`open`] tells them apart).
//! Out: a [`HistoryStep`] for each of its edits ([`HistoryRun`]), or a [`HistoryReport`] of all: how many decisions
//! match, and the full detail of the first that does not. Errors: the file cannot be read, or an edit does not fit the
//! shape before it.
//!
//! | an edit that | is |
//! | --- | --- |
//! | only adds tables | a flush |
//! | removes tables and adds others | a merge |
//! | removes tables and adds the same ones | a trivial move |
//!
//! A merge or a move is a decision. Our policy is asked about the version before the edit; it matches if it picks the
//! same inputs, the same output level, and the same action.
//!
//! Limit: a history records when a job *ended*. If the database was written to while it compacted, the decision was
//! taken on an earlier version than the one before its edit, and the history does not say on which. The comparison is
//! exact for a writer that waits for the compactions after each flush.
//!
//! Each format has its own module: [`jsonl`] (recorded leveled histories), [`universal`] (recorded universal ones),
//! [`manifest`] (the file of RocksDB and of LevelDB). A new format is one more module that makes a [`History`], and a
//! line in [`open`]. [`leveldb`] has LevelDB's own rules; [`history_timeline`] makes a timeline of a history.

use std::{borrow::Borrow, collections::BTreeMap, rc::Rc};

use serde::Serialize;

use crate::{
    entry::Bytes,
    error::{Error, Result},
    options::{CompactionStyle, Options},
    policy::{Action, Compaction, Explanation, Inputs, LevelScore, Running, Selection, policy_for},
    version::{TableId, TableMeta, Version},
    words::say,
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

/// `byte 353`, `line 7`: where something is in a history.
fn place_of(unit: &str, at: u64) -> String {
    match unit {
        "line" => say!("line {n}", n = at),
        _ => say!("byte {n}", n = at),
    }
}

/// The largest table that is accepted: sums of sizes cannot overflow.
const MAX_TABLE_BYTES: u64 = 1 << 45;

/// The database whose rules a history is compared with.
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
    /// The options that governed its decisions.
    pub options: Options,
    /// Whose rules its decisions follow.
    pub rules: Rules,
    /// Every change of shape, in order.
    pub edits: Vec<Edit>,
    /// The unit of an edit's place: `line` or `byte`.
    pub unit: &'static str,
    /// Whether old tables are rewritten (`periodic_compaction_seconds`).
    pub is_periodic: bool,
    /// The file's format, what was read, left out and assumed.
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
    /// Its place in the history.
    pub at: u64,
    /// Removed tables: level and number.
    pub removed: Vec<(usize, TableId)>,
    /// Added tables.
    pub added: Vec<Added>,
    /// New round-robin cursors: level and key.
    pub cursors: Vec<(usize, Bytes)>,
    /// When it was made, in seconds, if the history says so.
    pub time: Option<u64>,
}

impl Edit {
    /// Whether it only adds tables to level 0.
    pub(crate) fn is_flush(&self) -> bool {
        self.removed.is_empty() && !self.added.is_empty() && self.added.iter().all(|a| a.level == 0)
    }
}

/// An added table.
#[derive(Clone, Debug)]
pub struct Added {
    /// Its level.
    pub level: usize,
    /// The table.
    pub table: Rc<TableMeta>,
    /// Level 0 is ordered by this first, if the history records it: a table that merges others of level 0 takes the
    /// place of the oldest of them.
    pub epoch: u64,
}

/// What an edit did to its tables.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct EditAction {
    /// The input tables, by level.
    pub inputs: Vec<Inputs>,
    /// The output level; none if no output was left.
    pub output_level: Option<usize>,
    /// Merge or move.
    pub action: Action,
}

/// One decision of the real database, with our policy's.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Where it is in the history.
    pub at: u64,
    /// What the real database did.
    pub real: EditAction,
    /// The round-robin cursor of its start level afterwards, if it moved.
    pub cursor: Option<Bytes>,
    /// What our policy picks on the same version.
    pub ours: Option<Compaction>,
    /// The cause of a compaction that no score explains.
    pub cause: Option<CompactionCause>,
}

/// One edit of a history.
#[derive(Clone, Debug)]
pub enum HistoryStep {
    /// Tables were added to level 0. The real database had nothing to compact before it.
    Flush {
        /// Where it is in the history.
        at: u64,
        /// Whether our policy would have compacted before it.
        is_due: bool,
    },
    /// A compaction.
    Decision(Box<Decision>),
    /// Anything else: the first shape of a manifest, ingested tables, counters.
    Other,
}

impl Decision {
    /// Whether our decision is the same, or the real one follows from the rules at an open.
    pub fn matches(&self) -> bool {
        self.cause.is_some_and(CompactionCause::is_predicted) || self.is_same()
    }

    fn is_same(&self) -> bool {
        let Some(ours) = &self.ours else { return false };
        let same_output = match self.real.output_level {
            Some(level) => level == ours.output_level && self.real.action == ours.action,
            // A merge without output reveals neither its output level nor its action.
            None => (self.real.action == Action::Drop) == (ours.action == Action::Drop),
        };
        same_output
            && sorted(&ours.inputs) == sorted(&self.real.inputs)
            && (self.cursor.is_none() || self.cursor == ours.cursor)
    }
}

/// The input tables by level; those of a level in the order of their numbers.
fn sorted(inputs: &[Inputs]) -> BTreeMap<usize, Vec<TableId>> {
    let mut levels: BTreeMap<usize, Vec<TableId>> = BTreeMap::new();
    for input in inputs {
        levels.entry(input.level).or_default().extend(input.ids());
    }
    levels.values_mut().for_each(|tables| tables.sort_unstable());
    levels
}

/// A comparison in progress: a history, one edit at a time.
#[derive(Debug)]
pub struct HistoryRun<H> {
    history: H,
    shape: Shape,
    time: u64,
    next: usize,
    /// Whether only whole levels were moved so far.
    is_opening: bool,
    /// For LevelDB: the tables that were flushed since the last compaction.
    flushed: Vec<TableId>,
    /// The number of picks so far.
    #[cfg(test)]
    asked: u64,
}

impl<H: Borrow<History>> HistoryRun<H> {
    /// A comparison from the beginning of `history`.
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

    /// Compares the next edit with our policy, and applies it; none at the end.
    ///
    /// # Errors
    /// The edit does not fit the shape: the history is incomplete.
    pub fn step(&mut self) -> Result<Option<HistoryStep>> {
        let Some(step) = self.judge() else { return Ok(None) };
        self.advance(&step)?;
        Ok(Some(step))
    }

    /// Compares the next edit with our policy; none at the end. [`version`](HistoryRun::version) stays the one before
    /// it.
    pub fn judge(&mut self) -> Option<HistoryStep> {
        let edit = self.history.borrow().edits.get(self.next)?.clone();
        let is_flush = edit.is_flush();
        if edit.removed.is_empty() {
            // LevelDB flushes while it compacts: the history does not say what was due at a flush.
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

    /// Applies the edit that `step` was judged of.
    ///
    /// # Errors
    /// It does not fit the shape: the history is incomplete.
    pub fn advance(&mut self, step: &HistoryStep) -> Result<()> {
        let History { edits, unit, .. } = self.history.borrow();
        let Some(edit) = edits.get(self.next) else { return Ok(()) };
        self.next += 1;
        // The edit was made when its job ended; its decision was taken no later.
        self.time = self.time.max(edit.time.unwrap_or(0));
        let unfit = |what: String| {
            Error::invalid(say!(
                "the history does not fit together at {place}: {what}",
                place = place_of(unit, edit.at),
                what
            ))
        };
        self.shape.make(edit).map_err(unfit)?;
        match step {
            HistoryStep::Flush { .. } => self.is_opening = false,
            HistoryStep::Decision(decision) => {
                self.is_opening &= decision.cause == Some(CompactionCause::MovedAtOpen);
                self.flushed.clear();
                if let (Some(ours), true) = (&decision.ours, edit.cursors.is_empty())
                    && let Some(key) = &ours.cursor
                {
                    // The history does not record cursors: our policy's is as good as any.
                    self.shape.set_cursor(ours.start_level(), key)?;
                }
            }
            HistoryStep::Other => self.flushed.extend(edit.added.iter().map(|added| added.table.id)),
        }
        Ok(())
    }

    /// Whether our policy would compact now.
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

    /// LevelDB's decision, on the version that it was taken on: without the tables that were flushed while the merge
    /// ran. Those have higher numbers than its first output, except for one that was flushed before the first output
    /// was begun: so earlier tables are left out as well, one by one, until the decision matches.
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

/// What the real database did. Only under FIFO compaction is an edit without added tables known to be a drop.
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

//! Real histories, replayed: at every decision that a RocksDB took, would we have decided the same?
//!
//! In: the history of one database's shape, as recorded lines or as RocksDB's own `MANIFEST` ([`read`] tells them apart).
//! Out: a [`Step`] for each of its edits ([`Replay`]), or all of them in one [`Report`]: how many decisions match, and all
//! there is to know about the first that does not.
//!
//! An edit that only adds tables is a flush. One that removes tables is a decision: a merge, or, where the tables that are
//! added are those that were removed, a move. Our policy is asked about the version before it, and has to name the same
//! inputs, the same output level, and the same choice between merge and move.
//!
//! What this can and cannot say: a history tells when a job *ended*. Of a database that was written to while it compacted,
//! a decision was taken on an earlier version than the one before its edit, which the replay cannot know. It is exact for a
//! writer that waits for the compactions after each flush.
//!
//! One module for each format: [`jsonl`] (recorded leveled histories), [`universal`] (recorded universal ones), [`manifest`]
//! (RocksDB's own file). Another one is another module that makes a [`History`], and a line in [`read`]. [`film`] makes a
//! timeline of one.

use std::{borrow::Borrow, collections::BTreeMap, rc::Rc};

use serde::Serialize;

use crate::{
    entry::Bytes,
    error::{Error, Result},
    options::{CompactionStyle, Options},
    policy::{Action, Compaction, Inputs, Running, policy_for},
    version::{TableId, TableMeta, Version},
};

pub mod film;
pub mod jsonl;
mod log;
pub mod manifest;
pub mod options_file;
mod report;
#[cfg(test)]
mod tests;
pub mod universal;

pub use report::{Difference, Report};

/// No table is larger than this: sums of sizes stay numbers.
const MAX_TABLE_BYTES: u64 = 1 << 45;

/// One database's history: its options, and every change of its shape.
#[derive(Clone, Debug)]
pub struct History {
    /// What governed its decisions.
    pub options: Options,
    /// Every change, in order.
    pub edits: Vec<Edit>,
    /// What an edit's place counts: `line` or `byte`.
    pub unit: &'static str,
    /// What there is in the history that the replay leaves out.
    pub notes: Vec<String>,
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

/// A table that comes.
#[derive(Clone, Debug)]
pub struct Added {
    /// Onto this level.
    pub level: usize,
    /// The table.
    pub table: Rc<TableMeta>,
    /// What level 0 is ordered by before anything else, where the history tells it: a table that merges others of level 0
    /// takes the place of the oldest of them.
    pub epoch: u64,
}

/// Reads a history of any format. `options` are those of a database whose history does not tell them.
///
/// # Errors
/// It is in no format that we know, or damaged, or of a database with another compaction style.
pub fn read(bytes: &[u8], options: &Options) -> Result<History> {
    if jsonl::is(bytes) {
        jsonl::read(bytes)
    } else if universal::is(bytes) {
        universal::read(bytes, options)
    } else if manifest::is(bytes) {
        manifest::read(bytes, options)
    } else {
        Err(Error::invalid(
            "this is no history: neither a MANIFEST of RocksDB nor JSON lines that begin with the options \
             ({\"tfs\": …, \"mult\": …, …}) or with a flush ([\"flush\", bytes, entries])",
        ))
    }
}

/// What was done to the tables of an edit.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Choice {
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
    pub real: Choice,
    /// Where it left the round-robin cursor of its start level, if it moved it.
    pub cursor: Option<Bytes>,
    /// What our policy says about the same version.
    pub ours: Option<Compaction>,
}

/// One edit of a history.
#[derive(Clone, Debug)]
pub enum Step {
    /// Tables were added to level 0. Before that the real database had nothing to compact; `ours` is what our policy would
    /// have.
    Flush {
        /// Where it is in the history.
        at: u64,
        /// What our policy would have compacted before.
        ours: Option<Compaction>,
    },
    /// A compaction.
    Decision(Decision),
    /// Anything else: the shape that a manifest begins with, tables that were brought in, counters.
    Other,
}

impl Decision {
    /// Whether ours is the same.
    pub fn matches(&self) -> bool {
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
        levels.entry(input.level).or_default().extend(&input.tables);
    }
    levels.values_mut().for_each(|tables| tables.sort_unstable());
    levels
}

/// A history that is being replayed, one edit at a time.
#[derive(Debug)]
pub struct Replay<H> {
    history: H,
    version: Version,
    epochs: BTreeMap<TableId, u64>,
    time: u64,
    next: usize,
}

impl<H: Borrow<History>> Replay<H> {
    /// From the beginning of `history`.
    pub fn new(history: H) -> Replay<H> {
        let version = Version::new(history.borrow().options.levels());
        Replay { history, version, epochs: BTreeMap::new(), time: 0, next: 0 }
    }

    /// The shape after the edits so far.
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// Asks our policy about the next edit, and makes it; none at the end.
    ///
    /// # Errors
    /// The edit does not fit the shape: the history is not whole.
    pub fn step(&mut self) -> Result<Option<Step>> {
        let Some(edit) = self.history.borrow().edits.get(self.next).cloned() else { return Ok(None) };
        let edit = &edit;
        self.next += 1;
        // The edit was made when its job ended; what it decided on was at least as old.
        let step = self.judge(edit);
        self.time = self.time.max(edit.time.unwrap_or(0));
        self.make(edit)?;
        if let Step::Decision(Decision { ours: Some(ours), .. }) = &step
            && let (true, Some(key)) = (edit.cursors.is_empty(), &ours.cursor)
        {
            // The history does not tell: where ours would go on is as good as any.
            self.version.set_cursor(ours.start_level(), Some(key.clone()))?;
        }
        Ok(Some(step))
    }

    fn judge(&self, edit: &Edit) -> Step {
        let is_flush = !edit.added.is_empty() && edit.added.iter().all(|a| a.level == 0);
        match edit.removed.is_empty() {
            true if is_flush => Step::Flush { at: edit.at, ours: self.ours() },
            true => Step::Other,
            false => Step::Decision(Decision {
                at: edit.at,
                real: choice(edit, self.history.borrow().options.compaction_style),
                cursor: edit.cursors.first().map(|(_, key)| key.clone()),
                ours: self.ours(),
            }),
        }
    }

    fn ours(&self) -> Option<Compaction> {
        let options = &self.history.borrow().options;
        policy_for(options).pick(&self.version, options, &Running::at(self.time))
    }

    fn make(&mut self, edit: &Edit) -> Result<()> {
        let unit = self.history.borrow().unit;
        let unfit =
            |what: String| Error::invalid(format!("the history does not fit together at {} {}: {what}", unit, edit.at));
        for (level, id) in &edit.removed {
            let tables = self.version.levels.get_mut(*level);
            let at = tables.as_ref().and_then(|tables| tables.iter().position(|t| t.id == *id));
            match (tables, at) {
                (Some(tables), Some(at)) => tables.remove(at),
                _ => return Err(unfit(format!("table {id}, which it removes, is not on level {level}"))),
            };
        }
        for added in &edit.added {
            self.put(added).map_err(unfit)?;
        }
        for (level, key) in &edit.cursors {
            self.version.set_cursor(*level, Some(key.clone()))?;
        }
        Ok(())
    }
}

impl<H> Replay<H> {
    /// Puts a table where it belongs on its level; or what is wrong with it.
    fn put(&mut self, added: &Added) -> Result<(), String> {
        let Added { level, table, epoch } = added;
        if table.smallest > table.largest || table.bytes > MAX_TABLE_BYTES {
            return Err(format!("table {} ends before it begins, or is larger than a file can be", table.id));
        }
        self.epochs.insert(table.id, *epoch);
        let order = |t: &TableMeta| (self.epochs.get(&t.id).copied().unwrap_or(0), t.largest_seq, t.smallest_seq, t.id);
        let levels = self.version.levels.len();
        let tables = self.version.levels.get_mut(*level).ok_or_else(|| {
            format!("it adds to level {level}, of {levels} levels: is num_levels as it was set there?")
        })?;
        let at = match level {
            0 => tables.partition_point(|t| order(t) > order(table)),
            _ => tables.partition_point(|t| t.smallest < table.smallest),
        };
        tables.insert(at, table.clone());
        Ok(())
    }
}

/// What the real database did. Only of FIFO compaction is it known that tables that leave nothing behind were dropped.
fn choice(edit: &Edit, style: CompactionStyle) -> Choice {
    let mut inputs: Vec<Inputs> = Vec::new();
    let mut removed = edit.removed.clone();
    removed.sort_unstable();
    for (level, table) in removed {
        match inputs.last_mut() {
            Some(last) if last.level == level => last.tables.push(table),
            _ => inputs.push(Inputs { level, tables: vec![table] }),
        }
    }
    let is_old = |added: &Added| edit.removed.iter().any(|(_, id)| *id == added.table.id);
    let moved = !edit.added.is_empty() && edit.added.iter().all(is_old);
    Choice {
        inputs,
        output_level: edit.added.first().map(|a| a.level),
        action: match style {
            _ if moved => Action::Move,
            CompactionStyle::Fifo if edit.added.is_empty() => Action::Drop,
            _ => Action::Merge,
        },
    }
}

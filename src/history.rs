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
//! A merge or a move is a decision. Our policy is asked about it on the version on which it was taken; it matches if it
//! picks the same inputs, the same output level, and the same action.
//!
//! A history records when a job *ended*. If the database was written to while it compacted, the decision was taken on
//! an earlier version than the one before its edit, while other jobs ran: the database's `LOG` tells on which, mostly
//! to one (`decided_on`; of LevelDB, `info_log::leveldb_jobs`). Without it, our policy is asked about the version
//! before the edit, which is exact for a writer that waits for the compactions after each flush. What no score asked
//! for, and what a log does not tell of though it tells of others, is named and counted apart ([`CompactionCause`]); it
//! never matches.
//!
//! Each format has its own module: [`jsonl`] (recorded leveled histories), [`universal`] (recorded universal ones),
//! [`manifest`] (the file of RocksDB and of LevelDB). A new format is one more module that makes a [`History`], and a
//! line in [`open`]. [`leveldb`] has LevelDB's own rules; [`history_timeline`] makes a timeline of a history.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use serde::Serialize;

use crate::{
    entry::Bytes,
    error::Error,
    options::Options,
    policy::{Action, Compaction, Inputs, LevelScore, Running, policy_for},
    version::{TableId, TableMeta, Version},
    words::say,
};

mod cause;
mod decided_on;
mod due;
mod edit_fields;
pub mod history_timeline;
mod info_log;
pub(crate) mod job_speed;
pub mod jsonl;
pub mod leveldb;
mod log;
pub mod log_report;
pub mod manifest;
pub mod options_file;
mod reader;
mod report;
mod run;
pub(crate) mod shape;
mod summary;
#[cfg(test)]
mod tests;
pub mod universal;

pub use cause::CompactionCause;
use decided_on::{DecidedOn, LoggedDecisions};
use job_speed::JobSpeed;
pub use reader::{FamilyHistory, HistoryRefusal, HistoryRequest, changed_options, open, open_families};
pub use report::{Difference, HistoryReport};
pub use run::HistoryRun;
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
    /// What the database's log tells of its decisions. Those that it does not tell of were taken on the version before
    /// their edit, if there is no log.
    logged: LoggedDecisions,
    /// When what was flushed was in the tree, by its edit, where a `LOG` tells: in microseconds, of the clock on the
    /// wall.
    pub(crate) flushed: BTreeMap<usize, u64>,
    /// How long its compactions took, if a `LOG` tells.
    pub(crate) speed: Option<JobSpeed>,
    /// Whether a `LOG` says that writes waited for flushes.
    pub(crate) waits_for_flushes: bool,
    /// The file's format, what was read, left out and assumed.
    pub summary: HistorySummary,
}

impl History {
    /// Of recorded lines of a RocksDB.
    fn of_lines(options: Options, edits: Vec<Edit>, summary: HistorySummary) -> History {
        History {
            options,
            rules: Rules::RocksDb,
            edits,
            unit: "line",
            is_periodic: false,
            logged: LoggedDecisions::default(),
            flushed: BTreeMap::new(),
            speed: None,
            waits_for_flushes: false,
            summary,
        }
    }

    /// `edit` does not fit the shape before it: `what` is wrong with it.
    pub(crate) fn unfit(&self, edit: &Edit, what: String) -> Error {
        let place = place_of(self.unit, edit.at);
        Error::invalid(say!("the history does not fit together at {place}: {what}", place, what))
    }

    /// Whether no flush came while a compaction ran: as far as is known, the writer waited for all that was due.
    pub(crate) fn flushes_wait(&self) -> bool {
        let waited = |(edit, decided): (&usize, &DecidedOn)| {
            let since = self.edits.get(*decided.edits.end()..*edit).unwrap_or_default();
            !since.iter().any(Edit::is_flush)
        };
        self.rules == Rules::RocksDb && self.logged.decided.iter().all(waited)
    }

    /// Whether nothing was due whenever a flush came: as far as is known, the writer waited for compactions.
    fn writer_waits(&self) -> bool {
        let waited = |(edit, decided): (&usize, &DecidedOn)| decided.edits.start() == edit;
        self.rules == Rules::RocksDb && self.logged.decided.iter().all(waited)
    }

    /// Every level's score on `version`, while the jobs of `running` run.
    fn scores(&self, version: &Version, running: &Running) -> Vec<LevelScore> {
        match self.rules {
            Rules::RocksDb => policy_for(&self.options).scores(version, &self.options, running),
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
    /// How many edits of all column families up to it made a version. In recorded lines it is 0.
    pub place: usize,
    /// Whether it made a version of its family: those of write-ahead logs do not, nor the last of a family.
    pub makes_version: bool,
}

impl Edit {
    /// Whether it adds or removes tables.
    pub(crate) fn changes_tree(&self) -> bool {
        !self.removed.is_empty() || !self.added.is_empty()
    }

    /// Whether it removes tables and adds others.
    fn is_merge(&self) -> bool {
        !self.removed.is_empty() && !self.added.is_empty() && !self.moves_all()
    }

    /// Whether all tables that it adds are among those that it removes.
    fn moves_all(&self) -> bool {
        // An edit may be of a hundred thousand tables.
        let mut removed: Vec<TableId> = self.removed.iter().map(|(_, table)| *table).collect();
        removed.sort_unstable();
        self.added.iter().all(|added| removed.binary_search(&added.table.id).is_ok())
    }

    /// Whether it removes one of `tables`.
    fn removes_any(&self, tables: &BTreeSet<TableId>) -> bool {
        self.removed.iter().any(|(_, table)| tables.contains(table))
    }

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
    /// Where our policy was asked, if the database's log tells when the decision was taken, and ours is another.
    pub asked_on: Option<Box<AskedOn>>,
    /// The cause of a compaction that no score explains.
    pub cause: Option<CompactionCause>,
    /// On how many versions, beside how many sets of running jobs it may have been taken, as far as is known.
    pub alternatives: usize,
}

/// The tree on which our policy was asked about a decision, and what ran then.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct AskedOn {
    /// After how many edits of its family it was taken, if that is known to one; of several, the first.
    pub edits: usize,
    /// On how many versions, beside how many sets of running jobs it may have been taken. Of several, this is the
    /// likely one on the first version.
    pub alternatives: usize,
    /// What ran then.
    pub running: Vec<EditAction>,
    /// How many tables and bytes each level held.
    pub levels: Vec<(u64, u64)>,
    /// Every level's score, as ours counts it.
    pub scores: Vec<LevelScore>,
}

/// How many tables and bytes each level holds.
fn amounts(version: &Version) -> Vec<(u64, u64)> {
    (0..version.levels.len()).map(|level| (version.levels[level].len() as u64, version.level_bytes(level))).collect()
}

/// One edit of a history.
#[derive(Clone, Debug)]
pub enum HistoryStep {
    /// Tables were added to level 0.
    Flush {
        /// Where it is in the history.
        at: u64,
        /// Whether our policy would have compacted before it; none where the database's log says that the writer did
        /// not wait for compactions: something may have been due.
        is_due: Option<bool>,
    },
    /// A compaction.
    Decision(Box<Decision>),
    /// Anything else: the first shape of a manifest, ingested tables, counters.
    Other,
}

impl Decision {
    /// Whether our decision is the same, or the real one follows from the rules at an open. What no score asked for
    /// never matches.
    pub fn matches(&self) -> bool {
        self.cause.map_or_else(|| self.is_same(), CompactionCause::is_predicted)
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

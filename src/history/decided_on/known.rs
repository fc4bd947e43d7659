//! Jobs of a `LOG` with their edits, and what bounds the decision of each.
//!
//! In: the edits of all families, and the [`LoggedJobs`]. Out: [`KnownJobs`]. A job and an edit belong together if the
//! inputs of the one are what the other removes. Where several jobs have the same inputs, all but the last failed.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{
    CompactionCause, Edit, EditAction,
    info_log::{LoggedJob, LoggedJobs, Numbering},
};
use crate::{
    policy::{Action, Inputs},
    version::TableId,
};

/// The jobs of a log, as far as they belong to these edits.
pub struct KnownJobs {
    /// In the order of the log.
    pub jobs: Vec<KnownJob>,
    /// Of each family, what asked for compactions where no score did, by their edits.
    pub causes: Vec<BTreeMap<usize, CompactionCause>>,
    /// Of each family, the edits of merges whose end is in the log, and not their beginning.
    pub unlogged: Vec<BTreeSet<usize>>,
}

/// What is known of one decision, in places among the edits of all families.
#[derive(Clone, Debug)]
pub struct KnownJob {
    pub family: usize,
    pub outcome: JobOutcome,
    /// Its place among all, in the likely order of decisions.
    pub order: (u64, u64),
    /// It was decided between these times, in microseconds.
    pub earliest: u64,
    pub latest: u64,
    /// The open of the database that it belongs to.
    pub session: u64,
    /// The number of the version that it was decided on.
    pub base: Option<u64>,
    /// Which numbers of versions can be compared with its own, if any can: those with the same.
    pub numbering: Option<Numbering>,
    pub inputs: BTreeSet<TableId>,
    /// Whether its version is one of the file's.
    pub is_placed: bool,
    pub lowest: usize,
    pub highest: usize,
}

/// What a job came to.
#[derive(Clone, Debug)]
pub enum JobOutcome {
    /// This edit of its family.
    Installed(usize),
    /// No edit: it failed, or still ran when the files were read. `ended`: when it had, in microseconds.
    Unfinished { action: EditAction, ended: Option<u64> },
}

/// An edit: which family, and which of its edits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct EditAt {
    family: usize,
    edit: usize,
}

/// Where edits are.
struct EditOrder<'a> {
    families: &'a [&'a [Edit]],
    /// Which edit is at a place, of those that change a tree.
    at: BTreeMap<usize, EditAt>,
    /// Which edits remove a table, in order.
    removed: BTreeMap<TableId, Vec<EditAt>>,
    /// Which edits add a table, in order.
    added: BTreeMap<TableId, Vec<EditAt>>,
}

impl<'a> EditOrder<'a> {
    fn of(families: &'a [&'a [Edit]]) -> EditOrder<'a> {
        let mut order = EditOrder { families, at: BTreeMap::new(), removed: BTreeMap::new(), added: BTreeMap::new() };
        for (family, edits) in families.iter().enumerate() {
            for (edit, found) in edits.iter().enumerate().filter(|(_, edit)| edit.changes_tree()) {
                let at = EditAt { family, edit };
                order.at.insert(found.place, at);
                for (_, table) in &found.removed {
                    order.removed.entry(*table).or_default().push(at);
                }
                for added in &found.added {
                    order.added.entry(added.table.id).or_default().push(at);
                }
            }
        }
        order
    }

    fn edit(&self, at: EditAt) -> &'a Edit {
        &self.families[at.family][at.edit]
    }

    /// The last edit that removes just the inputs of `job`, and moves them if it does.
    fn of_job(&self, job: &LoggedJob, inputs: &BTreeSet<TableId>, taken: &BTreeMap<EditAt, usize>) -> Option<EditAt> {
        let first = inputs.first()?;
        let fits = |at: &&EditAt| {
            let edit = self.edit(**at);
            let to = edit.added.iter().find(|added| added.table.id == *first).map(|added| added.level);
            to == job.moves_to
                && !taken.contains_key(*at)
                && edit.removed.len() == inputs.len()
                && edit.removed.iter().all(|(_, table)| inputs.contains(table))
        };
        self.removed.get(first)?.iter().rfind(fits).copied()
    }

    /// The family that all `inputs` are tables of.
    fn family_of(&self, inputs: &BTreeSet<TableId>) -> Option<usize> {
        let family = |table: &TableId| self.added.get(table).map(|edits| edits[0].family);
        let first = family(inputs.first()?)?;
        inputs.iter().all(|table| family(table) == Some(first)).then_some(first)
    }
}

impl KnownJobs {
    /// Matches jobs and edits, and bounds each decision by what was there and when.
    pub fn of(families: &[&[Edit]], logged: &LoggedJobs) -> KnownJobs {
        let order = EditOrder::of(families);
        let inputs: Vec<BTreeSet<TableId>> =
            logged.jobs.iter().map(|job| job.inputs.iter().map(|(_, table)| *table).collect()).collect();
        // Of several with the same inputs, the last is the one that did not fail.
        let mut of_edit: BTreeMap<EditAt, usize> = BTreeMap::new();
        for (number, job) in logged.jobs.iter().enumerate().rev() {
            if let Some(at) = order.of_job(job, &inputs[number], &of_edit) {
                of_edit.insert(at, number);
            }
        }
        let edits: BTreeMap<usize, EditAt> = of_edit.iter().map(|(at, number)| (*number, *at)).collect();
        let evidence = Evidence { order: &order, logged, of_edit: &of_edit };
        let unlogged = |(family, edits): (usize, &&[Edit])| {
            let is_unlogged = |edit: &usize| {
                let has_ended = edits[*edit].added.iter().any(|added| logged.tables.contains_key(&added.table.id));
                has_ended && !of_edit.contains_key(&EditAt { family, edit: *edit })
            };
            (0..edits.len()).filter(|edit| edits[*edit].is_merge()).filter(is_unlogged).collect::<BTreeSet<usize>>()
        };
        let unlogged = families.iter().enumerate().map(unlogged).collect();
        let mut known = KnownJobs { jobs: Vec::new(), causes: vec![BTreeMap::new(); families.len()], unlogged };
        for ((number, job), inputs) in logged.jobs.iter().enumerate().zip(inputs) {
            let (family, outcome, (lowest, highest)) = match edits.get(&number) {
                Some(at) => {
                    if let Some(cause) = job.cause() {
                        known.causes[at.family].insert(at.edit, cause);
                    }
                    (at.family, JobOutcome::Installed(at.edit), evidence.bounds(*at, job))
                }
                None if job.moves_to.is_none() => {
                    let Some(family) = order.family_of(&inputs) else { continue };
                    let ended = logged.ended.get(&(job.session, job.job)).copied();
                    (family, JobOutcome::Unfinished { action: job.action(), ended }, (0, 0))
                }
                None => continue,
            };
            let earliest = if job.moves_to.is_some() { job.decided } else { job.idle_until };
            known.jobs.push(KnownJob {
                family,
                outcome,
                order: (job.decided, job.order),
                earliest,
                latest: job.decided,
                session: job.session,
                base: job.base,
                numbering: logged.numbering(job.session, earliest, job.decided),
                inputs,
                is_placed: logged.rolled.is_none_or(|rolled| rolled < (job.session, job.decided)),
                lowest,
                highest,
            });
        }
        known
    }
}

impl KnownJob {
    /// Which edit of its family is its own.
    pub fn edit(&self) -> Option<usize> {
        match self.outcome {
            JobOutcome::Installed(edit) => Some(edit),
            JobOutcome::Unfinished { .. } => None,
        }
    }

    /// Whether the log says that it ended by `time`, if it has no edit.
    pub fn has_ended(&self, time: u64) -> bool {
        matches!(self.outcome, JobOutcome::Unfinished { ended: Some(ended), .. } if ended <= time)
    }

    /// The number of its version, and those that this can be compared with.
    pub fn number(&self) -> Option<(Numbering, i64)> {
        let base = i64::try_from(self.base?).ok().filter(|base| *base < 1 << 48)?;
        self.numbering.filter(|_| self.is_placed && self.edit().is_some()).map(|numbering| (numbering, base))
    }
}

impl LoggedJob {
    /// What it does.
    fn action(&self) -> EditAction {
        let mut inputs: Vec<Inputs> = Vec::new();
        for tables in self.inputs.chunk_by(|one, other| one.0 == other.0) {
            inputs.push(Inputs::listed(tables[0].0, tables.iter().map(|(_, table)| *table).collect()));
        }
        EditAction { inputs, output_level: self.output_level, action: Action::Merge }
    }
}

/// What bounds decisions.
struct Evidence<'a> {
    order: &'a EditOrder<'a>,
    logged: &'a LoggedJobs,
    of_edit: &'a BTreeMap<EditAt, usize>,
}

impl Evidence<'_> {
    fn job(&self, at: EditAt) -> Option<&LoggedJob> {
        self.of_edit.get(&at).map(|number| &self.logged.jobs[*number])
    }

    /// When what an edit adds was written.
    fn ready(&self, at: EditAt) -> Option<u64> {
        if let Some(job) = self.job(at).filter(|job| job.moves_to.is_some()) {
            return Some(job.decided);
        }
        let written = |table: TableId| self.logged.tables.get(&table).map(|table| table.written);
        self.order.edit(at).added.iter().filter_map(|added| written(added.table.id)).max()
    }

    /// When an edit had changed the tree.
    fn ended(&self, at: EditAt) -> Option<u64> {
        if let Some(job) = self.job(at) {
            return self.logged.ended.get(&(job.session, job.job)).copied();
        }
        // What is moved was flushed long ago.
        let edit = Some(self.order.edit(at)).filter(|edit| edit.is_flush())?;
        edit.added.iter().find_map(|added| self.logged.flushed.get(&added.table.id)).copied()
    }

    /// The places of the first and the last edit after which the decision of `job`, whose edit is `at`, can be.
    fn bounds(&self, at: EditAt, job: &LoggedJob) -> (usize, usize) {
        let order = self.order;
        let own = order.edit(at).place;
        let inputs = order.edit(at).removed.iter().filter_map(|(_, table)| {
            let places = order.added.get(table)?.iter().map(|at| order.edit(*at).place);
            places.take_while(|place| *place < own).last()
        });
        let mut lowest = inputs.max().unwrap_or(0);
        let mut highest = own.saturating_sub(1);
        for (place, at) in order.at.range(lowest + 1..own.max(lowest + 1)).rev() {
            if self.ready(*at).is_some_and(|ready| ready > job.decided) {
                highest = place - 1;
            }
            if self.ended(*at).is_some_and(|ended| ended <= job.idle_until) {
                lowest = *place;
                break;
            }
        }
        // A family's version is as old as its last edit.
        let own_edits = order.families[at.family];
        let last = |place: usize| {
            let until = own_edits.partition_point(|edit| edit.place <= place);
            own_edits[..until].iter().rev().find(|edit| edit.makes_version).map_or(0, |edit| edit.place)
        };
        (last(lowest), last(highest.max(lowest)))
    }
}

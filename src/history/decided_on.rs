//! On which version each decision was taken, and which jobs ran then, as far as a `LOG` tells.
//!
//! In: the edits of all column families in the order of the `MANIFEST`, and the [`LoggedJobs`]. Out: for each family
//! its [`LoggedDecisions`], and how often the log contradicts the manifest.
//!
//! A compaction is decided on the version that is current then, and its edit comes when it has ended; others have
//! changed the tree meanwhile. What is known of a decision:
//!
//! - Its inputs were in the tree: it comes after the edits that added them, and before its own.
//! - An edit whose tables were not yet written when the log says that the compaction begins comes after it. One that
//!   had been installed when the compaction's thread was still busy with something else comes before it.
//! - The log gives the version's number (`Base version 15`), which bounds it among the others' ([`numbers`]).
//!
//! Together they leave a range of edits, mostly of one. A trivial move has no number, and is decided while it holds the
//! lock under which versions change: only edits that wait with it to be committed can come between.
//!
//! A job of which no edit is known failed, or was still running when the files were read. It is no decision here, but
//! others were taken beside it: its inputs were busy until the log says that it ended.
//!
//! A merge whose tables the log tells of, and not its beginning, began before the log does: it may have run whenever
//! another was decided before its edit.
//!
//! Not every decision is placed. The manifest of a database is rolled at times: the new file begins with the tree as it
//! was, so that what was decided before lies on a version that the file does not have. And a log may be cut.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
};

use self::{
    known::{JobOutcome, KnownJob, KnownJobs},
    numbers::bound_by_numbers,
};
use super::{CompactionCause, Edit, EditAction, info_log::LoggedJobs};
use crate::version::TableId;

mod known;
mod numbers;
#[cfg(test)]
mod tests;

/// What a log tells of one family's decisions.
#[derive(Clone, Debug, Default)]
pub(super) struct LoggedDecisions {
    /// When each was taken, by its edit; those that are missing are not placed.
    pub decided: BTreeMap<usize, DecidedOn>,
    /// What asked for a compaction, where no score did, by its edit.
    pub causes: BTreeMap<usize, CompactionCause>,
    /// Of LevelDB: what was flushed after each merge was decided, and before its edit.
    pub flushed_later: BTreeMap<usize, Vec<TableId>>,
    /// Merges without an edit, to which [`Beside::Unfinished`] points.
    pub unfinished: Vec<EditAction>,
}

/// When a decision was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DecidedOn {
    /// After how many edits of its family; each of them can be.
    pub edits: RangeInclusive<usize>,
    /// On how many different versions that is.
    pub versions: usize,
    /// The jobs that were decided earlier and had not ended: from the one that was decided first on.
    pub after: Vec<Beside>,
    /// Those of which the log does not tell whether they ran already, or still, and whether that is more likely; of
    /// many, the least certain.
    pub around: Vec<(Beside, bool)>,
}

/// A job beside which a decision was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beside {
    /// The one whose edit this is, of the same family.
    Edit(usize),
    /// One without an edit: its place among [`LoggedDecisions::unfinished`].
    Unfinished(usize),
}

impl DecidedOn {
    /// How many versions and orders of jobs are possible.
    pub fn alternatives(&self) -> usize {
        self.versions << self.around.len()
    }
}

/// Of more jobs than this that may be earlier or later, the likely order is taken.
pub(super) const MAX_AROUND: usize = 5;
/// The log's lines are out of order by no more decisions than this.
const MAX_AHEAD: usize = 16;
/// A decision that may have been taken on more versions than this is not placed.
const MAX_VERSIONS: usize = 256;
/// No more jobs than this run at once without an edit.
const MAX_UNFINISHED: usize = 64;

/// For each family, what is known of its decisions; and how many numbers of versions contradict what else is known.
/// `families` are all, each with its edits in order.
pub(super) fn decided_on(families: &[&[Edit]], logged: &LoggedJobs) -> (Vec<LoggedDecisions>, usize) {
    let KnownJobs { mut jobs, causes, unlogged } = KnownJobs::of(families, logged);
    let contradictions = bound_by_numbers(&mut jobs, families.len());
    let mut found: Vec<LoggedDecisions> =
        causes.into_iter().map(|causes| LoggedDecisions { causes, ..LoggedDecisions::default() }).collect();
    jobs.sort_by_key(|job| job.order);
    // Of each family, the jobs that were decided earlier: by their edits, and those that have none.
    let mut earlier: Vec<BTreeMap<usize, usize>> = vec![BTreeMap::new(); families.len()];
    let mut earlier_unfinished: Vec<Vec<usize>> = vec![Vec::new(); families.len()];
    let besides = besides(&mut found, &jobs);
    for (at, job) in jobs.iter().enumerate() {
        let Some(edit) = job.edit() else {
            earlier_unfinished[job.family].push(at);
            continue;
        };
        let (edits, versions) = edits_of(families[job.family], edit, job);
        // Those that had ended before the first of them run no more.
        let start = *edits.start();
        let ahead = jobs[at + 1..].iter().zip(&besides[at + 1..]).take(MAX_AHEAD);
        let ahead =
            ahead.filter(|(other, _)| other.family == job.family && other.edit().is_none_or(|edit| edit >= start));
        let unfinished = earlier_unfinished[job.family].iter().rev().take(MAX_UNFINISHED).rev();
        let behind = unfinished.chain(earlier[job.family].range(start..).map(|(_, other)| other));
        let behind = behind.map(|other| (&jobs[*other], &besides[*other]));
        let (mut after, mut around) = (Vec::new(), Vec::new());
        for (other, beside) in behind.chain(ahead) {
            match other.runs_at(job) {
                Some(true) => after.push(*beside),
                Some(false) => {}
                None => {
                    let likely = other.order < job.order && !other.has_ended(job.latest);
                    around.push((other.latest.abs_diff(job.latest), *beside, likely));
                }
            }
        }
        // It began before the log does, or where that has a hole.
        let shares = |other: &usize| families[job.family][*other].removes_any(&job.inputs);
        let unlogged = unlogged[job.family].range(start..).take(MAX_AHEAD).filter(|other| !shares(other));
        around.extend(unlogged.map(|other| (u64::MAX, Beside::Edit(*other), true)));
        // What was logged at about the same time is the least certain.
        around.sort_by_key(|(apart, ..)| *apart);
        let likely = around.drain(around.len().min(MAX_AROUND)..).filter(|(_, _, likely)| *likely);
        after.extend(likely.map(|(_, other, _)| other));
        let around = around.into_iter().map(|(_, other, likely)| (other, likely)).collect();
        earlier[job.family].insert(edit, at);
        if job.is_placed && versions <= MAX_VERSIONS {
            found[job.family].decided.insert(edit, DecidedOn { edits, versions, after, around });
        }
    }
    (found, contradictions)
}

/// How each job is named as one beside which others were decided; those without an edit go to their families.
fn besides(found: &mut [LoggedDecisions], jobs: &[KnownJob]) -> Vec<Beside> {
    let beside = |job: &KnownJob| match &job.outcome {
        JobOutcome::Installed(edit) => Beside::Edit(*edit),
        JobOutcome::Unfinished { action, .. } => {
            let unfinished = &mut found[job.family].unfinished;
            unfinished.push(action.clone());
            Beside::Unfinished(unfinished.len() - 1)
        }
    };
    jobs.iter().map(beside).collect()
}

/// After how many edits of its family, whose own is `edit`, `job` was decided, and on how many versions that is: an
/// edit that changes no tree makes no other one.
fn edits_of(family: &[Edit], edit: usize, job: &KnownJob) -> (RangeInclusive<usize>, usize) {
    let made_by = |place: usize| {
        let count = family.partition_point(|edit| edit.place <= place).min(edit);
        family[..count].iter().rposition(Edit::changes_tree).map_or(0, |last| last + 1)
    };
    let edits = made_by(job.lowest)..=made_by(job.highest);
    let versions =
        1 + family[*edits.start()..(*edits.end()).max(*edits.start())].iter().filter(|e| e.changes_tree()).count();
    (edits, versions)
}

impl KnownJob {
    /// Whether it was decided before `other`, if that is known.
    fn is_before(&self, other: &KnownJob) -> Option<bool> {
        match (self.base, other.base) {
            _ if self.session != other.session => Some(self.session < other.session),
            (Some(one), Some(two)) if one != two => Some(one < two),
            _ if self.latest <= other.earliest => Some(true),
            _ if other.latest <= self.earliest => Some(false),
            _ => None,
        }
    }

    /// Whether it ran when `other` was decided, if that is known. When one with an edit ended, that tells.
    fn runs_at(&self, other: &KnownJob) -> Option<bool> {
        let is_before = self.is_before(other);
        if self.edit().is_some() || is_before == Some(false) {
            return is_before;
        }
        let shares = |inputs: &BTreeSet<u64>| other.inputs.iter().any(|input| inputs.contains(input));
        if self.session != other.session || self.has_ended(other.earliest) || shares(&self.inputs) {
            return Some(false);
        }
        is_before.filter(|_| !self.has_ended(other.latest))
    }
}

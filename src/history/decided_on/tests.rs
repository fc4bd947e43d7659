use std::rc::Rc;

use super::{
    super::{
        Added,
        info_log::{LoggedJob, LoggedTable},
    },
    *,
};
use crate::version::{TableId, TableMeta};

/// Edits of one family, with places from 1 on: each removes and adds tables.
fn edits(changes: &[(&[TableId], &[TableId])]) -> Vec<Edit> {
    let added =
        |id: &TableId| Added { level: 0, table: Rc::new(TableMeta { id: *id, ..TableMeta::default() }), epoch: 0 };
    let edit = |(at, (removed, new)): (usize, &(&[TableId], &[TableId]))| Edit {
        place: at + 1,
        makes_version: true,
        removed: removed.iter().map(|id| (0, *id)).collect(),
        added: new.iter().map(added).collect(),
        ..Edit::default()
    };
    changes.iter().enumerate().map(edit).collect()
}

fn job(base: u64, decided: u64, input: TableId) -> LoggedJob {
    LoggedJob { base: Some(base), decided, inputs: vec![(0, input)], ..LoggedJob::default() }
}

fn found(edits: &[Edit], jobs: Vec<LoggedJob>) -> BTreeMap<usize, DecidedOn> {
    decided_on(&[edits], &LoggedJobs { jobs, ..LoggedJobs::default() }).0.remove(0).decided
}

/// Five flushes and three merges. The numbers of the first and the last leave one version to the one between.
#[test]
fn the_number_of_a_version_says_after_which_edit_a_decision_was_taken() {
    let edits =
        edits(&[(&[], &[1]), (&[], &[2]), (&[1], &[11]), (&[], &[3]), (&[], &[4]), (&[2], &[12]), (&[4], &[14])]);
    let found = found(&edits, vec![job(5, 0, 1), job(6, 1, 2), job(10, 2, 4)]);
    let ranges: Vec<_> = found.values().map(|decided| decided.edits.clone()).collect();
    assert_eq!(ranges, [1..=1, 2..=2, 6..=6]);
    // The second was taken while the first ran, the third when both had ended.
    assert_eq!((&found[&5].after[..], &found[&6].after[..]), (&[Beside::Edit(2)][..], &[][..]));
}

#[test]
fn edits_that_are_committed_together_leave_a_range() {
    let edits = edits(&[(&[], &[1]), (&[], &[2]), (&[], &[3]), (&[], &[4]), (&[1], &[11]), (&[4], &[14])]);
    // One or two of the edits from the first to the fourth share a version with another, and it is not known which.
    let found = found(&edits, vec![job(1, 0, 1), job(3, 1, 4)]);
    assert_eq!((found[&4].edits.clone(), found[&5].edits.clone()), (1..=3, 4..=5));
}

#[test]
fn tables_that_were_not_written_yet_come_after_a_decision() {
    let edits = edits(&[(&[], &[1]), (&[], &[2]), (&[], &[3]), (&[1], &[11])]);
    let mut logged = LoggedJobs { jobs: vec![LoggedJob { base: None, ..job(0, 50, 1) }], ..LoggedJobs::default() };
    for (table, written) in [(1, 10), (2, 40), (3, 60)] {
        logged.tables.insert(table, LoggedTable { written, ..LoggedTable::default() });
    }
    let ask = |logged: &LoggedJobs| decided_on(&[&edits], logged).0[0].decided[&3].edits.clone();
    assert_eq!(ask(&logged), 1..=2);
    // Table 2 was in the tree before its thread had time.
    logged.flushed.insert(2, 45);
    logged.jobs[0].idle_until = 46;
    assert_eq!(ask(&logged), 2..=2);
}

/// A log of another database, or one that is cut, names what no edit has.
#[test]
fn jobs_without_an_edit_are_passed_over() {
    let edits = edits(&[(&[], &[1]), (&[1], &[11])]);
    assert!(found(&edits, vec![job(1, 0, 77), LoggedJob::default()]).is_empty());
    assert!(decided_on(&[], &LoggedJobs::default()).0.is_empty());
}

/// What began with the same inputs before failed: it is no decision, and what came meanwhile was decided beside it.
#[test]
fn of_jobs_with_the_same_inputs_the_last_has_the_edit() {
    let edits = edits(&[(&[], &[1]), (&[], &[2]), (&[2], &[12]), (&[1], &[11])]);
    let jobs = vec![
        LoggedJob { job: 1, order: 0, ..job(2, 10, 1) },
        LoggedJob { job: 2, order: 1, idle_until: 15, ..job(2, 20, 2) },
        LoggedJob { job: 3, order: 2, idle_until: 35, ..job(3, 40, 1) },
    ];
    let mut logged = LoggedJobs { jobs, ..LoggedJobs::default() };
    logged.ended.insert((0, 1), 30);
    let decisions = decided_on(&[&edits], &logged).0.remove(0);
    assert_eq!(decisions.unfinished.len(), 1);
    let after = |edit: usize| decisions.decided[&edit].after.clone();
    assert_eq!((after(2), after(3)), (vec![Beside::Unfinished(0)], vec![]));
    assert_eq!(decisions.decided[&3].edits, 3..=3);
}

/// A job that still ran when the files were read has no end.
#[test]
fn a_job_without_an_edit_runs_until_it_ends() {
    let edits = edits(&[(&[], &[1]), (&[], &[2]), (&[2], &[12])]);
    let still = LoggedJob { output_level: Some(3), ..job(1, 10, 1) };
    let jobs = vec![still, LoggedJob { job: 2, order: 1, idle_until: 15, ..job(2, 20, 2) }];
    let decisions = decided_on(&[&edits], &LoggedJobs { jobs, ..LoggedJobs::default() }).0.remove(0);
    assert_eq!(decisions.decided[&2].after, [Beside::Unfinished(0)]);
    assert_eq!(decisions.unfinished[0].output_level, Some(3));
}

/// An edit that changes no tree makes a version too, as `SetOptions` did until release 9: what follows has a higher
/// number, and the second decision can be before the first edit of a merge.
#[test]
fn an_edit_without_tables_counts_as_a_version() {
    let mut edits = edits(&[(&[], &[1]), (&[], &[]), (&[], &[2]), (&[1], &[11]), (&[2], &[12])]);
    let decided = found(&edits, vec![job(1, 0, 1), job(3, 1, 2)]);
    assert_eq!((decided[&3].edits.clone(), decided[&3].versions), (1..=1, 1), "the second edit changes nothing");
    assert_eq!((decided[&4].edits.clone(), decided[&4].versions), (3..=4, 2));
    // Were it not counted, the third version could only be that after the merge.
    edits[1].makes_version = false;
    edits[1..].iter_mut().for_each(|edit| edit.place -= 1);
    assert_eq!(found(&edits, vec![job(1, 0, 1), job(3, 1, 2)])[&4].edits, 4..=4);
}

/// Versions that no edit tells of: the numbers say more than there is.
#[test]
fn numbers_that_contradict_the_tables_are_not_believed() {
    let edits = edits(&[(&[], &[1]), (&[1], &[11]), (&[], &[2]), (&[2], &[12]), (&[], &[3]), (&[3], &[13])]);
    let jobs = vec![job(1, 0, 1), job(9, 1, 2), job(11, 2, 3)];
    let (mut decisions, contradictions) = decided_on(&[&edits], &LoggedJobs { jobs, ..LoggedJobs::default() });
    let decided = decisions.remove(0).decided;
    assert_eq!(contradictions, 1);
    assert_eq!(decided.values().map(|one| one.edits.clone()).collect::<Vec<_>>(), [1..=1, 3..=3, 5..=5]);
}

/// What was decided before the manifest was rolled is not placed; others were decided beside it.
#[test]
fn what_was_decided_before_the_manifest_was_rolled_is_not_placed() {
    let edits = edits(&[(&[], &[1, 2]), (&[], &[3]), (&[1], &[11]), (&[3], &[13])]);
    let jobs = vec![job(7, 10, 1), LoggedJob { order: 1, idle_until: 25, ..job(9, 30, 3) }];
    let logged = LoggedJobs { jobs, rolled: Some((0, 20)), ..LoggedJobs::default() };
    let decided = decided_on(&[&edits], &logged).0.remove(0).decided;
    assert_eq!(decided.keys().collect::<Vec<_>>(), [&3]);
    assert_eq!(decided[&3].after, [Beside::Edit(2)]);
}

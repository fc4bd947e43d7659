//! On which version each decision was taken, and which jobs ran then, as far as a `LOG` tells.
//!
//! In: the edits of all column families in the order of the `MANIFEST`, and the [`LoggedJobs`]. Out: for each edit of
//! a compaction a [`DecidedOn`].
//!
//! A compaction is decided on the version that is current then, and its edit comes when it has ended; others have
//! changed the tree meanwhile. What is known of a decision:
//!
//! - Its inputs were in the tree: it comes after the edits that added them, and before its own.
//! - An edit whose tables were not yet written when the log says that the compaction begins comes after it. One that
//!   had been installed when the compaction's thread was still busy with something else comes before it.
//! - The log gives the version's number (`Base version 15`). Each edit of any family makes one more, but edits that are
//!   committed together share one: so that the number of edits less the number of the version never falls.
//!
//! ```text
//!   edits        1   2   3   4   5   6   7        2 and 3 were committed together
//!   version      5   6───6   7   8   9  10
//!   difference  −4  −4  −3  −3  −3  −3  −3        of a decision on version 8: edit 5
//! ```
//!
//! Together they leave a range of edits, mostly of one. A trivial move has no number, and is decided while it holds the
//! lock under which versions change: only edits that wait with it to be committed can come between.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    ops::RangeInclusive,
};

use super::{Added, Edit, info_log::LoggedJobs};
use crate::version::TableId;

/// When a decision was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DecidedOn {
    /// After how many edits of its family; each of them can be.
    pub edits: RangeInclusive<usize>,
    /// Those that were taken earlier, by their edits: from the one that was taken first on.
    pub after: Vec<usize>,
    /// Those of which the log does not tell whether they were taken earlier or later, as far as they are few, and
    /// whether they are more likely earlier.
    pub around: Vec<(usize, bool)>,
}

impl DecidedOn {
    /// How many versions and orders of jobs are possible.
    pub fn alternatives(&self) -> usize {
        self.edits.clone().count() << self.around.len()
    }
}

/// An edit: which family, and which of its edits.
type At = (usize, usize);

/// What is known of one decision, in places among the edits of all families.
struct Known {
    at: At,
    order: (u64, u64),
    /// It was taken between these times.
    earliest: u64,
    latest: u64,
    base: Option<u64>,
    lowest: usize,
    highest: usize,
}

/// For each family, what is known of its decisions, by their edits. `families` are all, each with its edits in order.
pub(super) fn decided_on(families: &[&[Edit]], logged: &LoggedJobs) -> Vec<BTreeMap<usize, DecidedOn>> {
    let order = Order::of(families);
    let mut known = known(families, logged, &order);
    bound_by_numbers(&mut known, families.len());
    let mut found = vec![BTreeMap::new(); families.len()];
    known.sort_by_key(|one| one.order);
    // Of each family, those that were taken earlier, by their edits.
    let mut earlier: Vec<BTreeMap<usize, usize>> = vec![BTreeMap::new(); families.len()];
    for (at, one) in known.iter().enumerate() {
        let (family, edit) = one.at;
        let made_by = |place: usize| families[family].partition_point(|edit| edit.place <= place);
        let edits = made_by(one.lowest)..=made_by(one.highest).min(edit);
        let mut decided = DecidedOn { edits, after: Vec::new(), around: Vec::new() };
        // Those that had ended before the first of them run no more.
        let start = *decided.edits.start();
        let ahead = known[at + 1..].iter().take(MOST_AHEAD).filter(|other| other.at.0 == family && other.at.1 >= start);
        let behind = earlier[family].range(start..).map(|(_, other)| &known[*other]);
        for other in behind.chain(ahead) {
            match other.is_before(one) {
                Some(true) => decided.after.push(other.at.1),
                Some(false) => {}
                None => decided.around.push((other.at.1, other.order < one.order)),
            }
        }
        if decided.around.len() > MOST_AROUND {
            let around = std::mem::take(&mut decided.around);
            decided.after.extend(around.into_iter().filter(|(_, earlier)| *earlier).map(|(other, _)| other));
        }
        earlier[family].insert(edit, at);
        found[family].insert(edit, decided);
    }
    found
}

/// The likely order is taken where more decisions than this may be earlier or later.
const MOST_AROUND: usize = 5;
/// The log's lines are out of order by no more decisions than this.
const MOST_AHEAD: usize = 16;

impl Known {
    /// Whether it was taken before `other`, if that is known.
    fn is_before(&self, other: &Known) -> Option<bool> {
        match (self.base, other.base) {
            (Some(one), Some(two)) if one != two => Some(one < two),
            _ if self.latest <= other.earliest => Some(true),
            _ if other.latest <= self.earliest => Some(false),
            _ => None,
        }
    }
}

/// Where edits are.
struct Order {
    /// Which edit is at a place, of those that change a tree.
    at: BTreeMap<usize, At>,
    /// Which edits remove a table, in order.
    removed: BTreeMap<TableId, Vec<At>>,
    /// At which places edits add a table, in order.
    added: BTreeMap<TableId, Vec<usize>>,
}

impl Order {
    fn of(families: &[&[Edit]]) -> Order {
        let mut order = Order { at: BTreeMap::new(), removed: BTreeMap::new(), added: BTreeMap::new() };
        for (family, edits) in families.iter().enumerate() {
            for (at, edit) in edits.iter().enumerate().filter(|(_, edit)| edit.changes_tree()) {
                order.at.insert(edit.place, (family, at));
                for (_, table) in &edit.removed {
                    order.removed.entry(*table).or_default().push((family, at));
                }
                for Added { table, .. } in &edit.added {
                    order.added.entry(table.id).or_default().push(edit.place);
                }
            }
        }
        order
    }
}

/// Matches jobs and edits by their inputs, and bounds each decision by what was there and when.
fn known(families: &[&[Edit]], logged: &LoggedJobs, order: &Order) -> Vec<Known> {
    let edit = |(family, at): At| &families[family][at];
    let mut taken = BTreeSet::new();
    let mut found: Vec<(At, usize)> = Vec::new();
    for (number, job) in logged.jobs.iter().enumerate() {
        let Some((_, first)) = job.inputs.first() else { continue };
        let fits = |at: &&At| {
            let to = edit(**at).added.iter().find(|added| added.table.id == *first).map(|added| added.level);
            to == job.moves_to && !taken.contains(*at)
        };
        if let Some(at) = order.removed.get(first).and_then(|edits| edits.iter().find(fits)) {
            taken.insert(*at);
            found.push((*at, number));
        }
    }
    let of_edit: BTreeMap<At, usize> = found.iter().copied().collect();
    // When what an edit adds was written, and when the tree had been changed.
    let ready = |at: At| match of_edit.get(&at).map(|number| &logged.jobs[*number]) {
        Some(job) if job.moves_to.is_some() => Some(job.decided),
        _ => edit(at).added.iter().filter_map(|added| logged.tables.get(&added.table.id)).map(|t| t.written).max(),
    };
    let ended = |at: At| {
        let job = match of_edit.get(&at) {
            Some(number) => Some(logged.jobs[*number].job),
            // What is moved was flushed long ago.
            None if !edit(at).is_flush() => None,
            None => return edit(at).added.iter().find_map(|added| logged.flushed.get(&added.table.id)).copied(),
        };
        job.and_then(|job| logged.ended.get(&job).copied())
    };
    let mut known = Vec::new();
    for (at, number) in found {
        let job = &logged.jobs[number];
        let own = edit(at).place;
        let inputs = edit(at).removed.iter().filter_map(|(_, table)| {
            let places = order.added.get(table)?;
            places[..places.partition_point(|place| *place < own)].last()
        });
        let mut lowest = inputs.max().copied().unwrap_or(0);
        let mut highest = own - 1;
        for (place, at) in order.at.range(lowest + 1..own.max(lowest + 1)).rev() {
            if ready(*at).is_some_and(|ready| ready > job.decided) {
                highest = place - 1;
            }
            if ended(*at).is_some_and(|ended| ended <= job.idle_until) {
                lowest = *place;
                break;
            }
        }
        // A family's version is as old as its last edit.
        let own_edits = families[at.0];
        let last = |place: usize| {
            let until = own_edits.partition_point(|edit| edit.place <= place);
            own_edits[..until].iter().rev().find(|edit| edit.changes_tree()).map_or(0, |edit| edit.place)
        };
        let (lowest, highest) = (last(lowest), last(highest.max(lowest)));
        known.push(Known {
            at,
            order: (job.decided, job.order),
            earliest: if job.moves_to.is_some() { job.decided } else { job.idle_until },
            latest: job.decided,
            base: job.base,
            lowest,
            highest,
        });
    }
    known
}

/// Bounds each decision by the number of its version, among the others'.
///
/// A version is as old as the last edit of its family that made it. The edits of one group lie together, and of each
/// family that they change they make one version: so two versions that are as many apart as there are families, or
/// more, are of different groups, and at least all but the others of these two groups lie between.
fn bound_by_numbers(known: &mut [Known], families: usize) {
    let mut versions: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
    for one in known.iter() {
        let Some(base) = one.base else { continue };
        let (lowest, highest) = versions.entry(base as i64).or_insert((0, i64::MAX));
        (*lowest, *highest) = ((*lowest).max(one.lowest as i64), (*highest).min(one.highest as i64));
    }
    let apart = families as i64;
    let bases: Vec<i64> = versions.keys().copied().collect();
    let mut least = Furthest::new(apart);
    for base in &bases {
        let (lowest, _) = versions.get_mut(base).expect("one of them");
        *lowest = (*lowest).max(least.before(*base).map_or(0, |places| places + *base - (apart - 1)));
        least.note(*base, *lowest - *base);
    }
    let mut most = Furthest::new(apart);
    for base in bases.iter().rev() {
        let (_, highest) = versions.get_mut(base).expect("one of them");
        *highest = (*highest).min(most.before(-*base).map_or(i64::MAX, |places| -places + *base + (apart - 1)));
        most.note(-*base, *base - *highest);
    }
    for one in known {
        let Some((lowest, highest)) = one.base.and_then(|base| versions.get(&(base as i64))) else { continue };
        // Whatever the numbers say, what was there and when is as certain.
        let within = |place: i64| (place.max(0) as usize).clamp(one.lowest, one.highest);
        (one.lowest, one.highest) = (within(*lowest), within(*highest));
    }
}

/// The largest of what was noted at least so far before.
struct Furthest {
    apart: i64,
    noted: VecDeque<(i64, i64)>,
    largest: Option<i64>,
}

impl Furthest {
    fn new(apart: i64) -> Furthest {
        Furthest { apart, noted: VecDeque::new(), largest: None }
    }

    fn before(&mut self, at: i64) -> Option<i64> {
        while let Some((_, value)) = self.noted.pop_front_if(|(noted, _)| *noted + self.apart <= at) {
            self.largest = self.largest.max(Some(value));
        }
        self.largest
    }

    fn note(&mut self, at: i64, value: i64) {
        self.noted.push_back((at, value));
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::{super::info_log::LoggedJob, *};
    use crate::version::TableMeta;

    /// Edits of one family, with places from 1 on: each removes and adds tables.
    fn edits(changes: &[(&[TableId], &[TableId])]) -> Vec<Edit> {
        let added =
            |id: &TableId| Added { level: 0, table: Rc::new(TableMeta { id: *id, ..TableMeta::default() }), epoch: 0 };
        let edit = |(at, (removed, new)): (usize, &(&[TableId], &[TableId]))| Edit {
            place: at + 1,
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
        decided_on(&[edits], &LoggedJobs { jobs, ..LoggedJobs::default() }).remove(0)
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
        assert_eq!((&found[&5].after[..], &found[&6].after[..]), (&[2][..], &[][..]));
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
            logged.tables.insert(table, super::super::info_log::LoggedTable { written, ..Default::default() });
        }
        let ask = |logged: &LoggedJobs| decided_on(&[&edits], logged)[0][&3].edits.clone();
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
        assert!(decided_on(&[], &LoggedJobs::default()).is_empty());
    }
}

//! Sorted runs, as the policies see them that merge by age and size.
//!
//! In: the tree, and the running jobs. Out: its runs, newest first; and compactions that merge whole runs.
//!
//! A run is one table of level 0, or all of a deeper level. Tables of level 0 whose sequence numbers interleave
//! (size-tiered compaction leaves such) count as one: taking one down without the other could let an older version
//! overtake.
//!
//! ```text
//!   level 0   [ 9: seq 41-50 ]                          run 1
//!             [ 7: seq 21-40 ][ 8: seq 25-30 ]          run 2: they interleave
//!   level 3   [ 4: a-k ][ 5: l-z ]                      run 3
//! ```

use super::{
    Action, By, Compaction, CountedRuns, Cuts, Formula, Inputs, LevelScore, Levels, Limit, Policy, Reason, Rule,
    Running, Selection, Term, Verdict, WeighedRun,
    bottom::Bottom,
    overlap::{self, Jobs, KeyRange, List, TableList},
    score::Weights,
};
use crate::{
    entry::SeqNo,
    options::Options,
    version::{Level, TableMeta},
};

/// One sorted run.
#[derive(Clone, Debug)]
pub(super) struct Run<'a> {
    pub level: usize,
    pub tables: TableList<'a>,
    /// Its bytes.
    pub bytes: u64,
    /// Its bytes, compensated for tombstones.
    pub weighed: u64,
    /// Whether a job holds any of it.
    pub busy: bool,
}

/// The runs of `tree`, newest first.
pub(super) fn runs<'a>(tree: &'a dyn Levels, jobs: &Jobs<'_>) -> Vec<Run<'a>> {
    let weights = Weights::new(tree);
    let newest = by_age(tree.level_0()).into_iter().map(|tables| Run {
        level: 0,
        bytes: tables.iter().map(|t| t.bytes).sum(),
        weighed: tables.iter().map(|t| weights.of(t)).sum(),
        busy: jobs.any_busy(tables.iter().copied()),
        tables: TableList::List(tables),
    });
    // The others may have thousands of tables: their totals are kept.
    let older = (1..tree.count()).filter(|level| tree.len(*level) > 0).map(|level| Run {
        level,
        bytes: tree.totals(level).bytes,
        weighed: weights.of_sum(tree.totals(level)),
        busy: jobs.busy_on(level).next().is_some(),
        tables: overlap::all(tree.version(), level),
    });
    newest.chain(older).collect()
}

/// The tables of level 0, newest first, those that interleave together.
fn by_age(level_0: &Level) -> Vec<List<'_>> {
    let mut groups: Vec<List<'_>> = Vec::new();
    let mut oldest = SeqNo::MAX;
    for table in level_0.iter().map(|t| &**t) {
        match groups.last_mut().filter(|_| table.largest_seq > oldest) {
            Some(group) => group.push(table),
            None => groups.push(vec![table]),
        }
        oldest = oldest.min(table.smallest_seq);
    }
    groups
}

/// Where the merge of some runs goes, when `next` is the newest of those that are older than all of them: as far down
/// as there is room above it.
pub(super) fn output_level(tree: &dyn Levels, next: Option<&Run<'_>>) -> usize {
    next.map_or(tree.count() - 1, |run| run.level.saturating_sub(1))
}

/// Merges `span`, which is all there is of these runs, into `output_level`; none if a job writes there.
pub(super) fn merge(
    options: &Options,
    jobs: &Jobs<'_>,
    span: &[Run<'_>],
    output_level: usize,
    reason: Reason,
) -> Option<Compaction> {
    let range = span.iter().filter_map(|run| run.tables.range()).reduce(KeyRange::union);
    if span.iter().any(|run| run.busy) || (output_level > 0 && jobs.write_into(output_level, range?)) {
        return None;
    }
    let mut inputs: Vec<Inputs> = Vec::new();
    for run in span {
        let ids = run.tables.ids();
        match inputs.last_mut().filter(|last| last.level == run.level) {
            Some(Inputs { tables: Selection::Ids(last), .. }) => last.extend(ids),
            _ => inputs.push(Inputs::listed(run.level, ids)),
        }
    }
    let target_file_size = match output_level {
        // A run of level 0 is one table.
        0 => u64::MAX,
        level => options.target_file_size(level, None),
    };
    let (cuts, cursor) = (Cuts::default(), None);
    Some(Compaction { action: Action::Merge, inputs, output_level, target_file_size, reason, cuts, cursor })
}

/// A manual compaction: everything into one run on level `output`. None if it is that already, if the `level` asked for
/// is empty, or if a job is running.
pub(super) fn merge_everything(
    tree: &dyn Levels,
    options: &Options,
    running: &Running,
    level: Option<usize>,
    output: usize,
    scores: Vec<LevelScore>,
) -> Option<Compaction> {
    let jobs = Jobs::new(running);
    let runs = runs(tree, &jobs);
    let asked = level.is_none_or(|level| level < tree.count() && tree.len(level) > 0);
    let done = match &runs[..] {
        [] => true,
        [one] => one.level == output && (output > 0 || one.tables.len() == 1),
        _ => false,
    };
    if !asked || done || !jobs.is_idle() {
        return None;
    }
    let weighed = runs.iter().map(|run| weighed(run, Verdict::Picked)).collect();
    let reason = Reason { scores, runs: weighed, ..Reason::of(Rule::Manual, "compact") };
    merge(options, &jobs, &runs, output, reason)
}

/// What a person asked for, of a policy whose last run lies on level `output`: everything into that run; and where it
/// is that already, what of it [may go](super::bottom).
pub(super) fn pick_manual(
    tree: &dyn Levels,
    options: &Options,
    running: &Running,
    level: Option<usize>,
    output: usize,
    policy: &dyn Policy,
) -> Option<Compaction> {
    let scores = || policy.scores(tree, options, running);
    merge_everything(tree, options, running, level, output, scores()).or_else(|| {
        let due = Bottom::new(tree, options, running).asked_for(level)?;
        Some(due.compaction(|level| options.target_file_size(level, None), scores()))
    })
}

/// The compaction that is due on the last level, of a policy that has no other use for it.
pub(super) fn bottommost(
    tree: &dyn Levels,
    options: &Options,
    running: &Running,
    policy: &dyn Policy,
) -> Option<Compaction> {
    let due = Bottom::new(tree, options, running).due()?;
    Some(due.compaction(|level| options.target_file_size(level, None), policy.scores(tree, options, running)))
}

/// A run as a reason shows it.
pub(super) fn weighed(run: &Run<'_>, verdict: Verdict) -> WeighedRun {
    WeighedRun { level: run.level, tables: run.tables.ids(), bytes: run.bytes, verdict }
}

/// A score that is a count by its limit, what set it, and its term: `2 runs in one tier / limit 3`.
pub(super) fn by_count(held: usize, of: CountedRuns, limit: Limit) -> (f64, By, Term) {
    // A real database may have a trigger below 0, which is 0 here: no number is ever due.
    let score = if limit.value == 0.0 { 0.0 } else { held as f64 / limit.value };
    let by = if held == 0 { By::None } else { By::Runs };
    (score, by, Term::Of { held: held as u64, of, limit })
}

/// The scores of a policy that has one score for the whole tree: `first` is that score, what set it and its term, shown
/// at level 0; for the other levels, `others` says why they have none.
pub(super) fn scores(
    tree: &dyn Levels,
    jobs: &Jobs<'_>,
    first: (f64, By, Term),
    others: &'static str,
) -> Vec<LevelScore> {
    let (score, by, term) = first;
    let of = |level: usize| {
        let idle = || tree.version().levels[level].iter().map(|t| &**t).filter(|t: &&TableMeta| !jobs.is_busy(t));
        LevelScore {
            level,
            score: if level == 0 { score } else { 0.0 },
            tables: idle().count() as u64,
            bytes: idle().map(|t| t.bytes).sum(),
            entries: idle().map(|t| t.entries).sum(),
            target_bytes: None,
            by: if level == 0 { by } else { By::None },
            formula: if level == 0 { Formula::new(term.clone()) } else { Formula::words(others) },
        }
    };
    (0..tree.count()).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{policy::testing::tree, version::Version};

    #[test]
    fn tables_that_interleave_are_one_run() {
        let mut version =
            tree(&[(0, 10, "a", "m", 10), (0, 20, "b", "z", 10), (0, 30, "a", "z", 10), (3, 4, "c", "d", 10)]);
        let shape = |version: &Version| {
            let running = Running::default();
            let jobs = Jobs::new(&running);
            runs(version, &jobs).iter().map(|run| (run.level, run.tables.ids())).collect::<Vec<_>>()
        };
        assert_eq!(shape(&version), [(0, vec![30]), (0, vec![20]), (0, vec![10]), (3, vec![4])]);
        // Now the newest table also has a write that is older than all of the next.
        let mut level_0 = version.levels[0].to_vec();
        std::rc::Rc::make_mut(&mut level_0[0]).smallest_seq = 15;
        version.levels[0] = level_0.into();
        assert_eq!(shape(&version), [(0, vec![30, 20]), (0, vec![10]), (3, vec![4])]);
    }
}

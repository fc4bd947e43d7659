//! Universal compaction after RocksDB: sorted runs in order of age, merged with neighbours of similar size.
//!
//! In: the tree, the options, the running jobs. Out: the next [`Compaction`], with every run and every rule considered.
//! The rules are those of `UniversalCompactionBuilder` (`db/compaction/compaction_picker_universal.cc`), in its order;
//! the first that fires decides. The first three require `level0_file_num_compaction_trigger` runs:
//!
//! 1. **Size amplification.** All newer runs together weigh at least `universal_max_size_amplification_percent` of the
//!    oldest: merge everything. Some of the newest tables may be left out, so that level 0 does not fill up behind it.
//! 2. **Size ratio.** From the newest run on, runs are taken while what is taken so far, and `universal_size_ratio`
//!    percent more, is at least as large as the next: merge these.
//! 3. **Sorted runs.** There are more than the trigger, or than `universal_max_read_amp` allows: merge as many of the
//!    newest as it takes, whatever their sizes.
//! 4. **Marked tables.** With `compact_on_deletion_ratio`: one of many tombstones goes into the next deeper level that
//!    has data, with what it overlaps there (`PickDeleteTriggeredCompaction`). On the last level it is rewritten
//!    [in place](super::bottom), as are tables that a snapshot or tombstone retention has kept things in.
//!
//! The result goes as far down as there is room above the next older run. With `universal_allow_trivial_move`, tables
//! of which none overlaps another change their level as they are; those that are there already stay.
//!
//! ```text
//!   level 0   [ 9: 100 bytes ]
//!             [ 8: 100 bytes ]          9 and 8 are alike (rule 2), and together too small for level 5:
//!   level 5   [   5: 300     ]          merged into level 4
//!   level 6   [        1: 2000        ]
//! ```
//!
//! Left out, and off in RocksDB by default: `incremental`, which cuts rule 1's merge of everything into pieces
//! (experimental), and merges for periodically due tables, which come before these rules. An `OPTIONS` file that
//! turns one on is [told so](crate::history::options_file).
//!
//! Much less is rewritten than by leveled compaction, for more runs to read and up to twice the space while all of it
//! is merged.

use std::ops::Range;

use super::{
    About, Action, Compaction, CountedRuns, Explanation, LevelScore, Levels, Limit, NextCompaction, Policy, Reason,
    Rule, Running, Verdict, WeighedRule, about,
    expected::{self, Expected},
    leveled::marked,
    overlap::{self, Jobs},
    runs::{self, Run},
};
use crate::{
    options::{Options, UniversalStopStyle},
    plural::counted,
    version::Version,
    words::{decimal, say, to_say},
};

/// Universal compaction.
#[derive(Clone, Copy, Debug)]
pub struct Universal;

impl Policy for Universal {
    fn pick(&self, tree: &dyn Levels, options: &Options, running: &Running, _: Explanation) -> Option<Compaction> {
        Picker::new(tree, options, running).pick()
    }

    fn pick_manual(
        &self,
        tree: &dyn Levels,
        options: &Options,
        running: &Running,
        level: Option<usize>,
    ) -> Option<Compaction> {
        runs::pick_manual(tree, options, running, level, tree.count() - 1, self)
    }

    fn scores(&self, tree: &dyn Levels, options: &Options, running: &Running) -> Vec<LevelScore> {
        Picker::new(tree, options, running).scores()
    }

    fn about(&self) -> About {
        About {
            purpose: to_say!("runs of like size are merged, little is rewritten, and there are more runs to read"),
            next: NextCompaction {
                waits: to_say!("Runs are weighed for a merge when there are {limit}; now {held}."),
                due: to_say!(
                    "Runs are weighed: {formula}. They are merged only where their sizes or their number ask for it."
                ),
                score_is_due: false,
            },
            level_1: to_say!("Merged runs move down to these levels where there is room, the oldest to the last."),
            rules: &[Rule::SizeAmplification, Rule::SizeRatio, Rule::SortedRuns, Rule::MarkedForCompaction],
            own_options: &[
                "universal_size_ratio",
                "universal_min_merge_width",
                "universal_max_merge_width",
                "universal_max_size_amplification_percent",
                "universal_stop_style",
                "universal_max_read_amp",
                "universal_allow_trivial_move",
            ],
            unused: &[
                about::LEVEL_SIZES,
                about::MULTIPLIER,
                about::COMPACTION_PRI,
                about::COMPACTION_BYTES,
                about::TTL,
                about::HARD_PENDING,
                about::SOFT_PENDING,
            ],
            leaves_runs_on_level_0: true,
            looks_at_stops: true,
            ..About::NOTHING
        }
    }

    /// Sorted runs, on whatever level.
    fn counted_for_stalls(&self, tree: &dyn Levels) -> usize {
        tree.sorted_runs()
    }

    fn expected(&self, version: &Version, options: &Options) -> Vec<Expected> {
        expected::tiering(version, options, options.level0_file_num_compaction_trigger)
    }

    fn why_not_expected(&self) -> Option<&'static str> {
        Some(expected::ONLY_OF_LITERATURE)
    }
}

/// Whether no two tables of `runs` overlap.
fn are_disjoint(runs: &[Run<'_>]) -> bool {
    overlap::are_disjoint(runs.iter().flat_map(|run| run.tables.iter()))
}

/// The same tables, moved: but for those that are on the output level already.
fn as_move(merge: Compaction) -> Compaction {
    let output_level = merge.output_level;
    let inputs: Vec<_> = merge.inputs.iter().filter(|inputs| inputs.level != output_level).cloned().collect();
    match inputs.is_empty() {
        // Nothing would change.
        true => merge,
        false => Compaction { action: Action::Move, inputs, ..merge },
    }
}

/// The circumstances of one decision.
struct Picker<'a> {
    tree: &'a dyn Levels,
    options: &'a Options,
    running: &'a Running,
    jobs: Jobs<'a>,
    runs: Vec<Run<'a>>,
}

/// What a rule says: the runs it would merge, and its formula with today's numbers.
struct Answer {
    span: Option<Range<usize>>,
    formula: String,
}

/// A rule: its name, the option that governs it, and itself.
type Weighing<'a> = (Rule, &'static str, fn(&Picker<'a>) -> Answer);

impl<'a> Picker<'a> {
    fn new(tree: &'a dyn Levels, options: &'a Options, running: &'a Running) -> Picker<'a> {
        let jobs = Jobs::new(running);
        let runs = runs::runs(tree, &jobs);
        Picker { tree, options, running, jobs, runs }
    }

    fn trigger(&self) -> usize {
        self.options.level0_file_num_compaction_trigger as usize
    }

    fn idle(&self) -> usize {
        self.runs.iter().filter(|run| !run.busy).count()
    }

    fn scores(&self) -> Vec<LevelScore> {
        let limit = Limit::of_runs(self.trigger() as u64, "trigger", "level0_file_num_compaction_trigger");
        let first = runs::by_count(self.idle(), CountedRuns::Sorted, limit);
        runs::scores(self.tree, &self.jobs, first, to_say!("a sorted run, counted with those of level 0"))
    }

    fn pick(&self) -> Option<Compaction> {
        if self.runs.is_empty() {
            return None;
        }
        let mut weighed = Vec::new();
        // A real database may have a trigger below 0, which is 0 here: no number of runs is ever due.
        if self.trigger() > 0
            && self.idle() >= self.trigger()
            && let Some(picked) = self.by_runs(&mut weighed)
        {
            return Some(picked);
        }
        self.marked(weighed).or_else(|| runs::bottommost(self.tree, self.options, self.running, &Universal))
    }

    /// Rule 4: a table of many tombstones.
    fn marked(&self, mut rules: Vec<WeighedRule>) -> Option<Compaction> {
        let mut picked = marked::of_universal(self.tree, self.options, self.running)?;
        rules.push(WeighedRule {
            rule: picked.reason.rule,
            option: picked.reason.option,
            fired: true,
            formula: say!(
                "tombstones reach {ratio} of a table's entries",
                ratio = decimal(&self.options.compact_on_deletion_ratio.to_string())
            ),
        });
        (picked.reason.scores, picked.reason.rules) = (self.scores(), rules);
        Some(picked)
    }

    /// Rules 1 to 3, each of which is noted in `weighed`.
    fn by_runs(&self, weighed: &mut Vec<WeighedRule>) -> Option<Compaction> {
        let most_runs = match self.options.universal_max_read_amp {
            -1 => "level0_file_num_compaction_trigger",
            _ => "universal_max_read_amp",
        };
        let rules: [Weighing<'a>; 3] = [
            (Rule::SizeAmplification, "universal_max_size_amplification_percent", Picker::size_amplification),
            (Rule::SizeRatio, "universal_size_ratio", Picker::size_ratio),
            (Rule::SortedRuns, most_runs, Picker::sorted_runs),
        ];
        for (rule, option, weigh) in rules {
            let Answer { span, formula } = weigh(self);
            weighed.push(WeighedRule { rule, option, fired: span.is_some(), formula });
            let Some(span) = span else { continue };
            let (scores, rules) = (self.scores(), weighed.clone());
            let reason = Reason { scores, rules, runs: self.verdicts(rule, &span), ..Reason::of(rule, option) };
            let output_level = runs::output_level(self.tree, self.runs.get(span.end));
            let can_move =
                self.options.universal_allow_trivial_move && output_level > 0 && are_disjoint(&self.runs[span.clone()]);
            let picked = runs::merge(self.options, &self.jobs, &self.runs[span], output_level, reason);
            match picked {
                Some(picked) if can_move => return Some(as_move(picked)),
                Some(picked) => return Some(picked),
                None => {}
            }
        }
        None
    }

    /// Rule 1: all that is newer against the oldest run.
    fn size_amplification(&self) -> Answer {
        let last = self.runs.len() - 1;
        let oldest = &self.runs[last];
        let newer = self.runs[..last].iter().rev().take_while(|run| !run.busy).count();
        if oldest.busy || newer == 0 {
            return Answer { span: None, formula: say!("the oldest run has no idle neighbour to merge with") };
        }
        let first = last - newer;
        let first = first + self.left_out(first, last);
        let bytes = self.runs[first..last].iter().map(|run| run.weighed).sum();
        let fired = self.amplifies(bytes, oldest.bytes);
        let limit = self.options.universal_max_size_amplification_percent;
        let oldest = oldest.bytes;
        let formula = match fired {
            true => say!("{bytes} newer bytes reach {limit} % of the oldest run's {oldest}", bytes, limit, oldest),
            false => {
                say!("{bytes} newer bytes are less than {limit} % of the oldest run's {oldest}", bytes, limit, oldest)
            }
        };
        Answer { span: fired.then_some(first..last + 1), formula }
    }

    fn amplifies(&self, newer: u64, oldest: u64) -> bool {
        let limit = u128::from(self.options.universal_max_size_amplification_percent);
        u128::from(newer) * 100 >= limit * u128::from(oldest)
    }

    /// How many of the newest runs rule 1 leaves out of `first..=last`, though it would fire with them: while it still
    /// fires without them, and they are no more than a tenth. It does so where writes would otherwise stop, at
    /// `level0_stop_writes_trigger` runs, before as many have come in as one merge takes at least (must), or at most
    /// (may): `UniversalCompactionBuilder::MightExcludeNewL0sToReduceWriteStop`.
    fn left_out(&self, first: usize, last: usize) -> usize {
        let of_level_0 = self.runs[first..last].iter().filter(|run| run.level == 0).count();
        if of_level_0 == 0 {
            return 0;
        }
        let most = (of_level_0 - 1).min(last - first - 1);
        let stop = usize::try_from(self.options.level0_stop()).unwrap_or(usize::MAX);
        let room = stop.saturating_sub(last - first + 1);
        let wanted = |width: u64| usize::try_from(width).unwrap_or(usize::MAX).saturating_sub(room).min(most);
        let bytes = |from: usize| self.runs[from..last].iter().map(|run| run.weighed).sum::<u64>();
        let (all, oldest) = (bytes(first), self.runs[last].bytes);
        let may = |n: &usize| {
            let rest = bytes(first + n);
            self.amplifies(rest, oldest) && u128::from(rest) >= u128::from(all) * 9 / 10
        };
        let range = wanted(self.options.universal_min_merge_width)..=wanted(self.options.universal_max_merge_width);
        range.take_while(may).last().unwrap_or(0)
    }

    /// Rule 2: neighbours of like size.
    fn size_ratio(&self) -> Answer {
        let percent = self.options.universal_size_ratio as f64;
        let Some(span) = self.neighbours(percent, usize::MAX) else {
            let formula = say!("no two neighbours fit: a run is larger than what is newer, plus {percent} %", percent);
            return Answer { span: None, formula };
        };
        let formula = match self.runs.get(span.end) {
            None => say!("each run fits what is newer, plus {percent} %", percent),
            Some(next) if next.busy => say!("the next run is being compacted"),
            Some(_) if self.is_widest(&span) => {
                say!("{runs}, and no merge takes more", runs = counted(span.len(), "run"))
            }
            Some(next) => {
                let taken = match self.is_similar_size() {
                    true => self.runs[span.end - 1].weighed,
                    false => self.runs[span.clone()].iter().map(|run| run.weighed).sum(),
                };
                let next = next.bytes;
                say!("{taken} bytes, plus {percent} %: the next run with its {next} does not fit", taken, percent, next)
            }
        };
        Answer { span: Some(span), formula }
    }

    fn is_similar_size(&self) -> bool {
        self.options.universal_stop_style == UniversalStopStyle::SimilarSize
    }

    fn is_widest(&self, span: &Range<usize>) -> bool {
        span.len() as u64 >= self.options.universal_max_merge_width
    }

    /// How many runs there may be, by `universal_max_read_amp`.
    fn allowed(&self) -> usize {
        match usize::try_from(self.options.universal_max_read_amp) {
            Err(_) => self.trigger(),
            Ok(0) if self.is_similar_size() => self.trigger(),
            Ok(0) => self.levels_of_like_size(),
            Ok(allowed) => allowed,
        }
    }

    /// How many runs it takes, if the first is a memtable and each next one just too large to be merged with those
    /// before it, until one is as large as the largest there is.
    fn levels_of_like_size(&self) -> usize {
        let largest = self.runs.iter().map(|run| run.bytes).max().unwrap_or(0) as f64;
        let grown = (100.0 + self.options.universal_size_ratio as f64) / 100.0;
        let (mut next, mut together, mut count) = (self.options.write_buffer_size as f64, 0.0, 1);
        while next < largest {
            together += next;
            next = grown * together;
            count += 1;
        }
        count
    }

    /// Rule 3: fewer runs, whatever their sizes.
    fn sorted_runs(&self) -> Answer {
        let (idle, allowed) = (self.idle(), self.allowed());
        if idle <= allowed {
            let formula = say!("{runs}, and {allowed} are allowed", runs = counted(idle, "run"), allowed);
            return Answer { span: None, formula };
        }
        let count = idle - allowed + 1;
        let runs = counted(idle, "run");
        let formula = say!("{runs}, and {allowed} are allowed: {count} become one", runs, allowed, count);
        Answer { span: self.neighbours(f64::INFINITY, count), formula }
    }

    /// The first idle neighbours, from the newest run on, of which each fits those taken before, and `percent` more; at
    /// most `most`, and at least as many as a merge must take.
    fn neighbours(&self, percent: f64, most: usize) -> Option<Range<usize>> {
        let width = |width: u64| usize::try_from(width).unwrap_or(usize::MAX);
        let most = most.min(width(self.options.universal_max_merge_width));
        let least = width(self.options.universal_min_merge_width).max(2);
        let similar = self.is_similar_size();
        let grown = |bytes: u64| bytes as f64 * (100.0 + percent) / 100.0;
        (0..self.runs.len()).filter(|start| !self.runs[*start].busy).find_map(|start| {
            let mut taken = self.runs[start].weighed;
            let mut end = start + 1;
            while let Some(next) = self.runs.get(end).filter(|next| !next.busy && end - start < most) {
                if grown(taken) < next.bytes as f64 || (similar && grown(next.bytes) < taken as f64) {
                    break;
                }
                taken = if similar { next.weighed } else { taken + next.weighed };
                end += 1;
            }
            (end - start >= least).then_some(start..end)
        })
    }

    /// The verdict on each run.
    fn verdicts(&self, rule: Rule, span: &Range<usize>) -> Vec<super::WeighedRun> {
        let verdict = |at: usize| match rule {
            _ if span.contains(&at) => Verdict::Picked,
            _ if self.runs[at].busy => Verdict::Busy,
            Rule::SizeAmplification => Verdict::LeftOut,
            Rule::SizeRatio if at < span.start => Verdict::StandsApart,
            Rule::SizeRatio if at == span.end && self.is_widest(span) => Verdict::NotNeeded,
            Rule::SizeRatio if at == span.end => Verdict::StandsApart,
            Rule::SortedRuns => Verdict::NotNeeded,
            _ => Verdict::Older,
        };
        self.runs.iter().enumerate().map(|(at, run)| runs::weighed(run, verdict(at))).collect()
    }
}

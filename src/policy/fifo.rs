//! FIFO compaction after RocksDB: the oldest tables are dropped, unread, when they are too old or the tree is too
//! large.
//!
//! In: the tree, the options, the running jobs. Out: the next [`Compaction`], with every candidate table and every rule
//! considered. The rules are those of `FIFOCompactionPicker` (`db/compaction/compaction_picker_fifo.cc`), in its order;
//! the first that fires decides:
//!
//! 1. **Age.** The oldest tables of level 0 in which nothing is younger than `ttl` are dropped, if what is left is
//!    within `fifo_max_table_files_size`; else the next rule drops them, and more.
//! 2. **Size.** While all tables together are larger than `fifo_max_table_files_size`, the oldest of level 0 are
//!    dropped. What another style left on deeper levels goes first, the last level before the others, from its smallest
//!    keys on: there, age is not known.
//! 3. **Number.** With `fifo_allow_compaction`, the newest tables of level 0 are merged, at least
//!    `level0_file_num_compaction_trigger` of them, while each more makes it cheaper to be rid of one; not if that
//!    costs 1.1 `write_buffer_size` or more, so that a table is not merged again and again, and never gets old.
//!
//! ```text
//!   level 0   [ 4: 300 bytes ][ 3: 300 ][ 2: 300 ][ 1: 300 ]      1200 bytes / limit 1000: table 1 is dropped,
//!                newest                            oldest         not a byte is read or written
//! ```
//!
//! While there are tables on deeper levels, rule 1 may drop a table of level 0 that hides something there, which then
//! can be read again; RocksDB does the same, until what another style left is gone.
//!
//! Nothing is ever rewritten by the first two rules, for data that simply goes: a cache, or a log of the last days.
//! Only one job drops at a time. RocksDB's fourth rule, which rewrites tables for another kind of storage
//! (`file_temperature_age_thresholds`), has no use here.

use super::{
    About, Action, By, Compaction, Cuts, Explanation, Inputs, LevelScore, Levels, NextCompaction, Policy, Reason, Rule,
    Running, Term, Verdict, WeighedRule, WeighedRun,
    about::{self, Unused},
    overlap::{Jobs, List},
    runs,
};
use crate::{
    options::Options,
    plural::counted,
    version::{TableMeta, Version},
    words::{say, to_say},
};

/// FIFO compaction.
#[derive(Clone, Copy, Debug)]
pub struct Fifo;

impl Policy for Fifo {
    fn pick(&self, tree: &dyn Levels, options: &Options, running: &Running, _: Explanation) -> Option<Compaction> {
        Picker::new(tree, options, running).pick()
    }

    /// What is due, and nothing else: there is no other order that a person could ask for. What a snapshot or tombstone
    /// retention has kept is not looked for: nothing is rewritten here.
    fn pick_manual(
        &self,
        tree: &dyn Levels,
        options: &Options,
        running: &Running,
        _level: Option<usize>,
    ) -> Option<Compaction> {
        self.pick(tree, options, running, Explanation::Full)
    }

    fn scores(&self, tree: &dyn Levels, options: &Options, running: &Running) -> Vec<LevelScore> {
        Picker::new(tree, options, running).scores()
    }

    fn about(&self) -> About {
        About {
            purpose: to_say!("nothing is rewritten; the oldest tables are dropped, and their data with them"),
            next: NextCompaction {
                waits: to_say!("The oldest tables are dropped when all are larger than {limit}; now {held}."),
                due: to_say!("The oldest tables are due: {formula}."),
                ..NextCompaction::DUE
            },
            next_by_tables: Some(NextCompaction {
                waits: to_say!("The newest tables are weighed for a merge when there are {limit}; now {held}."),
                due: to_say!(
                    "Tables are weighed: {formula}. \
                     The newest are merged only where that is cheap and nothing has to be dropped."
                ),
                score_is_due: false,
            }),
            level_1: to_say!("Nothing is merged down to here: tables stay on level 0 until they are dropped."),
            rules: &[Rule::FifoTtl, Rule::FifoMaxSize, Rule::FifoReduceNumFiles],
            own_options: &["fifo_max_table_files_size", "fifo_allow_compaction"],
            unused: UNUSED,
            drops_unread_above: Some("fifo_max_table_files_size"),
            ..About::NOTHING
        }
    }

    /// All tables are on level 0: writes do not wait for them to become fewer. RocksDB lifts the limits in
    /// `SanitizeCfOptions`.
    fn level_0_due(&self, _: &Options) -> Option<(u64, &'static str)> {
        None
    }

    fn why_not_expected(&self) -> Option<&'static str> {
        Some(to_say!(
            "With compaction_style=fifo nothing is merged, only dropped: the formulas of levels and tiers do not \
             apply."
        ))
    }
}

const UNUSED: &[Unused] = &[
    about::LEVEL_SIZES,
    about::MULTIPLIER,
    about::COMPACTION_PRI,
    // A merge is limited to a number of them.
    about::TABLE_SIZE.when(|options| !options.fifo_allow_compaction || options.max_compaction_bytes > 0),
    about::TABLE_SIZES,
    Unused::always(
        &["max_compaction_bytes", "level0_file_num_compaction_trigger"],
        to_say!("fifo compaction merges nothing while fifo_allow_compaction is false"),
    )
    .when(|options| !options.fifo_allow_compaction),
    Unused::always(&["compact_on_deletion_ratio"], to_say!("fifo compaction rewrites nothing")),
    Unused::always(&["tombstone_retention_seconds"], to_say!("fifo compaction drops whole tables, by their age"))
        .when(|options| !options.fifo_allow_compaction),
    Unused::always(
        &["level0_slowdown_writes_trigger", "level0_stop_writes_trigger"],
        to_say!("fifo compaction keeps all tables on level 0"),
    ),
    about::HARD_PENDING,
    about::SOFT_PENDING,
    about::SUBCOMPACTIONS,
];

/// The circumstances of one decision.
struct Picker<'a> {
    version: &'a Version,
    options: &'a Options,
    jobs: Jobs<'a>,
    time: u64,
}

/// What a rule says.
struct Answer<'a> {
    /// The tables it takes, of which level, and what it does with them.
    taken: Option<(Action, usize, List<'a>)>,
    /// The verdict on each table considered.
    verdicts: Vec<WeighedRun>,
    /// Its formula with today's numbers.
    formula: String,
}

impl Answer<'_> {
    fn no(formula: String) -> Self {
        Answer { taken: None, verdicts: Vec::new(), formula }
    }
}

/// A rule: its name, the option that governs it, and itself.
type Weighing<'a> = (Rule, &'static str, fn(&Picker<'a>) -> Answer<'a>);

impl<'a> Picker<'a> {
    fn new(tree: &'a dyn Levels, options: &'a Options, running: &'a Running) -> Picker<'a> {
        Picker { version: tree.version(), options, jobs: Jobs::new(running), time: running.time }
    }

    fn pick(&self) -> Option<Compaction> {
        let rules: [Weighing<'a>; 3] = [
            (Rule::FifoTtl, "ttl", Picker::by_age),
            (Rule::FifoMaxSize, "fifo_max_table_files_size", Picker::by_size),
            (Rule::FifoReduceNumFiles, "fifo_allow_compaction", Picker::by_number),
        ];
        let mut weighed = Vec::new();
        for (rule, option, weigh) in rules {
            let Answer { taken, verdicts, formula } = weigh(self);
            weighed.push(WeighedRule { rule, option, fired: taken.is_some(), formula });
            let Some((action, level, tables)) = taken else { continue };
            let scores = self.scores();
            let reason = Reason { scores, rules: weighed, runs: verdicts, ..Reason::of(rule, option) };
            return Some(self.compaction(action, level, &tables, reason));
        }
        None
    }

    fn compaction(&self, action: Action, level: usize, tables: &List<'a>, reason: Reason) -> Compaction {
        Compaction {
            action,
            inputs: vec![Inputs::listed(level, tables.iter().map(|t| t.id).collect())],
            output_level: level,
            // Outputs to level 0 are never cut (`CompactionOutputs::ShouldStopBefore`): the merge is to make one table
            // of many.
            target_file_size: u64::MAX,
            cuts: Cuts::default(),
            cursor: None,
            reason,
        }
    }

    /// The tables of a level, those first that go first: on level 0 the oldest, on others those of the smallest keys.
    fn in_order(&self, level: usize) -> impl Iterator<Item = &'a TableMeta> {
        let tables = &self.version.levels[level];
        let at = move |n: usize| if level == 0 { &*tables[tables.len() - 1 - n] } else { &*tables[n] };
        (0..tables.len()).map(at)
    }

    /// The last level that has tables.
    fn last_level(&self) -> usize {
        self.version.levels.iter().rposition(|tables| !tables.is_empty()).unwrap_or(0)
    }

    fn limit(&self) -> u64 {
        self.options.fifo_max_table_files_size
    }

    fn total(&self) -> u64 {
        self.version.tables().map(|(_, t)| t.bytes).sum()
    }

    /// How many of the oldest tables of level 0 are older than `ttl`.
    fn expired(&self) -> usize {
        let Some(oldest) = self.time.checked_sub(self.options.ttl).filter(|_| self.options.ttl > 0) else { return 0 };
        self.in_order(0).take_while(|t| t.newest_time.or(t.oldest_time).is_some_and(|time| time < oldest)).count()
    }

    /// Rule 1: what is too old, if that is enough.
    fn by_age(&self) -> Answer<'a> {
        let ttl = self.options.ttl;
        let expired = self.expired();
        if ttl == 0 {
            return Answer::no(say!("ttl is 0: nothing gets too old"));
        }
        if expired == 0 {
            return Answer::no(say!("the oldest table is not older than {ttl} s", ttl));
        }
        if self.jobs.from_level_0 {
            return Answer::no(say!("another job has tables of level 0: only one drops at a time"));
        }
        let taken: List<'a> = self.in_order(0).take(expired).collect();
        let of_level_0: u64 = self.version.level_bytes(0);
        let left = of_level_0 - taken.iter().map(|t| t.bytes).sum::<u64>();
        let (tables, limit) = (counted(expired, "table"), self.limit());
        let formula = match expired {
            1 => {
                say!("{tables} older than {ttl} s; without it, {left} bytes / limit {limit}", tables, ttl, left, limit)
            }
            _ => {
                say!(
                    "{tables} older than {ttl} s; without them, {left} bytes / limit {limit}",
                    tables,
                    ttl,
                    left,
                    limit
                )
            }
        };
        if left > self.limit() {
            return Answer::no(formula);
        }
        let verdicts = self.verdicts(0, &taken, Verdict::Younger);
        Answer { taken: Some((Action::Drop, 0, taken)), verdicts, formula }
    }

    /// Rule 2: what is too much.
    fn by_size(&self) -> Answer<'a> {
        let (mut total, limit) = (self.total(), self.limit());
        let formula = say!("{total} bytes / limit {limit}", total, limit);
        if total <= limit {
            return Answer::no(formula);
        }
        if self.jobs.from_level_0 {
            let formula = say!("{formula}, and another job has tables of level 0: only one drops at a time", formula);
            return Answer::no(formula);
        }
        let level = self.last_level();
        let mut taken: List<'a> = Vec::new();
        for table in self.in_order(level).filter(|t| !self.jobs.is_busy(t)) {
            taken.push(table);
            total -= table.bytes;
            if total <= limit {
                break;
            }
        }
        if taken.is_empty() {
            return Answer::no(formula);
        }
        let verdicts = self.verdicts(level, &taken, Verdict::NotNeeded);
        Answer { taken: Some((Action::Drop, level, taken)), verdicts, formula }
    }

    /// Rule 3: what is too many, while nothing has to be dropped.
    fn by_number(&self) -> Answer<'a> {
        let (tables, trigger) = (&self.version.levels[0], self.options.level0_file_num_compaction_trigger as usize);
        if !self.options.fifo_allow_compaction {
            return Answer::no(say!("fifo_allow_compaction is off: tables are only ever dropped"));
        }
        if self.total() > self.limit() || self.last_level() > 0 {
            return Answer::no(say!("something is to be dropped first"));
        }
        let count = self.cheap();
        let most = (u128::from(self.options.write_buffer_size) * 11 / 10) as u64;
        let bytes: u64 = tables[..count].iter().map(|t| t.bytes).sum();
        let cost = bytes.checked_div(count.saturating_sub(1) as u64).unwrap_or(u64::MAX);
        // A real database may have a trigger below 0, which is 0 here: no number is enough.
        if trigger == 0 || count < trigger.max(2) {
            return Answer::no(say!("{tables} / trigger {trigger}", tables = counted(count, "table"), trigger));
        }
        let formula = say!(
            "{bytes} bytes to be rid of {tables}: {cost} for each / limit {most}",
            bytes,
            tables = counted(count - 1, "table"),
            cost,
            most
        );
        if cost >= most {
            return Answer::no(formula);
        }
        let taken: List<'a> = tables[..count].iter().map(|t| &**t).collect();
        let mut verdicts = self.verdicts(0, &taken, Verdict::Older);
        if let Some(next) = verdicts.get_mut(count).filter(|next| next.verdict == Verdict::Older) {
            next.verdict = Verdict::CostsMore;
        }
        Answer { taken: Some((Action::Merge, 0, taken)), verdicts, formula }
    }

    /// How many of the newest tables can be merged while that gets no dearer for each that it saves.
    fn cheap(&self) -> usize {
        let tables = &self.version.levels[0];
        let Some(newest) = tables.first().filter(|t| !self.jobs.is_busy(t)) else { return 0 };
        let (mut bytes, mut cost) = (newest.bytes, u64::MAX);
        let mut count = 1;
        for table in &tables[1..] {
            bytes += table.bytes;
            let next = bytes / count as u64;
            if self.jobs.is_busy(table) || next > cost || bytes > self.options.compaction_limit() {
                break;
            }
            cost = next;
            count += 1;
        }
        count
    }

    /// The verdict on each table of `level`, in the level's order.
    fn verdicts(&self, level: usize, taken: &List<'a>, otherwise: Verdict) -> Vec<WeighedRun> {
        let of = |table: &TableMeta| WeighedRun {
            level,
            tables: vec![table.id],
            bytes: table.bytes,
            verdict: match table {
                t if taken.iter().any(|taken| taken.id == t.id) => Verdict::Picked,
                t if self.jobs.is_busy(t) => Verdict::Busy,
                _ => otherwise,
            },
        };
        self.version.levels[level].iter().map(|t| of(t)).collect()
    }

    /// The share of the limit that there is; more where tables are too old, or too many to be read and allowed to be
    /// merged.
    fn scores(&self) -> Vec<LevelScore> {
        let idle: u64 = self.version.tables().filter(|(_, t)| !self.jobs.is_busy(t)).map(|(_, t)| t.bytes).sum();
        let tables = self.version.levels[0].iter().filter(|t| !self.jobs.is_busy(t)).count();
        let (limit, trigger) = (self.limit(), self.options.level0_file_num_compaction_trigger);
        let by = if idle == 0 { By::None } else { By::Bytes };
        let mut first = (idle as f64 / limit as f64, by, Term::Stored { bytes: idle, limit });
        let number = if trigger == 0 { 0.0 } else { tables as f64 / trigger as f64 };
        if self.options.fifo_allow_compaction && number > first.0 {
            first = (number, By::Tables, Term::Tables { tables: tables as u64, trigger });
        }
        let expired = self.expired();
        if expired as f64 > first.0 {
            let term = Term::Older { tables: expired as u64, seconds: self.options.ttl };
            first = (expired as f64, By::Tables, term);
        }
        runs::scores(self.version, &self.jobs, first, to_say!("its bytes count with those of level 0"))
    }
}

#[cfg(test)]
mod tests;
